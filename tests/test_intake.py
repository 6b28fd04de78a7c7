"""Whose notebooks are these: archives, course systems' names, bounds, and nothing left unnamed."""
import json
import os
import socket
import struct
import subprocess
import sys
from base64 import b64encode
from contextlib import contextmanager

import attacks
import intake_cases
import pytest
from grading_helpers import VERDICTS_ALONE, notebook
from intake_cases import BENT, COURSES, GOOD, NB, PLAIN, laid_out, zipped
from notebook_runs import ROOT, clean_environment

from cs231n_lite.exercises.reading import notebook_of
from cs231n_lite.grading import run
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.intake import bounds
from cs231n_lite.grading.intake.finding import found_in
from cs231n_lite.grading.intake.listing import below
from cs231n_lite.grading.intake.submission import Submission, books_of
from cs231n_lite.grading.reporting.pictures import JPEG, PNG, bounded, pixels_of
from cs231n_lite.grading.run import grade


def told(folder, **how) -> tuple[dict[str, list[str]], list[str]]:
    """Each student's notebooks by name, and what is left out, of the class and of each."""
    found = found_in([folder], **how)
    read = [submission.read() for submission in found.submissions]
    left = [part.entry for part in found.left]
    left += [f"{one.student}: {part.entry}" for one in read for part in one.left]
    return {one.student: sorted(one.notebooks) for one in read}, sorted(left)


def lone(folder, name: str, data: bytes) -> Submission:
    """The submission that an archive is."""
    laid_out(folder, {name: data, "other/svm.ipynb": NB})
    return next(one for one in found_in([folder]).submissions if one.student == "ben").read()


@pytest.mark.parametrize("course", COURSES)
def test_every_entry_is_a_student_or_a_part_of_one_or_named_as_left_out(course, tmp_path):
    files, students, left = COURSES[course]
    assert told(laid_out(tmp_path / "course", files)) == (students, sorted(left))


def test_what_is_left_out_of_an_archive_is_said_too(tmp_path):
    laid_out(tmp_path, {"cy.zip": {"svm.ipynb": NB, "in.zip": {"inner.zip": {"svm.ipynb": NB}}}})
    (cy,) = found_in([tmp_path / "cy.zip"]).submissions
    assert [part.entry for part in cy.read().left] == ["in.zip/inner.zip"]


@pytest.mark.parametrize("data, said", [
    ({"inner.zip": {"svm.ipynb": NB}}, "ben.zip/in.zip/inner.zip lies in an archive in an archive"),
    (b"Rar!\x1a\x07", "ben.zip/in.zip is a RAR archive"),
    (b"PK\x03\x04", "ben.zip/in.zip is damaged")])
def test_of_archives_in_one_another_it_is_the_one_that_cannot_be_opened_that_is_named(
        data, said, tmp_path):
    laid_out(tmp_path, {"ben.zip": {"in.zip": data}})
    (ben,) = found_in([tmp_path / "ben.zip"]).submissions
    (why,) = ben.read().notebooks.values()
    assert why.startswith(said)


@pytest.mark.parametrize("name", BENT)
def test_a_bent_archive_is_refused_in_a_sentence(name, tmp_path):
    file, data, reason = BENT[name]
    found = lone(tmp_path, file, data())
    assert not any(isinstance(held, bytes) for held in found.notebooks.values())
    assert reason in " ".join([*map(str, found.notebooks.values()), found.told]), found


@pytest.mark.parametrize("name", GOOD)
def test_a_good_archive_is_opened_whatever_wrote_it(name, tmp_path):
    file, data, notebook = GOOD[name]
    assert lone(tmp_path, file, data).notebooks == {notebook: NB}


def test_of_two_members_of_one_name_the_last_is_read_and_that_is_said(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("svm.ipynb", b"first"), ("svm.ipynb", NB)])
    found = lone(tmp_path, "ben.zip", data)
    assert found.notebooks == {"svm.ipynb": NB} and "more than once" in found.left[0].why


def test_a_tar_of_a_whole_class_is_to_be_unpacked_and_a_folder_of_strays_is_no_class(tmp_path):
    laid_out(tmp_path, {"all.tar.gz": {"ada/svm.ipynb": NB, "ben/svm.ipynb": NB},
                        "empty/notes.txt": b"", "empty/.git/config": b""})
    with pytest.raises(ValueError, match=r"all.tar.gz holds several students' work; unpack it"):
        found_in([tmp_path / "all.tar.gz"])
    with pytest.raises(ValueError, match=r"holds no notebook \(notes.txt is no notebook, and no"):
        found_in([tmp_path / "empty"])


def test_what_of_an_archive_can_be_read_is_read_though_the_rest_is_cut_off(tmp_path):
    files = [(intake_cases.member(name, size=len(NB)), NB) for name in ("svm.ipynb", "x.ipynb")]
    found = lone(tmp_path, "ben.tar", intake_cases.tarred(files)[:1100])
    assert found.notebooks == {"svm.ipynb": NB} and "is cut off" in found.left[0].why


@pytest.mark.parametrize("pattern, students, left", [
    ("hw1-(?P<student>[a-z]+)", {"ada": ["hw1-ada.ipynb", "two-ada.ipynb"], "ben": ["x.ipynb"]},
     ["cy.zip"]),
    (r"^(?P<student>\w+)\.", {"cy": ["svm.ipynb"]}, ["hw1-ada.ipynb", "hw1-ben", "hw2-hw1-ada"]),
    (r"/two-(?P<student>\w+)", {"ada": ["hw2-hw1-ada/two-ada.ipynb"]},
     ["cy.zip", "hw1-ada.ipynb", "hw1-ben"])])
def test_a_pattern_says_whose_an_entry_is(pattern, students, left, tmp_path):
    laid_out(tmp_path, {"hw1-ada.ipynb": NB, "hw1-ben/x.ipynb": NB, "cy.zip": {"svm.ipynb": NB},
                        "hw2-hw1-ada/two-ada.ipynb": NB})
    students = {name: [book if book != "two-ada.ipynb" else "hw2-hw1-ada/two-ada.ipynb"
                       for book in books] for name, books in students.items()}
    assert told(tmp_path, pattern=pattern) == (students, left)


@pytest.mark.parametrize("pattern, wanted", [("(", "no regular expression"), ("(a)", "group")])
def test_a_pattern_that_is_none_is_refused_in_a_sentence(pattern, wanted, tmp_path, capsys):
    (tmp_path / "ada.ipynb").write_bytes(NB)
    command = ["run", str(tmp_path), "--out", str(tmp_path / "out"), "--name-pattern", pattern]
    assert main(command) == 2
    said = capsys.readouterr().err
    assert wanted in said and said.count("\n") == 1


def test_names_are_told_apart_by_where_they_lie(tmp_path):
    paths = [laid_out(tmp_path / part, {"ada.ipynb": NB}) for part in ("a", "b")]
    names = [found.student for found in found_in(paths).submissions]
    assert names == [str(path / "ada.ipynb")[:120] for path in paths]


def test_what_is_named_twice_is_graded_once(tmp_path):
    course = laid_out(tmp_path, {"ada/svm.ipynb": NB, "ben.ipynb": NB, "cy.zip": {"x.ipynb": NB}})
    found = found_in([course, course / "ben.ipynb", course, course / "cy.zip"]).submissions
    assert [one.student for one in found] == ["ada", "ben", "cy"]


@pytest.mark.parametrize("part", ["submission_1/", "_1", "-", "svm_", "ada.", ".tar", "a_attempt_"])
def test_long_names_in_a_zip_of_a_class_are_read_in_one_pass(part, tmp_path):
    name = part * (60_000 // len(part)) + "x_svm.ipynb"
    (tmp_path / "all.zip").write_bytes(zipped([("smith_1_2_svm.ipynb", NB), (name, NB)]))
    found = found_in([tmp_path / "all.zip"])
    assert "smith" in [one.student for one in found.submissions]
    assert all(len(one.student) <= 120 for one in found.submissions)


def test_no_two_names_share_a_page(tmp_path):
    names = ["ada", "Ada", "a+b", "a b", "a-b", "x" * 200 + "1", "x" * 200 + "2", "caf\u00e9",
             "cafe\u0301", "con", "CON", "\u202eada", "a\x1b", "a\n", "\udcff", "\udcfe"]
    for name in names:
        (tmp_path / f"{name}.ipynb").write_bytes(NB)
    found = found_in([tmp_path]).submissions
    assert len({one.slug.lower() for one in found}) == len({one.student for one in found}) == 16


# --------------------------------------------------------------- what harms nobody else


@contextmanager
def deep_folder(folder):
    """A folder with others in it, a thousand deep, which pytest could not remove by itself."""
    here = os.getcwd()
    os.chdir(folder)
    for _ in range(1000):
        os.mkdir("d")
        os.chdir("d")
    try:
        os.chdir(here)
        yield
    finally:
        subprocess.run(["rm", "-rf", str(folder / "d")], check=True)


def test_folders_without_end_are_looked_into_so_far_and_that_is_said(tmp_path):
    with deep_folder(laid_out(tmp_path / "course" / "deep", {"svm.ipynb": NB})):
        students, left = told(tmp_path / "course")
    assert students == {"deep": ["svm.ipynb"]} and left == ["deep: " + "/".join("d" * 16)]


def test_files_without_end_are_looked_at_so_far_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("cs231n_lite.grading.intake.listing.ENTRIES", 20)
    laid_out(tmp_path / "many", {"svm.ipynb": NB, **{f"d/{i}.txt": b"" for i in range(40)}})
    found = below(tmp_path / "many")
    assert "svm.ipynb" in found.files and len(found.files) < 20
    assert "holds more than 20 files" in found.left[-1].why


def test_pipes_sockets_and_folders_that_cannot_be_read_are_named(tmp_path, monkeypatch):
    laid_out(tmp_path, {"ada/svm.ipynb": NB, "shut/svm.ipynb": NB, "loop.ipynb": "loop.ipynb"})
    for name in ("pipe.ipynb", "pipe.zip"):
        os.mkfifo(tmp_path / name)
    monkeypatch.chdir(tmp_path)  # for the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.ipynb")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("os.scandir", scandir)
    read = {one.student: one.read() for one in found_in([tmp_path]).submissions}
    assert read["shut"].left == (bounds.Left("", "cannot be read: Permission denied."),)
    assert read.pop("shut").notebooks == {} and read.pop("ada").notebooks == {"svm.ipynb": NB}
    said = [str(*one.notebooks.values()) for one in read.values()]
    reasons = ("is no file", "is a link", "cannot be read")
    assert len(said) == 4 and all(any(reason in why for reason in reasons) for why in said), said


@pytest.mark.parametrize("bound, reason", [
    (("LARGEST", 10), "expected at most"), (("TOGETHER", 30), "with it the submission has more"),
    (("FILES", 2), "more than 2 files")])
def test_bounds_of_a_submission_have_their_sentences(bound, reason, tmp_path, monkeypatch):
    laid_out(tmp_path, {f"ada/{name}.ipynb": NB for name in ("svm", "softmax", "x")})
    monkeypatch.setattr(bounds, *bound)
    (ada,) = found_in([tmp_path]).submissions
    said = [why for why in ada.read().notebooks.values() if isinstance(why, str)]
    assert said and all(reason in why for why in said)


def test_reading_has_its_time_and_what_comes_after_is_named(tmp_path):
    laid_out(tmp_path, {"ada/svm.ipynb": NB, "ben.tar": {"svm.ipynb": NB}})
    for one in found_in([tmp_path]).submissions:
        assert "took more than 0 seconds" in str(one.read(bounds.Room(0)).notebooks)
    assert "took too long" in books_of({"svm.ipynb": NB}, 0)["svm.ipynb"].fault


@pytest.mark.parametrize("cells", [["x" * 2**20, "y"], ["x"] * 5001], ids=["long", "many"])
def test_a_notebook_with_more_code_than_anybody_writes_is_not_taken_in(cells):
    book = books_of({"svm.ipynb": notebook(*cells)}, float("inf"))["svm.ipynb"]
    assert "expected at most 5,000 with 1 MB" in book.fault and not book.cells


def test_what_is_just_beyond_a_bound_reads_as_more_than_it():
    assert bounds.Room().refusal(bounds.LARGEST + 1) == "has 32.1 MB; expected at most 32 MB."
    (left,) = bounded({"x": notebook_of("x", notebook("", outputs=(
        {"data": {PNG: b64encode(png(9, 9, 4 * bounds.MB)).decode()}},)))})[1]
    assert "4.1 MB; expected at most 40,000,000 and 4 MB" in left.why
    assert left.why.startswith("is graded, but a picture is not shown")


def test_what_is_left_out_is_told_once_for_each_reason():
    left = [bounds.Left(str(i), "is late.") for i in range(9)] + [bounds.Left("x", "is a link.")]
    told = bounds.mentioned(left)
    assert told == [("0, 1, 2 and 6 more", "is late."), ("x", "is a link.")]
    many = [bounds.Left(str(i), str(i)) for i in range(99)]
    assert len(bounds.mentioned(many)) == 11 and "89 more" in bounds.mentioned(many)[-1].why


def test_modules_beside_a_notebook_come_along_within_bounds(tmp_path):
    laid_out(tmp_path / "ada", {
        "notebooks/svm.ipynb": NB, "notebooks/own.py": b"x = 1", "notebooks/more/a.py": b"",
        "elsewhere.py": b"", "venv/lib/b.py": b"", "notebooks/big.py": bytes(2 * bounds.MB)})
    (ada,) = found_in([tmp_path]).submissions
    read = ada.read()
    assert read.modules == {"notebooks/own.py": b"x = 1", "notebooks/more/a.py": b""}
    assert [part.entry for part in read.left] == ["notebooks/big.py"]
    (ben,) = found_in([laid_out(tmp_path / "b", {"ben.zip": {"svm.ipynb": NB, "own.py": b"1"}})
                       / "ben.zip"]).submissions
    assert ben.read().modules == {"own.py": b"1"}


# --------------------------------------------------------------- pictures


def png(width: int, height: int, size: int = 0) -> bytes:
    """What begins as a picture of so many pixels."""
    return (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + bytes(size))


def test_the_pixels_of_a_picture_are_read_from_its_head():
    frame = b"\xff\xc2\0\x11\x08" + struct.pack(">HH", 30, 40)
    jpeg = b"\xff\xd8\xff\xe0\0\x04ab" + b"\xff" + frame + bytes(20)
    assert pixels_of(PNG, png(30, 40)) == pixels_of(JPEG, jpeg) == 1200
    assert pixels_of(JPEG, jpeg[:8]) == pixels_of(PNG, b"\x89PNG") == 0


@pytest.mark.parametrize("pictures, kept, reason", [
    ([png(30_000, 30_000)], 0, "900,000,000 pixels"), ([png(9, 9, 5 * bounds.MB)], 0, "5.1 MB"),
    ([png(6000, 6000)] * 7, 5, "one too many"),
    ([png(9, 9, 3000)] * 7, 3, "one too many"),
    ([png(640, 480)] * 7, 7, None)], ids=["pixels", "bytes", "all pixels", "all bytes", "plain"])
def test_pictures_that_a_page_cannot_show_are_left_out_and_that_is_said(pictures, kept, reason,
                                                                        monkeypatch):
    monkeypatch.setattr("cs231n_lite.grading.reporting.pictures.BYTES_IN_ALL", 10_000)
    outputs = tuple({"data": {PNG: b64encode(picture).decode()}} for picture in pictures)
    books = {"svm.ipynb": notebook_of("x", notebook("1", outputs=(*outputs, {"text": 3})))}
    shown, left = bounded(books)
    assert sum(PNG in output.get("data", {})
               for output in shown["svm.ipynb"].saved[0]["outputs"]) == kept
    assert [reason in why for _, why in left] == ([True] if reason else [])


# --------------------------------------------------------------- running again


@pytest.fixture
def judged(monkeypatch) -> list[str]:
    """The students who were graded, though nothing is judged."""
    done: list[str] = []
    monkeypatch.setattr(run.sandbox, "isolates", lambda: False)
    monkeypatch.setattr(run, "graded", lambda submission, *_: done.append(submission.student)
                        or run.not_graded(ValueError()))
    return done


def test_who_is_gone_is_gone_from_the_pages_and_other_files_stay(judged, tmp_path):
    laid_out(tmp_path / "course", {"ada/svm.ipynb": NB, "ben.zip": {"svm.ipynb": NB}})
    out = tmp_path / "out"
    grade([tmp_path / "course"], out)
    (out / "students" / "notes.html").write_text("mine")
    (tmp_path / "course" / "ben.zip").unlink()
    grade([tmp_path / "course"], out)
    stems = sorted({path.stem.rpartition("-")[0] for path in (out / "students").iterdir()})
    assert stems == ["", "ada"] and judged == ["ada", "ben"]


def test_an_archive_that_has_changed_is_graded_again_and_no_other_one(judged, tmp_path):
    course = laid_out(tmp_path / "course", {"ada.zip": {"svm.ipynb": NB}, "ben.ipynb": NB})
    for data in (PLAIN, PLAIN, zipped([("svm.ipynb", NB), ("own.py", b"")])):
        (course / "ada.zip").write_bytes(data)
        grade([course], tmp_path / "out")
    assert judged == ["ada", "ben", "ada"]


def test_results_among_the_submissions_are_nobody_s(judged, tmp_path):
    course = laid_out(tmp_path, {"ada/svm.ipynb": NB})
    for out in ("out", "out", "again", "again"):
        (result,) = grade([course], course / out)
        assert result["student"] == "ada"
    (left,) = json.loads((course / "again" / "not_graded.json").read_text())
    assert left["entry"] == "out" and "results of a run" in left["why"]
    with pytest.raises(ValueError, match="--out is .*, which holds the submissions"):
        grade([course], course)


def test_what_is_not_graded_stands_in_the_table_and_in_the_files_and_the_run_is_no_failure(
        judged, tmp_path, capsys):
    laid_out(tmp_path / "course", {"smith_1_2_svm.ipynb": NB, "notes.txt": b"", "ada/svm.ipynb": NB,
                                   "ada/svm.zip": b""})
    out = tmp_path / "out"
    assert main(["run", str(tmp_path / "course"), "--out", str(out), "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert "Not graded, and why:\n  notes.txt: is no notebook" in said
    assert "  ada/svm.zip: lies beside a notebook, and is not opened." in said
    assert "Names were read from: folder (1), Canvas (1)." in said
    assert [part["entry"] for part in json.loads((out / "not_graded.json").read_text())] == [
        "notes.txt", "ada/svm.zip"]
    assert 'notes.txt,,not graded,,"is no notebook' in (out / "results.csv").read_text()
    assert "Canvas: smith_1_2_svm.ipynb; 1 notebook" in next(out.rglob("smith-*.html")).read_text()


@pytest.mark.slow
def test_one_submission_harms_no_other_and_takes_little_of_the_memory(tmp_path):
    """Seventy notebooks of 31 MB, folders without end and bombs, beside somebody's right answer."""
    course = laid_out(tmp_path / "course", {
        "good.zip": {"svm.ipynb": notebook(attacks.RIGHT)}, "deep/x.txt": b"",
        **{f"{name}.{file.partition('.')[2]}": data() for name, (file, data, _) in BENT.items()}})
    (course / "seventy").mkdir()
    for number in range(70):
        with (course / "seventy" / f"{number}.ipynb").open("wb") as file:
            file.truncate(31 * bounds.MB)
    script = ("import resource, sys\nfrom cs231n_lite.grading.__main__ import main\n"
              "print(main(sys.argv[1:]), max(resource.getrusage(who).ru_maxrss for who in "
              "(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))")
    out = tmp_path / "out"
    with deep_folder(course / "deep"):
        # A process begins with the peak of the one that starts it: a shell has a small one.
        run = subprocess.run(
            ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", script, "run", str(course),
             "--out", str(out), "--jobs", "2"],
            env=clean_environment(tmp_path, PYTHONPATH=str(ROOT)), capture_output=True, check=True)
    status, peak = map(int, run.stdout.split()[-2:])
    assert status == 0 and peak < 2**20  # kB
    verdicts = {result["student"]: {row["exercise"]: row["verdict"] for row in result["exercises"]}
                for result in json.loads((out / "results.json").read_text())}
    assert len(verdicts) == len(BENT) + 3 and verdicts.pop("good")["predict"] == "correct"
    assert not any("correct" in rows.values() for rows in verdicts.values())


def test_the_number_in_a_name_of_canvas_or_moodle_comes_with_the_submission(tmp_path):
    for name in ("smithjohn_1000_5_svm.ipynb", "smithjohn_1001_6_svm.ipynb"):
        (tmp_path / name).write_bytes(notebook("def predict(W, X): pass"))
    moodle = tmp_path / "Ben King_13_assignsubmission_file_"
    moodle.mkdir()
    (moodle / "svm.ipynb").write_bytes(notebook("def predict(W, X): pass"))
    assert {submission.id for submission in found_in([tmp_path]).submissions} == {
        "1000", "1001", "13"}
    alone, = found_in([moodle]).submissions
    assert (alone.student, alone.id) == ("Ben King", "13")


def test_of_two_notebooks_that_answer_the_same_the_other_is_named(tmp_path):
    (tmp_path / "ada").mkdir()
    for name in ("svm.ipynb", "svm (1).ipynb"):
        (tmp_path / "ada" / name).write_bytes(notebook("def predict(W, X):\n    return 1"))
    result, = grade([tmp_path / "ada"], tmp_path / "out", limits=VERDICTS_ALONE)
    why = "answers predict, as svm.ipynb does, which is judged."
    assert ["svm (1).ipynb", why] in result["left"]
