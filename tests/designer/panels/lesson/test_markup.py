import pytest

from designer.panels.lesson.markup import plain, rich


def test_bold_slanted_and_code_are_marked():
    made = rich(["A **bold** word, a *slanted* one and `some code`."])
    assert "<b>bold</b>" in made
    assert "<i>slanted</i>" in made
    assert ">&nbsp;some&nbsp;code&nbsp;</span>" in made
    assert made.count("<p ") == 1


def test_each_paragraph_and_list_is_a_block():
    made = rich(["One", "Two:\n- a\n- **b**\nand on"])
    assert made.count("<p ") == 3
    assert made.count("<li ") == 2
    assert "<b>b</b>" in made


@pytest.mark.parametrize(
    "text",
    [
        "<img src='http://example.org/spy.png'>",
        "<a href='file:///etc/passwd'>here</a>",
        "**<script>**",
        "`<b onclick=x>`",
        "&lt;b&gt;",
    ],
)
def test_what_looks_like_html_is_shown_as_it_stands(text):
    made = rich([text])
    for tag in ("<img", "<a ", "<script", "<b onclick"):
        assert tag not in made
    assert "&lt;" in made or "&amp;lt;" in made


@pytest.mark.parametrize("text", ["5 * 4 * 3 = 60", "** **", "a ** b", "`", "**open", "2**3", "*"])
def test_what_is_no_mark_stays(text):
    assert text in rich([text]).replace("&nbsp;", " ")
    assert plain([text]) == text


def test_screen_readers_get_the_words_alone():
    assert plain(["A **bold** `word`", "- *point*"]) == "A bold word\n- point"
