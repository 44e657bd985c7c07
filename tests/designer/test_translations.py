"""The window's language is chosen before it opens, for Qt's own texts, too."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialogButtonBox

from designer import translations
from engine.language import tr


def test_the_environment_comes_before_the_desktop(qapp, monkeypatch):
    monkeypatch.setattr(QLocale, "uiLanguages", lambda *_: ["en-GB"])
    monkeypatch.setenv("CONVOLAB_LANGUAGE", "de")
    spoken = translations.choose(qapp)
    assert spoken is not None
    assert spoken.language == "de"
    assert tr("Open network") == "Netz öffnen"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"


def test_the_desktop_is_followed(qapp, monkeypatch):
    monkeypatch.delenv("CONVOLAB_LANGUAGE")
    monkeypatch.setattr(QLocale, "uiLanguages", lambda *_: ["de-AT", "de", "en"])
    assert translations.choose(qapp) is not None
    assert tr("Problems") == "Probleme"
    monkeypatch.setattr(QLocale, "uiLanguages", lambda *_: ["en-US", "de"])
    assert translations.choose(qapp) is None
    assert tr("Problems") == "Problems"
