"""The order in which the notebooks are read: a spine, excursions, predictions and questions."""
import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from itertools import dropwhile

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_runs import ROOT, clean_environment, code_cells, committed_notebooks, execute

from benchmarks.reading import minutes_to_read, parts
from cs231n_lite.grading.handout.folder import for_students

NOTEBOOKS = {name: nbformat.reads(text, as_version=4)
             for name, text in committed_notebooks().items()}
FIRST = NOTEBOOKS["linear_classification.ipynb"]
SPINE = parts(FIRST)["spine"]
# What a name says by itself, and types.
PLAIN = {"array", "exp", "float32", "float64", "mean", "ones", "sum"}


@pytest.fixture(params=NOTEBOOKS)
def notebook(request: pytest.FixtureRequest) -> NotebookNode:
    """Each notebook in turn."""
    return NOTEBOOKS[request.param]


def prose(cells: list[NotebookNode]) -> str:
    """All that is there to read."""
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def excursions() -> Iterator[list[NotebookNode]]:
    """The cells of each excursion, its heading first."""
    starts = [i for i, cell in enumerate(FIRST.cells) if cell.source.startswith("## Excursion: ")]
    end = next(i for i, cell in enumerate(FIRST.cells) if cell.id == "excursions-summary")
    return (FIRST.cells[start:stop] for start, stop in zip(starts, [*starts[1:], end]))


def names(code: str) -> tuple[set[str], set[str]]:
    """The names that a cell gives a value, and those that it looks up."""
    table = symtable.symtable(code, "a cell", "exec")
    given = {name.get_name() for name in table.get_symbols()
             if name.is_assigned() or name.is_imported()}
    wanted = {name.get_name() for name in table.get_symbols() if name.is_referenced()}
    inner = table.get_children()
    while inner:
        scope = inner.pop()
        wanted |= {name.get_name() for name in scope.get_symbols() if name.is_global()}
        inner += scope.get_children()
    return given, wanted


def lacking(cells: list[NotebookNode], known: set[str]) -> set[str]:
    """What the cells look up although neither they nor `known` have it by then."""
    known, found = known | set(dir(builtins)), set()
    for cell in cells:
        if cell.cell_type == "code":
            given, wanted = names(cell.source)
            found |= wanted - given - known
            known |= given
    return found


def guesses(notebook: NotebookNode) -> list[str]:
    """The names of the predictions that a notebook asks for."""
    return re.findall(r"^(guess_\w+) = None", "\n".join(c.source for c in code_cells(notebook)),
                      re.MULTILINE)


def test_everything_behind_the_spine_can_be_skipped():
    behind = list(dropwhile(lambda cell: cell.id != "excursions", FIRST.cells))
    assert behind and len(SPINE) + len(behind) == len(FIRST.cells)
    assert lacking(SPINE, set()) == set()


def test_each_excursion_says_what_it_is_for_and_what_it_needs_but_the_spine():
    of_spine = {name for cell in SPINE if cell.cell_type == "code"
                for name in names(cell.source)[0]}
    for cells in excursions():
        lead = cells[0].source.split("\n\n")[1]
        assert lead.startswith("*What it is for: ") and lead.endswith(".*"), cells[0].id
        assert lacking(cells, of_spine) == set(re.findall(r"`(\w+)`", lead)), cells[0].id


def test_the_time_that_a_notebook_takes_is_what_its_words_and_code_cells_take(notebook):
    said = [int(minutes) for minutes in re.findall(r"(\d+) minutes to read", prose(notebook.cells))]
    both = {name: minutes_to_read(cells) for name, cells in parts(notebook).items()}
    measured = [both["spine"], both["whole"]] if notebook is FIRST else [both["whole"]]
    assert said == pytest.approx(measured, rel=0.06)


def test_the_spine_takes_at_most_thirty_minutes():
    seconds = int(re.search(r"(\d+) seconds to run", prose(SPINE))[1])
    assert minutes_to_read(SPINE) + seconds / 60 <= 30


def test_the_notebooks_are_meant_in_one_order():
    for number, title in enumerate(("linear_classification", "svm", "softmax"), start=1):
        text = prose(NOTEBOOKS[f"{title}.ipynb"].cells)
        assert f"*{number} of 3: " in text and "The three notebooks are meant in the order" in text
        assert "will be told" not in text


def test_no_function_of_numpy_is_used_before_its_idea_is_said(notebook):
    read = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            read += cell.source
        else:
            used = set(re.findall(r"\bnp\.((?:\w+\.)?\w+)\(", cell.source)) - PLAIN
            unsaid = {name for name in used if not re.search(rf"`np\.{name}\b", read)}
            assert unsaid == set(), cell.id


def test_six_to_eight_results_ask_for_a_guess_and_show_it_only_when_there_is_one():
    assert 6 <= sum(len(guesses(notebook)) for notebook in NOTEBOOKS.values()) <= 8
    for notebook in NOTEBOOKS.values():
        for guess in guesses(notebook):
            asked, *shown = [cell for cell in code_cells(notebook) if guess in cell.source]
            assert re.fullmatch(rf"{guess} = None  # .+", asked.source)
            last = ast.parse(shown[0].source).body[-1].value
            assert len(shown) == 1 and ast.unparse(last.test) == f"{guess} is None"
            assert ast.unparse(last.body) == ast.unparse(last.orelse.elts[0])


def test_each_notebook_ends_in_three_questions_with_answers_to_unfold(notebook):
    last = next(cell.source for cell in notebook.cells if cell.id == "three-questions")
    asked, _, answered = last.partition("<details>\n<summary>Answers</summary>\n\n")
    for text in (asked, answered.partition("</details>")[0]):
        assert re.findall(r"^(\d)\. ", text, re.MULTILINE) == ["1", "2", "3"]


def test_the_table_that_the_first_notebook_points_to_is_in_the_readme_of_the_handout_too():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "table of results in the [README](../README.md)" in prose(FIRST.cells)
    for text in (readme, for_students(readme)):
        assert re.search(r"^\| best of the search \|", text, re.MULTILINE)


@pytest.mark.slow
def test_the_spine_runs_alone_and_shows_each_guess_beside_what_was_found(tmp_path):
    spine = nbformat.from_dict(FIRST | {"cells": [nbformat.from_dict(cell) for cell in SPINE]})
    for cell in spine.cells:
        cell.source = re.sub(r"^(guess_\w+) = None", r'\1 = "forty-two"', cell.source)
    execute(spine, ROOT / "notebooks",
            clean_environment(tmp_path, CS231N_LITE_DATA="cartoon", OMP_NUM_THREADS="1"))
    shown = [output.data["text/plain"] for cell in code_cells(spine) for output in cell.outputs
             if "you said forty-two" in output.get("data", {}).get("text/plain", "")]
    assert len(shown) == len(guesses(FIRST))
