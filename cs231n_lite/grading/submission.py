"""What a student has handed in, and which notebook answers which exercise; nothing is run here."""
import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.excerpt import bound_in_text

LARGEST = 32 * 2**20
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


def readable(name: str) -> str:
    """A file's name as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def stem(name: str) -> str:
    """A file's name in small letters, without folder and ending."""
    return Path(name).stem.lower()
