"""The files of a handout, from its folder or a zip file; nothing is written or run."""
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from cs231n_lite.grading.updating.record import (
    RECORD,
    Record,
    book_of,
    exercise_of,
    source_of,
    text_of,
)

LARGEST = 2**29
STUB = re.compile(r"^[ \t]*raise NotImplementedError|=[ \t]*\.\.\.", re.MULTILINE)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, IndexError)


class Handout(dict[str, bytes]):
    """The files of a handout by name, with its record and the folder or file that it is in."""

    def __init__(self, where: Path, names: list[str], read: Callable[[str], bytes]) -> None:
        self.where = where
        self.record = Record.read(read(RECORD))
        if not self.record.made:
            raise ValueError(f"{where} has a {RECORD} that cannot be read; "
                             "get the new handout again.")
        super().__init__((name, read(name)) for name in names
                         if self.record.holds(name) or not made_by_use(name))
        refuse_answered(self)


def handout_at(path: Path, here: Path) -> Handout:
    """The handout in a folder or zip file; ValueError where there is none, or it is `here`."""
    if path.is_dir():
        folder = path if path == here else unpacked_in(path)
        if folder == here:
            raise ValueError(f"{here} is the folder that is to be updated, since this update.py "
                             "lies in it; name the new handout, and copy update.py into your own "
                             "folder if it is not there.")
        return Handout(folder, list(names_in(folder)), lambda name: (folder / name).read_bytes())
    if not path.exists():
        raise ValueError(f"There is no {path}; name the new handout, a folder or a zip file.")
    try:
        with zipfile.ZipFile(path) as archive:
            members = {entry.filename.replace("\\", "/"): entry for entry in archive.infolist()
                       if not entry.is_dir()}
            refuse_hostile(members, path)
            top = top_of(list(members), path)
            names = [name.removeprefix(top) for name in members if name.startswith(top)]
            return Handout(path, names, lambda name: archive.read(members[top + name]))
    except BROKEN as error:
        raise ValueError(f"{path} is no zip file that can be read ({error}); "
                         "name the new handout, or get it again.") from error


def unpacked_in(path: Path) -> Path:
    """The handout in a folder: it may be the folder itself, or lie in it, with nothing beside it.

    Raises ValueError for a folder that holds more, such as one for what was downloaded: a handout
    in there need not be the one that is meant.
    """
    folder, inside = path, alone_in(path)
    while inside and not (folder / RECORD).exists():
        folder, inside = inside, alone_in(inside)
    if not (folder / RECORD).exists():
        top = top_of([found.relative_to(path).as_posix() for found in path.glob(f"*/{RECORD}")],
                     path)
        raise ValueError(f"{path} holds more than a handout; name the one in it, {path / top}, "
                         "if that is meant.")
    return folder


def alone_in(folder: Path) -> Path | None:
    """The one folder in a folder that holds nothing else but what is hidden."""
    held = [path for path in folder.iterdir() if not path.name.startswith((".", "__MACOSX"))]
    is_one = len(held) == 1 and held[0].is_dir() and not held[0].is_symlink()
    return held[0] if is_one else None


def names_in(folder: Path) -> Iterator[str]:
    """The files of a folder as a handout names them."""
    for where, folders, names in os.walk(folder):
        place = Path(where).relative_to(folder)
        folders[:] = [name for name in folders if name not in (".venv", ".git", "__pycache__")]
        yield from ((place / name).as_posix() for name in names if Path(where, name).is_file())


def top_of(names: list[str], where: Path) -> str:
    """The folder inside that holds the handout, with a slash, or nothing."""
    tops = sorted((name.removesuffix(RECORD) for name in names
                   if f"/{name}".endswith(f"/{RECORD}")), key=lambda top: top.count("/"))
    if not tops:
        raise ValueError(f"{where} is no handout that an update can be taken from: it holds no "
                         f"{RECORD}; name the folder or zip file that you were given.")
    if len(tops) > 1 and tops[0].count("/") == tops[1].count("/"):
        raise ValueError(f"{where} holds several handouts ({tops[0]} and {tops[1]}); name one.")
    return tops[0]


def refuse_hostile(members: dict[str, zipfile.ZipInfo], where: Path) -> None:
    """Raise ValueError where a zip file would write elsewhere, or fill the disk."""
    for name, entry in members.items():
        outside = name.startswith("/") or re.search(r"(^|/)\.\.(/|$)|[:\0]", name)
        if outside or (stat.S_ISLNK(entry.external_attr >> 16) and not made_by_use(name)):
            raise ValueError(f"{where} holds {name!r}, a link or a path out of its folder; "
                             "this is no handout as it was given out, so nothing was taken.")
    if (size := sum(entry.file_size for entry in members.values())) > LARGEST:
        raise ValueError(f"{where} would take {size >> 20:,} MB; expected a handout, "
                         f"with at most {LARGEST >> 20} MB.")


def made_by_use(name: str) -> bool:
    """True for a file that came into a handout only when somebody worked in it."""
    *folders, last = name.split("/")
    return (any(part.startswith((".", "__pycache__", "__MACOSX")) for part in (*folders, last))
            or any(part.endswith(".egg-info") for part in folders)
            or name.startswith(("build/", "datasets/")))


def refuse_answered(handout: Handout) -> None:
    """Raise ValueError for a folder in which somebody has answered exercises."""
    for name in sorted(handout.keys() & handout.record.notebooks.keys()):
        given = {cell.text for edition in handout.record.notebooks[name]
                 for cell in edition.values()}
        for cell in book_of(name, handout[name])["cells"]:
            if (exercise_of(cell) and text_of(cell) not in given
                    and not STUB.search(source_of(cell))):
                raise ValueError(f"{handout.where} has an answer to {exercise_of(cell)} in {name}; "
                                 "name the new handout as it was given out, not a folder in which "
                                 "somebody has worked.")
