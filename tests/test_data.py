import hashlib
import io
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import official_files
import pytest
from official_files import TITLES, batch_bytes

from cs231n_lite import cartoon, data
from cs231n_lite.download import MEMBERS, Member

hundreds, official = official_files.hundreds, official_files.official  # fixtures
STRING = b"T\x00\xb0\x04\x00"  # BINSTRING, 307,200


@pytest.fixture(autouse=True)
def empty_house(monkeypatch, tmp_path):
    """No variable set, an empty datasets/ folder, and small arrays for cartoons."""
    monkeypatch.delenv("CS231N_LITE_DATA", raising=False)
    monkeypatch.setattr(data, "DATASETS", tmp_path)
    arrays = (np.zeros((4, 32, 32, 3), np.uint8), np.arange(4),
              np.zeros((2, 32, 32, 3), np.uint8), np.arange(2))
    monkeypatch.setattr(cartoon, "load", lambda folder, mmap=False: arrays)


def put_into_datasets(official, monkeypatch, tmp_path):
    """The six files in datasets/, with their own checksums for the official ones."""
    folder = tmp_path / data.FOLDER
    folder.mkdir()
    for name in TITLES:
        os.link(official.folder / name, folder / name)
    facts = {name: Member(path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
             for name in TITLES for path in [folder / name]}
    monkeypatch.setattr(data, "MEMBERS", facts)
    return folder


@pytest.fixture
def fetched(official, monkeypatch, tmp_path):
    """The folder of the six files in datasets/."""
    folder = put_into_datasets(official, monkeypatch, tmp_path)
    yield folder
    shutil.rmtree(folder)
    with suppress(OSError):
        (tmp_path / "cifar-10.bin").unlink()  # 184 MB, which pytest would keep for three runs


@pytest.fixture
def small(hundreds, monkeypatch):
    """Six files of 100 images, and a reader that asks for no more."""
    monkeypatch.setattr(data, "PER_BATCH", 100)
    monkeypatch.setattr(data, "PIXEL_BYTES", 100 * 3072)
    return hundreds


@pytest.fixture
def few(small, monkeypatch, tmp_path):
    """Those files in datasets/."""
    return small._replace(folder=put_into_datasets(small, monkeypatch, tmp_path))


@pytest.fixture
def first_batch(tmp_path):
    """A function that writes data_batch_1, the first file to be read, and returns its folder."""
    path = tmp_path / "data_batch_1"

    def write(content, size=None):
        path.write_bytes(content)
        os.truncate(path, size or len(content))
        return tmp_path
    yield write
    path.unlink()


@pytest.fixture
def plain(small):
    """The first batch of 100 images without memo opcodes."""
    return batch_bytes(TITLES["data_batch_1"], small.pixels[:100], small.labels[:100], memo=False)


def refusal(folder):
    """What read_CIFAR10 says when it refuses a folder, checked for the parts of a good message."""
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        data.read_CIFAR10(folder)
    text = str(caught.value)
    assert text.startswith(str(folder)) and ", expected " in text
    assert "./get_datasets.sh" in text and "\n" not in text
    return text


# --------------------------------------------------------------- files -> arrays


@pytest.mark.slow  # the fast tier has no files of the official size
@pytest.mark.filterwarnings("ignore")  # some versions of NumPy warn of files of this age
def test_the_files_written_for_these_tests_are_pickles(official):
    for name in ("data_batch_1", "data_batch_2"):
        batch = pickle.loads((official.folder / name).read_bytes(), encoding="latin1")
        first = 10_000 * (int(name[-1]) - 1)
        assert batch["batch_label"] == TITLES[name]
        assert np.array_equal(batch["data"], official.pixels[first:first + 10_000])
        assert batch["labels"] == official.labels[first:first + 10_000].tolist()


@pytest.mark.parametrize("files, count", [
    ("small", 100), pytest.param("official", 10_000, marks=pytest.mark.slow)])
def test_images_come_in_the_official_order_with_the_colours_last(files, count, request):
    folder, pixels, labels = request.getfixturevalue(files)
    X_train, y_train, X_test, y_test = data.read_CIFAR10(folder)
    assert X_train.shape == (5 * count, 32, 32, 3) and X_test.shape == (count, 32, 32, 3)
    assert np.array_equal(np.concatenate([y_train, y_test]), labels)
    planes = pixels.reshape(6 * count, 3, 32, 32)
    for channel in range(3):
        assert np.array_equal(X_train[..., channel], planes[:5 * count, channel])
        assert np.array_equal(X_test[..., channel], planes[5 * count:, channel])


def test_the_courses_function_gives_the_same_images_as_floats_on_which_its_cells_run(small):
    images, labels, *_ = read = data.load_CIFAR10(str(small.folder))
    assert images.dtype == np.float32 and np.array_equal(images, data.read_CIFAR10(small.folder)[0])
    assert np.array_equal(np.concatenate(read[1::2]), small.labels) and labels.shape == (500,)
    first = images[:10].reshape(10, -1)
    first -= np.mean(first, axis=0)  # which integers refuse
    assert abs(first.mean()) < 1e-5


def test_arrays_are_contiguous_bytes_and_whole_labels(small):
    X_train, y_train, X_test, y_test = data.read_CIFAR10(small.folder.parent)
    assert (X_train.shape, X_test.shape) == ((500, 32, 32, 3), (100, 32, 32, 3))
    assert X_train.dtype == X_test.dtype == np.uint8 and y_train.dtype == y_test.dtype == np.int64
    assert X_train.flags.c_contiguous and X_test.flags.c_contiguous


@pytest.mark.parametrize("old, new, finding", [
    (b"batch 1 of 5", b"batch 2 of 5",
     "calls itself 'training batch 2 of 5', expected 'training batch 1 of 5'"),
    (b"(K", b"(K\x0aK", "has 101 labels and 100 file names"),
    (b"U\x12noise_s_000000.png", b"", "100 labels and 99 file names"),
    (b"(K", b"(0K", "only up to byte"),
    (b"](", b"N(", "only up to byte"),
    (b"(K", b"(U\x01aK", "integers and strings"),
    (b"(U\x12noise", b"(K\x00U\x12noise", "integers and strings"),
    (b"(U\x0bbatch_label", b"(U\x05extraNU\x0bbatch_label",
     "holds ('extra', None, 'batch_label', 'training"),
    (b"U\x09filenames", b"U\x09filenamez",
     "expected a dictionary of batch_label, labels, data, filenames"),
    (b"U\x02u1", b"U\x02i1", "('i1', 0, 1)"),
    (b"U\x02u1", b"U\x02u2", "expected a uint8 array"),
    (b"U\x01|", b"U\x01>", "expected a uint8 array"),
    (b"M\x10'M\x00\x0c", b"M\x00\x0cM\x10'", "(1, (3072, 10000)"),
    (b"\x89T", b"NT", "expected a uint8 array of shape (10000, 3072)"),
    (b"numpy\ndtype", b"posix\nsystem", "'posix system'"),
    (b"\x80\x02", b"\x80\x03", "only up to byte 2,"),
    (STRING, b"T\x00\x00\x00\x00", "only up to byte"),
    (STRING, b"T\xff\xff\xff\xff", "only up to byte"),
])
def test_a_file_with_a_wrong_part_is_refused(first_batch, plain, old, new, finding):
    assert old in plain
    assert finding in refusal(first_batch(plain.replace(old, new, 1)))


@pytest.mark.parametrize("label", [-1, 10])
def test_a_label_beyond_the_ten_classes_is_refused(first_batch, small, label):
    labels = np.append(small.labels[:99], label)
    content = batch_bytes(TITLES["data_batch_1"], small.pixels[:100], labels)
    finding = f"has labels from {min(label, 0)} to {max(label, 9)}, expected 0 to 9"
    assert finding in refusal(first_batch(content))


@pytest.mark.parametrize("count", [99, 101])
def test_a_batch_of_another_length_is_refused(first_batch, small, count):
    content = batch_bytes(TITLES["data_batch_1"], small.pixels[:100], small.labels[:count])
    finding = f"has {count} labels and {count} file names, expected 10,000 of each"
    assert finding in refusal(first_batch(content))


def test_fewer_pixels_than_the_shape_says_are_refused(first_batch, plain, small):
    first = small.pixels[0, 0].tobytes()
    content = plain.replace(STRING + first, b"T\xff\xaf\x04\x00", 1)
    assert len(content) == len(plain) - 1
    assert "expected a uint8 array of shape (10000, 3072)" in refusal(first_batch(content))


@pytest.mark.parametrize("memo", [b"q\x07h\x07", b"r\x07\x01\x00\x00j\x07\x01\x00\x00"])
def test_a_value_may_come_from_the_memo(few, plain, memo):
    (few.folder / "data_batch_1").unlink()  # it is a link to a file that other tests use
    (few.folder / "data_batch_1").write_bytes(plain.replace(b"U\x12noise_s_000001.png", memo, 1))
    assert np.array_equal(data.read_CIFAR10(few.folder)[1], few.labels[:500])


@pytest.mark.slow
@pytest.mark.parametrize("verify", [True, False])
def test_an_official_file_of_another_layout_is_loaded_whether_verified_or_not(
    fetched, official, monkeypatch, verify
):
    path = fetched / "data_batch_3"
    content = path.read_bytes().replace(b"\x80\x02", b"\x80\x02N0", 1)  # a value, and POP
    path.unlink()  # it is a link to a file that other tests use
    path.write_bytes(content)
    with pytest.raises(ValueError, match="data_batch_3 is a batch of CIFAR-10 only up to byte 4,"):
        data.load(fetched, verify=False)
    member = Member(len(content), hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(data.MEMBERS, "data_batch_3", member)
    X_train, y_train, *_ = data.load(fetched, verify)
    assert np.array_equal(y_train, official.labels[:50_000])
    assert np.array_equal(X_train[20_000:30_000, ..., 1].reshape(10_000, 1024),
                          official.pixels[20_000:30_000, 1024:2048])


def test_swapped_files_are_noticed(first_batch, small):
    text = refusal(first_batch((small.folder / "data_batch_2").read_bytes()))
    assert "data_batch_1 calls itself 'training batch 2 of 5'" in text


@pytest.mark.parametrize("change, finding", [
    (lambda content: content + b"abc", "goes on for 3 bytes after its end"),
    (lambda content: content[:-1], "only up to byte"),
    (lambda content: content[:308_000], "only up to byte"),
    (lambda content: content[:10_000], "has 10,000 bytes, expected about 31,000,000"),
    (lambda content: b"", "has 0 bytes"),
    (lambda content: b"<!DOCTYPE html><title>503</title>", "has 33 bytes"),
    (lambda content: b"<!DOCTYPE html>" * 21_000, "only up to byte 1,"),
    (lambda content: content * 2, "expected about 31,000,000"),
])
def test_partial_and_foreign_files_are_refused(first_batch, plain, change, finding):
    assert finding in refusal(first_batch(change(plain)))


def test_no_pickle_is_ever_run(first_batch, tmp_path):
    trap = pickle.dumps(Trap(), protocol=2)
    assert "only up to byte" in refusal(first_batch(trap, size=31_000_000))
    python_2 = b"\x80\x02cos\nmkdir\nU\x04trap\x85R."
    refusal(first_batch(python_2, size=31_000_000))
    assert not (tmp_path / "trap").exists() and not os.path.exists("trap")


class Trap:
    """Makes a folder called trap when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("trap",)


@pytest.mark.parametrize("opcodes", [
    b"\x8d" + b"\xff" * 7 + b"\x7f",  # a text of 2**63 bytes
    b"\x8b\xff\xff\xff\x7f",  # a number of 2**31 bytes
    b"T\xff\xff\xff\xff.",  # a string of 2**32 bytes
    b"(" * 30_000_000,  # marks without end
    b"c" + b"a" * 30_000_000,  # a name without end
    # a nest of 2**7000 tuples, the key of a dictionary
    b"N" + b"q\x00h\x00h\x00\x86" * 7_000 + b"}(h\x00h\x00u.",
], ids=["text", "number", "string", "marks", "name", "nest"])
def test_sizes_in_a_hostile_file_cost_no_memory(first_batch, opcodes):
    folder = first_batch(b"\x80\x02" + opcodes, size=31_000_000)
    tracemalloc.start()
    refusal(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - 60_000 * (3072 + 8) < 70_000_000  # beside the arrays to be filled


def test_any_soup_of_opcodes_ends_in_a_value_or_an_error_that_becomes_a_sentence():
    soup = random.Random(0)
    known = (b"}](((NK\x00K\x01M\x01\x00U\x01aT\x02\x00\x00\x00q\x00h\x00\x85\x86\x87tRbeeuu."
             b"\x80\x02\x89cx\ny\nr\x00\x00\x00\x00")
    for _ in range(3000):
        opcodes = bytes(soup.choice(known) if soup.random() < 0.98 else soup.randrange(256)
                        for _ in range(60))
        with suppress(ValueError, TypeError, LookupError):
            data._evaluate(io.BytesIO(b"\x80\x02" + opcodes))


def test_a_missing_file_is_named(few):
    (few.folder / "test_batch").unlink()
    with pytest.raises(FileNotFoundError,
                       match="test_batch is missing, expected a batch of CIFAR-10; .*get_data"):
        data.read_CIFAR10(few.folder)


PIPE = pytest.param(getattr(os, "mkfifo", None),
                    marks=pytest.mark.skipif(os.name == "nt", reason="no named pipes"))


@pytest.mark.parametrize("make", [os.mkdir, PIPE])
def test_what_is_no_file_is_refused_at_once(tmp_path, make):
    make(tmp_path / "data_batch_1")
    assert "is no regular file" in refusal(tmp_path)


@pytest.mark.parametrize("target, finding", [
    ("nowhere", "is missing"), ("data_batch_1", "cannot be read (")])
def test_a_link_that_leads_to_no_file_is_refused(tmp_path, target, finding):
    os.symlink(target, tmp_path / "data_batch_1")
    assert finding in refusal(tmp_path)


@pytest.fixture
def nobodys():
    """A folder with a file of a batch's size and a folder, both closed: even root is nobody now."""
    folder, user = Path(tempfile.mkdtemp()), os.geteuid()
    (folder / "closed").mkdir(mode=0)
    (folder / "data_batch_1").touch(mode=0)
    os.truncate(folder / "data_batch_1", 31_000_000)
    folder.chmod(0o755)
    os.seteuid(user or 65534)
    yield folder
    os.seteuid(user)
    (folder / "closed").chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("name", [".", "closed"])
def test_files_that_may_not_be_read_are_refused(nobodys, name):
    text = refusal(nobodys / name)
    assert "data_batch_1 cannot be read (Permission denied), expected a batch" in text


def test_a_file_that_cannot_be_read_to_the_end_is_refused(few, monkeypatch):
    def broken(path, member):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(data, "fault", broken)
    with pytest.raises(ValueError, match="data_batch_1 cannot be read .Input/output error., "
                                         "expected .*get_datasets"):
        data.load()


@pytest.mark.parametrize("name", ["nowhere", "x" * 5_000, "~nobody-of-this-name/cifar"],
                         ids=["not there", "a name too long", "in a home that nobody knows"])
def test_what_is_no_folder_is_named(name):
    assert "is no folder, expected one that is or holds cifar-10-batches-py" in refusal(name)


# --------------------------------------------------------------- mapped into memory


def test_mapped_images_are_the_same_and_stay_on_disk(few, monkeypatch):
    monkeypatch.setitem(data.SPLIT_SIZES, "CIFAR-10", (490, 10, 10, 5))
    for dataset in (data.load(mmap=True), data.load(mmap=True)):
        assert all(np.array_equal(a, b) for a, b in zip(dataset[:4], data.read_CIFAR10(few.folder)))
        assert all(isinstance(X, np.memmap) and not X.flags.writeable
                   for X in (dataset.X_train, dataset.X_test))
        assert isinstance(data.split(dataset).X_val, np.memmap)


def test_the_files_are_read_once_and_again_when_one_of_them_changes(few, monkeypatch):
    read, load = [], data.read_CIFAR10
    monkeypatch.setattr(data, "read_CIFAR10", lambda folder: read.append(folder) or load(folder))
    for _ in range(2):
        data.load(mmap=True)
    assert len(read) == 1
    os.utime(few.folder / "data_batch_2")
    data.load(mmap=True)
    assert len(read) == 2


def test_a_broken_cache_of_mapped_images_is_written_anew(few):
    for content in (b"", b"short"):
        (few.folder.parent / "cifar-10.bin").write_bytes(content)
        assert np.array_equal(data.load(mmap=True).X_test, data.read_CIFAR10(few.folder)[2])


def flip(path, place):
    """Change a byte of a file, and set the time of its last change back."""
    facts = path.stat()
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))
    if os.name != "nt":  # which keeps no second time that cannot be set
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        while path.stat().st_ctime_ns == facts.st_ctime_ns:  # a clock of files may stand for 10 ms
            os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.parametrize("place", [0, 1_536_001])
def test_a_byte_that_changed_in_the_cache_is_noticed(few, place):
    data.load(mmap=True)
    flip(few.folder.parent / "cifar-10.bin", place)
    X_train, y_train, _, y_test, *_ = data.load(mmap=True)
    assert np.array_equal(X_train[0].transpose(2, 0, 1).ravel(), few.pixels[0])
    assert np.array_equal(np.concatenate([y_train, y_test]), few.labels)


def test_a_mean_of_the_courses_floats_is_as_exact_as_one_of_doubles():
    white = np.full((49_000, 2), 255, np.float32)
    white[:, 1] -= np.arange(49_000) % 3
    assert np.array_equal(np.mean(white, axis=0),
                          np.mean(white, axis=0, dtype=np.float64).astype(np.float32))


PEAK = """
import sys
from pathlib import Path
from cs231n_lite import data, preprocess
data.DATASETS = Path(sys.argv[1]).parent
dataset = data.load(sys.argv[1], verify=False, mmap=sys.argv[2] == "mapped")
assert preprocess.preprocess(data.split(dataset)).X_train.shape == (49_000, 3_073)
print(*[line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")])
"""
PEAK_OF_THE_COURSE = """
import sys
from cs231n_lite.data import load_CIFAR10
X_train, y_train, X_test, y_test = load_CIFAR10(sys.argv[1])
print(*[line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")])
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/status"),
                    reason="this system does not tell the peak of memory")
@pytest.mark.parametrize("how", [
    "plain", "mapped, for the first time", "mapped", "as in the course"])
def test_loading_to_floats_that_can_be_trained_on_takes_less_than_1200_mebibytes(fetched, how):
    if how == "mapped":
        data.load(mmap=True)
    program = PEAK_OF_THE_COURSE if how == "as in the course" else PEAK
    command = [sys.executable, "-c", program, str(fetched), how.split(",")[0]]
    peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]
    assert 300 < int(peak) / 1024 < 1_200


def test_where_no_cache_can_be_written_plain_arrays_are_returned(few, monkeypatch):
    def full(content, path):
        raise OSError("no space left on device")

    monkeypatch.setattr(cartoon, "publish", full)
    assert not isinstance(data.load(mmap=True).X_train, np.memmap)


# --------------------------------------------------------------- which dataset


def test_the_cartoons_stand_in_when_there_is_nothing_else(capsys):
    dataset = data.load()
    assert dataset.name == "cartoon" and dataset.classes == cartoon.CLASSES
    assert len(dataset.X_train) == 4
    assert capsys.readouterr().out == ("cartoon: 4 training and 2 test images, "
                                       "drawn by code; ./get_datasets.sh fetches CIFAR-10\n")


def test_files_that_have_been_fetched_come_before_the_cartoons(few, capsys):
    dataset = data.load()
    assert dataset.name == "CIFAR-10" and np.array_equal(dataset.y_test, few.labels[500:])
    line = "CIFAR-10: 500 training and 100 test images, checksums verified\n"
    assert capsys.readouterr().out == line


def test_the_variable_comes_before_the_files_that_have_been_fetched(few, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_DATA", "cartoon")
    assert data.load().name == "cartoon"


def test_a_folder_in_the_variable_is_loaded_without_checksums(small, monkeypatch, capsys):
    monkeypatch.setenv("CS231N_LITE_DATA", str(small.folder.parent))
    assert np.array_equal(data.load().y_test, small.labels[500:])
    line = "CIFAR-10: 500 training and 100 test images, checksums not compared\n"
    assert capsys.readouterr().out == line


@pytest.mark.parametrize("word", ["", "auto"])
def test_nothing_or_auto_in_the_variable_is_as_if_it_were_not_set(monkeypatch, word):
    monkeypatch.setenv("CS231N_LITE_DATA", word)
    assert data.load().name == "cartoon"


@pytest.mark.parametrize("word", ["cartoon", "Cartoon", "cartoons", " CARTOON"])
def test_the_cartoons_go_by_all_usual_spellings(few, monkeypatch, word):
    monkeypatch.setenv("CS231N_LITE_DATA", word)
    assert data.load().name == data.load(word).name == "cartoon"


@pytest.mark.parametrize("word", ["CIFAR-10", "cifar10", "CIFAR10", "Cifar_10", "cifar"])
def test_cifar10_goes_by_all_usual_spellings(few, monkeypatch, capsys, word):
    monkeypatch.setenv("CS231N_LITE_DATA", word)
    assert data.load().name == data.load(word).name == "CIFAR-10"
    assert capsys.readouterr().out.count("checksums verified") == 2


def test_a_name_is_a_name_though_a_folder_is_called_so_and_another_spelling_is_the_folder(
        few, monkeypatch):
    monkeypatch.chdir(few.folder.parent)
    for name in ("cartoon", "cifar10"):
        os.mkdir(name)
    assert data.load("cartoon").name == "cartoon"
    with pytest.raises(FileNotFoundError, match="^cifar10 is empty, expected"):
        data.load("cifar10")


def test_a_wrong_word_in_the_variable_is_named(monkeypatch):
    monkeypatch.setenv("CS231N_LITE_DATA", "mnist")
    with pytest.raises(FileNotFoundError, match="^CS231N_LITE_DATA is set: mnist is no folder"):
        data.load()


@pytest.mark.parametrize("name, said", [
    ("cifar-10-python.tar.gz", "python.tar.gz is the archive of CIFAR-10, .* --from .*tar.gz to"),
    ("cifar-10-python.tar.gz.part", "was broken off, .* --to .* to go on"),
    ("data_batch_1.bin", "holds the version of CIFAR-10 for C, expected .*for Python"),
    ("train.csv", "holds no file of CIFAR-10, expected"),
    (".", "is empty, expected"),
])
def test_a_folder_without_a_batch_is_refused_with_what_it_holds(tmp_path, name, said):
    (tmp_path / name).touch()
    assert re.search(said, refusal(tmp_path))
    if "python" in name:
        assert re.search(said, refusal(tmp_path / name))
        with pytest.raises(FileNotFoundError, match=said):
            data.load("CIFAR-10")


def test_a_name_comes_before_the_variable(few, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_DATA", str(few.folder))
    assert data.load("cartoon").name == "cartoon"
    monkeypatch.setenv("CS231N_LITE_DATA", "cartoon")
    assert data.load("CIFAR-10").name == data.load(few.folder, verify=False).name == "CIFAR-10"


def test_asking_for_cifar10_before_it_is_fetched_says_how_to_fetch_it():
    with pytest.raises(FileNotFoundError, match="run ./get_datasets.sh to fetch CIFAR-10"):
        data.load("CIFAR-10")


def test_the_folder_in_which_a_relative_one_was_looked_for_is_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=f"{re.escape(str(tmp_path))} holds no CIFAR-10"):
        data.load_CIFAR10(data.FOLDER)


def test_foreign_files_in_datasets_are_refused_unless_asked_for(few, monkeypatch):
    monkeypatch.setattr(data, "MEMBERS", MEMBERS)  # back to the official checksums
    with pytest.raises(ValueError, match="data_batch_1 has .*, expected .*, or name the folder in "
                                         "CS231N_LITE_DATA"):
        data.load("CIFAR-10")
    assert data.load("CIFAR-10", verify=False).name == "CIFAR-10"


def test_a_changed_byte_is_found_by_its_checksum(few):
    path = few.folder / "data_batch_4"
    content = bytearray(path.read_bytes())
    content[200_000] ^= 1
    path.unlink()  # it is a link to a file that other tests use
    path.write_bytes(content)
    with pytest.raises(ValueError, match="data_batch_4 has SHA-256 .*, expected"):
        data.load()


def test_verified_files_are_not_verified_again_until_one_changes(few, monkeypatch):
    verified = []
    monkeypatch.setattr(data, "fault", lambda path, member: verified.append(path.name))
    data.load()
    data.load()
    assert verified == list(TITLES)
    path = few.folder / "data_batch_5"
    shutil.copy2(path, few.folder / "copy")  # of the same size and time
    os.replace(few.folder / "copy", path)
    data.load()
    assert verified == 2 * list(TITLES)
    os.utime(path)
    data.load()
    assert verified == 3 * list(TITLES)


def test_a_byte_that_changed_after_verification_is_noticed_even_with_its_time_set_back(few):
    path = few.folder / "data_batch_1"
    shutil.copyfile(path, few.folder / "copy")  # it is a link to a file that other tests use
    os.replace(few.folder / "copy", path)
    data.load(mmap=True)
    flip(path, 200_000)
    with pytest.raises(ValueError, match="data_batch_1 has SHA-256 .*, expected"):
        data.load(mmap=True)
    assert data.load(verify=False, mmap=True).name == "CIFAR-10"


def test_what_was_verified_against_other_checksums_is_verified_again(few, monkeypatch):
    data.load()
    monkeypatch.setattr(data, "MEMBERS", {name: Member(1, "0" * 64) for name in TITLES})
    with pytest.raises(ValueError, match="data_batch_1 has .*, expected 1;"):
        data.load()


def test_a_damaged_record_of_verification_is_not_believed(few, monkeypatch):
    data.load()
    (few.folder.parent / "verified.txt").write_bytes(b"\xff\xfe")
    monkeypatch.setattr(data, "fault", lambda path, member: "was looked at, expected")
    with pytest.raises(ValueError, match="was looked at"):
        data.load()


@pytest.mark.parametrize("name", ["verified.txt", "cifar-10.txt"])
def test_a_record_of_another_size_is_not_read(few, name):
    data.load(mmap=True)
    os.truncate(few.folder.parent / name, 1 << 42)  # which no memory holds: it is all hole
    assert np.array_equal(data.load(mmap=True).y_test, few.labels[500:])
    assert (few.folder.parent / name).stat().st_size < 1000


@pytest.mark.parametrize("make", [
    PIPE, os.mkdir, lambda path: os.symlink(path.parent / "mine", path)])
def test_whatever_stands_where_verification_is_remembered_neither_stops_us_nor_is_written_through(
        few, make):
    (few.folder.parent / "mine").write_text("mine")
    for name in ("verified.txt", "cifar-10.bin"):
        make(few.folder.parent / name)
    for _ in range(2):
        assert np.array_equal(data.load(mmap=True).y_test, few.labels[500:])
    assert (few.folder.parent / "mine").read_text() == "mine"


def test_a_record_of_verification_that_may_not_be_read_is_not_needed(few, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    data.load()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert data.load().name == "CIFAR-10"


def test_files_that_failed_are_not_remembered_as_verified(few, monkeypatch):
    monkeypatch.setattr(data, "fault", lambda path, member: "is wrong, expected")
    for _ in range(2):
        with pytest.raises(ValueError, match="is wrong"):
            data.load()


def test_caches_go_to_a_folder_of_the_user_where_datasets_cannot_be_written(monkeypatch, tmp_path):
    assert data.cache_folder() == tmp_path
    monkeypatch.setattr(data, "DATASETS", tmp_path / "read-only")
    monkeypatch.setattr(data.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = data.cache_folder()
    assert folder.parent == tmp_path and folder.is_dir() and data.cache_folder() == folder


def another_users(folder):
    folder.mkdir()
    os.chown(folder, 12345, 12345)


def a_link(folder):
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)


@pytest.mark.skipif(os.name == "nt", reason="Windows has a temporary folder for each user")
@pytest.mark.parametrize("make", [
    Path.touch,
    a_link,
    pytest.param(another_users, marks=pytest.mark.skipif(
        getattr(os, "getuid", int)() != 0, reason="only root can give a folder away")),
])
def test_a_cache_folder_that_is_not_ours_is_neither_read_nor_written(
        few, monkeypatch, tmp_path, make):
    monkeypatch.setattr(data, "DATASETS", tmp_path / "read-only")
    monkeypatch.setattr(data.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = tmp_path / f"cs231n_lite-{os.getuid()}"
    make(folder)
    before = sorted(tmp_path.rglob("*"))
    for mmap in (True, False):
        assert np.array_equal(data.load(few.folder, mmap=mmap).y_test, few.labels[500:])
    assert data.load("cartoon").name == "cartoon"
    assert sorted(tmp_path.rglob("*")) == before


def test_without_any_folder_to_write_to_nothing_is_cached(few, monkeypatch):
    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(data, "DATASETS", few.folder / "read-only")
    monkeypatch.setattr(data.tempfile, "gettempdir", nowhere)
    assert np.array_equal(data.load(few.folder, mmap=True).y_test, few.labels[500:])


# --------------------------------------------------------------- splits


def blank(name, train, test):
    """A dataset of black images, labelled by their numbers."""
    images = np.zeros((train + test, 32, 32, 3), np.uint8)
    return data.Dataset(images[:train], np.arange(train), images[train:], np.arange(test),
                        cartoon.CLASSES, name)


@pytest.mark.parametrize("name, train, test, sizes", [
    ("CIFAR-10", 50_000, 10_000, (49_000, 1_000, 1_000, 500)),
    ("cartoon", 10_000, 2_000, (8_500, 1_500, 2_000, 500)),
])
def test_splits_are_of_the_sizes_and_at_the_places_of_the_course(name, train, test, sizes):
    dataset = blank(name, train, test)
    splits = data.split(dataset)
    assert tuple(map(len, splits[::2])) == tuple(map(len, splits[1::2])) == sizes
    assert splits.y_train[0] == 0 and splits.y_val[0] == sizes[0] and splits.y_test[0] == 0
    assert all(np.shares_memory(part, dataset.X_train) for part in (splits.X_train, splits.X_val))
    assert np.shares_memory(splits.X_test, dataset.X_test)


def test_development_images_are_different_training_images_the_same_at_every_call():
    dataset = blank("CIFAR-10", 50_000, 10_000)
    dev = data.split(dataset).y_dev
    assert len(set(dev.tolist())) == 500 and dev.max() < 49_000 and dev.max() - dev.min() > 40_000
    assert np.array_equal(dev, data.split(dataset).y_dev)
    assert dev[:3].tolist() == [11336, 43247, 30402]


def test_images_and_labels_stay_together_in_every_split():
    dataset = blank("cartoon", 10_000, 2_000)
    for images, labels in (dataset[:2], dataset[2:4]):
        images[:, 0, 0, 0], images[:, 0, 0, 1] = labels % 256, labels // 256
    splits = data.split(dataset)
    for images, labels in zip(splits[::2], splits[1::2]):
        assert np.array_equal(images[:, 0, 0, 0] + 256 * images[:, 0, 0, 1].astype(int), labels)


@pytest.mark.parametrize("name, train, test", [
    ("CIFAR-10", 10_000, 2_000), ("cartoon", 10_000, 1_999), ("mine", 0, 0),
])
def test_a_dataset_of_another_name_or_size_is_refused(name, train, test):
    with pytest.raises(ValueError,
                       match=f"dataset is '{name}' with {train:,} training .*expected .*data.load"):
        data.split(blank(name, train, test))


# --------------------------------------------------------------- the real thing


@pytest.mark.slow
def test_cifar10_has_6000_images_of_each_class_and_begins_with_a_frog(cifar10):
    X_train, y_train, _, y_test = data.read_CIFAR10(cifar10)
    assert np.bincount(y_train).tolist() == [5_000] * 10
    assert np.bincount(y_test).tolist() == [1_000] * 10
    assert y_train[:5].tolist() == [6, 9, 9, 4, 1] and y_test[:5].tolist() == [3, 8, 8, 0, 6]
    red_green_blue = X_train.mean(axis=(0, 1, 2))
    assert red_green_blue == pytest.approx([125.3, 123.0, 113.9], abs=1)
    sky, ground = X_train[y_train == 0, :8, :, 2].mean(), X_train[y_train == 0, -8:, :, 2].mean()
    assert sky > ground + 10  # aeroplanes fly the right way up, in blue
