"""Take the README's pictures from the running program: ``python resources/screenshots/make.py``."""

import os
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

# Figure of a layer beside its fully connected twin, network, layer
TWINS = (("lenet5-twin.svg", "examples/lenet5.json", "conv1"),)

# Picture, network, image, layer, step
STEPS = (("stepper.png", "examples/lenet5.json", DIGIT, "conv2", 68),)

# Picture, lesson, number of the step
LESSONS = (("lesson.png", "09_padding", 1),)


def take_inside() -> None:
    """Draw twins, and take pictures of the stepper, which opens in a window of its own."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from designer import theme
    from designer.pictures.export import Width, write
    from designer.twin.figure import twin_picture
    from designer.window import MainWindow
    from engine import analyse, load, twin

    app = QApplication([])
    theme.apply(app, theme.LIGHT)
    for name, network, layer in TWINS:
        analysis = analyse(load(RESOURCES / network).graph)
        write(twin_picture(analysis, twin(analysis), layer), FOLDER / name, Width(760, "px"))
        print(name)
    for name, network, image, layer, step in STEPS:
        window, settled = MainWindow(), []
        window.runs.settled.connect(settled.append)
        window.document.load(load(RESOURCES / network))
        window.show()
        window.runs.open_image(RESOURCES / image)
        while not settled:
            QTest.qWait(20)
        window.document.selection.select([layer])
        window.lessons.step_through()
        window.docks["stepper"].resize(1180, 700)
        window.stepper.stage.clearFocus()
        QTest.qWait(100)
        window.stepper.player.go(step)
        window.stepper.grab().save(str(FOLDER / name))
        window.close()
        print(name)
    take_lessons()


def take_lessons() -> None:
    """Take pictures of lessons, each at a step."""
    from PySide6.QtTest import QTest

    from designer.window import MainWindow

    for name, lesson, step in LESSONS:
        window = MainWindow()
        window.show()
        window.guide.open_file(RESOURCES / "lessons" / f"{lesson}.json")
        window.guide.go(step)
        QTest.qWait(1500)
        window.grab().save(str(FOLDER / name))
        window.close()
        print(name)


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
    take_inside()


if __name__ == "__main__":
    main()
