"""What comes of a run: JSON, CSV, the table on the screen, the page of the class."""
import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from cs231n_lite.exercises.grade import Row
from cs231n_lite.exercises.points import written as as_written
from cs231n_lite.exercises.verdict import CORRECT, Verdict
from cs231n_lite.grading.intake.bounds import Left
from cs231n_lite.grading.intake.submission import Submission
from cs231n_lite.grading.judging.verdicts import Graded, not_enforced
from cs231n_lite.grading.reporting import given
from cs231n_lite.grading.reporting.overview import class_page
from cs231n_lite.grading.reporting.plain import cell, on_one_line, visible
from cs231n_lite.grading.reporting.scoring import sum_of
from cs231n_lite.grading.reporting.written import written

LONGEST, CODE = 2000, 8000  # characters of a text, and of the cells of an answer


def entry(submission: Submission, found: Graded, settings: dict) -> dict:
    """A student's result as JSON holds it."""
    rows = [{"exercise": v.exercise, "verdict": v.status, "fault": first_fault(v),
             "faults": list(v.faults), "line": v.line, "message": cut(v.message),
             "tried": [[trial.name, [[fault.id, cut(fault.text)] for fault in trial.faults],
                        cut(trial.note)] for trial in v.tried],
             "cells": own_cells(found.cells.get(v.exercise, []))} for v in found.verdicts]
    return {"student": submission.student, "key": submission.key, "settings": settings,
            "id": submission.id, "told": submission.told,
            "left": [list(part) for part in submission.left], "fault": found.fault,
            "exercises": rows, "enforced": found.enforced,
            "not_enforced": not_enforced(found.enforced), "written": written(found.books)}


def own_cells(cells: list[str]) -> list[str]:
    """The cells of an answer that were not handed out as they are; the last, if they are long."""
    own: list[str] = []
    room = CODE
    for source in reversed([source for source in cells if source.strip() not in given.cells()]):
        own = [source[:room], *own]
        room -= len(own[0])
    return [source for source in own if source]


def first_fault(verdict: Verdict) -> str:
    """The message of a verdict that is not correct, or not without reserve; else what is noted."""
    if verdict.status == CORRECT and not verdict.faults:
        return " ".join(f"Note: {note}" for note in verdict.notes)
    return cut(verdict.message)


def cut(text: str) -> str:
    """A text no longer than the grader's own; a student's code may make it as long as it likes."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} [...]"


def table(entries: Iterable[dict]) -> str:
    """All verdicts as text, one student after the other."""
    lines = [f"    {'exercise':<25}{'verdict':<15}first fault"]
    for student in entries:
        lines.append(": ".join(filter(None, [visible(student["student"]), sum_of(student)])))
        if student["fault"]:
            lines.append(f"    {on_one_line(student['fault'])}")
        lines += [str(Row(row["exercise"], row["verdict"], on_one_line(row["fault"])))
                  for row in student["exercises"]]
    return "\n".join(lines)


def csv_of(entries: Iterable[dict], left: Iterable[Left] = ()) -> str:
    """A line for each student and exercise, and for what was not graded; no cell is a formula."""
    entries, text = list(entries), io.StringIO()
    writer = csv.writer(text)
    points = ["points", "sum"] * any("points" in student for student in entries)
    writer.writerow(["student", "exercise", "verdict", *points, "line", "first fault"])
    for student in entries:
        for number, row in enumerate(student["exercises"]):
            scores = [as_written(row["points"]), as_written(student["points"])] if points else []
            fault = row["fault"] or (student["fault"] if number == 0 else "")
            writer.writerow([cell(student["student"]), cell(row["exercise"]), cell(row["verdict"]),
                             *scores, row["line"] or "", cell(fault)])
    for part in left:
        writer.writerow([cell(part.entry), "", "not graded", *["" for _ in points], "",
                         cell(part.why)])
    return text.getvalue()


def isolation(results: list[dict]) -> str:
    """Whether the code that ran did so apart from everything else."""
    if all(result["enforced"] is None for result in results):
        return "No code was run."
    missing = dict.fromkeys(name for result in results for name in result["not_enforced"])
    return (f"Not isolated; not enforced: {'; '.join(missing)}." if missing
            else "Isolated: all limits were enforced.")


def write(path: Path, text: str) -> None:
    """Write a file by one rename, so that it is whole at every moment."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text)
    part.replace(path)


def earlier(path: Path) -> dict:
    """A result that an earlier run has written; empty where there is none that can be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def finish(folder: Path, results: list[dict], left: Sequence[Left] = (),
           similar: bool = False) -> None:
    """Write what is told of all submissions together, and of the entries `left`, each with a why.

    The CSV begins with a mark by which spreadsheets know UTF-8; Python reads it as `utf-8-sig`.
    """
    write(folder / "results.csv", "\ufeff" + csv_of(results, left))
    write(folder / "results.json", json.dumps(results, indent=1))
    write(folder / "index.html", class_page(results, left, isolation(results), similar))
