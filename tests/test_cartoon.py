"""The cartoons are the same bytes everywhere, survive a bad cache, and show what the notes say."""
import hashlib
import os
import signal
import sys
import time
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from cs231n_lite import cartoon
from cs231n_lite.losses import svm_loss_vectorized
from cs231n_lite.optim import sgd


@pytest.fixture(scope="module")
def drawn():
    return cartoon.draw()


def same(arrays, others):
    return all(a.dtype == b.dtype and np.array_equal(a, b)
               for a, b in zip(arrays, others, strict=True))


def images_of(name, drawn):
    X_train, y_train, _, _ = drawn
    return X_train[y_train == cartoon.CLASSES.index(name)].astype(np.float64)


def test_every_machine_draws_the_same_bytes(drawn):
    assert hashlib.sha256(cartoon.pack(drawn)).hexdigest() == cartoon.SHA256 == (
        "4731ea69586c487fe9d775928ce5c2b7aefde5035ea4eea80b7a9a786805fafd"
    )


def test_there_are_10_000_and_2_000_colour_images_of_32_by_32(drawn):
    X_train, y_train, X_test, y_test = drawn
    assert (X_train.shape, X_test.shape) == ((10_000, 32, 32, 3), (2_000, 32, 32, 3))
    assert (X_train.dtype, X_test.dtype) == (np.uint8, np.uint8)
    assert (y_train.dtype, y_test.dtype) == (np.int64, np.int64)


def test_classes_are_balanced_and_shuffled(drawn):
    _, y_train, _, y_test = drawn
    assert set(np.bincount(y_train)) == {1_000} and set(np.bincount(y_test)) == {200}
    assert np.bincount(y_train[:500], minlength=10).min() >= 30


def test_no_image_comes_twice(drawn):
    X_train, _, X_test, _ = drawn
    assert len({image.tobytes() for image in [*X_train, *X_test]}) == 12_000


def test_the_seed_decides_everything_and_any_number_can_be_drawn():
    first, again = (cartoon.draw(13, 13, seed=1) for _ in range(2))
    assert same(first, again)
    assert not np.array_equal(first[0], cartoon.draw(13, 0, seed=2)[0])
    assert not np.array_equal(first[0], first[2]), "test images are the first training images"


def test_more_cars_are_red_than_of_any_other_colour(drawn):
    r, g, b = np.moveaxis(images_of("automobile", drawn)[:, 10:22, 10:22], 3, 0)
    colours = {
        "red": r > 1.6 * np.maximum(g, b),
        "green": g > 1.3 * np.maximum(r, b),
        "blue": b > 1.3 * np.maximum(r, g),
        "yellow": np.minimum(r, g) > 1.6 * b,
        "white": np.minimum(np.minimum(r, g), b) > 190,
        "black": np.maximum(np.maximum(r, g), b) < 60,
    }
    cars = {colour: np.count_nonzero(pixels.mean(axis=(1, 2)) > 1 / 6)
            for colour, pixels in colours.items()}
    assert cars.pop("red") > 1.5 * max(cars.values())


def test_ships_rest_on_blue_and_horses_face_both_ways(drawn):
    red, green, blue = images_of("ship", drawn)[:, 24:].mean(axis=(0, 1, 2))
    assert blue > green > red
    horse = images_of("horse", drawn).mean(axis=0) - drawn[0].mean(axis=0)
    assert np.corrcoef(horse.ravel(), horse[:, ::-1].ravel())[0, 1] > 0.95


def test_the_cache_spares_the_second_drawing(drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    cartoon.load(tmp_path)
    monkeypatch.delattr(cartoon, "draw")
    assert same(cartoon.load(tmp_path), drawn)
    assert [path.name for path in tmp_path.iterdir()] == [f"cartoon-{cartoon.SHA256[:8]}.bin"]


def test_cached_cartoons_can_stay_on_disk(drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    cartoon.load(tmp_path, mmap=True)
    mapped = cartoon.load(tmp_path, mmap=True)
    assert same(mapped, drawn)
    assert isinstance(mapped[0], np.memmap) and not mapped[0].flags.writeable


@pytest.mark.parametrize("damage", [
    pytest.param(lambda data: b"", id="empty"),
    pytest.param(lambda data: data[:-1], id="cut short"),
    pytest.param(lambda data: data + b"\0", id="too long"),
    pytest.param(lambda data: bytes([data[0] ^ 1]) + data[1:], id="one bit changed"),
])
def test_a_damaged_cache_is_drawn_again_and_mended(damage, drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    cartoon.load(tmp_path)
    cache, = tmp_path.iterdir()
    whole = cache.read_bytes()
    cache.write_bytes(damage(whole))
    assert same(cartoon.load(tmp_path), drawn)
    assert [path.read_bytes() == whole for path in tmp_path.iterdir()] == [True]


@pytest.mark.parametrize("mmap", [False, True])
def test_a_cache_of_another_size_is_not_read(mmap, drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    cache = tmp_path / f"cartoon-{cartoon.SHA256[:8]}.bin"
    cache.touch()
    os.truncate(cache, 1 << 42)  # which no memory holds, and no disk: it is all hole
    assert same(cartoon.load(tmp_path, mmap), drawn)
    assert cache.stat().st_size == cartoon.pack(drawn).size


def no_folder(path: Path) -> Path:
    return path / "absent"


def a_file_instead(path: Path) -> Path:
    (path / "file").touch()
    return path / "file"


def a_folder_in_its_place(path: Path) -> Path:
    (path / f"cartoon-{cartoon.SHA256[:8]}.bin").mkdir()
    return path


def test_a_pipe_in_place_of_the_cache_is_not_opened(drawn, tmp_path, monkeypatch):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes")
    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    for mmap in (False, True):
        os.mkfifo(tmp_path / f"cartoon-{cartoon.SHA256[:8]}.bin")
        assert same(cartoon.load(tmp_path, mmap), drawn)
        (tmp_path / f"cartoon-{cartoon.SHA256[:8]}.bin").unlink()


@pytest.mark.parametrize("obstacle", [no_folder, a_file_instead, a_folder_in_its_place])
def test_a_cache_that_cannot_be_written_costs_only_time(obstacle, drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    folder = obstacle(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert same(cartoon.load(folder), drawn)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_leaves_no_half_written_file(drawn, tmp_path, monkeypatch):
    def full(path, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cartoon, "draw", lambda: drawn)
    monkeypatch.setattr(Path, "replace", full)
    assert same(cartoon.load(tmp_path), drawn)
    assert not list(tmp_path.iterdir())


def publish_and_die(path: Path, deadly: int) -> None:
    """Publish a cache, and be killed at the step of that number if there are so many."""
    steps = count(1)

    def here(*_):
        if next(steps) == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return here

    sys.settrace(lambda frame, *_: here if frame.f_code is cartoon.publish.__code__ else None)
    cartoon.publish(np.full(1_000_000, 2, np.uint8), path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_cache_whose_writer_is_killed_is_the_old_one_or_the_new_one(tmp_path):
    path, found = tmp_path / "cache.bin", []
    while len(found) < 50:
        path.write_bytes(bytes([1]) * 1_000_000)
        writer = get_context("fork").Process(target=publish_and_die, args=(path, len(found) + 1))
        writer.start()
        writer.join()
        if writer.exitcode == 0:
            break
        assert writer.exitcode == -signal.SIGKILL
        found.append(path.read_bytes())
    assert len(found) > 5 and set(found) == {bytes([1]) * 1_000_000, bytes([2]) * 1_000_000}


def test_a_writer_removes_the_drafts_of_writers_that_were_killed_but_none_that_may_be_at_work(
        tmp_path):
    path = tmp_path / "cache.bin"
    killed, at_work, foreign = (tmp_path / f"cache.bin.{name}"
                                for name in (32 * "a", 32 * "b", "mine"))
    for file, age in ((killed, 4000), (at_work, 3000), (foreign, 4000)):
        file.touch()
        os.utime(file, times=(time.time() - age,) * 2)
    cartoon.publish(np.zeros(3, np.uint8), path)
    assert set(tmp_path.iterdir()) == {path, at_work, foreign}


@pytest.mark.slow  # the hash above fixes every byte, so that only a new drawing has to be tried
def test_a_linear_classifier_finds_them_neither_easy_nor_hopeless(drawn):
    X_train, y_train, X_test, y_test = drawn
    rows, tests = (np.float32(X.reshape(len(X), -1)) for X in (X_train, X_test))
    mean = rows.mean(axis=0)
    rows, tests = (np.insert(X - mean, X.shape[1], 1, axis=1) for X in (rows, tests))
    W = np.zeros((3073, 10), np.float32)
    W, _ = sgd(svm_loss_vectorized, W, rows[:8_500], y_train[:8_500], learning_rate=1e-7, reg=1e4,
               num_iters=1_500, batch_size=200, rng=np.random.default_rng(0))
    right = (tests @ W).argmax(axis=1) == y_test
    recall = [right[y_test == label].mean() for label in range(10)]
    assert 0.45 < right.mean() < 0.60
    assert 0.15 < min(recall) and max(recall) < 0.95
