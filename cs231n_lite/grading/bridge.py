"""The frames between grader and student: a JSON header and raw .npy arrays, each with its length; never pickles.

Both ends use this file.  What is none of the plain types below crosses as the
name of its type, so that nothing of the student's own answers for itself.
"""
import io
import json
import math
import struct
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

LIMIT, HEAD = 64 * 2**20, 4 * 2**20  # bytes of a frame, and of its header
DEPTH, PARTS, KINDS, TOKEN = 12, 2**18, "biufcSU", 16
LENGTHS = struct.Struct("<II")


class Refused(ValueError):
    """Raised for a frame that is none, or holds what may not cross."""


class Remote(NamedTuple):
    """An object that stays at the other end, by its number, and what can be asked of it."""

    number: int
    methods: tuple[str, ...]


# --------------------------------------------------------------- frames


def frame(token: bytes, header: Any, arrays: list[Array]) -> bytes:
    """token, lengths, header and arrays as bytes.  Raises Refused when they are too many."""
    blobs = [npy(array) for array in arrays]
    head = json.dumps([header, [len(blob) for blob in blobs]]).encode()
    body = b"".join([head, *blobs])
    if len(body) > LIMIT or len(head) > HEAD:
        raise Refused(f"more than {LIMIT >> 20} MB at once")
    return token + LENGTHS.pack(len(head), len(body)) + body


def lengths(start: bytes, token: bytes) -> tuple[int, int]:
    """The lengths of header and body, from the first bytes of a frame; Refused unless it begins with the token."""
    head, body = LENGTHS.unpack(start[TOKEN:])
    if start[:TOKEN] != token or head > HEAD or not head <= body <= LIMIT:
        raise Refused("something else than the grader's own code wrote to its channel")
    return head, body


def opened(head: int, body: bytes) -> tuple[Any, list[Array]]:
    """Header and arrays of a frame; Refused when they are none."""
    try:
        header, sizes = json.loads(body[:head])
        arrays, at = [], head
        for size in sizes:
            arrays.append(array_of(body[at:at + size]))
            at += size
        return header, arrays
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused(f"a frame that cannot be read ({type(error).__name__})") from error


def npy(array: Array) -> bytes:
    """A plain array as a .npy file."""
    return npy_head(array.dtype.str, array.shape) + array.tobytes()


@lru_cache(1000)
def npy_head(dtype: str, shape: tuple[int, ...]) -> bytes:
    """The head of a .npy file; most arrays have one that was there before."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def array_of(blob: bytes) -> Array:
    """The array of a .npy file; ValueError unless it holds as many plain numbers as its header says."""
    start = 10 + int.from_bytes(blob[8:10], "little")
    shape, dtype = read_head(blob[:start])
    if math.prod(shape) * dtype.itemsize != len(blob) - start:
        raise ValueError("no array of that size")
    return np.frombuffer(blob, dtype, offset=start).reshape(shape).copy()


@lru_cache(1000)
def read_head(head: bytes) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type from the head of a .npy file; ValueError unless it is one of plain numbers or text."""
    buffer = io.BytesIO(head)
    if np.lib.format.read_magic(buffer) != (1, 0):
        raise ValueError("another version of .npy")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(buffer)
    if fortran or dtype.kind not in KINDS or dtype.itemsize == 0 or any(size < 0 for size in shape):
        raise ValueError("no plain array")
    return shape, dtype


# --------------------------------------------------------------- values


def packed(value: Any, arrays: list[Array], remote: Any = None, depth: int = 0) -> list:
    """A value as JSON, its arrays added to `arrays`; `remote(value)` gives the Remote of what stays here, or None."""
    kind = type(value)
    if depth > DEPTH:
        return ["odd", kind.__name__]
    if value is None or kind in (bool, str, float):
        return ["plain", value]
    if kind is int:
        return ["plain", value] if value.bit_length() < 1000 else ["odd", "int"]
    if kind is complex:
        return ["complex", value.real, value.imag]
    if kind is Fraction:
        return ["fraction", str(value)]
    if value is ...:
        return ["dots"]
    if isinstance(value, np.generic) and kind.__module__ == "numpy" and value.dtype.kind in KINDS:
        return added("scalar", np.asarray(value), arrays)
    if isinstance(value, Array):
        return packed_array(value, arrays)
    if kind is np.random.Generator:
        return ["generator", int(value.integers(2**63))]
    return packed_many(value, arrays, remote, depth)


def packed_many(value: Any, arrays: list[Array], remote: Any, depth: int) -> list:
    """As `packed`, for containers, read past whatever a subclass makes of them, and for what stays here."""
    if isinstance(value, range):
        value = list(value[:PARTS + 1])
    for base in (tuple, list, dict):
        if isinstance(value, base) and base.__len__(value) > PARTS:
            raise Refused(f"a {base.__name__} of more than {PARTS:,} parts")
    for base in (tuple, list):
        if isinstance(value, base) and not isinstance(value, Remote):
            return [base.__name__, [packed(part, arrays, remote, depth + 1) for part in base.__iter__(value)]]
    if isinstance(value, dict):
        return ["dict", [[packed(part, arrays, remote, depth + 1) for part in pair] for pair in dict.items(value)]]
    kept = remote and remote(value)
    return ["remote", kept.number, list(kept.methods)] if kept else ["odd", type(value).__name__]


def packed_array(array: Array, arrays: list[Array]) -> list:
    """An array; of a subclass the bare numbers and its name; of objects the shape alone."""
    if array.dtype.kind not in KINDS:
        return ["objects", list(array.shape)]
    if array.nbytes > LIMIT:
        raise Refused(f"more than {LIMIT >> 20} MB at once")
    bare = np.array(array, subok=False, copy=True)
    return added("array" if type(array) is Array else "subclass", bare, arrays) + [type(array).__name__]


def added(kind: str, array: Array, arrays: list[Array]) -> list:
    """The array's place in the list, after it was put there."""
    arrays.append(array)
    return [kind, len(arrays) - 1]


def unpacked(tree: Any, arrays: list[Array], remote: Any) -> Any:
    """The value that was packed; `remote(number, methods)` gives what stands for a Remote.  Raises Refused."""
    try:
        return UNPACK[tree[0]](*tree[1:], arrays=arrays, remote=remote)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, MemoryError) as error:
        raise Refused(f"a value that cannot be read ({type(error).__name__})") from error


def many(base: type) -> Any:
    """How to unpack a tuple or list."""
    return lambda parts, arrays, remote: base(unpacked(part, arrays, remote) for part in parts)


def mapping(pairs: list, arrays: list[Array], remote: Any) -> dict:
    """A dictionary."""
    return dict([unpacked(part, arrays, remote) for part in pair] for pair in pairs)


def subclass(index: int, name: str, arrays: list[Array], remote: Any) -> Array:
    """The bare numbers under the name of the subclass, so that a verdict can name it."""
    if name == "MaskedArray":
        return np.ma.array(arrays[index])
    return arrays[index].view(named(name, Array))


def odd(name: str, **_: Any) -> Any:
    """Something of that type's name, which can do nothing."""
    return named(name, object)()


def named(name: str, base: type) -> type:
    """An empty class of that name."""
    return type("".join(c if c.isalnum() else "_" for c in str(name)[:40]) or "object", (base,), {})


def objects(shape: list[int], **_: Any) -> Array:
    """An array of nothing, in that shape."""
    if math.prod(shape) > 2**20:
        raise ValueError("too many objects")
    return np.empty(shape, object)


UNPACK = {
    "plain": lambda value, **_: value,
    "complex": lambda real, imag, **_: complex(real, imag),
    "fraction": lambda text, **_: Fraction(text[:1000]),
    "dots": lambda **_: ...,
    "scalar": lambda index, arrays, **_: arrays[index][()],
    "array": lambda index, name, arrays, **_: arrays[index],
    "subclass": subclass, "objects": objects, "odd": odd,
    "generator": lambda seed, **_: np.random.default_rng(seed),
    "tuple": many(tuple), "list": many(list), "dict": mapping,
    "remote": lambda number, methods, remote, **_: remote(number, methods),
}
