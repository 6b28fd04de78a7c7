"""The verdicts on one submission: fresh inputs twice in one process, and once more in a new one."""
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any, NamedTuple

from cs231n_lite.exercises.cells import bound_in_text, other_answer
from cs231n_lite.exercises.checking import judge
from cs231n_lite.exercises.grade import BROKEN
from cs231n_lite.exercises.judges.calling import crash
from cs231n_lite.exercises.judges.problems import Probes
from cs231n_lite.exercises.limits import Endless
from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.exercises.registry import ASKING, EXERCISES, Exercise
from cs231n_lite.exercises.verdict import (
    CORRECT,
    NOT_ATTEMPTED,
    WRONG,
    Fault,
    Trial,
    Verdict,
    verdict_of,
)
from cs231n_lite.grading.intake.submission import Submission, books_of, places, stem
from cs231n_lite.grading.judging.explaining import explained
from cs231n_lite.grading.judging.process import Lost, NoStart
from cs231n_lite.grading.judging.sandbox import ALL, OF_BUBBLEWRAP, Limits
from cs231n_lite.grading.judging.session import NotOwn, Session
from cs231n_lite.grading.running.beside import modules_beside, written_by

READING = 0.25  # of the time, for what is read at all
FIRST_PART = 0.75  # of the time; the rest is kept for the new process
START = 0.5  # seconds until a process has started
HASTE = 0.1  # of an exercise's share
ABSENT = "no notebook"  # the fault of an exercise whose notebook was not handed in
UNTOUCHED = "It is as it was handed out."
AGAIN = "On the first inputs it was right, on others it is not. "
HASTY = ("It is right on the first inputs; "
         "others were not tried to the end, for other exercises had used up the time.")


class Graded(NamedTuple):
    """A submission's verdicts, what was enforced (None where nothing ran), and its notebooks.

    `cells` holds the texts that each answer is made of; `fault` says, once for all exercises, why
    nothing could be judged.
    """

    verdicts: list[Verdict]
    enforced: list[str] | None
    books: dict[str, Notebook]
    cells: dict[str, list[str]]
    fault: str = ""


def graded(submission: Submission, limits: Limits, isolated: bool,
           seeds: tuple[int, int, int, int], start: float | None = None) -> Graded:
    """Judge every exercise of a submission: whatever its code does, a verdict within the limit.

    The time that it took to read what was handed in counts, from the moment `start`.
    """
    start = monotonic() if start is None else start
    books = books_of(submission.notebooks, start + READING * limits.seconds)
    first, second, third = (Probes(seeds[0], seeds[3]), Probes(seeds[1], seeds[3]),
                            Probes(seeds[2], seeds[2]))
    cells = {name: book.cells for name, book in books.items()}
    where = places(books, submission.alone)
    own = {name: modules_of(name, book, submission) for name, book in books.items()}
    verdicts: dict[str, Verdict] = {}
    with Session(cells, limits, isolated, start + FIRST_PART * limits.seconds,
                 modules=own) as session:
        for left, (id, place) in zip(range(len(where), 0, -1), where.items()):
            pace(session, left, verdicts)
            verdict = unreadable(id, place, books)
            if verdict is None:
                verdict = judged(session, id, place or "", [first, second])
            verdicts[id] = hinted(verdict, books.get(place or ""))
    right = [id for id in where if verdicts[id].status == CORRECT and not EXERCISES[id].is_number]
    with Session(cells, limits, isolated, start + limits.seconds + session.spared,
                 modules=own) as anew:
        for left, id in zip(range(len(right), 0, -1), right):
            pace(anew, left, verdicts)
            verdicts[id] = judged(anew, id, where[id] or "", [third], verdicts[id])
    verdicts = {id: explained(verdict, session.cells.get(id, []), limits, isolated, anew.end,
                              own.get(where[id] or "", {}))
                for id, verdict in verdicts.items()}
    enforced = session.enforced
    if enforced is not None and isolated:
        enforced = list(dict.fromkeys([*enforced, *OF_BUBBLEWRAP]))
    answers = {id: session.cells.get(id) or cell_of(id, books.get(place or ""))
               for id, place in where.items()}
    return Graded(said_once(verdicts.values()), enforced, books, answers, fault_of(books))


def cell_of(id: str, book: Notebook | None) -> list[str]:
    """The cell of an answer that never became a function: a number's, or one that is no Python."""
    return [cell for cell in (book.cells if book else ()) if id in bound_in_text(cell)][-1:]


def modules_of(name: str, book: Notebook, submission: Submission) -> dict[str, str]:
    """The modules that a notebook can import: handed in beside it, or written by its cells."""
    return modules_beside(name, submission.modules) | written_by(book.cells)


def pace(session: Session, left: int, verdicts: dict[str, Verdict]) -> None:
    """Set the time of the next of so many exercises: its share, or less once one was endless.

    Of that part some is kept for a new process, should this exercise be endless too.
    """
    if any("endless" in verdict.faults for verdict in verdicts.values()):
        part = (session.end - monotonic()) / left
        session.allowed = round(max(0.1, min(session.limits.share, max(part - START, part / 2))), 1)


def unreadable(id: str, place: str | None, books: dict[str, Notebook]) -> Verdict | None:
    """The verdict where there is no notebook to look into."""
    if fault_of(books):
        return Verdict(id, BROKEN, ("notebook",), "")
    if place is None:
        # It may have been the one, unless its name says that it is another.
        reasons = [book.fault for name, book in books.items()
                   if book.fault and not stem(name).startswith(ASKING)]
        missing = (f"There is no {EXERCISES[id].notebook}.ipynb, "
                   "and no other notebook that answers it.")
        return (Verdict(id, BROKEN, ("notebook",), reasons[0]) if reasons
                else Verdict(id, NOT_ATTEMPTED, (ABSENT,), missing))
    return Verdict(id, BROKEN, ("notebook",), books[place].fault) if books[place].fault else None


def fault_of(books: dict[str, Notebook]) -> str:
    """Why nothing can be judged, where none of the notebooks is one; else empty."""
    faults = [book.fault for book in books.values()]
    return " ".join(faults) if all(faults) else ""


def said_once(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts; what is wrong with a notebook stands at the first of its exercises alone."""
    said: set[str] = set()
    once = []
    for verdict in verdicts:
        known = verdict.status == BROKEN and verdict.message in said
        once.append(replace(verdict, message="") if known else verdict)
        said.add(verdict.message)
    return once


def hinted(verdict: Verdict, book: Notebook | None) -> Verdict:
    """The verdict; of an exercise that is not attempted with where else its answer stands."""
    if book is None or verdict.status != NOT_ATTEMPTED:
        return verdict
    other = other_answer(verdict.exercise, book.cells, book.aside)
    return replace(verdict, message=f"{verdict.message} {other}".rstrip())


def judged(session: Session, id: str, place: str, probes: list[Probes],
           before: Verdict | None = None) -> Verdict:
    """The verdict on one exercise: the first that is not correct, over these inputs."""
    exercise = EXERCISES[id]
    verdict = before
    for chosen in probes[:1] if exercise.is_number else probes:
        new = outcome(partial(tried, session, exercise, place, chosen,
                              again=chosen is not probes[0]), id)
        if verdict is not None and "endless" in new.faults and in_haste(session):
            return replace(verdict, faults=("haste",), message=HASTY)
        if new.status != CORRECT and verdict is not None:
            return replace(new, status=WRONG, faults=new.faults or ("other inputs",),
                           message=AGAIN + new.message)
        if new.status != CORRECT:
            return new
        verdict = new
    assert verdict is not None  # there are inputs
    return verdict


def in_haste(session: Session) -> bool:
    """True when the others have left so little time that running out of it says nothing."""
    return session.allowed < HASTE * session.limits.share or monotonic() >= session.end


def tried(session: Session, exercise: Exercise, place: str, probes: Probes, again: bool) -> Verdict:
    """One judgement of one exercise."""
    answer: Any = session.proxy(exercise.id) if again else session.answer(exercise.id, place)
    if not exercise.is_number and answer is None:
        return Verdict(exercise.id, NOT_ATTEMPTED, (), "It is bound to None.")
    verdict = judge(answer, exercise, probes=probes)
    return replace(verdict, message=UNTOUCHED) if verdict.status == NOT_ATTEMPTED else verdict


def outcome(verdict: Callable[[], Verdict], id: str) -> Verdict:
    """The verdict, or what it comes to when the student's process has no answer or is gone."""
    try:
        return verdict()
    except NotOwn as reason:
        return Verdict(id, NOT_ATTEMPTED, (), str(reason))
    except NotImplementedError as error:
        return Verdict(id, NOT_ATTEMPTED, (), str(error) or "Its cell raises NotImplementedError.")
    except Lost as lost:
        fault = lost.fault
    except Endless as error:
        fault = Fault("endless", f"It was stopped {error}.")
    except (KeyboardInterrupt, NoStart):
        raise
    # SystemExit too: what a student's code raises ends nothing of the grader's.
    except BaseException as error:
        fault = crash(error)
    return verdict_of(id, [Trial("comes to an end", (fault,))])


def not_graded(error: BaseException) -> Graded:
    """What to say of every exercise when the grader itself stopped at a submission."""
    reason = (f"The grader stopped at it, with {type(error).__name__}: {error}; "
              "read this notebook, and report this.")
    return Graded(said_once(Verdict(id, BROKEN, ("grader",), reason) for id in EXERCISES), None, {},
                  {})


def not_enforced(enforced: list[str] | None) -> list[str]:
    """What was not enforced while something ran."""
    return [] if enforced is None else [name for name in ALL if name not in enforced]
