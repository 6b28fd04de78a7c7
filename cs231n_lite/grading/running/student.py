"""The student's end: runs excerpts of notebooks, answers calls; all it says is only an answer.

That holds too for what it reports beside results: which inputs were changed or shared, which
results overwritten.  The student's code cannot patch this file by its name, but can by way of
frames.
"""
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from traceback import extract_tb
from typing import Any, BinaryIO

import numpy as np
from numpy import ndarray as Array
from numpy import shares_memory

# Here these are `classroom`, and the names of the wrong losses.
from cs231n_lite.exercises import USED, suspects  # type: ignore[attr-defined]
from cs231n_lite.exercises.diagnosis.crashes import meaning, number, where
from cs231n_lite.exercises.style import ways_of
from cs231n_lite.grading.running import bridge
from cs231n_lite.grading.running.beside import Beside
from cs231n_lite.grading.running.cage import locked
from cs231n_lite.grading.running.excerpt import Excerpts
from cs231n_lite.grading.running.refusals import refused
from cs231n_lite.grading.running.set_up import keep_apart

KEPT, TEXT = 4, 2000


def serve(incoming: BinaryIO, outgoing: int, token: bytes, notebooks: dict[str, list[str]],
          modules: dict[str, dict[str, str]], memory: int, seconds: float,
          readable: list[str]) -> None:
    """Answer the grader's requests until it closes the pipe."""
    channel = Channel(incoming, outgoing, token)
    for place, name in enumerate(suspects.NAMES):  # type: ignore[attr-defined]
        setattr(suspects, name, channel.stand_in(place, ["__call__"]))
    keep_apart(channel.apart)
    beside, books = Beside(), dict[str, Excerpts]()
    channel.send({"enforced": locked(memory, seconds, readable)})
    answers: dict[str, Any] = {}
    froms: dict[str, str] = {}
    while True:
        request, arrays = channel.receive()
        if "load" in request:
            id, name = request["load"], request["from"]
            froms[id] = name
            books[name] = books.get(name) or Excerpts(notebooks[name], modules[name])
            beside.turn_to(books[name].modules)
            with channel.open():
                answers[id], report = loaded(books[name], id, channel)
            channel.tell(answers[id], report)
        elif "explain" in request:
            name = request["explain"]
            channel.send(explained(answers[name], name, request["seconds"]))
        else:
            beside.turn_to(books[froms[request["call"]]].modules)
            channel.call(answers[request["call"]], request, arrays)


def loaded(book: Excerpts, name: str, channel: "Channel") -> tuple[Any, dict]:
    """The answer of that name, and what there is to say about it."""
    if book.last_binding(name) is None:
        return None, {"missing": book.broken_cell(name)}
    needed = book.needed(name)
    namespace, errors = book.run(needed, channel.apart)
    if name not in namespace or name in errors:
        error = errors.get(name)
        return None, {"raised": raised(error) if error else None}
    answer = namespace[name]
    if book.is_foreign(answer, name) or any(answer is used for used in USED):
        return None, {"foreign": True}
    return answer, {"callable": callable(answer), "ways": ways_of(answer),
                    "cells": book.cells_of(needed)}


def explained(answer: Any, name: str, seconds: float) -> dict:
    """What the text of a wrong answer tells, and the lines to be changed, by kinds of change.

    What this takes is only there in a process that answers nothing else.
    """
    from cs231n_lite.exercises.diagnosis.locate import repairs_of
    from cs231n_lite.exercises.diagnosis.remarks import remarks
    from cs231n_lite.exercises.diagnosis.source import source_of
    from cs231n_lite.exercises.registry import EXERCISES

    source = source_of(answer)
    repairs = repairs_of(source, EXERCISES[name].judge, seconds) if source else []
    return {"remarks": remarks(answer), "file": source and source.file,
            "lines": [[repair.kind, repair.line, sorted(repair.parts), repair.says]
                      for repair in repairs]}


def raised(error: BaseException, function: Callable | None = None) -> dict:
    """What crosses of an exception: its type, its text, the line it stopped at, what it means."""
    frames = extract_tb(error.__traceback__)
    within = frames[-1].name if len(frames) > 1 else getattr(function, "__name__", None)
    try:
        text, line, means = (part[:TEXT] for part in (str(error), where(error), meaning(error)))
        at, (kind, module) = number(error), refused(error)
    except BaseException:  # the exception is the student's own, and may do anything
        text = line = means = kind = module = ""
        at = None
    bases = [base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"]
    return {"type": type(error).__name__[:80], "bases": bases, "text": text, "where": line,
            "number": at, "means": means, "within": str(within)[:TEXT],
            "refused": [kind, module[:TEXT]]}


class Channel:
    """The pipe to the grader, and what of each end the other one holds."""

    def __init__(self, incoming: BinaryIO, outgoing: int, token: bytes) -> None:
        self.incoming, self.outgoing, self.token = incoming, outgoing, token
        self.stand_ins: dict[int, StandIn] = {}
        self.returned: list[tuple[int, Array, Array]] = []
        self.count, self.calling, self.turn, self.setting_up = 0, False, Lock(), 0

    def send(self, header: dict, arrays: Sequence[Array] = ()) -> None:
        """Write one frame."""
        self.write(bridge.frame(self.token, header, list(arrays)))

    def write(self, frame: bytes) -> None:
        """Write all of a frame."""
        rest = memoryview(frame)
        while rest:
            rest = rest[os.write(self.outgoing, rest):]

    def tell(self, answer: Any, report: dict) -> None:
        """Say of an answer what there is to say; of no function its value, or why not."""
        arrays: list[Array] = []
        if report.get("callable") is not False:
            self.send(report)
            return
        try:
            frame = bridge.frame(self.token,
                                 report | {"value": bridge.packed(answer, arrays)}, arrays)
        # A value of the student's own class may raise anything when it is looked at.
        except BaseException as error:
            frame = bridge.frame(self.token, {"raised": raised(error)}, [])
        self.write(frame)

    def receive(self) -> tuple[dict, list[Array]]:
        """Read one frame; the process ends when there will be none."""
        head, body = bridge.lengths(self.read(bridge.TOKEN + bridge.LENGTHS.size), self.token)
        return bridge.opened(head, self.read(body))

    def read(self, size: int) -> bytes:
        """So many bytes."""
        data = self.incoming.read(size)
        if len(data) < size:
            os._exit(0)
        return data

    def stand_in(self, number: int, methods: list[str]) -> "StandIn":
        """What stands here for an object of the grader's: always the same for the same."""
        return self.stand_ins.setdefault(number, StandIn(self, number, methods))

    def remote(self, value: Any) -> bridge.Remote | None:
        """The number of a stand-in that goes back."""
        return bridge.Remote(value._number, ()) if type(value) is StandIn else None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Let through what is asked inside, and nothing once it is over."""
        self.calling = True
        try:
            yield
        finally:
            with self.turn:
                self.calling = False

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Tell the grader when what is inside begins and ends, which is none of the student's."""
        self.say_apart(1)
        try:
            yield
        finally:
            self.say_apart(-1)

    def say_apart(self, step: int) -> None:
        """Count what goes on apart, in threads too, and tell when it begins and when all ends."""
        with self.turn:
            before, self.setting_up = self.setting_up, self.setting_up + step
            if self.calling and 0 in (before, self.setting_up):
                self.send({"apart": self.setting_up > 0})

    def ask(self, number: int, method: str, args: tuple, named: dict) -> Any:
        """Have the grader call a method of its object; threads take turns until it is over."""
        arrays: list[Array] = []
        tree = bridge.packed((args, named), arrays, self.remote)
        with self.turn:
            if not self.calling:
                raise RuntimeError("the call that this object was given to is over")
            self.send({"ask": number, "method": method, "args": tree}, arrays)
            answer, arrays = self.receive()
        if "refused" in answer:
            raise RuntimeError(answer["refused"])
        return bridge.unpacked(answer["value"], arrays, self.stand_in)

    def call(self, answer: Callable, request: dict, arrays: list[Array]) -> None:
        """Call the student's function, and tell what it returned, changed, warned of or raised."""
        args = bridge.unpacked(request["args"], arrays, self.stand_in)
        before = [arg.copy() if type(arg) is Array else None for arg in args]
        with (self.open(), warnings.catch_warnings(record=True) as warned,
              np.errstate(**request["errors"])):
            warnings.simplefilter("always")
            try:
                frame = bridge.frame(self.token, *self.report(answer(*args), args, before, warned))
            except BaseException as error:  # SystemExit and KeyboardInterrupt are answers too
                frame = bridge.frame(self.token, {"raised": raised(error, answer)}, [])
        self.write(frame)

    def report(self, value: Any, args: tuple, before: list,
               warned: list) -> tuple[dict, list[Array]]:
        """A result as a frame, with arguments changed or shared, earlier results overwritten."""
        arrays: list[Array] = []
        parts = value if type(value) in (tuple, list) else (value,)
        texts = [str(w.message)[:TEXT]
                 for w in warned[:20] if issubclass(w.category, RuntimeWarning)]
        header = {
            "value": bridge.packed(value, arrays, self.remote), "warned": texts,
            "number": self.count,
            "changed": [[i, bridge.packed(arg, arrays)]
                        for i, (arg, old) in enumerate(zip(args, before))
                        if old is not None and not same(arg, old)],
            "shared": [[n, i] for n, part in enumerate(parts) if isinstance(part, Array)
                       for i, arg in enumerate(args)
                       if type(arg) is Array and shares_memory(part, arg)],
            "overwritten": [[number, bridge.packed(array, arrays)]
                            for number, array, old in self.returned if not same(array, old)],
        }
        for part in parts[:8]:
            if type(part) is Array:
                self.returned.append((self.count, part, part.copy()))
            self.count += 1
        self.returned = self.returned[-KEPT:]
        return header, arrays


def same(a: Array, b: Array) -> bool:
    """True when nothing was changed, down to the bits."""
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


class StandIn:
    """An object of the grader's, of which the student's code knows the methods alone."""

    def __init__(self, channel: Channel, number: int, methods: list[str]) -> None:
        self._channel, self._number, self._methods = channel, number, methods

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Have the grader call the object, if it can be called."""
        if "__call__" not in self._methods:
            raise TypeError("this object is not callable")
        return self._channel.ask(self._number, "__call__", args, named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._methods:
            raise AttributeError(f"this object has no attribute {name!r}")
        return lambda *args, **named: self._channel.ask(self._number, name, args, named)

    def __deepcopy__(self, memo: dict) -> "StandIn":
        return self

    def __copy__(self) -> "StandIn":
        return self
