"""A notebook of the student's and the new handout's, merged cell by cell."""
import re
from difflib import SequenceMatcher
from typing import NamedTuple

from cs231n_lite.grading.updating.record import (
    OWN_NAME,
    Cell,
    Edition,
    digest,
    edition_of,
    exercise_of,
    matched,
    names_of,
    outputs_of,
    source_of,
    text_of,
)

SAYING = {
    "changed": "You changed the cell below, and so does the new handout. Yours stands there as it "
               "was; the new version is this:",
    "removed": "The new handout no longer holds the cell below. It stays, because you changed it.",
    "notebook": "The new handout no longer holds this notebook. It stays, because cells of it are "
                "yours.",
    "deleted": "You deleted a cell here that the new handout changes. The new version is this:",
    "answered": "The new handout adds an exercise here that a cell of yours answers already. It "
                "begins with this:",
}


class Merged(NamedTuple):
    """The cells of a notebook; of these the student's, hashed; and at how many both changed one."""

    cells: list[dict]
    own: list[str]
    marked: int


Group = tuple[str | None, list[dict]]  # a cell under its mark, with its name; None for own ones


def merge(ours: list[dict], theirs: list[dict], editions: list[Edition], base: Edition) -> Merged:
    """The student's cells in their order, with what the new handout changes, adds and removes.

    `base` is the edition that the student's notebook came from.
    """
    new = dict(zip(names_of(theirs, editions), theirs))
    now = edition_of(new)
    names = matched(ours, [*editions, now])
    moved = moved_in(base, list(new))
    groups: list[Group] = []
    carried: dict[str, dict] = {}  # cells that go where the new handout has them now
    yours = [cell for name, cell in zip(names, ours)
             if not is_mark(cell) and is_yours(name, cell, editions)]
    for name, cell in zip(names, ours):
        if name is None or is_yours(name, cell, [*editions, now]):
            groups.append((name, [*mark_above(name, cell, base, new), cell]))
        elif name not in new:
            groups += [(None, [cell])] * (name not in base or retagged(cell, base[name]))
        elif name in moved:
            carried[name] = brought(cell, base.get(name), new[name])
        else:
            groups.append((name, [brought(cell, base.get(name), new[name])]))
    insert(groups, new, base, carried, yours)
    cells = [cell for _, group in groups for cell in group]
    fresh = [cell for cell in cells if is_mark(cell) and not any(cell is old for old in ours)]
    return Merged(without_old_marks(cells, fresh), list(map(text_of, yours)), len(fresh))


def is_yours(name: str | None, cell: dict, editions: list[Edition]) -> bool:
    """True where the text of a cell is none that was handed out for it."""
    return text_of(cell) not in [edition[name].text for edition in editions if name in edition]


def retagged(cell: dict, old: Cell) -> bool:
    """True where the student has changed the tags of a cell."""
    return cell.get("metadata", {}).get("tags") != old.metadata.get("tags")


def moved_in(base: Edition, new: list[str]) -> set[str]:
    """The cells that the new handout has in another order; no exercise.

    An exercise that went below the student's answer would take its place.
    """
    blocks = SequenceMatcher(None, list(base), new, autojunk=False).get_matching_blocks()
    stable = {name for block in blocks for name in new[block.b:block.b + block.size]}
    return {name for name in new if name in base and name not in stable and not base[name].exercise}


def brought(cell: dict, old: Cell | None, new: dict) -> dict:
    """A cell whose text is not the student's, as the new handout has it.

    What the student changed in its metadata stays, and where the text is the same its outputs.
    """
    known, mine = (old.metadata if old else {}), cell.get("metadata", {})
    metadata = dict(new.get("metadata", {}))
    for key in [*mine, *known]:
        if mine.get(key) != known.get(key):
            metadata.pop(key, None)
            metadata |= {key: mine[key]} if key in mine else {}
    result = new | {"metadata": metadata}
    shown = outputs_of(cell)
    if text_of(cell) == text_of(new) and (
            old is None or shown != old.outputs or shown == outputs_of(new)):
        result |= {key: cell[key] for key in ("outputs", "execution_count") if key in cell}
    same = {**result, "id": 0} == {**cell, "id": 0, "source": result.get("source")}
    return cell if same and text_of(cell) == text_of(new) else result


def mark_above(name: str | None, cell: dict, base: Edition, new: dict[str, dict]) -> list[dict]:
    """What stands above a student's cell that the new handout changes or removes; else nothing."""
    if name in new and (name not in base or text_of(new[name]) != base[name].text):
        return [mark(name, "changed", new[name])]
    if name in base and name not in new:
        return [mark(name, "removed")]
    return []


def insert(groups: list[Group], new: dict[str, dict], base: Edition, carried: dict[str, dict],
           yours: list[dict]) -> None:
    """Put the new handout's other cells where they belong, and own ones that follow before them."""
    last = None  # of the new handout's cells before this one, the nearest that is there
    for name, cell in new.items():
        if not any(name == there for there, _ in groups):
            if name in carried:
                group = [carried[name]]
            elif name in base:
                changed = text_of(cell) != base[name].text
                group = [mark(name, "deleted", cell)] * changed
            else:
                group = [mark(name, "answered", cell) if answered(cell, yours) else cell]
            if not group:
                continue
            groups.insert(place_after(last, groups), (name, group))
        last = name


def place_after(last: str | None, groups: list[Group]) -> int:
    """Where a cell goes that follows `last`: below own cells there, above the mark of the next."""
    if last is None:
        return 0
    at = [name for name, _ in groups].index(last) + 1
    while at < len(groups) and groups[at][0] is None and not is_mark(groups[at][1][0]):
        at += 1
    return at


def answered(stub: dict, yours: list[dict]) -> bool:
    """True where one of the student's cells binds the name that an exercise asks for."""
    id = re.escape(exercise_of(stub))
    binds = re.compile(rf"^\s*(?:def\s+{id}\b|{id}\s*=[^=]|from\b.*\bimport\b.*\b{id}\b)",
                       re.MULTILINE)
    return bool(id) and any(binds.search(source_of(cell))
                            for cell in yours if cell["cell_type"] == "code")


def mark(name: str, why: str, new: dict | None = None) -> dict:
    """A text cell that says what became of a place, and quotes what the new handout has there."""
    text = f"**Update.** {SAYING[why]}"
    if new and new["cell_type"] == "markdown":
        text += "\n\n" + "\n".join(f"> {line}" for line in source_of(new).splitlines())
    elif new:
        fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall("`+", source_of(new))), 0)
        text += f"\n\n{fence}python\n{source_of(new)}\n{fence}"
    cell = {"cell_type": "markdown", "id": f"update-{digest([name, text])}", "metadata": {},
            "source": text.splitlines(keepends=True)}
    if new and "attachments" in new:
        cell["attachments"] = new["attachments"]
    cell["metadata"] = {OWN_NAME: {"update": name, "text": text_of(cell)}}
    return cell


def is_mark(cell: dict) -> bool:
    """True for a mark that the student has left as it was."""
    note = cell.get("metadata", {}).get(OWN_NAME)
    return isinstance(note, dict) and "update" in note and note.get("text") == text_of(cell)


def without_old_marks(cells: list[dict], fresh: list[dict]) -> list[dict]:
    """The cells without marks of earlier updates in whose place there is a newer one."""
    again = [cell["metadata"][OWN_NAME]["update"] for cell in fresh]
    return [cell for cell in cells if not is_mark(cell) or any(cell is each for each in fresh)
            or cell["metadata"][OWN_NAME]["update"] not in again]
