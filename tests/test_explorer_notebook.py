"""The explorer in a notebook: a real JupyterLab, a real kernel, a real browser."""
import json
import re
from ast import literal_eval
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from browser import context_of
from explorer_reader import Reader
from lab import PACKAGE, OpenNotebook, failures, running
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow

SHOW = "from cs231n_lite.explorer import Explorer\ne = Explorer()\ne"
ASK = "e.state['points'][1], e.W.round(6).tolist(), e.result['total']"
UPHILL = """from cs231n_lite.explorer import Explorer
from cs231n_lite.losses import softmax_loss_vectorized

def uphill(W, X, y, reg):
    loss, dW = softmax_loss_vectorized(W, X, y, reg)
    return loss, -dW

Explorer(loss=uphill)"""
FAILING = """from cs231n_lite.explorer import Explorer

def failing(W, X, y, reg):
    return float((X @ W).sum()) if W[2, 0] < 0 else None

Explorer(loss=failing)"""


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a JupyterLab, and the folder of its notebooks; its log tells of no failure."""
    folder = tmp_path_factory.mktemp("lab")
    with running(folder) as address:
        yield address, folder
    assert failures((folder / "lab.log").read_text()) == []


@pytest.fixture
def notebook(chromium: Browser, lab: tuple[str, Path]) -> Iterator[Callable[..., OpenNotebook]]:
    """Opens a notebook of these cells; in the end nothing went wrong, and nothing was fetched."""
    context = context_of(chromium, viewport={"width": 1400, "height": 1300})
    books = []

    def notebook(*sources: str) -> OpenNotebook:
        books.append(OpenNotebook(context.new_page(), *lab, *sources))
        return books[-1]

    yield notebook
    context.close()
    assert all(book.watch.errors == [] and book.watch.hosts == {"127.0.0.1"} for book in books)


def shown(book: OpenNotebook) -> Reader:
    """A reader of the explorer that the first cell shows."""
    book.run(0)
    return Reader(book.page, book.cells.first.locator(".cs231n-explorer"))


def test_a_traceback_in_the_log_is_a_failure_where_it_leads_through_the_package():
    traceback = ("{0}Traceback (most recent call last):\n"
                 "{0}  File \"{1}a.py\", line 1, in f\n{0}    f()\n{0}    ^^^\n{0}{2}\n")
    log = "Kernel 1\n".join(traceback.format(indent, folder, f"ValueError: {number}")
                            for number, (folder, indent) in enumerate(
                                product(("/lib/", PACKAGE), ("", "    "))))
    assert failures(log) == ["ValueError: 2", "ValueError: 3"]


def test_the_widget_appears_in_place_of_its_still_picture(notebook):
    book = notebook(SHOW)
    reader = shown(book)
    reader.sees()
    expect(book.cells.first.locator("img")).to_be_hidden()
    book.page.keyboard.press("Control+s")
    expect(book.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    output = json.loads(book.path.read_text())["cells"][0]["outputs"][1]
    assert {"image/png", "text/plain"} == output["data"].keys()
    assert "2.570" in output["metadata"]["image/png"]["alt"]


def test_a_drag_changes_the_loss_that_python_computed(notebook):
    book = notebook(SHOW, ASK)
    reader = shown(book)
    reader.drag((0.8, 0.3), (0.2, 0.6), (-0.5, -0.2), steps=10)
    expect(reader.root.locator(".readout b")).to_contain_text("at −0.50, −0.20")
    expect(reader.output("total loss")).to_have_text(re.compile("^3"))
    point, _, total = literal_eval(book.run(1).inner_text())
    assert point[:2] == pytest.approx([-0.5, -0.2], abs=0.01)
    expect(reader.output("total loss")).to_have_text(f"{total:.4f}")


def test_updates_repeat_until_they_are_stopped_and_python_knows_where(notebook):
    book = notebook(SHOW, ASK)
    reader = shown(book)
    reader.press("Repeat")
    many = re.compile(r"[1-9]\d updates so far")
    expect(reader.root.get_by_role("img", name=many)).to_be_visible()
    reader.press("Stop")
    reader.can_press("Repeat")
    _, W, total = literal_eval(book.run(1).inner_text())
    expect(reader.output("total loss")).to_have_text(f"{total:.4f}")
    assert total < 2 and W != [[2.06, 0.44, 2.27], [1.48, -1.82, -2.04], [-0.42, 0.52, -0.1]]


def test_an_experiment_begins_in_the_notebook_and_a_sample_is_drawn_there(notebook):
    experiment = SHOW.replace("Explorer()", 'Explorer(experiment="outlier")')
    book = notebook(experiment, "e.state['sample'], e.state['experiment'], e.result['held_data']")
    reader = shown(book)
    guide = reader.root.get_by_role("region", name="experiment")
    expect(guide).to_contain_text("Weston–Watkins: all points right but the outlier")
    reader.root.get_by_text("New samples, and points held out").click()
    reader.press("New sample")
    expect(guide).to_be_hidden()
    held = reader.root.get_by_text("Held out: data loss")
    expect(held).to_be_visible()
    sample, name, loss = literal_eval(book.run(1).inner_text())
    assert (sample["shape"], sample["seed"], name) == ("outlier", 1, "")
    expect(held).to_contain_text(f"{loss:.4f}")


def test_a_wrong_gradient_is_seen_to_go_wrong(notebook):
    reader = shown(notebook(UPHILL))
    expect(reader.root.get_by_label("Loss", exact=True)).to_have_value("yours")
    expect(reader.root.get_by_role("option", name="yours: uphill")).to_be_attached()
    expect(reader.root.locator(".fault")).to_contain_text("The gradient is not the slope")
    before = reader.loss()
    reader.press("Update once")
    expect(reader.output("total loss")).not_to_have_text(f"{before:.4f}")
    assert reader.loss() > before + 0.01
    reader.root.get_by_label("Loss", exact=True).select_option("softmax")
    reader.press("Step back")
    reader.press("Step back")
    expect(reader.output("total loss")).to_have_text(f"{before:.4f}")


def test_a_function_that_fails_is_told_in_the_widget(notebook):
    book = notebook(FAILING)
    book.run(0)
    alert = book.cells.first.locator(".cs231n-explorer").get_by_role("alert")
    expect(alert).to_contain_text("failing returned float for W (3, 3), X (9, 3) and reg 0; "
                                  "expected the pair loss")


def test_keys_pressed_in_the_plane_are_no_commands_of_jupyterlab(notebook):
    book = notebook(SHOW, ASK)
    reader = shown(book)
    reader.plane.focus()
    for key in ("n", "a", "2", "b", "x", "Delete", "Escape", "a"):
        book.page.keyboard.press(key)
    expect(reader.root.locator("table.points tbody tr")).to_have_count(10)
    expect(book.cells).to_have_count(2)
