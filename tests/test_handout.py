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
from nbformat.v4 import new_code_cell, new_notebook, new_output
from notebook_runs import (
    WIDGET_VIEW,
    clean_environment,
    code_cells,
    execute,
    normalize,
    tagged,
)

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading import __main__ as command_line
from cs231n_lite.grading.handout import folder as handout_module
from cs231n_lite.grading.handout import handed
from cs231n_lite.grading.handout.folder import hand_out
from cs231n_lite.grading.handout.handed import answers_in, sources
from cs231n_lite.grading.handout.recording import run

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
    assert "grading" not in (handout / "cs231n_lite/__init__.py").read_text()
    texts = (handout / "README.md").read_text() + (handout / "Makefile").read_text()
    assert not [word for word in ("teacher", "make test", "make bench", "make results", "<!--",
                                  "benchmarks", "test-all", "tests", "solution(") if word in texts]


def test_its_commands_are_those_that_a_student_needs_and_its_readme_names_no_others(handout):
    makefile = (handout / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"^([a-z-]+):.* ## ", makefile, re.MULTILINE))
    assert commands == {"help", "lab", "grade", "data", "page", "html", "portable", "clean"}
    assert commands == set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    readme = (handout / "README.md").read_text()
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"lab", "grade"} <= named <= commands


@pytest.mark.parametrize("module", MODULES)
def test_no_answer_is_in_it(handout, module):
    path = handout.joinpath("cs231n_lite", *module.split(".")).with_suffix(".py")
    here = ast.parse(path.read_text(encoding="utf-8")).body
    functions = {node.name: node for node in here if isinstance(node, ast.FunctionDef)}
    numbers = {ast.unparse(node.targets[0]): ast.unparse(node.value)
               for node in here if isinstance(node, ast.Assign)}
    for name in answers_in(module):
        if name in functions:
            assert len(functions[name].body) == 1 and ast.get_docstring(functions[name])
            assert [ast.unparse(mark.func) for mark in functions[name].decorator_list] == ["absent"]
        else:
            assert numbers[name] in ("None", "()")


def test_every_exercise_is_taken_out():
    taken = {name for module in MODULES for name in answers_in(module)}
    assert EXERCISES.keys() <= taken
    assert {"hinge", "regularized", "in_blocks"} <= taken


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
    assert left == {"exercises/solve.py", "engine/README.md",
                    *(f"engine/{name}.py" for name in ("grid", "mapped", "matrix", "search"))}
    assert named <= held


@pytest.mark.parametrize("call", [
    "losses.one_vs_all_hinge(losses.margins(X @ W, y), y, 0.0)", "losses.squared_hinge(X @ W, y)",
    "losses.structured_hinge(X @ W, y)", "losses.one_vs_all_loss(W, X, y, 0.0)",
    "losses.structured_loss(W, X, y, 0.0)", "losses.squared_hinge_loss(W, X, y, 0.0)",
    "explorer.arithmetic.evaluate(explorer.presets.preset_state('course'))",
])
def test_no_relative_of_an_answer_answers_in_its_place(handout, tmp_path, call):
    said = student(handout, tmp_path, f"""
        import numpy as np
        from cs231n_lite import explorer, losses
        import cs231n_lite.explorer.arithmetic, cs231n_lite.explorer.presets
        X, W, y = np.ones((3, 4)), np.ones((4, 2)), np.array([0, 1, 0])
        try:
            print({call})
        except (NotImplementedError, ValueError) as error:
            print("refused:", error)
    """)
    assert said.startswith("refused: ") and "not available here" in said


TRY_ALL = """
    import importlib, inspect, pkgutil, warnings
    import cs231n_lite
    from cs231n_lite.exercises.checking import judge
    from cs231n_lite.exercises.registry import EXERCISES
    warnings.simplefilter("ignore")
    names = [module.name for module in pkgutil.walk_packages(cs231n_lite.__path__, "cs231n_lite.")]
    modules = [importlib.import_module(name) for name in names
               if not {"__main__", "grade", "grading"} & {*name.split(".")}]  # which run notebooks
    def is_ours(value):
        return str(getattr(value, "__module__", "")).startswith("cs231n_lite")
    found = {f"{module.__name__}.{name}": value
             for module in modules for name, value in vars(module).items()}
    classes = {name: value for name, value in found.items() if inspect.isclass(value)}
    found |= {f"{owner}.{name}": value for owner, class_ in classes.items() if is_ours(class_)
              for name, value in inspect.getmembers(class_)}
    found = {id(value): (name, value) for name, value in found.items()
             if callable(value) and is_ours(value)}
    passed = {(value.__module__, exercise.id) for name, value in found.values()
              for exercise in EXERCISES.values()
              if not exercise.is_number and judge(value, exercise).status == "correct"}
    print(f"\\n{len(found)} {sorted(passed)}")
"""


@pytest.mark.slow
def test_nothing_that_is_handed_out_passes_a_check_but_its_own_reference_as_the_readme_says(
        handout, tmp_path):
    tried, passed = student(handout, tmp_path, TRY_ALL).splitlines()[-1].split(maxsplit=1)
    assert int(tried) > 500
    files = {module.rpartition(".")[2] + ".py" for module, _ in ast.literal_eval(passed)}
    readme = (handout / "README.md").read_text(encoding="utf-8")
    assert files and not [name for name in files if f"`{name}`" not in readme], passed


@pytest.mark.slow
def test_here_where_nothing_is_absent_the_same_trial_finds_all_functions(tmp_path):
    last = student(handed.PACKAGE.parent, tmp_path, TRY_ALL).splitlines()[-1]
    found = {id for _, id in ast.literal_eval(last.partition(" ")[2])}
    assert found == {id for id, exercise in EXERCISES.items() if not exercise.is_number}


def test_the_explorer_leaves_the_losses_to_the_browser(handout, tmp_path):
    assert student(handout, tmp_path, """
        from cs231n_lite.explorer import Explorer
        from cs231n_lite.explorer.still import still
        print(Explorer().result, still(Explorer().state).alt.rpartition(": ")[2])
    """) == "{'serial': 0, 'absent': True} the losses are those of the browser; 7 of 9 right.\n"


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


MISSING = {
    "it is an exercise of svm.ipynb.":
        "losses.svm_loss_vectorized, optim.sgd, classifiers.predict, tune.search",
    "it is an exercise of softmax.ipynb.": "losses.softmax, losses.cross_entropy",
    "it would give an answer away.":
        "losses.svm_loss_half_vectorized, losses.structured_hinge, losses.hinge",
}


def test_what_is_missing_says_so_and_why_in_a_sentence(handout, tmp_path):
    said = student(handout, tmp_path, f"""
        from cs231n_lite import classifiers, losses, optim, tune
        for function in ({", ".join(MISSING.values())}):
            try:
                function()
            except NotImplementedError as error:
                print(error)
    """)
    for why, functions in MISSING.items():
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


def test_the_command_tells_a_teacher_what_a_student_can_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command_line, "datasets_here", list)  # nothing is run
    assert command_line.main(["handout", str(tmp_path / "new")]) == 0
    said = capsys.readouterr().out
    assert "The check's own reference is in there" in said
    assert all((tmp_path / "new/cs231n_lite/exercises" / name).exists() and name in said
               for name in ("diagnosis/slips.py", "judges/referee.py"))


@pytest.mark.slow
def test_the_kernels_in_which_notebooks_run_warn_the_teacher_of_nothing(tmp_path, capfd):
    (tmp_path / "notebooks").mkdir()
    book = new_notebook(cells=[new_code_cell("print(2)")])
    run(book, tmp_path, "cartoon")
    assert book.cells[0].outputs[0].text == "2\n" and "".join(capfd.readouterr()) == ""


def test_a_folder_that_holds_something_is_left_alone(handout):
    before = sorted(handout.rglob("*"))
    with pytest.raises(ValueError, match="is not empty"):
        hand_out(handout)
    assert sorted(handout.rglob("*")) == before


def prose(path: Path) -> str:
    """What a notebook says between its code cells."""
    book = nbformat.read(path, as_version=4)
    return "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")


def test_its_notebooks_hold_no_model_answers_and_all_the_questions(handout):
    questions = 0
    for path in handout.glob("notebooks/*.ipynb"):
        whole, text = map(prose, (handout_module.ROOT / "notebooks" / path.name, path))
        answers = whole.count("<summary>A model answer</summary>")
        assert "model answer" not in path.read_text(encoding="utf-8").lower()
        assert text.count("*Your answer:*") == whole.count("*Your answer:*")
        left = whole.count("<details>") - answers
        assert text.count("<details>") == text.count("</details>") == left
        questions += answers
    assert questions == 5


def test_its_notebooks_hold_the_outputs_of_the_whole_ones_and_speak_of_this_copy(handout):
    for path in handout.glob("notebooks/*.ipynb"):
        whole = nbformat.read(handout_module.ROOT / "notebooks" / path.name, as_version=4)
        whole = nbformat.reads(normalize(whole), as_version=4)  # without widgets
        book = nbformat.read(path, as_version=4)
        for cell, original in zip(code_cells(book), code_cells(whole)):
            assert ("use" in cell.metadata.get("tags", ())) == (cell.outputs != original.outputs)
        text = " ".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
        assert text.count("**In this copy**") == 1
        for word in ("`solution", "solution(", "with the package's", "benchmarks/", "<!--"):
            assert word not in text, (path.name, word)
        shown = json.dumps([cell.outputs for cell in code_cells(book)])
        assert "the package's" not in shown


def test_widgets_that_were_stored_with_a_notebook_are_not_handed_out(tmp_path):
    book = nbformat.read(handout_module.ROOT / "notebooks" / "softmax.ipynb", as_version=4)
    book.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {
        "id": {"model_name": "AnyModel", "state": {"_esm": "<details> A model answer"}}}}}
    book.cells[-1] = new_code_cell("x", outputs=[
        new_output("display_data", {WIDGET_VIEW: {}, "text/plain": "still"})])
    nbformat.write(book, tmp_path / "softmax.ipynb")
    handed_out = json.loads(handout_module.untouched(tmp_path / "softmax.ipynb"))
    assert "widgets" not in handed_out["metadata"]
    assert handed_out["cells"][-1]["outputs"][0]["data"].keys() == {"text/plain"}


def test_a_cell_that_needs_what_is_absent_says_so_without_an_exception(handout, tmp_path):
    cells = {
        "from cs231n_lite.exercises.stored import stored\nstored('svm')": "",
        "from cs231n_lite import losses\nvalue = 0": "",
        "value = losses.hinge([[1.0]], [0])":
            "This cell needs hinge, left out of this copy, and nothing is stored for it.\n",
        "print(value)":  # not its old one
            "This cell needs hinge, left out of this copy, and nothing is stored for it.\n",
        "def f(W):\n    return losses.softmax(W)\nother = f(1)":
            "This cell needs softmax, an exercise of softmax.ipynb, "
            "and nothing is stored for it.\n",
        "assert callable(f) and callable(losses.hinge)": "",  # functions and modules stay
        "print(other := 1)": "1\n",
        "print(other)": "1\n",
    }
    said = student(handout, tmp_path, """
        import json, sys
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        for cell in json.loads(sys.argv[1]):
            print("[", end="")
            print(f"] {shell.run_cell(cell).success}")
        errors = [type(shell.run_cell(cell).error_in_exec).__name__ for cell in ("1 / 0", "what")]
        print(errors)
    """, json.dumps(list(cells)))
    said = said.replace("\033[2K\n", "")  # where what was shown before is cleared
    assert said.startswith("".join(f"[{shown}] True\n" for shown in cells.values())), said
    assert said.endswith("['ZeroDivisionError', 'NameError']\n")


OWN = """
    import numpy as np
    from cs231n_lite import engine, losses, optim
    import cs231n_lite.engine.losses
    from cs231n_lite.classifiers import LinearSVM
    from cs231n_lite.exercises import check, use
    def trains():
        try:
            model = LinearSVM(optimizer=optim.momentum_sgd, learning_rate=0.1, num_iters=5)
            print("trained", len(model.fit(np.eye(3), np.arange(3)).loss_curve_))
            print(losses.hinge(np.array([[13.0, -7, 11]]), np.array([0]), margin=10)[0])
        except NotImplementedError as error:
            print(error)
"""


@pytest.mark.slow
def test_a_student_s_right_loss_and_descent_train_here_and_in_the_next_notebook(handout, tmp_path):
    answers = [answer_of(id) for id in ("svm_loss_vectorized", "sgd")]
    script = tmp_path / "answers.py"  # a text that can be read, as that of a cell
    script.write_text(dedent(OWN) + "\n".join(answers) + "\n" + dedent("""
        trains()
        use(svm_loss_vectorized)
        check(sgd)
        trains()
    """), encoding="utf-8")
    run = "import runpy, sys; runpy.run_path(sys.argv[1])"
    first = student(handout, tmp_path, run, str(script))
    assert "is not available here" in first and first.endswith("trained 5\n8.0\n"), first
    said = student(handout, tmp_path, OWN + """
    trains()
    def sgd(*settings):
        return None
    check(sgd)
    trains()
    """)
    assert said.startswith("trained 5\n8.0\n✗ sgd: wrong.") and "sgd is not available here" in said


def answer_of(id: str) -> str:
    """The shortest of the students' answers, as the text of a cell."""
    answers = list(RIGHT[id].values())
    texts = [(dedent(inspect.getsource(answer)), answer.__name__) for answer in answers
             if inspect.isfunction(answer)
             and inspect.getclosurevars(answer).globals.keys() <= {"np"}]
    texts = [each for each in texts if "def " in each[0]]  # no lambdas
    if not texts:
        return f"{id} = {answers[0]!r}"
    text, name = min(texts, key=lambda each: len(each[0]))
    return text[text.index("def "):].replace(f"def {name}", f"def {id}", 1)


def solved(path: Path) -> nbformat.NotebookNode:
    """A notebook of the handout with a student's answers."""
    book = nbformat.read(path, as_version=4)
    for cell in code_cells(book):
        for id in tagged(cell, "exercise"):
            cell.source = answer_of(id)
    return book


def hurried(source: str) -> str:
    """A notebook with a hundredth of its trainings, whose results nobody looks at."""
    return re.sub(r"num_iters=(1500|1000|600|400)\b", lambda found: f"num_iters={found[1][:-2]}",
                  source)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory) -> Path:
    """A handout with what is stored for the cartoons, from notebooks in a hurry."""
    folder = tmp_path_factory.mktemp("stocked")
    checkout = folder / "checkout"
    # Tests beside this one may be writing examples of hypothesis, and drafts of the cartoons.
    kept = shutil.ignore_patterns(".venv", ".git", "tests", "benchmarks", ".*_cache", "cifar*",
                                  "__pycache__", "stored", ".hypothesis", "cartoon-*.bin.*")
    shutil.copytree(handout_module.ROOT, checkout, ignore=kept)
    for path in checkout.glob("notebooks/*.ipynb"):
        path.write_text(hurried(path.read_text(encoding="utf-8")), encoding="utf-8")
    environment = clean_environment(folder, PYTHONPATH=str(checkout), OMP_NUM_THREADS="1",
                                    CS231N_LITE_DATA="cartoon")
    command = [sys.executable, "-m", "cs231n_lite.grading", "handout", str(folder / "handout")]
    subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True)
    assert [path.name for path in (folder / "handout/datasets").iterdir()] == ["README.md"]
    return folder / "handout"


def run_in_order(folder: Path, books: dict[str, nbformat.NotebookNode], scratch: Path) -> dict:
    """The sentences of cells that did not run, by notebook and cell; raises where one stops."""
    environment = clean_environment(scratch, PYTHONPATH=str(folder), CS231N_LITE_DATA="cartoon",
                                    OMP_NUM_THREADS="1")
    said = {}
    for name, book in books.items():
        execute(book, folder / "notebooks", environment)
        said |= {(name, cell.id): output.text for cell in code_cells(book)
                 for output in cell.outputs if "his cell needs" in output.get("text", "")}
    return said


NAMES = ("linear_classification", "svm", "softmax")


# The slow tier runs the one with most cells again, and goes on in the order of the notebooks from
# the second: what the first asks for, the others do not need.
@pytest.mark.slow
@pytest.mark.parametrize("name", ["linear_classification", *(
    pytest.param(name, marks=pytest.mark.everything) for name in ("svm", "softmax"))])
def test_untouched_a_notebook_runs_alone_and_every_cell_shows_what_was_stored(
        stocked, tmp_path, name):
    book, original = (nbformat.read(stocked / "notebooks" / f"{name}.ipynb", as_version=4)
                      for _ in range(2))
    said = run_in_order(stocked, {name: book}, tmp_path)
    assert said and all(text.startswith("Stored, not computed: ") for text in said.values())
    assert ([bool(cell.outputs) for cell in code_cells(book)]
            == [bool(cell.outputs) for cell in code_cells(original)])


@pytest.mark.slow
def test_what_is_stored_is_small(stocked):
    sizes = {path.stem: path.stat().st_size
             for path in (stocked / "notebooks/stored/cartoon").glob("*.npz")}
    assert sizes.keys() == set(NAMES) and sum(sizes.values()) < 2.5e6  # for one dataset of two


@pytest.mark.slow
@pytest.mark.parametrize("names", [NAMES[1:], pytest.param(NAMES, marks=pytest.mark.everything)])
def test_solved_in_their_order_all_cells_compute_but_those_that_need_what_nobody_writes(
        stocked, tmp_path, names):
    books = {name: solved(stocked / "notebooks" / f"{name}.ipynb") for name in names}
    said = run_in_order(stocked, books, tmp_path)
    assert not [text for (name, _), text in said.items() if f"{name}.ipynb" in text]
    assert {cell: text for cell, text in said.items() if cell[0] in NAMES[1:]} == {
        ("svm", "timing"): "Stored, not computed: this cell needs svm_loss_half_vectorized, "
                           "left out of this copy.\n"}
