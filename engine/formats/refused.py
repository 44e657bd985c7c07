"""Files that are known and not opened: each with the reason, and with what to do instead."""

from pathlib import Path

from engine.language import tr, tr_noop

_PICKLED = tr_noop(
    "{file} is a pickle, which can run any code while it is read, and so is not opened. In Python, "
    "“safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')” writes the weights, and "
    "“torch.onnx.export(model, image, 'model.onnx')” the network with them"
)
_KERAS = tr_noop(
    "{file} is not opened. In Python, “open('model.keras.json', 'w').write(model.to_json())” writes the network, and "
    "`engine.formats.keras_json.from_keras` takes each layer’s `get_weights()`"
)
_KINDS = {
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle"), _PICKLED),
    **dict.fromkeys((".keras", ".h5", ".hdf5"), _KERAS),
}
_PICKLE_HEADS = tuple(bytes((0x80, version)) for version in range(2, 6))


def advice(file: Path) -> str | None:
    """Return why a file is not opened and what is, by its suffix or by what it begins with; None for all others."""
    known = _KINDS.get(file.suffix.lower())
    if known is None and _is_pickle(file):
        known = _PICKLED
    return tr(known, file=file.name) if known is not None else None


def _is_pickle(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(2) in _PICKLE_HEADS
    except OSError:
        return False
