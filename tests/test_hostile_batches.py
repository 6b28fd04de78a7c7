"""Batch files spoilt at random: what loads is right in every pixel, all else is refused.

Nothing here is listed by hand; tests/test_data.py has the cases that somebody thought of.
"""
import tracemalloc

import numpy as np
import official_files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official_files import TITLES, batch_bytes, string

from cs231n_lite.data import PIXEL_BYTES, _read_batch

pytestmark = pytest.mark.slow
official = official_files.official  # a fixture
TITLE = TITLES["data_batch_1"]
OPCODES = (b"(.0125JKMNRTU]abcehjpqrstu}"
           b"\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x95\x00\x01\xff")
BYTES = st.sampled_from(list(OPCODES)) | st.integers(0, 255)
PLACES = st.integers(0, 120) | st.integers(-60, -1) | st.integers(-1 << 19, 1 << 19)


@pytest.fixture(scope="module", params=[True, False], ids=["memo", "no memo"])
def batch(official, request, scratch):
    """A path to write to; the bytes before and after the pixels; the pixels; the labels."""
    pixels, labels = official.pixels[:10_000], official.labels[:10_000]
    head, tail = batch_bytes(TITLE, pixels, labels, memo=request.param).split(pixels.tobytes())
    return scratch, head, tail, pixels, labels


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A path to write to."""
    path = tmp_path_factory.mktemp("scratch") / "data_batch_1"
    yield path
    path.unlink()


def outcome(path, content):
    """(labels, pixels), or the refusal; neither may take more memory than the file has bytes."""
    path.write_bytes(content)
    tracemalloc.start()
    try:
        return _read_batch(path, TITLE)
    except ValueError as error:
        text = str(error)
        assert text.startswith(str(path)) and ", expected " in text
        assert text.endswith("./get_datasets.sh.") and "\n" not in text and len(text) < 700
        return text
    finally:
        assert tracemalloc.get_traced_memory()[1] < 1.3 * len(content) + 10_000_000
        tracemalloc.stop()


def assert_right_or_refused(result, pixels, labels, edits):
    """What was loaded may differ in no pixel, and in no more labels than bytes were changed."""
    if not isinstance(result, str):
        assert np.array_equal(result[1].reshape(pixels.shape), pixels)
        assert sum(a != b for a, b in zip(result[0], labels, strict=True)) <= edits


@settings(max_examples=60)
@given(edits=st.lists(st.tuples(st.booleans(), PLACES, st.sampled_from("cid"), BYTES),
                      min_size=1, max_size=3))
def test_bytes_that_are_changed_put_in_or_left_out(batch, edits):
    path, *parts, pixels, labels = batch
    for behind, place, how, byte in edits:
        part = bytearray(parts[behind])
        place %= len(part)
        part[place:place + (how != "i")] = bytes([byte] * (how != "d"))
        parts[behind] = bytes(part)
    result = outcome(path, parts[0] + pixels.tobytes() + parts[1])
    assert_right_or_refused(result, pixels, labels, len(edits))


@settings(max_examples=30)
@given(start=PLACES, stop=PLACES, to=PLACES, behind=st.booleans())
def test_a_stretch_that_stands_elsewhere_or_twice(batch, start, stop, to, behind):
    path, *parts, pixels, labels = batch
    part = parts[behind]
    start, stop = sorted((start % len(part), stop % len(part)))
    to %= len(part)
    parts[behind] = part[:to] + part[start:stop] + part[to:]
    result = outcome(path, parts[0] + pixels.tobytes() + parts[1])
    assert_right_or_refused(result, pixels, labels, stop - start)


@settings(max_examples=10)
@given(lost=st.integers(1, 1 << 19) | st.integers(1, PIXEL_BYTES))
def test_a_file_that_is_cut_short(batch, lost):
    path, head, tail, pixels, _ = batch
    content = head + pixels.tobytes() + tail
    assert isinstance(outcome(path, content[:-lost]), str)


VALUES = st.recursive(
    st.sampled_from([b"N", b"\x89", b"K\x01", b"]", string("x" * 99), string(TITLE), b"h\x07",
                     b"cnumpy\nndarray\n"]),
    lambda inner: st.builds(lambda parts, end: b"(" + b"".join(parts) + end,
                            st.lists(inner, min_size=1, max_size=8),
                            st.sampled_from([b"t", b"t\x85", b"tq\x07", b"tR"])),
    max_leaves=30,
)


def dictionary(values, before=b""):
    """A file of the right size that ends in a dictionary; nothing before `before` is looked at."""
    items = b"".join(string(key) + value for key, value in values.items())
    filling = bytes(31_000_000 - len(before) - len(items))
    size = len(filling).to_bytes(4, "little")
    return b"\x80\x02T" + size + filling + before + b"}(" + items + b"u."


@settings(max_examples=60)
@given(values=st.fixed_dictionaries(
    dict.fromkeys(["batch_label", "labels", "data", "filenames"], VALUES)))
def test_a_dictionary_of_the_right_keys_and_any_values(scratch, values):
    assert isinstance(outcome(scratch, dictionary(values, before=b"Nq\x07")), str)


def test_a_refusal_is_short_however_much_there_is_to_show(scratch):
    wide = string("x" * 99) + b"q\x00" + b"".join(
        b"(" + bytes([*b"h", level]) * 8 + b"tq" + bytes([level + 1]) for level in range(6))
    values = {"batch_label": string(TITLE), "labels": b"h\x06", "data": b"N", "filenames": b"N"}
    assert "has the labels (((((" in outcome(scratch, dictionary(values, before=wide))
