"""What was handed out, now and before, so that what a student changed can be told."""
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

RECORD = ".handout.json"
OWN_NAME = "cs231n_lite"  # of what is noted in the metadata of notebooks and cells

class Cell(NamedTuple):
    """What is recorded of a cell: hashes of text and outputs, and its metadata."""

    text: str
    outputs: str
    metadata: dict

    @property
    def exercise(self) -> str:
        """The exercise that the cell is there for, if any."""
        return exercise_of({"metadata": self.metadata})


Edition = dict[str, Cell]  # the cells of a notebook as handed out once, by id and in order


@dataclass
class Record:
    """When a handout was made, the hashes of its files, and the editions of its notebooks.

    Of both the newest come last.
    """

    made: str = ""
    files: dict[str, list[str]] = field(default_factory=dict)
    notebooks: dict[str, list[Edition]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes | None) -> "Record":
        """The record of a handout; an empty one where there is none, or none that can be read."""
        try:
            told = json.loads(data or b"")
            books = {name: [{key: Cell(*cell) for key, cell in each.items()} for each in editions]
                     for name, editions in told["notebooks"].items()}
            return cls(str(told["made"]), dict(told["files"]), books)
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def holds(self, name: str) -> bool:
        """True for a file or notebook of the handout's."""
        return name in self.files or name in self.notebooks

    def renamed(self, names: dict[str, str]) -> "Record":
        """The same, with notebooks under their new names."""
        books = {names.get(name, name): editions for name, editions in self.notebooks.items()}
        return Record(self.made, self.files, books)

    def data(self) -> bytes:
        """The record as a file."""
        return json.dumps(vars(self), indent=0, sort_keys=False).encode()


def digest(value: object) -> str:
    """A short hash of bytes, or of what JSON can say; lines may be one text or many."""
    if not isinstance(value, bytes):
        value = json.dumps(joined(value), sort_keys=True).encode()
    return sha256(value).hexdigest()[:20]


def joined(value: Any) -> Any:
    """The value with each list of texts as one text, since editors write them either way."""
    if isinstance(value, dict):
        return {key: joined(part) for key, part in value.items()}
    if isinstance(value, list):
        texts = value and all(isinstance(part, str) for part in value)
        return "".join(value) if texts else [joined(part) for part in value]
    return value


def source_of(cell: dict) -> str:
    """The text of a cell."""
    return "".join(cell.get("source", ""))


def text_of(cell: dict) -> str:
    """A hash of what makes a cell the student's when it is changed: kind, text and attachments."""
    attached = {"attachments": cell["attachments"]} if cell.get("attachments") else {}
    return digest([cell["cell_type"], {"source": source_of(cell)} | attached])


def outputs_of(cell: dict) -> str:
    """A hash of what the cell shows."""
    return digest(cell.get("outputs", []))


def exercise_of(cell: dict) -> str:
    """The id in a cell's tag `exercise:<id>`; empty where there is none."""
    tags = cell.get("metadata", {}).get("tags") or ()
    return next((str(tag)[9:] for tag in tags if str(tag).startswith("exercise:")), "")


def edition_of(cells: dict[str, dict]) -> Edition:
    """What is recorded of these cells."""
    return {name: Cell(text_of(cell), outputs_of(cell), cell.get("metadata", {}))
            for name, cell in cells.items()}


def stamp_of(edition: Edition) -> str:
    """A name of an edition, which its notebook carries in its metadata."""
    return digest([[name, cell.text] for name, cell in edition.items()])


def stamped(book: dict, stamp: str) -> dict:
    """The notebook with a note of the edition that it was brought to."""
    return book | {"metadata": book.get("metadata", {}) | {OWN_NAME: {"edition": stamp}}}


def book_of(name: str, data: bytes) -> dict:
    """A notebook from its file; ValueError where it is none, or older than version 4."""
    try:
        book = json.loads(data.decode("utf-8-sig"))
        if (isinstance(book.get("metadata", {}), dict) and all(map(is_cell, book["cells"]))
                and isinstance(book.get("nbformat_minor", 5), int)):
            return book
        why = "a cell of it is none"
    except (ValueError, RecursionError) as error:
        why = str(error)
    except (KeyError, TypeError, AttributeError):
        why = "it has no list of cells"
    raise ValueError(f"{name} is no notebook that could be updated ({why}); "
                     "mend it or move it elsewhere, then run this again.")


def is_cell(cell: Any) -> bool:
    """True for what a cell of a notebook is made of, as far as it is looked at here."""
    lines = cell.get("source", "")
    return (isinstance(cell["cell_type"], str) and isinstance(cell.get("metadata", {}), dict)
            and isinstance(cell.get("id", ""), str)
            and all(isinstance(line, str) for line in lines))


def file_of(book: dict) -> bytes:
    """A notebook as Jupyter writes it; halves of a character, which UTF-8 has not, as escapes."""
    for plain in (False, True):
        with suppress(UnicodeEncodeError):
            return (json.dumps(book, indent=1, ensure_ascii=plain) + "\n").encode()
    raise AssertionError("ASCII can always be encoded.")


def is_notebook(name: str) -> bool:
    """True for the file name of a notebook."""
    return name.lower().endswith(".ipynb")


def matched(cells: list[dict], editions: list[Edition]) -> list[str | None]:
    """For each cell its name in one of the editions: by id, text or exercise; None for own ones.

    By text only where there is no id, or most ids are gone, as some editors leave a notebook.
    """
    names: list[str | None] = [None] * len(cells)
    free = {name: [edition[name] for edition in editions if name in edition]
            for edition in reversed(editions) for name in edition}
    known = len(free)

    def match(name_of: Callable[[dict], str | None]) -> None:
        for number, cell in enumerate(cells):
            if names[number] is None and (name := name_of(cell)) in free:
                names[number] = name
                del free[name]

    def with_text(cell: dict) -> str | None:
        if cell.get("id") and 2 * (known - len(free)) > known:
            return None
        text = text_of(cell)
        return next((name for name, old in free.items() if text in [c.text for c in old]), None)

    def with_exercise(cell: dict) -> str | None:
        id = exercise_of(cell)
        return next((name for name, old in free.items() if id and old[-1].exercise == id), None)

    def with_id_and_text(cell: dict) -> str | None:
        name = cell.get("id")
        return name if text_of(cell) in [old.text for old in free.get(name, [])] else None

    match(with_id_and_text)  # first, where a copy of a cell has its id, too
    match(lambda cell: cell.get("id"))
    match(lambda cell: cell.get("metadata", {}).get("id"))  # where Colab puts it
    match(with_text)
    match(with_exercise)
    return names


def names_of(cells: list[dict], editions: list[Edition]) -> list[str]:
    """The names of a handout's cells: those of the same cells in earlier editions, or their ids."""
    names = matched(cells, editions)
    taken = {name for name in names if name} | {name for edition in editions for name in edition}
    found = []
    for name, cell in zip(names, cells):
        if name is None:
            name = str(cell.get("id") or text_of(cell))
            while name in taken:
                name += "+"
            taken.add(name)
        found.append(name)
    return found


def recorded(files: dict[str, bytes], before: Record, made: str) -> Record:
    """What these files of a handout are, after what was handed out before."""
    record = Record(made)
    for name, data in sorted(files.items()):
        if is_notebook(name):
            cells = book_of(name, data)["cells"]
            editions = before.notebooks.get(name, [])
            latest = edition_of(dict(zip(names_of(cells, editions), cells)))
            record.notebooks[name] = [each for each in editions if each != latest] + [latest]
        else:
            hashes = before.files.get(name, [])
            record.files[name] = [each for each in hashes if each != digest(data)] + [digest(data)]
    return record


def record_in(folder: Path) -> None:
    """Write into a new handout what it holds, and into its notebooks which edition they are."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes()
             for path in folder.rglob("*") if path.is_file() and path.name != RECORD}
    record = recorded(files, Record(), datetime.now(UTC).isoformat())
    for name, editions in record.notebooks.items():
        book = stamped(book_of(name, files[name]), stamp_of(editions[-1]))
        (folder / name).write_bytes(file_of(book))
    (folder / RECORD).write_bytes(record.data())
