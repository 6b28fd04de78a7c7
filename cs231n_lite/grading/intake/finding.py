"""Whose notebooks are these?  Nothing of a student's is read here, and nothing run."""
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cs231n_lite.grading.intake.archives import Unopened, is_archive
from cs231n_lite.grading.intake.bounds import DEPTH, LONGEST, Left, Room
from cs231n_lite.grading.intake.kinds import of_different_kinds
from cs231n_lite.grading.intake.listing import (
    Entry,
    Listing,
    below,
    entries_in,
    entries_of,
    in_archive,
    is_student,
    is_submitted,
    readable,
)
from cs231n_lite.grading.intake.naming import (
    METADATA,
    Named,
    by_system,
    in_gradescope,
    named,
    own_name,
    pattern_of,
    told_apart,
)
from cs231n_lite.grading.intake.submission import Source, Submission, content, parts_of


class Found(NamedTuple):
    """The submissions, and what is not graded, and why."""

    submissions: list[Submission]
    left: list[Left]


class Handed(NamedTuple):
    """A submission, and what its student may be called: the first that is nobody else's name."""

    names: tuple[str, ...]
    submission: Submission


class Place(NamedTuple):
    """A folder or an archive with its entries, what of it is left out, and where results go."""

    path: Path
    entries: list[Entry]
    left: list[Left]
    out: Path | None = None


def found_in(paths: list[Path], pattern: str | None = None, out: Path | None = None) -> Found:
    """The submissions in these notebooks, folders and archives; ValueError for one with none.

    A notebook or an archive is a student of that name, and so is a folder that holds a notebook of
    the assignment's, itself or in notebooks/.  Any other folder holds students, as does a zip of
    several students' files: each folder and archive in it is one, and so are the notebooks beside
    them that names say to be one student's.  `pattern` says whose an entry is in its group
    `student`, matched against its name, or a file's path.  `out` is nobody's.
    """
    compiled = pattern_of(pattern) if pattern is not None else None
    handed: list[Handed] = []
    left: list[Left] = []
    for path in paths:
        here, others = at_path(path, compiled, out)
        if not path.exists():
            raise ValueError(f"There is no {path}; expected a notebook, a student's folder, or a "
                             "folder of those.")
        if not here:
            first = "".join(f" ({entry} {why[:-1]})" for entry, why in others[:1])
            raise ValueError(f"{path} holds no notebook{first}; "
                             "expected one, a student's folder, or a folder of those.")
        handed += here
        left += [Left(entry[:LONGEST], why) for entry, why in others]
    # What is named by two paths is graded once.
    once = list({sources_of(one): one for one in reversed(handed)}.values())[::-1]
    names = told_apart([tuple(name[:LONGEST] for name in one.names) for one in once])
    return Found([one.submission._replace(student=name) for one, name in zip(once, names)], left)


def sources_of(handed: Handed) -> tuple:
    """Where the files of a submission lie; where there are none, its name and place."""
    here = handed.submission
    files = {**here.notebooks, **here.modules, **here.archives}
    lie = [os.path.join(os.path.realpath(source.parent), source.name)
           if isinstance(source, Path) else str(source) for source in files.values()]
    return (*sorted(lie),) or handed.names


def at_path(path: Path, pattern: re.Pattern | None,
            out: Path | None) -> tuple[list[Handed], list[Left]]:
    """The students at a path that somebody has named."""
    if out and os.path.realpath(path) == os.path.realpath(out):
        raise ValueError(f"--out is {path}, which holds the submissions; name another folder.")
    if path.is_dir():
        entries, left = entries_of(path, out)
        return in_place(Place(path, entries, left, out), pattern)
    if is_archive(path.name) and path.is_file() and (place := class_in(path)):
        return in_place(place, pattern)
    if not path.exists():
        return [], []
    entry = Entry(readable(path.name), False, Listing({readable(path.name): path}, []))
    return in_class(Place(path.parent, [entry], []), pattern)


def class_in(path: Path) -> Place | None:
    """What lies in an archive that holds several students' work; None for one student's."""
    try:
        listing = in_archive(path)
    except (Unopened, OSError):  # the one whose it is will be told
        return None
    place = unwrapped(Place(path, entries_in(listing), listing.left))
    if is_student(listing.files) or not holds_students(place.entries):
        return None
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise ValueError(f"{path} holds several students' work; "
                             "unpack it, and name the folder.")
    return place


def holds_students(entries: list[Entry]) -> bool:
    """True for folders of several students, or for names that course systems write."""
    folders = [entry for entry in entries if entry.is_folder]
    students = [entry for entry in folders if is_student(entry.listing.files)]
    # nbgrader's folders are student/assignment.
    assignments = Counter(inside.name for entry in folders for inside in entries_in(entry.listing)
                          if inside.is_folder and is_student(inside.listing.files))
    archives = [entry for entry in entries if not entry.is_folder and is_archive(entry.name)]
    loose = [entry for entry in entries if not entry.is_folder and is_submitted(entry.name)]
    return (len(students) > 1 or max(assignments.values(), default=0) > 1
            or (len(archives) > 1 and archives == loose)
            or any(by_system(entry.name) for entry in entries))


def unwrapped(place: Place) -> Place:
    """The folder in which the students are, when there is nothing beside it."""
    for _ in range(DEPTH):
        if len(place.entries) != 1 or not place.entries[0].is_folder:
            break
        (entry,) = place.entries
        inside = entries_in(entry.listing)
        if is_student(entry.listing.files) or not holds_students(inside):
            break
        place = place._replace(path=place.path / entry.name, entries=inside,
                               left=[*place.left, *entry.listing.left])
    return place


def in_place(place: Place, pattern: re.Pattern | None) -> tuple[list[Handed], list[Left]]:
    """The students in a folder, or an archive of a class."""
    if pattern is None:
        files = [name for entry in place.entries for name in paths_of(entry)]
        if is_student(files):
            refuse_unclear(place)
            return one_student(place)
        if [is_archive(entry.name) for entry in place.entries] == [True] and place.path.is_dir():
            (lone,) = place.entries[0].listing.files.values()
            if isinstance(lone, Path) and (inside := class_in(lone)):
                return in_place(inside, None)
        inner = unwrapped(place)
        if inner is not place and inner.path.is_dir():
            entries, left = entries_of(inner.path, place.out)
            inner = Place(inner.path, entries, [*place.left, *left])
        place = inner
        unsaid = all(name.file == entry.name
                     for entry, name in zip(place.entries, named(place.entries, {})))
        if unsaid and of_different_kinds([source for entry in place.entries
                                          for source in entry.listing.files.values()]):
            return one_student(place)
    return in_class(place, pattern)


def paths_of(entry: Entry) -> Iterator[str]:
    """The paths of an entry's files, from the folder that it lies in."""
    return (f"{entry.name}/{name}" if entry.is_folder else name for name in entry.listing.files)


def one_student(place: Place) -> tuple[list[Handed], list[Left]]:
    """The student whose folder this is."""
    if place.path.is_dir():
        files, left = below(place.path)
    else:
        files = {path: source for entry in place.entries
                 for path, source in zip(paths_of(entry), entry.listing.files.values())}
        left = []
    name = readable(place.path.resolve().name)
    said = by_system(name)
    if not said or said.system != "Moodle":  # which gives each student a folder
        said = Named("folder", name)
    found = parts_of(said.student, {**files}, told=f"{said.system}: {name}",
                     left=tuple(left))._replace(id=said.id)
    return [Handed((said.student, name, str(place.path)), found)], [
        Left(f"{name}/{entry}", why) for entry, why in place.left if entry not in dict(left)]


def refuse_unclear(place: Place) -> None:
    """Raise ValueError for a student's folder in which there are others', who would vanish."""
    others = [entry.name for entry in place.entries if entry.name != "notebooks"
              and entry.is_folder and is_student(entry.listing.files)]
    if others:
        raise ValueError(f"{readable(str(place.path))} holds notebooks of the assignment, and so "
                         f"do {', '.join(others)} in it; name the students' folders one by one, "
                         "or move the notebooks beside them away.")


def in_class(place: Place, pattern: re.Pattern | None) -> tuple[list[Handed], list[Left]]:
    """The students whose entries these are, and what is nobody's."""
    entries = [entry for entry in place.entries
               if pattern or entry.is_folder or is_submitted(entry.name)]
    left = [Left(entry.name, "is no notebook, and no archive or folder that may hold one.")
            for entry in place.entries if entry not in entries and entry.name != METADATA]
    if pattern:
        entries, names, others = by_pattern(entries, pattern)
        left += others
    else:
        names = named(entries, in_gradescope(metadata_in(place)))
    groups: dict[tuple, list[tuple[Entry, Named]]] = {}
    for entry, name in zip(entries, names):
        # Two folders or archives are two students', whatever is cut from their names.
        whole = entry.name if name.system not in KNOWN and is_whole(entry) else ""
        groups.setdefault((name.system, name.student, name.id, whole), []).append((entry, name))
    handed = []
    for group in groups.values():
        newest = [one for one in group if not later(one[1], group)]
        left += [Left(entry.name, f"is older than {later(name, group)}, which is graded.")
                 for entry, name in group if later(name, group)]
        handed.append(assembled(place, newest))
    return handed, [*place.left, *left]


def metadata_in(place: Place) -> bytes | str:
    """What Gradescope's list of submissions holds, where there is one."""
    sources = [entry.listing.files[METADATA] for entry in place.entries
               if entry.name == METADATA and not entry.is_folder]
    return content(sources[0], METADATA, Room()) if sources else b""


KNOWN = ("Canvas", "Moodle", "Gradescope", "Blackboard", "name pattern")


def is_whole(entry: Entry) -> bool:
    """True for what is by itself all that a student has handed in."""
    return entry.is_folder or is_archive(entry.name)


def later(name: Named, group: list[tuple[Entry, Named]]) -> str:
    """The newest file of the same name and student; empty where this is it."""
    same = [(other.order, entry.name) for entry, other in group
            if name.order and own_name(other.file) == own_name(name.file)]
    order, newest = max(same, default=((), ""))
    return newest if order > name.order else ""


def assembled(place: Place, group: list[tuple[Entry, Named]]) -> Handed:
    """One student's submission, of one or more entries."""
    files: dict[str, Source] = {}
    left: list[Left] = []
    for entry, name in group:
        prefix = f"{entry.name}/" if entry.is_folder and len(group) > 1 else ""
        for path, source in entry.listing.files.items():
            own = prefix + path if entry.is_folder else name.file or path
            files[path if own in files else own] = source
        left += [Left((prefix + part).rstrip("/"), why) for part, why in entry.listing.left]
    entry, name = group[0]
    names = [entry.name[:LONGEST] for entry, _ in group]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    how = "archive" if name.system == "file" and is_archive(entry.name) else name.system
    found = parts_of(name.student, files, not any(is_whole(entry) for entry, _ in group),
                     f"{how}: {shown}", tuple(left))
    with_id = f"{name.student}_{name.id}" if name.id else entry.name
    if name.system in ("Canvas", "Moodle"):  # whose lists of students hold these numbers
        found = found._replace(id=name.id)
    return Handed((name.student, with_id, entry.name, str(place.path / entry.name)), found)


def by_pattern(entries: Iterable[Entry],
               pattern: re.Pattern) -> tuple[list[Entry], list[Named], list[Left]]:
    """The entries that a teacher's pattern gives to somebody, their names, and the others."""
    kept, names, left = [], [], []
    for entry in entries:
        parts = [entry]
        if entry.is_folder and not pattern.search(entry.name):
            parts = [Entry(f"{entry.name}/{path}", False, Listing({path: source}, []))
                     for path, source in entry.listing.files.items() if is_submitted(path)]
        matches = [(part, match["student"]) for part in parts
                   if (match := pattern.search(part.name)) and match["student"]]
        known = [part for part, _ in matches]
        kept += known
        names += [Named("name pattern", student, file="" if part.is_folder else part.name)
                  for part, student in matches]
        left += [Left(part.name, "does not match --name-pattern.")
                 for part in (parts if matches else [entry]) if part not in known]
    return kept, names, left
