"""Before the window: the command line, the Qt platform, and what this machine may lack."""

import argparse
import ctypes
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

# Shared libraries that Qt loads, by the Debian package that brings them.
_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libfreetype.so.6": "libfreetype6",
    "libz.so.1": "zlib1g",
}
_NEEDED = ("PySide6.QtWidgets", "PySide6.QtSvg", "numpy", "msgspec", "PIL.Image", "safetensors")


@cache
def _translator() -> Callable[..., str]:
    """Return what translates into the language of the terminal; where the engine can't be imported, English."""
    try:
        from engine.catalogues import find, of_the_terminal
        from engine.language import speak, tr
    except ImportError:
        return lambda text, **values: text.format(**values) if values else text
    spoken = find(of_the_terminal())
    speak(spoken.catalogue if spoken is not None else None)
    return tr


def tr(text: str, /, **values: object) -> str:
    """Return a text as `engine.language.tr` does, also on a machine that lacks what the engine needs."""
    return _translator()(text, **values)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line of the desktop program; wrong use ends the process with exit code 2."""
    parser = argparse.ArgumentParser(prog="convolab", description=tr("Draw a convolutional network and look into it."))
    parser.add_argument("file", nargs="?", metavar="FILE", help=tr("a network to open (.json, .onnx)"))
    parser.add_argument("--image", metavar="IMG", help=tr("an image to run through it"))
    parser.add_argument(
        "--snapshot", metavar="OUT.png", help=tr("write a picture of the window, with all maps, and end")
    )
    parser.add_argument("--theme", choices=("light", "dark"), help=tr("the colours (those of the system)"))
    parser.add_argument("--size", metavar="WxH", type=_size, default=None, help=tr("size of the window (1440x900)"))
    parser.add_argument("--select", metavar="ID", help=tr("a layer to select at the start"))
    parser.add_argument("--picture", metavar="OUT", help=tr("write a picture of FILE (.svg, .pdf or .png) and end"))
    parser.add_argument(
        "--style", choices=("canvas", "volumes"), default="canvas", help=tr("what the picture shows (canvas)")
    )
    parser.add_argument("--width", metavar="W", help=tr("how wide the picture is: 180mm or 1600px"))
    parser.add_argument("--transparent", action="store_true", help=tr("leave the picture's background out"))
    options = parser.parse_args(arguments)
    if options.picture and not options.file:
        parser.error(tr("--picture needs a FILE to draw"))
    return options


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if match is None:
        raise argparse.ArgumentTypeError(tr("{text!r} is not a size such as 1440x900", text=text))
    return int(match[1]), int(match[2])


def prepare_platform(options: argparse.Namespace) -> None:
    """Let snapshots and pictures be made where there is no display."""
    if (options.snapshot or options.picture) and not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def complaint() -> str | None:
    """Return in one sentence what keeps the window from opening here; None where nothing does."""
    for module in _NEEDED:
        try:
            importlib.import_module(module)
        except ImportError as problem:
            return _missing(module, str(problem))
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM", "xcb").split(":")[0] != "xcb":
        return None
    if not _has_display():
        return tr(
            "There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set); "
            "without one, --snapshot and --picture still work."
        )
    return None if os.environ.get("WAYLAND_DISPLAY") else _x_complaint()


def _has_display() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _missing(module: str, problem: str) -> str:
    library = re.match(r"(lib[\w.+-]+\.so[.\d]*)", problem)
    if library is not None:
        return _missing_library(library[1])
    package = {"PIL.Image": "Pillow"}.get(module, module.split(".")[0].replace("PySide6", "PySide6-Essentials"))
    return tr(
        "Convolab needs the Python package {package}, which can't be imported ({problem}): pip install {package}.",
        package=package,
        problem=problem,
    )


def _missing_library(library: str) -> str:
    package = _PACKAGES.get(library)
    if package is None:
        return tr(
            "The system library {library} is missing; your distribution's package search tells what brings it.",
            library=library,
        )
    return tr(
        "The system library {library} is missing; on Debian or Ubuntu: sudo apt install {package}.",
        library=library,
        package=package,
    )


def _x_complaint() -> str | None:
    """Try what Qt's X11 plugin will need, because Qt itself would abort without it."""
    spec = importlib.util.find_spec("PySide6")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else Path()
    plugin = folder / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    try:
        if plugin.exists():
            ctypes.CDLL(str(plugin))
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as problem:
        found = re.match(r"(lib[\w.+-]+\.so[.\d]*)", str(problem))
        return (
            _missing_library(found[1]) if found else tr("Qt's X11 plugin can't be loaded: {problem}.", problem=problem)
        )
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    if failed:
        display = os.environ.get("DISPLAY")
        return tr("The display {display} can't be reached; is an X server running there?", display=display)
    return None
