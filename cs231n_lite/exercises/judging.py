"""What every judge needs: calling a student's function, and comparing numbers that may be anything."""
import linecache
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.verdict import Fault

TOLERANCE = {np.dtype(np.float64): 1e-6, np.dtype(np.float32): 1e-4}


class Faulty(Exception):
    """Raised inside a judge when an answer cannot be looked at any further."""

    def __init__(self, id: str, text: str) -> None:
        super().__init__(text)
        self.fault = Fault(id, text)


def call(f: Callable, *args: Any, may_change: bool = False) -> Any:
    """f(*args) with the arrays copied; Faulty when it crashes, returns None or changes an input that it may not.

    NotImplementedError passes through: the exercise was not attempted.
    """
    given = [a.copy() if isinstance(a, Array) else a for a in args]
    try:
        with np.errstate(all="ignore"):
            answer = f(*given)
    except Faulty:
        raise
    except NotImplementedError as error:
        if culprit := unsolved_helper(f, error):
            raise Faulty("crash", f"It calls {culprit}, which still raises NotImplementedError; solve that first.") from error
        raise
    except Exception as error:
        raise Faulty("crash", crash_text(f, error)) from error
    if answer is None:
        raise Faulty("returns None", "It returns None; end it with a return statement.")
    if not may_change:
        check_inputs(args, given, answer)
    return answer


def check_inputs(args: tuple, given: list, answer: Any) -> None:
    """Faulty when the arrays `given`, copies of `args`, were changed, or are handed back as the answer."""
    returned = [part for part in (answer if isinstance(answer, tuple) else (answer,)) if isinstance(part, Array)]
    for before, after in zip(args, given):
        if isinstance(before, Array) and not np.array_equal(before, after):
            raise Faulty("input changed", "It changes an array that it was given; work on a copy instead.")
        if isinstance(after, Array) and any(np.shares_memory(part, after) for part in returned):
            raise Faulty("aliasing", "It returns an array that it was given, or a view of it, instead of a new one.")


def unsolved_helper(f: Callable, error: NotImplementedError) -> str | None:
    """The name of the function that raised NotImplementedError, if that was not f itself."""
    raised_in = traceback.extract_tb(error.__traceback__)[-1].name
    return raised_in if raised_in != getattr(f, "__name__", raised_in) else None


def crash_text(f: Callable, error: Exception) -> str:
    """The line of the student's own function that failed, and how."""
    own = getattr(getattr(f, "__code__", None), "co_filename", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    line = linecache.getline(own, frames[-1].lineno).strip() if frames else ""
    where = f" at `{line}`" if line else ""
    return f"It stops{where} with {type(error).__name__}: {error}"


def check_pair(answer: Any, name: str, shape: tuple[int, ...]) -> tuple[float, Array]:
    """(loss, gradient) as they were returned; Faulty unless they are a real number and an array of that shape."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Faulty("returns", f"It returns {described(answer)}; expected the pair loss, {name}.")
    loss, gradient = answer
    if np.ndim(loss) or not (np.isrealobj(loss) and np.issubdtype(np.asarray(loss).dtype, np.number)):
        raise Faulty("loss type", f"The loss is {described(loss)}; expected one real number.")
    check_array(gradient, name, shape)
    return loss, gradient


def check_array(array: Any, name: str, shape: tuple[int, ...]) -> None:
    """Faulty unless `array` is a plain floating array of that shape."""
    if type(array) is not Array or not np.issubdtype(array.dtype, np.floating):
        raise Faulty("type", f"{name} is {described(array)}; expected a NumPy array of floats.")
    if array.shape != shape:
        raise Faulty("shape", f"{name} has shape {array.shape}; expected {shape}.")


def described(value: Any) -> str:
    """The type of a value in words, with its shape where it has one."""
    if isinstance(value, Array):
        return f"an array of {value.dtype} with shape {value.shape}"
    return f"of type {type(value).__name__}" if not isinstance(value, tuple) else f"a tuple of {len(value)}"


def is_close(got: Any, want: Any, dtype: np.dtype) -> bool:
    """True when got differs from want by a rounding error of `dtype`; never for NaN."""
    scale = max(1e-3, float(np.max(np.abs(want))))
    return bool(np.all(np.abs(got - np.asarray(want)) <= TOLERANCE[dtype] * scale))


def worst_entry(name: str, got: Array, want: Array) -> str:
    """'dW[4, 0] is 0.0020, expected -0.4630', for the entry that is most wrong."""
    error = np.where(np.isnan(got), np.inf, np.abs(got - want))
    at = np.unravel_index(np.argmax(error), want.shape)
    return f"{name}[{', '.join(map(str, at))}] is {got[at]:.4f}, expected {want[at]:.4f}"
