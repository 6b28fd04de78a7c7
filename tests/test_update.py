"""update.py brings a student's folder to a newer handout, whatever was done to either of them."""
import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from releases import cells_in, code, marks, notebook, prose, release, stub, texts, write_cells

from cs231n_lite.grading.handout.folder import UPDATING, hand_out, in_one
from cs231n_lite.grading.updating import placing
from cs231n_lite.grading.updating.command import main, updated
from cs231n_lite.grading.updating.record import RECORD, record_in

SVM = [prose("title", "one"), stub("sgd"), code("look", "two"), prose("end", "three")]
SOFTMAX = [prose("soft", "four"), stub("softmax"), code("soft-look", "five")]
ANSWER = stub("sgd", "return 1")
MINE = [SVM[0], ANSWER, prose("own", "my note"), *SVM[2:]]
NEW_SVM = [prose("title", "one, new"), *SVM[1:], prose("last", "new at the end")]


@pytest.fixture
def old(tmp_path, monkeypatch) -> Path:
    """A student's folder with an answer, a note and some files of their own."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # no test pulls the plug
    folder = release(tmp_path / "old", notebooks__svm_dot_ipynb=SVM,
                     notebooks__softmax_dot_ipynb=SOFTMAX, helper_dot_py="first",
                     cs231n_lite__gone_dot_py="gone", datasets__README_dot_md="data")
    write_cells(folder / "notebooks/svm.ipynb", MINE)
    for name in ("notebooks/.progress.json", "cs231n_lite/mine.py", "datasets/cifar/batch",
                 ".venv/bin/python", "notes/own.ipynb", "json.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"my {name}")
    return folder


@pytest.fixture
def new(tmp_path) -> Path:
    """The handout that comes after."""
    return release(tmp_path / "new", notebooks__svm_dot_ipynb=NEW_SVM,
                   notebooks__softmax_dot_ipynb=SOFTMAX, helper_dot_py="second",
                   cs231n_lite__added_dot_py="added", datasets__README_dot_md="more data",
                   get__data_dot_sh="#!/bin/sh\n")


def tree(folder: Path) -> dict[str, bytes | str]:
    """All files below a folder, but for those that an update has put aside."""
    return {path.relative_to(folder).as_posix(): os.readlink(path) if path.is_symlink()
            else path.read_bytes() for path in folder.rglob("*")
            if (path.is_symlink() or path.is_file()) and ".before-update" not in str(path)}


def zipped(folder: Path, inside: str = "") -> Path:
    """A zip file of a folder, with or without the folder itself."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in tree(folder).items():
            archive.writestr(inside + name, data)
    return path


def among_others(new: Path, deeper: str = "") -> Path:
    """A folder for what was downloaded, in which a handout lies beside other things."""
    folder = new.parent / "downloads"
    shutil.copytree(new, folder / deeper / "new")
    (folder / "letter.txt").touch()
    return folder


def refused(folder: Path, *arguments: object) -> str:
    """The sentence with which an update is refused; nothing is touched."""
    before = tree(folder.parent)
    with pytest.raises(ValueError, match=r"\.$") as error:
        updated(folder, list(map(str, arguments)))
    assert tree(folder.parent) == before
    return str(error.value)


def test_a_folder_gets_what_is_new_and_keeps_what_is_the_student_s(old, new):
    before = tree(old)
    said = updated(old, [str(new)])
    assert "cells of yours that were kept: 2." in said
    assert texts(cells_in(old / "notebooks/svm.ipynb")) == [
        "one, new", "def sgd():\n    return 1", "my note", "two", "three", "new at the end"]
    after = tree(old)
    changed = {name for name in before.keys() | after.keys()
               if before.get(name) != after.get(name)}
    assert changed == {"notebooks/svm.ipynb", "helper.py", "cs231n_lite/gone.py", RECORD,
                       "cs231n_lite/added.py", "datasets/README.md", "get/data.sh"}
    assert after["helper.py"] == b"second" and "cs231n_lite/gone.py" not in after
    assert os.access(old / "get/data.sh", os.X_OK)
    aside = old / ".before-update-1"
    assert all((aside / name).read_bytes() == before[name] for name in changed & before.keys())
    assert [path.name for path in old.parent.iterdir() if "update" in path.name] == []


def test_a_file_from_the_future_is_replaced_all_the_same(old, new):
    os.utime(old / "helper.py", (2**33, 2**33))
    updated(old, [str(new)])
    assert (old / "helper.py").read_text() == "second"


def test_a_copy_under_a_name_of_the_student_s_own_stays_and_is_named(old, new):
    worked = (old / "notebooks/svm.ipynb").read_bytes()
    (old / "notebooks/my svm.ipynb").write_bytes(worked)
    assert "stay as they are: notebooks/my svm.ipynb." in updated(old, [str(new)])
    assert (old / "notebooks/my svm.ipynb").read_bytes() == worked


def test_a_second_run_changes_nothing(old, new):
    updated(old, [str(new)])
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in old.rglob("*")}
    assert "up to date already" in updated(old, [str(new)])
    assert before == {path: (path.stat().st_ino, path.stat().st_mtime_ns)
                      for path in old.rglob("*")}


def test_a_copy_with_the_id_of_a_cell_is_the_student_s_and_the_cell_is_not(old, new):
    copy = prose("title", "a copy")
    write_cells(old / "notebooks/svm.ipynb", [copy, *MINE])
    updated(old, [str(new)])
    cells = cells_in(old / "notebooks/svm.ipynb")
    assert cells[0] == copy and texts(cells)[1] == "one, new" and not marks(cells)
    assert "up to date already" in updated(old, [str(new)])


@pytest.mark.parametrize("inside", ["", "handout/", "a/b/"])
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_handout_may_come_as_zip_or_folder_and_with_a_folder_around_it(old, new, inside, kind):
    updated(twin := Path(shutil.copytree(old, old.parent / "twin")), [str(new)])
    given = zipped(new, inside)
    if kind == "folder":
        given = new.parent / "unpacked"
        zipfile.ZipFile(new.with_suffix(".zip")).extractall(given)
    updated(old, [str(given)])
    assert tree(old) == tree(twin)


def test_a_release_may_be_left_out(old, new, tmp_path):
    last = release(tmp_path / "last", notebooks__svm_dot_ipynb=NEW_SVM[1:],
                   notebooks__softmax_dot_ipynb=SOFTMAX, helper_dot_py="third")
    updated(old, [str(last)])
    assert texts(cells_in(old / "notebooks/svm.ipynb")) == [
        "def sgd():\n    return 1", "my note", "two", "three", "new at the end"]
    assert "newer handout" in refused(old, new)


@pytest.mark.parametrize("make, words", [
    (lambda old, new: old, "is the folder that is to be updated"),
    (lambda old, new: old / "notebooks", "holds no .handout.json"),
    (lambda old, new: new / "README.md", "no zip file that can be read"),
    (lambda old, new: new / "missing", "There is no"),
    (lambda old, new: old.parent, "several handouts"),
    (lambda old, new: among_others(new), "downloads/new, if that is meant"),
    (lambda old, new: among_others(new, "one/two/"), "holds no .handout.json"),
    (lambda old, new: shutil.copytree(old, old.parent / "a friend's"), "an answer to sgd"),
])
def test_a_wrong_argument_is_refused_in_a_sentence(old, new, make, words):
    assert words in refused(old, make(old, new))


def test_no_argument_is_refused_and_so_is_a_folder_that_is_none_of_the_assignment(old, new, capsys):
    assert "Usage" in refused(old)
    (new / "sub").mkdir()
    assert "copy update.py into yours" in refused(new / "sub", new)
    assert main(["--help"], old) == 2 and "Usage" in capsys.readouterr().err


def broken(path: Path) -> Path:
    """The same zip file, with bytes in it that changed on the way."""
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)
    return path


def with_member(path: Path, name: str, mode: int = 0) -> Path:
    """The same zip file with one more member."""
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, "evil")
    return path


@pytest.mark.parametrize("name, mode", [
    ("../evil.py", 0), ("notebooks/../../evil.py", 0), ("/evil.py", 0), ("C:/evil.py", 0),
    ("..\\evil.py", 0), ("notebooks/link", stat.S_IFLNK)])
def test_a_zip_that_leads_out_of_the_folder_is_refused(old, new, name, mode):
    assert "out of its folder" in refused(old, with_member(zipped(new), name, mode))


def test_a_broken_zip_is_refused_and_so_is_one_that_would_fill_the_disk(old, new, monkeypatch):
    assert "can be read" in refused(old, broken(zipped(new)))
    monkeypatch.setattr("cs231n_lite.grading.updating.reading.LARGEST", 100)
    assert "expected a handout" in refused(old, zipped(new))


def test_what_came_into_a_handout_by_use_is_not_taken(old, new):
    for name in (".venv/bin/python", "notebooks/.progress.json", "datasets/cifar/batch",
                 "cs231n_lite/__pycache__/x.pyc", "notebooks/.ipynb_checkpoints/svm.ipynb"):
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        (new / name).write_text("theirs")
    updated(old, [str(new)])
    assert b"theirs" not in tree(old).values()


def test_a_notebook_that_the_student_renamed_is_found(old, new):
    (old / "mine").mkdir()
    (old / "notebooks/svm.ipynb").rename(old / "mine/svm done.ipynb")
    updated(old, [str(new)])
    assert not (old / "notebooks/svm.ipynb").exists()
    assert {"one, new", "my note"} <= set(texts(cells_in(old / "mine/svm done.ipynb")))


def test_a_notebook_that_the_release_renames_takes_the_student_s_cells_along(old, tmp_path):
    new = release(tmp_path / "new", notebooks__hinge_dot_ipynb=NEW_SVM)
    (old / "notebooks/hinge.ipynb").write_text(mine := json.dumps(notebook(prose("a", "mine"))))
    open_in_an_editor = (old / "notebooks/svm.ipynb").read_text()
    assert "is called notebooks/hinge.ipynb now: close it if it is open" in updated(old, [str(new)])
    assert not (old / "notebooks/svm.ipynb").exists()
    assert not (old / "notebooks/softmax.ipynb").exists()  # nothing in it was the student's
    assert {"one, new", "my note"} <= set(texts(cells_in(old / "notebooks/hinge.ipynb")))
    assert (old / ".before-update-1/notebooks/hinge.ipynb").read_text() == mine
    (old / "notebooks/svm.ipynb").write_text(open_in_an_editor)
    told = updated(old, [str(new)])
    assert "up to date already" in told and "stay as they are: notebooks/svm.ipynb." in told


def test_a_notebook_that_the_release_removes_stays_where_cells_are_the_student_s(old, tmp_path):
    new = release(tmp_path / "new", notebooks__softmax_dot_ipynb=SOFTMAX)
    updated(old, [str(new)])
    cells = cells_in(old / "notebooks/svm.ipynb")
    assert cells[1:] == MINE and "no longer holds this notebook" in marks(cells)[0]
    assert "up to date" in updated(old, [str(new)])


def test_a_notebook_of_an_editor_that_knows_no_ids_stays_one(old, new):
    bare = [{key: value for key, value in cell.items() if key != "id"} for cell in MINE]
    write_cells(old / "notebooks/svm.ipynb", bare, nbformat_minor=4)
    updated(old, [str(new)])
    cells = cells_in(old / "notebooks/svm.ipynb")
    assert [cell for cell in cells if cell in bare] == bare[1:]
    assert len(cells) == 6 and not any("id" in cell for cell in cells)


def test_an_open_notebook_that_is_saved_over_the_new_one_gets_it_by_the_next_run(old, new):
    stale = (old / "notebooks/svm.ipynb").read_bytes()
    updated(old, [str(new)])
    fresh = (old / "notebooks/svm.ipynb").read_bytes()
    (old / "notebooks/svm.ipynb").write_bytes(stale)
    updated(old, [str(new)])
    assert (old / "notebooks/svm.ipynb").read_bytes() == fresh


def test_what_is_saved_while_the_update_reads_is_read_again(old, new, monkeypatch):
    path, later = old / "notebooks/svm.ipynb", [*MINE, prose("later", "saved meanwhile")]
    hold = "cs231n_lite.grading.updating.changes.Changes.hold"
    real = vars(sys.modules["cs231n_lite.grading.updating.changes"].Changes)["hold"]

    def saving(changes) -> bool:
        if "saved meanwhile" not in texts(cells_in(path)):
            write_cells(path, later)
        return real(changes)

    monkeypatch.setattr(hold, saving)
    updated(old, [str(new)])
    assert "saved meanwhile" in texts(cells_in(path))


def test_a_file_that_both_changed_is_put_aside_and_one_that_the_student_alone_changed_stays(
        old, new, tmp_path):
    (old / "helper.py").write_text("mine")
    assert "in .before-update-1 now: helper.py." in updated(old, [str(new)])
    assert (old / ".before-update-1/helper.py").read_text() == "mine"
    (old / "helper.py").write_text("mine again")
    last = release(tmp_path / "last", notebooks__svm_dot_ipynb=NEW_SVM, helper_dot_py="second")
    updated(old, [str(last)])
    assert (old / "helper.py").read_text() == "mine again"


def test_a_text_that_was_the_student_s_before_a_release_had_it_stays_the_student_s(old, tmp_path):
    for number, text in enumerate(("my own version", "a third version")):
        write_cells(old / "notebooks/svm.ipynb", [prose("title", "my own version"), *SVM[1:]])
        new = release(tmp_path / str(number), notebooks__softmax_dot_ipynb=SOFTMAX,
                      notebooks__svm_dot_ipynb=[prose("title", text), *SVM[1:]])
        updated(old, [str(new)])
    assert texts(cells_in(old / "notebooks/svm.ipynb"))[1] == "my own version"


def test_a_folder_from_before_there_were_records_keeps_all_that_differs(old, new):
    (old / RECORD).unlink()
    (old / "helper.py").write_text("mine")
    updated(old, [str(new)])
    cells = cells_in(old / "notebooks/svm.ipynb")
    assert [cell for cell in cells if cell in MINE] == MINE and len(marks(cells)) == 2
    assert (old / ".before-update-1/helper.py").read_text() == "mine"
    assert "up to date" in updated(old, [str(new)])


def test_a_notebook_that_cannot_be_read_is_refused_by_name(old, new):
    for text in ("<<<<<<< HEAD", '{"worksheets": []}', '{"cells": [1]}', '{"cells": [{}]}'):
        (old / "notebooks/svm.ipynb").write_text(text)
        assert "notebooks/svm.ipynb is no notebook" in refused(old, new)


def test_a_folder_of_data_on_another_disk_is_left_alone_and_other_links_are_refused(
        old, new, tmp_path):
    shutil.move(old / "datasets", tmp_path / "disk")
    (old / "datasets").symlink_to(tmp_path / "disk")
    updated(old, [str(new)])
    assert (tmp_path / "disk/README.md").read_text() == "data" and (old / "datasets").is_symlink()
    shutil.move(old / "notebooks", tmp_path / "elsewhere")
    (old / "notebooks").symlink_to(tmp_path / "elsewhere")
    assert "is a link" in refused(old, new)


def test_a_folder_or_file_that_cannot_be_written_is_refused(old, new, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "svm.ipynb")
    assert "svm.ipynb cannot be written" in refused(old, new)


@pytest.mark.parametrize("exchanging", [True, False])
@pytest.mark.parametrize("step", [0, 3, 5])
def test_a_full_disk_leaves_the_folder_as_it_was(old, new, monkeypatch, exchanging, step):
    steps = iter(range(100))

    def full(handle: int) -> None:
        if next(steps) == step:
            raise OSError(errno.ENOSPC, "No space left on device")

    if not exchanging:
        monkeypatch.setattr(placing.sys, "platform", "win32")
    monkeypatch.setattr(os, "fsync", full)
    before = tree(old.parent)
    assert main([str(new)], old) == 2 and tree(old.parent) == before
    assert main([str(new)], old) == 0


def test_an_update_at_the_same_time_is_refused(old, new):
    with placing.alone(old):
        assert "Another update is at work" in refused(old, new)


@pytest.mark.slow
def test_in_a_handout_it_is_one_file_that_bare_python_runs_beside_a_student_s_json_py(tmp_path):
    hand_out(tmp_path / "old")
    old, new = tmp_path / "old", Path(shutil.copytree(tmp_path / "old", tmp_path / "new"))
    assert (old / "update.py").read_text(encoding="utf-8") == in_one(UPDATING)
    (old / "json.py").write_text("raise SystemExit('not this one')")
    path = new / "notebooks/svm.ipynb"
    cells = cells_in(path)
    write_cells(path, [{**cells[0], "source": ["a new beginning"]}, *cells[1:]])
    record_in(new)
    place = next(cell for cell in cells if cell["metadata"].get("tags") == ["exercise:sgd"])
    place["source"] = ["def sgd():\n    return 'mine'"]
    write_cells(old / "notebooks/svm.ipynb", cells)
    command = [sys.executable, "-S", "update.py", str(zipped(new, "handout/"))]
    done = subprocess.run(command, cwd=old, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(f"{old} was updated to") and not done.stderr
    after = cells_in(old / "notebooks/svm.ipynb")
    assert after[1:] == cells[1:] and texts(after)[0] == "a new beginning"
