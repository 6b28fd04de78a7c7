"""Grade submissions in parallel, and go on where a run was cut off."""
import json
import multiprocessing
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm import tqdm

from cs231n_lite.exercises.points import Points
from cs231n_lite.grading import pages, report, sandbox
from cs231n_lite.grading.finding import found_in
from cs231n_lite.grading.judging import Graded, graded, not_graded
from cs231n_lite.grading.sandbox import Limits
from cs231n_lite.grading.scoring import scored
from cs231n_lite.grading.session import NoStart
from cs231n_lite.grading.submission import Submission

DAY = 24 * 60 * 60


def grade(submissions: Iterable[str | Path], out: str | Path,
          limits: Limits = Limits(), points: Points | None = None) -> list[dict]:
    """Grade notebooks and folders into `out`: results.csv, results.json, students' pages.

    Submissions that were graded there before, and have not changed since, are not graded again.
    joblib runs one submission per task: as `joblib.parallel_config` says, on this machine's cores
    or on a Dask cluster.  Returns the results.  Raises ValueError when a path holds no submission,
    two have the same name, or limits leave nothing to run in.
    """
    check_limits(limits)
    found, folder = found_in([Path(path) for path in submissions]), Path(out)
    (folder / "students").mkdir(parents=True, exist_ok=True)
    settings = limits._asdict() | {"grader": grader(), "isolated": sandbox.isolates()}
    before = ((s, report.earlier(result_file(folder, s))) for s in found)
    results = {s.student: old for s, old in before
               if old.get("settings") == settings and old.get("key") == s.key}
    todo = [s for s in found if s.student not in results]
    seeds = tuple(secrets.randbits(62) for _ in range(4))
    done = results_of(todo, limits, seeds, settings)
    by_name = {submission.student: submission for submission in todo}
    with terminable():
        for result, page in tqdm(done, total=len(todo), desc="Grading", unit="submission",
                                 disable=not todo):
            submission = by_name[result["student"]]
            report.write(folder / "students" / f"{submission.slug}.html", page)
            report.write(result_file(folder, submission), json.dumps(result, indent=1))
            results[submission.student] = result
    ordered = [scored(results[submission.student], points) for submission in found]
    for submission, result in zip(found, ordered):
        pages.show_sum(folder / "students" / f"{submission.slug}.html", result)
    report.finish(folder, ordered)
    return ordered


def check_limits(limits: Limits) -> None:
    """Raise ValueError unless these limits can be set, and leave a right answer its room."""
    for name, value, least, most, unit in (("seconds", limits.seconds, 1, DAY, "seconds"),
                                           ("memory", limits.memory / 2**30, 0.25, 2**20, "GiB"),
                                           ("output", limits.output, 1, 2**30, "bytes"),
                                           ("search", limits.search, 0, 60, "seconds")):
        if not least <= value <= most:
            raise ValueError(f"{name} is {value:g}; "
                             f"expected {least:g} to {most:,} {unit} for a submission.")


def results_of(todo: list[Submission], *how: Any) -> Iterator[tuple[dict, str]]:
    """The submissions' results and pages, as they come.

    Once a worker is killed, no one can tell at which submission; the rest are graded one by one,
    still in a worker.
    """
    rest = {submission.student: submission for submission in todo}
    try:
        for result, page in in_parallel(todo, *how):
            del rest[result["student"]]
            yield result, page
    except TerminatedWorkerError:
        for submission in rest.values():
            try:
                yield from in_parallel([submission], *how)
            except TerminatedWorkerError:
                yield told(submission,
                           not_graded(ChildProcessError("it killed the grader's process")), {})


def in_parallel(submissions: list[Submission], *how: Any) -> Iterator[tuple[dict, str]]:
    """The submissions' results and pages, as they come."""
    tasks = (delayed(result_of)(submission.read(), *how) for submission in submissions)
    return Parallel(return_as="generator_unordered", batch_size=1)(tasks)


def result_of(submission: Submission, limits: Limits, seeds: tuple[int, int, int, int],
              settings: dict) -> tuple[dict, str]:
    """One task: a submission's result, as JSON holds it, and its page.

    Only an interrupt, or a set-up in which nobody's code can start, ends the grading of the others.
    """
    end_with_the_run()
    try:
        found = graded(submission, limits, sandbox.isolates(), seeds)
    except (KeyboardInterrupt, NoStart):
        raise
    except BaseException as error:
        # No run has these settings, so that the next one tries again.
        found, settings = not_graded(error), {}
    return told(submission, found, settings)


def told(submission: Submission, found: Graded, settings: dict) -> tuple[dict, str]:
    """A result, as JSON holds it, and its page."""
    result = report.entry(submission, found, settings)
    return result, pages.page(result, found.books)


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
    package = Path(__file__).resolve().parents[1]
    digest = sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(os.fsencode(path.relative_to(package)) + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
