"""Pages, cards and pictures are for every reader: WCAG 2.1 AA, as far as axe-core can tell."""
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import context_of, settle
from lab import OpenNotebook, running
from nbformat.v4 import new_code_cell, new_notebook
from notebook_runs import ROOT, clean_environment, code_cells
from playwright.sync_api import Browser, Page, expect

from cs231n_lite.exercises import progress
from cs231n_lite.exercises.registry import ASKING
from cs231n_lite.exercises.webpages import page_of
from cs231n_lite.explorer.page import page as explorer_page
from cs231n_lite.gradcheck import grad_check_sparse

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
WIDE, TWICE_AS_LARGE = {"width": 1280, "height": 900}, {"width": 640, "height": 450}
MODES = {"light": {"color_scheme": "light", "forced_colors": "none"},
         "dark": {"color_scheme": "dark", "forced_colors": "none"},
         "forced colours": {"color_scheme": "light", "forced_colors": "active"}}
# Each is a fault of another kind.
FAULTS = {
    "image-alt": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>",
    "color-contrast": "<p style='color: #aaa; background: #fff'>pale</p>",
    "label": "<input type='text'>",
    "button-name": "<button></button>",
    "link-name": "<a href='#x'></a>",
    "td-headers-attr": "<table><tr><th>head</th></tr><tr><td headers='none'>1</td></tr></table>",
}


def flaws(page: Page, part: str = "body") -> list[str]:
    """What axe-core finds in a part of a page, each with the first place."""
    found = Axe().run(page, context=part, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


# JupyterLab fetches another theme, and says so once it is there.
THEMED = """(scheme) => [undefined, String(scheme === "light")].includes(
    document.body.dataset.jpThemeLight)"""


def in_all_modes(page: Page, part: str = "body") -> dict[str, list[str]]:
    """The same in light, dark and forced colours, and at 200 per cent."""
    found = {}
    for name, media in MODES.items():
        page.emulate_media(**media)
        page.wait_for_function(THEMED, arg=media["color_scheme"])
        settle(page)
        found[name] = flaws(page, part)
    page.emulate_media(**MODES["light"])
    page.wait_for_function(THEMED, arg="light")
    page.set_viewport_size(TWICE_AS_LARGE)
    settle(page)
    return found | {"200 per cent": flaws(page, part)}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page."""
    context = context_of(chromium, viewport=WIDE)
    yield context.new_page()
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(page, fault):
    body = "<main><h1>title</h1>{}</main>"
    page.set_content(f"<html lang='en'><title>title</title>{body.format('')}</html>")
    assert flaws(page) == []
    page.set_content(f"<html lang='en'><title>title</title>{body.format(FAULTS[fault])}</html>")
    assert [flaw.partition(":")[0] for flaw in flaws(page)] == [fault]


@pytest.mark.slow
def test_the_explorer_has_no_flaw(page):
    page.set_content(explorer_page())
    page.get_by_role("button", name="Repeat").wait_for()
    assert in_all_modes(page) == {mode: [] for mode in (*MODES, "200 per cent")}
    assert page.locator("thead th[scope=col]").count() == page.locator("thead tr > *").count() > 0
    assert page.locator("tbody th[scope=row]").count() == page.locator("tbody tr").count() > 0


CELLS = """\
import matplotlib.pyplot as plt
from cs231n_lite import plots
from cs231n_lite.exercises import check, hint, progress, solution

def predict(W, X):
    return (X @ W).argmin(axis=1)
check(predict)
---
def predict(W, X):
    return (X @ W).argmax(axis=1)
check(predict)
---
def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    raise NotImplementedError
check(sgd)
---
hint("sgd")
---
solution("predict")
---
progress()
---
figure, ax = plt.subplots()
plots.Picture(figure, "Axes that hold nothing")"""


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNotebook]:
    """A notebook of cards, all of them run, in a JupyterLab that follows the browser's theme."""
    folder = tmp_path_factory.mktemp("lab")
    themes = folder / "config/lab/user-settings/@jupyterlab/apputils-extension"
    themes.mkdir(parents=True)
    (themes / "themes.jupyterlab-settings").write_text(json.dumps({"adaptive-theme": True}))
    context = context_of(chromium, viewport=WIDE)
    with running(folder) as address:
        book = OpenNotebook(context.new_page(), address, folder, *CELLS.split("\n---\n"))
        for number in range(len(CELLS.split("\n---\n"))):
            book.run(number)
        yield book
    context.close()


@pytest.mark.slow
def test_the_cards_in_jupyterlab_have_no_flaw(lab):
    cards = ".jp-OutputArea-output.jp-RenderedHTMLCommon"
    expect(lab.page.locator(cards)).to_have_count(7)
    assert in_all_modes(lab.page, cards) == {
        mode: [] for mode in (*MODES, "200 per cent")}


@pytest.mark.slow
def test_what_a_picture_shows_stands_below_it_in_words(lab):
    words = lab.page.locator(".jp-CodeCell").last.get_by_role("group")
    words.get_by_text("In words").click()
    assert "Axes that hold nothing" in words.inner_text()


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKING)
def test_a_notebook_as_a_web_page_has_no_flaw_and_a_text_for_each_picture(page, name):
    path = ROOT / "notebooks" / f"{name}.ipynb"
    page.set_content(page_of(path))
    assert flaws(page) == []
    metadata = [output.metadata["image/png"]["alt"]
                for cell in code_cells(nbformat.read(path, as_version=4))
                for output in cell.outputs if "image/png" in output.get("data", {})]
    assert [picture.get_attribute("alt") for picture in page.locator("img").all()] == metadata


TABLES = {"progress": progress, "gradient check": lambda: grad_check_sparse(
    lambda W: float(np.sum(W**2)), np.ones((2, 2)), np.full((2, 2), 2.0))}


@pytest.mark.parametrize("table", TABLES)
def test_each_column_of_a_table_has_a_header(table, tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "progress.json"))
    head, *rows = re.findall("<tr>.*?</tr>", TABLES[table]()._repr_html_())
    columns = head.count('<th scope="col"')
    assert columns > 1 and head.count("<th") == columns
    assert rows and all(row.count("<td") == columns for row in rows)


@pytest.mark.slow
def test_an_exported_page_shows_the_still_picture_of_the_explorer_without_a_network(
        page, tmp_path):
    cell = new_code_cell("from cs231n_lite.explorer import Explorer\nExplorer()")
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "explorer.ipynb")
    environment = clean_environment(tmp_path, PYTHONPATH=str(ROOT))
    subprocess.run([sys.executable, "-m", "nbconvert", "--execute", "--to", "html",
                    "explorer.ipynb"], cwd=tmp_path, env=environment, check=True,
                   capture_output=True)
    page.context.set_offline(True)
    page.goto((tmp_path / "explorer.html").as_uri())
    assert page.locator("script[type*=widget-view]").count() == 1
    picture = page.locator(".jp-OutputArea img")
    assert picture.is_visible() and picture.bounding_box()["width"] > 300
    words = page.get_by_text("In words")
    words.click()
    assert "7 of 9 right" in page.locator(".jp-OutputArea").inner_text()
