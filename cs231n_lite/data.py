"""Which dataset, and its files as arrays.

Images are uint8 (N, 32, 32, 3), colours in the order red, green, blue; labels are int64 (N,), 0..9; both in the
official order.  CIFAR-10 comes as pickles, and a pickle may run any code, so nothing is ever unpickled: `_evaluate`
walks the opcodes of the one structure that the official files have, and calls nothing.

Source of the files: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009,
https://www.cs.toronto.edu/~kriz/cifar.html
"""
import os
import pickletools
import reprlib
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite import cartoon
from cs231n_lite.download import DATASETS, FOLDER, MEMBERS, fault

TITLES = {f"data_batch_{i}": f"training batch {i} of 5" for i in range(1, 6)} | {"test_batch": "testing batch 1 of 1"}
PER_BATCH = 10_000
PIXEL_BYTES = PER_BATCH * 3 * 32 * 32
SPLIT_SIZES = {"CIFAR-10": (49_000, 1_000, 1_000, 500), "cartoon": (8_500, 1_500, 2_000, 500)}  # train, val, test, dev
REMEDY = "move that folder away and run ./get_datasets.sh"


class Dataset(NamedTuple):
    """Images and labels as they come; `name` is "CIFAR-10" or "cartoon"."""

    X_train: Array
    y_train: Array
    X_test: Array
    y_test: Array
    classes: tuple[str, ...]
    name: str


class Splits(NamedTuple):
    """What to train on, to choose by, to judge by, and a few training images to develop with."""

    X_train: Array
    y_train: Array
    X_val: Array
    y_val: Array
    X_test: Array
    y_test: Array
    X_dev: Array
    y_dev: Array


def load(name: str | Path = "auto", verify: bool = True, mmap: bool = False) -> Dataset:
    """One dataset; prints a line that says which.

    `name` is "cartoon"; "CIFAR-10", as ./get_datasets.sh brings it; a folder that is or holds cifar-10-batches-py;
    or "auto": what the variable CS231N_LITE_DATA names (a folder, whose files are taken as they are, or the word
    cartoon), else CIFAR-10 if it has been fetched, else the cartoons.  `verify` asks for the official SHA-256.
    With `mmap` the images stay on disk, in a cache that the first such call writes, and are mapped into memory,
    read-only: only what is looked at is read.
    Raises FileNotFoundError or ValueError, in one sentence, for files that are missing, foreign or damaged.
    """
    wish = os.environ.get("CS231N_LITE_DATA") or "auto"
    if name == "auto" and wish != "auto":
        name, verify = wish, False
    elif name == "auto":
        name = "CIFAR-10" if os.path.lexists(DATASETS / FOLDER) else "cartoon"
    if name == "cartoon":
        dataset = Dataset(*cartoon.load(cache_folder(), mmap), cartoon.CLASSES, "cartoon")
        remark = "drawn by code; ./get_datasets.sh fetches CIFAR-10"
    else:
        folder = _folder(DATASETS / FOLDER if name == "CIFAR-10" else name)
        if verify:
            _verify(folder)
        dataset = Dataset(*(_mapped if mmap else read_CIFAR10)(folder), cartoon.CLASSES, "CIFAR-10")
        remark = "checksums verified" if verify else "checksums not compared"
    print(f"{dataset.name}: {len(dataset.X_train):,} training and {len(dataset.X_test):,} test images, {remark}")
    return dataset


def split(dataset: Dataset) -> Splits:
    """Training, validation, test and development images, as many as SPLIT_SIZES says; all but the last are views.

    As in the course, validation is the end of the official training images and test the start of the official test
    images; the development images are drawn from the training split, the same ones at every call.
    Raises ValueError for a dataset that is not as load() returns it.
    """
    train, val, test, dev = SPLIT_SIZES.get(dataset.name, (0, 0, 0, 0))
    X, y, X_test, y_test, _, name = dataset
    if not train or len(X) != train + val or len(X_test) < test:
        raise ValueError(f"dataset is {name!r} with {len(X):,} training and {len(X_test):,} test images, expected one "
                         f"that gives train, val, test and dev of {SPLIT_SIZES}; take it from data.load().")
    drawn = np.random.default_rng(231).choice(train, size=dev, replace=False)
    return Splits(X[:train], y[:train], X[train:], y[train:], X_test[:test], y_test[:test], X[drawn], y[drawn])


def load_CIFAR10(root: str | Path) -> tuple[Array, Array, Array, Array]:
    """As `read_CIFAR10`, the images in float32: the course's function, whose notebooks subtract a mean in place.

    Float64, as in the course, would take 1.4 GiB; the sums behind a mean of 49,000 bytes are exact in float32, too.
    """
    return read_CIFAR10(root, np.float32)


def read_CIFAR10(root: str | Path, dtype: type = np.uint8) -> tuple[Array, Array, Array, Array]:
    """X_train (50000, 32, 32, 3), y_train, X_test (10000, 32, 32, 3), y_test, from the six files in `root`.

    `root` is or holds cifar-10-batches-py.  Every file must have the official structure; no checksum is compared.
    """
    folder = _folder(root)
    X = np.empty((len(TITLES) * PER_BATCH, 32, 32, 3), dtype)
    y = np.empty(len(X), np.int64)
    for number, (name, title) in enumerate(TITLES.items()):
        batch = slice(number * PER_BATCH, (number + 1) * PER_BATCH)
        y[batch], pixels = _read_batch(folder / name, title)
        for block in (slice(start, start + 100) for start in range(0, PER_BATCH, 100)):  # which stays in the cache
            for channel in range(3):  # three times as fast as one copy of the transposed array
                X[batch][block, ..., channel] = pixels[block, channel]
    test = 5 * PER_BATCH
    return X[:test], y[:test], X[test:], y[test:]


def cache_folder() -> Path:
    """Where caches go: datasets/, or the user's own folder under the temporary one where that cannot be written.

    Anybody may have made a folder of that name first: one that is not ours is not trusted, and nothing is cached.
    """
    if os.access(DATASETS, os.W_OK):
        return DATASETS
    user = getattr(os, "getuid", int)()  # Windows has no getuid, but a temporary folder for each user
    with suppress(OSError):
        folder = Path(tempfile.gettempdir(), f"cs231n_lite-{user}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        facts = folder.lstat()
        if stat.S_ISDIR(facts.st_mode) and facts.st_uid == user:
            return folder
    return Path(os.devnull, "nowhere")


# --------------------------------------------------------------- files -> arrays


def _need(fits: bool, path: str | Path, found: str, expected: str, error: type[Exception] = ValueError) -> None:
    """Raise an error that names the file, what was found, what was expected and what to do, unless it fits."""
    if not fits:
        found = found if len(found) < 300 else f"{found[:300]}..."  # reprlib shows six of six of six of ...
        raise error(f"{path} {found}, expected {expected}; {REMEDY}.")


def _folder(root: str | Path) -> Path:
    """The folder that holds the six files: `root`, or cifar-10-batches-py inside it."""
    folder = Path(os.path.expanduser(root))  # Path.expanduser raises where there is no HOME
    if not os.path.isdir(folder):  # Path.is_dir raises for a name that is too long
        raise FileNotFoundError(f"{root} is no folder, expected the word cartoon or a folder that is or holds "
                                f"{FOLDER}; run ./get_datasets.sh to fetch CIFAR-10.")
    return folder / FOLDER if os.path.isdir(folder / FOLDER) else folder


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say in the sentence of `_need` what keeps the system from reading the file."""
    try:
        yield
    except FileNotFoundError:
        _need(False, path, "is missing", "a batch of CIFAR-10", FileNotFoundError)
    except OSError as error:
        _need(False, path, f"cannot be read ({error.strerror})", "a batch of CIFAR-10")


def _facts(path: Path) -> os.stat_result:
    """What the file system says of a file; looked at before it is opened, since to open a pipe may wait for ever."""
    with _reading(path):
        facts = path.stat()
    _need(stat.S_ISREG(facts.st_mode), path, "is no regular file", "a batch of CIFAR-10")
    _need(PIXEL_BYTES < facts.st_size < 1.1 * PIXEL_BYTES, path, f"has {facts.st_size:,} bytes", "about 31,000,000")
    return facts


def _state(*facts: os.stat_result) -> bytes:
    """What changes whenever one of the files does; to set st_ctime back takes more than touch -d."""
    lines = (f"{fact.st_size} {fact.st_ino} {fact.st_mtime_ns} {fact.st_ctime_ns}\n" for fact in facts)
    return "".join(lines).encode()


def _state_of_batches(folder: Path) -> bytes:
    """The state of the six files."""
    return _state(*(_facts(folder / name) for name in TITLES))


def _holds(record: Path, content: bytes) -> bool:
    """Whether a record, made by `_keep`, can be read and holds just this."""
    with suppress(OSError):
        return record.is_file() and record.stat().st_size == len(content) and record.read_bytes() == content
    return False


def _keep(record: Path, content: bytes) -> None:
    """Keep the content, if it can be kept; without it the next load takes a little longer."""
    with suppress(OSError):
        cartoon.publish(np.frombuffer(content, np.uint8), record)


def _verify(folder: Path) -> None:
    """Raise ValueError unless the six files have the official SHA-256; remember them until one of them changes."""
    state = _state_of_batches(folder) + repr([MEMBERS[name] for name in TITLES]).encode()
    record = cache_folder() / "verified.txt"
    if _holds(record, state):
        return
    for name in TITLES:
        with _reading(folder / name):
            wrong = fault(folder / name, MEMBERS[name])
        if wrong:
            raise ValueError(f"{folder / name} {wrong}; {REMEDY}, or name the folder in CS231N_LITE_DATA to use it "
                             "without verification.")
    _keep(record, state)


def _mapped(folder: Path) -> tuple[Array, Array, Array, Array]:
    """As read_CIFAR10, the images mapped from a file in the cache; plain arrays where none can be written."""
    cache, state = cache_folder() / "cifar-10.bin", np.frombuffer(_state_of_batches(folder), np.uint8)
    record = cache.with_suffix(".txt")
    with suppress(OSError, ValueError):  # an empty file cannot be mapped
        untouched = _holds(record, _state(cache.lstat()))
        if untouched and np.array_equal(np.memmap(cache, mode="r")[-len(state):], state):
            return _unpacked(cache, len(state))
    arrays = read_CIFAR10(folder)
    with suppress(OSError):
        cartoon.publish(np.concatenate([cartoon.pack(arrays), state]), cache)
        _keep(record, _state(cache.lstat()))
        return _unpacked(cache, len(state))
    return arrays


def _unpacked(cache: Path, tail: int) -> tuple[Array, Array, Array, Array]:
    """The arrays in the cache, which ends in `tail` bytes that say what it was made of."""
    return cartoon.unpack(np.memmap(cache, mode="r")[:-tail], train=5 * PER_BATCH, test=PER_BATCH)


def _read_batch(path: Path, title: str) -> tuple[tuple[int, ...], Array]:
    """The labels, and the pixels (10000, 3, 32, 32), of the file that must call itself `title`."""
    size = _facts(path).st_size
    with _reading(path), path.open("rb") as file:
        try:
            batch = _evaluate(file)
        except (ValueError, TypeError, LookupError):  # a foreign opcode, or one that lacks its operands
            batch = None
        _need(batch is not None, path, f"is a batch of CIFAR-10 only up to byte {file.tell():,}", "all of it")
        _need(file.tell() == size, path, f"goes on for {size - file.tell():,} bytes after its end", "none")
        labels, start = _check_batch(path, batch, title)
        file.seek(start)
        return labels, np.fromfile(file, np.uint8, PIXEL_BYTES).reshape(PER_BATCH, 3, 32, 32)


def _check_batch(path: Path, batch: object, title: str) -> tuple[tuple[int, ...], int]:
    """The labels, and the byte at which the pixels start, of a batch that is as it must be in every part."""
    keys = "batch_label", "labels", "data", "filenames"
    _need(_is_tuple(batch, object) and len(batch) == 2 * len(keys) and all(key in batch[::2] for key in keys), path,
          f"holds {reprlib.repr(batch)}", f"a dictionary of {', '.join(keys)}")
    values = dict(zip(batch[::2], batch[1::2]))
    label, labels, data, names = (values[key] for key in keys)
    _need(label == title, path, f"calls itself {reprlib.repr(label)}", repr(title))
    _need(_is_tuple(labels, int) and _is_tuple(names, str), path,
          f"has the labels {reprlib.repr(labels)} and the file names {reprlib.repr(names)}", "integers and strings")
    _need(len(labels) == len(names) == PER_BATCH, path,
          f"has {len(labels):,} labels and {len(names):,} file names", "10,000 of each")
    _need(min(labels) >= 0 and max(labels) <= 9, path, f"has labels from {min(labels)} to {max(labels)}", "0 to 9")
    start = _start_of_pixels(data)
    _need(start > 0, path, f"has the data {reprlib.repr(data)}", "a uint8 array of shape (10000, 3072)")
    return labels, start


def _start_of_pixels(data: object) -> int:
    """Where in the file the bytes of a uint8 array (10000, 3072) start; 0 if `data` describes anything else."""
    match data:
        case (("numpy.core.multiarray _reconstruct", ("numpy ndarray", (0,), "b")),
              (1, (10_000, 3_072), (("numpy dtype", ("u1", 0, 1)), (3, "|", None, None, None, -1, -1, 0)), False,
               range(start=start, stop=stop))) if stop - start == PIXEL_BYTES:
            return start
    return 0


def _is_tuple(value: object, kind: type) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, kind) for item in value)


# What an opcode pushes: its argument, a value of its own, or the tuple of that many values from the stack.
ARGUMENT = {"BININT1", "BININT2", "BININT", "SHORT_BINSTRING", "GLOBAL"}
CONSTANT = {"NONE": None, "NEWFALSE": False, "EMPTY_LIST": (), "EMPTY_DICT": ()}
TUPLE_OF = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3, "REDUCE": 2, "BUILD": 2}


def _evaluate(file: BinaryIO) -> object:
    """What a pickle describes, as nested tuples, from the opcodes that the official files use and no others.

    A list, a dictionary, a call and an object with its state all stay the tuple of their parts, and a long string
    the range of its bytes in the file, which are passed over.  `stacks` grows by one at every mark.
    """
    stacks, memo = [[]], {}
    for _ in range(4 * PER_BATCH):
        opcode = pickletools.code2op[file.read(1).decode("latin-1")]
        name, stack = opcode.name, stacks[-1]
        if name in ARGUMENT:
            stack.append(opcode.arg.reader(file))
        elif name in CONSTANT:
            stack.append(CONSTANT[name])
        elif name in TUPLE_OF:
            stack[-TUPLE_OF[name]:] = [tuple(stack[-TUPLE_OF[name]:])]
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[opcode.arg.reader(file)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(memo[opcode.arg.reader(file)])
        elif name == "BINSTRING":
            length = pickletools.read_uint4(file)
            stack.append(range(file.tell(), file.seek(length, os.SEEK_CUR)))
        elif name == "MARK":
            stacks.append([])
        elif name == "TUPLE":
            stacks[-2].append(tuple(stacks.pop()))
        elif name in ("APPENDS", "SETITEMS"):
            stacks[-2][-1] += tuple(stacks.pop())
        elif name == "STOP":
            return stack.pop()
        elif name != "PROTO" or file.read(1) != b"\x02":
            break
    raise ValueError("not the opcodes of a batch")
