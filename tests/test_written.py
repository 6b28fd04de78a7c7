"""Answers in words: found in the notebooks' text, wherever a student put them."""
import json

import pytest
from notebook_runs import ROOT

from cs231n_lite.exercises.reading import notebook_of
from cs231n_lite.grading.handout.folder import untouched
from cs231n_lite.grading.reporting import given
from cs231n_lite.grading.reporting.written import LONGEST, written

SVM = json.loads(untouched(ROOT / "notebooks" / "svm.ipynb"))
PLACE = next(n for n, cell in enumerate(SVM["cells"]) if cell["id"] == "kink-q")
QUESTION = "".join(SVM["cells"][PLACE]["source"])


def answers(*cells: str) -> list[str]:
    """The written answers in svm.ipynb with these cells in the place of its first question."""
    own = [{"cell_type": "markdown", "id": f"own{n}", "metadata": {}, "source": cell}
           for n, cell in enumerate(cells)]
    book = {**SVM, "cells": SVM["cells"][:PLACE] + own + SVM["cells"][PLACE + 1:]}
    found = written({"svm.ipynb": notebook_of("svm.ipynb", json.dumps(book).encode())})
    assert [answer["notebook"] for answer in found] == ["svm.ipynb"] * len(found)
    return [answer["answer"] for answer in found]


def test_the_notebooks_hold_four_such_questions():
    assert len(given.questions()) == 4


def test_a_notebook_as_it_is_handed_out_holds_no_answer():
    assert answers(QUESTION) == ["", ""]
    whole = (ROOT / "notebooks" / "svm.ipynb").read_bytes()  # with the model answers
    assert [found["answer"] for found in written({"x": notebook_of("x", whole)})] == ["", ""]


@pytest.mark.parametrize("cells", [
    (QUESTION.replace("…", "At a kink."),), (QUESTION.replace("…", "… At a kink."),),
    (f"{QUESTION}\n\nAt a kink.",), (QUESTION, "At a kink."),
    (QUESTION.replace("*Your answer:* …", "At a kink."),), ("*Your answer:* At a kink.",),
    ("At a kink.",)])
def test_an_answer_is_found_in_the_question_s_cell_after_it_or_in_its_place(cells):
    assert answers(*cells) == ["At a kink.", ""]


@pytest.mark.parametrize("odd", [3, {"a": 1}, [3], None])
def test_a_text_that_is_none_is_passed_over(odd):
    assert answers(QUESTION.replace("…", "At a kink."), odd) == ["At a kink.", ""]


def test_the_questions_stand_in_the_order_of_the_assignment():
    books = {name: notebook_of(name, (ROOT / "notebooks" / name).read_bytes())
             for name in ("softmax.ipynb", "svm.ipynb")}
    assert [found["notebook"] for found in written(books)] == ["svm.ipynb"] * 2 + [
        "softmax.ipynb"] * 2


def test_an_answer_keeps_its_lines_and_is_cut_where_it_is_endless():
    lines = "One.\n\n- two\n- three"
    assert answers(QUESTION.replace("…", lines.replace("\n\n", "\n\n\n"))) == [lines, ""]
    assert len(answers(QUESTION, "word " * 10**5)[0]) < LONGEST + 10


@pytest.mark.parametrize("evil", ["\n" * 10**6, "*" * 10**6, "<details>" * 10**5,
                                  "<!-- student: " * 10**5,
                                  "<details><summary>A model answer</summary>" * 10**5])
def test_no_text_takes_long_to_look_through(evil):
    assert len(answers(QUESTION, evil)) == 2  # some took minutes
