"""The ranked list: a sentence for every fault, one misconception for one slip, two for two."""
import ast
from pathlib import Path

import numpy as np
import pytest
from class_results import result, row

import cs231n_lite
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.diagnosis.faults import NOTES, TABLE
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.reporting.misconceptions import (
    BEGINNINGS,
    causes,
    line_of,
    misconceptions,
    recurrences,
    sentence,
)
from cs231n_lite.grading.reporting.other_slips import NOTED

HALF = "Half of the regularization's gradient: `reg * W` where `2 * reg * W` belongs."
SOURCES = [path for part in ("exercises", "grading")
           for path in (Path(cs231n_lite.__file__).parent / part).rglob("*.py")]


def ids_in(path: Path) -> set[str]:
    """The ids in Fault(id, ...), lost(id, ...), faults=(id, ...) and Verdict(..., (id,), ...)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        tuples = [keyword.value for keyword in node.keywords if keyword.arg == "faults"]
        tuples += node.args[2:3] if name == "Verdict" else []
        said = node.args[:1] if name in ("Fault", "lost") else []
        said += [part for value in tuples if isinstance(value, ast.Tuple | ast.BoolOp)
                 for part in ast.walk(value)]
        found |= {part.value for part in said
                  if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return found


IDS = sorted({*TABLE, *(id for path in SOURCES for id in ids_in(path))})


def test_every_id_that_can_occur_has_a_sentence_that_fits_a_line_of_a_table():
    assert {"endless", "notebook", "forged", "syntax", "haste", "other inputs"} <= {*IDS}
    sentences = {id: sentence(id)[0] for id in IDS}
    assert [id for id, text in sentences.items() if "no sentence here" in text] == []
    assert [text for text in sentences.values()
            if len(text) > 110 or not text.endswith(".") or "{" in text] == []


def test_every_note_has_a_sentence_and_is_known_by_how_it_begins():
    assert NOTED.keys() == NOTES.keys() and len(BEGINNINGS) == len(NOTES)
    assert not [one for one in BEGINNINGS for other in BEGINNINGS
                if one != other and other.startswith(one)]


SOFTMAX = """
def softmax(scores):
    s = scores - scores.max(axis={0}, keepdims=True)
    return np.exp(s) / np.exp(s).sum(axis={0}, keepdims=True)
"""
LOSS = """
def softmax_loss_vectorized(W, X, y, reg):
    p, rows = softmax(X @ W), np.arange(len(X))
    loss = -np.log(p[rows, y]).mean() + reg * np.sum(W**2)
    p[rows, y] -= 1
    return loss, X.T @ p / len(X) + 2 * reg * W
"""
CLIPPED = SOFTMAX.replace("scores - scores.max(axis={0}, keepdims=True)",
                          "np.clip(scores, -500, 500)")


@pytest.mark.parametrize("softmax, says", [
    (SOFTMAX.format(0), "The exponentials are divided by their sum over the samples, not over the "
                        "classes."),
    (CLIPPED.format(1), "Large scores are cut off before exp (`np.clip`), in the place of a "
                        "shift.")])
def test_a_slip_in_softmax_is_told_in_the_same_words_alone_and_in_a_loss(softmax, says):
    names = {"np": np}
    exec(softmax + LOSS, names)
    for id in ("softmax", "softmax_loss_vectorized"):
        verdict = judge(names[id], EXERCISES[id])
        slips = misconceptions([result("ada", row(id, *verdict.faults))])
        assert [(slip.sentence, slip.known) for slip in slips] == [(says, True)], verdict


def test_what_is_no_known_slip_is_told_apart():
    assert sentence("gradient: regularization halved") == (HALF, True)
    assert not sentence("loss: data")[1] and not sentence("grader")[1]
    assert sentence("something new") == (
        "It is wrong in a way that has no sentence here (something new).", False)


@pytest.mark.parametrize("first, second", [
    ("loss: margin left out", "gradient: margin left out"),
    ("loss: not clipped", "gradient: inactive margins counted"),
    ("gradient: wrong classes' columns assigned", "gradient: all columns assigned"),
    ("gradient: row left out (correct class)", "gradient: row left out"),
    ("sample_svm_loss: margin left out", "loss: margin left out"),
    ("probabilities: normalized over the wrong axis", "loss: normalized over the samples"),
    ("loss: correct class counted", "gradient: correct class subtracted from itself")])
def test_the_same_slip_told_otherwise_is_the_same_misconception(first, second):
    slips = misconceptions([result("ada", row("svm_loss_naive", first, second)),
                            result("ben", row("svm_loss_vectorized", second))])
    assert [slip.students for slip in slips] == [["ada", "ben"]]


def test_the_list_is_ranked_by_students_and_who_has_two_slips_counts_in_both():
    half, no_mean = "gradient: regularization halved", "gradient: not divided by N"
    slips = misconceptions([
        result("ada", row("svm_loss_naive", half, no_mean), row("softmax_loss_naive", half)),
        result("ben", row("svm_loss_naive", half)), result("cy", row("svm_loss_naive")),
        *(result(f"d{n}", row("svm_loss_naive", "loss: data")) for n in range(3))])
    assert [(slip.students, slip.known) for slip in slips] == [
        (["ada", "ben"], True), (["ada"], True), (["d0", "d1", "d2"], False)]
    assert slips[0].sentence == HALF
    assert slips[0].exercises == ["svm_loss_naive", "softmax_loss_naive"]


def test_a_symptom_of_another_fault_is_no_misconception_of_its_own():
    slips = misconceptions([
        result("ada", row("search", "search: last for best", "search: best_val")),
        result("ben", row("search", "search: best_val")),
        result("cy", row("softmax", "no shift", "probabilities: special"))])
    assert {slip.sentence: slip.students for slip in slips} == {
        "The last point is returned, without a comparison.": ["ada"],
        "best_val is not the highest validation accuracy.": ["ben"],
        "The scores are not shifted before exp: large ones overflow.": ["cy"]}


def test_the_line_is_the_one_that_is_named_and_of_two_the_one_that_fits_the_slip():
    told = ("The loss is right.\nLine 16, `loss /= len(X)`: a division belongs elsewhere.\n"
            "Line 18, `dW += reg * W`: the regularization here is not the one that is needed.")
    slips = misconceptions([result("ada", row(
        "svm_loss_naive", "gradient: not divided by N", "gradient: regularization halved",
        message=told))])
    assert {slip.line for slip in slips if slip.sentence == HALF} == {"dW += reg * W"}
    assert {slip.line for slip in slips if slip.sentence != HALF} == {"loss /= len(X)"}
    assert misconceptions([result("ada", row("sgd", "sgd: start"))])[0].line == ""


def test_a_crash_is_told_by_the_type_of_its_error_and_not_by_what_the_code_says():
    told = "It stops at line 2, `x = f() with KeyError`, with {}: with IndexError: no."
    slips = misconceptions([
        result("ada", row("sgd", "crash", message=told.format("NameError"))),
        result("ben", row("sgd", "crash", message=told.format("Mine")))])
    assert [slip.sentence for slip in slips] == [
        "It stops at a name that was given no value (NameError).",
        "It stops with an error of its own."]


def test_pairs_of_exercises_with_the_same_slip_are_counted_by_student():
    half = "gradient: regularization halved"
    slips = misconceptions([
        result("ada", row("svm_loss_naive", half), row("softmax_loss_naive", half)),
        result("ben", row("svm_loss_naive", half), row("softmax_loss_naive", half, "no shift")),
        result("cy", row("svm_loss_naive", half), row("softmax_loss_naive", "no shift"))])
    assert recurrences(slips) == [
        (("svm_loss_naive", "softmax_loss_naive"), {HALF: ["ada", "ben"]})]


def test_a_line_after_which_something_is_missing_and_one_of_the_other_part_are_not_to_blame():
    message = ("Line 5, `M = 1`: a mean is missing from the loss.\n"
               "Line 8, `G = 2`: a mean is missing from the gradient.\nLine 9, `H = 3`: after it, "
               "a step is missing.")
    found = {slip: line_of({"message": message}, slip)
             for slip in ("The loss is a sum.", "The gradient is a sum.", "")}
    assert found == {"The loss is a sum.": "M = 1", "The gradient is a sum.": "G = 2", "": "M = 1"}


def test_what_a_slip_brings_along_is_no_slip_of_its_own():
    assert causes(["search: training for validation", "search: chosen on training",
                   "search: best_val of training"]) == ["search: training for validation"]


def test_cells_that_are_no_python_are_not_the_same_slip_twice():
    syntax = [row(id, "syntax", message="Its cell cannot be read.") for id in ("sgd", "predict")]
    (slip,) = misconceptions([result("ada", *syntax)])
    assert slip.sentence == "Its cell is no valid Python." and recurrences([slip]) == []
