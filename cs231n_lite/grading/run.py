"""Grade submissions in parallel, and go on where a run was cut off."""
import json
import multiprocessing
import os
import re
import secrets
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm import tqdm

from cs231n_lite.exercises.points import Points
from cs231n_lite.grading.handout.handed import PACKAGE
from cs231n_lite.grading.intake.bounds import Left, Room, mentioned
from cs231n_lite.grading.intake.finding import found_in
from cs231n_lite.grading.intake.submission import Submission, answered_twice
from cs231n_lite.grading.judging import sandbox
from cs231n_lite.grading.judging.process import NoStart
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.verdicts import READING, Graded, graded, not_graded
from cs231n_lite.grading.reporting import pages, report
from cs231n_lite.grading.reporting.notes import note
from cs231n_lite.grading.reporting.pictures import bounded
from cs231n_lite.grading.reporting.scoring import scored

DAY = 24 * 60 * 60
OURS = re.compile(r"(.*-[0-9a-f]{16})\.(?:html|json)(?:\.part)?")
# A student's name, the result, or None where that of an earlier run stands, and the page.
Outcome = tuple[str, dict | None, str]


def grade(submissions: Iterable[str | Path], out: str | Path,
          limits: Limits = Limits(), pattern: str | None = None, points: Points | None = None,
          similar: bool = False) -> list[dict]:
    """Grade notebooks and folders into `out`: results.csv, results.json, index.html, students/.

    Submissions that were graded there before, and have not changed since, are not graded again;
    of those that are gone, nothing stays.  `pattern` says in its group `student` whose an entry is.
    joblib runs one submission per task: as `joblib.parallel_config` says, on this machine's cores
    or on a Dask cluster whose workers see the same files.  `similar`, the class's page has what
    answers have in common.  Returns the results.  Raises ValueError when a path holds no
    submission, or limits leave nothing to run in.
    """
    check_limits(limits)
    folder = Path(out)
    found, left = found_in([Path(path) for path in submissions], pattern, folder)
    (folder / "students").mkdir(parents=True, exist_ok=True)
    settings = limits._asdict() | {"grader": grader(), "isolated": sandbox.isolates()}
    by_name = {submission.student: submission for submission in found}
    results = {name: old for name, submission in by_name.items()
               if (old := report.earlier(result_file(folder, submission)))
               and old.get("settings") == settings and "key" in old}
    keys = {name: old["key"] for name, old in results.items()}
    seeds = tuple(secrets.randbits(62) for _ in range(4))
    done = results_of(found, keys, limits, seeds, settings)
    with terminable():
        for name, result, page in tqdm(done, total=len(found), desc="Grading", unit="submission",
                                       disable=not found):
            if result is not None:
                file = result_file(folder, by_name[name])
                report.write(file.with_suffix(".html"), page)
                report.write(file, json.dumps(result, indent=1))
                results[name] = result
    remove_others(folder / "students", {submission.slug for submission in found})
    ordered = [scored(results[submission.student], points) for submission in found]
    for submission, result in zip(found, ordered):
        pages.show_sum(result_file(folder, submission).with_suffix(".html"), result)
    left += parts_left(ordered)
    note(folder, left)
    report.finish(folder, ordered, left, similar)
    return ordered


def remove_others(folder: Path, slugs: set[str]) -> None:
    """Remove the pages and results of students who are gone; nothing that another hand wrote."""
    for path in folder.iterdir():
        if (match := OURS.fullmatch(path.name)) and match[1] not in slugs:
            path.unlink()


def parts_left(results: list[dict]) -> list[Left]:
    """What of each submission was left out."""
    return [Left(f"{result['student']}/{part}".rstrip("/"), why)
            for result in results for part, why in result["left"]]


def check_limits(limits: Limits) -> None:
    """Raise ValueError unless these limits can be set, and leave a right answer its room."""
    for name, value, least, most, unit in (("seconds", limits.seconds, 1, DAY, "seconds"),
                                           ("memory", limits.memory / 2**30, 0.25, 2**20, "GiB"),
                                           ("output", limits.output, 1, 2**30, "bytes"),
                                           ("search", limits.search, 0, 60, "seconds")):
        if not least <= value <= most:
            raise ValueError(f"{name} is {value:g}; "
                             f"expected {least:g} to {most:,} {unit} for a submission.")


def results_of(todo: list[Submission], keys: dict[str, str], *how: Any) -> Iterator[Outcome]:
    """What comes of the submissions, as it comes.

    Once a worker is killed, no one can tell at which submission; the rest are graded one by one,
    still in a worker.
    """
    rest = {submission.student: submission for submission in todo}
    try:
        for outcome in in_parallel(todo, keys, *how):
            del rest[outcome[0]]
            yield outcome
    except TerminatedWorkerError:
        for submission in rest.values():
            try:
                yield from in_parallel([submission], keys, *how)
            except TerminatedWorkerError:
                error = ChildProcessError("it killed the grader's process")
                yield told(submission, not_graded(error), {})


def in_parallel(submissions: list[Submission], keys: dict[str, str],
                *how: Any) -> Iterator[Outcome]:
    """What comes of the submissions, as it comes."""
    tasks = (delayed(result_of)(submission, keys.get(submission.student), *how)
             for submission in submissions)
    return Parallel(return_as="generator_unordered", batch_size=1)(tasks)


def result_of(submission: Submission, before: str | None, limits: Limits,
              seeds: tuple[int, int, int, int], settings: dict) -> Outcome:
    """One task: a submission is read, and graded unless it has the key that it had before.

    Only an interrupt, or a set-up in which nobody's code can start, ends the grading of the others.
    """
    end_with_the_run()
    start = monotonic()
    try:
        submission = submission.read(Room(READING * limits.seconds))
        if submission.key == before:
            return submission.student, None, ""
        found = graded(submission, limits, sandbox.isolates(), seeds, start)
    except (KeyboardInterrupt, NoStart):
        raise
    except BaseException as error:
        # No run has these settings, so that the next one tries again.
        found, settings = not_graded(error), {}
    return told(submission, found, settings)


def told(submission: Submission, found: Graded, settings: dict) -> Outcome:
    """A result, as JSON holds it, and its page."""
    books, left = bounded(found.books)
    left += answered_twice(found.books, submission.alone)
    submission = submission._replace(left=tuple(mentioned([*submission.left, *left])))
    result = report.entry(submission, found, settings)
    return submission.student, result, pages.page(result, books)


class Terminated(KeyboardInterrupt):
    """Raised by SIGTERM; an interrupt, which nothing takes for a submission's fault."""


@contextmanager
def terminable() -> Iterator[None]:
    """Have SIGTERM end what is inside as Ctrl-C does, all that it started, then this process."""

    def stop(*_: object) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except Terminated:
        sys.exit(128 + signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


@cache
def end_with_the_run() -> None:
    """Have this worker end when the run is gone, however; joblib's would wait for minutes."""
    run = multiprocessing.parent_process()
    if run is not None:
        threading.Thread(target=exit_without, args=(run.pid,), daemon=True).start()


def exit_without(parent: int) -> None:
    """End this process as soon as it is an orphan."""
    while os.getppid() == parent:
        sleep(0.5)
    os._exit(1)


def result_file(folder: Path, submission: Submission) -> Path:
    """Where a student's result is kept; written last: where it stands the page stands too."""
    return folder / "students" / f"{submission.slug}.json"


@cache
def grader() -> str:
    """A hash of this package's code: another grader grades anew."""
    digest = sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(os.fsencode(path.relative_to(PACKAGE)) + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
