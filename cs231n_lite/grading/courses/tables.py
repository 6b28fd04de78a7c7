"""Grades for Canvas and Moodle: the list that a course exports goes in, what it imports comes out.

Sources: the Instructor Guide of Canvas, "How do I import grades in the Gradebook?", for a gradebook
whose row below the head says Points Possible; docs.moodle.org/en/Assignment_settings, "Offline
grading worksheet", of which Moodle reads Identifier, Grade, Last modified (grade) and the feedback.
"""
import csv
import io
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from cs231n_lite.exercises.points import Points, total, written
from cs231n_lite.grading.reporting.plain import cell as safe
from cs231n_lite.grading.reporting.scoring import part_of, sum_of

POSSIBLE, NEW = "Points Possible", "cs231n_lite"
WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Integration ID", "Section")
GRADE, MAXIMUM, FEEDBACK = "Grade", "Maximum Grade", "Feedback comments"
NAMES = ("Student", "Full name", "SIS User ID", "SIS Login ID", "Email address")
SHOWN = ("Student", "Full name")  # which no import matches by: they may be changed for safety


class Exported(NamedTuple):
    """A table as a course exported it: its head, its rows by column, what parts the cells."""

    head: list[str]
    rows: list[dict[str, str]]
    delimiter: str


def exported(path: str | Path, *needed: str) -> Exported:
    """The table in a file; ValueError where it is none, or lacks a column that is needed."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no text in UTF-8; expected the file as it was exported, "
                         "not saved anew by a spreadsheet.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restval="")
    head = list(reader.fieldnames or [])
    if missing := [name for name in needed if name not in head]:
        raise ValueError(f"{path} has no column {', '.join(missing)}, but {', '.join(head)}; "
                         "expected the file as it was exported, in English.")
    return Exported(head, list(reader), delimiter)


def canvas_gradebook(path: str | Path) -> Exported:
    """A gradebook that Canvas exported."""
    return exported(path, "Student", "ID")


def moodle_worksheet(path: str | Path, points: Points) -> Exported:
    """A grading worksheet of Moodle's; ValueError where it has another maximum than the points."""
    sheet = exported(path, "Identifier", GRADE, "Last modified (grade)")
    others = {row[MAXIMUM] for row in sheet.rows if MAXIMUM in sheet.head
              and value(row[MAXIMUM]) != total(points)}
    if others:
        raise ValueError(f"{path} has the maximum grade {min(others)!r}, and all points are "
                         f"{written(total(points))}; set that as the maximum in Moodle, and "
                         "download the worksheet anew.")
    return sheet


def value(text: str) -> float | None:
    """The number in a cell, with a point or a comma."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def canvas(gradebook: Exported, results: list[dict], title: str = NEW) -> tuple[str, list[str]]:
    """The CSV to import, with graded students and one assignment alone, and who is not in it.

    The assignment is that of this title; Canvas adds its own number to it, and makes a new one
    where there is none.
    """
    column = next((name for name in gradebook.head
                   if re.fullmatch(re.escape(title) + r"( \(\d+\))?", name)), title)
    students = [row for row in gradebook.rows if row["ID"].strip().isdigit()]
    found, strangers = matched(students, [row["ID"].strip() for row in students], results)
    possible = {"Student": f"    {POSSIBLE}", column: written(results[0]["of"]) if results else ""}
    graded = [students[place] | {column: written(result["points"])}
              for place, result in sorted(found.items())]
    head = [*(name for name in gradebook.head if name in WHO), column]
    return table(head, [possible, *graded], gradebook.delimiter), strangers


def moodle(sheet: Exported, results: list[dict]) -> tuple[str, list[str]]:
    """The worksheet with grades, and feedback if it has that column; and who is not in it."""
    numbers = [re.sub(r"\D+", "", row["Identifier"]) for row in sheet.rows]
    found, strangers = matched(sheet.rows, numbers, results)
    filled = [row | ({GRADE: written(found[place]["points"]), FEEDBACK: feedback(found[place])}
                     if place in found else {})
              for place, row in enumerate(sheet.rows)]
    return table(sheet.head, filled, sheet.delimiter), strangers


def feedback(result: dict) -> str:
    """'7 of 20 points: predict 1 of 1, sgd 0 of 2.'"""
    parts = [part_of(row) for row in result["exercises"] if row["of"]]
    return f"{sum_of(result)}: {', '.join(parts)}."


def table(head: list[str], rows: list[dict[str, str]], delimiter: str) -> str:
    """The text of a table; what matches students stays as it was exported."""
    text = io.StringIO()
    writer = csv.DictWriter(text, head, restval="", extrasaction="ignore", delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe(cell) if name in SHOWN and POSSIBLE not in cell else cell
                         for name, cell in row.items()})
    return text.getvalue()


def matched(rows: list[dict[str, str]], numbers: list[str],
            results: list[dict]) -> tuple[dict[int, dict], list[str]]:
    """The results by the place of their row, and the students who fit none, or not one alone.

    The course's own number decides, where the name of a submission holds it; else a name or login.
    """
    keys = [frozenset().union(*(keys_of(row.get(column, "")) for column in NAMES)) for row in rows]
    places = {result["student"]: place_of(result, numbers, keys) for result in results}
    often = Counter(places.values())
    found = {place: result for result in results
             if (place := places[result["student"]]) is not None and often[place] == 1}
    fitting = {result["student"] for result in found.values()}
    return found, [result["student"] for result in results if result["student"] not in fitting]


def place_of(result: dict, numbers: list[str], keys: list[frozenset[str]]) -> int | None:
    """Where a student stands, if that is sure."""
    if number := result["id"]:  # who has another number is another student, whatever the name
        return numbers.index(number) if number in numbers else None
    places = [place for place, known in enumerate(keys) if known & keys_of(result["student"])]
    return places[0] if len(places) == 1 else None


def keys_of(name: str) -> frozenset[str]:
    """A name in forms that are the same for "Lovelace, Ada", "ada lovelace" and "lovelaceada"."""
    plain = unicodedata.normalize("NFKC", name).casefold().partition("@")[0]
    words = re.findall(r"[^\W_]+", plain)
    return frozenset({" ".join(sorted(words)), "".join(words)} if words else ())
