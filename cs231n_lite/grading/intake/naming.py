"""Whose entry is this?  Names as course systems write them, as a teacher says, or as they stand."""
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from cs231n_lite.exercises.registry import ASKING
from cs231n_lite.grading.intake.listing import Entry, is_submitted, title

METADATA = "submission_metadata.yml"
SYSTEMS = {
    # Canvas, its lib/content_zipper.rb: name, LATE, user, file: lovelaceada_LATE_12_345_svm.ipynb
    "Canvas": r"(?:LATE_)?(?P<student>anon)_(?P<id>[^\W_]+)_(?P<order>\d+)_(?P<file>.+)"
              r"|(?P<student_>.+?)(?:_LATE)?_(?!20\d\d_\d\d?_)(?P<id_>\d+)_(?:(?P<order_>\d+)_(?P<file_>.+)"
              r"|(?:text|link)\.html)",
    # Moodle, "Download all submissions", in folders or not: Ada Lovelace_123_assignsubmission_file_
    "Moodle": r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)",
    # Gradescope, "Export Submissions": submission_123, whose name is in submission_metadata.yml
    "Gradescope": r"(?P<student>submission_(?P<id>\d+))",
    # Blackboard, "Assignment File Download": Homework_ada_attempt_2026-01-31-23-59-00_svm.ipynb
    "Blackboard": r".+?_(?P<student>[^_]+)_attempt_(?P<order>[\d-]+)(?:_(?P<file>.+)|\.txt)",
}
FORMS = {system: re.compile(form, re.IGNORECASE) for system, form in SYSTEMS.items()}
PARTS = "|".join(ASKING)
# Both in one step from either end, for a name in a zip may be long.
ONE_OF = re.compile(rf"(?P<student>.+)[\W_](?P<file>{PARTS})"
                    rf"|(?P<file_>{PARTS})[\W_](?P<student_>.+)", re.IGNORECASE)
BETWEEN = " _-.,+()[]"
# What a browser adds to the name of a second download, and a system to that of a copy.
COPIED = re.compile(r"(?:(?<![^\W_])copy ?)?\(\d+\)$|(?<![^\W_])copy(?: \d+)?$", re.IGNORECASE)
# GitHub Classroom's folders are assignment-username; a prefix that all share is the assignment.
ASSIGNMENT = re.compile(rf"\d|{PARTS}|assignment|homework|exercise|project|lab", re.IGNORECASE)


class Named(NamedTuple):
    """What a name says: by which system, whose, that student's number, and the file's own name.

    Of two files of one name and student, the one that is later in `order` was handed in later.
    """

    system: str
    student: str
    id: str = ""
    order: tuple[int, ...] = ()
    file: str = ""


def named(entries: list[Entry], names: dict[str, str]) -> list[Named]:
    """What the entries' names say, those of submissions given as Gradescope lists them."""
    found = [by_system(entry.name) for entry in entries]
    # Dates look like Canvas's numbers, but Canvas gives each file a number of its own.
    times = Counter(name.order for name in found if name and name.system == "Canvas" and name.order)
    prefix = prefix_of([entry.name for entry in entries if entry.is_folder])
    return [name._replace(student=names.get(name.student, name.student))
            if name and times[name.order] < 2 else as_it_stands(entry, prefix)
            for entry, name in zip(entries, found)]


def by_system(name: str) -> Named | None:
    """What a name says to those who know the system that wrote it."""
    for system, form in FORMS.items():
        if match := form.fullmatch(name):
            said = {key.rstrip("_"): value for key, value in match.groupdict("").items() if value}
            order = tuple(int(number) for number in re.findall(r"\d+", said.pop("order", "")))
            own = said.pop("file", "") or (name.rpartition("_")[2] if system == "Canvas" else "")
            return Named(system, said["student"], said.get("id", ""), order, own)
    return None


def as_it_stands(entry: Entry, prefix: str) -> Named:
    """What the name of a folder, an archive or a file says by itself."""
    if entry.is_folder:
        return (Named("GitHub Classroom", entry.name[len(prefix):]) if prefix
                else Named("folder", entry.name))
    own = title(entry.name)
    once = COPIED.sub("", own).rstrip(" _-")
    match = ONE_OF.fullmatch(once) if is_submitted(entry.name) else None
    if match and (student := (match["student"] or match["student_"]).strip(BETWEEN)):
        ending = entry.name[len(once):]
        return Named("file", student, file=(match["file"] or match["file_"]) + ending)
    return Named("file", own, file=entry.name)


def prefix_of(folders: list[str]) -> str:
    """What all these names begin with, up to a hyphen, where it reads as an assignment's name."""
    if len(folders) < 2:
        return ""
    first, last = min(folders), max(folders)
    same = next((i for i, (a, b) in enumerate(zip(first, last)) if a != b),
                min(len(first), len(last)))
    prefix = first[:first[:same].rfind("-") + 1]
    return prefix if ASSIGNMENT.search(prefix) and len(prefix) < len(first) else ""


def own_name(file: str) -> str:
    """A file's name without the number that Canvas adds when it is handed in once more."""
    own = title(file)
    return re.sub(r"-\d+$", "", own).lower() + file[len(own):].lower()


def in_gradescope(metadata: bytes | str) -> dict[str, str]:
    """The submitters' names by folder, of the list that Gradescope exports."""
    lines = metadata.decode("utf-8", "replace").splitlines() if isinstance(metadata, bytes) else []
    found: dict[str, list[str]] = {}
    submission, submitters = "", False
    for line in lines:
        if top := re.fullmatch(r"(submission_\d+):\s*", line):
            submission, submitters = top[1], False
        elif key := re.match(r"  (:\w+):", line):
            submitters = key[1] == ":submitters"
        if submitters and (name := re.search(r":name: +(.+?)\s*$", line)):
            found.setdefault(submission, []).append(unquoted(name[1]))
    return {submission: ", ".join(names) for submission, names in found.items()}


def unquoted(text: str) -> str:
    """A line of YAML's text without its quotes."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    try:
        return str(json.loads(text)) if text.startswith('"') else text
    except ValueError:
        return text.strip('"')


def pattern_of(text: str) -> re.Pattern:
    """The pattern that a teacher gives; ValueError where it is none, or names no student."""
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise ValueError(f"--name-pattern is {text!r}, which is no regular expression: {error}; "
                         "expected one such as '(?P<student>[a-z]+)_.*'.") from error
    if "student" not in pattern.groupindex:
        raise ValueError(f"--name-pattern is {text!r}; expected the part of a name that is the "
                         "student's in a group of that name, as in '(?P<student>[a-z]+)_.*'.")
    return pattern


def told_apart(names: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """One name for each: the first of those given that is nobody else's, or a number behind it.

    Names that look the same, though their letters are made of other characters, are the same.
    """
    choices = list(names)
    shown = [[normalize("NFC", name) for name in given] for given in choices]
    counts = [Counter(column) for column in zip(*shown)]
    seen: set[str] = set()
    for given, looks in zip(choices, shown):
        free = (name for name, look, count in zip(given, looks, counts)
                if count[look] == 1 and look not in seen)
        name = next(free, given[0])
        number = 2
        while normalize("NFC", name) in seen:
            name, number = f"{given[0]} ({number})", number + 1
        seen.add(normalize("NFC", name))
        yield name
