"""What was checked so far, over all notebooks, in a small file beside them.

Nothing depends on the file: it may be deleted or damaged, and where it cannot be
written nothing is kept.
"""
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from inspect import getsource, isfunction
from pathlib import Path
from textwrap import dedent
from typing import Any

from cs231n_lite.absent import OWN
from cs231n_lite.download import HOME
from cs231n_lite.exercises.frontend import shown
from cs231n_lite.exercises.registry import EXERCISES, WITH_ANSWERS, exercise_of
from cs231n_lite.exercises.verdict import CORRECT, NOT_ATTEMPTED, SYMBOLS, WRONG, Verdict
from cs231n_lite.places import own_folder

UNTOUCHED = {"status": NOT_ATTEMPTED, "hints": 0, "solution_seen": False, "nudge": "",
             "text": ""}
# On a narrow screen words are broken, so that the table has no scroll bar of its own.
CELL = "text-align: left; white-space: normal; overflow-wrap: anywhere"
NOTEBOOKS = HOME / "notebooks"


def progress(*exercises: Callable | str) -> "Table":
    """One row per exercise: notebook, verdict, hints taken, and whether the solution was seen.

    Without arguments it shows all; ValueError for what names none.
    """
    asked = [exercise_of(each, "progress") for each in exercises] or EXERCISES.values()
    return shown(Table(tuple(
        (e.notebook, e.id, kept["status"], f"{kept['hints']} of {len(e.hints)}",
         "seen" * kept["solution_seen"])
        for e in asked
        for kept in [noted(e.id)]
    )))


@dataclass(frozen=True)
class Table:
    """The state of all exercises, as a table."""

    rows: tuple[tuple[str, ...], ...]

    HEAD = ("notebook", "exercise", "verdict", "hints", "solution")

    @property
    def summary(self) -> str:
        """How many are done."""
        return (f"{sum(row[2] == CORRECT for row in self.rows)} of {len(self.rows)} "
                "exercises are correct.")

    def __repr__(self) -> str:
        rows = [self.HEAD,
                *((*row[:2], f"{SYMBOLS[row[2]]} {row[2]}", *row[3:]) for row in self.rows)]
        lines = ["{:<23}{:<26}{:<18}{:<8}{}".format(*row).rstrip() for row in rows]
        return "\n".join([*lines, self.summary])

    def _repr_html_(self) -> str:
        rows = [self.HEAD, *((book, f"<code>{id}</code>", f"{SYMBOLS[status]} {status}", *rest)
                             for book, id, status, *rest in self.rows)]
        kinds = ['th scope="col"', *["td"] * len(self.rows)]
        head, *body = ("".join(f'<{kind} style="{CELL}">{cell}</{kind[:2]}>' for cell in row)
                       for kind, row in zip(kinds, rows))
        trs = "".join(f"<tr>{row}</tr>" for row in body)
        return (f"<table><thead><tr>{head}</tr></thead><tbody>{trs}</tbody></table>"
                f"<p>{self.summary}</p>")


def path() -> Path:
    """$CS231N_LITE_PROGRESS, or a file beside this clone's notebooks, or in the user's folder."""
    beside = NOTEBOOKS if NOTEBOOKS.is_dir() else HOME
    return Path(os.environ.get("CS231N_LITE_PROGRESS") or beside / ".progress.json")


def noted(exercise: str) -> dict:
    """What is known of an exercise; of an untouched one where the file says nothing sensible."""
    try:
        # A pipe would keep us waiting for ever.
        text = path().read_text(encoding="utf-8") if path().is_file() else ""
        kept = dict(json.loads(text)[exercise])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        kept = {}
    sensible = {
        "status": kept.get("status") in tuple(SYMBOLS),
        "hints":
            type(kept.get("hints")) is int and 0 <= kept["hints"] <= len(EXERCISES[exercise].hints),
        "solution_seen": kept.get("solution_seen") is True,
        "nudge": type(kept.get("nudge")) is str,
        "text": type(kept.get("text")) is str,
    }
    return {name: kept[name] if sensible[name] else fresh for name, fresh in UNTOUCHED.items()}


def note(exercise: str, **news: object) -> None:
    """Add news of an exercise by one rename; what is no file, like /dev/null, stays what it is."""
    if os.path.exists(path()) and not os.path.isfile(path()):  # these never raise
        if os.path.isdir(path()):
            say_not_kept(path())
        return
    if path().parent == HOME:
        own_folder()
    everything = {id: noted(id) for id in EXERCISES}
    everything[exercise] |= news
    fresh = path().with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps(everything, indent=1), encoding="utf-8")
        fresh.replace(path())
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        if os.environ.get("CS231N_LITE_PROGRESS"):
            say_not_kept(path())


@cache
def say_not_kept(file: Path) -> None:
    """Say, once, that a file which somebody has named cannot be written."""
    print(f"CS231N_LITE_PROGRESS names {file}, which cannot be written: nothing is kept of your "
          "progress until it names a file in a folder that is there.")


def keep(exercise: str, answer: Any, status: str) -> None:
    """Have a correct function stand in for the one that is absent; a wrong one ends that.

    So it is where there are no answers; its text is noted for other notebooks.
    """
    if WITH_ANSWERS or not isfunction(answer):
        return
    if status == WRONG:
        OWN.pop(exercise, None)
        note(exercise, text="")
    elif status == CORRECT:
        OWN[exercise] = answer
        with suppress(OSError):  # it has no text that could be read
            note(exercise, text=dedent(getsource(answer)))


def report(verdict: Verdict) -> None:
    """Add a line of JSON to the file $CS231N_LITE_REPORT, where a grader has named one."""
    if name := os.environ.get("CS231N_LITE_REPORT"):
        line = {key: value for key, value in asdict(verdict).items() if key != "tried"}
        line["notes"] = verdict.notes
        with open(name, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
