"""What comes of a run: the table, CSV and JSON, and a page for each student, without scripts."""
import csv
import io
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

from cs231n_lite.exercises.grade import Row
from cs231n_lite.exercises.verdict import CORRECT, SYMBOLS, WRONG, Fault, Trial, Verdict
from cs231n_lite.grading.judging import Graded, not_enforced
from cs231n_lite.grading.submission import Notebook, Submission, pictures_of

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 56em; margin: 2em auto; padding: 0 1em }}
img {{ max-width: 100%; background: white }} h2 {{ margin-top: 2em }}
code {{ overflow-wrap: anywhere }}
</style></head>
<body><h1>{title}</h1><p>{summary}</p><p>{isolation}</p>{cards}{pictures}</body></html>
"""
LONGEST = 2000  # characters
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def entry(submission: Submission, found: Graded, settings: dict) -> dict:
    """A student's result as JSON holds it."""
    rows = [{"exercise": v.exercise, "verdict": v.status, "fault": first_fault(v),
             "faults": list(v.faults), "line": v.line, "message": cut(v.message),
             "tried": [[trial.name, [[fault.id, cut(fault.text)] for fault in trial.faults],
                        cut(trial.note)] for trial in v.tried]} for v in found.verdicts]
    return {"student": submission.student, "key": submission.key, "settings": settings,
            "exercises": rows, "enforced": found.enforced,
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
        lines.append(printable(student["student"]))
        lines += [str(Row(row["exercise"], row["verdict"], printable(row["fault"])))
                  for row in student["exercises"]]
    return "\n".join(lines)


def printable(text: str) -> str:
    """A text without what would move the cursor or colour the screen."""
    return "".join(c if c.isprintable() else " " for c in text)


def csv_of(entries: Iterable[dict]) -> str:
    """One line for each student and exercise; no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["student", "exercise", "verdict", "line", "first fault"])
    for student in entries:
        for row in student["exercises"]:
            cells = [printable(cell) for cell in (student["student"], row["exercise"],
                                                  row["verdict"], str(row["line"] or ""),
                                                  row["fault"])]
            writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return text.getvalue()


def page(result: dict, books: dict[str, Notebook]) -> str:
    """The page of one student: the cards, and the pictures that the notebooks were saved with."""
    right = sum(row["verdict"] == CORRECT for row in result["exercises"])
    return PAGE.format(title=escape(result["student"]),
                       summary=f"{right} of {len(result['exercises'])} exercises are correct.",
                       isolation=escape(isolation([result])),
                       cards="".join(card(row) for row in result["exercises"]),
                       pictures="".join(gallery(name, book) for name, book in books.items()))


def isolation(results: list[dict]) -> str:
    """Whether the code that ran did so apart from everything else."""
    if all(result["enforced"] is None for result in results):
        return "No code was run."
    missing = dict.fromkeys(name for result in results for name in result["not_enforced"])
    return (f"Not isolated; not enforced: {'; '.join(missing)}." if missing
            else "Isolated: all limits were enforced.")


def card(row: dict) -> str:
    """The card that the check would have shown."""
    status = row["verdict"] if row["verdict"] in SYMBOLS else WRONG
    trials = tuple(Trial(name, tuple(Fault(*fault) for fault in faults), note)
                   for name, faults, note in row["tried"])
    message = (row["message"] if status == row["verdict"]
               else f"It {row['verdict']}. {row['message']}")
    return Verdict(row["exercise"], status, tuple(row["faults"]), message, trials)._repr_html_()


def gallery(name: str, book: Notebook) -> str:
    """The pictures of one notebook, which show what the student saw, not what the grader did."""
    pictures = list(pictures_of(book))
    if not pictures:
        return ""
    shown = "".join(f'<p><img alt="Picture {n} of {escape(name, quote=True)}" '
                    f'src="data:{kind};base64,{text}"></p>'
                    for n, (kind, text) in enumerate(pictures, start=1))
    return f"<h2>{escape(name)}</h2><p>The pictures that it was saved with:</p>{shown}"


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
