"""Print torchinfo's version and its median seconds for ResNet-152: a process of its own, as it loads PyTorch."""

import statistics
import time

import torchinfo
import torchvision

model = torchvision.models.resnet152(weights=None).eval()
times = []
for _ in range(4):
    start = time.perf_counter()
    torchinfo.summary(model, (1, 3, 224, 224), verbose=0, device="cpu")
    times.append(time.perf_counter() - start)
print(torchinfo.__version__, statistics.median(times[1:]))
