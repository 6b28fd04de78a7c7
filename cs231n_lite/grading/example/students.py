"""A made-up class with the usual mistakes, to see what grading shows before there are students.

Everything is drawn from one seed: names, who solves what, and which mistake is made; answers are
the package's own, spoilt as `mistakes` says.
"""
import json
from pathlib import Path

import numpy as np
from numpy.random import Generator

from cs231n_lite.exercises.registry import ASKING, EXERCISES, Exercise
from cs231n_lite.grading.example.mistakes import MISTAKES, RIGHT_AT, Mistake
from cs231n_lite.grading.reporting.report import write

SEED, STUDENTS = 231, 200
IDLE = 0.25  # of the exercises, at most, are left as they are
TORN = 150  # of so many notebooks one is cut off
GIVEN = """
Ada Amara Anna Ayşe Björn Chiara Daniel Elif Emeka Fatima Georgios Hana Ines Ivan Jonas José Júlia
Kofi Lena Léa Mai Marek Mehmet Ngozi Noah Nour Oleh Olga Priya Rafael Ravi Sakura Sofia Søren Tomás
Valentina Yusuf Zoë 伟 静 美咲 지우"""
FAMILY = """
Abe Adeyemi Andersson Bauer Bianchi Costa Demir Dubois Fernández García Haddad Ivanova Jensen Kaya
Kim Kowalski Kumar Lopes López Mensah Müller Nguyễn Novák Okafor Öztürk Papadopoulos Petrenko Rossi
Sato Silva Singh Smith Tanaka Weiß Yılmaz Čapek 王 李 김"""
NAMES = [f"{given} {family}" for given in GIVEN.split() for family in FAMILY.split()]
POINTS = """exercise,points,loss,gradient
ship_score,1
bias_trick,1
sample_svm_loss,1
binary_C,1
kl_divergence,1
svm_loss_naive,3,0,2
break_svm_loss,1
svm_loss_vectorized,4,1,2
sgd,3
predict,1
search,3
softmax,2
cross_entropy,4,1,2
softmax_loss_naive,3,1,1
softmax_loss_vectorized,4,1,2
break_softmax_loss,1
"""


def write_class(folder: Path, students: int = STUDENTS, seed: int = SEED) -> None:
    """Write submissions/, a folder for each student, and points.csv; the same for the same seed.

    Raises ValueError where there is something already, or there are not so many names.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is not empty; "
                         "name a folder that does not exist yet, since nothing is overwritten.")
    if not 1 <= students <= len(NAMES):
        raise ValueError(f"students is {students}; "
                         f"expected 1 to {len(NAMES):,}, for whom there are names.")
    rng = np.random.default_rng(seed)
    for name in rng.permutation(NAMES)[:students].tolist():
        home, skill = folder / "submissions" / name, rng.beta(3, 1.5)
        home.mkdir(parents=True)
        for notebook in ASKING:
            asked = [each for each in EXERCISES.values() if each.notebook == notebook]
            text = notebook_of([answer(exercise, skill, rng) for exercise in asked])
            whole = len(text) if rng.integers(TORN) else len(text) // 2
            write(home / f"{notebook}.ipynb", text[:whole])
    write(folder / "points.csv", POINTS)


def answer(exercise: Exercise, skill: float, rng: Generator) -> str:
    """A cell: an answer of a student of that skill, from 0 to 1; right, wrong, or not begun."""
    if rng.random() < IDLE * (1 - skill):
        return (f"{exercise.id} = ..." if exercise.is_number else
                f"def {exercise.id}(*arguments):\n    raise NotImplementedError\n")
    known = MISTAKES[exercise.id]
    weights = np.array([2 * skill * RIGHT_AT, *(weight for weight, _ in known)])
    choice = int(rng.choice(len(weights), p=weights / weights.sum()))
    return spoilt(exercise.source, known[choice - 1]) if choice else exercise.source


def spoilt(source: str, mistake: Mistake) -> str:
    """A right answer's text with a mistake in it."""
    for old, new in mistake[1]:
        if old not in source:
            raise ValueError(f"the answer holds no {old!r}; expected what mistakes.py spoils.")
        source = source.replace(old, new)
    return source


def notebook_of(cells: list[str]) -> str:
    """The text of a notebook of these cells, never run, after the import that all of them need."""
    code: list[dict] = [{"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "outputs": [],
                         "execution_count": None, "source": source.rstrip()}
                        for number, source in enumerate(["import numpy as np", *cells])]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
