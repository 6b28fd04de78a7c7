"""Judge a folder of notebooks, as `make grade` does: a table of exercise, verdict, first fault.

    python -m cs231n_lite.exercises.grade [folder] [points.csv]

Of every notebook a copy runs from top to bottom under nbval, where the notebook lies and on the
data that is there; the notebook stays as it is, as does the progress that its student has noted.
The exit status is 0 when every exercise is correct and every cell runs, else 1.  With a table of
points their sum follows; in a job of GitHub's it also goes to the step of GitHub Classroom that
reports them.
"""
import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import get_terminal_size
from tempfile import TemporaryDirectory
from textwrap import wrap
from typing import NamedTuple
from xml.etree import ElementTree

from cs231n_lite.exercises.cells import MERGING, merge_in, other_answer
from cs231n_lite.exercises.frontend import shown
from cs231n_lite.exercises.points import Points, earned, points_in, rounded, total, written
from cs231n_lite.exercises.reading import Notebook, is_notebook, notebook_at
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT, NOT_ATTEMPTED, SYMBOLS, WRONG

GUARD = Path(__file__).resolve().parents[2] / "conftest.py"
NOT_CHECKED, BROKEN = "not checked", "does not run"
MAY_RAISE = "raises-exception"
# Remarks by which nbval runs a cell in another way than Jupyter does.
MARKER = re.compile(r"^[ \t]*#+[ \t]*(?=NBVAL_(?:SKIP|CHECK_OUTPUT)[ \t]*$)", re.MULTILINE)
COLOUR = re.compile(r"(?:\x1b|#x1B)\[[\d;]*m")
ERROR = re.compile(r"^[\w.]*(?:Error|Exception|Interrupt)\b.*", re.MULTILINE)
# Where IPython says that a cell stopped, before it tells of the functions that were called there.
STOPPED = re.compile(r"(?:\bIn ?\[\d+\], line |<tokenize>:)(\d+)")


class Row(NamedTuple):
    """A line of the table: an exercise, or what else did not run, its verdict and first fault.

    `ids` are the ids of all its faults, as points ask for them.
    """

    name: str
    verdict: str
    fault: str = ""
    ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        start = f"  {SYMBOLS.get(self.verdict, '–')} {self.name:<25}{self.verdict:<15}"
        lines = wrap(self.fault, max(80, get_terminal_size((120, 24)).columns) - len(start)) or [""]
        return (start + ("\n" + " " * len(start)).join(lines)).rstrip()


class Error(NamedTuple):
    """What stopped a cell, and at which line of it; 0 where that is not known."""

    text: str
    line: int = 0


class Run(NamedTuple):
    """What came of a notebook: the last verdict on each exercise, and the errors by code cell.

    Cells are counted from 1, as a notebook numbers them when all are run; 0 stands for the notebook
    itself.
    """

    verdicts: dict[str, Row]
    errors: dict[int, Error]


def main(arguments: list[str]) -> int:
    """Print the table for the folder named, or for notebooks/; 0 when all is correct."""
    parser = argparse.ArgumentParser("python -m cs231n_lite.exercises.grade",
                                     description="Judge all notebooks of a folder.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("notebooks"))
    parser.add_argument("points", nargs="?", help="a table of what each exercise is worth")
    asked = parser.parse_args(arguments)
    folder, points = asked.folder, {}
    try:
        refuse_no_folder(folder)
        points = points_in(asked.points) if asked.points else {}
    except (ValueError, OSError) as error:
        print(f"{asked.points} cannot be read ({error.strerror}); name a table of points, or none."
              if isinstance(error, OSError) else error, file=sys.stderr)
        return 2
    paths = notebooks_of(folder)
    missing = {path for path in paths if not path.exists()
               and any(asked_in(other) == asked_in(path) for other in paths if other != path)}
    tables = {path.name: table(path) for path in paths if path not in missing}
    rows = [row for table in tables.values() for row in table]
    lines = [f"    {'exercise':<25}{'verdict':<15}first fault"]
    for name, found in tables.items():
        lines += [name, *map(str, found)]
    judged = [row for row in rows if row.verdict != BROKEN]
    lines.append(f"{sum(row.verdict == CORRECT for row in judged)} of {len(judged)} "
                 "exercises are correct.")
    if points:
        lines.append(sum_of(points, judged))
    is_left = any(row.verdict != CORRECT for row in rows)
    if is_left:
        lines.append("Until all are, and every cell runs, the exit status is 1, which make calls "
                     "Error 1: there is work left, and nothing has broken down.")
    shown("\n".join(lines))
    return int(is_left)


def refuse_no_folder(folder: Path) -> None:
    """Raise ValueError unless it is a folder, which one notebook is not."""
    if not folder.is_dir():
        kind = "a file" if folder.exists() else f"no folder in {Path.cwd()}"
        raise ValueError(f"{folder} is {kind}; name the folder that holds your notebooks, all of "
                         "which are judged, or call this in the folder above notebooks.")


def sum_of(points: Points, rows: list[Row]) -> str:
    """'12 of 20 points.', also told to GitHub Classroom; of two rows the course's notebook's."""
    scores = {row.name: earned(points, row.name, row.verdict, row.ids) for row in reversed(rows)}
    tell_classroom(points, scores)
    return f"{written(rounded(sum(scores.values())))} of {written(total(points))} points."


def tell_classroom(points: Points, scores: dict[str, float]) -> None:
    """Leave the points where a job of GitHub's hands them on, in the form of its reporter.

    Source: github.com/classroom-resources/autograding-grading-reporter, which reads JSON in base64
    with max_score, and of each test its name, status and score.
    """
    name = os.environ.get("GITHUB_OUTPUT")
    if not name:
        return
    tests = [{"name": id, "score": scores.get(id, 0.0),
              "status": "pass" if scores.get(id) == each.points else "fail"}
             for id, each in points.items()]
    status = "pass" if all(test["status"] == "pass" for test in tests) else "fail"
    result = {"version": 1, "status": status, "max_score": total(points), "tests": tests}
    with open(name, "a", encoding="utf-8") as file:
        file.write(f"result={base64.b64encode(json.dumps(result).encode()).decode()}\n")


def notebooks_of(folder: Path) -> list[Path]:
    """The notebooks that lie in the folder, and those with exercises that are missing there."""
    asking = (folder / f"{exercise.notebook}.ipynb" for exercise in EXERCISES.values())
    there = sorted(path for path in folder.glob("*") if is_notebook(path.name))
    return list(dict.fromkeys([*asking, *there]))


def table(path: Path) -> list[Row]:
    """A row for each exercise of a notebook, and one for the first error about none of them."""
    if not path.exists():
        return [Row(id, NOT_CHECKED, f"There is no {path}.") for id in asked_in(path)]
    book = notebook_at(path)
    if book.fault:
        return [*(Row(id, NOT_CHECKED) for id in asked_in(path)),
                Row("the notebook", BROKEN, book.fault)]
    shown(f"Running {path} ...")
    run = run_strictly(book, path.resolve().parent)
    rows = [run.verdicts.get(id) or Row(id, NOT_CHECKED, reason(id, book, run.errors))
            for id in dict.fromkeys([*asked_in(path), *run.verdicts])]
    rows = [row._replace(fault=other_answer(row.name, book.cells, book.aside))
            if row.verdict == NOT_ATTEMPTED else row for row in rows]
    first = next((about(number, book.cells, error) for number, error in run.errors.items()), None)
    if first and first not in [row.fault for row in rows]:
        rows.append(Row("the notebook", BROKEN, first))
    return rows


def asked_in(path: Path) -> list[str]:
    """The exercises that the notebook of that name is there for.

    Where the one of the very name is missing, that is also one whose name begins with it, as a
    browser names the second copy.
    """
    return [id for id, exercise in EXERCISES.items() if exercise.notebook == path.stem
            or (path.stem.startswith(exercise.notebook)
                and not path.with_name(f"{exercise.notebook}.ipynb").exists())]


def reason(id: str, book: Notebook, errors: dict[int, Error]) -> str:
    """Why an exercise has no verdict: the first error in a cell that names it, or no such cell."""
    naming = [number for number, source in enumerate(book.cells, start=1)
              if re.search(rf"\b{id}\b", source)]
    failed = [number for number in naming if number in errors]
    if failed:
        return about(failed[0], book.cells, errors[failed[0]])
    missing = f"No cell that was run says {EXERCISES[id].check}."
    return f"{missing} {other_answer(id, book.cells, book.aside)}".rstrip()


def about(number: int, cells: list[str], error: Error) -> str:
    """The error with the cell that it is in, and the line, of which the first stands for none."""
    if not 0 < number <= len(cells):
        return error.text
    if merge_in(cells[number - 1]):
        error = Error(MERGING)
    lines = cells[number - 1].splitlines()
    known = 0 < error.line <= len(lines) and bool(lines[error.line - 1].strip())
    first = (cells[number - 1].strip().splitlines() or [""])[0]
    return (f"{error.text}, in code cell {number}{f', line {error.line}' if known else ''}: "
            f"`{lines[error.line - 1].strip() if known else first}`")


def run_strictly(book: Notebook, folder: Path) -> Run:
    """Run a copy of a notebook under nbval in strict mode, as if it lay in the folder."""
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        place.joinpath("notebook.ipynb").write_text(copy_of(book), encoding="utf-8")
        # Settings that lie in a folder above are not ours.
        place.joinpath("pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        if GUARD.exists():
            shutil.copyfile(GUARD, place / GUARD.name)
        verdicts, junit = place / "verdicts.jsonl", place / "junit.xml"
        verdicts.touch()
        command = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval-lax",
                   "--nbval-current-env", "-p", "no:cacheprovider", "--junitxml=junit.xml",
                   "notebook.ipynb"]
        pytest = subprocess.run(command, cwd=place, env=environment(verdicts, folder),
                                capture_output=True, encoding="utf-8", errors="replace",
                                check=False)
        errors = (dict(errors_in(junit)) if junit.exists()
                  else {0: Error(last_line(pytest.stdout + pytest.stderr))})
        return Run(dict(verdicts_in(verdicts)), errors)


def copy_of(book: Notebook) -> str:
    """The code cells alone, which no metadata of whoever saved them keeps from being run."""
    cells: list[dict] = [
        {"cell_type": "code", "id": f"cell-{number}", "metadata": metadata_of(saved),
         "execution_count": None, "outputs": [],
         "source": MARKER.sub("# not ", source)}
        for number, (source, saved) in enumerate(zip(book.cells, book.saved), start=1)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def metadata_of(cell: dict) -> dict:
    """What of a cell's metadata is kept: that it may raise an exception, as in Jupyter."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return {"tags": [MAY_RAISE]} if isinstance(tags, list) and MAY_RAISE in tags else {}


def environment(verdicts: Path, folder: Path) -> dict[str, str]:
    """The environment of such a run: pytest has no settings and no plugins but those that we name.

    Relative paths in PYTHONPATH are meant from here.
    """
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    paths = kept.get("PYTHONPATH", "").split(os.pathsep)
    return kept | {"CS231N_LITE_STRICT": "1", "CS231N_LITE_REPORT": str(verdicts),
                   "CS231N_LITE_FOLDER": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                   "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in paths if path)}


def verdicts_in(report: Path) -> Iterator[tuple[str, Row]]:
    """The verdicts that `check` wrote down, by exercise, in order."""
    for line in report.read_text(encoding="utf-8").splitlines():
        verdict = json.loads(line)
        fault = (verdict["message"] if verdict["status"] == WRONG else
                 " ".join(f"Note: {note}" for note in verdict["notes"]))
        yield verdict["exercise"], Row(verdict["exercise"], verdict["status"], fault,
                                       tuple(verdict["faults"]))


def errors_in(junit: Path) -> Iterator[tuple[int, Error]]:
    """The errors by cell, without those that `check` raised: of these the verdicts tell."""
    for case in ElementTree.parse(junit).iter("testcase"):
        cell = re.fullmatch(r"Cell (\d+)", case.get("name", ""))
        for failure in (*case.findall("failure"), *case.findall("error")):
            text = COLOUR.sub("", failure.text or failure.get("message") or "")
            if not re.search(r"^NotCorrect: ", text, re.MULTILINE):
                stopped = STOPPED.search(text)
                yield (int(cell[1]) + 1 if cell else 0,
                       Error(last_error(text), int(stopped[1]) if stopped else 0))


def last_error(text: str) -> str:
    """'NameError: name 'f' is not defined', of the text that nbval makes of it."""
    plain = text.replace("\nE   ", "\n").replace("_IncompleteInputError: ", "SyntaxError: ")  # 3.13
    found = ERROR.findall(plain)
    return found[-1] if found else last_line(text)


def last_line(text: str) -> str:
    """The last line that is not empty."""
    lines = text.strip().splitlines() or ["It did not run."]
    return lines[-1].removeprefix("pytest plugin exception: ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
