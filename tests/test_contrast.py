"""What is too pale in a picture is found, and nothing in the notebooks' pictures is."""
import re
from itertools import combinations

import contrast
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba_array
from nbformat.v4 import new_code_cell
from notebook_runs import ROOT, clean_environment, code_cells, execute

from cs231n_lite import plots
from cs231n_lite.exercises.registry import ASKING

PALE = {
    "a text": lambda ax: ax.text(0.5, 0.5, "pale", color="0.5"),
    "a line": lambda ax: ax.plot([0, 1], color="0.7"),
    "an arrow": lambda ax: ax.annotate("", (0, 0), (1, 1), arrowprops={"color": "0.7"}),
    "a bar": lambda ax: ax.bar([0], [1], color="0.7"),
    "a point among dark ones": lambda ax: ax.scatter([0, 1, 2], [0, 1, 2], c=["0", "0", "0.7"]),
    "a point with a narrow edge": lambda ax: ax.plot([0], "o", color="0.7", mec="0", mew=0.5),
    "an area": lambda ax: ax.axvspan(0, 1, color="0", alpha=0.2),
    "a mark on a mark": lambda ax: (ax.plot([0], "o", color="0.7", mec="0", ms=12),
                                    ax.plot([0], "x", color="1")),
}


@pytest.mark.parametrize("kind", PALE)
def test_what_is_too_pale_in_a_picture_is_found(kind):
    figure, ax = plt.subplots(figsize=(2, 2))
    assert contrast.flaws(figure) == []
    PALE[kind](ax)
    assert len(contrast.flaws(figure)) == 1
    plt.close(figure)


def test_a_mark_is_seen_by_its_edge_and_a_line_where_it_crosses_points():
    figure, ax = plt.subplots(figsize=(2, 2))
    ax.plot([0, 1], [0, 1], "o", color="1", mec="0", ms=12)
    ax.plot([0, 1], [0, 1], color="0.3", zorder=3)
    ax.bar([0.5], [0.5], bottom=0.25, color="0.9", edgecolor="0", zorder=0)
    assert contrast.flaws(figure) == []
    plt.close(figure)


def test_black_or_white_stands_out_from_any_colour():
    colours = np.random.default_rng(0).random((500, 3))
    inks = np.array([to_rgb(plots.ink_on(colour)) for colour in colours])
    assert contrast.ratio(inks, colours).min() >= contrast.TEXT


def test_the_colours_of_classes_and_lines_can_be_told_apart_by_the_colour_blind():
    with plt.style.context("cs231n_lite.house"):
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    colours = to_rgba_array(cycle)[:, :3]
    assert tuple(cycle[:3]) == plots.COLOURS
    assert contrast.ratio(colours, np.ones(3)).min() >= contrast.TEXT
    for blindness in contrast.BLIND.values():
        seen = contrast.lab(255 * colours, blindness)
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 10


MEASURE = """import contrast
from cs231n_lite import plots

pale, save = [], plots.Picture.__init__

def measured(picture, figure, alt):
    pale.append((alt, contrast.flaws(figure)))
    save(picture, figure, alt)

plots.Picture.__init__ = measured"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKING)
def test_all_texts_and_marks_in_the_pictures_of_a_notebook_stand_out(name, tmp_path):
    text = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    hurried = nbformat.reads(re.sub(r"(num_iters=\d+)00\b", r"\1", text), as_version=4)
    number = text.count('"image/png": {')
    shown = new_code_cell("print(len(pale), [each for each in pale if each[1]])")
    hurried.cells = [new_code_cell(MEASURE), *code_cells(hurried), shown]
    environment = clean_environment(tmp_path, CS231N_LITE_DATA="cartoon", OMP_NUM_THREADS="1",
                                    PYTHONPATH=str(ROOT / "tests"))
    execute(hurried, ROOT / "notebooks", environment)
    assert hurried.cells[-1].outputs[0].text == f"{number} []\n"
