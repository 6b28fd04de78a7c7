"""The explorer's samples and experiments, in Python and in the front end's own JavaScript."""
import json
from collections.abc import Iterator

import numpy as np
import pytest
from explorer_reader import COURSE
from explorer_states import kinds_of_loss, random_states
from playwright.sync_api import Browser, Page

from cs231n_lite.explorer import Explorer
from cs231n_lite.explorer.arithmetic import LOSSES, arrays, evaluate, lead
from cs231n_lite.explorer.bundle import script
from cs231n_lite.explorer.descent import descend
from cs231n_lite.explorer.experiments import EXPERIMENTS, experiment_state
from cs231n_lite.explorer.presets import PRESETS, preset_state
from cs231n_lite.explorer.sample import (
    MOST_NOISE,
    SEEDS,
    held_out_points,
    integers,
    training_points,
)
from cs231n_lite.explorer.state import check_state

SAMPLE = {"shape": "overlapping", "seed": 1, "noise": 0.2, "number": 24, "split": True}


def sample(**parts):
    """The sample above, with these parts instead."""
    return SAMPLE | parts


def sampled(**parts):
    """The state with the points of that sample."""
    return COURSE | {"points": training_points(sample(**parts)), "sample": sample(**parts)}


@pytest.fixture(scope="module")
def blank(chromium: Browser) -> Iterator[Page]:
    """A page that holds the front end's functions and nothing else."""
    page = chromium.new_page()
    yield page
    page.close()


def in_javascript(blank, expression, argument):
    """What the front end's own functions make of an argument."""
    call = f"(text) => {{ {script()}\n return JSON.stringify(({expression})(JSON.parse(text))); }}"
    return json.loads(blank.evaluate(call, json.dumps(argument)))


# --------------------------------------------------------------- samples


def test_the_generator_is_splitmix_with_murmurs_finalizer():
    # 0x9e3779b9 through MurmurHash3's fmix32: the first integer of seed 0.
    first = integers(0)
    assert next(first) == 0x92CA2F0E
    values = np.array([value for value, _ in zip(integers(7), range(4096), strict=False)])
    assert values.min() >= 0 and values.max() < 2**32
    bits = values[:, None] >> np.arange(32) & 1
    assert np.all(np.abs(bits.mean(axis=0) - 0.5) < 0.04)  # five standard deviations


def test_both_languages_draw_the_same_points_to_the_last_bit(blank):
    rng = np.random.default_rng(231)
    samples = [sample(shape=shape, seed=int(rng.integers(SEEDS)), noise=float(noise),
                      number=int(rng.integers(101)), split=bool(rng.integers(2)))
               for shape in PRESETS for noise in (0, 0.05, 0.2, MOST_NOISE, rng.random() / 2)]
    drawn = in_javascript(
        blank, "(all) => all.map((one) => [trainingPoints(one), heldOutPoints(one)])", samples)
    assert drawn == [[training_points(one), held_out_points(one)] for one in samples]


def test_a_sample_lies_around_its_preset_with_the_deviation_asked_for():
    far = [point[:2] for seed in range(40)
           for point in training_points(sample(shape="middle", seed=seed, noise=0.1, split=False))
           if point[2] == 1]
    x, y = np.transpose(far)
    own = np.array([point[:2] for point in PRESETS["middle"]["state"]["points"] if point[2] == 1])
    np.testing.assert_allclose([x.mean(), y.mean()], own.mean(axis=0), atol=0.05)
    np.testing.assert_allclose([x.var(), y.var()], own.var(axis=0) + 0.01, rtol=0.2)


def test_without_noise_the_points_are_the_presets_and_with_most_they_stay_in_the_plane():
    assert all(point in PRESETS["overlapping"]["state"]["points"]
               for point in training_points(sample(noise=0.0)))
    check_state(sampled(noise=MOST_NOISE, number=100, split=False))


def test_more_points_keep_those_there_are_and_half_is_held_out():
    few, many = (training_points(sample(number=number)) for number in (12, 24))
    assert many[:6] == few and len(many) == len(held_out_points(SAMPLE)) == 12
    whole = training_points(sample(split=False))
    assert (whole[::2], whole[1::2]) == (many, held_out_points(SAMPLE))
    assert held_out_points(sample(split=False)) == held_out_points(None) == []
    for half in (many, held_out_points(SAMPLE)):
        assert np.bincount([point[2] for point in half]).tolist() == [4, 4, 4]


@pytest.mark.parametrize("name", LOSSES)
def test_the_held_out_loss_and_accuracy_are_those_of_the_points_held_out(name):
    state = sampled() | {"loss": name}
    result = evaluate(state)
    alone = evaluate(state | {"points": held_out_points(SAMPLE), "sample": None})
    assert result["held_data"] == alone["data"]
    W, X, y = arrays(state | {"points": held_out_points(SAMPLE)})
    assert result["held_accuracy"] == np.mean((X @ W).argmax(axis=1) == y)
    without = evaluate(state | {"sample": sample(split=False)})
    assert result == without | {name: result[name] for name in ("held_data", "held_accuracy")}
    assert "held_data" not in without


def test_a_tie_is_not_right():
    scores = np.array([[1.0, 1.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.5, 1.0]])
    assert lead(scores, np.array([0, 0, 0])).tolist() == [0.0, 1.0, -1.0]


def test_javascript_computes_of_the_held_out_points_what_python_computes(blank):
    asked = [one | {"points": training_points(sample(seed=seed)), "sample": sample(seed=seed)}
             for seed, (state, _) in enumerate(random_states(20)) for one in kinds_of_loss(state)]
    for state, got in zip(asked, in_javascript(
            blank, "(all) => all.map((state) => evaluate(state))", asked), strict=True):
        expected = evaluate(state)
        assert got["held_accuracy"] == expected["held_accuracy"]
        assert got["held_data"] == pytest.approx(expected["held_data"], rel=1e-9, abs=1e-9)


def held_out_course(reg, updates=1500, step=0.3):
    """The held-out loss while softmax is trained on the sample from zero."""
    state = preset_state("overlapping") | sampled() | {"loss": "softmax"}
    W, X, y = arrays(state)
    _, held, labels = arrays(state | {"points": held_out_points(SAMPLE)})
    W, course = np.zeros_like(W), []
    for _ in range(updates):
        course.append(LOSSES["softmax"](W, held, labels, 0.0)[0])
        _, dW = LOSSES["softmax"](W, X, y, 0.0)
        W = W - step * (dW + 2 * reg * W * [[1], [1], [0]])
    return course


def test_what_regularization_is_for_is_seen_in_the_sample_that_is_offered_first():
    unregularized, regularized = held_out_course(0.0), held_out_course(0.1)
    assert unregularized[-1] > 2 * min(unregularized)
    assert regularized[-1] < 1.05 * min(regularized) < 0.6 * unregularized[-1]


@pytest.mark.parametrize("part, value", [
    ("sample", []), ("sample", {}), ("sample", SAMPLE | {"shape": "spirals"}),
    ("sample", SAMPLE | {"shape": []}), ("sample", SAMPLE | {"seed": -1}),
    ("sample", SAMPLE | {"seed": SEEDS}), ("sample", SAMPLE | {"noise": 0.6}),
    ("sample", SAMPLE | {"number": 101}), ("sample", SAMPLE | {"number": 1.5}),
    ("sample", SAMPLE | {"split": 1}), ("sample", SAMPLE | {"colour": "red"}),
    ("experiment", "spirals"), ("experiment", None), ("experiment", ["outlier"])])
def test_a_sample_or_an_experiment_that_cannot_be_is_refused_in_a_sentence(part, value):
    with pytest.raises(ValueError, match=rf"^{part} is .+; expected .+\.$"):
        check_state(COURSE | {part: value})


def test_a_sample_brings_its_points_to_the_notebook():
    explorer = Explorer(sample=SAMPLE)
    assert explorer.state == sampled()
    assert explorer.result["held_data"] == evaluate(sampled())["held_data"]
    assert Explorer(sample=SAMPLE, points=[[0, 0, 1]]).state["points"] == [[0, 0, 1]]


# --------------------------------------------------------------- the address


def to_and_fro(blank, states):
    """Each state's address, and the state that is read from it."""
    return in_javascript(
        blank, "(all) => all.map((state) => [encode(state), decode(encode(state))])", states)


def test_an_address_carries_a_sample_in_few_characters_and_its_points_only_where_moved(blank):
    still, moved = sampled(), sampled()
    moved["points"] = [[0.5, 0.5, 2], *moved["points"][1:]]
    whole = sampled(split=False, number=100)
    answers = to_and_fro(blank, [still, moved, whole, experiment_state("outlier")])
    assert [back for _, back in answers] == [still, moved, whole, experiment_state("outlier")]
    assert answers[0][0].endswith("&sample=overlapping,1,0.2,24,split")
    assert len(answers[2][0]) < 160 and answers[3][0].count("experiment=outlier") == 1


def test_an_address_from_before_there_were_samples_is_read_and_written_as_ever(blank):
    old = ("loss=softmax&reg=0.1&step=0.1&batch=0&speed=1&W=2.06,1.48;0.44,-1.82;2.27,-2.04"
           "&b=-0.42,0.52,-0.1&points=0.5,0.4,0;0.8,0.3,1")
    state, again = in_javascript(blank, "(text) => [decode(text), encode(decode(text))]", old)
    points = [[0.5, 0.4, 0], [0.8, 0.3, 1]]
    assert state == COURSE | {"loss": "softmax", "points": points} and again == old


def test_an_address_may_name_an_experiment_and_no_more(blank):
    for name in EXPERIMENTS:
        assert in_javascript(blank, "decode", f"experiment={name}") == experiment_state(name)


def test_a_sample_in_an_address_that_cannot_be_is_refused(blank):
    wrong = [f"sample={text}" for text in (
        "", "overlapping", "overlapping,1,0.2", "overlapping,1,0.2,24,half", "spirals,1,0.2,24",
        "overlapping,,0.2,24", "overlapping,1,0.7,24", "overlapping,1,0.2,101", "toString,1,0,9",
        "overlapping,1.5,0.2,24", "overlapping,1,0.2,24,split,9")] + ["experiment=x"]
    tried = """(all) => all.map((text) => {
        try { return decode(text); } catch (error) { return error.message; } })"""
    refused = in_javascript(blank, tried, wrong)
    assert refused == [f"“{text[:40]}”" for text in wrong]


# --------------------------------------------------------------- experiments


def test_every_experiment_is_a_state_with_texts_and_can_be_had_from_the_notebook():
    for name, experiment in EXPERIMENTS.items():
        check_state(experiment_state(name))
        assert experiment["title"].endswith("?") and len(experiment["goals"]) == 2
        assert all(experiment[text].endswith(".") for text in ("before", "after"))
        assert Explorer(experiment=name).state == experiment_state(name)
    assert Explorer(experiment="outlier", step=0.5).state["step"] == 0.5
    with pytest.raises(ValueError, match="experiment is 'x'; expected one of separable, outlier"):
        Explorer(experiment="x")


# In the order of a lesson: each loss, for so many updates, with these points moved before.
LESSONS = {
    "separable": [("weston_watkins", 30, {}), ("softmax", 600, {})],
    "outlier": [("weston_watkins", 500, {}), ("squared_hinge", 800, {})],
    "two-sided": [("weston_watkins", 300, {}),
                  ("weston_watkins", 800, {3: [-0.7, 0.1], 4: [-0.6, -0.3], 5: [-0.9, 0.0]})],
}
FOLLOW = """([name, lesson]) => {
    const goals = makeGoals();
    let state = experimentState(name);
    const reached = [goals(state, evaluate(state))];
    for (const [loss, updates, moves] of lesson) {
        const moved = ([x, y, c], i) => [...(moves[i] ?? [x, y]), c];
        state = { ...state, loss, points: state.points.map(moved) };
        goals(state, evaluate(state));
        for (let i = 0; i < updates; i++) {
            state = stepped(state, evaluate(state));
            goals(state, evaluate(state));
        }
        reached.push(goals(state, evaluate(state)));
    }
    return reached;
}"""


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_goals_of_an_experiment_are_reached_one_by_one_and_not_at_the_start(blank, name):
    reached = in_javascript(blank, FOLLOW, [name, LESSONS[name]])
    assert reached == [[False, False], [True, False], [True, True]]


def test_goals_that_were_reached_are_forgotten_with_their_experiment(blank):
    lesson = """() => {
        const goals = makeGoals();
        const trained = { ...experimentState("separable") };
        const reached = goals(trained, { ...evaluate(trained), data: 0 });
        return [reached, goals(presetState("course"), null), goals(trained, evaluate(trained))];
    }"""
    assert in_javascript(blank, lesson, None) == [[True, False], [], [False, False]]


# --------------------------------------------------------------- weight space


def test_the_loss_over_two_weights_is_that_of_the_state_with_these_weights(blank):
    rng = np.random.default_rng(231)
    asked = [[state, int(rng.integers(3)), rng.normal(size=2).tolist()]
             for each, _ in random_states(20) for state in kinds_of_loss(each)]
    over = "(all) => all.map(([state, c, w]) => lossOver(state, c)(w))"
    for (state, c, w), value in zip(asked, in_javascript(blank, over, asked), strict=True):
        W = [w if j == c else row for j, row in enumerate(state["W"])]
        assert value == pytest.approx(evaluate(state | {"W": W})["total"], rel=1e-9, abs=1e-9)


def test_heights_lie_between_the_least_and_the_largest_and_a_flat_loss_has_none(blank):
    over = "([f]) => [...heightsOf(reliefOver(eval(f), { left: -1, bottom: -1, side: 2 }, 2))]"
    bowl = in_javascript(blank, over, ["([u, v]) => u * u + v * v"])
    middle = 0.5**0.5
    assert bowl == pytest.approx([1, middle, 1, middle, 0, middle, 1, middle, 1], abs=1e-6)
    assert in_javascript(blank, over, ["([u, v]) => 7"]) == [0] * 9
    slope = in_javascript(blank, over, ["([u, v]) => v"])  # row by row from the top
    assert slope[:3] == [1] * 3 and slope[6:] == [0] * 3


def test_the_trail_follows_updates_and_begins_anew_after_a_move_by_hand(blank):
    views = [[0, 0], [0, 0], [1, 1], [3, 2], [3, 5], [3, 6], [4, 7], [3, 6], [0, 0]]
    follow = """(views) => {
        let trail = [];
        return views.map(([updates, w]) => {
            trail = extended(trail, { updates, state: { W: [[w, w]] } });
            return pieces(trail, 0).map((run) => run.map(([u]) => u));
        });
    }"""
    assert in_javascript(blank, follow, views) == [
        [[0]], [[0]], [[0, 1]], [[0, 1, 2]], [[0, 1], [5]], [[0, 1], [6]], [[0, 1], [6, 7]],
        [[0, 1], [6]], [[0]]]


def test_the_curve_in_both_languages_ends_in_the_held_out_loss(blank):
    request = {"state": sampled() | {"loss": "softmax"}, "batches": [None] * 4}
    curve = in_javascript(blank, "(request) => descend(request).curve", request)
    expected = descend(**request)
    np.testing.assert_allclose(curve, expected["curve"], rtol=1e-9)
    assert np.shape(curve) == (4, 3) and curve[-1][2] == pytest.approx(expected["held_data"])
