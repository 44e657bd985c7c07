"""What stands where there is nothing to show: a sentence that says what to do, and a button that does it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.language import tr


class EmptyState(QWidget):
    """A sentence, and perhaps the button "Open image".

    Signals
    -------
    image_requested
        The button was pressed.
    """

    image_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setProperty("role", "muted")
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setWordWrap(True)
        self.button = QPushButton(tr("Open image…"))
        self.button.clicked.connect(self.image_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(14)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, text: str, *, image: bool = False) -> None:
        """Show a sentence, and the button where an image would help."""
        self.text.setText(text)
        self.button.setVisible(image)
