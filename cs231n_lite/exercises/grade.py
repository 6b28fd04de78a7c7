"""Judge a folder of notebooks, as `make grade` does: a table of exercise, verdict, first fault.

    python -m cs231n_lite.exercises.grade [folder] [points.csv]

Every notebook runs from top to bottom under nbval, on the data that is there,
and stays as it is, as does the progress that its student has noted.  The exit
status is 0 when every exercise is correct and every cell runs, else 1.  With a
table of points their sum follows; in a job of GitHub's it also goes to the step
of GitHub Classroom that reports them.
"""
import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import get_terminal_size
from tempfile import TemporaryDirectory
from textwrap import wrap
from typing import NamedTuple
from xml.etree import ElementTree

import nbformat

from cs231n_lite.exercises.frontend import shown
from cs231n_lite.exercises.points import Points, earned, points_in, rounded, total, written
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT, SYMBOLS, WRONG

NOT_CHECKED, BROKEN = "not checked", "does not run"
COLOUR = re.compile(r"(?:\x1b|#x1B)\[[\d;]*m")
ERROR = re.compile(r"^[\w.]*(?:Error|Exception|Interrupt)\b.*", re.MULTILINE)


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


class Run(NamedTuple):
    """What came of a notebook: the last verdict on each exercise, and the errors by code cell.

    Cells are counted from 1, as a notebook numbers them when all are run; 0 stands for the notebook
    itself.
    """

    verdicts: dict[str, Row]
    errors: dict[int, str]


def main(arguments: list[str]) -> int:
    """Print the table for the folder named, or for notebooks/; 0 when all is correct."""
    folder = Path(arguments[0] if arguments else "notebooks")
    try:
        points = points_in(arguments[1]) if arguments[1:] else {}
    except (ValueError, OSError) as error:
        print(f"{error}", file=sys.stderr)
        return 2
    tables = {path.name: table(path) for path in notebooks_of(folder)}
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
    return list(dict.fromkeys([*asking, *sorted(folder.glob("*.ipynb"))]))


def table(path: Path) -> list[Row]:
    """A row for each exercise of a notebook, and one for the first error about none of them."""
    if not path.exists():
        return [Row(id, NOT_CHECKED, f"There is no {path}.") for id in asked_in(path)]
    shown(f"Running {path} ...")
    run = run_strictly(path)
    cells = sources(path)
    rows = [run.verdicts.get(id) or Row(id, NOT_CHECKED, reason(id, cells, run.errors))
            for id in dict.fromkeys([*asked_in(path), *run.verdicts])]
    first = next((about(number, cells, text) for number, text in run.errors.items()), None)
    if first and first not in [row.fault for row in rows]:
        rows.append(Row("the notebook", BROKEN, first))
    return rows


def asked_in(path: Path) -> list[str]:
    """The exercises that the notebook of that name is there for."""
    return [id for id, exercise in EXERCISES.items() if exercise.notebook == path.stem]


def sources(path: Path) -> list[str]:
    """The code cells of a notebook; none when it cannot be read."""
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError, AttributeError):
        return []
    return [cell.source for cell in cells if cell.cell_type == "code"]


def reason(id: str, cells: list[str], errors: dict[int, str]) -> str:
    """Why an exercise has no verdict: the first error in a cell that names it, or no such cell."""
    naming = [number for number, source in enumerate(cells, start=1)
              if re.search(rf"\b{id}\b", source)]
    failed = [number for number in naming if number in errors]
    return (about(failed[0], cells, errors[failed[0]]) if failed
            else f"No cell that was run says {EXERCISES[id].check}.")


def about(number: int, cells: list[str], error: str) -> str:
    """The error with the cell that it is in."""
    if not 0 < number <= len(cells):
        return error
    return (f"{error}, in code cell {number}: "
            f"`{(cells[number - 1].strip().splitlines() or [''])[0]}`")


def run_strictly(path: Path) -> Run:
    """Run a notebook under nbval in strict mode."""
    with TemporaryDirectory() as scratch:
        verdicts, junit = Path(scratch, "verdicts.jsonl"), Path(scratch, "junit.xml")
        verdicts.touch()
        command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:cacheprovider",
                   f"--junitxml={junit}", str(path)]
        settings = {"CS231N_LITE_STRICT": "1", "CS231N_LITE_REPORT": str(verdicts)}
        pytest = subprocess.run(command, env=os.environ | settings, capture_output=True,
                                encoding="utf-8", errors="replace", check=False)
        errors = (dict(errors_in(junit)) if junit.exists()
                  else {0: last_line(pytest.stdout + pytest.stderr)})
        return Run(dict(verdicts_in(verdicts)), errors)


def verdicts_in(report: Path) -> Iterator[tuple[str, Row]]:
    """The verdicts that `check` wrote down, by exercise, in order."""
    for line in report.read_text(encoding="utf-8").splitlines():
        verdict = json.loads(line)
        fault = (verdict["message"] if verdict["status"] == WRONG else
                 " ".join(f"Note: {note}" for note in verdict["notes"]))
        yield verdict["exercise"], Row(verdict["exercise"], verdict["status"], fault,
                                       tuple(verdict["faults"]))


def errors_in(junit: Path) -> Iterator[tuple[int, str]]:
    """The errors by cell, without those that `check` raised: of these the verdicts tell."""
    for case in ElementTree.parse(junit).iter("testcase"):
        cell = re.fullmatch(r"Cell (\d+)", case.get("name", ""))
        for failure in (*case.findall("failure"), *case.findall("error")):
            text = COLOUR.sub("", failure.text or failure.get("message") or "")
            if not re.search(r"^NotCorrect: ", text, re.MULTILINE):
                yield int(cell[1]) + 1 if cell else 0, last_error(text)


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
