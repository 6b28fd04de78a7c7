"""What was checked so far, over all notebooks, in a small file beside them.

Nothing depends on the file: it may be deleted or damaged, and where it cannot be
written nothing is kept.
"""
import json
import os
from dataclasses import dataclass
from html import escape
from pathlib import Path

from cs231n_lite.exercises.registry import EXERCISES

UNTOUCHED = {"status": "not attempted", "hints": 0, "solution_seen": False}
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def progress() -> "Table":
    """One row per exercise: its notebook, verdict, hints taken, and whether the solution was seen."""
    return Table(tuple(
        (e.notebook, e.id, kept["status"], f"{kept['hints']} of {len(e.hints)}", "seen" * kept["solution_seen"])
        for e in EXERCISES.values()
        for kept in [noted(e.id)]
    ))


@dataclass(frozen=True)
class Table:
    """The state of all exercises, as a table."""

    rows: tuple[tuple[str, ...], ...]

    HEAD = ("notebook", "exercise", "verdict", "hints", "solution")

    def __repr__(self) -> str:
        return "\n".join("{:<10}{:<26}{:<15}{:<8}{}".format(*row).rstrip() for row in (self.HEAD, *self.rows))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in self.HEAD)
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self.rows)
        return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def path() -> Path:
    """$CS231N_LITE_PROGRESS, or a file beside the notebooks of this checkout, or in the current folder."""
    beside = NOTEBOOKS if NOTEBOOKS.is_dir() else Path.cwd()
    return Path(os.environ.get("CS231N_LITE_PROGRESS") or beside / ".progress.json")


def noted(exercise: str) -> dict:
    """What is known of an exercise; what an untouched one has wherever the file says nothing sensible."""
    try:
        kept = dict(json.loads(path().read_text())[exercise])
    except (OSError, ValueError, KeyError, TypeError):
        kept = {}
    return {name: kept[name] if type(kept.get(name)) is type(fresh) else fresh for name, fresh in UNTOUCHED.items()}


def note(exercise: str, **news: object) -> None:
    """Add news of an exercise to the file, by one rename."""
    everything = {id: noted(id) for id in EXERCISES}
    everything[exercise] |= news
    fresh = path().with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps(everything, indent=1))
        fresh.replace(path())
    except OSError:
        fresh.unlink(missing_ok=True)
