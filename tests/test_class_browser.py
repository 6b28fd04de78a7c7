"""The grader's pages in Chromium: accessible, sorted by a click, printed whole, deaf to attacks."""
from importlib.resources import files

import pytest
from browser import Watch, context_of
from class_results import result, row
from playwright.sync_api import expect
from test_class_page import PAGES, Left, evil

from cs231n_lite.grading.reporting.overview import class_page
from cs231n_lite.grading.reporting.pages import page

pytestmark = pytest.mark.slow
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
LINE = "Line 19, `dW += reg * W`: the regularization here is not the one that is needed."
WRITTEN = [{"notebook": "svm.ipynb", "question": "Why `9`?", "answer": "One.\n\n```\ntwo\n```"}]


def student(name: str, correct: int, *rows: dict) -> dict:
    """A student who has the first exercises right."""
    ids = [found["exercise"] for found in result(name)["exercises"]][:correct]
    return result(name, *map(row, ids), *rows, written=WRITTEN, points=correct + 0.5, of=16)


CODE = "def svm_loss_naive(W, X, y, reg):\n    # just as the notes have it\n" + "    a = 1\n" * 20
HALF = row("svm_loss_naive", "gradient: regularization halved", message=LINE, cells=(CODE,))
CLASS = [student("Čeněk", 3, HALF, row("softmax_loss_naive", "gradient: regularization halved")),
         student("王小明", 10, HALF), student("ada", 2, row("sgd", "loss: data")),
         student("ben", 1, row("sgd", verdict="does not run", message="Broken."))]
SHOWN = {"class": class_page(CLASS, [Left("zip", "It is empty.")], "Isolated.", compared=True),
         "one": class_page(CLASS[:1]), "student": page(CLASS[0], {}), "evil": PAGES["class"](),
         "evil student": page(evil(), {})}


@pytest.fixture
def opened(chromium, tmp_path):
    """Gives a tab with a page that lies in a file, in light or dark, so many pixels wide."""
    contexts = []

    def open_page(text: str, scheme: str = "light", width: int = 1440, scale: float = 1,
                  scripts: bool = True):
        contexts.append(context_of(
            chromium, color_scheme=scheme, viewport={"width": width, "height": 900},
            bypass_csp=False, device_scale_factor=scale, java_script_enabled=scripts))
        tab = contexts[-1].new_page()
        (tmp_path / "index.html").write_text(text, encoding="utf-8")
        tab.watch = Watch(tab)
        tab.goto((tmp_path / "index.html").as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()


def findings(tab) -> list[str]:
    """What axe-core finds wrong with a page."""
    tab.evaluate(AXE)
    found = tab.evaluate("axe.run().then((found) => found.violations)")
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("kind", SHOWN)
def test_axe_finds_nothing_in_light_and_dark_and_at_200_per_cent(opened, kind):
    zoomed = (dict(width=720, scale=2), dict(width=360)) if kind in ("class", "student") else ()
    for how in (dict(), dict(scheme="dark"), *zoomed):
        tab = opened(SHOWN[kind], **how)
        assert findings(tab) == [], how
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), how


def test_long_names_of_files_fit_into_400_pixels(opened):
    told = f"Canvas: {'hoppergrace_LATE_1002_55020_linear_classification.ipynb, ' * 3}3 notebooks"
    tab = opened(page(student("ada", 3, HALF) | {"told": told}, {}), width=400)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 400


def test_at_400_pixels_nothing_but_the_grid_of_verdicts_is_scrolled_sideways(opened):
    tab = opened(SHOWN["class"], width=400)
    wide = tab.evaluate("""[...document.querySelectorAll(".wide")]
        .filter((part) => part.scrollWidth > part.clientWidth)
        .map((part) => part.firstElementChild.className)""")
    assert wide == ["sortable grid"]


@pytest.mark.parametrize("old, new, rule", [
    ("<main ", "<div ", "region"),
    ("--quiet: light-dark(#5a5f66", "--quiet: light-dark(#a0a5ac", "color-contrast"),
    ('lang="en"', "", "html-has-lang")])
def test_a_planted_fault_is_found(opened, old, new, rule):
    assert old in SHOWN["class"]
    found = findings(opened(SHOWN["class"].replace(old, new)))
    assert any(finding.startswith(f"{rule}: ") for finding in found)


def test_a_click_on_a_header_sorts_and_another_one_turns_it_round(opened):
    tab = opened(SHOWN["class"])
    grid = tab.locator("table.grid")
    names = lambda: grid.locator("tbody th").all_inner_texts()  # noqa: E731
    assert names() == ["ada", "ben", "Čeněk", "王小明"]
    for _, wanted in zip(range(2), (["王小明", "Čeněk", "ada", "ben"],
                                    ["ben", "ada", "Čeněk", "王小明"])):
        grid.get_by_role("button", name="correct").click()
        assert names() == wanted
    assert grid.locator("th[aria-sort=ascending]").inner_text() == "correct"
    grid.get_by_role("button", name="9 sgd").click()
    assert (names()[0], names()[-1]) == ("Čeněk", "王小明")  # not attempted, wrong, correct
    assert tab.watch.errors == [] and tab.watch.hosts == {""}


def test_without_a_script_the_page_says_the_same(opened):
    text = lambda scripts: opened(SHOWN["class"], scripts=scripts).inner_text("main")  # noqa: E731
    assert text(True).split() == text(False).split()


def test_on_paper_all_that_is_folded_is_open(opened):
    tab = opened(SHOWN["class"])
    names = tab.locator(".who li a").first
    assert not names.is_visible()
    tab.emulate_media(media="print")
    expect(names).to_be_visible()


@pytest.mark.parametrize("kind", ["class", "student"])
def test_a_script_that_came_into_a_page_after_all_would_not_run(opened, kind):
    attack = ('<script>hit = 1</script><img src="data:," onerror="hit = 1">'
              '<a href="javascript:hit=1" id=bait>x</a><form action="http://127.0.0.1:9/">')
    tab = opened(SHOWN[kind].replace("</main>", f"{attack}</main>"))
    tab.locator("#bait").click()
    assert tab.evaluate("typeof hit") == "undefined" and tab.watch.errors
    assert tab.watch.hosts == {""}
