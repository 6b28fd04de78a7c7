"""Functions that came back from another process, where pickle, which writes names, finds them.

A worker sends a notebook's function as its code, so that what comes back is a copy of it: "not the
same object", says pickle, than the one of that name.
"""
import sys
from functools import partial
from typing import Any


def known(function: Any) -> Any:
    """The function of this name in its module, where its code is the same; else `function`."""
    if isinstance(function, partial):
        return partial(known(function.func), *map(known, function.args),
                       **{name: known(value) for name, value in function.keywords.items()})
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    found = getattr(module, getattr(function, "__qualname__", ""), None)
    same = hasattr(found, "__code__") and made_of(found) == made_of(function)
    return found if same else function


def made_of(value: Any) -> Any:
    """What two functions that do the same have in common: code, defaults, what it closes over."""
    if not hasattr(value, "__code__"):
        return repr(value)
    enclosed = [made_of(cell.cell_contents) for cell in value.__closure__ or ()]
    return value.__code__, made_of(value.__defaults__), made_of(value.__kwdefaults__), enclosed
