"""What the text of a cell alone tells: names that it binds, a stub, an unfinished merge."""
import re
from collections.abc import Sequence

# In one line, and tried at its start alone: else a cell of blanks would take hours.
BINDING = re.compile(r"^[ \t]*(?:def[ \t]+(\w+)|(\w+)[ \t]*=(?!=))", re.MULTILINE)
STUB = re.compile(r"^[ \t]*+raise NotImplementedError|=[ \t]*+\.\.\.", re.MULTILINE)
MERGE = re.compile(r"^(?:<{7}|>{7})(?= |$)", re.MULTILINE)

MERGING = ("Git has left a merge unfinished: keep one side of each conflict, and delete the lines "
           "of <<<<<<<, ======= and >>>>>>>")


def names_in_text(source: str) -> list[str]:
    """The names that a cell binds, once for each time, as far as its text alone tells."""
    return [name for names in BINDING.findall(source) for name in names if name]


def bound_in_text(source: str) -> set[str]:
    """These names, once each."""
    return {*names_in_text(source)}


def merge_in(source: str) -> int:
    """The line at which Git's marks of a merge with conflicts begin; 0 where there are none."""
    marks = list(MERGE.finditer(source))
    if {mark[0][0] for mark in marks} != {"<", ">"}:
        return 0
    return source.count("\n", 0, marks[0].start()) + 1


def other_answer(id: str, cells: Sequence[str], aside: Sequence[tuple[str, str]]) -> str:
    """Where an answer stands that does not count, since a stub below, or the cell's kind, hides it.

    `aside` holds what is in cells of other kinds than code, each with its kind.
    """
    binding = [n for n, cell in enumerate(cells, start=1) if id in bound_in_text(cell)]
    if binding and STUB.search(cells[binding[-1] - 1]):
        answered = [n for n in binding[:-1] if not STUB.search(cells[n - 1])]
        if names_in_text(cells[binding[-1] - 1]).count(id) > 1:
            return (f"Code cell {binding[-1]} defines it more than once, and the last one counts: "
                    "delete the one that is as it was handed out.")
        if answered:
            return (f"Code cell {answered[-1]} answers it, but code cell {binding[-1]} below "
                    "defines it again, as it was handed out, and the last one counts: "
                    "delete that cell.")
    kind = next((kind for kind, text in aside if id in bound_in_text(text)), "")
    return f"A {kind} cell defines it, which is not run: make it a code cell." if kind else ""
