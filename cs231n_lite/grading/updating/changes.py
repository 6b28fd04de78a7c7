"""What an update will write and remove, as a whole, before anything is touched."""
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cs231n_lite.grading.updating.cells import mark, merge
from cs231n_lite.grading.updating.reading import Handout
from cs231n_lite.grading.updating.record import (
    OWN_NAME,
    RECORD,
    Edition,
    Record,
    book_of,
    digest,
    file_of,
    is_notebook,
    matched,
    recorded,
    stamp_of,
    stamped,
)


@dataclass
class Changes:
    """The new content of files by name, None for one that goes, and what there is to tell."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    read: dict[Path, bytes | None] = field(default_factory=dict)  # what it all rests on
    kept: int = 0
    marked: dict[str, int] = field(default_factory=dict)  # places at which both changed a cell
    both: list[str] = field(default_factory=list)  # files that both changed
    renamed: dict[str, str] = field(default_factory=dict)  # notebooks by their new names
    copies: list[str] = field(default_factory=list)  # the student's, of notebooks handed out

    def hold(self) -> bool:
        """True as long as nothing was saved since it was read."""
        return all(data == content(path) for path, data in self.read.items())


def changes_for(folder: Path, new: Handout) -> Changes:
    """What brings a folder to a new handout; ValueError where that cannot be said."""
    changes = Changes()

    def here(name: str) -> bytes | None:
        return changes.read.setdefault(folder / name, content(folder / name))

    before = Record.read(here(RECORD))
    origins = origins_of(new, before)
    after = recorded(new, before.renamed({old: name for name, old in origins.items()}),
                     new.record.made)
    for name in sorted({*new, *before.files, *before.notebooks} - {*origins.values()}):
        if name.startswith("datasets/") and (folder / "datasets").is_symlink():
            continue  # to a disk that has room for them, and is not ours to change
        refuse_in_the_way(folder, name)
        if name not in new:
            left_out(name, here(name), before, changes)
        elif is_notebook(name):
            old = origins.get(name, name)
            notebook(folder, name, old, new[name], before.notebooks.get(old, []),
                     after.notebooks[name], changes)
        else:
            file(name, here(name), new[name], before.files.get(name, []), changes)
    changes.renamed = {name: old for name, old in origins.items() if here(old) is not None}
    changes.copies = copies_in(folder, {*new, *before.notebooks, *changes.files}, before)
    if after.data() != here(RECORD):
        changes.files[RECORD] = after.data()
    return changes


def content(path: Path) -> bytes | None:
    """What a file holds; None where there is none."""
    return path.read_bytes() if path.is_file() else None


def refuse_in_the_way(folder: Path, name: str) -> None:
    """Raise ValueError, naming what to mend, where a file of a handout could not be put."""
    path = folder / name
    for above in [folder / part for part in Path(name).parents]:
        if above.is_symlink() or (above.exists() and not above.is_dir()):
            raise ValueError(f"{above} is a link, or no folder; put a folder in its place, "
                             "then run this again.")
    if path.is_dir():
        raise ValueError(f"{path} is a folder, and a file in the handout; rename it, "
                         "then run this again.")
    nearest = path if path.exists() else next(each for each in path.parents if each.is_dir())
    for needed in {nearest, nearest if nearest.is_dir() else nearest.parent}:
        if not os.access(needed, os.W_OK):
            raise ValueError(f"{needed} cannot be written; allow that, then run this again.")


# Notebooks.

def origins_of(new: Handout, before: Record) -> dict[str, str]:
    """The earlier names of those notebooks of a new handout that had another one."""
    gone = {name: editions[-1] for name, editions in before.notebooks.items() if name not in new}
    origins = {}
    for name in sorted(new):
        if is_notebook(name) and name not in before.notebooks:
            cells = book_of(name, new[name])["cells"]
            if old := nearest(cells, gone):
                origins[name] = old
                del gone[old]
    return origins


def nearest(cells: list[dict], editions: dict[str, Edition]) -> str | None:
    """The notebook of which these cells hold most, and more than half; None if there is none."""
    shares = {name: sum(map(bool, matched(cells, [edition]))) / max(1, len(edition))
              for name, edition in editions.items()}
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best is not None and shares[best] > 0.5 else None


def notebook(folder: Path, name: str, old: str, data: bytes, editions: list[Edition],
             now: list[Edition], changes: Changes) -> None:
    """What becomes of a notebook: the student's and the new one, merged under one name."""
    theirs = book_of(name, data)
    place = place_of(folder, old, editions or now, changes)
    if place is None:
        changes.files[name] = file_of(stamped(theirs, stamp_of(now[-1])))
        return
    before = changes.read.setdefault(folder / place, content(folder / place)) or b""
    ours = book_of(place, before)
    merged = merge(ours["cells"], theirs["cells"], editions, base_of(ours, editions))
    if editions:
        now[-1] = without(merged.own, editions, now[-1])
    cells = merged.cells
    if ours.get("nbformat_minor", 5) < 5:  # where a cell must have no id
        own = {id(cell) for cell in ours["cells"]}
        cells = [cell if id(cell) in own else without_id(cell) for cell in cells]
    book = stamped(ours | {"cells": cells}, stamp_of(now[-1]))
    target = name if place == old else place
    if book != ours or target != place:
        changes.files[target] = file_of(book)
    if target != place:
        if content(folder / target) is not None:
            changes.both.append(target)
        changes.files[place] = None
    changes.kept += len(merged.own)
    if merged.marked:
        changes.marked[target] = merged.marked


def without(own: list[str], before: list[Edition], edition: Edition) -> Edition:
    """The edition without texts that were the student's before it: these stay the student's."""
    first = set(own) - {cell.text for old in before for cell in old.values()}
    return {name: cell._replace(text="") if cell.text in first else cell
            for name, cell in edition.items()}


def place_of(folder: Path, name: str, editions: list[Edition], changes: Changes) -> str | None:
    """Where the student has a notebook: under its name, or under one of their own."""
    if (folder / name).is_file():
        return name
    found = {}
    for path in own_notebooks(folder):
        place = path.relative_to(folder).as_posix()
        try:
            cells = book_of(place, path.read_bytes())["cells"]
        except (ValueError, OSError):
            continue
        if place not in changes.files and nearest(cells, {name: editions[-1]}):
            found[place] = sum(map(bool, matched(cells, editions)))
    return max(found, key=lambda place: found[place], default=None)


def copies_in(folder: Path, known: set[str], before: Record) -> list[str]:
    """The student's copies of notebooks that were handed out, under names of their own."""
    latest = {name: editions[-1] for name, editions in before.notebooks.items()}
    found = []
    for path in own_notebooks(folder):
        place = path.relative_to(folder).as_posix()
        with suppress(ValueError, OSError):
            if place not in known and nearest(book_of(place, path.read_bytes())["cells"], latest):
                found.append(place)
    return found


def own_notebooks(folder: Path) -> Iterator[Path]:
    """The notebooks below a folder, but for those of other handouts and of tools."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__"))
                            and not Path(where, name, RECORD).exists())
        yield from (Path(where, name) for name in sorted(names) if is_notebook(name))


def base_of(book: dict, editions: list[Edition]) -> Edition:
    """The edition that a student's notebook came from; an open editor may have saved an old one."""
    stamp = str((book.get("metadata", {}).get(OWN_NAME) or {}).get("edition"))
    stamps = {stamp_of(edition): edition for edition in editions}
    return stamps.get(stamp, editions[-1] if editions else {})


def without_id(cell: dict) -> dict:
    """The cell as earlier versions of the format have it."""
    return {key: value for key, value in cell.items() if key != "id"}


# Other files.

def file(name: str, ours: bytes | None, theirs: bytes, hashes: list[str],
         changes: Changes) -> None:
    """What becomes of a file: the new one is there, unless the student alone has changed it."""
    if ours == theirs:
        return
    if ours is not None and digest(ours) not in hashes:
        if hashes and digest(theirs) == hashes[-1]:
            return
        changes.both.append(name)
    changes.files[name] = theirs


def left_out(name: str, ours: bytes | None, before: Record, changes: Changes) -> None:
    """What becomes of a file that the new handout does not hold: it goes if nobody changed it."""
    if ours is None:
        return
    if not is_notebook(name):
        if digest(ours) in before.files[name]:
            changes.files[name] = None
        return
    book = book_of(name, ours)
    editions = before.notebooks[name]
    merged = merge(book["cells"], [], editions, base_of(book, editions))
    if not merged.own:
        changes.files[name] = None
        return
    changes.kept += len(merged.own)
    note = mark(name, "notebook")
    cells = [note if "id" in book["cells"][0] else without_id(note), *book["cells"]]
    changes.files[name] = file_of(book | {"cells": cells})
    changes.marked[name] = 1
