"""The explorer without a browser: its arithmetic, refusals, still picture, widget, page as text."""
import json
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import nbformat.v4
import numpy as np
import pytest
from explorer_states import (
    COUNTS,
    is_near_a_kink,
    losses_by_definition,
    random_states,
    slopes_by_definition,
    total_by_definition,
)
from IPython.core.interactiveshell import InteractiveShell
from notebook_runs import ROOT, WIDGET_VIEW, clean_environment, execute, nbval, normalize

from cs231n_lite.explorer import Explorer, bundle, page
from cs231n_lite.explorer.__main__ import main
from cs231n_lite.explorer.arithmetic import LOSSES, arrays, evaluate, weights
from cs231n_lite.explorer.descent import descend
from cs231n_lite.explorer.presets import PRESETS, preset_state
from cs231n_lite.explorer.state import check_state
from cs231n_lite.explorer.still import TITLES, still
from cs231n_lite.explorer.widget import answer
from cs231n_lite.losses import softmax_loss_vectorized, svm_loss_naive, svm_loss_vectorized

COURSE = preset_state("course")


def under(name, **parts):
    """The course's starting picture under another loss."""
    return COURSE | {"loss": name} | parts


# --------------------------------------------------------------- arithmetic


@pytest.mark.parametrize("name, data", [
    ("weston_watkins", .645), ("softmax", .6754), ("structured", .6446), ("one_vs_all", 2.453)])
def test_losses_of_the_courses_demo_come_out(name, data):
    result = evaluate(under(name))
    assert result["data"] == pytest.approx(data, abs=5e-4)
    assert result["regularization"] == pytest.approx(1.925, abs=5e-4)
    assert result["total"] == pytest.approx(result["data"] + result["regularization"])
    assert np.mean(result["losses"]) == pytest.approx(result["data"])


def test_formulations_differ_where_one_point_violates_two_margins():
    state = COURSE | {"points": [[0.0, 0.0, 0]], "b": [0.0, 2.0, 0.5]}  # margins 3 and 1.5
    values = {name: evaluate(state | {"loss": name})["data"] for name in list(LOSSES)[:4]}
    assert values == {"weston_watkins": 4.5, "squared_hinge": 11.25, "structured": 3.0,
                      "one_vs_all": 5.5}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_that_of_the_loss_on_display_in_random_states(name, count):
    compared = 0
    for state, rows in random_states(count):
        state = state | {"loss": name}
        result = evaluate(state, rows)
        total = total_by_definition(state, None, weights(state))
        assert result["total"] == pytest.approx(total, rel=1e-12, abs=1e-12)
        if not is_near_a_kink(state):
            gradient = np.column_stack([result["dW"], result["db"]]).T
            np.testing.assert_allclose(gradient, slopes_by_definition(state, rows),
                                       rtol=1e-6, atol=1e-6)
            compared += 1
    assert compared > 0.7 * count


@pytest.mark.parametrize("name", LOSSES)
def test_each_point_has_its_scores_and_its_own_loss(name):
    result = evaluate(under(name))
    W, X, y = arrays(COURSE)
    np.testing.assert_allclose(result["scores"], X @ W, rtol=1e-12)
    np.testing.assert_allclose(result["losses"], losses_by_definition(name, X @ W, y), atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_regularization_leaves_the_biases_out(name):
    weak, strong = (evaluate(under(name, reg=reg)) for reg in (0.0, 1.0))
    assert strong["regularization"] == pytest.approx(np.sum(np.square(COURSE["W"])))
    np.testing.assert_allclose(np.subtract(strong["dW"], weak["dW"]),
                               2 * np.array(COURSE["W"]), atol=1e-12)
    assert strong["db"] == weak["db"]


def test_a_minibatch_gives_the_gradient_and_all_points_the_losses():
    alone = evaluate(COURSE | {"points": [COURSE["points"][8]]})
    batch, full = evaluate(COURSE, rows=[8]), evaluate(COURSE)
    np.testing.assert_allclose(batch["dW"], alone["dW"], rtol=1e-12)
    assert batch["db"] == alone["db"] != full["db"]
    assert (batch["losses"], batch["total"]) == (full["losses"], full["total"])


@pytest.mark.parametrize("name", LOSSES)
def test_without_points_only_the_penalty_is_left(name):
    result = evaluate(under(name, points=[]))
    assert (result["scores"], result["losses"], result["data"]) == ([], [], 0.0)
    assert result["db"] == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(result["dW"], 0.2 * np.array(COURSE["W"]), atol=1e-12)


# --------------------------------------------------------------- a student's function


def half_the_penalty(W, X, y, reg):
    """A slip: the penalty's gradient lacks its 2."""
    loss, dW = softmax_loss_vectorized(W, X, y, reg)
    return loss, dW - reg * W


def test_a_slip_in_reg_shows_in_the_weights_and_nowhere_else():
    right, wrong = evaluate(under("softmax")), evaluate(under("yours"), loss=half_the_penalty)
    np.testing.assert_allclose(np.subtract(right["dW"], wrong["dW"]),
                               0.1 * np.array(COURSE["W"]), atol=1e-12)
    assert (wrong["total"], wrong["db"]) == (right["total"], right["db"])


def test_a_sum_in_place_of_a_mean_shows():
    def summed(W, X, y, reg):
        loss, _ = svm_loss_vectorized(W, X, y, reg)
        return loss, len(X) * svm_loss_vectorized(W, X, y, 0.0)[1] + 2 * reg * W

    right, wrong = evaluate(COURSE), evaluate(under("yours"), loss=summed)
    np.testing.assert_allclose(wrong["db"], 9 * np.array(right["db"]))


def test_a_function_that_writes_on_its_arguments_harms_nobody_else():
    def careless(W, X, y, reg):
        answer = svm_loss_vectorized(W, X, y, reg)
        W[:], X[:], y[:] = 0.0, 0.0, 0
        return answer

    assert evaluate(under("yours"), loss=careless) == evaluate(COURSE)


def stub(W, X, y, reg):
    raise NotImplementedError


def raising(W, X, y, reg):
    raise IndexError("index 3 is out of bounds\nfor axis 0")


UNUSABLE = {
    "raised IndexError: index 3 is out of bounds for axis 0": raising,
    "returned None": lambda W, X, y, reg: None,
    "returned float": lambda W, X, y, reg: 1.0,
    "returned tuple of length 3": lambda W, X, y, reg: (1.0, W, W),
    "returned None as dW": lambda W, X, y, reg: (1.0, None),
    "returned None as the loss": lambda W, X, y, reg: (None, W),
    "returned an array of shape (3,) as the loss": lambda W, X, y, reg: (y[:1] * np.ones(3), W),
    "returned an array of shape (2, 3) as dW": lambda W, X, y, reg: (1.0, W[:2]),
    "returned dict as dW": lambda W, X, y, reg: (1.0, {}),
    "returned the loss inf": lambda W, X, y, reg: (np.exp(1e6), W),
    "returned a dW that holds nan or infinity": lambda W, X, y, reg: (1.0, W / 0),
}


@pytest.mark.parametrize("got", UNUSABLE)
def test_what_a_function_gives_that_cannot_be_used_is_told_in_a_sentence(got):
    function = UNUSABLE[got]
    result = answer({"serial": 5, "state": under("yours"), "batches": [None]}, function)
    assert result["serial"] == 5
    assert re.fullmatch(r"[^\n]*; expected [^\n.]*\.", result["error"])
    assert result["error"].startswith(f"{function.__name__} {got}")


# --------------------------------------------------------------- requests


@pytest.mark.parametrize("part, value", [
    ("points", "none"), ("points", [[0.5, 2, 1]]), ("points", [[-1.5, 0, 1]]),
    ("points", [[0, 0, 3]]), ("points", [[0, 0]]), ("points", [[0, 0, 0]] * 101),
    ("points", [["0", 0, 0]]), ("points", [[float("nan"), 0, 0]]),
    ("W", [[1, 2], [3, 4]]), ("W", [[1, 2, 3]] * 3), ("W", [[1, None]] * 3),
    ("b", [0, 0, float("inf")]), ("b", 0), ("loss", "hinge"), ("loss", ["softmax"]),
    ("reg", -0.1), ("reg", True), ("step", 0), ("batch", 1.5), ("batch", -1),
    ("speed", 2), ("speed", True), ("speed", "10"),
])
def test_a_part_of_a_state_that_cannot_be_is_refused_in_a_sentence(part, value):
    with pytest.raises(ValueError, match=rf"^{part} is .+; expected .+\.$"):
        check_state(COURSE | {part: value})


@pytest.mark.parametrize("request_, sentence", [
    ({}, "The request has no state"),
    ({"serial": 1, "state": None}, "The request has no state"),
    ({"serial": 1, "state": {}}, "The state has no points"),
    ({"serial": 1, "state": COURSE | {"colour": "red"}}, "colour is no part of a state"),
    *[({"serial": 1, "state": COURSE, "batches": [None, rows]}, f"rows is {re.escape(repr(rows))};")
      for rows in ([9], [-1], [], "all", [True], [1.0], [0.5], [None])],
    *[({"serial": 1, "state": COURSE, "batches": batches}, "batches is ")
      for batches in (None, [], "all", 3)],
    ({"serial": 1, "state": COURSE | {"loss": "yours"}, "batches": [None]},
     'The loss "yours" was asked for'),
])
def test_a_malformed_request_is_answered_and_raises_nothing(request_, sentence):
    result = answer(request_, None)
    assert result["serial"] == request_.get("serial")
    assert re.match(sentence, result["error"])


def test_every_preset_is_a_state_with_a_title_and_something_to_try():
    for name, preset in PRESETS.items():
        check_state(preset_state(name))
        assert preset["title"] and preset["try"].endswith((".", "?"))
    with pytest.raises(ValueError, match="preset is 'spirals'; expected one of course, separable"):
        preset_state("spirals")


def lowest_data_loss(name, preset, step=0.3, updates=3000):
    """What gradient descent comes down to without regularization."""
    W, X, y = arrays(preset_state(preset))
    losses = []
    while len(losses) < updates and 0 not in losses[-1:]:
        loss, dW = LOSSES[name](W, X, y, 0.0)
        losses.append(loss)
        W = W - step * dW
    return min(losses)


def test_one_vs_all_cannot_separate_the_class_in_the_middle_and_weston_watkins_can():
    assert lowest_data_loss("weston_watkins", "middle") == 0
    assert lowest_data_loss("one_vs_all", "middle") > 0.3


def test_the_separable_points_cost_an_svm_nothing_and_a_softmax_something():
    assert lowest_data_loss("weston_watkins", "separable") == 0
    assert lowest_data_loss("softmax", "separable") > 0


# --------------------------------------------------------------- the still picture


def test_the_still_picture_tells_the_losses_in_words():
    assert still(COURSE).alt == (
        "A plane with 3, 3 and 3 points of classes 0, 1 and 2, and the line of zero score of each. "
        "Loss (Weston–Watkins): data 0.645 + regularization 1.925 = 2.570; "
        "7 of 9 right, 5 short of the margin."
    )


def test_the_still_picture_tells_of_the_points_held_out():
    sample = {"shape": "overlapping", "seed": 1, "noise": 0.2, "number": 24, "split": True}
    explorer = Explorer(sample=sample, loss="softmax")
    result = evaluate(explorer.state)
    words = f"held out: data {result['held_data']:.3f}, {result['held_accuracy']:.0%} right."
    assert still(explorer.state).alt.endswith(words)


def test_the_still_picture_says_when_the_students_function_fails():
    alt = still(under("yours"), raising).alt
    assert "Loss (yours: raising): no loss, since the function failed; 7 of 9 right." in alt


def test_the_still_picture_says_when_the_students_function_is_not_written_yet():
    assert "(yours: stub): no loss, since the function is not written yet" in still(
        under("yours"), stub).alt


def test_python_and_the_front_end_call_the_losses_the_same():
    titled = r'^  (\w+): \{\s+title: "([^"]+)"'
    shown = dict(re.findall(titled, bundle.text("state.js"), re.MULTILINE))
    assert shown == TITLES and shown.keys() == LOSSES.keys()


# --------------------------------------------------------------- the widget


def test_the_widget_begins_with_the_courses_picture():
    explorer = Explorer()
    assert explorer.state == COURSE and explorer.yours == ""
    assert explorer.W.tolist() == [[2.06, 0.44, 2.27], [1.48, -1.82, -2.04], [-0.42, 0.52, -0.10]]
    assert explorer.result == {"serial": 0} | descend(COURSE)


def test_the_widget_answers_each_request_by_its_serial():
    explorer = Explorer()
    explorer.request = {"serial": 7, "state": under("softmax"), "batches": [[0, 3]]}
    assert explorer.result == {"serial": 7} | descend(under("softmax"), [[0, 3]])
    assert explorer.state["loss"] == "softmax"
    explorer.request = {"serial": 8}
    assert explorer.result["error"].startswith("The request has no state")


@pytest.mark.parametrize("name, loss", LOSSES.items())
def test_a_function_of_the_package_is_chosen_by_its_name(name, loss):
    explorer = Explorer(loss=loss)
    assert (explorer.state["loss"], explorer.yours) == (name, "")
    assert Explorer(loss=name).state == explorer.state


@pytest.mark.parametrize("loss", [half_the_penalty, svm_loss_naive])
def test_any_other_function_is_yours(loss):
    explorer = Explorer(loss=loss)
    assert (explorer.state["loss"], explorer.yours) == ("yours", loss.__name__)
    assert explorer.result == {"serial": 0} | descend(under("yours"), loss=loss)


def test_parts_of_the_state_take_the_place_of_the_presets():
    explorer = Explorer(preset="middle", reg=0.5, b=np.zeros(3), points=np.array([[0.5, 0.5, 1]]))
    assert explorer.state["W"] == COURSE["W"] and explorer.state["points"] == [[0.5, 0.5, 1]]
    assert (explorer.state["reg"], explorer.state["b"]) == (0.5, [0.0, 0.0, 0.0])


@pytest.mark.parametrize("parts, sentence", [
    ({"preset": "spirals"}, "preset is 'spirals'"),
    ({"reg": -1}, "reg is -1; expected a number from 0 to 10."),
    ({"colour": "red"}, "colour is no part of a state"),
    ({"loss": "hinge"}, "loss is 'hinge'; expected one of weston_watkins"),
    ({"loss": 3}, "loss is of type int; expected a function"),
])
def test_an_explorer_that_cannot_be_is_refused_in_a_sentence(parts, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Explorer(**parts)


@pytest.fixture
def published(monkeypatch):
    """What IPython is given to show: data and metadata."""
    shown = []
    publisher = InteractiveShell.instance().display_pub
    monkeypatch.setattr(publisher, "publish", lambda data, metadata=None, **_: shown.append(
        nbformat.v4.new_output("display_data", data, metadata=metadata or {})))
    yield shown
    InteractiveShell.clear_instance()


def test_the_widget_is_followed_by_a_still_picture_of_what_it_shows(published):
    explorer = Explorer(loss=half_the_penalty)
    explorer._ipython_display_()
    widget, picture, words = published
    assert widget.data[WIDGET_VIEW]["model_id"] == explorer.model_id
    assert b64decode(picture.data["image/png"]).startswith(b"\x89PNG")
    alt = still(explorer.state, half_the_penalty).alt
    assert picture.data["text/plain"] == picture.metadata["image/png"]["alt"] == alt
    assert alt in words.data["text/html"]


def test_a_stored_notebook_keeps_the_picture_and_drops_the_widget(published):
    Explorer()._ipython_display_()
    cell = nbformat.v4.new_code_cell("Explorer()", id="a", outputs=published)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["widgets"] = {WIDGET_VIEW: {}}
    stored = normalize(notebook)
    assert "vnd.jupyter.widget" not in stored
    kept = [output["data"].keys() for output in json.loads(stored)["cells"][0]["outputs"]]
    assert kept == [{"image/png", "text/plain"}, {"text/html"}]


@pytest.mark.slow
def test_a_notebook_with_an_explorer_is_stored_and_passes_nbval(tmp_path):
    source = "from cs231n_lite.explorer import Explorer\nExplorer()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="a")])
    environment = clean_environment(tmp_path, PYTHONPATH=str(ROOT))
    execute(notebook, tmp_path, environment)
    stored = normalize(notebook)
    assert "image/png" in stored and WIDGET_VIEW not in stored
    assert nbval(tmp_path, {"explorer.ipynb": stored}, PYTHONPATH=str(ROOT)).red == {}


def run(code):
    """What a fresh Python says to this code."""
    return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)


@pytest.mark.slow
def test_all_but_the_widget_works_without_anywidget():
    block = "import sys; sys.modules['anywidget'] = None; "
    assert run(f"{block} from cs231n_lite.explorer import page, still; page.page()").returncode == 0
    refused = run(f"{block} from cs231n_lite.explorer import Explorer")
    last = refused.stderr.splitlines()[-1]
    assert last.startswith("ImportError: Explorer needs anywidget, which is not installed")
    with pytest.raises(ImportError, match="cannot import name 'Explorers'"):
        from cs231n_lite.explorer import Explorers  # noqa: F401


# --------------------------------------------------------------- the bundle and the page


def test_the_bundle_joins_every_module_and_keeps_one_export():
    assert {path.stem for path in bundle.FRONT.glob("*.js")} == set(bundle.MODULES)
    lines = [line for line in bundle.module().splitlines()
             if re.match(r"\s*(import|export)\b", line)]
    assert lines == ["export default widget;"]
    assert not re.search(r"^(import|export)\b", bundle.script(), re.MULTILINE)


def test_no_two_modules_define_the_same_name():
    defined = r"^(?:const|let|(?:async )?function\*?|class) (\w+)"
    names = re.findall(defined, bundle.script(), re.MULTILINE)
    assert len(names) > 20 and sorted(names) == sorted(set(names))


def test_the_page_holds_all_it_needs():
    text = page.page()
    assert "/*{" not in text and text.count("</script>") == 1
    elsewhere = (r"https?:|//\w+\.|@import|url\((?!data:)|\bfetch\(|XMLHttpRequest|WebSocket"
                 r"|sendBeacon")
    assert not re.search(elsewhere, text)
    fetched = r"<(?:link|script|img|iframe)\b[^>]*(?:src|href)=\"([^\"]*)\""
    assert re.findall(fetched, text) == ["data:,"]


def test_the_page_is_the_same_each_time(tmp_path):
    first, second = (page.write_page(tmp_path / name / "explorer.html") for name in "ab")
    assert first.read_bytes() == second.read_bytes() == page.page().encode()


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "explorer.html"
    path.write_text("old")

    def full(self, *_, **__):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left on device"):
        page.write_page(path)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


def test_the_command_says_where_the_page_is(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["explorer"])
    main()
    path = Path("build", "explorer.html").resolve()
    assert capsys.readouterr().out == f"The explorer is in {path}; open it in a browser.\n"


def test_the_command_says_in_a_sentence_why_there_is_no_page(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "argv", ["explorer", str(tmp_path / "file" / "explorer.html")])
    refusal = "explorer.html could not be written: .+; name another file.$"
    with pytest.raises(SystemExit, match=refusal):
        main()
