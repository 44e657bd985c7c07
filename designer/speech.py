"""What a screen reader is told when something happens away from the focus."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent


def say(where: QObject, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader speak a sentence; nothing happens where none listens.

    Parameters
    ----------
    where
        The widget that the sentence is about.
    text
        What to speak; nothing where it is empty.
    urgent
        Whether it interrupts what is being spoken.
    """
    if not text:
        return
    event = QAccessibleAnnouncementEvent(where, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
