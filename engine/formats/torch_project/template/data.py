"""Images on their way into the network: they go in as they do in Convolab."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from model import CHANNELS, FIT, HEIGHT, INVERT, SCALING, WIDTH

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def to_pixels(image: Image.Image) -> np.ndarray:
    """Return an image as the network's pixels (C, H, W), 0 to 255."""
    mode = MODES[CHANNELS]
    if image.mode not in MODES.values():
        alpha = "transparency" in image.info or "A" in image.getbands()
        image = image.convert("RGBA" if alpha else "RGB")
    if image.mode == "RGBA" and mode != "RGBA":  # what is transparent shows white paper
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert(mode)
    if INVERT and mode == "RGBA":
        *colours, alpha = image.split()
        image = Image.merge("RGBA", (*map(ImageOps.invert, colours), alpha))
    elif INVERT:
        image = ImageOps.invert(image)
    pixels = np.asarray(fitted(image))
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


def fitted(image: Image.Image) -> Image.Image:
    """Return an image in the network's size."""
    size = (WIDTH, HEIGHT)
    if image.size == size:
        return image
    if FIT == "stretch":
        return image.resize(size, Image.Resampling.BILINEAR)
    if FIT == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    shrink = min(size[0] / image.width, size[1] / image.height)
    if shrink < 1:
        wide, tall = (max(1, round(side * shrink)) for side in image.size)
        image = image.resize((wide, tall), Image.Resampling.BILINEAR)
    canvas = Image.new(image.mode, size, 0)
    canvas.paste(image, ((WIDTH - image.width) // 2, (HEIGHT - image.height) // 2))
    return canvas


def scaled(pixels: Tensor) -> Tensor:
    """Return pixels of 0 to 255 in the range that the network knows."""
    values = pixels.to(torch.float32)
    if SCALING == "0 to 1":
        return values / 255
    return values / 127.5 - 1 if SCALING == "-1 to 1" else values


class Folder(Dataset):
    """Images in a folder for each class; folders are classes in the order of names."""

    def __init__(self, folder: Path) -> None:
        self.classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
        self.files = [
            (path, label)
            for label, name in enumerate(self.classes)
            for path in sorted((folder / name).rglob("*"))
            if path.suffix.lower() in SUFFIXES
        ]
        if not self.files:
            raise SystemExit(f"{folder} has no folders with images, one for each class")

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        path, label = self.files[index]
        with Image.open(path) as opened:
            pixels = to_pixels(ImageOps.exif_transpose(opened))
        return torch.from_numpy(pixels.copy()), torch.tensor(label)


class Arrays(Dataset):
    """Images and labels of an .npz file."""

    def __init__(self, file: Path) -> None:
        with np.load(file, allow_pickle=False) as data:
            images = data["images" if "images" in data else "x"]
            labels = data["labels" if "labels" in data else "y"]
        if images.ndim == 4 and images.shape[1] == CHANNELS != images.shape[3]:
            images = images.transpose(0, 2, 3, 1)
        if images.ndim == 3:
            images = images[..., None]
        self.images = np.clip(images, 0, 255).astype(np.uint8)
        self.labels = torch.from_numpy(labels.astype(np.int64))
        self.classes = [str(label) for label in range(int(labels.max()) + 1)]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        values = self.images[index]
        if CHANNELS in MODES and values.shape[2] in MODES:
            image = Image.fromarray(values[..., 0] if values.shape[2] == 1 else values)
            values = to_pixels(image).copy()
        elif values.shape == (HEIGHT, WIDTH, CHANNELS):
            values = values.transpose(2, 0, 1).copy()
        else:
            shape = (HEIGHT, WIDTH, CHANNELS)
            raise SystemExit(f"Images are {values.shape}, and should be {shape}")
        return torch.from_numpy(values), self.labels[index]


class Share(Sampler):
    """A process's share of some indices; with a seed, in a new order each epoch."""

    def __init__(
        self, indices: Tensor, rank: int, world: int, seed: int | None = None
    ) -> None:
        self.indices, self.rank, self.world, self.seed = indices, rank, world, seed
        self.epoch = 0

    def __len__(self) -> int:
        count = len(self.indices)
        if self.seed is not None:
            return -(-count // self.world)  # every process takes as many steps
        return len(range(self.rank, count, self.world))

    def __iter__(self) -> Iterator[int]:
        order = self.indices
        if self.seed is not None:
            random = torch.Generator().manual_seed(self.seed * 1_000_003 + self.epoch)
            order = order[torch.randperm(len(order), generator=random)]
            whole = len(self) * self.world
            order = order.repeat(-(-whole // len(order)))[:whole]
        return iter(order[self.rank :: self.world].tolist())
