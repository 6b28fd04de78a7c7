"""Hints, solutions and progress: what the classroom remembers, and that nothing depends on it."""
import json
import os
import re
from pathlib import Path

import pytest

from cs231n_lite.exercises import hint, progress, solution
from cs231n_lite.exercises.logbook import note, report
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.verdict import verdict_of


@pytest.fixture(autouse=True)
def logbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A progress file of this test alone."""
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


@pytest.mark.parametrize("kept", [
    {"hints": -100}, {"hints": 99}, {"hints": True}, {"hints": 1.0}, {"status": "brilliant"},
    {"status": []}, {"solution_seen": "yes"}, {"solution_seen": {}}, [], "text", None,
])
def test_what_is_not_sensible_in_the_file_counts_for_nothing(logbook, kept):
    logbook.write_text(json.dumps({"softmax": kept}))
    row = next(row for row in progress().rows if row[1] == "softmax")
    assert row[2:] == ("not attempted", "0 of 3", "")
    assert hint("softmax").markdown.startswith("**Hint 1 of 3.**")


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"[" * 100_000, b"null", b"\x00"])
def test_a_file_that_is_no_text_or_no_json_does_no_harm(logbook, damage):
    logbook.write_bytes(damage)
    assert progress().summary == "0 of 16 exercises are correct."
    note("sgd", status="correct")
    assert progress().summary == "1 of 16 exercises are correct."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_in_place_of_the_file_is_neither_opened_nor_replaced(logbook):
    os.mkfifo(logbook)
    note("sgd", status="correct")
    assert progress().summary == "0 of 16 exercises are correct."
    assert logbook.is_fifo()


@pytest.mark.parametrize("nowhere", ["a folder", "a file/progress.json", "missing/progress.json"])
def test_where_nothing_can_be_kept_nothing_is_and_no_scraps_stay(tmp_path, monkeypatch, nowhere):
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a file").touch()
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / nowhere))
    note("sgd", status="correct")
    assert progress().summary == "0 of 16 exercises are correct."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file", "a folder"]


@pytest.mark.parametrize("nowhere", ["", "missing/progress.json"])
def test_progress_that_is_to_be_kept_where_it_cannot_is_told_once(tmp_path, monkeypatch, capsys,
                                                                  nowhere):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / nowhere))
    note("sgd", status="correct")
    note("sgd", status="wrong")
    told = capsys.readouterr().out
    assert told.count(f"CS231N_LITE_PROGRESS names {tmp_path / nowhere}, which cannot be") == 1


def test_progress_survives_a_restart_and_holds_all_notebooks_in_one_table(logbook):
    note("sgd", status="correct")
    note("softmax", status="wrong")
    text = repr(progress()).splitlines()
    assert text[0].split() == ["notebook", "exercise", "verdict", "hints", "solution"]
    assert len(text) == 18
    assert [line.split()[:4] for line in text if "○" not in line][1:3] == [
        ["svm", "sgd", "✓", "correct"], ["softmax", "softmax", "✗", "wrong"]]
    assert json.loads(logbook.read_text())["sgd"]["status"] == "correct"


@pytest.mark.parametrize("ask", [lambda: hint("sgd"), lambda: solution("sgd"), progress])
def test_a_script_is_shown_once_what_it_asks_for(ask, capsys):
    assert capsys.readouterr().out == "" and f"{ask()!r}\n" == capsys.readouterr().out


@pytest.mark.parametrize("id", EXERCISES)
def test_mathematics_is_written_so_that_a_notebook_can_render_it(id):
    text = EXERCISES[id].derivation
    assert text.count("$$") % 2 == 0 and text.replace("$$", "").count("$") % 2 == 0
    assert all(block.count("{") == block.count("}")
               for block in re.findall(r"\$\$.*?\$\$", text, re.DOTALL))


def test_a_grader_s_report_gets_a_line_for_each_verdict(tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_REPORT", str(tmp_path / "report.jsonl"))
    report(verdict_of("sgd", []))
    report(verdict_of("softmax", []))
    lines = (tmp_path / "report.jsonl").read_text().splitlines()
    assert [json.loads(line)["exercise"] for line in lines] == ["sgd", "softmax"]
