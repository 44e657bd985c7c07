"""The story of `first_network` with a real pointer and keyboard.

Run with ``xvfb-run python tests/journeys/in_a_real_window.py IMAGE FOLDER``; it leaves a picture of the window in
the folder.
"""

import faulthandler
import sys
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from designer import theme
from designer.window import MainWindow
from tests.journeys.first_network import draw_run_and_reopen
from tests.journeys.hands import XHands

LONGEST_SECONDS = 150


def main(photograph: Path, folder: Path) -> None:
    """Open the window, live the story, take a picture."""
    # A dialog that nobody answers would wait for ever.
    faulthandler.dump_traceback_later(LONGEST_SECONDS, exit=True)
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("Convolab tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    theme.apply(app, theme.LIGHT)
    window = MainWindow()
    window.show()
    window.move(40, 40)
    QTest.qWaitForWindowExposed(window)
    draw_run_and_reopen(window, XHands(window), photograph, folder / "first.json")
    window.screen().grabWindow(0).save(str(folder / "window.png"))
    window.close()
    sys.stdout.write("The story was told to the end\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
