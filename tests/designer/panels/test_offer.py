from designer.panels.offer import Offer, ranked


def offer(key: str, text: str, **more: object) -> Offer:
    return Offer(key, text, "Group", lambda: None, **more)


OFFERS = [offer("save", "Save"), offer("save_as", "Save as…"), offer("conv", "Add Conv2D"), offer("stop", "Stop")]


def keys(query: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [found.key for found in ranked(OFFERS, query, recent)]


def test_without_a_query_all_are_shown_and_what_was_used_lately_comes_first():
    assert keys("") == ["save", "save_as", "conv", "stop"]
    assert keys("", ("stop", "gone", "conv")) == ["stop", "conv", "save", "save_as"]


def test_the_best_fit_comes_first():
    assert keys("save") == ["save", "save_as"]
    assert keys("sa") == ["save", "save_as"]
    assert keys("con") == ["conv"]
    assert keys("zebra") == []


def test_what_was_used_lately_comes_before_what_fits_as_well():
    assert keys("s")[0] != "save_as"
    assert keys("s", ("save_as",))[0] == "save_as"
    assert keys("stop", ("save",)) == ["stop"]


def test_what_can_not_be_done_comes_after_what_can():
    mixed = [offer("redo", "Redo", refused="Nothing to redo"), offer("do", "Redraw")]
    assert [found.key for found in ranked(mixed, "red", ())] == ["do", "redo"]


def test_the_group_and_other_words_are_searched_too():
    assert [found.key for found in ranked([offer("a", "Add it", words=("Conv2D",))], "conv", ())] == ["a"]
    assert [found.key for found in ranked(OFFERS, "group stop", ())] == ["stop"]


def test_all_of_it_is_spoken():
    one = offer("live", "Run at every edit", keys="F6", state="on", refused="Nothing runs")
    assert one.spoken() == "Run at every edit, Group, on, F6, Nothing runs"
