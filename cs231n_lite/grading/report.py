"""What comes of a run, as JSON, CSV and the table on the screen."""
import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

from cs231n_lite.exercises.grade import Row
from cs231n_lite.exercises.points import written
from cs231n_lite.exercises.verdict import CORRECT, Verdict
from cs231n_lite.grading.bounds import Left
from cs231n_lite.grading.judging import Graded, not_enforced
from cs231n_lite.grading.scoring import sum_of
from cs231n_lite.grading.submission import Submission

LONGEST = 2000  # characters
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def entry(submission: Submission, found: Graded, settings: dict) -> dict:
    """A student's result as JSON holds it."""
    rows = [{"exercise": v.exercise, "verdict": v.status, "fault": first_fault(v),
             "faults": list(v.faults), "line": v.line, "message": cut(v.message),
             "tried": [[trial.name, [[fault.id, cut(fault.text)] for fault in trial.faults],
                        cut(trial.note)] for trial in v.tried]} for v in found.verdicts]
    return {"student": submission.student, "key": submission.key, "settings": settings,
            "told": submission.told, "left": [list(part) for part in submission.left],
            "fault": found.fault, "exercises": rows, "enforced": found.enforced,
            "not_enforced": not_enforced(found.enforced)}


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
        lines.append(": ".join(filter(None, [printable(student["student"]), sum_of(student)])))
        if student["fault"]:
            lines.append(f"    {printable(student['fault'])}")
        lines += [str(Row(row["exercise"], row["verdict"], printable(row["fault"])))
                  for row in student["exercises"]]
    return "\n".join(lines)


def printable(text: str) -> str:
    """A text without what would move the cursor or colour the screen."""
    return "".join(c if c.isprintable() else " " for c in text)


def csv_of(entries: Iterable[dict], left: Iterable[Left] = ()) -> str:
    """One line for each student and exercise; no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    writer, students = csv.writer(text), list(entries)
    has_points = any("points" in student for student in students)
    writer.writerow(["student", "exercise", "verdict", *["points", "sum"] * has_points, "line",
                     "first fault"])
    for student in students:
        for number, row in enumerate(student["exercises"]):
            fault = row["fault"] or (student["fault"] if number == 0 else "")
            scores = [written(row["points"]), written(student["points"])] if has_points else []
            cells = (student["student"], row["exercise"], row["verdict"], *scores,
                     str(row["line"] or ""), fault)
            writer.writerow(map(safe, cells))
    for part in left:
        scores = ["", ""] * has_points
        writer.writerow(map(safe, (part.entry, "", "not graded", *scores, "", part.why)))
    return text.getvalue()


def safe(text: str) -> str:
    """A text for a cell of a table, which no spreadsheet takes for a formula."""
    text = printable(text)
    return f"'{text}" if text.startswith(FORMULA) else text


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


def finish(folder: Path, results: list[dict], left: list[Left]) -> None:
    """Write what is told of all submissions together, and what is not graded."""
    write(folder / "results.csv", csv_of(results, left))
    write(folder / "results.json", json.dumps(results, indent=1))
