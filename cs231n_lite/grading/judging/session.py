"""The calls of a student's functions, over the pipe to their process."""
import warnings
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.judges.calling import Faulty
from cs231n_lite.exercises.style import Way
from cs231n_lite.exercises.suspects import SUSPECTS
from cs231n_lite.exercises.verdict import Fault
from cs231n_lite.grading.judging.process import Lost, Process
from cs231n_lite.grading.running import bridge, refusals
from cs231n_lite.grading.running.beside import not_handed_in

KEPT, TEXT, MOST_LINES = 16, 2000, 10**6


class NotOwn(Exception):
    """Raised for a name that the notebook does not define itself, with the reason."""


class Session(Process):
    """A student's process, and what its functions return."""

    def __init__(self, *how: Any, **settings: Any) -> None:
        super().__init__(*how, **settings)
        self.ways: dict[str, list[Way]] = {}
        self.cells: dict[str, list[str]] = {}

    def start(self) -> None:
        """Start the process, which holds nothing yet."""
        self.objects: list[Any] = [suspect.loss for suspect in SUSPECTS.values()]
        self.returned: dict[int, Array] = {}
        super().start()

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


def overwrite(array: Array, other: Array) -> None:
    """Put the numbers of another array into this one; nan where they do not fit."""
    array[...] = (other if other.shape == array.shape
                  and np.can_cast(other.dtype, array.dtype, "same_kind") else np.nan)


def shared(part: Array, arg: Array) -> Array:
    """A result that shares its memory with an argument: the same numbers in that memory."""
    if part.shape == arg.shape and part.dtype == arg.dtype:
        arg[...] = part
    return arg if part.size <= arg.size and part.ndim == arg.ndim else part
