"""Settings of the tests stay out of the user's own."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, qapp) -> None:
    qapp.setOrganizationName("Convolab tests")
    qapp.setApplicationName("Convolab tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
