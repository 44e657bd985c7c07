"""The clock: plays at its speed, ends at the end, glides between slow steps."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.lessons.player import Player


@pytest.fixture
def player(qtbot: QtBot) -> Player:
    made = Player()
    made.set_count(10)
    return made


def test_it_goes_no_further_than_there_are_steps(player: Player):
    for asked, found in ((3, 3), (-2, 0), (99, 9)):
        player.go(asked)
        assert player.step == found
    player.set_count(4, 8)
    assert player.step == 3


def test_nothing_to_play(player: Player):
    for count in (0, 1):
        player.set_count(count)
        player.play()
        assert not player.playing
        assert player.step == 0


def test_it_plays_to_the_end_and_from_there_from_the_beginning(player: Player, qtbot: QtBot):
    player.set_speed(240)
    seen: list[int] = []
    player.moved.connect(lambda: seen.append(player.step))
    with qtbot.waitSignal(player.playing_changed):
        player.play()
    qtbot.waitUntil(lambda: not player.playing)
    assert player.step == 9
    assert seen == sorted(seen)
    player.play()
    assert player.step == 0
    player.pause()


def test_time_counts_and_not_ticks(player: Player, qtbot: QtBot):
    player.set_count(1000)
    player.set_speed(120)
    player.play()
    QTest.qWait(30)
    before = player.step
    QTest.qSleep(200)  # the window is busy and no tick comes
    qtbot.waitUntil(lambda: player.step >= before + 20)
    player.pause()


def test_slow_steps_glide_and_fast_ones_jump(player: Player, qtbot: QtBot):
    assert player.glide == 1
    player.set_speed(1)
    player.play()
    qtbot.waitUntil(lambda: 0 < player.glide < 1)
    player.set_speed(60)
    assert player.glide == 1
    player.pause()
    assert player.glide == 1
