"""What a verdict looks like, as a card and as text."""
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cs231n_lite.exercises.verdict import (
    CORRECT,
    NOT_ATTEMPTED,
    WRONG,
    Fault,
    Trial,
    not_attempted,
    verdict_of,
)

FAULT = Fault("crash", "It stops at `a[0] < b & c` with IndexError: <nothing> there.")
VERDICTS = {
    WRONG: verdict_of("softmax", [Trial("one row"), Trial("two rows", (FAULT,))]),
    CORRECT: verdict_of("softmax", [Trial("one row"), Trial("two rows", note="It is `slow`.")]),
    NOT_ATTEMPTED: not_attempted("softmax"),
}


class Reader(HTMLParser):
    """The words of a page, and the names of its elements that are open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.open = "", []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + " "


@pytest.mark.parametrize("status", VERDICTS)
def test_card_and_text_say_the_same_in_the_same_order(status):
    def words(text: str) -> str:
        return re.sub(r"[\s`]+", "", text)

    page = Reader(VERDICTS[status]._repr_html_())
    assert words(page.words) == words(repr(VERDICTS[status])) and not page.open


def test_a_verdict_is_true_and_equals_its_word_when_one_asks_whether_the_answer_is_correct():
    assert [bool(verdict) for verdict in VERDICTS.values()] == [False, True, False]
    for status, verdict in VERDICTS.items():
        assert verdict == status and verdict != f"{status}." and verdict == replace(verdict)
        assert {verdict: 1}[replace(verdict)] and verdict != replace(verdict, line=3)


def test_the_first_thing_to_mend_comes_before_what_was_tried():
    lines = repr(VERDICTS[WRONG]).splitlines()
    assert lines == [
        "✗ softmax: wrong. It stops at `a[0] < b & c` with IndexError: <nothing> there.",
        "  What was tried (1 of 2 passed):",
        "    ✗ crash: two rows",
        "    ✓ one row",
    ]


@pytest.mark.parametrize("wrong, told", [
    (range(3), "x: 0; 1; 2"), (range(9), "x, in all 9, from 0 to 8"),
    ([0, *range(3, 9)], "x, in 7, all but 1; 2"), (range(4), "x, in 4, such as 0; 1; 2")])
def test_a_fault_that_many_trials_show_is_listed_once(wrong, told):
    x, always = Fault("x", "x"), Fault("always", "y")
    failed = [Trial(str(n), ((x,) if n in wrong else ()) + ((always,) if len(wrong) != 9 else ()))
              for n in range(9)]
    lines = repr(verdict_of("sgd", [*failed, Trial("a"), Trial("b")])).splitlines()
    assert f"    ✗ {told}" in lines and lines[-1] == "    ✓ a; b"


def test_where_few_trials_fail_the_others_are_not_listed():
    trials = [Trial(str(n), (Fault("x", "x"),) if n == 3 else ()) for n in range(9)]
    assert repr(verdict_of("sgd", trials)).splitlines()[1:] == [
        "  What was tried (8 of 9 passed):", "    ✗ x: 3", "    ✓ all others"]


def test_faults_that_the_same_trials_show_share_a_line():
    trials = [Trial("a", (Fault("x", "x"), Fault("y", "y"))), Trial("b", (Fault("z", "z"),))]
    assert repr(verdict_of("sgd", trials)).splitlines()[2:] == ["    ✗ x, y: a", "    ✗ z: b"]


def test_a_note_stands_below_the_message_and_takes_nothing_from_the_verdict():
    assert repr(VERDICTS[CORRECT]).splitlines() == [
        "✓ softmax: correct. It agrees with the definition in everything that was tried.",
        "  Note: It is `slow`.",
        "  What was tried (2 of 2 passed):",
        "    ✓ one row",
        "    ✓ two rows: see the note",
    ]


def test_a_card_shows_code_as_code_and_escapes_it():
    code = "<code>a[0] &lt; b &amp; c</code> with IndexError: &lt;nothing&gt; there."
    assert code in VERDICTS[WRONG]._repr_html_()


def test_status_is_told_by_word_symbol_and_kind_of_line_never_by_colour_alone():
    cards = [VERDICTS[status]._repr_html_() for status in VERDICTS]
    for status, symbol, line, card in zip(VERDICTS, "✗✓○", ("dashed", "solid", "dotted"), cards):
        assert f"{symbol} softmax: {status}." in card and f"5px {line}" in card


def test_text_takes_its_colour_from_the_page_so_that_any_theme_can_be_read():
    for verdict in VERDICTS.values():
        assert not re.search(r"(?<!-)\b(color|background|opacity)", verdict._repr_html_())


def test_an_untouched_exercise_lists_nothing_that_was_tried():
    untouched = VERDICTS[NOT_ATTEMPTED]
    assert "<ul" not in untouched._repr_html_() and "\n" not in repr(untouched)


def test_faults_are_named_once_each_in_order():
    trials = [Trial("a", (Fault("loss", "x"), Fault("gradient", "y"))),
              Trial("b", (Fault("loss", "z"),))]
    verdict = verdict_of("sgd", trials)
    assert verdict.faults == ("loss", "gradient") and verdict.message == "x"
