"""Which notebook of the assignment is it?  Told from bytes, for a folder of renamed notebooks."""
import re
from pathlib import Path

from cs231n_lite.exercises.reading import is_notebook
from cs231n_lite.exercises.registry import ASKING, EXERCISES
from cs231n_lite.grading.intake.bounds import LARGEST

PIECE, OVERLAP = 2**20, 64
SAYS = re.compile(rb"(?:exercise:|\bcheck\(|(?:\\n|\b)def )(\w+)")


def of_different_kinds(sources: list) -> bool:
    """True for two or more renamed notebooks no two of which are the same of the assignment's.

    Different notebooks that lie in one folder are one student's, the same ones are several's.
    """
    paths = [source for source in sources if isinstance(source, Path) and is_notebook(source.name)]
    if not 1 < len(paths) <= len(ASKING) or len(paths) < len(sources):
        return False
    kinds = [kind_of(path) for path in paths]
    return all(kinds) and len(set(kinds)) == len(kinds)


def kind_of(path: Path) -> str:
    """The notebook of the assignment whose exercises a file names most; empty for none."""
    counts = dict.fromkeys(ASKING, 0)
    for id in exercises_in(path):
        counts[EXERCISES[id].notebook] += 1
    kind = max(counts, key=lambda name: counts[name])
    return kind if counts[kind] else ""


def exercises_in(path: Path) -> set[str]:
    """The exercises that a file names in tags, checks or definitions, read in pieces."""
    found: set[str] = set()
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LARGEST:
            return found
        with path.open("rb") as file:
            kept = b""
            while piece := file.read(PIECE):
                text = kept + piece
                found |= {name.decode("ascii", "replace") for name in SAYS.findall(text)}
                kept = text[-OVERLAP:]
    except OSError:
        return set()
    return found & EXERCISES.keys()
