"""The benchmark runs and says what it did; its page and the README show what was measured."""
import json
import math
import os
import re
from importlib import import_module
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from numpy.testing import assert_allclose

from benchmarks import __main__ as bench
from benchmarks import accuracy, cifar10, growth, iteration, measure, peers, reading, report
from benchmarks.curves import TIME
from benchmarks.report import Figure
from benchmarks.traffic import IMAGES, IN_A_FILE, IN_MEMORY, MOVED

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what the commands write."""
    for module in (report, bench, accuracy):
        monkeypatch.setattr(module, "BUILD", tmp_path)
    return tmp_path


# --------------------------------------------------------------- the commands


@pytest.mark.parametrize("names", [
    # The fast tier runs these two below, where one of them fails.
    pytest.param(["losses", "imports"], marks=pytest.mark.slow),
    pytest.param(["iteration", "out_of_core", "search", "busy", "grading"], marks=pytest.mark.slow),
    # Minutes of training, of other people's as well.
    pytest.param(["growth", "notebooks"], marks=pytest.mark.everything),
])
def test_a_quick_run_writes_finite_numbers_and_a_picture(names, build, capfd):
    assert bench.main([*names, "--quick"]) == 0
    result = json.loads((build / "bench.json").read_text(encoding="utf-8"))
    figures = [Figure(**row) for row in result["figures"]]
    assert figures and all(figure.measured or "not installed" in figure.note for figure in figures)
    numbers = [number for figure in figures for number in figure.measured]
    numbers += [y for curve in result["growth"] for y in curve["y"]]
    assert all(math.isfinite(number) for number in numbers)
    there = {(curve["quantity"], curve["axis"], curve["name"]) for curve in result["growth"]}
    assert there >= growth.BOUNDS.keys() if "growth" in names else not there
    assert (build / "bench.png").read_bytes().startswith(b"\x89PNG")
    assert all(figure.what in capfd.readouterr().out for figure in figures[:1])


@pytest.mark.parametrize("names", [
    pytest.param(["load_cifar10", "to_accuracy"], marks=pytest.mark.slow),
    pytest.param(["peers"], marks=pytest.mark.everything),
])
def test_what_needs_cifar10_is_measured_on_it(names, build, cifar10, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_DATA", str(cifar10))
    assert bench.main([*names, "--quick"]) == 0
    result = json.loads((build / "bench.json").read_text(encoding="utf-8"))
    assert all(row["measured"] or "not installed" in row["note"] for row in result["figures"])
    assert (build / "peers.png").is_file() == ("peers" in names)


@pytest.mark.parametrize("name", ["load_cifar10", "to_accuracy", "peers", "notebooks"])
def test_without_cifar10_one_sentence_says_what_to_fetch(name, tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_DATA", str(tmp_path))
    module = import_module(f"benchmarks.{name}")
    figure, = module.figures(module.series(False) if name == "peers" else False)
    assert (figure.measured, figure.note) == ([], cifar10.MISSING)


def test_a_peer_that_is_not_installed_is_left_out_with_a_word(monkeypatch):
    monkeypatch.setitem(peers.PEERS, "cyanure", peers.PEERS["cyanure"]._replace(kind="absent.Kind"))
    figure, = peers.figures([{}, peers.curve("cyanure", [2], 100)])
    assert (figure.measured, figure.note) == ([], "not installed: No module named 'absent'")


def test_a_peer_is_timed_to_where_it_is_as_good_as_ours_or_has_41_per_cent():
    mine = {"seconds": [2.0], "accuracy": [41.2], "objective": [1.7]}
    theirs = {"name": "cyanure", "steps": [2, 3, 4], "seconds": [4.0, 6.0, 9.0], "ours": [mine] * 2,
              "accuracy": [40.9, 41.1, 41.5], "objective": [1.8, 1.75, 1.6]}
    figure, = peers.figures([{}, theirs])
    assert figure.measured == [3, 3]
    assert figure.note == ("2 s to 41.2 per cent beside 6 s to 41.1, at loss='multiclass-logistic',"
                           " lambda_1=0.02, n_threads=1, max_iter=3; objective 1.700 beside 1.750")


def test_a_figure_that_fails_is_named_and_the_others_are_measured(build, monkeypatch, capfd):
    monkeypatch.setattr(measure, "CHILD",
                        f"import sys; 'losses' in sys.argv[1] and sys.exit(3); {measure.CHILD}")
    assert bench.main(["losses", "imports", "--quick"]) == 1
    assert "failed (see above): losses" in capfd.readouterr().err
    assert len(json.loads((build / "bench.json").read_text(encoding="utf-8"))["figures"]) == 1


def test_a_name_that_does_not_exist_is_refused(capsys):
    with pytest.raises(SystemExit):
        bench.main(["loses"])
    assert "there is no loses; the names are losses, iteration" in capsys.readouterr().err


@pytest.mark.slow
def test_accuracies_of_one_configuration_are_written(build, capsys):
    accuracy.main(["--quick", "--seeds", "2"])
    found = report.read(build / "results.json")
    numbers, = found["datasets"]["cartoon"].values()
    assert [len(column) for column in numbers.values()] == [2, 2, 2]
    assert 30 < min(numbers["test"]) <= max(numbers["test"]) < 80
    assert accuracy.on_page(found) in capsys.readouterr().out


# --------------------------------------------------------------- measuring


def test_two_ways_take_turns_and_the_first_is_not_always_first():
    calls = []
    pairs = measure.paired(lambda: calls.append("A") or 1, lambda: calls.append("B") or 2, 3)
    assert "".join(calls) == "ABBAAB"
    assert pairs == [(1, 2)] * 3 and measure.ratios(pairs) == [0.5] * 3


def test_a_fresh_process_has_this_checkouts_package_and_the_threads_that_were_asked_for():
    assert measure.fresh_process(os.getenv, "OPENBLAS_NUM_THREADS", threads=3) == "3"
    assert measure.fresh_process(os.getenv, "PYTHONPATH").split(os.pathsep)[0] == str(ROOT)


@pytest.mark.parametrize("ours, course", iteration.COURSE.items())
def test_the_courses_solution_that_we_are_measured_beside_is_right(ours, course):
    rng = np.random.default_rng(0)
    W, X, y = rng.normal(size=(5, 3)), rng.normal(size=(8, 5)), rng.integers(3, size=8)
    loss, dW = course(W, X, y, 0.1)
    assert_allclose(loss, ours(W, X, y, 0.1)[0])
    assert_allclose(dW, ours(W, X, y, 0.1)[1])


# --------------------------------------------------------------- growth


def test_a_slope_is_the_exponent_over_the_upper_half_of_the_range():
    curve = {"x": [1, 10, 100, 1000, 10_000], "y": [5.0, 5.0, 10.0, 10 * 10**1.5, 10_000.0]}
    assert growth.upper(curve) == ([100, 1000, 10_000], curve["y"][2:])
    assert growth.slope(curve) == pytest.approx(1.5)
    assert growth.slope({"x": [1, 2], "y": [8.0, 2.0]}) == pytest.approx(-2)


@pytest.mark.parametrize("y, word", [([3, 9], "yes"), ([3, 90], "no")])
def test_a_bound_on_a_slope_is_kept_or_not(y, word):
    curve, = growth.gathered((TIME, "students", "grading", *pair) for pair in zip([10, 30], y))
    table = growth.table([curve, curve | {"name": "something to compare with"}])
    slope = growth.slope(curve)
    assert table.splitlines()[2:] == [f"| time: grading | students to grade, 10 to 30 | "
                                      f"**{slope:.2f}** | at most 1.1 | {word} "
                                      "| each is graded alone |"]


def test_what_a_thousand_workers_move_is_worked_out_from_what_few_do():
    def moved(axis, name, x, y):
        return {"quantity": MOVED, "axis": axis, "name": name, "x": x, "y": y}

    found = [moved("workers", IMAGES, [2, 4], [10.0, 10.0]),
             moved("workers", IN_MEMORY, [2, 4], [30.0, 45.0]),
             moved("workers", IN_A_FILE, [2, 4], [0.6, 1.0]),
             moved("points", IN_A_FILE, [10, 20], [1.0, 1.1])]
    told = growth.on_paper(found)
    assert "200 kB for each worker" in told and " 10 kB for each point" in told
    assert "at most 1.00 times" in told and "move 0.21 GB" in told and "and 154 GB" in told


def test_every_bound_is_on_a_curve_that_was_measured():
    found = report.read(ROOT / "benchmarks" / "bench.json")["growth"]
    there = {(curve["quantity"], curve["axis"], curve["name"]) for curve in found}
    assert there >= growth.BOUNDS.keys()


# --------------------------------------------------------------- tables


@pytest.mark.parametrize("measured, at_least, word", [
    ([1.0, 1.1, 1.5], False, "yes"), ([1.0, 1.3, 1.2], False, "no"),
    ([1.0, 1.1, 1.5], True, "no"), ([1.0, 1.3, 1.2], True, "yes"), ([], True, ""),
])
def test_the_median_decides_whether_a_bound_is_kept(measured, at_least, word):
    assert Figure("what", "beside", measured, 1.15, at_least=at_least).row()[4] == word


def test_what_is_stored_is_what_is_read(tmp_path):
    result = {"figures": [Figure("what", "beside", [0.12345678, 2.0], 1.5)._asdict()], "growth": []}
    report.store(result, tmp_path / "result.json")
    assert report.read(tmp_path / "result.json")["figures"][0]["measured"] == [0.123457, 2.0]
    with pytest.raises(FileNotFoundError, match="measure first"):
        report.read(tmp_path / "another.json")


def test_a_text_replaces_its_section_and_nothing_else(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("above\n<!-- make x: y -->\nold\n<!-- end of make x -->\nbelow\n",
                    encoding="utf-8")
    for text in ("new", "newer"):
        report.publish("make x", text, page)
    assert page.read_text(encoding="utf-8") == \
        "above\n<!-- make x: y -->\n\nnewer\n\n<!-- end of make x -->\nbelow\n"
    with pytest.raises(ValueError, match="no section from <!-- make z"):
        report.publish("make z", "new", page)


# --------------------------------------------------------------- the pages


@pytest.mark.parametrize("path, name, file, text", [
    ("benchmarks/README.md", "make bench", "bench.json", bench.on_page),
    ("benchmarks/README.md", "make results", "results.json", accuracy.on_page),
    ("README.md", "make results", "results.json", accuracy.on_front_page),
])
def test_a_page_shows_what_the_committed_measurements_say(path, name, file, text):
    page = (ROOT / path).read_text(encoding="utf-8")
    start, end = report.section(page, name)
    assert page[start:end].strip() == text(report.read(ROOT / "benchmarks" / file))


def test_what_was_not_measured_on_cifar10_is_said_in_the_small_table():
    found = report.read(ROOT / "benchmarks" / "results.json")
    del found["datasets"]["CIFAR-10"]
    row = accuracy.on_front_page(found).splitlines()[-1].split(" | ")
    assert row[1:3] == ["not measured"] * 2 and "not measured" not in row[3:]


def test_the_commands_write_the_pages_from_the_stored_numbers(tmp_path, monkeypatch):
    pages = tmp_path / "PAGE.md", tmp_path / "FRONT.md"
    names = ("make bench", "make results"), ("make results",)
    for page, marks in zip(pages, names):
        page.write_text("".join(f"<!-- {name}: x -->\n<!-- end of {name} -->\n" for name in marks))
    for module in (bench, accuracy):
        monkeypatch.setattr(module, "PAGE", pages[0])
        monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(accuracy, "FRONT_PAGE", pages[1])
    for draw in ("draw", "draw_peers"):
        monkeypatch.setattr(f"benchmarks.picture.{draw}", lambda *result: None)
    for main, name in ((bench.main, "bench.json"), (accuracy.main, "results.json")):
        stored = ROOT / "benchmarks" / name
        main(["--readme", str(stored)])
        assert (tmp_path / name).read_bytes() == stored.read_bytes()
    whole, front = (page.read_text(encoding="utf-8") for page in pages)
    assert "| one SGD iteration" in whole and "| SVM, further |" in whole and "| further |" in front


def test_every_kind_of_figure_has_a_file_and_every_file_is_measured():
    tools = {"__init__", "__main__", "measure", "report", "picture", "growth", "cifar10"}
    tools |= {"curves", "traffic"}  # of growth
    alone = {"accuracy", "choose_recipe", "explorer_frames", "reading"}
    there = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    assert there == {*bench.NAMES} | tools | alone


def test_every_setting_in_the_two_assignments_is_trained_over_all_seeds():
    known = {accuracy.FURTHER[kind][1:] for kind in accuracy.KINDS.values()} | {(1e-7, 2.5e4)}
    known |= {(train.keywords.get("learning_rate"), train.keywords.get("reg"))
              for train, _ in accuracy.CONFIGURATIONS.values()}
    for name in ("svm.ipynb", "softmax.ipynb"):
        text = (ROOT / "notebooks" / name).read_text(encoding="utf-8")
        used = re.findall(r"learning_rate=([\de.-]+), reg=([\de.-]+)", text)
        assert used and {(float(rate), float(reg)) for rate, reg in used} <= known


def test_the_committed_accuracies_are_those_that_were_to_be_reached():
    found = report.read(ROOT / "benchmarks" / "results.json")["datasets"]["CIFAR-10"]
    assert measure.median(found["SVM, further"]["test"]) >= 40.5
    assert measure.median(found["softmax, further"]["test"]) >= 41.8


# ---------------------------------------------------------- the time to read


@pytest.mark.slow
def test_the_time_to_read_and_to_run_is_told_for_the_spine_and_for_the_whole(
        tmp_path, monkeypatch, capsys):
    cells = [new_markdown_cell("one two " * 150), new_code_cell("import time; time.sleep(0.5)"),
             new_code_cell("import time; time.sleep(1)", metadata={"tags": ["excursion"]})]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "one.ipynb")
    monkeypatch.setattr(reading, "ROOT", tmp_path)
    reading.main()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [row[:-1] for row in rows] == [["one.ipynb,", "spine", "300", "1", "1.8"],
                                          ["one.ipynb,", "whole", "300", "2", "2.2"]]
    spine, whole = (float(row[-1]) for row in rows)
    assert spine >= 0.5 and whole >= spine + 1
