"""What one submission may bring: each bound with its sentence, and what is left out by name."""
from math import ceil
from time import monotonic
from typing import NamedTuple

MB = 2**20
LARGEST = 32 * MB  # of a file
TOGETHER = 64 * MB  # of all files that are read of a submission
FILES = 100  # that are read of a submission
MODULES, MODULES_TOGETHER = 50, MB
ENTRIES, DEPTH = 10_000, 16  # that are looked through in search of notebooks
CODE, CELLS = MB, 5_000  # of a notebook
CONTENTS = 8 * MB  # of a zip's list of its members
UNPACKED = 1024 * MB  # that pass by while the members of a tar are looked for
LONGEST = 120  # characters of a name
MENTIONED = 10  # reasons for which parts of a submission are left out


class Left(NamedTuple):
    """An entry, or a part of one, that is not graded, and why."""

    entry: str
    why: str


class Room:
    """What may still be read of one submission, and until when."""

    def __init__(self, seconds: float = 15.0) -> None:
        self.seconds, self.end = seconds, monotonic() + seconds
        self.bytes, self.files = TOGETHER, FILES

    def refusal(self, size: int) -> str:
        """Why a file of this size is not read, said of it; empty where there is room."""
        if size > LARGEST:
            return f"has {megabytes(size)} MB; expected at most {LARGEST // MB} MB."
        if size > self.bytes:
            return (f"is not read: with it the submission has more than {TOGETHER // MB} MB; "
                    "clear the notebooks' outputs.")
        if not self.files:
            return f"is not read: it is one of more than {FILES} files."
        return self.lateness()

    def lateness(self) -> str:
        """Why nothing more is read, if the time is over."""
        return ("" if monotonic() < self.end else
                f"is not read: reading the submission took more than {self.seconds:.3g} seconds.")

    def take(self, size: int) -> None:
        """Count a file that was read."""
        self.bytes, self.files = self.bytes - size, self.files - 1


def megabytes(size: int) -> str:
    """A size with one decimal, rounded up: one that is beyond a bound reads so, too."""
    return f"{ceil(10 * size / MB) / 10:,.10g}"


def mentioned(left: list[Left]) -> list[Left]:
    """What was left out, each reason once: the first entries by name, and how many more."""
    entries: dict[str, list[str]] = {}
    for entry, why in left:
        entries.setdefault(why, []).append(entry[:LONGEST])
    told = [Left(", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else ""),
                 why) for why, names in entries.items()]
    if len(told) > MENTIONED:
        told[MENTIONED:] = [Left("", f"{len(told) - MENTIONED:,} more reasons are not told.")]
    return told
