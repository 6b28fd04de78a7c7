"""Write files of noise in CIFAR-10's official layout, as Python 2 pickled them, or in others.

Where the size is not the point, they hold 100 images each in place of 10,000.
"""
import io
import pickle
import shutil
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

KEYS = ("batch_label", "labels", "data", "filenames")  # the order in the official files
TITLES = {f"data_batch_{i}": f"training batch {i} of 5" for i in range(1, 6)}
TITLES["test_batch"] = "testing batch 1 of 1"


class Official(NamedTuple):
    """A folder of six files, and what they hold: pixels (60000, 3072) and labels (60000,)."""

    folder: Path
    pixels: np.ndarray
    labels: np.ndarray


@pytest.fixture(scope="session")
def official(tmp_path_factory):
    """All six files, of 10,000 images each."""
    root = tmp_path_factory.mktemp("cifar")
    yield six_files(root, 10_000)
    shutil.rmtree(root)  # 186 MB, which pytest would keep for three runs


@pytest.fixture(scope="session")
def hundreds(tmp_path_factory):
    """All six files, of 100 images each."""
    return six_files(tmp_path_factory.mktemp("hundreds"), 100)


def six_files(root, count):
    """Six files of so many images each, in a folder in `root`.

    Every other one has memo opcodes, as the official ones have, and the last has its keys reversed.
    """
    rng = np.random.default_rng(0)
    pixels = np.frombuffer(rng.bytes(6 * count * 3072), np.uint8).reshape(6 * count, 3072)
    labels = rng.integers(10, size=6 * count)
    folder = root / "cifar-10-batches-py"
    folder.mkdir()
    for i, (name, title) in enumerate(TITLES.items()):
        rows = slice(count * i, count * (i + 1))
        keys = KEYS[::-1] if name == "test_batch" else KEYS
        content = batch_bytes(title, pixels[rows], labels[rows], memo=i % 2 == 0, keys=keys)
        (folder / name).write_bytes(content)
    return Official(folder, pixels, labels)


def batch_bytes(title, pixels, labels, memo=True, keys=KEYS):
    """One batch as Python 2's pickle wrote it at protocol 2, with or without its memo opcodes."""
    put = memo_opcodes() if memo else lambda: b""
    names = [string(f"noise_s_{i:06d}.png") for i in range(len(labels))]
    values = {
        "batch_label": lambda: string(title) + put(),
        "labels": lambda: list_of([integer(label) for label in labels], put),
        "data": lambda: array(pixels, put),
        "filenames": lambda: list_of(names, put, put),
    }
    items = b"".join(string(key) + put() + values[key]() for key in keys)
    return b"\x80\x02}" + put() + b"(" + items + b"u."


def memo_opcodes():
    """A function that gives BINPUT 0, BINPUT 1, ..., LONG_BINPUT 256, ..."""
    count = iter(range(1 << 32))

    def put():
        number = next(count)
        return b"q" + bytes([number]) if number < 256 else b"r" + struct.pack("<I", number)
    return put


def integer(value):
    """BININT1, or BININT for what does not fit into a byte."""
    return b"K" + bytes([value]) if 0 <= value < 256 else b"J" + struct.pack("<i", value)


def string(text):
    """SHORT_BINSTRING."""
    return b"U" + bytes([len(text)]) + text.encode()


def list_of(items, put, put_item=lambda: b""):
    """A list, appended to in lots of 1,000."""
    lots = [items[i:i + 1000] for i in range(0, len(items), 1000)]
    appended = (b"(" + b"".join(item + put_item() for item in lot) + b"e" for lot in lots)
    return b"]" + put() + b"".join(appended)


def array(pixels, put):
    """A uint8 array, which names three functions of NumPy for the unpickler to call.

    One of 100 rows says 10,000, as all readers want it; they take as many bytes as there are.
    """
    shape = (10_000, 3072) if len(pixels) == 100 else pixels.shape
    rows, columns = (b"M" + struct.pack("<H", count) for count in shape)
    made = (b"cnumpy.core.multiarray\n_reconstruct\n" + put() + b"cnumpy\nndarray\n" + put()
            + b"K\x00\x85" + put() + b"U\x01b" + put() + b"\x87" + put() + b"R" + put())
    dtype = (b"cnumpy\ndtype\n" + put() + b"U\x02u1" + put() + b"K\x00K\x01\x87" + put()
             + b"R" + put() + b"(K\x03U\x01|" + put()
             + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t" + put() + b"b")
    state = (b"(K\x01" + rows + columns + b"\x86" + put() + dtype
             + b"\x89T" + struct.pack("<I", pixels.nbytes) + pixels.tobytes() + put()
             + b"t" + put())
    return made + state + b"b"


class Python2Pickler(pickle._Pickler):
    """Writes strings of bytes, and NumPy's names, as Python 2 did, at any protocol up to 2."""

    dispatch = pickle._Pickler.dispatch.copy()

    def save_bytes(self, value):
        """STRING for short ones at protocol 0; the pixels would take four bytes each in it."""
        if self.proto == 0 and len(value) < 256:
            self.write(b"S" + repr(value)[1:].encode() + b"\n")
        else:
            self.write(b"T" + struct.pack("<I", len(value)) + value)
        self.memoize(value)

    dispatch[bytes] = save_bytes

    def save_global(self, value, name=None):
        """GLOBAL, under the name of the module before NumPy 2."""
        module = value.__module__.replace("numpy._core", "numpy.core")
        self.write(f"c{module}\n{name or value.__name__}\n".encode())
        self.memoize(value)


def pickled(value, protocol):
    """A pickle of Python 2 with the opcodes of Python 3's pickler, which are others than above."""
    file = io.BytesIO()
    Python2Pickler(file, protocol).dump(value)
    return file.getvalue()
