"""What students were given: the texts, questions and code of the notebooks that are handed out.

Without a checkout there are none, and all that stands in a notebook counts as the student's.
"""
import re
from functools import cache
from typing import NamedTuple

from cs231n_lite.exercises.reading import Notebook, notebook_of
from cs231n_lite.grading.handout.folder import MODEL_ANSWER, NOTEBOOKS, ROOT, in_parts, untouched

ASKS = re.compile(r"(?<!\*)\*++\s*+Your answer:?\s*+\*++:?")


class Question(NamedTuple):
    """A question that is answered in words: what it asks, and the text that stands before it."""

    text: str
    before: str


@cache
def notebooks() -> tuple[Notebook, ...]:
    """The notebooks, as they lie here and as they are handed out."""
    paths = [path for name in NOTEBOOKS if (path := ROOT / name).is_file()]
    return tuple(notebook_of(path.name, data) for path in paths
                 for data in (path.read_bytes(), untouched(path).encode()))


@cache
def texts() -> frozenset[str]:
    """All their texts, on one line each."""
    return frozenset(squeezed(text) for book in notebooks() for _, text in book.aside)


@cache
def cells() -> frozenset[str]:
    """All their code cells."""
    return frozenset(cell.strip() for book in notebooks() for cell in book.cells)


@cache
def questions() -> tuple[Question, ...]:
    """The questions that ask for an answer in words, in order."""
    found = {}
    for book in notebooks():
        sources = [source for _, source in book.aside]
        for before, source in zip(["", *sources], sources):
            if ASKS.search(source):
                asked = squeezed(ASKS.split(source)[0])
                found[asked] = Question(asked, squeezed(before))
    return tuple(found.values())


def squeezed(text: str) -> str:
    """A text without model answers and parts for teachers, on one line."""
    return in_parts(MODEL_ANSWER.sub("", " ".join(text.split()))).strip()
