"""The student's process: its start and its end, the bytes to and from it, and its time."""
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
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from time import monotonic
from typing import IO, Self

from numpy import ndarray as Array

from cs231n_lite.exercises.verdict import Fault
from cs231n_lite.grading.handout import handed
from cs231n_lite.grading.judging import sandbox
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.running import bridge, cage

BLOCK, DYING, TRAFFIC = 2**16, 1.0, 2**26
THREADS, GLANCE = 100, 0.2


class Lost(BaseException):
    """Raised when the student's process is gone; no Exception, so that judges end.

    Its fault says why.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


class NoStart(BaseException):
    """Raised when the process ends before any student's code runs: the set-up is broken."""


@cache
def bootstrap() -> str:
    """The first code of the process."""
    return handed.read("grading", "running", "bootstrap")


@cache
def codes(explaining: bool) -> dict[str, str]:
    """The package that it sees, compiled; both ends are the same Python."""
    compiled = {name: compile(source, f"/{name.replace('.', '/')}.py", "exec")
                for name, source in handed.sources(explaining).items()}
    return {name: base64.b64encode(marshal.dumps(code)).decode() for name, code in compiled.items()}


class Process:
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
        self.explaining = explaining

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ----------------------------------------------------------- start and end

    def start(self) -> None:
        """Start the process, and hand it the package and the notebooks."""
        self.token, self.buffer, self.printed = (secrets.token_bytes(bridge.TOKEN),
                                                 bytearray(), bytearray())
        self.next_count = 0.0
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

    # ----------------------------------------------------------- bytes and time

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


def threads(pid: int) -> int:
    """The threads of a process and of those below it; 0 where the system does not tell."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return len(os.listdir(f"/proc/{pid}/task")) + sum(threads(int(child)) for child in below)
    except OSError:
        return 0
