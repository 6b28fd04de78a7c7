"""Texts of students: what is hidden is shown, and no cell of a table begins a formula."""
import csv
import io

import pytest
from class_results import result, row
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n_lite.grading.reporting.plain import cell, visible
from cs231n_lite.grading.reporting.report import csv_of, table

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"


@pytest.mark.parametrize("name", ["王小明", "Čeněk Dvořák", "محمد علي", "山田　太郎", "O'Neil, Jr.",
                                  "x-y"])
def test_a_name_of_any_script_stays_as_it_is(name):
    assert visible(name) == cell(name) == name


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\x85", "\u200b", "\u200f", "\u202e", "\u2066",
                                    "\u2028", "\ufeff", "\u3164", "\xad", "\U000e0041"])
def test_what_moves_or_hides_its_neighbours_is_shown_by_its_number(hidden):
    assert visible(f"a{hidden}b") == f"a[U+{ord(hidden):04X}]b"


TEXTS = st.text(st.sampled_from([*SIGNS, *" ;,|\t\r\n\"'a1\u202e\u200b\xa0"]), max_size=12)


@settings(max_examples=50)
@given(TEXTS, TEXTS)
def test_no_cell_begins_a_formula_whatever_a_spreadsheet_takes_for_the_separator(name, message):
    text = csv_of([{"student": name, "fault": "",
                    "exercises": [row("sgd", "sgd: start", message=message)] * 2}])
    for separator in ",;\t|":
        cells = [part for line in csv.reader(io.StringIO(text), delimiter=separator)
                 for part in line]
        assert not [part for part in cells if part.strip("\r\n\t \"\xa0")[:1] in [*SIGNS]]


def test_numbers_stay_numbers_and_a_text_that_is_no_formula_stays_as_it_is():
    found = {"student": "ada", "fault": "", "points": 1.5, "of": 3, "exercises": [
        row("sgd", "x", message="a; b - c") | {"line": 3, "points": 1.5}]}
    rows = list(csv.reader(io.StringIO(csv_of([found]))))
    assert rows[0] == ["student", "exercise", "verdict", "points", "sum", "line", "first fault"]
    assert ["ada", "sgd", "wrong", "1.5", "1.5", "3", "a; b - c"] in rows


def test_direction_and_colour_do_not_reach_the_screen():
    shown = table([result("evil\u202e\x1b[31m", row("sgd", "x", message="one\ntwo\u202e"))])
    assert "evil[U+202E][U+001B][31m" in shown and "one two[U+202E]" in shown
