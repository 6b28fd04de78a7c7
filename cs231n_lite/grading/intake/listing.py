"""What lies in a folder or a zip: names alone, none of the files is read."""
import os
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cs231n_lite.exercises.reading import is_notebook
from cs231n_lite.exercises.registry import ASKING
from cs231n_lite.grading.intake.archives import ARCHIVE, is_archive, members, outside
from cs231n_lite.grading.intake.bounds import DEPTH, ENTRIES, Left, Room
from cs231n_lite.grading.updating.command import BACKUP

COPY = re.compile(rf"(?:{'|'.join(ASKING)})(?:[ _-]*copy)?[ _-]?(?:\d*|\(\d+\))", re.IGNORECASE)
INSTEAD = re.compile(r"\.ipynb\b|\.(?:py|html?|pdf)$", re.IGNORECASE)
# What computers keep for themselves, beside or below what people hand in.
INSTALLED = frozenset({"venv", ".venv", "node_modules", "site-packages"})
NEVER = INSTALLED | {"__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".DS_Store",
                     "Thumbs.db", "desktop.ini"}
PACKAGES = "holds installed packages, and is nobody's submission."
HIDDEN = "is hidden; rename it if it belongs to a submission."


class InZip(NamedTuple):
    """A file in a zip that holds a whole class."""

    archive: Path
    name: str


class Listing(NamedTuple):
    """The files below an entry, by their paths there, and what was not looked into."""

    files: dict[str, Path | InZip]
    left: list[Left]


class Entry(NamedTuple):
    """An entry of a folder, or of a zip: a file, or a folder with what is below it."""

    name: str
    is_folder: bool
    listing: Listing


def is_instead(name: str) -> bool:
    """True for the name of what students hand in in place of a notebook."""
    return bool(INSTEAD.search(name))


def is_submitted(name: str) -> bool:
    """True for a file name that is a submission's."""
    return is_notebook(name) or is_archive(name) or is_instead(name)


def title(name: str) -> str:
    """A file's name without folder and endings of a notebook, an archive, or what is in place."""
    own = name.rpartition("/")[2]
    ending = re.search(r"\.ipynb\b", own, re.IGNORECASE) or ARCHIVE.search(own)
    return own[:ending.start()] if ending else os.path.splitext(own)[0]


def is_assigned(name: str) -> bool:
    """True for a notebook of the assignment's name, or what stands in place; copies' names too."""
    return ((is_notebook(name) or is_instead(name))
            and bool(COPY.fullmatch(title(name))))


def is_student(files: Iterable[str]) -> bool:
    """True when a notebook of the assignment's name is among these, itself or in notebooks/."""
    return any(is_assigned(name) for name in files
               if name.rpartition("/")[0] in ("", "notebooks"))


def readable(name: str) -> str:
    """A file's name as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def passed_over(name: str) -> bool:
    """True for what is never anybody's submission."""
    return name in NEVER or name.startswith(("._", "~$", BACKUP))


def never_matters(path: str) -> bool:
    """True for a path through what is passed over, or hidden."""
    return any(passed_over(part) or (part.startswith(".") and part != "..")
               for part in path.split("/"))


def is_hidden(path: str) -> bool:
    """True for a path that somebody has hidden, and not a computer for itself."""
    return never_matters(path) and not any(map(passed_over, path.split("/")))


def entries_of(folder: Path, out: Path | None = None) -> tuple[list[Entry], list[Left]]:
    """What lies in a folder, each entry with its files, and what is no submission."""
    found: list[Entry] = []
    left: list[Left] = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        name, path = readable(entry.name), Path(entry.path)
        if passed_over(name) or (out and os.path.realpath(path) == os.path.realpath(out)):
            if name in INSTALLED and entry.is_dir():
                left.append(Left(name, PACKAGES))
            continue
        if is_results(path):
            left.append(Left(name, "holds the results of a run, and is nobody's submission."))
            continue
        if entry.is_dir(follow_symlinks=False):
            listing = below(path)
            if not name.startswith("."):
                found.append(Entry(name, True, listing))
            elif any(map(is_submitted, listing.files)):
                left.append(Left(name, HIDDEN))
        elif entry.is_symlink() and os.path.isdir(path):
            left.append(Left(name, "is a link to a folder, which is not followed; "
                                   "name the folder itself."))
        elif not name.startswith("."):
            found.append(Entry(name, False, Listing({name: path}, [])))
        elif is_submitted(name):
            left.append(Left(name, HIDDEN))
    return found, left


def is_results(path: Path) -> bool:
    """True for a folder that a run has written."""
    return os.path.isdir(path / "students") and os.path.isfile(path / "results.json")


def below(folder: Path) -> Listing:
    """The files below a folder, level by level, as far as bounds allow."""
    files: dict[str, Path | InZip] = {}
    left: list[Left] = []
    room, level = ENTRIES, [("", folder)]
    for _ in range(DEPTH):
        deeper: list[tuple[str, Path]] = []
        for prefix, path in level:
            try:
                with os.scandir(path) as entries:
                    inside = sorted(islice(entries, room), key=lambda entry: entry.name)
            except OSError as error:
                left.append(Left(prefix.rstrip("/"), f"cannot be read: {error.strerror}."))
                continue
            room -= len(inside)
            for entry in inside:
                name = prefix + readable(entry.name)
                sort(entry, name, files, deeper, left)
        level = deeper
        if not room:
            return Listing(files, [*left, Left("", f"holds more than {ENTRIES:,} files and folders;"
                                                   " those beyond were not looked at.")])
    if level:
        left.append(Left(level[0][0].rstrip("/"), f"lies more than {DEPTH} folders deep, "
                                                  "and was not looked into."))
    return Listing(files, left)


def sort(entry: os.DirEntry, name: str, files: dict[str, Path | InZip],
         deeper: list[tuple[str, Path]], left: list[Left]) -> None:
    """Put an entry where it belongs: to the files, the folders to look into, or what is left."""
    hidden, path = entry.name.startswith("."), Path(entry.path)
    if passed_over(entry.name) or (hidden and not is_submitted(name)):
        return
    if hidden:
        left.append(Left(name, HIDDEN))
    elif entry.is_dir(follow_symlinks=False):
        deeper.append((f"{name}/", path))
    elif entry.is_symlink() and os.path.isdir(path):
        left.append(Left(name, "is a link to a folder, which is not followed."))
    else:
        files[name] = path


def in_archive(path: Path) -> Listing:
    """The files in an archive that somebody has named; raises Unopened."""
    with path.open("rb") as file:
        found = [(name, outside(name)) for name, *_ in members(file, Room())]
    left = [Left(name, why or HIDDEN) for name, why in found
            if is_submitted(name) and (why or is_hidden(name))]
    tops = {name.partition("/")[0]: None for name, _ in found if "/" in name}
    left += [Left(top, PACKAGES) for top in tops if top in INSTALLED]
    return Listing({name: InZip(path, name) for name, why in found
                    if not why and not never_matters(name)}, left)


def entries_in(listing: Listing) -> list[Entry]:
    """The files of a listing by the first part of their paths, as entries."""
    parts: dict[tuple[str, bool], Listing] = {}
    for path, source in listing.files.items():
        name, is_folder, rest = path.partition("/")
        entry = parts.setdefault((name, bool(is_folder)), Listing({}, []))
        entry.files[rest or name] = source
    return [Entry(name, is_folder, entry) for (name, is_folder), entry in parts.items()]
