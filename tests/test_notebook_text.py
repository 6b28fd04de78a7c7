"""The notebooks as files: how they are stored, built and tagged.  Nothing runs here."""
import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_runs import ROOT, code_cells, committed_notebooks, normalize, tagged

from cs231n_lite.exercises.registry import EXERCISES

TEXTS = committed_notebooks()
NOT_COMPARED, NOR_THE_WORDS = "nbval-ignore-output", "nbval-ignore-words"
OF_ONE_MACHINE = re.compile(
    rf"{re.escape(str(ROOT))}|/(?:home|root|tmp|Users)/|[A-Z]:\\Users|\b0x[0-9a-f]{{6,}}|\d:\d\d:\d\d")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


@pytest.fixture(params=TEXTS)
def name(request: pytest.FixtureRequest) -> str:
    """Each notebook's file name in turn."""
    return request.param


@pytest.fixture
def notebook(name: str) -> NotebookNode:
    """The notebook of that name."""
    return nbformat.reads(TEXTS[name], as_version=4)


def outputs(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, NotebookNode]]:
    """(cell, output) for all outputs of a notebook."""
    return ((cell, output) for cell in code_cells(notebook) for output in cell.outputs)


def pictures(notebook: NotebookNode) -> list[tuple[NotebookNode, NotebookNode]]:
    """(cell, output) for the outputs that are pictures."""
    return [(cell, output) for cell, output in outputs(notebook)
            if "image/png" in output.get("data", {})]


def names_called(cell: NotebookNode) -> set[str]:
    """The plain names that a cell calls."""
    calls = (node.func for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def is_stub(cell: NotebookNode) -> bool:
    """True where a function raises NotImplementedError, or a name is given three dots."""
    values = (node.value for node in ast.walk(ast.parse(cell.source))
              if isinstance(node, ast.Assign))
    dots = any(isinstance(value, ast.Constant) and value.value is ... for value in values)
    return dots or "raise NotImplementedError" in cell.source


def name_given(cell: NotebookNode) -> str:
    """The name of the function or the number that a cell ends in."""
    last = ast.parse(cell.source).body[-1]
    return last.name if isinstance(last, ast.FunctionDef) else last.targets[0].id


def test_every_exercise_is_set_once_in_its_own_notebook():
    found = [(name.removesuffix(".ipynb"), id) for name, text in TEXTS.items()
             for cell in nbformat.reads(text, as_version=4).cells
             for id in tagged(cell, "exercise")]
    assert sorted(found) == sorted((exercise.notebook, exercise.id)
                                   for exercise in EXERCISES.values())


def test_the_file_is_stored_in_its_one_form(name, notebook):
    remedy = "store it with: python tests/store_outputs.py notebooks/" + name
    assert TEXTS[name] == normalize(notebook), remedy


def test_cells_have_ids_of_their_own(name):
    stored = json.loads(TEXTS[name])
    ids = [cell.get("id") for cell in stored["cells"]]
    assert (stored["nbformat"], stored["nbformat_minor"]) == (4, 5)
    assert all(ids) and len(set(ids)) == len(ids)


def test_it_was_run_from_top_to_bottom_before_it_was_saved(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_a_cell_whose_output_is_not_compared_holds_one(notebook):
    ignored = [cell for cell in code_cells(notebook)
               if NOT_COMPARED in cell.metadata.get("tags", ())]
    assert [cell.id for cell in ignored if not cell.outputs] == []


def test_no_output_is_an_error_or_a_warning(notebook):
    kinds = [(cell.id, output.get("name", output.output_type))
             for cell, output in outputs(notebook)]
    assert [(id, kind) for id, kind in kinds if kind in ("error", "stderr")] == []


def test_nothing_stored_belongs_to_one_machine_or_moment(notebook):
    stored = [(cell.id, cell.source) for cell in notebook.cells]
    for cell, output in outputs(notebook):
        texts = (text for kind, text in output.get("data", {}).items() if kind.startswith("text/"))
        stored += [(cell.id, text) for text in (*texts, output.get("text", ""))]
    assert [(id, OF_ONE_MACHINE.search(text)[0]) for id, text in stored
            if OF_ONE_MACHINE.search(text)] == []


def test_every_cell_is_run_and_must_succeed(notebook):
    markers = {"nbval-skip", "raises-exception", "nbval-raises-exception"}
    assert [cell.id for cell in code_cells(notebook)
            if markers & set(cell.metadata.get("tags", ()))] == []
    assert [cell.id for cell in code_cells(notebook) if "NBVAL" in cell.source] == []


def test_stubs_are_tagged_and_their_checks_come_next(notebook):
    cells = code_cells(notebook)
    for cell, following in zip(cells, [*cells[1:], None]):
        ids = tagged(cell, "exercise")
        assert len(ids) == is_stub(cell), cell.id
        for id in ids:
            assert name_given(cell) == id
            assert tagged(following, "check") == [id]
            assert following.source.splitlines()[-1] == EXERCISES[id].check


def test_cells_that_check_or_use_are_tagged_so(notebook):
    for cell in code_cells(notebook):
        assert len(tagged(cell, "check")) == ("check" in names_called(cell)), cell.id
        assert ("use" in cell.metadata.get("tags", ())) == ("use" in names_called(cell)), cell.id


def test_no_hint_or_solution_or_progress_is_stored(notebook):
    assert [cell.id for cell in code_cells(notebook)
            if names_called(cell) & {"hint", "progress", "solution"}] == []


def test_pictures_have_a_text_and_hold_what_is_compared(notebook):
    for cell, output in pictures(notebook):
        about = output.metadata["image/png"]
        assert about["alt"] and about["contents"]["counts"]["axes"], cell.id
        assert len(json.dumps(about["contents"])) < 7000, cell.id


def test_what_else_may_differ_is_said_beside_nbvals_own_tag(notebook):
    for cell in code_cells(notebook):
        tags = [tag for tag in cell.metadata.get("tags", ()) if tag.startswith("nbval-")]
        assert tags[:1] == [NOT_COMPARED][:len(tags)], cell.id
        assert {*tags[1:]} <= {"nbval-near-numbers", NOR_THE_WORDS}, cell.id


def test_of_few_cells_the_words_are_not_compared():
    ignored = {cell.id: cell.metadata.tags for text in TEXTS.values()
               for cell in code_cells(nbformat.reads(text, as_version=4))
               if NOR_THE_WORDS in cell.metadata.get("tags", ())}
    assert ignored.keys() == {"mistakes", "beside-image", "explorer", "ship-saw"}
    assert all(NOT_COMPARED in tags for tags in ignored.values())


def test_code_stands_under_prose_or_belongs_to_the_exercise_above(notebook):
    for above, cell in zip(notebook.cells, notebook.cells[1:]):
        if cell.cell_type == above.cell_type == "code":
            assert tagged(cell, "check") or "use" in cell.metadata.get("tags", ()), cell.id


def test_links_lead_to_files_that_exist(notebook):
    links = {link for cell in notebook.cells if cell.cell_type == "markdown"
             for link in LINK.findall(cell.source)}
    files = [link for link in links
             if not link.startswith(("http://", "https://", "attachment:", "data:"))]
    assert [link for link in files if not Path(ROOT, "notebooks", link).exists()] == []
