from pathlib import Path

import pytest

import designer.judge as module
from designer.judge import Judge, Question
from engine import analyse, load
from engine.lessons import Accuracy, Answer, Check, Places, Sound, shipped

SEVEN = "shipped:images/digits/7_0023.png"


@pytest.fixture
def judge(qtbot):
    made = Judge()
    yield made
    made.close()


def question(resources: Path, *checks: Check) -> Question:
    network = load(resources / "examples" / "lenet5.json")
    places = Places(resources / "lessons", shipped())
    return Question(checks, network, analyse(network.graph), (), places)


def test_what_is_quick_is_answered_at_once(judge, resources):
    heard: list[object] = []
    judge.judged.connect(lambda _, verdicts: heard.append(verdicts))
    judge.ask(question(resources, Sound()))
    assert [[one.met for one in verdicts] for verdicts in heard] == [[True]]


def test_images_run_beside_the_window_and_the_rest_does_not_wait(judge, resources, qtbot):
    heard: list[object] = []
    judge.judged.connect(lambda _, verdicts: heard.append(verdicts))
    judge.ask(question(resources, Sound(), Answer(image=SEVEN, label="7")))
    assert heard[0][0].met
    assert heard[0][1] is None
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert [one.met for one in heard[1]] == [True, True]


def test_a_large_network_is_looked_at_beside_the_window(judge, resources, qtbot):
    network = load(resources / "examples" / "resnet152.json")
    asked = Question((Sound(),), network, analyse(network.graph), (), Places(resources, shipped()))
    heard: list[object] = []
    judge.judged.connect(lambda _, verdicts: heard.append(verdicts))
    judge.ask(asked)
    assert heard == [(None,)]
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[1][0].met


def test_only_the_newest_question_is_answered_to_the_end(judge, resources, qtbot):
    whole: list[Question] = []
    judge.judged.connect(lambda asked, verdicts: whole.append(asked) if None not in verdicts else None)
    images = {f"shipped:images/digits/{file.name}": "7" for file in (resources / "images" / "digits").glob("*.png")}
    old = question(resources, Accuracy(images=images, at_least=0.1))
    new = question(resources, Answer(image=SEVEN, label="3"))
    judge.ask(old)
    judge.ask(new)
    qtbot.waitUntil(lambda: bool(whole))
    qtbot.wait(50)
    assert whole == [new]


def test_a_question_that_is_forgotten_is_not_answered(judge, resources, qtbot):
    whole: list[Question] = []
    judge.judged.connect(lambda asked, verdicts: whole.append(asked) if None not in verdicts else None)
    judge.ask(question(resources, Answer(image=SEVEN, label="7")))
    judge.forget()
    qtbot.wait(80)
    assert whole == []


def test_an_error_that_nobody_foresaw_is_a_verdict_and_the_thread_lives_on(judge, resources, qtbot, monkeypatch):
    whole: list[object] = []
    judge.judged.connect(lambda _, verdicts: whole.append(verdicts) if None not in verdicts else None)
    with monkeypatch.context() as patch:

        def fail(*_: object):
            raise RuntimeError("odd")

        patch.setattr(module, "judge", fail)
        judge.ask(question(resources, Answer(image=SEVEN, label="7")))
        qtbot.waitUntil(lambda: len(whole) == 1)
    assert whole[0][0].text == "The exercise could not be checked: odd"
    judge.ask(question(resources, Answer(image=SEVEN, label="7")))
    qtbot.waitUntil(lambda: len(whole) == 2)
    assert whole[1][0].met
