"""The made-up class: the same for the same seed, with mistakes that the grader knows by name."""
import json
from pathlib import Path

import numpy as np
import pytest

from cs231n_lite.exercises.checking import judge_here
from cs231n_lite.exercises.points import points_in
from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.example.mistakes import MISTAKES
from cs231n_lite.grading.example.students import NAMES, spoilt, write_class

VAGUE = ("data", "special", "not finite")


def texts(folder: Path) -> dict[str, str]:
    """All files below a folder by their paths there."""
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8")
            for path in folder.rglob("*") if path.is_file()}


def test_a_class_is_the_same_for_the_same_seed_and_every_exercise_of_it_has_points(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_class(tmp_path / name, 3, seed)
    a, b, c = (texts(tmp_path / name) for name in "abc")
    assert a == b != c and len(a) == 3 * 3 + 1
    assert points_in(tmp_path / "a" / "points.csv").keys() == EXERCISES.keys()


def test_nothing_is_overwritten_and_there_are_only_as_many_students_as_names(tmp_path, capsys):
    assert len(set(NAMES)) == len(NAMES) >= 1000
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert main(["example", str(tmp_path / "full")]) == 2
    assert main(["example", str(tmp_path / "new"), "--students", "0"]) == 2
    assert "is not empty" in (said := capsys.readouterr().err) and "students is 0" in said
    assert not (tmp_path / "new").exists()


def test_every_exercise_has_mistakes_and_each_changes_its_answer():
    assert MISTAKES.keys() == EXERCISES.keys()
    for id, mistakes in MISTAKES.items():
        sources = {spoilt(EXERCISES[id].source, mistake) for mistake in mistakes}
        assert len(sources - {EXERCISES[id].source}) == len(mistakes) > 1


@pytest.mark.slow
@pytest.mark.parametrize("id", EXERCISES)
def test_every_mistake_is_wrong_and_has_a_name_of_its_own(id):
    for mistake in MISTAKES[id]:
        names: dict = {"np": np}
        exec(spoilt(EXERCISES[id].source, mistake), names)
        verdict = judge_here(names[id], EXERCISES[id])
        assert verdict.status == "wrong"
        assert not [fault for fault in verdict.faults if fault.rpartition(": ")[2] in VAGUE]


@pytest.mark.slow
def test_the_command_makes_a_class_up_and_grades_it_with_points(tmp_path, capsys):
    assert main(["example", str(tmp_path / "class"), "--students", "4", "--jobs", "1"]) == 0
    assert "4 made-up students" in capsys.readouterr().out
    results = json.loads((tmp_path / "class" / "results" / "results.json").read_text())
    assert len(results) == 4 and all(0 <= result["points"] <= result["of"] == 34
                                     for result in results)
    verdicts = {row["verdict"] for result in results for row in result["exercises"]}
    assert {"correct", "wrong", "not attempted"} <= verdicts
