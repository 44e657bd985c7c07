"""Take the README's pictures from the running program: ``python resources/screenshots/make.py``."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
RESOURCES = FOLDER.parent
DIGIT = "images/digits/7_0023.png"
PHOTOGRAPH = "images/cat.jpg"

# Picture, network, image, options
PICTURES = (
    ("lenet5-light.png", "examples/lenet5.json", DIGIT, ("--theme", "light", "--select", "conv1")),
    ("lenet5-dark.png", "examples/lenet5.json", DIGIT, ("--theme", "dark", "--select", "conv2")),
    ("kernels.png", "examples/kernels.json", PHOTOGRAPH, ("--theme", "light", "--select", "filters")),
)
# Figure, network, options
FIGURES = (("lenet5-volumes.svg", "examples/lenet5.json", ("--style", "volumes", "--width", "760px")),)


def main() -> None:
    """Write all pictures beside this script."""
    for name, network, image, options in PICTURES:
        command = [sys.executable, "-m", "designer", str(RESOURCES / network), "--image", str(RESOURCES / image)]
        subprocess.run([*command, "--snapshot", str(FOLDER / name), "--size", "1440x900", *options], check=True)
        print(name)
    for name, network, options in FIGURES:
        command = [sys.executable, "-m", "designer", str(RESOURCES / network), "--picture", str(FOLDER / name)]
        subprocess.run([*command, *options], check=True)
        print(name)


if __name__ == "__main__":
    main()
