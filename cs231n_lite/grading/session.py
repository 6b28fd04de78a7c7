"""The grader's end of the pipe: a student's process, the calls of its functions, and its end."""
import base64
import contextlib
import json
import marshal
import os
import secrets
import select
import selectors
import signal
import subprocess
import warnings
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from time import monotonic
from typing import IO, Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.judges.calling import Faulty
from cs231n_lite.exercises.style import Way
from cs231n_lite.exercises.suspects import SUSPECTS
from cs231n_lite.exercises.verdict import Fault
from cs231n_lite.grading import bridge, cage, handed, refusals, sandbox
from cs231n_lite.grading.beside import not_handed_in
from cs231n_lite.grading.sandbox import Limits

KEPT, BLOCK, DYING, TRAFFIC, TEXT = 16, 2**16, 1.0, 2**26, 2000
THREADS, GLANCE = 100, 0.2
MOST_LINES = 10**6


class Lost(BaseException):
    """Raised when the student's process is gone; no Exception, so that judges end.

    Its fault says why.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


class NoStart(BaseException):
    """Raised when the process ends before any student's code runs: the set-up is broken."""


class NotOwn(Exception):
    """Raised for a name that the notebook does not define itself, with the reason."""


@cache
def bootstrap() -> str:
    """The first code of the process."""
    return handed.read("grading", "bootstrap")


@cache
def codes(explaining: bool) -> dict[str, str]:
    """The package that it sees, compiled; both ends are the same Python."""
    compiled = {name: compile(source, f"/{name.replace('.', '/')}.py", "exec")
                for name, source in handed.sources(explaining).items()}
    return {name: base64.b64encode(marshal.dumps(code)).decode() for name, code in compiled.items()}


class Session:
    """A student's process, started when needed, and after a loss; a context that leaves none."""

    def __init__(self, notebooks: dict[str, list[str]], limits: Limits, isolated: bool,
                 end: float, explaining: bool = False,
                 modules: dict[str, dict[str, str]] | None = None) -> None:
        self.notebooks, self.limits, self.isolated, self.end = notebooks, limits, isolated, end
        self.modules = {name: (modules or {}).get(name, {}) for name in notebooks}
        self.spared = 0.0
        self.since: float | None = None
        self.process: subprocess.Popen | None = None
        self.deadline, self.allowed, self.traffic = end, limits.share, 0
        self.enforced: list[str] | None = None
        self.ways: dict[str, list[Way]] = {}
        self.explaining, self.cells = explaining, dict[str, list[str]]()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ----------------------------------------------------------- the process

    def start(self) -> None:
        """Start the process, and hand it the package and the notebooks."""
        self.token, self.buffer, self.printed = (secrets.token_bytes(bridge.TOKEN),
                                                 bytearray(), bytearray())
        self.objects: list[Any] = [suspect.loss for suspect in SUSPECTS.values()]
        self.next_count = 0.0
        self.returned: dict[int, Array] = {}
        incoming, self.outgoing = os.pipe()
        self.incoming, outgoing = os.pipe()
        self.alive, life = os.pipe()
        theirs = (incoming, outgoing, life)
        cage.shield(True)
        try:
            self.process = subprocess.Popen(
                sandbox.command(self.isolated, life, bootstrap(), str(incoming), str(outgoing)),
                cwd="/", env=sandbox.ENVIRONMENT, pass_fds=theirs, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        finally:
            for fd in theirs:
                os.close(fd)
        os.set_blocking(self.outgoing, False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.incoming, selectors.EVENT_READ)
        self.selector.register(self.output, selectors.EVENT_READ)
        first = json.dumps({"path": sandbox.libraries(), "codes": codes(self.explaining),
                            "token": self.token.hex(), "cells": self.notebooks,
                            "modules": self.modules, "memory": self.limits.memory,
                            "seconds": self.limits.seconds + self.limits.set_up,
                            "readable": sandbox.readable()}).encode()
        try:
            self.write(len(first).to_bytes(8, "little") + first)
            said, _ = self.receive()
        except Lost as lost:
            raise self.no_start(lost) if lost.fault.id == "exit" else lost from None
        self.enforced = [str(name) for name in said["enforced"] if name in sandbox.ALL]

    @property
    def running(self) -> subprocess.Popen:
        """The process, once it was started."""
        assert self.process
        return self.process

    @property
    def output(self) -> IO[bytes]:
        """What the process prints."""
        assert self.running.stdout
        return self.running.stdout

    def stop(self) -> None:
        """End the process and all that it started."""
        if self.process is None:
            return
        self.set_apart(False)
        process, output, self.process = self.process, self.output, None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        cage.shield(False)
        self.selector.close()
        output.close()
        watch = select.poll()
        # For its end alone, whatever is written: the last process of the sandbox is gone.
        watch.register(self.alive, 0)
        watch.poll(1000 * DYING)
        for fd in (self.incoming, self.outgoing, self.alive):
            os.close(fd)

    def lost(self, id: str, text: str) -> Lost:
        """The process is ended; what to raise."""
        self.stop()
        return Lost(Fault(id, text))

    def died(self) -> Lost:
        """What to raise when the process has closed its end."""
        try:
            code = self.running.wait(timeout=max(DYING, self.left()))
        except subprocess.TimeoutExpired:
            return self.lost("exit", "It closed the channel to the grader, "
                                     "which is no part of the exercise.")
        number = -code if code < 0 else code - 128 if self.isolated and code > 128 else 0
        how = (f"by {signal.Signals(number).name}" if number in list(signal.Signals)
               else f"with status {code}")
        os.set_blocking(self.output.fileno(), False)
        self.printed += self.output.read(BLOCK) or b""
        last = f" It printed at last: {self.last_line()}" if self.last_line() else ""
        return self.lost("exit", f"It ended its process, {how}; leave a function with return, "
                                 f"and stay below {self.limits.memory / 2**30:g} GiB.{last}")

    def last_line(self) -> str:
        """What the process printed at last."""
        return self.printed.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]

    def no_start(self, lost: Lost) -> NoStart:
        """What to raise when the process ended by itself before any student's code ran."""
        return NoStart("No process for students' code starts here "
                       f"({self.last_line() or lost.fault.text}); "
                       f"give it more than {self.limits.memory / 2**30:g} GiB, or an installation "
                       f"in which {sandbox.PYTHON} imports NumPy, and grade again.")

    # ----------------------------------------------------------- frames

    def wait(self) -> set:
        """The ends that are ready, once one is; what is printed is read here, and counted."""
        ready: set = set()
        while not ready:
            if not self.left():
                raise self.late()
            ready = {key.fileobj for key, _ in self.selector.select(min(self.left(), GLANCE))}
            self.count_threads()
        if self.output in ready:
            text = os.read(self.output.fileno(), BLOCK)
            self.printed += text
            if not text:
                self.selector.unregister(self.output)
            if len(self.printed) > self.limits.output:
                raise self.lost("output",
                                f"It prints more than {self.limits.output >> 10:,} kB in all.")
        return ready

    def count_threads(self) -> None:
        """Lost when the process runs too many threads; asked no more often than a glance takes."""
        if monotonic() < self.next_count:
            return
        self.next_count = monotonic() + GLANCE
        if threads(self.running.pid) > THREADS:
            raise self.lost("threads", f"It runs more than {THREADS} threads at once.")

    def left(self) -> float:
        """The seconds until the deadline, which waits for what goes on apart."""
        return max(0.0, min(self.deadline, self.end) + self.apart() - monotonic())

    def apart(self) -> float:
        """The seconds since what goes on apart has begun, as far as they are not counted."""
        since = monotonic() if self.since is None else self.since
        return min(monotonic() - since, self.limits.set_up - self.spared)

    def set_apart(self, begins: bool) -> None:
        """Begin with what is no work of the student's, or count what it took as none."""
        spared = self.apart()
        self.deadline, self.end, self.spared = (
            part + spared for part in (self.deadline, self.end, self.spared))
        self.since = monotonic() if begins else None

    def late(self) -> Lost:
        """What to raise at the deadline."""
        limit = (f"the {self.limits.seconds:g} seconds for all exercises together"
                 if self.end <= self.deadline else f"{self.allowed:g} seconds")
        return self.lost("endless", f"It was stopped after {limit}. The inputs are small, "
                                    "so look for a loop that never reaches its end.")

    def read(self, size: int) -> bytes:
        """So many bytes that the process sends; Lost at the deadline, even when they are here."""
        if not self.left():
            raise self.late()
        while len(self.buffer) < size:
            if self.incoming in self.wait():
                part = os.read(self.incoming, BLOCK)
                if not part:
                    raise self.died()
                self.buffer += part
                self.count(len(part))
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def count(self, size: int) -> None:
        """Lost when an exercise has sent, or has had kept here, more than it may."""
        self.traffic += size
        if self.traffic > TRAFFIC:
            raise self.lost("output",
                            f"It returns, or hands on, more than {TRAFFIC >> 20} MB in all.")

    def write(self, data: bytes) -> None:
        """Send bytes, also to a process that does not read."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self.outgoing, rest):]
            except BlockingIOError:
                self.wait_to_write()
            except BrokenPipeError:
                raise self.died() from None

    def wait_to_write(self) -> None:
        """Wait until the process has read some of what was sent."""
        self.selector.register(self.outgoing, selectors.EVENT_WRITE)
        while self.outgoing not in self.wait():
            pass
        self.selector.unregister(self.outgoing)

    def receive(self) -> tuple[dict, list[Array]]:
        """One frame of the process; Lost when it is none."""
        try:
            head, body = bridge.lengths(self.read(bridge.TOKEN + bridge.LENGTHS.size), self.token)
            header, arrays = bridge.opened(head, self.read(body))
        except bridge.Refused as refused:
            raise self.lost("forged", f"Its process sent {refused}.") from None
        if not isinstance(header, dict):
            raise self.lost("forged", "Its process sent a frame that is no answer.")
        return header, arrays

    def request(self, header: dict, arrays: Sequence[Array] = ()) -> None:
        """Send one frame."""
        self.write(bridge.frame(self.token, header, list(arrays)))

    # ----------------------------------------------------------- answers

    def answer(self, id: str, notebook: str) -> Any:
        """The answer of that name: its value, or a function that calls it; NotOwn without one.

        From here on the time of one exercise runs.
        """
        if monotonic() >= self.end:
            raise self.lost("endless", f"The {self.limits.seconds:g} seconds for all exercises "
                                       "together were over.")
        if self.process is None:
            self.deadline = self.end
            self.set_apart(True)
            self.start()
            self.set_apart(False)
        self.deadline, self.traffic = monotonic() + self.allowed, 0
        self.request({"load": id, "from": notebook})
        report, arrays, _ = self.reply(id)
        if "missing" in report:
            if report["missing"]:
                raise Lost(Fault("syntax",
                                 f"Its cell cannot be read: {str(report['missing'])[:500]}."))
            missing = not_handed_in(self.notebooks[notebook], self.modules[notebook])
            raise NotOwn(f"No cell of {notebook} defines {id}. {missing}".rstrip())
        if "foreign" in report:
            raise NotOwn(f"{id} is imported, or given by use; "
                         "only what the notebook itself defines counts.")
        if "raised" in report:
            if report["raised"]:
                raise self.exception(report["raised"])
            raise NotOwn(f"{notebook} never binds {id}.")
        if report.get("callable") is not True:
            return self.value(report, arrays)
        self.ways[id] = [Way(str(way), str(shown)[:TEXT]) for way, shown in report["ways"]
                         if way in ("loop", "naive")]
        needed = set(report["cells"])
        self.cells[id] = [text for n, text in enumerate(self.notebooks[notebook], start=1)
                          if n in needed]
        return self.proxy(id)

    def explain(self, id: str) -> dict:
        """What the process says of the text of the function that `answer` has found."""
        self.request({"explain": id, "seconds": self.limits.search})
        return self.receive()[0]

    def proxy(self, id: str) -> Callable:
        """The student's function of that name, once `answer` has found it."""
        function: Any = partial(self.call, id)
        function.__name__, function.ways = id, self.ways.get(id, [])
        return function

    def value(self, report: dict, arrays: list[Array]) -> Any:
        """The value in a frame; Lost when there is none."""
        try:
            value = bridge.unpacked(report["value"], arrays, self.object)
        except (bridge.Refused, KeyError) as refused:
            raise self.lost("forged", f"Its process sent {refused}.") from None
        self.count(bridge.room(value))
        return value

    def object(self, number: int, _: list) -> Any:
        """The object of that number."""
        return self.objects[number]

    def lent(self, id: str, number: int) -> Any:
        """The object of that number; a wrong loss is there for its own exercise alone."""
        target = self.objects[number]
        if any(target is suspect.loss for other, suspect in SUSPECTS.items() if other != id):
            raise LookupError(f"this loss is not there for {id}")
        return target

    def remote(self, value: Any) -> bridge.Remote:
        """The number of an object that stays here, and its public methods."""
        known = [i for i, seen in enumerate(self.objects) if seen is value]
        if not known:
            self.objects.append(value)
        public = [name for name in dir(type(value))
                  if not name.startswith("_") and callable(getattr(value, name))]
        methods = (*public, "__call__") if callable(value) else tuple(public)
        return bridge.Remote(known[0] if known else len(self.objects) - 1, methods)

    def call(self, id: str, *args: Any) -> Any:
        """What the student's function returns, or raises; warnings too, as if called here."""
        if self.process is None:
            raise Lost(Fault("exit", "Its process is gone."))
        arrays: list[Array] = []
        tree = bridge.packed(args, arrays, self.remote)
        try:
            self.request({"call": id, "args": tree, "errors": np.geterr()}, arrays)
            report, arrays, ended = self.reply(id)
        # In the midst of a call, after which the process would take one frame for another.
        except BaseException:
            self.stop()
            raise
        if ended:
            raise ended
        if "raised" in report:
            raise self.exception(report["raised"])
        return self.returned_value(report, arrays, args)

    def reply(self, id: str) -> tuple[dict, list[Array], BaseException | None]:
        """What comes back once all that is asked on the way was answered; the Faulty, if any."""
        report, arrays = self.receive()
        ended: BaseException | None = None
        while "ask" in report or "apart" in report:
            if "apart" in report:
                self.set_apart(report["apart"] is True)
            else:
                ended = self.asked(id, report, arrays) or ended
            report, arrays = self.receive()
        return report, arrays, ended

    def asked(self, id: str, report: dict, arrays: list[Array]) -> BaseException | None:
        """Call a method of an object that stays here, send its result; the Faulty, if any."""
        try:
            target = self.lent(id, report["ask"])
            args, named = bridge.unpacked(report["args"], arrays, self.object)
            self.count(sum(bridge.room(arg) for arg in (*args, *named.values())))
            if report["method"] not in self.remote(target).methods:
                raise TypeError("no such method")
            value, arrays = getattr(target, report["method"])(*args, **named), []
            answer = bridge.frame(self.token,
                                  {"value": bridge.packed(value, arrays, self.remote)}, arrays)
        except Exception as error:  # also that the value is too large to cross
            self.request({"refused": f"{type(error).__name__}: {error}"[:TEXT]})
            return error if isinstance(error, Faulty) else None
        self.write(answer)
        return None

    def returned_value(self, report: dict, arrays: list[Array], args: tuple) -> Any:
        """The result, once what was done to arguments and earlier results is done here too."""
        value = self.value(report, arrays)
        try:
            for place, tree in report["changed"]:
                overwrite(args[place], bridge.unpacked(tree, arrays, self.object))
            for number, tree in report["overwritten"]:
                if number in self.returned:
                    overwrite(self.returned[number], bridge.unpacked(tree, arrays, self.object))
            parts = list(value) if isinstance(value, (tuple, list)) else [value]
            for part, place in report["shared"]:
                if isinstance(parts[part], Array):
                    parts[part] = shared(parts[part], args[place])
            value = type(value)(parts) if isinstance(value, (tuple, list)) else parts[0]
            self.returned |= {report["number"] + n: part
                              for n, part in enumerate(parts[:8]) if type(part) is Array}
            self.returned = dict(list(self.returned.items())[-KEPT:])
            texts = [str(text)[:TEXT] for text in report["warned"][:20]]
        except Exception:
            raise self.lost("forged", "Its process sent a frame that is no answer.") from None
        if "warn" in np.geterr().values():
            for text in texts:
                warnings.warn(text, RuntimeWarning, stacklevel=2)
        return value

    def exception(self, told: Any) -> BaseException:
        """An exception of that type, text and line; none that ends the grader."""
        try:
            bases, (text, where, means) = list(told["bases"]), (
                str(told[part])[:TEXT] for part in ("text", "where", "means"))
            unsolved = "NotImplementedError" in bases
            error = bridge.named(told["type"], NotImplementedError if unsolved else Exception)(text)
            error.where, error.means = where, means
            error.number = line_number(told["number"])
            error.within = told["within"] and str(told["within"])[:TEXT]
            error.refused = refusals.told(*told["refused"])
        except Exception:
            return self.lost("forged", "Its process sent a frame that is no answer.")
        if "SystemExit" in bases:
            return Lost(Fault("exit", f"It ends the whole program{where}; "
                                      "leave a function with return."))
        return error


def line_number(told: Any) -> int | None:
    """The number of a line, unless it is none."""
    return told if type(told) is int and 0 < told < MOST_LINES else None


def threads(pid: int) -> int:
    """The threads of a process and of those below it; 0 where the system does not tell."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return len(os.listdir(f"/proc/{pid}/task")) + sum(threads(int(child)) for child in below)
    except OSError:
        return 0


def overwrite(array: Array, other: Array) -> None:
    """Put the numbers of another array into this one; nan where they do not fit."""
    array[...] = (other if other.shape == array.shape
                  and np.can_cast(other.dtype, array.dtype, "same_kind") else np.nan)


def shared(part: Array, arg: Array) -> Array:
    """A result that shares its memory with an argument: the same numbers in that memory."""
    if part.shape == arg.shape and part.dtype == arg.dtype:
        arg[...] = part
    return arg if part.size <= arg.size and part.ndim == arg.ndim else part
