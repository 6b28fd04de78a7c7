"""The package without its answers, as sources: what a handout and the student's process see."""
import ast
from pathlib import Path

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.exercises.suspects import SUSPECTS

PACKAGE = Path(__file__).resolve().parents[2]
# What the handout takes from the package, folder by folder: all else there may hold answers.
FILES = {
    ".": "__init__.py __main__.py absent.py cartoon.py checks.py checks_basic.py "
         "checks_gradients.py checks_pictures.py classifiers.py data.py download.py gradcheck.py "
         "house.mplstyle losses.py optim.py places.py plots.py preprocess.py tune.py",
    "contents": "__init__.py alike.py looks.py numbers.py parts.py",
    "engine": "__init__.py copies.py entry.py estimator.py losses.py monitor.py predictor.py "
              "scores.py settings.py standardize.py threads.py weights.py",
    "exercises": "__init__.py carried.py cells.py checking.py figures.py frontend.py grade.py "
                 "helping.py instead.py limits.py logbook.py naming.py own.py packing.py points.py "
                 "portable.py questions.py reading.py registry.py stored.py style.py suspects.py "
                 "texts.py verdict.py webpages.py",
    "exercises/judges": "__init__.py calling.py choices.py exposing.py lines.py loss.py numbers.py "
                        "outputs.py problems.py referee.py search.py sgd.py",
    "exercises/diagnosis": "__init__.py aims.py anatomy.py applied.py brackets.py calls.py "
                           "cases.py crashes.py decompose.py edits.py explain.py faults.py "
                           "findings.py indices.py laws.py locate.py missing.py mixups.py "
                           "nudges.py penalties.py ranking.py remarks.py repair.py repeated.py "
                           "rounding.py saying.py scene.py shapes.py showing.py "
                           "slips.py source.py spelling.py statements.py story.py sums.py "
                           "tree.py values.py variants.py wordings.py",
    "explorer": "__init__.py __main__.py arithmetic.py bundle.py descent.py experiments.py page.py "
                "presets.py sample.py slopes.py state.py still.py widget.py",
    "explorer/front": "arithmetic.js brush.js check.js curve.js descent.js document.js "
                      "experiments.js experiments.json explorer.css explorer.js formula.js "
                      "geometry.js guide.js hands.js labels.js landscape.js marks.js names.js "
                      "page.html panel.js parameters.js plane.js presets.json readout.js relief.js "
                      "runs.js sample.js sampling.js session.js shading.js slopes.js state.js "
                      "table.js text.js trail.js widget.js",
    "exercises/webpage": "conf.json index.html.j2",
}
# What the student's process sees of it; `monitor` and `standardize` serve the estimators, and
# compute what these do.
SEEN = ("absent", "cartoon", "checks", "checks_basic", "checks_gradients", "checks_pictures",
        "classifiers", "contents.__init__", "contents.looks", "contents.numbers", "contents.parts",
        "data", "download", "engine.losses", "gradcheck", "losses", "optim", "places", "plots",
        "preprocess", "tune")
# Functions that nobody is asked for, and that answer an exercise all the same, or do most of one.
SPOILERS = {
    "losses": {"hinge", "svm_loss_half_vectorized", "squared_hinge", "structured_hinge",
               "one_vs_all_hinge", "regularized"},
    "engine.losses": {"svm_loss", "softmax_loss", "in_blocks", "scores_of", "hinges",
                      "cross_entropies", "ON_SCORES"},
}

# What the student's process sees in the place of estimator.py: there a classifier predicts, which
# is an exercise.
NO_ESTIMATOR = '''"""Not available here."""


class LinearEstimator:
    """Neither fits nor predicts."""
'''


def answers_in(module: str) -> set[str]:
    """The names in a module that answer an exercise."""
    asked = {id for id, exercise in EXERCISES.items() if exercise.module == module}
    return asked | SPOILERS.get(module, set())


def without_answers(module: str) -> str:
    """The source of a module, e.g. "losses", without its answers.

    Functions among them are heads under `@absent`, numbers are None, and tables are empty.
    """
    source = PACKAGE.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    lines, names = source.splitlines(), answers_in(module)
    tree = ast.parse(source)
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines[start - 1:node.end_lineno] = head(node)
        elif isinstance(node, ast.Assign) and (name := ast.unparse(node.targets[0])) in names:
            nothing = "()" if isinstance(node.value, ast.Tuple) else "None"
            lines[node.lineno - 1:node.end_lineno] = [f"{name} = {nothing}"]
    if names:
        lines.insert(tree.body[0].end_lineno or 0, "from cs231n_lite.absent import absent")
    return "\n".join(lines) + "\n"


def head(node: ast.FunctionDef) -> list[str]:
    """The lines of a function of that head which is absent."""
    bare = ast.FunctionDef(node.name, node.args, [ast.Pass()], [], node.returns, lineno=0)
    notebook = EXERCISES[node.name].notebook if node.name in EXERCISES else ""
    why = f"is an exercise of {notebook}.ipynb" if notebook else "would give an answer away"
    return [f'@absent("{notebook}")', ast.unparse(bare).removesuffix("pass").rstrip(),
            f'    """Not available here: this {why}, '
            'and this copy of the package comes without answers."""']


# What looks for the line of a wrong answer, and for that calls the judges.
EXPLAINING = {
    "exercises": "limits.py naming.py registry.py texts.py verdict.py",
    "exercises/judges": FILES["exercises/judges"],
    "exercises/diagnosis": FILES["exercises/diagnosis"],
}


def sources(explaining: bool = False) -> dict[str, str]:
    """The modules of the student's process by name: no answers, no referee, no judges.

    `explaining`, where nothing is judged any more, with referee and judges, as in the handout.
    """
    found = {f"cs231n_lite.{name}": without_answers(name) for name in SEEN}
    found |= {f"cs231n_lite.grading.running.{name}": read("grading", "running", name)
              for name in ("beside", "bridge", "cage", "excerpt", "landlock", "refusals",
                           "set_up", "statements", "student")}
    found |= {f"cs231n_lite.exercises.diagnosis.{name}": read("exercises", "diagnosis", name)
              for name in ("calls", "crashes", "indices", "scene", "shapes", "spelling",
                           "values")}
    if explaining:
        found |= {f"cs231n_lite.{folder.replace('/', '.')}.{Path(name).stem}":
                  read(*folder.split("/"), Path(name).stem)
                  for folder, names in EXPLAINING.items() for name in names.split()}
    return found | {
        "cs231n_lite.__init__": "", "cs231n_lite.engine.__init__": "",
        "cs231n_lite.engine.estimator": NO_ESTIMATOR,
        "cs231n_lite.grading.__init__": "", "cs231n_lite.grading.running.__init__": "",
        "cs231n_lite.exercises.__init__": read("grading", "running", "classroom"),
        "cs231n_lite.exercises.diagnosis.__init__": "",
        "cs231n_lite.exercises.cells": read("exercises", "cells"),
        "cs231n_lite.exercises.frontend": read("exercises", "frontend"),
        "cs231n_lite.exercises.style": read("exercises", "style"),
        "cs231n_lite.exercises.questions": without_answers("exercises.questions"),
        # The wrong losses stay with the grader, and answer from there where one is judged.
        "cs231n_lite.exercises.suspects":
            f"{read('exercises', 'suspects')}\nNAMES = ()" if explaining else
            f"NAMES = {[suspect.loss.__name__ for suspect in SUSPECTS.values()]}",
    }


def read(*path: str) -> str:
    """The text of a module of this package."""
    return PACKAGE.joinpath(*path).with_suffix(".py").read_text(encoding="utf-8")
