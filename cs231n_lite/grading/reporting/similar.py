"""What answers have in common: the same wrong text, or the same comments and unusual names.

That two answers are alike is a fact, and no more: who learned together, or read the same page,
writes alike.  Left out is what was handed out, what many have, and what is short.
"""
import builtins
import io
import keyword
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import combinations
from typing import NamedTuple

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import CORRECT, NOT_ATTEMPTED
from cs231n_lite.grading.reporting import given
from cs231n_lite.grading.reporting.html import count, linked, text
from cs231n_lite.grading.reporting.plain import visible

LEAST = 40  # tokens of an answer that says something by being the same
WORDS = 3  # of a comment
SHOWN, LONGEST = 50, 3000  # groups on a page, characters of an answer beside another
BETWEEN = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
NOTHING_UNUSUAL = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self", "np"}


class Answer(NamedTuple):
    """An answer as it stands, and what it is made of."""

    student: str
    exercise: str
    correct: bool
    text: str
    tokens: tuple[str, ...]
    comments: frozenset[str]
    names: frozenset[str]


class Alike(NamedTuple):
    """Answers to an exercise, and what they have in common."""

    answers: list[Answer]
    shared: tuple[str, ...] = ()


def section(results: list[dict]) -> str:
    """The part of the class's page, with answers side by side."""
    found = list(answers_in(results))
    return "\n".join([
        '<p>This is a fact and no accusation: two who learned together, or read the same page, '
        "write alike, and so do many who make the same slip. Short answers, what was handed out "
        "and what many have are left out.</p>",
        "<h3>The same wrong answer, but for spaces and comments</h3>", side_by_side(same(found)),
        "<h3>The same comments, or unusual names</h3>",
        side_by_side(in_common(found, len(results)))])


def answers_in(results: list[dict]) -> Iterator[Answer]:
    """All answers whose text is known."""
    for result in results:
        for row in result["exercises"]:
            whole = "\n\n".join(row.get("cells", ()))
            if whole and row["verdict"] != NOT_ATTEMPTED:
                yield Answer(result["student"], row["exercise"], row["verdict"] == CORRECT, whole,
                             *parts_of(whole))


@cache
def parts_of(code: str) -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    """The tokens of a text, its comments in small letters, and the names that are not attributes.

    What cannot be read as Python is read as far as that goes.
    """
    tokens: list[str] = []
    comments, names = set(), set()
    try:
        for kind, word, *_ in tokenize.generate_tokens(io.StringIO(code).readline):
            if kind == tokenize.COMMENT:
                comments.add(" ".join(word.strip("# ").lower().split()))
            elif kind not in BETWEEN:
                if kind == tokenize.NAME and tokens[-1:] != ["."]:
                    names.add(word)
                tokens.append(word)
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return (tuple(tokens), frozenset(c for c in comments if len(c.split()) >= WORDS),
            frozenset(names - NOTHING_UNUSUAL))


@cache
def handed_out() -> frozenset[str]:
    """The comments and names in the notebooks' own cells."""
    return frozenset(word for cell in given.cells()
                     for words in parts_of(cell)[1:] for word in words)


def same(answers: list[Answer]) -> list[Alike]:
    """Wrong answers of the same tokens, those of most students first."""
    found = defaultdict(list)
    for answer in answers:
        if not answer.correct and len(answer.tokens) >= LEAST:
            found[answer.exercise, answer.tokens].append(answer)
    return sorted((Alike(group) for group in found.values() if len(group) > 1),
                  key=lambda alike: -len(alike.answers))


def in_common(answers: list[Answer], students: int) -> list[Alike]:
    """Pairs of answers with a comment in common, or two names, that few others have.

    Those that are the same as a whole are told of by `same`.
    """
    shared: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for is_name, most in ((False, max(5, students // 20)), (True, max(2, students // 50))):
        for word, who in users(answers, is_name).items():
            if len({student for student, _ in who}) <= most:
                for (first, of), (second, too) in combinations(who, 2):
                    if of == too:
                        shared[of, first, second].append(word)
    copied = {(answer.exercise, answer.student, other.student) for alike in same(answers)
              for answer, other in combinations(alike.answers, 2)}
    by_place = {(answer.exercise, answer.student): answer for answer in answers}
    found = [Alike([by_place[id, first], by_place[id, second]], tuple(words))
             for (id, first, second), words in shared.items()
             if (id, first, second) not in copied
             and (len(words) > 1 or any(" " in word for word in words))]
    return sorted(found, key=lambda alike: -len(alike.shared))


def users(answers: list[Answer], is_name: bool) -> dict[str, list[tuple[str, str]]]:
    """Who has a comment, or a name, in which exercise; without what was handed out."""
    found = defaultdict(list)
    for answer in answers:
        for word in sorted((answer.names if is_name else answer.comments) - handed_out()):
            if not is_name or (len(word) > 2 and word not in EXERCISES):
                found[word].append((answer.student, answer.exercise))
    return found


def side_by_side(groups: list[Alike]) -> str:
    """The first two answers of each group beside one another, with the names of all."""
    if not groups:
        return "<p>There are none.</p>"
    more = len(groups) - SHOWN
    return "".join(map(shown, groups[:SHOWN])) + (
        f"<p>{count(more, 'group')} more {'is' if more == 1 else 'are'} not shown.</p>"
        if more > 0 else "")


def shown(alike: Alike) -> str:
    """A group."""
    names = ", ".join(linked(answer.student) for answer in alike.answers)
    words = ", ".join(f"<code>{text(word)}</code>" for word in alike.shared)
    sides = "".join(f"<div>{linked(answer.student)}<pre>{marked(answer.text, alike.shared)}</pre>"
                    "</div>" for answer in alike.answers[:2])
    return (f"<h4><code>{text(alike.answers[0].exercise)}</code>: {names}</h4>"
            + (f"<p>In common: {words}</p>" if words else "") + f'<div class="sides">{sides}</div>')


def marked(code: str, shared: tuple[str, ...]) -> str:
    """An answer, its lines with what is shared marked."""
    lines = visible(code[:LONGEST], keep="\n\t").split("\n")
    return "\n".join(f"<mark>{escape(line)}</mark>" if has(line, shared) else escape(line)
                     for line in lines)


def has(line: str, shared: tuple[str, ...]) -> bool:
    """True for a line with one of these comments or names in it."""
    _, comments, names = parts_of(line.strip())
    return bool({*shared} & {*comments, *names})
