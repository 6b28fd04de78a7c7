"""Arrays in files go to the workers of a search as paths, for a file is there without being sent.

joblib does so on one machine; Dask, asked for an array that is mapped from a file, sends its bytes.
"""
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array


class NotHere(Exception):
    """This worker does not see the file, or sees another one."""


class Mapped(NamedTuple):
    """An array (shape) of a type that lies `offset` bytes into a file, and the file's state."""

    path: Path
    state: tuple[int, int]
    dtype: np.dtype
    offset: int
    shape: tuple[int, ...]

    def array(self) -> Array:
        """The array, mapped anew.  Raises NotHere unless the file is as it was."""
        try:
            if state_of(self.path) == self.state:
                return np.memmap(self.path, self.dtype, "r", self.offset, self.shape)
        except OSError:
            pass
        raise NotHere(f"{self.path} is not what it is where the search began.")


def state_of(path: Path) -> tuple[int, int]:
    """The size of a file in bytes, and the time of its last change, in nanoseconds."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def to_send(X: Any) -> Any:
    """X as a path, if it is mapped read-only from a file and its rows lie in order; or as it is.

    What may be written to is sent as it is now.
    """
    whole = X
    while isinstance(getattr(whole, "base", None), np.ndarray):
        whole = whole.base
    if not (isinstance(whole, np.memmap) and whole.mode == "r" and whole.filename
            and X.size and X.flags.c_contiguous):
        return X
    path, offset = Path(whole.filename), whole.offset + X.ctypes.data - whole.ctypes.data
    try:
        return Mapped(path, state_of(path), X.dtype, offset, X.shape)
    except OSError:  # the file was removed, and lives on as long as it is mapped
        return X


def received(data: Any) -> Any:
    """The array that was sent.  Raises NotHere where it is a path that leads elsewhere."""
    return data.array() if isinstance(data, Mapped) else data
