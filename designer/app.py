"""The running program: application, theme, garbage collection, the snapshot and pictures."""

import argparse
import gc
import sys
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from designer import theme, theme_choice, translations
from designer.opening import load_telling
from designer.pictures.export import Width, write
from designer.pictures.picture import Options, PictureError, picture_of
from designer.pictures.pieces import Look
from designer.recovery.session import RecoverySession, usual_root
from designer.shield import raise_shields
from designer.window import MainWindow
from engine import FormatError
from engine.language import tr

SNAPSHOT_SECONDS = 120  # a run that takes longer is given up
COLLECT_MS = 2000
TURN_SECONDS = 0.0005
FINE, NO_RESULT, UNREADABLE = 0, 1, 2


def start(options: argparse.Namespace) -> int:
    """Open the window as the command line asks and return the exit code when it closes."""
    qInstallMessageHandler(_say)
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("Convolab")
    app.setApplicationName("Convolab")
    translations.choose(app)
    if options.picture:
        return _picture(options)
    theme.apply(app, _theme(app, options))
    raise_shields()
    window = MainWindow()
    collector = collect_here()
    take_turns()
    window.resize(*(options.size or (1440, 900)))
    if not options.snapshot and options.size is None:
        window.arrangement.keep()
    code = _snapshot(window, options) if options.snapshot else _interactive(app, window, options)
    collector.stop()
    return code


def _say(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Pass Qt's messages on, but for the offscreen platform's, which can't move windows and says so each time."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


def _theme(app: QApplication, options: argparse.Namespace) -> theme.Theme:
    """Return what was asked for, then what was chosen last, then the system's; snapshots forget what was chosen."""
    chosen = options.theme or (theme.LIGHT.name if options.snapshot else theme_choice.stored())
    return theme.THEMES.get(chosen) or theme.system(app)


def collect_here() -> QTimer:
    """Collect garbage on this thread only: a collection on the worker's could destroy Qt objects there.

    What there is by now stays: to look through all modules and widgets each time would take several frames.
    """
    gc.disable()
    gc.freeze()
    timer = QTimer(interval=COLLECT_MS)
    timer.timeout.connect(gc.collect)
    timer.start()
    return timer


def take_turns() -> None:
    """Let threads hand the interpreter over often.

    Nearly every call of Qt's gives it away and wants it back, for which this thread waits until a worker that computes
    has had its turn: of 5 ms, by default, a frame would soon be full.
    """
    sys.setswitchinterval(TURN_SECONDS)


def _interactive(app: QApplication, window: MainWindow, options: argparse.Namespace) -> int:
    safety = RecoverySession(window.document, window.files, window, usual_root())
    safety.told.connect(window.tell)
    window.recovery_asked.connect(lambda: safety.offer(asked=True))
    window.view_choices.keep()
    window.show()
    if options.file and not window.guide.open_if_lesson(Path(options.file)):
        window.files.open(Path(options.file))
    _select(window, options)
    if options.image:
        window.runs.open_image(Path(options.image))
    safety.offer()
    code = app.exec()
    safety.end(closed=not window.isVisible())  # a window that is still there was not asked about its work
    return code


def _snapshot(window: MainWindow, options: argparse.Namespace) -> int:
    """Load without a dialog, wait for the maps, write the picture, and end."""
    if options.file:
        try:
            window.document.load(load_telling(options.file), Path(options.file))
        except FormatError as problem:
            print(f"convolab: {problem}", file=sys.stderr)
            window.close()
            return UNREADABLE
    window.show()
    _select(window, options)
    ran = _run(window, Path(options.image)) if options.image else True
    window.canvas.canvas.wires.settle()
    _settle()
    written = _grab(window).save(options.snapshot)
    window.close()
    if not written:
        print("convolab: " + tr("{file} can't be written", file=options.snapshot), file=sys.stderr)
    elif not ran:
        print("convolab: " + tr("the network did not run on the image; the picture says why"), file=sys.stderr)
    return FINE if written and ran else NO_RESULT


def _grab(window: MainWindow) -> QPixmap:
    """Return a picture of the window with all maps that are in view, which are drawn for a while in each frame."""
    mosaic, limit = window.maps.mosaic, QDeadlineTimer(SNAPSHOT_SECONDS * 1000)
    picture = window.grab()
    while mosaic.isVisible() and not mosaic.up_to_date and not limit.hasExpired():
        picture = window.grab()
    return picture


def _picture(options: argparse.Namespace) -> int:
    """Write a picture of a network without a window, and end."""
    try:
        width = Width.parse(options.width) if options.width else None
        network = load_telling(options.file)
    except (FormatError, ValueError) as problem:
        print(f"convolab: {problem}", file=sys.stderr)
        return UNREADABLE
    style, colours = options.style, theme.THEMES[options.theme or "light"]
    look = Look() if style == "volumes" else Look(names=True, parameters=True)
    try:
        made = picture_of(network, Options(style, colours, look, transparent=options.transparent))
        write(made, Path(options.picture), width)
    except PictureError as problem:
        print(f"convolab: {problem}", file=sys.stderr)
        return NO_RESULT
    return FINE


def _select(window: MainWindow, options: argparse.Namespace) -> None:
    if options.select in window.document.graph:
        window.document.selection.select([options.select])


def _run(window: MainWindow, image: Path) -> bool:
    """Run an image and wait until it is done; returns whether it came to its end."""
    outcome: list[bool] = []
    loop = QEventLoop()
    window.runs.settled.connect(outcome.append)
    window.runs.settled.connect(loop.quit)
    QTimer.singleShot(SNAPSHOT_SECONDS * 1000, loop.quit)
    window.runs.open_image(image)
    loop.exec()
    return outcome == [True]


def _settle() -> None:
    """Let layouts, fades and deferred paints come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(400, loop.quit)
    loop.exec()
