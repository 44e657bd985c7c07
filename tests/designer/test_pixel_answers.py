"""Networks that answer at every pixel, as U-Net does."""

from engine import Input, Network, Softmax
from tests.engine.networks import chain


def test_an_answer_at_every_pixel_is_no_mistake(window, qtbot, resources):
    graph = chain(image=Input(channels=3, height=8, width=8), softmax=Softmax())
    window.document.load(Network("Pixels", graph), None)
    told = []
    window.runs._scores.clear = told.append
    with qtbot.waitSignal(window.runs.settled):
        window.runs.open_image(resources / "images" / "cat.jpg")
    assert told[-1] == "The network answers at every pixel: look at its last maps"
