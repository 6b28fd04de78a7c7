"""Grades go where courses keep them, in the columns and fields that are documented there."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import attacks
import pytest
import yaml
from grading_helpers import notebook
from jsonschema import Draft202012Validator
from notebook_runs import ROOT

from cs231n_lite.exercises.points import Worth
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.courses import gradescope, tables
from cs231n_lite.grading.reporting.scoring import scored

POINTS = {"predict": Worth(1), "svm_loss_vectorized": Worth(4, 1, 2.5), "softmax": Worth(0.5)}
TABLE = "exercise,points,loss,gradient\npredict,1\nsvm_loss_vectorized,4,1,2.5\nsoftmax,.5\n"

# --------------------------------------------------------------- Gradescope

# From gradescope-autograders.readthedocs.io/en/latest/specs: what it says of each field, and no
# field that it does not name.
FORMAT, SEEN = ({"enum": ["text", "html", "simple_format", "md", "ansi"]},
                {"enum": ["hidden", "after_due_date", "after_published", "visible"]})
ANY_CASE = {"output": {"type": "string"}, "output_format": FORMAT, "visibility": SEEN,
            "extra_data": {"type": "object"}}
GRADESCOPE = {
    "type": "object", "additionalProperties": False, "required": ["score", "tests"],
    "properties": {
        **ANY_CASE, "score": {"type": "number"}, "execution_time": {"type": "number"},
        "test_output_format": FORMAT, "test_name_format": FORMAT, "stdout_visibility": SEEN,
        "tests": {"type": "array", "items": {
            "type": "object", "additionalProperties": False,
            "required": ["score", "max_score", "name"],
            "properties": {
                **ANY_CASE, "score": {"type": "number"}, "max_score": {"type": "number"},
                "status": {"enum": ["passed", "failed"]}, "name": {"type": "string"},
                "name_format": FORMAT, "number": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}}}}}}}


def result(student: str, *rows: tuple[str, str, list[str]], points=POINTS, **more) -> dict:
    """A result with points: of these exercises, verdicts and faults."""
    return scored({"student": student, "id": "", "not_enforced": [], "exercises": [
        {"exercise": id, "verdict": verdict, "faults": faults, "line": None,
         "fault": "Note: a loop." if verdict == "correct" else "Bad.", "message": "So it is."}
        for id, verdict, faults in rows]} | more, points)


def test_gradescope_gets_a_test_for_each_exercise_with_points_in_the_documented_fields():
    ada = result("ada", ("predict", "correct", []), ("sgd", "correct", []),
                 ("svm_loss_vectorized", "wrong", ["loss: scaled"]))
    results = gradescope.results_of(ada, POINTS, 4.04)
    Draft202012Validator(GRADESCOPE).validate(results)
    assert [(test["name"], test["score"], test["max_score"], test["status"])
            for test in results["tests"]] == [("predict", 1, 1, "passed"),
                                              ("svm_loss_vectorized", 2.5, 4, "failed")]
    assert results["score"] == 3.5 and results["extra_data"]["of"] == 5.5
    assert [test["output"] for test in results["tests"]] == [
        "correct. So it is.\nNote: a loop.", "wrong. So it is."]


def test_what_gradescope_is_told_is_json_whatever_a_message_holds(tmp_path):
    odd = result("ada", ("predict", "wrong", []))
    odd["exercises"][0]["message"] = "\ud800 \x00 </pre>"
    gradescope.write_results(tmp_path / "results.json", gradescope.results_of(odd, POINTS, 1.0))
    told = json.loads((tmp_path / "results.json").read_bytes().decode("utf-8"))
    assert told["tests"][0]["output"] == "wrong. ? \x00 </pre>"


def test_the_autograder_has_two_scripts_that_can_be_run_pins_points_and_the_package(tmp_path):
    (tmp_path / "points.csv").write_text(TABLE)
    folder = tmp_path / "autograder"
    command = ["gradescope", str(folder), "--points", str(tmp_path / "points.csv")]
    assert main(command) == 0
    for name in ("setup.sh", "run_autograder"):
        assert os.access(folder / name, os.X_OK)
        assert subprocess.run(["bash", "-n", folder / name], check=False).returncode == 0
    assert {path.name for path in folder.iterdir()} == {
        "setup.sh", "run_autograder", "requirements.txt", "points.csv", "cs231n_lite"}
    pins = (folder / "requirements.txt").read_text().split()
    assert {pin.partition("==")[0] for pin in pins} == {*gradescope.NEEDED}
    assert not list(folder.rglob("__pycache__")) and not list(folder.rglob("tests"))
    assert main(command) == 2  # nothing is overwritten


def test_for_gradescope_one_submission_is_graded_and_no_course(tmp_path, capsys):
    assert main(["run", "a", "b", "--gradescope", str(tmp_path / "results.json")]) == 2
    assert main(["run", str(tmp_path / "none"), "--gradescope", str(tmp_path / "r.json")]) == 2
    assert not list(tmp_path.iterdir())
    said = capsys.readouterr().err.splitlines()
    assert "for one submission" in said[0] and "there is no " in said[1]


def in_a_container(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """Run a command where `folder` is /autograder, and there is no network."""
    top = [part for path in sorted(Path("/").iterdir())
           if path.name not in ("tmp", "proc", "dev", "sys", "autograder")
           for part in ("--ro-bind", str(path), str(path))]
    own = [part for path in (sys.prefix, sys.base_prefix, ROOT)
           for part in ("--ro-bind", str(path), str(path))]
    return subprocess.run(["bwrap", "--unshare-net", *top, "--tmpfs", "/tmp", *own,
                           "--proc", "/proc", "--dev", "/dev", "--bind", folder, "/autograder",
                           "--chdir", "/autograder", *command],
                          check=False, capture_output=True, text=True)


@pytest.fixture
def container(tmp_path) -> Path:
    """Gradescope's folder once the autograder is built, with this Python in the place of its."""
    if not shutil.which("bwrap") or in_a_container(tmp_path, "true").returncode:
        pytest.skip("needs bubblewrap, for a folder that is /autograder")
    (tmp_path / "points.csv").write_text(TABLE)
    folder = tmp_path / "autograder"
    gradescope.autograder(folder / "source", tmp_path / "points.csv")
    shutil.copy(folder / "source" / "run_autograder", folder)
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (folder / "results").mkdir()
    (folder / "submission").mkdir()
    return folder


@pytest.mark.slow
def test_the_autograder_grades_what_gradescope_hands_it_without_network(container):
    (container / "submission" / "my homework.ipynb").write_bytes(notebook(attacks.RIGHT))
    run = in_a_container(container, "/autograder/run_autograder")
    assert run.returncode == 0, run.stderr
    results = json.loads((container / "results" / "results.json").read_text())
    Draft202012Validator(GRADESCOPE).validate(results)
    assert {test["name"]: test["score"] for test in results["tests"]} == {
        "predict": 1, "svm_loss_vectorized": 0, "softmax": 0}
    assert "submission: 1 of 5.5 points" in run.stdout  # which the teacher alone sees


@pytest.mark.slow
def test_a_submission_without_a_notebook_has_no_points_and_a_broken_grader_gives_no_score(
        container):
    run = in_a_container(container, "/autograder/run_autograder")
    path = container / "results" / "results.json"
    assert (run.returncode, json.loads(path.read_text())["score"]) == (0, 0)
    path.unlink()
    (container / "source" / "points.csv").write_text("exercise,points\nperdict,1\n")
    run = in_a_container(container, "/autograder/run_autograder")
    assert run.returncode and not path.exists() and "perdict" in run.stderr


# --------------------------------------------------------------- GitHub Classroom


def test_the_workflow_for_github_classroom_hands_on_what_make_grade_leaves():
    readme = (ROOT / "cs231n_lite/grading/README.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load(re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)[1])
    *_, grade, reporter = workflow["jobs"]["run-autograding-tests"]["steps"]
    assert grade["run"].startswith("make grade") and grade["continue-on-error"]
    # The reporter reads the variable RUNNER_RESULTS of each runner that it is to look for.
    assert reporter["env"] == {f"{reporter['with']['runners'].upper()}_RESULTS":
                               f"${{{{ steps.{grade['id']}.outputs.result }}}}"}


# --------------------------------------------------------------- Canvas and Moodle

BOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),cs231n_lite (4711),Current Score
    Points Possible,,,,,10,20,(read only)
"Lovelace, Ada",101,s-1,ada23,A1,7,,
"Ünal, Can Efe",102,s-2,can,A1,8,3,
"=cmd(), Eve",103,=s-3,eve,A1,9,,
"Student, Test",104,,,A1,,,
"""
SHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 201,Ada Lovelace,ada@uni.edu,Submitted for grading,,5.50,Yes,"1 May 2026",-,
Participant 202,Can Efe Ünal,can@uni.edu,No submission,2.00,5.50,Yes,-,-,late
"""


def as_rows(text: str) -> list[dict[str, str]]:
    """A table's rows by column."""
    return list(csv.DictReader(text.splitlines()))


def book(tmp_path: Path, text: str, name: str = "book.csv") -> Path:
    """A file of this text."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def right(*names: str, **more) -> list[dict]:
    """Results of students of these names, each with one right answer."""
    return [result(name, ("predict", "correct", []), **more) for name in names]


def test_canvas_gets_its_own_columns_points_possible_and_those_who_were_graded(tmp_path):
    gradebook = tables.canvas_gradebook(book(tmp_path, BOOK))
    text, strangers = tables.canvas(gradebook, right("can efe ünal", "eve", "nobody"))
    assert strangers == ["nobody"]
    assert text.splitlines()[0] == (
        "Student,ID,SIS User ID,SIS Login ID,Section,cs231n_lite (4711)")
    possible, can, eve = as_rows(text)
    assert possible["Student"].strip() == "Points Possible"
    assert possible["cs231n_lite (4711)"] == "5.5"
    assert can == {"Student": "Ünal, Can Efe", "ID": "102", "SIS User ID": "s-2",
                   "SIS Login ID": "can", "Section": "A1", "cs231n_lite (4711)": "1"}
    # What Canvas matches by stays as it is; no name is a formula.
    assert (eve["Student"], eve["SIS User ID"]) == ("'=cmd(), Eve", "=s-3")


def test_an_assignment_that_canvas_does_not_have_yet_becomes_a_new_column(tmp_path):
    gradebook = tables.canvas_gradebook(book(tmp_path, BOOK.replace(",", ";")))
    text, _ = tables.canvas(gradebook, right("eve"), "Homework 1")
    assert text.splitlines()[0].endswith(";Section;Homework 1")


@pytest.mark.parametrize("name", [
    "Ada Lovelace", "Lovelace, Ada", "lovelaceada", "ADA  LOVELACE", "ada23", "Ada_Lovelace"])
def test_a_student_is_found_by_name_or_by_login(tmp_path, name):
    gradebook = tables.canvas_gradebook(book(tmp_path, BOOK))
    text, strangers = tables.canvas(gradebook, right(name))
    assert as_rows(text)[1]["ID"] == "101" and not strangers


def test_a_number_that_came_with_the_submission_decides_over_the_name(tmp_path):
    gradebook = tables.canvas_gradebook(book(tmp_path, BOOK))
    text, _ = tables.canvas(gradebook, right("Ada Lovelace", id="102"))
    assert as_rows(text)[1]["ID"] == "102"


def test_who_has_the_same_name_as_another_gets_nobody_s_grade(tmp_path):
    twins = BOOK + '"Lovelace, Ada",105,s-5,ada24,A2,,,\n'
    gradebook = tables.canvas_gradebook(book(tmp_path, twins))
    assert tables.canvas(gradebook, right("Ada Lovelace"))[1] == ["Ada Lovelace"]
    both = [*right("ada24"), *right("x", id="105")]
    assert tables.canvas(gradebook, both)[1] == ["ada24", "x"]


def test_moodle_gets_its_worksheet_back_with_grades_and_feedback(tmp_path):
    sheet = tables.moodle_worksheet(book(tmp_path, SHEET), POINTS)
    text, strangers = tables.moodle(sheet, right("whoever", id="201"))
    was, now = as_rows(SHEET), as_rows(text)
    changed = {"Grade": "1", "Feedback comments": "1 of 5.5 points: predict 1 of 1."}
    assert now == [was[0] | changed, was[1]] and not strangers


@pytest.mark.parametrize("text, says", [
    ("a,b\n1,2\n", "has no column Identifier, Grade, Last modified (grade), but a, b; expected"),
    ("", "has no column"), (SHEET.replace("5.50", "100.00"), "the maximum grade '100.00', and all"),
    (SHEET.replace("5.50", "5.05"), "the maximum grade '5.05'")])
def test_a_worksheet_that_moodle_would_not_take_is_refused_before_anybody_is_graded(
        tmp_path, text, says, capsys):
    (tmp_path / "ada.ipynb").write_bytes(notebook(attacks.RIGHT))
    command = ["run", str(tmp_path / "ada.ipynb"), "--out", str(tmp_path / "out"),
               "--moodle", str(book(tmp_path, text))]
    assert main([*command, "--points", str(book(tmp_path, TABLE, "points.csv"))]) == 2
    assert says in capsys.readouterr().err and not (tmp_path / "out").exists()
    assert main(command) == 2 and "say --points FILE" in capsys.readouterr().err


@pytest.mark.parametrize("written, most", [('"5,50"', 5.5), ("10", 10), ("10.00", 10)])
def test_a_maximum_may_be_written_in_any_way(tmp_path, written, most):
    sheet = book(tmp_path, SHEET.replace("5.50", written))
    assert tables.moodle_worksheet(sheet, {"predict": Worth(most)}).rows


def test_the_command_fills_both_in_and_names_whom_it_did_not_find(tmp_path, capsys):
    for name in ("Ada Lovelace", "Bo"):
        (tmp_path / f"{name}.ipynb").write_bytes(notebook(attacks.RIGHT))
    out = tmp_path / "out"
    assert main(["run", str(tmp_path / "Ada Lovelace.ipynb"), str(tmp_path / "Bo.ipynb"),
                 "--out", str(out), "--points", str(book(tmp_path, TABLE, "points.csv")),
                 "--canvas", str(book(tmp_path, BOOK)), "--jobs", "1",
                 "--moodle", str(book(tmp_path, SHEET, "sheet.csv"))]) == 0
    assert capsys.readouterr().out.count("Not in its list, or not one alone: Bo.") == 2
    assert as_rows((out / "canvas.csv").read_text(encoding="utf-8"))[1]["ID"] == "101"
    assert as_rows((out / "moodle.csv").read_text(encoding="utf-8"))[0]["Grade"] == "1"


def test_a_number_that_is_not_in_the_list_is_nobody_s_whatever_the_name(tmp_path):
    gradebook = tables.canvas_gradebook(book(tmp_path, BOOK))
    assert tables.canvas(gradebook, right("Ada Lovelace", id="999"))[1] == ["Ada Lovelace"]


# --------------------------------------------------------------- schemas of both tables

# Of a row by its columns, as the guides name them: Canvas knows students by name, its own ID and
# two of the school's, has a row of the points possible, and grades are numbers; Moodle knows them
# by "Participant <number>", takes a grade that is a number up to the maximum, and a text.
NUMBER, TEXT = {"pattern": r"^\d+(\.\d+)?$"}, {"type": "string"}
CANVAS = {
    "type": "object", "additionalProperties": False,
    "required": ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
    "properties": {
        "Student": {"pattern": r"\S"}, "ID": {"pattern": r"^\d*$"}, "SIS User ID": TEXT,
        "SIS Login ID": TEXT, "Root Account": TEXT, "Integration ID": TEXT, "Section": TEXT},
    "patternProperties": {r"^cs231n_lite( \(\d+\))?$": NUMBER}}
MOODLE = {
    "type": "object", "required": ["Identifier", "Grade", "Last modified (grade)"],
    "properties": {"Identifier": {"pattern": r"^Participant \d+$"},
                   "Grade": {"pattern": r"^(\d+(\.\d+)?)?$"}, "Maximum Grade": NUMBER,
                   "Feedback comments": TEXT}}


def test_what_canvas_and_moodle_import_has_the_documented_columns_and_nothing_else(tmp_path):
    students = right("Ada Lovelace", "Can Efe Ünal", "=cmd(), Eve")
    gradebook = tables.canvas_gradebook(book(tmp_path, BOOK))
    possible, *rows = as_rows(tables.canvas(gradebook, students)[0])
    assert possible["Student"].strip() == "Points Possible" and len(rows) == 3
    for row in (possible, *rows):
        Draft202012Validator(CANVAS).validate(row)
    sheet = tables.moodle_worksheet(book(tmp_path, SHEET), POINTS)
    for row in as_rows(tables.moodle(sheet, students)[0]):
        Draft202012Validator(MOODLE).validate(row)
        assert not row["Grade"] or float(row["Grade"]) <= float(row["Maximum Grade"])
