"""Print Keras's version and its median seconds to make ResNet-152 from its description, every shape with it."""

import os
import statistics
import time

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras

described = keras.applications.ResNet152(weights=None).to_json()
times = []
for _ in range(4):
    start = time.perf_counter()
    keras.models.model_from_json(described)
    times.append(time.perf_counter() - start)
print(keras.__version__, statistics.median(times[1:]))
