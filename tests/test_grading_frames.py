"""Whatever the student's process writes into the pipe is a value, or Refused, and soon."""
import array
import io
import json
import tracemalloc
from contextlib import suppress
from fractions import Fraction
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n_lite.grading.running import bridge

TOKEN = b"t" * bridge.TOKEN
START = bridge.TOKEN + bridge.LENGTHS.size


def crossed(value):
    """The value at the other end."""
    arrays: list = []
    return read(bridge.frame(TOKEN, bridge.packed(value, arrays), arrays))


def read(frame: bytes):
    """The value in a frame, as the grader reads it."""
    head, _ = bridge.lengths(frame[:START], TOKEN)
    tree, arrays = bridge.opened(head, frame[START:])
    return bridge.unpacked(tree, arrays, lambda number, methods: None)


def framed(header: bytes, *blobs: bytes) -> bytes:
    """A frame of any header."""
    body = header + b"".join(blobs)
    return TOKEN + bridge.LENGTHS.pack(len(header), len(body)) + body


def told(tree, *blobs: bytes) -> bytes:
    """A frame that says it holds this."""
    return framed(json.dumps([tree, [len(blob) for blob in blobs]]).encode(), *blobs)


def npy(head: bytes, data: bytes = b"\0" * 8) -> bytes:
    """A .npy file with that text for its head."""
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + data


def forged_array(dtype: str, shape: str, *data: bytes, order: object = False) -> bytes:
    """A frame that says it holds an array of that type, shape and order."""
    head = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}\n"
    return told(ARRAY, npy(head.encode(), *data))


def pickled() -> bytes:
    """A .npy file that NumPy would have to unpickle."""
    file = io.BytesIO()
    np.save(file, np.array([1, "x", None], object), allow_pickle=True)
    return file.getvalue()


ONE = bridge.npy(np.ones(1))
ARRAY = ["array", 0, "ndarray"]
COLLIDING = [[["plain", n * (2**61 - 1)], ["plain", 0]] for n in range(20_000)]
FORGED = {
    "another token": b"x" * bridge.TOKEN + told(["plain", 1])[bridge.TOKEN:],
    "a header longer than its frame": TOKEN + bridge.LENGTHS.pack(9, 3) + b"[1]",
    "lengths beyond all limits": TOKEN + bridge.LENGTHS.pack(2**32 - 1, 2**32 - 1),
    "no UTF-8": framed(b"[[\"plain\", \"\xff\xfe\"], []]"),
    "no JSON": framed(b"[[\"plain\", 1], []"),
    "JSON of another form": framed(b"3"),
    "deep JSON": framed(b"[" * 10_000 + b"]" * 10_000),
    "a number of a million digits": framed(b"[[\"plain\", " + b"9" * 10**6 + b"], []]"),
    "more parts than read in time": told(["list", [["odd", f"x{n}"] for n in range(20_000)]]),
    "keys that collide": told(["dict", COLLIDING]),
    "a pickled array": told(ARRAY, pickled()),
    "an array of objects": forged_array("|O", "(1,)"),
    "an array of records": forged_array("|V8", "(1,)"),
    "an array of times": forged_array("<M8[s]", "(1,)"),
    "a huge text": forged_array("<U999", "(0,)", b""),
    "a huge header": told(ARRAY, npy(b"(" * 60_000)),
    "a header of code": forged_array("<f8", "(1,)", order="__import__('os')"),
    "half a header": told(ARRAY, npy(b"(")),
    "digits that read in many ways": forged_array("<f8", "(" + "1" * 5000 + "x)"),
    "fewer numbers than it says": told(ARRAY, ONE[:-1]),
    "more numbers than it says": told(ARRAY, ONE + b"\0"),
    "nothing, in a huge shape": forged_array("<f8", "(0, 999999999)", b""),
    "a size below zero": framed(json.dumps([ARRAY, [-5]]).encode(), ONE),
    "an array in many places": told(["list", [ARRAY] * 100], ONE),
    "an array that is not there": told(["array", 3, "ndarray"], ONE),
    "many objects": told(["objects", [2**20]]),
    "no objects, in a huge shape": told(["objects", [0, 10**9]]),
    "a fraction that takes hours": told(["fraction", "1e1000000000"]),
    "a long fraction": told(["fraction", "9" * 1000]),
    "a long integer": told(["plain", 10**400]),
    "a long text": told(["plain", "x" * 1000]),
    "JSON for a value": told(["plain", {"a": [1]}]),
    "a complex number out of range": told(["complex", 10**400, 0]),
    "a seed of many": told(["generator", [1] * 100]),
    "arrays within arrays": told(["like", ["list", [["like", ARRAY, "a"]] * 2], "b"], ONE),
    "an array as a key": told(["dict", [[ARRAY, ["plain", 1]]]], ONE),
    "a value of no kind": told(["code", "print()"]),
    "a text for a value": told("plain"),
    "null for a value": told(None),
    "a name that is none": told(["odd", ["x"]]),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_frame_is_refused_at_once_and_takes_no_memory(name):
    frame, start = FORGED[name], process_time()
    tracemalloc.start()
    try:
        with pytest.raises(bridge.Refused):
            read(frame)
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()
    assert process_time() - start < 2  # by which the grader may be late


@settings(max_examples=300)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_random_bytes_are_refused_in_header_and_arrays(header, blob):
    for frame in (framed(header), told(ARRAY, blob), told(ARRAY, ONE[:10] + blob)):
        with pytest.raises(bridge.Refused):
            read(frame)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(sorted(bridge.UNPACK)),
    lambda inner: st.lists(inner, max_size=4), max_leaves=20)


@given(st.sampled_from(sorted(bridge.UNPACK)), st.lists(JSON, max_size=3))
def is_read_or_refused(kind, rest):
    with suppress(bridge.Refused):
        read(told([kind, *rest], ONE))


@pytest.mark.parametrize("examples", [50, pytest.param(600, marks=pytest.mark.slow)])
def test_random_values_are_read_or_refused(examples):
    settings(max_examples=examples)(is_read_or_refused)()


def test_a_key_that_equals_nothing_is_read():
    (key,) = read(told(["dict", [[["plain", float("nan")], ["plain", 1]]]]))
    assert np.isnan(key)


def test_objects_take_no_memory_however_many_arrays_of_them_there_are():
    tracemalloc.start()
    value = read(told(["list", [["objects", [bridge.PARTS]]] * 1000]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert value[999].shape == (bridge.PARTS,) and peak < 2**23


@pytest.mark.parametrize("value", [
    3.0, np.ones(1000), [np.ones(1000), 2.0], [np.zeros((9, 9), np.uint8), 1j],
    [["x" * 32], [2.5]], ["x", np.zeros(1000, np.uint8)], [np.array(["x" * 32]), np.ones(1000)],
    [None, 2.5] * 1000, {1: np.ones(1000)}])
def test_the_room_that_is_counted_for_a_value_holds_every_array_of_it(value):
    flat = np.concatenate([np.ravel(np.asarray(part)) for part in bridge.leaves(value)])
    assert flat.nbytes <= bridge.room(value) <= 50 * flat.nbytes


def test_objects_weigh_what_they_take_once_they_are_kept():
    objects = read(told(["objects", [bridge.PARTS]]))
    odd = read(told(["list", [["odd", f"x{n}"] for n in range(99)]]))
    assert np.array(objects).nbytes <= bridge.room(objects) and 99 * bridge.OWN <= bridge.room(odd)
    assert bridge.room(read(told(["generator", 3]))) >= bridge.OWN


def test_bytes_that_are_neither_true_nor_false_become_true():
    (flag,) = read(forged_array("|b1", "(1,)", b"\x02"))
    assert flag.tobytes() == b"\x01"


@pytest.mark.parametrize("value", [
    None, True, 3, -2.5, 2 + 1j, "text", Fraction(-2, 3), ..., (1, [2.0, {"a": (3, 4)}]),
    {(0.1, 3.0): (0.5, 0.25)}])
def test_plain_values_cross_as_they_are(value):
    assert crossed(value) == value


@pytest.mark.parametrize("value", [
    np.arange(6.0).reshape(2, 3), np.float32([1.5]), np.zeros((0, 3)), np.array(7),
    np.array([True, False]), np.array(["a", "bc"]), np.array([1 + 2j]),
    np.asfortranarray(np.arange(6).reshape(2, 3)), np.zeros((1,) * 20)])
def test_arrays_cross_with_their_type_and_shape(value):
    got = crossed(value)
    assert type(got) is np.ndarray and got.dtype == value.dtype and np.array_equal(got, value)
    assert got.shape == value.shape and got.flags.writeable


@pytest.mark.parametrize("value", [
    array.array("l", [3, 1, 2]), bytearray([3, 1, 2]), memoryview(b"\3\1\2")])
def test_what_numpy_makes_an_array_of_still_makes_that_array_and_keeps_its_name(value):
    got = crossed(value)
    assert type(got).__name__ == type(value).__name__ and got[1] == 1 and len(got) == 3
    assert np.shape(got) == (3,) and np.asarray(got, float).tolist() == [3, 1, 2]


def test_what_is_nothing_of_this_crosses_as_the_name_of_its_type():
    class Liar:
        __hash__ = None

        def __eq__(self, other):
            return True

    got = crossed([Liar(), 10**1000, "x" * 1000, Fraction(1, 10**1000)])
    assert [type(part).__name__ for part in got] == ["Liar", "int", "str", "Fraction"]
    assert got[0] != 3


@pytest.mark.parametrize("value, reason", [
    ([0] * 10**5, "parts"), (np.zeros(2**20), "MB at once"), (np.full(10**5, None), "parts")])
def test_what_is_too_much_is_refused_where_it_is_sent(value, reason):
    with pytest.raises(bridge.Refused, match=reason):
        crossed(value)
