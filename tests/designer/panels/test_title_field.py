"""A title that can be changed."""

from pytestqt.qtbot import QtBot

from designer.panels.title_field import TitleField


def test_a_long_name_loses_its_middle_until_it_is_touched(qtbot: QtBot):
    field = TitleField("Name of the layer")
    qtbot.addWidget(field)
    field.resize(120, 30)
    with qtbot.waitExposed(field):
        field.show()
    field.clearFocus()
    field.setText("short")
    assert field.toolTip() == "Name of the layer"
    pictures = []
    for name in ("a long name that ends in one", "a long name that ends in two"):
        field.setText(name)
        field.setCursorPosition(0)
        assert field.toolTip() == f"Name of the layer: {name}"
        pictures.append(field.grab().toImage())
    assert pictures[0] != pictures[1]  # the ends are seen
    field.resize(400, 30)
    assert field.toolTip() == "Name of the layer"
    assert field.text() == name
