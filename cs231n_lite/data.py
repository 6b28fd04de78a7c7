"""Which dataset, and its files as arrays.

Images are uint8 (N, 32, 32, 3), colours in the order red, green, blue; labels are int64 (N,), 0..9;
both in the official order.  CIFAR-10 comes as pickles, and a pickle may run any code, so none is
unpickled: `_evaluate` walks the opcodes of the one structure that the official files are known to
have, and calls nothing.  Only for bytes that it cannot follow and whose SHA-256 is nevertheless the
official one there is `_Unpickler`, which knows three names.

Source of the files: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009,
https://www.cs.toronto.edu/~kriz/cifar.html
"""
import hashlib
import io
import os
import pickle
import pickletools
import reprlib
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy import ndarray as Array

from cs231n_lite import cartoon
from cs231n_lite.checks_basic import check_parts
from cs231n_lite.download import DATASETS, FETCH, FOLDER, MEMBERS, fault
from cs231n_lite.places import folder_of, meant, own_folder

TITLES = {f"data_batch_{i}": f"training batch {i} of 5" for i in range(1, 6)}
TITLES["test_batch"] = "testing batch 1 of 1"
PER_BATCH = 10_000
PIXEL_BYTES = PER_BATCH * 3 * 32 * 32
SPLIT_SIZES = {  # train, val, test, dev
    "CIFAR-10": (49_000, 1_000, 1_000, 500),
    "cartoon": (8_500, 1_500, 2_000, 500),
}
REMEDY = f"move that folder away and run {FETCH}"


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

    `name` is "cartoon"; "CIFAR-10", as ./get_datasets.sh brings it; a folder that is or holds
    cifar-10-batches-py; or "auto": what the variable CS231N_LITE_DATA names (a folder, whose files
    are taken as they are, or one of the words), else CIFAR-10 if it has been fetched, else the
    cartoons.  `verify` asks for the official SHA-256.  With `mmap` the images stay on disk, in a
    cache that the first such call writes, and are mapped into memory, read-only: only what is
    looked at is read.
    Raises FileNotFoundError or ValueError, in one sentence, for files that are missing, foreign
    or damaged.
    """
    own_folder()
    name, named, fetched = meant(name), "", DATASETS / FOLDER
    if name == "auto" and (wish := os.environ.get("CS231N_LITE_DATA", "").strip(" \"'")):
        name, named = meant(wish), "CS231N_LITE_DATA is set: "
        verify = verify and name in ("auto", "CIFAR-10")
    if name == "auto":
        name = "CIFAR-10" if os.path.lexists(fetched) else "cartoon"
    if name == "cartoon":
        dataset = Dataset(*cartoon.load(cache_folder(), mmap), cartoon.CLASSES, "cartoon")
        remark = f"drawn by code; {FETCH} fetches CIFAR-10"
    else:
        folder = folder_of(fetched if name == "CIFAR-10" else name, named)
        if verify:
            _verify(folder)
        arrays = _mapped(folder) if mmap else read_CIFAR10(folder)
        dataset = Dataset(*arrays, cartoon.CLASSES, "CIFAR-10")
        remark = "checksums verified" if verify else "checksums not compared"
    sizes = f"{len(dataset.X_train):,} training and {len(dataset.X_test):,} test images"
    print(f"{dataset.name}: {sizes}, {remark}")
    return dataset


def split(dataset: Dataset) -> Splits:
    """Training, validation, test and development images, as many as SPLIT_SIZES says.

    As in the course, validation is the end of the official training images and test the start of
    the official test images; the development images are drawn from the training split, the same
    ones at every call.  All but these are views.
    Raises ValueError for a dataset that is not as load() returns it.
    """
    check_parts("dataset", dataset, Dataset, "take it from data.load(), and split it once")
    train, val, test, dev = SPLIT_SIZES.get(dataset.name, (0, 0, 0, 0))
    X, y, X_test, y_test, _, name = dataset
    if not train or len(X) != train + val or len(X_test) < test:
        raise ValueError(
            f"dataset is {name!r} with {len(X):,} training and {len(X_test):,} test images, "
            f"expected one that gives train, val, test and dev of {SPLIT_SIZES}; "
            "take it from data.load()."
        )
    drawn = np.random.default_rng(231).choice(train, size=dev, replace=False)
    return Splits(X[:train], y[:train], X[train:], y[train:],
                  X_test[:test], y_test[:test], X[drawn], y[drawn])


def load_CIFAR10(root: str | Path) -> tuple[Array, Array, Array, Array]:
    """As `read_CIFAR10`, the images in float32: the course's function.

    Its notebooks subtract a mean in place.  Float64, as in the course, would take 1.4 GiB; the sums
    behind a mean of 49,000 bytes are exact in float32, too.
    """
    return read_CIFAR10(root, np.float32)


def read_CIFAR10(root: str | Path, dtype: type = np.uint8) -> tuple[Array, Array, Array, Array]:
    """X_train (50000, 32, 32, 3), y_train, X_test (10000, 32, 32, 3), y_test, from six files.

    `root` is or holds cifar-10-batches-py.  Every file must have the official structure; a checksum
    is compared where only the official file may be of another layout.
    """
    folder = folder_of(root)
    X: Array = np.empty((len(TITLES) * PER_BATCH, 32, 32, 3), dtype)
    y = np.empty(len(X), np.int64)
    for number, (name, title) in enumerate(TITLES.items()):
        batch = slice(number * PER_BATCH, (number + 1) * PER_BATCH)
        y[batch], pixels = _read_batch(folder / name, title)
        for start in range(0, PER_BATCH, 100):
            block = slice(start, start + 100)  # which stays in the processor's cache
            for channel in range(3):  # three times as fast as one copy of the transposed array
                X[batch][block, ..., channel] = pixels[block, channel]
    test = 5 * PER_BATCH
    return X[:test], y[:test], X[test:], y[test:]


def cache_folder() -> Path:
    """Where caches go: datasets/, or else the user's own folder under the temporary one.

    Anybody may have made a folder of that name first: one that is not ours is not trusted, and
    nothing is cached.
    """
    if os.access(DATASETS, os.W_OK):
        return DATASETS
    user = getattr(os, "getuid", int)()  # Windows has none, but a temporary folder for each user
    with suppress(OSError):
        folder = Path(tempfile.gettempdir(), f"cs231n_lite-{user}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        facts = folder.lstat()
        if stat.S_ISDIR(facts.st_mode) and facts.st_uid == user:
            return folder
    return Path(os.devnull, "nowhere")


# --------------------------------------------------------------- files -> arrays


def _need(
    fits: bool, path: Path, found: str, expected: str, error: type[Exception] = ValueError
) -> None:
    """Raise an error that names file, finding, expectation and remedy, unless it fits."""
    if not fits:
        if len(found) > 300:
            found = f"{found[:300]}..."  # reprlib shows six of six of six of ...
        raise error(f"{path} {found}, expected {expected}; {REMEDY}.")


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
    """What the file system says of a file, before it is opened: a pipe may then wait for ever."""
    with _reading(path):
        facts = path.stat()
    _need(stat.S_ISREG(facts.st_mode), path, "is no regular file", "a batch of CIFAR-10")
    size = facts.st_size
    _need(PIXEL_BYTES < size < 1.1 * PIXEL_BYTES, path, f"has {size:,} bytes", "about 31,000,000")
    return facts


def _state(*facts: os.stat_result) -> bytes:
    """What changes whenever a file does; to set st_ctime back takes more than touch -d."""
    return "".join(
        f"{fact.st_size} {fact.st_ino} {fact.st_mtime_ns} {fact.st_ctime_ns}\n" for fact in facts
    ).encode()


def _state_of_batches(folder: Path) -> bytes:
    """The state of the six files."""
    return _state(*(_facts(folder / name) for name in TITLES))


def _holds(record: Path, content: bytes) -> bool:
    """Whether a record, made by `_keep`, can be read and holds just this."""
    with suppress(OSError):
        known = record.is_file() and record.stat().st_size == len(content)
        return known and record.read_bytes() == content
    return False


def _keep(record: Path, content: bytes) -> None:
    """Keep the content, if it can be kept; without it the next load takes a little longer."""
    with suppress(OSError):
        cartoon.publish(np.frombuffer(content, np.uint8), record)


def _verify(folder: Path) -> None:
    """Raise ValueError unless the six files have the official SHA-256; remember those that have."""
    state = _state_of_batches(folder) + repr([MEMBERS[name] for name in TITLES]).encode()
    record = cache_folder() / "verified.txt"
    if _holds(record, state):
        return
    for name in TITLES:
        with _reading(folder / name):
            wrong = fault(folder / name, MEMBERS[name])
        if wrong:
            raise ValueError(
                f"{folder / name} {wrong}; {REMEDY}, or name the folder in CS231N_LITE_DATA "
                "to use it without verification."
            )
    _keep(record, state)


def _mapped(folder: Path) -> tuple[Array, Array, Array, Array]:
    """As read_CIFAR10, but mapped from a file in the cache, where one can be written."""
    cache = cache_folder() / "cifar-10.bin"
    state = np.frombuffer(_state_of_batches(folder), np.uint8)
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


Batch = tuple[tuple[int, ...], Array]  # labels, and pixels (10000, 3, 32, 32)


def _read_batch(path: Path, title: str) -> Batch:
    """The labels and the pixels of the file, which must call itself `title`.

    What does not have the known structure is unpickled if its SHA-256 is the official one, whether
    or not the caller verifies checksums, and refused otherwise.
    """
    size = _facts(path).st_size
    with _reading(path), path.open("rb") as file:
        try:
            return _check_batch(path, title, _follow(path, file, size), file)
        except ValueError:
            file.seek(0)
            content = file.read(size)  # the very bytes that are hashed are unpickled
            if hashlib.sha256(content).hexdigest() != MEMBERS[path.name].sha256:
                raise
        return _check_batch(path, title, _unpickle(path, content), file)


def _follow(path: Path, file: BinaryIO, size: int) -> Any:
    """What `_evaluate` makes of the whole file; raises ValueError for one that it cannot follow."""
    try:
        batch = _evaluate(file)
    except (ValueError, TypeError, LookupError):  # a foreign opcode, or one that lacks its operands
        batch = None
    at = file.tell()
    _need(batch is not None, path, f"is a batch of CIFAR-10 only up to byte {at:,}", "all of it")
    _need(at == size, path, f"goes on for {size - at:,} bytes after its end", "none")
    return batch


def _unpickle(path: Path, content: bytes) -> Any:
    """What an official file holds, in the form that `_evaluate` gives but for a true array."""
    try:
        batch = _Unpickler(io.BytesIO(content), encoding="latin1").load()
        parts = [part for item in batch.items() for part in item]
    except Exception as error:  # an unpickler may raise anything
        reason = " ".join(str(error).split())
        _need(False, path, f"cannot be unpickled ({reason})", "a dictionary with a NumPy array")
    return tuple(tuple(part) if isinstance(part, list) else part for part in parts)


def _check_batch(path: Path, title: str, batch: Any, file: BinaryIO) -> Batch:
    """The labels and the pixels of a batch that is as it must be in every part."""
    keys = "batch_label", "labels", "data", "filenames"
    fits = _is_tuple(batch, object) and len(batch) == 2 * len(keys)
    _need(fits and all(key in batch[::2] for key in keys), path,
          f"holds {reprlib.repr(batch)}", f"a dictionary of {', '.join(keys)}")
    values = dict(zip(batch[::2], batch[1::2]))
    label, labels, data, names = (values[key] for key in keys)
    _need(isinstance(label, str) and label == title, path,
          f"calls itself {reprlib.repr(label)}", repr(title))
    _need(_is_tuple(labels, int) and _is_tuple(names, str), path,
          f"has the labels {reprlib.repr(labels)} and the file names {reprlib.repr(names)}",
          "integers and strings")
    _need(len(labels) == len(names) == PER_BATCH, path,
          f"has {len(labels):,} labels and {len(names):,} file names", "10,000 of each")
    low, high = min(labels), max(labels)
    _need(low >= 0 and high <= 9, path, f"has labels from {low} to {high}", "0 to 9")
    pixels = _pixels(data, file)
    _need(pixels is not None, path,
          f"has the data {reprlib.repr(data)}", "a uint8 array of shape (10000, 3072)")
    return labels, pixels.reshape(PER_BATCH, 3, 32, 32)


def _pixels(data: object, file: BinaryIO) -> Any:
    """The uint8 array (10000, 3072) that `data` is or, in the file, describes; None if neither."""
    match data:
        case Array(dtype=np.uint8, shape=(10_000, 3_072)):
            return data
        case (("numpy.core.multiarray _reconstruct", ("numpy ndarray", (0,), "b")),
              (1, (10_000, 3_072),
               (("numpy dtype", ("u1", 0, 1)), (3, "|", None, None, None, -1, -1, 0)), False,
               range(start=start, stop=stop))) if stop - start == PIXEL_BYTES:
            file.seek(start)
            return np.fromfile(file, np.uint8, PIXEL_BYTES)
    return None


def _is_tuple(value: object, kind: type) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, kind) for item in value)


# What an opcode pushes: its argument, a value of its own, or the tuple of that many from the stack.
OPCODES: dict[bytes, Any] = {op.code.encode("latin1"): op for op in pickletools.opcodes}
ARGUMENT = {"BININT1", "BININT2", "BININT", "SHORT_BINSTRING", "GLOBAL"}
CONSTANT = {"NONE": None, "NEWFALSE": False, "EMPTY_LIST": (), "EMPTY_DICT": ()}
TUPLE_OF = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3, "REDUCE": 2, "BUILD": 2}


def _evaluate(file: BinaryIO) -> object:
    """What a pickle describes, as nested tuples, from opcodes of the official files and no others.

    A list, a dictionary, a call and an object with its state all stay the tuple of their parts, and
    a long string the range of its bytes in the file, which are passed over.  `stacks` grows by one
    at every mark.
    """
    stacks: list[list] = [[]]
    memo: dict[int, object] = {}
    for _ in range(4 * PER_BATCH):
        opcode = OPCODES[file.read(1)]
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


class _Unpickler(pickle.Unpickler):
    """Knows the three names that an array has in a pickle of Python 2, and refuses every other."""

    def find_class(self, module: str, name: str) -> Any:
        """What the name stands for; nothing is imported."""
        match module, name:
            case "numpy.core.multiarray", "_reconstruct":
                return np.empty(0).__reduce__()[0]
            case "numpy", "ndarray":
                return Array
            case "numpy", "dtype":  # without the align=0 of which NumPy 2.4.0 to 2.4.4 warn
                return lambda kind, *_: np.dtype(kind)
        raise pickle.UnpicklingError(f"it names {f'{module}.{name}'!r}")
