"""The frames between grader and student: a JSON header and raw .npy arrays; never pickles.

Both ends use this file.  What is none of the plain types below crosses as the
name of its type, so that nothing of the student's own answers for itself.
"""
import io
import json
import math
import re
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray as Array

# Bytes of a frame, and of its header; values in it; characters of a text.  The largest that an
# exercise needs has 4 kB and 111 values.  What is read here cannot take long, nor can an array that
# NumPy makes of it take much memory.
LIMIT, HEAD, PARTS, TEXT = 4 * 2**20, 2**20, 2**13, 32
DEPTH, BITS = 12, 1000
KINDS, TOKEN = "biufcSU", 16
# Bytes that NumPy takes for an entry of an array beside a text or an object, as which it keeps
# numbers then; of what has a class, or a generator, of its own.
BESIDE, OWN = {"S": 256, "U": 256, "O": 40}, 4096
LENGTHS = struct.Struct("<II")
NPY = re.compile(rb"\x93NUMPY\x01\x00..\{'descr': '([<>|][biufcSU]\d{1,3})', "
                 rb"'fortran_order': False, 'shape': \(((?:\d{1,9}, ?){0,64}(?:\d{1,9})?)\), \} *"
                 rb"\n", re.DOTALL)
CONTAINERS: tuple[Any, ...] = (tuple, list, dict)
FRACTION = re.compile(r"-?\d{1,302}(/\d{1,302})?")


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
    check_parts(head)
    if len(body) > LIMIT or len(head) > HEAD:
        raise Refused(f"more than {LIMIT >> 20} MB at once")
    return token + LENGTHS.pack(len(head), len(body)) + body


def check_parts(head: bytes) -> None:
    """Refused when a header holds too many values; each of them is a list."""
    if head.count(b"[") + head.count(b"{") > PARTS:
        raise Refused(f"more than {PARTS:,} parts at once")


def lengths(start: bytes, token: bytes) -> tuple[int, int]:
    """The lengths of header and body, from a frame's first bytes; Refused without the token."""
    head, body = LENGTHS.unpack(start[TOKEN:])
    if start[:TOKEN] != token or head > HEAD or not head <= body <= LIMIT:
        raise Refused("something else than the grader's own code wrote to its channel")
    return head, body


def opened(head: int, body: bytes) -> tuple[Any, list[Array]]:
    """Header and arrays of a frame; Refused when they are none."""
    check_parts(body[:head])
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
    np.lib.format.write_array_header_1_0(buffer,
                                         {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def array_of(blob: bytes) -> Array:
    """The array of a .npy file as `npy` writes it; ValueError unless as long as it says."""
    head = NPY.match(blob)
    if not head:
        raise ValueError("no plain array")
    dtype, shape = (np.dtype(head[1].decode()),
                    tuple(int(size) for size in head[2].replace(b",", b" ").split()))
    fits = (math.prod(shape) * dtype.itemsize == len(blob) - head.end()
            and is_small(shape, dtype.itemsize))
    if not crosses(dtype) or not fits:
        raise ValueError("no array of that size")
    array = np.frombuffer(blob, dtype, offset=head.end()).reshape(shape)
    # A byte of 2 is no bool.
    return array.view(np.uint8).astype(bool) if dtype.kind == "b" else array.copy()


def crosses(dtype: np.dtype) -> bool:
    """True for plain numbers, and for short texts."""
    return dtype.kind in KINDS and (dtype.kind not in "SU" or 0 < dtype.itemsize <= 4 * TEXT)


def is_small(shape: Iterable[int], itemsize: int) -> bool:
    """True when nothing of that shape is beyond a frame, not even a sum along an empty axis."""
    return math.prod(max(size, 1) for size in shape) * itemsize <= LIMIT


# --------------------------------------------------------------- values


def packed(value: Any, arrays: list[Array], remote: Any = None, depth: int = 0) -> list:
    """A value as JSON, its arrays added to `arrays`.

    `remote(value)` gives the Remote of what stays here, or None.
    """
    kind = type(value)
    if depth > DEPTH:
        return ["odd", kind.__name__]
    if is_plain(value):
        return ["plain", value]
    if kind is complex:
        return ["complex", value.real, value.imag]
    if kind is Fraction and is_short(value.numerator) and is_short(value.denominator):
        return ["fraction", str(value)]
    if value is ...:
        return ["dots"]
    if isinstance(value, np.generic) and kind.__module__ == "numpy" and crosses(value.dtype):
        return added("scalar", np.asarray(value), arrays)
    if isinstance(value, Array):
        return packed_array(value, arrays)
    if kind is np.random.Generator:
        return ["generator", int(value.integers(2**63))]
    return packed_many(value, arrays, remote, depth)


def is_plain(value: Any) -> bool:
    """True for what JSON holds as it is, and is short."""
    kind = type(value)
    return (value is None or kind in (bool, float) or is_short(value)
            or (kind is str and len(value) <= TEXT))


def is_short(number: int) -> bool:
    """True for an integer that no arithmetic takes long with."""
    return type(number) is int and number.bit_length() <= BITS


def packed_many(value: Any, arrays: list[Array], remote: Any, depth: int) -> list:
    """As `packed`, for containers, whatever a subclass makes of them, and for what stays here."""
    if isinstance(value, range):
        value = list(value[:PARTS + 1])
    for base in CONTAINERS:
        if isinstance(value, base) and base.__len__(value) > PARTS:
            raise Refused(f"a {base.__name__} of more than {PARTS:,} parts")
    for base in CONTAINERS[:2]:
        if isinstance(value, base) and not isinstance(value, Remote):
            return [base.__name__,
                    [packed(part, arrays, remote, depth + 1) for part in base.__iter__(value)]]
    if isinstance(value, dict):
        return ["dict", [[packed(part, arrays, remote, depth + 1) for part in pair]
                         for pair in dict.items(value)]]
    if kept := remote and remote(value):
        return ["remote", kept.number, list(kept.methods)]
    if (array := array_like(value)) is not None:
        return ["like", packed_array(array, arrays), type(value).__name__]
    return ["odd", type(value).__name__]


def packed_array(array: Array, arrays: list[Array]) -> list:
    """An array; of a subclass the bare numbers and its name; of objects the shape alone."""
    if not crosses(array.dtype):
        if array.size > PARTS:
            raise Refused(f"more than {PARTS:,} parts at once")
        return ["objects", list(array.shape)]
    if array.nbytes > LIMIT:
        raise Refused(f"more than {LIMIT >> 20} MB at once")
    bare = np.array(array, subok=False, copy=True)
    kind = "array" if type(array) is Array else "subclass"
    return [*added(kind, bare, arrays), type(array).__name__]


def array_like(value: Any) -> Array | None:
    """What NumPy makes of something with its interface or a buffer, as in the student's kernel."""
    try:
        return np.asarray(value if hasattr(type(value), "__array__") else memoryview(value))
    except TypeError:
        return None


def added(kind: str, array: Array, arrays: list[Array]) -> list:
    """The array's place in the list, after it was put there."""
    arrays.append(array)
    return [kind, len(arrays) - 1]


def unpacked(tree: Any, arrays: list, remote: Any) -> Any:
    """The value that was packed; Refused where there is none.

    `remote(number, methods)` gives what stands for a Remote.
    """
    try:
        return UNPACK[tree[0]](*tree[1:], arrays=arrays, remote=remote)
    except Exception as error:
        raise Refused(f"a value that cannot be read ({type(error).__name__})") from error


def room(value: Any) -> int:
    """The bytes that a value, or an array of it, takes at most; they may exceed what was sent."""
    parts = list(leaves(value))
    dtypes = [part.dtype if isinstance(part, (Array, np.generic)) else np.dtype(type(part))
              for part in parts]
    widest = max((BESIDE.get(dtype.kind, dtype.itemsize) for dtype in dtypes), default=0)
    entries = sum(part.size if isinstance(part, Array) else 1 for part in parts)
    return widest * entries + OWN * sum(type(part).__module__ not in ("builtins", "numpy")
                                        for part in parts)


def leaves(value: Any) -> Iterator[Any]:
    """What containers hold, and an array for what NumPy makes one of."""
    if isinstance(value, (tuple, list, dict)):
        for part in chain(value, value.values() if isinstance(value, dict) else ()):
            yield from leaves(part)
    else:
        yield value.array if isinstance(value, ArrayLike) else value


def taken(index: int, arrays: list) -> Array:
    """The array at that place, which one value alone may take: a thousand would be a thousand."""
    array, arrays[index] = arrays[index], None
    return array[...]


def plain(value: Any, **_: Any) -> Any:
    """A value that JSON holds as it is."""
    if not is_plain(value):
        raise ValueError("no plain value")
    return value


def fraction(text: str, **_: Any) -> Fraction:
    """A fraction of whole numbers; Fraction would also read "1e9999999", for hours."""
    if not FRACTION.fullmatch(text):
        raise ValueError("no fraction")
    return Fraction(text)


def generator(seed: int, **_: Any) -> np.random.Generator:
    """A generator of random numbers from that seed."""
    if not is_short(seed):
        raise ValueError("no seed")
    return np.random.default_rng(seed)


def many(base: type) -> Any:
    """How to unpack a tuple or list."""
    return lambda parts, arrays, remote: base(unpacked(part, arrays, remote) for part in parts)


def mapping(pairs: list, arrays: list, remote: Any) -> dict:
    """A dictionary."""
    return dict([unpacked(part, arrays, remote) for part in pair] for pair in pairs)


def subclass(index: int, name: str, arrays: list, remote: Any) -> Array:
    """The bare numbers under the name of the subclass, so that a verdict can name it."""
    array = taken(index, arrays)
    return np.ma.array(array) if name == "MaskedArray" else array.view(named(name, Array))


def odd(name: str, **_: Any) -> Any:
    """Something of that type's name, which can do nothing."""
    return named(name, object)()


def like(tree: list, name: str, arrays: list, remote: Any) -> Any:
    """Something of that type's name, of which NumPy makes the same array."""
    found = named(name, ArrayLike)()
    found.array = unpacked(tree, arrays, remote)
    if not isinstance(found.array, Array):
        raise ValueError("no array")
    return found


class ArrayLike:
    """What is no array, but gives one."""

    array: Array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.array, dtype)

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, index: Any) -> Any:
        return self.array[index]


@lru_cache(1000)
def named(name: str, base: type) -> type:
    """An empty class of that name."""
    return type("".join(c if c.isalnum() else "_" for c in str(name)[:40]) or "object", (base,), {})


def objects(shape: list[int], **_: Any) -> Array:
    """An array of nothing in that shape, which takes no memory."""
    if not is_small(shape, 1) or math.prod(shape) > PARTS:
        raise ValueError("too many objects")
    return np.broadcast_to(np.array(None, object), shape)


UNPACK = {
    "plain": plain, "fraction": fraction, "generator": generator, "tuple": many(tuple),
    "list": many(list), "dict": mapping, "subclass": subclass, "objects": objects, "odd": odd,
    "like": like,
    "complex": lambda real, imag, **_: complex(real, imag),
    "dots": lambda **_: ...,
    "scalar": lambda index, arrays, **_: taken(index, arrays)[()],
    "array": lambda index, name, arrays, **_: taken(index, arrays),
    "remote": lambda number, methods, remote, **_: remote(number, methods),
}
