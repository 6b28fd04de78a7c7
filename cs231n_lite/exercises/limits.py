"""Limits on a student's function while it is checked: of time, and of what it prints and draws."""
import io
import signal
import sys
import time
import traceback
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from linecache import getline
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import Any, TextIO

from cs231n_lite.exercises.frontend import in_notebook

SECONDS = 10.0
WAITING = 600.0  # long enough for a busy machine, and for a look around in a debugger
CHARACTERS = 600
WATCH = 0.1
ROOM = 2**30
STATM = Path("/proc/self/statm")  # the pages that this process has taken
# A signal that nobody else uses, and that Python can raise in its main thread on every system.
SIGNAL: Any = getattr(signal, "SIGPROF", None) or getattr(signal, "SIGBREAK", None)


class Endless(BaseException):
    """Raised inside a function that does not end, with when: 'after 10 seconds'.

    It is no Exception, so that the function's own `except Exception` lets it by.
    """


@contextmanager
def time_limit(seconds: float = SECONDS, waiting: float = WAITING) -> Iterator[None]:
    """Raise Endless inside once it has computed for `seconds`; again, should it be swallowed.

    What counts is the processor's time, so that neither a busy machine nor a
    debugger's prompt uses up the limit; what only waits is stopped too, but not
    before `waiting` seconds have passed by the clock.  Python runs signal handlers
    in the main thread only, and between two steps of its own: elsewhere, and inside
    a single call of compiled code, nothing is interrupted.
    """
    if SIGNAL is None or current_thread() is not main_thread():
        yield
        return
    done, running = Event(), True
    computed = time.process_time() + seconds

    def stop(*_: object) -> None:
        if running:
            over = time.process_time() >= computed
            raise Endless(f"after {seconds:g} seconds of computing" if over
                          else f"after {waiting:g} seconds")

    before = signal.signal(SIGNAL, stop)
    watch = Thread(target=interrupt_after,
                   args=(computed, time.monotonic() + waiting, done), daemon=True)
    try:
        watch.start()
        yield
    finally:
        running = False
        done.set()
        watch.join()
        signal.signal(SIGNAL, signal.SIG_DFL if before is None else before)


def interrupt_after(computed: float, waited: float, done: Event) -> None:
    """Signal the main thread again and again, once either clock is so far, until `done`."""
    while not done.wait(WATCH):
        if time.process_time() >= computed or time.monotonic() >= waited:
            interrupt_main(SIGNAL)


def line_of(function: Callable, error: BaseException) -> str:
    """The line of the function's own file that ran when `error` was raised, or nothing."""
    own = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    frames = [f for f in traceback.extract_tb(error.__traceback__)
              if own and f.filename == own.co_filename]
    return getline(frames[-1].filename, frames[-1].lineno or 0).strip() if frames else ""


@contextmanager
def memory_limit(room: int = ROOM) -> Iterator[None]:
    """Raise MemoryError inside where `room` bytes more are taken than before; on Linux alone."""
    if not STATM.exists():
        yield
        return
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = int(STATM.read_text().split()[0]) * resource.getpagesize() + room
    if before != resource.RLIM_INFINITY:
        limit = min(limit, before)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


class Beginning(io.TextIOBase):
    """A stream that hands on the first characters, and of the rest says that there was more."""

    def __init__(self, stream: TextIO, room: int) -> None:
        self.stream, self.room = stream, room
        self.farewell = ("\n(More was printed; during a check only its beginning is shown.)\n"
                         if room else "")

    def write(self, text: str) -> int:
        """Take all of `text`, hand on what there is room for."""
        self.stream.write(text[:self.room])
        if len(text) > self.room:
            self.stream.write(self.farewell)
            self.farewell = ""
        self.room = max(0, self.room - len(text))
        return len(text)

    def flush(self) -> None:
        """Flush the stream behind."""
        self.stream.flush()


@contextmanager
def output_limit(characters: int = CHARACTERS) -> Iterator[None]:
    """Show no more than the first `characters` that are printed inside, and no pictures."""
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(Beginning(sys.stdout, characters)))
        stack.enter_context(redirect_stderr(Beginning(sys.stderr, characters)))
        if in_notebook():
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False))
        open_before = figures()
        stack.callback(lambda: [sys.modules["matplotlib.pyplot"].close(n)
                                for n in figures() - open_before])
        yield


def figures() -> set[int]:
    """The numbers of pyplot's open figures."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()
