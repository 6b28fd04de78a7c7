"""What a student wrote in words: the answers to the notebooks' inline questions."""
import re
from collections.abc import Iterable

from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.grading.handout.folder import MODEL_ANSWER
from cs231n_lite.grading.reporting import given
from cs231n_lite.grading.reporting.given import ASKS, Question, squeezed

LONGEST = 10_000  # characters of an answer
MOST = 20_000  # of a cell that are looked at
NOTHING = re.compile(r"[\s.…]*")


def written(books: dict[str, Notebook]) -> list[dict[str, str]]:
    """The assignment's questions that the notebooks hold, each with its answer, "" without one."""
    found: dict[str, dict[str, str]] = {}
    for name, book in books.items():
        for question, answer in answers(shortened(source) for _, source in book.aside).items():
            if question not in found or not found[question]["answer"]:
                found[question] = {"notebook": name, "question": asked(question),
                                   "answer": cut(answer)}
    return [found[question.text] for question in given.questions() if question.text in found]


def answers(texts: Iterable[str]) -> dict[str, str]:
    """The answers by question: what stands in its cell, or in cells of the student's after it.

    Where the question was overwritten its answer stands after what came before.
    """
    found: dict[str, list[str]] = {}
    current: Question | None = None
    overwritten = {question.before: question for question in given.questions() if question.before}
    for text in texts:
        line = squeezed(text)
        question = next((q for q in given.questions() if line.startswith(q.text)), None)
        if question:
            current = question
            found.setdefault(question.text, []).append(
                without_question(MODEL_ANSWER.sub("", text), question))
        elif line in given.texts():
            current = overwritten.get(line)
        elif current:
            found.setdefault(current.text, []).append(without_question(text, current))
    return {question: "\n\n".join(filter(None, parts)) for question, parts in found.items()}


def without_question(text: str, question: Question) -> str:
    """What is left of a cell without what was there before; "" if nothing, or dots alone."""
    words = r"\s+".join(map(re.escape, question.text.split()))
    rest = ASKS.sub("", re.sub(words, "", text)).strip()
    rest = re.sub(r"^…\s*", "", rest)
    return "" if NOTHING.fullmatch(rest) else rest


def asked(question: str) -> str:
    """The question without the word."""
    return re.sub(r"^\*\*Question\.\*\*\s*", "", question)


def shortened(text: str) -> str:
    """The beginning of a cell, without room for pattern after pattern to search in."""
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", "\n".join(text[:MOST].splitlines()))


def cut(answer: str) -> str:
    """An answer that is not too long."""
    return answer if len(answer) <= LONGEST else f"{answer[:LONGEST]} [...]"
