"""The handout holds the assignment without its answers, and works for a student."""
import ast
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from answers.right import RIGHT
from notebook_runs import clean_environment, code_cells, execute, tagged

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading import handed
from cs231n_lite.grading import handout as handout_module
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.handed import answers_in, sources
from cs231n_lite.grading.handout import hand_out

MODULES = sorted({exercise.module for exercise in EXERCISES.values()} | handed.SPOILERS.keys())


@pytest.fixture(scope="module")
def handout(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("handout") / "for students"
    hand_out(folder)
    return folder


def student(handout: Path, scratch: Path, code: str, *arguments: str) -> str:
    """What a script of a student's prints in the handout."""
    environment = clean_environment(scratch, PYTHONPATH=str(handout), PYTHONIOENCODING="utf-8")
    done = subprocess.run([sys.executable, "-c", dedent(code), *arguments], cwd=handout,
                          env=environment, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_has_what_a_student_needs_and_nothing_for_teachers(handout):
    names = {path.relative_to(handout).as_posix() for path in handout.rglob("*") if path.is_file()}
    assert {"README.md", "LICENSE", "Makefile", "requirements.txt", "get_datasets.sh",
            "datasets/README.md", "notebooks/svm.ipynb", "notebooks/softmax.ipynb",
            "cs231n_lite/losses.py", "conftest.py"} <= names
    assert not [name for name in names if name.startswith(("tests", "cs231n_lite/grading"))
                or "solve" in name or "__pycache__" in name or ".progress" in name]
    assert len([name for name in names if name.endswith(".ipynb")]) == 3
    assert os.access(handout / "get_datasets.sh", os.X_OK)
    texts = (handout / "README.md").read_text() + (handout / "Makefile").read_text()
    assert not [word for word in ("teacher", "make test", "make bench", "make results", "<!--",
                                  "benchmarks", "test-all", "tests", "solution(") if word in texts]


def test_its_commands_are_those_that_a_student_needs_and_its_readme_names_no_others(handout):
    makefile = (handout / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert commands == {"help", "lab", "grade", "data", "page", "clean"}
    assert commands == set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    readme = (handout / "README.md").read_text()
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"lab", "grade"} <= named <= commands


@pytest.mark.parametrize("module", MODULES)
def test_no_answer_is_in_it(handout, module):
    path = handout.joinpath("cs231n_lite", *module.split(".")).with_suffix(".py")
    here = ast.parse(path.read_text(encoding="utf-8")).body
    functions = {node.name: node.body for node in here if isinstance(node, ast.FunctionDef)}
    numbers = {ast.unparse(node.targets[0]): ast.unparse(node.value)
               for node in here if isinstance(node, ast.Assign)}
    for name in answers_in(module):
        said, raised = functions.get(name, (None, None))
        assert isinstance(raised, ast.Raise) if said else numbers[name] == "None"


def test_every_exercise_is_taken_out():
    taken = {name for module in MODULES for name in answers_in(module)}
    assert EXERCISES.keys() <= taken
    assert {"hinge", "regularized", "trained", "in_blocks", "momentum_sgd"} <= taken


def test_copies_that_lie_beside_a_module_are_not_handed_out(monkeypatch, tmp_path):
    package = tmp_path / "cs231n_lite"
    shutil.copytree(handed.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    copies = (".ipynb_checkpoints/losses-checkpoint.py", "optim.py.orig", "losses.py~",
              "classifiers_old.py", "exercises/questions (1).py", "explorer/front/losses.py")
    for name in copies:
        (package / name).parent.mkdir(exist_ok=True)
        shutil.copy(package / "losses.py", package / name)
    monkeypatch.setattr(handed, "PACKAGE", package)
    monkeypatch.setattr(handout_module, "PACKAGE", package)
    hand_out(tmp_path / "handout")
    there = {path.relative_to(tmp_path / "handout" / "cs231n_lite").as_posix()
             for path in (tmp_path / "handout" / "cs231n_lite").rglob("*")}
    assert "losses.py" in there and not there & set(copies)
    assert "cs231n_lite.losses" in sources() and "cs231n_lite.classifiers_old" not in sources()


def test_all_that_the_repository_holds_is_handed_out_but_what_is_for_teachers():
    named = {Path(folder, name).as_posix() for folder, names in handed.FILES.items()
             for name in names.split()}
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=handed.PACKAGE, check=False,
                             capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("what the repository holds is known in a checkout alone")
    held = {name for name in listing.stdout.split("\0") if name}
    left = {name for name in held - named if not name.startswith("grading/")}
    assert left == {"exercises/solve.py", "engine/README.md"}
    assert named <= held


@pytest.mark.parametrize("call", [
    "losses.one_vs_all_hinge(losses.margins(X @ W, y), y, 0.0)", "losses.squared_hinge(X @ W, y)",
    "losses.structured_hinge(X @ W, y)", "losses.one_vs_all_loss(W, X, y, 0.0)",
    "losses.structured_loss(W, X, y, 0.0)", "losses.squared_hinge_loss(W, X, y, 0.0)",
    "explorer.arithmetic.evaluate(explorer.state.preset_state('course'))",
])
def test_no_relative_of_an_answer_answers_in_its_place(handout, tmp_path, call):
    said = student(handout, tmp_path, f"""
        import numpy as np
        from cs231n_lite import explorer, losses
        import cs231n_lite.explorer.arithmetic, cs231n_lite.explorer.state
        X, W, y = np.ones((3, 4)), np.ones((4, 2)), np.array([0, 1, 0])
        try:
            print({call})
        except (NotImplementedError, ValueError) as error:
            print("refused:", error)
    """)
    assert said.startswith("refused: ") and "not available here" in said


TRY_ALL = """
    import importlib, inspect, sys
    from pathlib import Path
    from cs231n_lite.exercises.checking import judge
    from cs231n_lite.exercises.registry import EXERCISES
    names = [path.stem for path in Path(sys.argv[1]).glob("*.py")]
    modules = [importlib.import_module(f"cs231n_lite.engine.{name}") for name in names]
    def is_ours(value):
        return str(getattr(value, "__module__", "")).startswith("cs231n_lite")
    found = {f"{module.__name__}.{name}": value
             for module in modules for name, value in vars(module).items()}
    classes = {name: value for name, value in found.items() if inspect.isclass(value)}
    found |= {f"{owner}.{name}": value for owner, class_ in classes.items() if is_ours(class_)
              for name, value in inspect.getmembers(class_)}
    found = {name: value for name, value in found.items() if callable(value) and is_ours(value)}
    passed = [(name, id) for name, value in found.items() for id, exercise in EXERCISES.items()
              if not exercise.is_number and judge(value, exercise).status == "correct"]
    print(len(found), passed)
"""


@pytest.mark.slow
def test_nothing_of_the_engine_that_is_handed_out_passes_a_check(handout, tmp_path):
    tried, passed = student(handout, tmp_path, TRY_ALL, "cs231n_lite/engine").split(maxsplit=1)
    assert int(tried) > 50 and passed.strip() == "[]"


@pytest.mark.slow
def test_here_where_the_engine_is_whole_the_same_trial_finds_the_answers(tmp_path):
    engine = handed.PACKAGE / "engine"
    assert "svm_loss_vectorized" in student(engine.parents[1], tmp_path, TRY_ALL, str(engine))


def test_of_the_engine_a_student_s_process_sees_no_more_than_the_handout_holds(handout):
    seen = {name: text for name, text in sources().items() if ".engine." in name}
    assert seen.pop("cs231n_lite.engine.__init__") == ""
    assert seen.pop("cs231n_lite.engine.estimator") == handed.NO_ESTIMATOR
    handed_out = (handout / "cs231n_lite/engine/losses.py").read_text()
    assert seen == {"cs231n_lite.engine.losses": handed_out}


def test_nor_are_derivations_referee_or_judges_in_the_student_s_process_when_it_is_graded():
    assert not [name for name in sources()
                if any(word in name for word in ("referee", "judge", "texts", "slips"))]
    judged, explained = sources(), sources(explaining=True)  # there are no answers either
    assert judged.keys() < explained.keys()
    assert [name for name in judged if judged[name] != explained[name]] == [
        "cs231n_lite.exercises.suspects"]
    assert set(sources()) >= {"cs231n_lite.losses", "cs231n_lite.gradcheck",
                              "cs231n_lite.exercises.__init__"}


@pytest.mark.parametrize("functions, why", [
    ("losses.svm_loss_vectorized, losses.softmax, optim.sgd, classifiers.predict, tune.search",
     "it is an exercise."),
    ("losses.svm_loss_half_vectorized, optim.momentum_sgd, losses.structured_hinge, losses.hinge",
     "it would give an answer away. Leave this cell out."),
], ids=["an exercise", "its relatives"])
def test_what_is_missing_says_so_and_why_in_a_sentence(handout, tmp_path, functions, why):
    said = student(handout, tmp_path, f"""
        from cs231n_lite import classifiers, losses, optim, tune
        for function in ({functions}):
            try:
                function(*[None] * function.__code__.co_argcount)
            except NotImplementedError as error:
                print(error)
    """)
    assert said.count(f" is not available here: {why}") == len(functions.split(", "))


def test_check_hint_progress_solution_and_use_work(handout, tmp_path):
    said = student(handout, tmp_path, """
        import numpy as np
        from cs231n_lite.exercises import check, hint, progress, solution, use
        from cs231n_lite.exercises.suspects import suspicious_svm_loss
        def break_svm_loss():
            problem = np.eye(2), np.eye(2), np.arange(2), 5.0
            return problem if suspicious_svm_loss(*problem)[0] == 10 else None
        check(break_svm_loss)
        def predict(W, X):
            return (X @ W).argmax(axis=1)
        def softmax(scores):
            return scores
        def sgd(*args):
            raise NotImplementedError
        for answer in (predict, softmax, sgd):
            check(answer)
            use(answer)
        check(57.5, exercise="ship_score"), hint("sgd"), solution("softmax"), progress()
    """)
    for line in ("✓ predict: correct.", "predict: yours", "✗ softmax: wrong.",
                 "○ sgd: not attempted.", "softmax: not available here, since yours is wrong",
                 "✗ ship_score: wrong.", "**Hint 1 of",
                 "The solution of `softmax` is not available here",
                 "✓ break_svm_loss: correct. Exposed, by the gradient alone",
                 "2 of 16 exercises are correct."):
        assert line in said, said


def test_the_command_tells_a_teacher_what_a_student_can_read(tmp_path, capsys):
    assert main(["handout", str(tmp_path / "new")]) == 0
    said = capsys.readouterr().out
    assert "The check's own reference is in there" in said
    assert all((tmp_path / "new/cs231n_lite/exercises" / name).exists() and name in said
               for name in ("diagnosis/slips.py", "judges/referee.py"))


def test_a_folder_that_holds_something_is_left_alone(handout):
    before = sorted(handout.rglob("*"))
    with pytest.raises(ValueError, match="is not empty"):
        hand_out(handout)
    assert sorted(handout.rglob("*")) == before


def test_its_notebooks_hold_no_model_answers_and_all_the_questions(handout):
    questions = 0
    for path in handout.glob("notebooks/*.ipynb"):
        whole, text = (handout_module.ROOT / "notebooks" / path.name).read_text(), path.read_text()
        answers = whole.count("<summary>A model answer</summary>")
        assert "model answer" not in text.lower()
        assert text.count("*Your answer:*") == whole.count("*Your answer:*")
        left = whole.count("<details>") - answers
        assert text.count("<details>") == text.count("</details>") == left
        questions += answers
    assert questions == 5


def test_its_notebooks_hold_no_outputs(handout):
    for path in handout.glob("notebooks/*.ipynb"):
        assert not any(cell.outputs or cell.execution_count
                       for cell in code_cells(nbformat.read(path, as_version=4)))
        json.loads(path.read_text())


def solved(path: Path) -> nbformat.NotebookNode:
    """A notebook of the handout with a student's answers; its kernel goes on after an error."""
    book = nbformat.read(path, as_version=4)
    for cell in code_cells(book):
        cell.metadata.setdefault("tags", []).append("raises-exception")
        for id in tagged(cell, "exercise"):
            answers = RIGHT[id].values()
            answer = next(a for a in answers if inspect.isfunction(a)
                          and inspect.getclosurevars(a).globals.keys() <= {"np"})
            source = dedent(inspect.getsource(answer))
            source = source[source.index("def "):]
            cell.source = source.replace(f"def {answer.__name__}", f"def {id}", 1)
    return book


def errors(book: nbformat.NotebookNode) -> dict[str, str]:
    """The error of each cell that has one."""
    return {cell.id: f"{output.ename}: {output.evalue}" for cell in code_cells(book)
            for output in cell.outputs if output.output_type == "error"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["svm", "softmax"])
def test_with_a_student_s_answers_a_cell_that_still_needs_the_package_s_says_so(
        handout, tmp_path, name):
    book = solved(handout / "notebooks" / f"{name}.ipynb")
    environment = clean_environment(tmp_path, PYTHONPATH=str(handout), CS231N_LITE_DATA="cartoon",
                                    OMP_NUM_THREADS="1")
    execute(book, handout / "notebooks", environment)
    found = errors(book)
    first = next(iter(found.values()))  # from which the others follow
    assert "is not available here" in first, found
    assert not any(id.endswith("check") for id in found), found
    assert len(found) < len(code_cells(book)) / 3, found
