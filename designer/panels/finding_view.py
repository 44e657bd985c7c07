"""A finding as people read it: icon, sentence, and a button for each fix."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer import theme
from designer.panels.fix_button import FixButton
from designer.panels.flow_layout import FlowLayout
from designer.panels.icons import severity_pixmap
from designer.wording import severity_title
from engine import Diagnostic

_ICON = 15


class FindingView(QWidget):
    """One finding; ``fix_requested`` carries the `Fix` whose button was pressed.

    Parameters
    ----------
    finding
        What to show first.
    points
        The size of the sentence's font.
    aside
        A widget at the right of the sentence, above the ends of the fixes.
    """

    fix_requested = Signal(object)

    def __init__(self, finding: Diagnostic, points: float = 9, aside: QWidget | None = None) -> None:
        super().__init__()
        self._finding: Diagnostic | None = None
        self._icon = QLabel()
        self._message = QLabel()
        self._message.setFont(theme.font(points))
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._fixes = QWidget()
        self._flow = FlowLayout(self._fixes, spacing=5)
        self._lay_out(aside)
        self.show_finding(finding)

    def _lay_out(self, aside: QWidget | None) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(7)
        grid.setVerticalSpacing(5)
        self._icon.setFixedSize(_ICON, max(_ICON, QFontMetrics(self._message.font()).height()))
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._message, 0, 1)
        grid.addWidget(self._fixes, 1, 1, 1, 2)
        if aside is not None:
            grid.addWidget(aside, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)

    @property
    def finding(self) -> Diagnostic:
        """What is shown."""
        assert self._finding is not None
        return self._finding

    @property
    def buttons(self) -> tuple[FixButton, ...]:
        """The fixes' buttons, in their order."""
        items = (self._flow.itemAt(place) for place in range(self._flow.count()))
        widgets = (item.widget() for item in items if item is not None)
        return tuple(widget for widget in widgets if isinstance(widget, FixButton))

    def show_finding(self, finding: Diagnostic) -> None:
        """Show another finding; where its fixes are the same, their buttons keep the focus."""
        if finding == self._finding:
            return
        before, self._finding = self._finding, finding
        self._message.setText(finding.message)
        self.setAccessibleName(f"{severity_title(finding.severity)}: {finding.message}")
        self._refresh_icon()
        if before is None or before.fixes != finding.fixes:
            self._show_fixes()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._refresh_icon()

    def _refresh_icon(self) -> None:
        self._icon.setPixmap(severity_pixmap(self.finding.severity, _ICON, self))

    def _show_fixes(self) -> None:
        fixes, buttons = self.finding.fixes, self.buttons
        for button in buttons[len(fixes) :]:
            self._flow.removeWidget(button)
            discard(button)
        for button, fix in zip(buttons, fixes, strict=False):
            button.show_fix(fix)
        for fix in fixes[len(buttons) :]:
            button = FixButton(fix)
            button.clicked.connect(self._fix_clicked)
            self._flow.addWidget(button)
        self._fixes.setVisible(bool(fixes))

    def _fix_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, FixButton):
            self.fix_requested.emit(button.fix)


class FindingList(QWidget):
    """Findings one below the other; hidden where there are none."""

    fix_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.views: list[FindingView] = []
        self.hide()

    def show_findings(self, findings: Sequence[Diagnostic]) -> None:
        """Show these findings."""
        while len(self.views) > len(findings):
            discard(self.views.pop())
        for view, finding in zip(self.views, findings, strict=False):
            view.show_finding(finding)
        for finding in findings[len(self.views) :]:
            view = FindingView(finding)
            view.fix_requested.connect(self.fix_requested)
            self._layout.addWidget(view)
            self.views.append(view)
        self.setVisible(bool(findings))


def discard(widget: QWidget | None) -> None:
    """Take a widget off the screen at once, and delete it when its own handlers have returned."""
    if widget is not None:
        widget.hide()  # and keep its parent: without one, Python might delete it in the middle of its own click
        widget.deleteLater()
