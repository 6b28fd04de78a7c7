"""Releases of a small handout, and what students make of them, for the tests of update.py."""
import json
from pathlib import Path

from hypothesis import strategies as st

from cs231n_lite.grading.updating.cells import Merged, is_mark, merge
from cs231n_lite.grading.updating.record import Edition, edition_of, names_of, record_in


def code(id: str, text: str, *tags: str, **more: object) -> dict:
    """A cell of code."""
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "id": id, "metadata": metadata, "source": [text], "outputs": [],
            "execution_count": None, **more}


def prose(id: str, text: str) -> dict:
    """A cell of text."""
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": [text]}


def stub(id: str, text: str = "raise NotImplementedError") -> dict:
    """The cell of an exercise of that name."""
    return code(f"{id}-cell", f"def {id}():\n    {text}", f"exercise:{id}")


def notebook(*cells: dict, minor: int = 5) -> dict:
    """A notebook of these cells."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


def release(folder: Path, **files: object) -> Path:
    """A handout with these files, `__` for slashes and `_dot_` for dots; notebooks are cells."""
    texts = {"update.py": "", "cs231n_lite/__init__.py": "", "README.md": "", "notebooks/_": ""}
    given = {name.replace("__", "/").replace("_dot_", "."): file for name, file in files.items()}
    for name, file in (texts | given).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file if isinstance(file, str) else json.dumps(notebook(*file), indent=1))
    record_in(folder)
    return folder


def cells_in(path: Path) -> list[dict]:
    """The cells of a notebook."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def write_cells(path: Path, cells: list[dict], **news: object) -> None:
    """Save a notebook with these cells, and what else is new about it."""
    path.write_text(json.dumps(json.loads(path.read_text()) | {"cells": cells} | news, indent=1))


def texts(cells: list[dict]) -> list[str]:
    """The text of each cell."""
    return ["".join(cell["source"]) for cell in cells]


def updated(ours: list[dict], releases: list[list[dict]], base: int = -2) -> Merged:
    """A student's cells brought from one of these releases to the last."""
    editions: list[Edition] = []
    for cells in releases[:-1]:
        editions.append(edition_of(dict(zip(names_of(cells, editions), cells))))
    return merge(ours, releases[-1], editions, editions[base + 1] if editions else {})


def marks(cells: list[dict]) -> list[str]:
    """The texts of the marks among the cells."""
    return texts(filter(is_mark, cells))


# Random releases and students.  Every text is a new one, so that it says whose it is.

STUDENT, RELEASE = "student", "release"
NEWS = {STUDENT: ("change", "add", "remove", "move", "copy", "split", "tag", "run", "double id"),
        RELEASE: ("change", "add", "remove", "show", "move")}
PLACES = st.integers(0, 30)


def edits(who: str, most: int) -> st.SearchStrategy:
    """A list of edits: what, where, and where to."""
    return st.lists(st.tuples(st.sampled_from(NEWS[who]), PLACES, PLACES), max_size=most)


def edited(cells: list[dict], news: list[tuple[str, int, int]], who: str) -> list[dict]:
    """The cells after these edits."""
    cells = [json.loads(json.dumps(cell)) for cell in cells]
    for what, place, to in news:
        number = edited.count = edited.count + 1
        fresh = [f"{who} {number}"]
        at, goal = place % max(1, len(cells)), to % (len(cells) + 1)
        if what == "add":
            made = code if to % 2 else prose
            cells.insert(goal, made(f"{who}-{number}", fresh[0]))
            continue
        if not cells:
            continue
        cell = cells[at]
        if what == "change":
            cell["source"] = fresh
        elif what == "remove":
            del cells[at]
        elif what == "move":
            cells.insert(goal % len(cells), cells.pop(at))
        elif what == "copy":
            cells.insert(goal, {**cell, "id": f"{who}-{number}", "source": fresh})
        elif what == "double id":
            cells.insert(goal, {**cell, "source": fresh})
        elif what == "split":
            cells.insert(at + 1, {**cell, "id": f"{who}-{number}", "source": fresh})
            cell["source"] = [f"{who} {number}, first half"]
        elif what == "tag":
            cell["metadata"] = cell["metadata"] | {"tags": [fresh[0]]}
        elif cell["cell_type"] == "code":  # run by the student, or shown otherwise in the release
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": fresh}]
    return cells


edited.count = 0
