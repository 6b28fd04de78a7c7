"""Killed at any moment, update.py leaves the old folder or the new one, whole; and it goes on."""
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from releases import cells_in, prose, texts, write_cells
from test_update import new, old, tree  # noqa: F401

from cs231n_lite.grading.updating import placing
from cs231n_lite.grading.updating.command import updated

# What Python tells of before it asks the system to change something, and the exchange.
STEPS = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "ctypes.dlsym"}


def killed_at(step: int, folder: Path, new: Path) -> bool:
    """Update in a process that is killed before one of its steps; False where it ends before."""
    child = os.fork()
    if child == 0:
        steps = iter(range(10**6))

        def kill(event: str, details: tuple) -> None:
            reading = event == "open" and not details[2] & (os.O_WRONLY | os.O_RDWR)
            if event in STEPS and not reading and next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(kill)
        updated(folder, [str(new)])
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def kills(old: Path, new: Path):
    """Step after step, a copy of the old folder with what a kill at that step made of it."""
    for step in range(10**6):
        folder = Path(shutil.copytree(old, old.parent / f"killed {step}" / "old", symlinks=True))
        if not killed_at(step, folder, new):
            assert step > 100
            return
        yield folder
        assert [path.name for path in folder.parent.iterdir()] == ["old"]
        assert not list(folder.glob(".update*"))
        shutil.rmtree(folder.parent)


def updated_copy(old: Path, new: Path) -> dict:
    """What an update that nobody kills makes of the folder."""
    folder = Path(shutil.copytree(old, old.parent / "copy" / "old", symlinks=True))
    updated(folder, [str(new)])
    return tree(folder)


def work_on(folder: Path) -> None:
    """What a student does who has not seen that the update was killed."""
    path = folder / "notebooks/svm.ipynb"
    write_cells(path, [*cells_in(path), prose("later", "written later")])
    (folder / "fresh").write_text("own")
    (folder / "fresh").rename(folder / "json.py")  # as many editors save


@pytest.mark.slow
def test_at_every_step_the_old_folder_or_the_new_one_is_there_whole(old, new):
    before, after = tree(old), updated_copy(old, new)
    found = []
    for folder in kills(old, new):
        found.append(tree(folder))
        assert found[-1] in (before, after)
        updated(folder, [str(new)])
        assert tree(folder) == after
    assert before in found and after in found


@pytest.mark.slow
def test_what_a_student_does_after_a_kill_is_kept_by_a_run_from_where_the_shell_stands(old, new):
    for folder in kills(old, new):
        work_on(folder)
        twins = [path for path in folder.parent.glob(".old.update-*")
                 if path.name.endswith(f"-{path.stat().st_ino}")]
        updated((twins or [folder])[0], [str(new)])
        assert {"one, new", "written later"} <= set(texts(cells_in(folder / "notebooks/svm.ipynb")))
        assert (folder / "json.py").read_text() == "own"


@pytest.mark.slow
def test_where_folders_cannot_be_exchanged_the_next_run_finishes_what_was_killed(
        old, new, monkeypatch):
    monkeypatch.setattr(placing, "exchange", lambda one, other: os.rename(one / "no", other))
    before, after = tree(old), updated_copy(old, new)
    for folder in kills(old, new):
        there = {path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert set(before.values()) <= there
        updated(folder, [str(new)])
        assert tree(folder) == after


def test_a_shell_in_the_folder_stands_in_the_new_one_afterwards(old, new, monkeypatch):
    monkeypatch.chdir(old / "notebooks")
    updated(old, [str(new)])
    assert Path.cwd() == old / "notebooks" and "new at the end" in Path("svm.ipynb").read_text()


def test_what_is_saved_while_the_folders_are_exchanged_is_there_afterwards(
        old, new, monkeypatch):
    real, calls = placing.exchange, []

    def exchange(one: Path, other: Path) -> None:
        calls.append((old / ".progress").write_text(str(len(calls))))
        (old / ".progress").rename(old / "notebooks/.progress.json")
        real(one, other)
        (old / f"after {len(calls)}").write_text("own")

    monkeypatch.setattr(placing, "exchange", exchange)
    updated(old, [str(new)])
    assert (old / "notebooks/.progress.json").read_text() == "1"
    assert (old / "after 1").exists() and (old / "after 2").exists() and len(calls) == 2


def test_a_new_folder_in_the_place_of_one_whose_update_was_killed_is_left_alone(old, new):
    twin = old.with_name(f".old.update-{old.stat().st_ino}")
    old.rename(twin)
    shutil.copytree(twin, old)
    (twin / "json.py").write_text("of the folder that is gone")
    updated(old, [str(new)])
    assert (old / "json.py").read_text() == "my json.py" and twin.exists()
