"""Writes the descriptions of Keras's own models that the tests read; run it by ``python …/keras_models/generate.py``.

Each file is what ``model.to_json()`` gives for a model of ``keras.applications`` with its default settings and random
weights, compressed: an architecture alone, which carries no weights. Made with Keras 3.15 (Apache licence 2.0).
"""

import gzip
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

MODELS = ("VGG16", "ResNet50", "MobileNetV2", "MobileNetV3Small", "EfficientNetV2B0", "ConvNeXtTiny", "InceptionV3")


def main() -> None:
    """Write one file for each model."""
    import keras

    for name in MODELS:
        text = getattr(keras.applications, name)(weights=None).to_json()
        # no time and no name in the header, so that the same model gives the same bytes
        (Path(__file__).parent / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
