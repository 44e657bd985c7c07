"""The sums of two networks side by side: before, after, and by how much they differ."""

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from designer import theme
from designer.wording import relative_text
from engine.language import tr, tr_number


class Sums(QWidget):
    """One sum beside the other; where there is little room a sum breaks into lines."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: list[QLabel] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(22)
        self.show_sums({})

    def show_sums(self, sums: Mapping[str, tuple[int, int]]) -> None:
        """Show sums, before and after, by what they are called."""
        while len(self.labels) < len(sums):
            self._add_label()
        for number, label in enumerate(self.labels):
            label.setVisible(number < len(sums))
        for label, (name, (old, new)) in zip(self.labels, sums.items(), strict=False):
            label.setText(f"<span style='color:{theme.current().muted}'>{escape(name)}</span><br>{_change(old, new)}")
        self.setAccessibleName(
            ", ".join(f"{name} {tr_number(old)} → {tr_number(new)}" for name, (old, new) in sums.items())
            or tr("Comparison")
        )

    def _add_label(self) -> None:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        self.labels.append(label)
        self._line.addWidget(label, 1)


def _change(old: int, new: int) -> str:
    if old == new:
        return f"<b>{tr_number(new)}</b>"
    more = tr_number(new - old, "+,") + (f" ({relative_text((new - old) / old, '+')})" if old else "")
    return f"{tr_number(old)} → <b>{tr_number(new)}</b> <span style='color:{theme.current().muted}'>{more}</span>"
