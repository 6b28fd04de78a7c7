"""The explorer's front end piece by piece, in a real browser: what is drawn, checked and undone."""
import itertools
import json
import re
from collections.abc import Callable, Iterator
from inspect import signature

import numpy as np
import pytest
from answers import right, wrong
from answers.rare import RARE
from contrast import BLIND, MARK, TEXT, lab, ratio
from explorer_states import COUNTS, kinds_of_loss, random_states
from matplotlib.colors import to_rgba_array
from playwright.sync_api import Browser

from cs231n_lite.explorer.arithmetic import evaluate
from cs231n_lite.explorer.bundle import script
from cs231n_lite.explorer.descent import descend
from cs231n_lite.explorer.presets import PRESETS, preset_state
from cs231n_lite.explorer.widget import answer

LOSS_OF = {"svm": "weston_watkins", "softmax": "softmax"}  # of an exercise, by its first word
# An expression of JavaScript, a function of one argument, and that; what it makes of it.
Ask = Callable[[str, object], object]


@pytest.fixture(scope="module")
def ask(chromium: Browser) -> Iterator[Ask]:
    """Asks the front end's own functions."""
    page = chromium.new_page()

    def ask(expression: str, argument: object) -> object:
        call = (f"async (text) => {{ {script()}\n"
                f" return JSON.stringify(await ({expression})(JSON.parse(text))); }}")
        return json.loads(page.evaluate(call, json.dumps(argument)))

    yield ask
    page.close()


# --------------------------------------------------------------- arithmetic


def flat(result: dict) -> np.ndarray:
    """All numbers of a result in a row."""
    return np.concatenate([np.ravel(result[name]).astype(float) for name in sorted(result)
                           if name not in ("stopped", "slopes")])


@pytest.mark.parametrize("count", COUNTS)
def test_javascript_descends_as_python_does_and_checks_the_gradient_alike(ask, count):
    asked = [{"state": state, "batches": [rows, None, rows], "check": True}
             for each, rows in random_states(count // 5) for state in kinds_of_loss(each)]
    answers = ask("(asked) => asked.map(descend)", asked)
    for request, answer_ in zip(asked, answers, strict=True):
        expected = descend(**request)
        assert answer_.keys() == expected.keys() and not np.any(answer_["differs"])
        assert answer_["stopped"] == expected["stopped"]
        np.testing.assert_allclose(flat(answer_), flat(expected), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(answer_["slopes"], expected["slopes"], rtol=1e-9, atol=1e-8)


# --------------------------------------------------------------- the check of the gradient


def checked(ask: Ask, cases: list[tuple[str, Callable, dict, list | None]]) -> list[bool]:
    """Whether each function, called so, is marked in this state and minibatch."""
    views = []
    for called, function, state, rows in cases:
        with np.errstate(all="ignore"):
            result = answer({"serial": 0, "state": state, "batches": [rows]}, function)
        views.append({"result": result | {"of": state}, "rows": rows, "yours": called})
    say = "(views) => views.map((view) => Boolean(view.result.error) || checkInWords(view)[0])"
    return ask(say, views)


def moves_the_descent(case: wrong.Wrong, state: dict) -> bool:
    """Whether the function's gradient is not that of the loss it is asked for, rounding apart."""
    expected = evaluate(state | {"loss": LOSS_OF[case.exercise.split("_")[0]]})
    with np.errstate(all="ignore"):
        got = answer({"serial": 0, "state": state, "batches": [None]}, case.answer)
    return "error" in got or not all(np.allclose(got[name], expected[name], atol=2e-3)
                                     for name in ("dW", "db"))


@pytest.mark.slow
def test_every_slip_that_changes_the_gradient_is_marked_before_the_first_update(ask):
    state = preset_state("course") | {"loss": "yours"}
    slips = [case for case in [*wrong.WRONG, *RARE]
             if case.exercise.startswith(("svm_loss", "softmax_loss"))
             and moves_the_descent(case, state)]
    marks = checked(ask, [(case.exercise, case.answer, state, None) for case in slips])
    assert len(slips) > 200
    assert [case.name for case, is_marked in zip(slips, marks, strict=True) if not is_marked] == []


def right_answers(*words: str) -> list[Callable]:
    """Right answers to the exercises on the two losses."""
    return [function for name, function in vars(right).items()
            if name.startswith(words) and len(signature(function).parameters) == 4]


@pytest.mark.slow
def test_a_right_gradient_is_never_marked_ties_and_kinks_included(ask):
    at_ties = {"W": [[0.0, 0.0]] * 3, "b": [0.0] * 3}
    on_kinks = {"W": [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]], "b": [0.0, 0.0, 0.0],
                "points": [[1.0, 0.5, 0], [0.0, 1.0, 1], [-1.0, 0.5, 2], [-1.0, -0.5, 0]]}
    states = [preset_state(preset) | {"loss": "yours"} | parts
              for preset in PRESETS for parts in ({}, at_ties, on_kinks)]
    cases = [(f"{word}_loss_naive", function, state, rows)
             for word in LOSS_OF for function in right_answers(f"{word}_")
             for state, rows in itertools.product(states, (None, [0, 3]))]
    assert len(cases) > 500 and not any(checked(ask, cases))


def without_the_pull(W, X, y, reg):
    """A slip: nothing pulls the right class up."""
    loss, dW = right.svm_in_loops(W, X, y, reg)
    short = ((X @ W - (X @ W)[np.arange(len(y)), y][:, None] + 1) > 0).sum(axis=1) - 1
    np.add.at(dW.T, y, short[:, None] * X / len(X))
    return loss, dW


SLIPS = {
    "no pull on the right class": without_the_pull,
    "half the penalty": lambda W, X, y, reg: (
        right.svm_in_loops(W, X, y, reg)[0], right.svm_in_loops(W, X, y, reg)[1] - reg * W),
    "a sum for a mean": lambda W, X, y, reg: (
        right.svm_in_loops(W, X, y, reg)[0], right.svm_in_loops(W, X, y, 0)[1] * len(X)),
    "sums for both means": lambda W, X, y, reg: tuple(
        len(X) * part for part in right.svm_in_loops(W, X, y, 0)),
    "the old penalty": lambda W, X, y, reg: right.svm_in_loops(W, X, y, reg / 2),
    "another loss": right.softmax_in_loops,
}


def test_slips_are_marked_and_the_right_answer_is_not(ask):
    state = preset_state("course") | {"loss": "yours"}
    functions = [*SLIPS.values(), right.svm_in_loops]
    marks = checked(ask, [("svm_loss_naive", function, state, None) for function in functions])
    assert marks == [True] * len(SLIPS) + [False]


# --------------------------------------------------------------- the plane

# For a width in pixels and states: how often a name covers a point, another name, or the rim.
COLLISIONS = """([size, states]) => {
    const canvas = document.createElement("canvas");
    canvas.style.cssText = `display: block; width: ${size}px; height: ${size}px`;
    document.body.append(canvas);
    const plane = makePlane(canvas);
    const counts = states.map((state) => {
        const result = descend({ state, batches: [null] });
        const probabilistic = isProbabilistic(state.loss, "");
        plane.draw({ state, result, marks: verdicts(state, result, probabilistic), selected: -1,
            regarded: -1, margins: true, probabilistic });
        const points = state.points.map((point) => {
            const [left, top] = plane.place(point);
            return [left - RADIUS, top - RADIUS, left + RADIUS, top + RADIUS];
        });
        const names = plane.names();
        const pairs = names.flatMap((box, i) => names.slice(i + 1).map((other) => [box, other]));
        const covered = names.flatMap((box) => points.map((other) => [box, other]));
        const outside = names.filter((box) => Math.min(...box) < 0 || Math.max(...box) > size);
        const hits = [...pairs, ...covered].filter(([one, other]) => overlap(one, other));
        return [names.length, hits.length + outside.length];
    });
    canvas.remove();
    return counts;
}"""


@pytest.mark.parametrize("size", [332, 552])  # of the plane, on screens of 360 and 1440 pixels
def test_no_name_covers_a_point_or_another_name(ask, size):
    states = [preset_state(preset) | {"loss": loss}
              for preset in PRESETS for loss in ("weston_watkins", "softmax")]
    trained = [state | {name: descend(state, [None] * 41)[name] for name in ("W", "b")}
               for state in states]
    counts = ask(COLLISIONS, [size, states + trained])
    assert all(hits == 0 for _, hits in counts)
    assert all(names >= 4 for names, _ in counts)


def test_a_name_fits_into_its_box(ask):
    widths = ask("""() => {
        const pen = document.createElement("canvas").getContext("2d");
        const widthOf = (font, text) => {
            pen.font = `${font} system-ui, sans-serif`;
            return pen.measureText(text).width;
        };
        return [widthOf("600 13px", "● class 0") <= NAME.width,
                widthOf("600 15px", "s₀") <= SCORE.width];
    }""", None)
    assert widths == [True, True]


@pytest.mark.parametrize("ink", ["#1b2530", "#e8ebef"], ids=["light", "dark"])
def test_shades_of_probability_are_told_apart_where_classes_meet(ask, ink):
    shades, tints = ask(r"""(ink) => {
        document.body.style.color = ink;
        const { shades, tints } = paletteOf(document.body);
        return [shades, tints.map((tint) => tint.match(/\d+/g).map(Number))];
    }""", ink)
    for blindness in BLIND.values():
        seen, flat_ = lab(shades, blindness), lab(tints, blindness)
        for c, d in itertools.combinations(range(3), 2):
            apart = np.linalg.norm(seen[c, 34:] - seen[d, 34:], axis=-1)
            assert apart.min() >= 0.95 * np.linalg.norm(flat_[c] - flat_[d]) > 10


@pytest.mark.parametrize("ink", ["#1b2530", "#e8ebef"], ids=["light", "dark"])
def test_lines_text_and_points_stand_out_from_every_tint(ask, ink):
    palette = ask("(ink) => ((document.body.style.color = ink), paletteOf(document.body))", ink)
    tints = np.array([re.findall(r"\d+", tint) for tint in palette["tints"]], float) / 255
    lines, points = (to_rgba_array(palette[name])[:, None, :3] for name in ("lines", "points"))
    assert ratio(lines, tints).min() >= MARK and ratio(points, np.ones(3)).min() >= MARK
    assert ratio(to_rgba_array(palette["ink"])[:, :3], tints).min() >= TEXT


# --------------------------------------------------------------- the session

# Takes steps on the course's example, [name, argument], and looks at it where they say so.
SESSION = """async (steps) => {
    const seen = [], alarms = [];
    let session = null, answers = true;
    session = makeSession({
        descend: (request) => (answers ? descend(request) : new Promise(() => {})),
        state: presetState("course"), yours: "", alarm: "", onState() {},
        onChange() {
            const alarm = session?.look().alarm;
            if (alarm !== alarms.at(-1)) alarms.push(alarm);
        },
    });
    const wait = (ms) => new Promise((go) => setTimeout(go, ms));
    const act = {
        update: session.update, back: session.back, reset: session.reset, settle: session.settle,
        loss: (loss) => session.edit({ loss }, "loss", true),
        batch: (batch) => session.edit({ batch }),
        move(x) {
            const [, ...others] = session.look().state.points;
            session.edit({ points: [[x, 0, 0], ...others] }, "move 0");
        },
        begin: () => void session.repeat(), // which ends with the updates
        async more() {
            const { updates } = session.look();
            while (session.look().updates === updates) await wait(10);
        },
        silence: () => (answers = false),
        wait,
        look() {
            const { state, updates, running, rows, curve, last, result } = session.look();
            seen.push({ state, updates, running, rows, curve, last, result, alarms: [...alarms] });
        },
    };
    for (const [name, argument] of steps) {
        await act[name](argument);
        await wait(0);
    }
    session.close();
    return seen;
}"""


def looks(ask: Ask, *steps: str | tuple) -> list[dict]:
    """What the session looks like at each "look" among these steps."""
    return ask(SESSION, [[step] if isinstance(step, str) else list(step) for step in steps])


def test_a_reset_leads_back_to_the_start_and_keeps_the_run_before(ask):
    before, after = looks(ask, *["update"] * 3, ("loss", "softmax"), "look", "reset", "look")
    assert before["last"]["name"] == "Weston–Watkins, strength 0.1"
    assert (before["last"]["updates"], len(before["last"]["curve"])) == (3, 4)
    assert after["state"] == preset_state("course") | {"loss": "softmax"}
    assert (after["updates"], after["curve"]) == (0, [])


def test_the_gradient_shown_of_a_minibatch_is_the_one_that_is_taken(ask):
    shown, after = looks(ask, ("batch", 2), "look", "update", "look")
    result = evaluate(shown["state"], shown["rows"])
    assert len(shown["rows"]) == 2
    np.testing.assert_allclose(shown["result"]["dW"], result["dW"], atol=1e-12)
    moved = np.subtract(shown["state"]["W"], after["state"]["W"])
    np.testing.assert_allclose(moved, 0.1 * np.array(result["dW"]), atol=1e-12)


@pytest.mark.slow
def test_a_drag_while_updates_are_repeated_is_undone_as_one_step(ask):
    moves = [step for x in (0.1, 0.2, 0.3) for step in (("move", x), "more")]
    during, undone = looks(ask, "begin", "more", *moves, "settle", "look", "back", "look")
    assert during["state"]["points"][0] == [0.3, 0, 0] and during["running"]
    assert undone["state"]["points"] == preset_state("course")["points"] and not undone["running"]
    assert 0 < undone["updates"] < during["updates"]


@pytest.mark.slow
def test_a_kernel_that_is_gone_raises_one_alarm_that_stays(ask):
    moves = [step for i in range(20) for step in (("move", i / 20), ("wait", 250))]
    seen, = looks(ask, "silence", *moves, "look")
    assert [alarm[:25] for alarm in seen["alarms"] if alarm] == ["No answer has come for 3 "]
    assert seen["state"]["points"][0] == [0.95, 0, 0]
