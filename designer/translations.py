"""The language of the window: chosen once, before it opens, for our own texts, for Qt's, and for fields of numbers."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from engine.catalogues import Spoken, asked, find
from engine.language import speak

_ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)  # whose marks the texts in the code have


def choose(app: QCoreApplication, languages: Sequence[str] | None = None) -> Spoken | None:
    """Speak the language asked for in the environment, else that of the desktop, else English; return what is spoken.

    Parameters
    ----------
    app
        Its own texts, such as those of a dialog's buttons, follow as far as Qt ships them.
    languages
        What to speak, the best first, where the caller knows better.
    """
    wanted = languages or asked() or QLocale.system().uiLanguages()
    spoken = find(wanted)
    speak(spoken.catalogue if spoken is not None else None)
    QLocale.setDefault(QLocale(spoken.language) if spoken is not None else _ENGLISH)
    if spoken is not None:
        translator = QTranslator(app)
        if translator.load(f"qtbase_{spoken.language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)
    return spoken
