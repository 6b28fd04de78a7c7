"""What every judge needs: calling a student's function, and comparing whatever it returns."""
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from numbers import Real
from traceback import extract_tb
from typing import Any

import numpy as np
from numpy import ndarray as Array

from cs231n_lite.exercises.diagnosis.crashes import meaning, number, where
from cs231n_lite.exercises.diagnosis.faults import fault
from cs231n_lite.exercises.verdict import Fault, Trial

# Far below what any wrong formula is off by, far above rounding, also in float32 arithmetic inside.
TOLERANCE = 1e-4
OVERFLOW = "overflow encountered in exp"
# What NumPy's warnings mean.
REASONS = {
    "divide by zero encountered in log": "log gets a 0",
    "invalid value encountered in log": "log gets a negative number",
    "divide by zero encountered in divide": "a number is divided by 0",
    "invalid value encountered in divide": "0 is divided by 0, or infinity by infinity",
    OVERFLOW: "exp gets more than 709, and is infinite",
}
NO_REASON = "Look for a logarithm of 0 or of a negative number, or a division by 0."


class Faulty(Exception):
    """Raised inside a judge when an answer cannot be looked at any further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)  # so that it can be sent from one process to another
        self.fault = fault

    def __str__(self) -> str:
        return self.fault.text


def attempt(name: str, faults: Callable[[], Iterable[Fault]]) -> Trial:
    """Run one trial; a Faulty on the way ends it."""
    try:
        return Trial(name, tuple(faults()))
    except Faulty as faulty:
        return Trial(name, (faulty.fault,))


class Untouched(NotImplementedError):
    """Raised inside a judge where an answer returns what the course's own empty cell does."""


def call(f: Callable, *args: Any, names: tuple[str, ...] = (), may_return: str = "",
         parts: int = 1) -> Any:
    """f(*args) with the arrays copied; Faulty when it crashes, returns None or changes an input.

    `may_return` names the one input that it may hand back as it was; `parts` says how many things
    are asked for.
    NotImplementedError passes through: the exercise was not attempted.
    """
    given = [a.copy() if isinstance(a, Array) else a for a in args]
    try:
        with np.errstate(all="ignore"):
            answer = f(*given)
    except Faulty:
        raise
    except NotImplementedError as error:
        if type(error).__name__ == "StdinNotImplementedError":  # IPython's, of input()
            raise Faulty(crash(error)) from error
        if culprit := unsolved_helper(f, error):
            raise Faulty(fault("unsolved helper", name=culprit)) from error
        raise
    except Exception as error:
        raise Faulty(crash(error)) from error
    if answer is None:
        raise Faulty(fault("returns None"))
    several = parts > 1 and isinstance(answer, (tuple, list))
    check_inputs(args, given, answer if several else (answer,), names, may_return)
    return answer


def unsolved_helper(f: Callable, error: NotImplementedError) -> str | None:
    """The name of the function that raised NotImplementedError, if that was not f itself."""
    raised_in = getattr(error, "within", None) or extract_tb(error.__traceback__)[-1].name
    return raised_in if raised_in != getattr(f, "__name__", raised_in) else None


def crash(error: BaseException) -> Fault:
    """What there is to say about an exception out of the student's function."""
    said = f"{type(error).__name__}: {error}".rstrip(" .:")
    # What ran elsewhere may have been refused there, and brings this along.
    if isinstance(refused := getattr(error, "refused", None), str) and refused:
        found = fault("refused", where=where(error), refused=refused, error=said)
        return replace(found, line=number(error))
    means = meaning(error)
    found = fault("crash", where=where(error), error=said, means=f" {means}" if means else "")
    return replace(found, line=number(error))


def check_inputs(args: tuple, given: list, parts: Sequence, names: tuple[str, ...],
                 may_return: str) -> None:
    """Faulty when the arrays `given`, copies of `args`, were changed, or are handed back.

    The one called `may_return` may be handed back.
    """
    returned = [part for part in parts if isinstance(part, Array)]
    for before, after, name in zip(args, given, (*names, *["an array"] * len(args))):
        if isinstance(before, Array) and not np.array_equal(before, after):
            raise Faulty(fault("input changed", name=name))
        if (isinstance(after, Array) and name != may_return
                and any(np.shares_memory(part, after) for part in returned)):
            raise Faulty(fault("aliasing", name=name))


def check_pair(answer: Any, name: str, shape: tuple[int, ...]) -> tuple[float, Array]:
    """(loss, gradient) as returned; Faulty unless a real number and an array of that shape."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Faulty(fault("returns", got=described(answer),
                           want=f"two things, loss and {name}, in this order"))
    loss, gradient = answer
    if isinstance(loss, Array) and loss.shape == shape and np.ndim(gradient) == 0:
        raise Faulty(fault("returns", got=f"{name} first and the loss second",
                           want=f"the loss first, then {name}"))
    if not is_real_number(loss):
        raise Faulty(fault("loss type", got=described(loss), means=loss_means(loss)))
    check_array(gradient, name, shape)
    return float(loss), gradient


def is_real_number(value: Any) -> bool:
    """True for a real number of Python or NumPy, or an array without dimensions; not for a bool."""
    if type(value) is Array and value.ndim == 0:
        value = value[()]
    return isinstance(value, Real) and not isinstance(value, bool)


def loss_means(loss: Any) -> str:
    """How a loss that is no number may have come about."""
    if isinstance(loss, Array) and loss.size == 1:
        return " It holds just one; take it out of the array."
    if isinstance(loss, Array) and loss.ndim:
        return " A mean or a sum is still to be taken over its entries."
    if np.iscomplexobj(loss):
        return " No step of this loss leads to complex numbers."
    return ""


def check_array(array: Any, name: str, shape: tuple[int, ...]) -> None:
    """Faulty unless `array` is a plain floating array of that shape."""
    if type(array) is not Array or not np.issubdtype(array.dtype, np.floating):
        raise Faulty(fault("type", name=name, got=described(array), means=array_means(array)))
    if array.dtype == np.float16:
        means = " float16 keeps three digits only; use float64."
        raise Faulty(fault("type", name=name, got=described(array), means=means))
    if array.shape != shape:
        turned = " It is the transpose of that." if array.shape == shape[::-1] else ""
        raise Faulty(fault("shape", name=name, got=array.shape, want=shape, means=turned))


def array_means(array: Any) -> str:
    """How something that is no array of floats may have come about."""
    if isinstance(array, np.matrix):
        return (" Leave np.matrix out, and the rest works on arrays: there `@` is the matrix "
                "product, `*` goes entry by entry, and a row has one axis.")
    if isinstance(array, Array) and type(array) is not Array:
        return (" Subclasses such as masked arrays follow other rules of arithmetic; "
                "use a plain array.")
    if isinstance(array, Array) and array.dtype == bool:
        return (" A mask only says where; what is asked for is what has to be added up there.")
    if isinstance(array, (list, tuple)):
        return (f" A {type(array).__name__} does not calculate entry by entry: "
                "make one array of its parts.")
    if isinstance(array, Array) and np.issubdtype(array.dtype, np.integer):
        return " In an array of integers every share is cut off; make it with np.zeros."
    return ""


def described(value: Any) -> str:
    """The type of a value in words, with its shape where it has one."""
    if isinstance(value, Array):
        kind = "an array" if type(value) is Array else f"a {type(value).__name__}"
        return f"{kind} of {value.dtype} with shape {value.shape}"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def is_close(got: Any, want: Any, tolerance: float = TOLERANCE) -> bool:
    """True when got differs from want by a rounding error; never for NaN."""
    scale = max(1e-3, float(np.max(np.abs(want))))
    return bool(np.all(np.abs(got - np.asarray(want)) <= tolerance * scale))


def entry(name: str, got: Array, want: Array) -> str:
    """'dW[4, 0] is 0.0020, expected -0.4630', for the entry that is most wrong."""
    error = np.where(np.isnan(got), np.inf, np.abs(got - want))
    at = np.unravel_index(np.argmax(error), want.shape)
    return f"{name}[{', '.join(map(str, at))}] is {got[at]:.4f}, expected {want[at]:.4f}"


def warned(f: Callable, *args: Any) -> list[str]:
    """What NumPy warns of in f(*args), as 'overflow encountered in exp', once each."""
    with warnings.catch_warnings(record=True) as found, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            f(*[a.copy() if isinstance(a, Array) else a for a in args])
        except Exception:  # only its warnings are asked for
            return []
    return list(dict.fromkeys(str(w.message).replace(" scalar ", " ") for w in found
                              if issubclass(w.category, RuntimeWarning)))


def reason(f: Callable, *args: Any) -> str:
    """Why f(*args) is not finite, by what NumPy warns of; where to look if it does not."""
    known = [REASONS[text] for text in warned(f, *args) if text in REASONS]
    told = " and ".join(known).replace(" and log gets", " and")
    return f"Somewhere {told}." if known else NO_REASON


def draws_at_random(before: Any) -> bool:
    """True when NumPy's global generator is no longer in the state `before`."""
    after: Any = np.random.get_state()  # noqa: NPY002  whether it is used is the question
    return before[2] != after[2] or not np.array_equal(before[1], after[1])
