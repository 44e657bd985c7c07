from tests.faults.soak import soak


def test_random_gestures_in_a_whole_window_leave_nothing_behind(qtbot, qapp, monkeypatch, tmp_path):
    found = soak(80, seed=7)
    assert found.gestures.total() == 80
    assert found.runs
    assert not found.errors, found.errors
    assert not found.messages, found.messages
    assert not found.threads
    assert not found.timers
