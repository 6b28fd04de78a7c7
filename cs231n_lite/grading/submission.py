"""Whose notebooks are these, and what do they hold?  Nothing of a student's is run here."""
import base64
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.excerpt import bound_in_text

LARGEST, PARTS = 32 * 2**20, 10**6
PICTURES, SIGNATURES = 40 * 2**20, {"image/png": b"\x89PNG\r\n\x1a\n",
                                    "image/jpeg": b"\xff\xd8\xff"}
CHECKED = re.compile(r"\bcheck\((\w+)")
STUB = re.compile(r"^[ \t]*+raise NotImplementedError|=[ \t]*+\.\.\.", re.MULTILINE)
ASKING = tuple(dict.fromkeys(exercise.notebook for exercise in EXERCISES.values()))


class Submission(NamedTuple):
    """A student's name, and each notebook: its place, its content, or why it cannot be had.

    `alone` is True for a notebook that was handed in without a folder.
    """

    student: str
    notebooks: dict[str, Path | bytes | str]
    alone: bool = False

    def read(self) -> "Submission":
        """The same with what lies there, read now, so that only what is being graded is held."""
        return self._replace(notebooks={**self.contents()})

    def contents(self) -> dict[str, bytes | str]:
        """What each notebook holds, or why it cannot be had."""
        return {name: content(data) if isinstance(data, Path) else data
                for name, data in self.notebooks.items()}

    @property
    def key(self) -> str:
        """A hash of all of it."""
        parts = [self.student.encode(), str(self.alone).encode()]
        for name, data in sorted(self.contents().items()):
            parts += [name.encode(), data if isinstance(data, bytes) else data.encode()]
        return sha256(b"".join(len(part).to_bytes(8, "little") + part
                               for part in parts)).hexdigest()

    @property
    def slug(self) -> str:
        """The name as part of a file name, without what is odd; a hash keeps students apart."""
        plain = re.sub(r"\W+", "-", self.student, flags=re.ASCII)[:60]
        return f"{plain}-{sha256(self.student.encode()).hexdigest()[:8]}"


def found_in(paths: list[Path]) -> list[Submission]:
    """The submissions in these notebooks and folders; ValueError for a path with none, or unclear.

    A notebook is a student of that name, and so is a folder that holds a notebook
    of the assignment's, itself or in notebooks/.  Any other folder holds students:
    each of its folders is one, and each notebook beside them.  A folder cannot be
    both, with notebooks of the assignment's in itself and in other folders too.
    """
    found = []
    for path in paths:
        here = [Submission(readable(student), {readable(name): data for name, data in notebooks},
                           alone)
                for student, notebooks, alone in students_in(path)]
        if not here:
            raise ValueError(f"{path} holds no notebook; "
                             "expected one, a student's folder, or a folder of those.")
        found += here
    names = [submission.student for submission in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(twice)}: two submissions have this name; "
                         "rename one, or grade it elsewhere.")
    return found


def readable(name: str) -> str:
    """A file's name as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def students_in(path: Path) -> Iterator[tuple[str, list[tuple[str, Path]], bool]]:
    """The students in one notebook or folder: names, notebooks by name, and if one is alone."""
    if not path.is_dir():
        if path.exists():
            yield path.stem, [(path.name, path)], True
        return
    if is_student(path):
        refuse_unclear(path)
        yield path.resolve().name, list(notebooks_in(path)), False
        return
    for entry in entries_of(path):
        if entry.is_dir(follow_symlinks=False):
            yield entry.name, list(notebooks_in(Path(entry.path))), False
        elif is_notebook(entry.name):
            yield entry.name[:-len(".ipynb")], [(entry.name, Path(entry.path))], True


def entries_of(folder: Path) -> list[os.DirEntry]:
    """What lies in a folder, without what is hidden, and Python's caches."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    return [entry for entry in entries if not entry.name.startswith((".", "__"))]


def is_student(folder: Path) -> bool:
    """True for a folder with a notebook of the assignment's name, itself or in notebooks/."""
    files = [name for part in (".", "notebooks")
             for _, _, names in islice(os.walk(folder / part), 1)
             for name in names]
    return any(is_notebook(name) and stem(name) in ASKING for name in files)


def is_notebook(name: str) -> bool:
    """True for a notebook's file name, in letters of either case."""
    return name.lower().endswith(".ipynb")


def stem(name: str) -> str:
    """A file's name in small letters, without folder and ending."""
    return Path(name).stem.lower()


def refuse_unclear(folder: Path) -> None:
    """Raise ValueError for a student's folder in which there are others', who would vanish."""
    others = [readable(entry.name) for entry in entries_of(folder) if entry.name != "notebooks"
              and entry.is_dir(follow_symlinks=False) and is_student(Path(entry.path))]
    if others:
        raise ValueError(f"{readable(str(folder))} holds notebooks of the assignment, and so do "
                         f"{', '.join(others)} in it; name the students' folders one by one, "
                         "or move the notebooks beside them away.")


def notebooks_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """The notebooks below a folder by their paths there, without copies that Jupyter kept."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(files):
            if is_notebook(name):
                yield os.path.relpath(os.path.join(where, name), folder), Path(where, name)


def content(path: Path) -> bytes | str:
    """The bytes of a notebook, or why there are none: no link or pipe is followed."""
    name = readable(path.name)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(fd, "rb") as file:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                return f"{name} is no file."
            if status.st_size > LARGEST:
                return (f"{name} has {status.st_size >> 20} MB; "
                        f"expected less than {LARGEST >> 20} MB.")
            return file.read()
    except OSError as error:
        return f"{name} cannot be read, or is a link: {error.strerror}."


# --------------------------------------------------------------- what a notebook holds


class Notebook(NamedTuple):
    """The sources of its code cells, the cells as saved, and why it cannot be read, if so."""

    cells: list[str]
    saved: list[dict]
    fault: str = ""


def notebook_of(name: str, data: bytes | str) -> Notebook:
    """A notebook from its bytes."""
    if isinstance(data, str):
        return Notebook([], [], data)
    # Each takes many times the memory of its text.
    if (parts := data.count(b"{") + data.count(b"[")) > PARTS:
        return Notebook([], [], f"{name} has {parts:,} lists and objects; "
                                f"expected a notebook, with at most {PARTS:,}.")
    try:
        book = json.loads(data.decode("utf-8-sig"))
        cells = book["cells"] if "cells" in book else [cell for part in book["worksheets"]
                                                       for cell in part["cells"]]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        sources = ["".join(cell.get("source", cell.get("input", ""))) for cell in code]
        return Notebook([source.encode("utf-8", "replace").decode() for source in sources], code)
    except (ValueError, RecursionError) as error:
        return Notebook([], [], f"{name} is not valid JSON: {error}.")
    except (KeyError, TypeError, IndexError, AttributeError):
        return Notebook([], [], f"{name} is JSON, but no notebook: "
                                "it has no list of cells with types and sources.")
    except MemoryError:
        return Notebook([], [], f"{name} takes more memory than there is; clear its outputs.")


def pictures_of(book: Notebook) -> Iterator[tuple[str, str]]:
    """The pictures of a saved notebook as (type, base64), checked, until they are too many."""
    room = PICTURES
    for kind, text in saved_as(book, SIGNATURES):
        try:
            data = base64.b64decode("".join(text), validate=False)
        except (ValueError, TypeError):
            continue
        room -= len(data)
        if data.startswith(SIGNATURES[kind]) and room > 0:
            yield kind, base64.b64encode(data).decode()


def saved_as(book: Notebook, kinds: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The outputs of these types, whatever else was put in their place left out."""
    for outputs in (cell.get("outputs") for cell in book.saved):
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            yield from ((kind, data[kind])
                        for kind in kinds if isinstance(data, dict) and kind in data)


def places(notebooks: dict[str, Notebook], alone: bool = False) -> dict[str, str | None]:
    """The exercises that a submission is judged on, with the notebook that answers, or None.

    That is the nearest notebook of the assignment's name that answers the exercise,
    else one whose name begins with it, as a browser names the second copy; where
    none does, the same with a stub, then one that binds the exercise's name.  A
    notebook that was handed in alone is judged on what it was made for; in a
    folder, notebooks may have been deleted.
    """
    names = {name: {found for cell in book.cells
                    for found in (*bound_in_text(cell), *CHECKED.findall(cell))}
             for name, book in sorted(notebooks.items(), key=lambda item: distance(item[0]))}
    answered = {name: {found for cell in book.cells if not STUB.search(cell)
                       for found in bound_in_text(cell)}
                for name, book in notebooks.items()}
    chosen = {id: place_of(id, names, answered) for id in EXERCISES}
    if alone and any(chosen.values()):
        return {id: place for id, place in chosen.items() if place}
    return chosen


def place_of(id: str, names: dict[str, set[str]], answered: dict[str, set[str]]) -> str | None:
    """The notebook that answers the exercise, by the names that each binds, checks and answers."""
    asking = EXERCISES[id].notebook
    exact = [name for name in names if stem(name) == asking]
    like = [name for name in names if stem(name).startswith(asking)]
    saying = [name for name in names if id in names[name]]
    answers = [name for name in (*exact, *like) if id in answered[name]]
    said = [name for name in exact if name in saying]
    return next(iter([*answers, *said, *saying * (not exact), *exact, *like]), None)


def distance(name: str) -> tuple[int, bool, str]:
    """How far below the top a notebook lies; of two as far, the one in notebooks/ is nearer."""
    folders = Path(name).parts[:-1]
    return len(folders), folders[:1] != ("notebooks",), name
