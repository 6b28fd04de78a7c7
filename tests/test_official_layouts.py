"""Official files of a layout that nobody foresaw: read by three names, for their SHA-256 alone."""
import hashlib
import os
from types import SimpleNamespace

import numpy as np
import pytest
from official_files import TITLES, batch_bytes, pickled

from cs231n_lite import data
from cs231n_lite.download import Member

TITLE = TITLES["data_batch_1"]


@pytest.fixture(scope="module")
def batch():
    """What the first file holds, as a dictionary whose strings are strings of bytes."""
    rng = np.random.default_rng(0)
    return {
        b"batch_label": TITLE.encode(),
        b"labels": rng.integers(10, size=10_000).tolist(),
        b"data": rng.integers(256, size=(10_000, 3072), dtype=np.uint8),
        b"filenames": [f"noise_s_{i:06d}.png".encode() for i in range(10_000)],
    }


@pytest.fixture
def path(tmp_path):
    """Where data_batch_1 is to be written."""
    path = tmp_path / "data_batch_1"
    yield path
    path.unlink()


@pytest.fixture
def declared_official(path, monkeypatch):
    """A function that writes data_batch_1 and declares its SHA-256 the official one."""
    def write(content):
        path.write_bytes(content)
        os.truncate(path, max(len(content), data.PIXEL_BYTES + 1))
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        monkeypatch.setitem(data.MEMBERS, path.name, Member(path.stat().st_size, sha256))
        return path
    return write


@pytest.fixture
def no_unpickler(monkeypatch):
    """Whoever unpickles fails the test."""
    monkeypatch.setattr(data, "_unpickle", lambda *_: pytest.fail("a file was unpickled"))


def in_text(batch):
    """The batch with text, not bytes, for all strings."""
    names = [name.decode() for name in batch[b"filenames"]]
    return {key.decode(): value for key, value in batch.items()} | {
        "batch_label": TITLE, "filenames": names}


def with_opcode(batch):
    """The genuine structure, the integer for align in it, with one opcode more: POP."""
    known = batch_bytes(TITLE, batch[b"data"], batch[b"labels"])
    return known.replace(b"\x80\x02", b"\x80\x02N0", 1)


def with_columns_first(batch):
    return pickled(batch | {b"data": np.asfortranarray(batch[b"data"])}, 2)


LAYOUTS = {
    "text opcodes of protocol 0": lambda batch: pickled(batch, 0),
    "protocol 1": lambda batch: pickled(batch, 1),
    "protocol 2": lambda batch: pickled(batch, 2),
    "keys and names in Unicode": lambda batch: pickled(in_text(batch), 2),
    "columns first": with_columns_first,
    "one opcode more": with_opcode,
}


def refusal(path, read):
    """What `read` says of the file when it refuses it, checked for the parts of a good sentence."""
    with pytest.raises(ValueError, match=", expected ") as caught:
        read()
    text = str(caught.value)
    assert text.startswith(f"{path} ") and "\n" not in text
    assert text.endswith("run ./get_datasets.sh.") and len(text) < 700
    return text


# --------------------------------------------------------------- official files


# NumPy 2.4.0 to 2.4.4 warn of an align that is an integer.
@pytest.mark.filterwarnings("error::DeprecationWarning",
                            "error::numpy.exceptions.VisibleDeprecationWarning")
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_an_official_file_of_another_layout_is_read(declared_official, batch, layout):
    labels, pixels = data._read_batch(declared_official(layout(batch)), TITLE)
    assert list(labels) == batch[b"labels"]
    assert pixels.dtype == np.uint8 and pixels.shape == (10_000, 3, 32, 32)
    assert np.array_equal(pixels.reshape(10_000, 3072), batch[b"data"])


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_same_file_is_refused_and_not_unpickled_if_it_is_not_official(
    path, batch, layout, no_unpickler
):
    path.write_bytes(layout(batch))
    text = refusal(path, lambda: data._read_batch(path, TITLE))
    assert "is a batch of CIFAR-10 only up to byte" in text


def test_the_official_hash_of_another_file_is_of_no_use(
    path, batch, declared_official, monkeypatch, no_unpickler
):
    declared_official(pickled(batch, 2))
    monkeypatch.setitem(data.MEMBERS, "data_batch_2", data.MEMBERS["data_batch_1"])
    monkeypatch.setitem(data.MEMBERS, "data_batch_1", Member(path.stat().st_size, "0" * 64))
    assert "only up to byte" in refusal(path, lambda: data._read_batch(path, TITLE))


def test_what_is_unpickled_are_the_bytes_that_were_hashed(
    declared_official, batch, path, monkeypatch
):
    declared_official(pickled(batch, 2))

    def hash_then_swap(content):
        with path.open("r+b") as file:
            file.write(b"\x80\x02cos\nsystem\n")
        return hashlib.sha256(content)

    monkeypatch.setattr(data, "hashlib", SimpleNamespace(sha256=hash_then_swap))
    labels, pixels = data._read_batch(path, TITLE)
    assert list(labels) == batch[b"labels"]
    assert np.array_equal(pixels.reshape(10_000, 3072), batch[b"data"])


def test_the_known_structure_is_neither_hashed_nor_unpickled(
    path, batch, declared_official, monkeypatch, no_unpickler
):
    declared_official(batch_bytes(TITLE, batch[b"data"], batch[b"labels"]))
    monkeypatch.setattr(data, "hashlib", None)
    labels, pixels = data._read_batch(path, TITLE)
    assert list(labels) == batch[b"labels"]
    assert np.array_equal(pixels.reshape(10_000, 3072), batch[b"data"])


# --------------------------------------------------------------- official, and refused all the same


def test_an_official_file_that_calls_the_system_is_refused_and_runs_nothing(
    declared_official, monkeypatch, path
):
    monkeypatch.chdir(path.parent)
    declared_official(b"\x80\x02cos\nsystem\nU\x0atouch trap\x85R.")
    text = refusal(path, lambda: data._read_batch(path, TITLE))
    assert "cannot be unpickled (it names 'os.system'), expected" in text
    assert not (path.parent / "trap").exists()


@pytest.mark.parametrize("call", [
    "c{}\n{}\nU\x0atouch trap\x85R.", "(U\x0atouch trapi{}\n{}\n.", "(c{}\n{}\nU\x0atouch trapo.",
], ids=["GLOBAL", "INST", "OBJ"])
@pytest.mark.parametrize("name", [
    "posix system", "__builtin__ eval", "builtins eval", "numpy load", "_codecs encode",
    "numpy.core.multiarray scalar", "copy_reg _reconstructor", "numpy ndarray.tofile",
])
def test_a_fourth_name_is_refused_in_whatever_way_it_is_called(monkeypatch, tmp_path, call, name):
    monkeypatch.chdir(tmp_path)
    content = b"\x80\x02" + call.format(*name.split(" ")).encode()
    text = refusal(tmp_path, lambda: data._unpickle(tmp_path, content))
    assert f"cannot be unpickled (it names '{name.replace(' ', '.')}'), expected" in text
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize("content", [
    b"\x80\x02P1\n.", b"\x80\x02\x82\x01.", b"\x80\x02N", b"\x80\x02K\x05.", b"", b"\x80\x09.",
    b"\x80\x02T\xff\xff\xff\x7f.", b"<!DOCTYPE html>", b"\x80\x02U\x05ab", b"\x80\x02h\x07.",
])
def test_what_is_no_pickle_of_a_dictionary_is_refused(tmp_path, content):
    text = refusal(tmp_path, lambda: data._unpickle(tmp_path, content))
    assert "cannot be unpickled (" in text and "()" not in text


@pytest.mark.parametrize("key, value, finding", [
    (b"batch_label", b"training batch 2 of 5", "calls itself 'training batch 2 of 5', expected"),
    (b"batch_label", np.zeros(3, np.uint8), "calls itself array([0, 0, 0], dtype=uint8), expected"),
    (b"labels", [0] * 9_999, "has 9,999 labels and 10,000 file names"),
    (b"labels", [-1] + [0] * 9_999, "has labels from -1 to 0, expected 0 to 9"),
    (b"labels", np.zeros(10_000, np.uint8), "has the labels array([0, 0, "),
    (b"filenames", list(range(10_000)), "expected integers and strings"),
    (b"data", [0], "has the data (0,), expected a uint8 array of shape (10000, 3072)"),
    (b"data", np.zeros((3072, 100), np.uint8), "expected a uint8 array of shape (10000, 3072)"),
    (b"data", np.zeros((10_000, 3072), np.int8), "expected a uint8 array of shape (10000, 3072)"),
    (b"extra", None, "expected a dictionary of batch_label, labels, data, filenames"),
])
def test_an_unpickled_batch_with_a_wrong_part_is_refused(tmp_path, batch, key, value, finding):
    unpickled = data._unpickle(tmp_path, pickled(batch | {key: value}, 2))
    text = refusal(tmp_path, lambda: data._check_batch(tmp_path, TITLE, unpickled, None))
    assert finding in text
