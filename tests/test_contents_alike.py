"""What is compared of outputs whose numbers differ from machine to machine."""
import numpy as np
import pytest
from matplotlib.figure import Figure

from cs231n_lite.contents import contents
from cs231n_lite.contents.alike import Leeway, change_of_outputs

rng = np.random.default_rng(231)
FALLING = 5 * np.exp(-np.arange(300) / 40) + 0.2 * rng.random(300)
SHARES = np.array([0.3, 0.5, 0.52])


def curve(values, ylabel="loss"):
    """What a cell shows that draws a curve."""
    figure = Figure()
    ax = figure.subplots()
    ax.plot(values)
    ax.set_ylabel(ylabel)
    return [("image/png", contents(figure)), ("text/plain", f"{values[0]:.1f}, {values[-1]:.1f}")]


def text(words, kind="text/plain"):
    """What a cell shows that ends in a value, or prints something."""
    return [(kind, words)]


WRONG = {  # what is stored, and what is shown instead though no machine and no moment does
    "another text": (text("1.5 s of training"), text("1.5 s of waiting")),
    "another kind": (text("0.5"), text("0.5", "print")),
    "nothing": (text("0.5", "print"), []),
    "more": (text("0.5"), text("0.5") * 2),
    "no picture": (curve(FALLING), curve(FALLING)[1:]),
    "a picture of nothing known": (curve(FALLING), [("image/png", {}), curve(FALLING)[1]]),
    "a number less": (text("[0.5, 0.6]"), text("[0.5]")),
    "a number more, beside others": (text("[1, 2]"), text("[1, 200, 300]")),
    "a number more": (text("0.5 0.6"), text("0.5 0.6 0.7")),
    "no number": (text("the loss is 2.3"), text("the loss is None")),
    "nan": (text("the loss is 2.3"), text("the loss is nan")),
    "infinity": (text("{'loss': 2.3}"), text("{'loss': inf}")),
    "names exchanged": (text("{'training': 1, 'test': 2}"), text("{'test': 2, 'training': 1}")),
    "an accuracy above one": (text("accuracy 0.56 in 3 s"), text("accuracy 56.1 in 3 s")),
    "per cent above a hundred": (text("right: 56.1 %"), text("right: 5610 %")),
    "a negative share": (text("a share of 0.5"), text("a share of -0.5")),
    "a curve backwards": (curve(FALLING), curve(FALLING[::-1])),
    "a short curve backwards": (curve(FALLING[::60]), curve(FALLING[::-60])),
    "a curve of nan": (curve(FALLING), curve(np.nan * FALLING)),
    "a curve with gaps": (curve(FALLING), curve(np.where(FALLING < 4, FALLING, np.nan))),
    "a constant": (curve(FALLING), curve(np.full(300, FALLING[0]))),
    "half a curve": (curve(FALLING), curve(FALLING[::2])),
    "accuracies in per cent": (curve(SHARES, "accuracy"), curve(100 * SHARES, "accuracy")),
    "another label": (curve(SHARES, "accuracy"), curve(SHARES, "loss")),
}
HONEST = {  # what another machine, or a busy one, shows
    "another time": (text("1.5 s of training"), text("14.9 s of training")),
    "a time with a comma": (text("999 ms"), text("1,234,567.5 ms")),
    "a longer number in a table": (text("a   9.5\nb  10.1"), text("a  11.2\nb   9.9")),
    "another form of a number": (text("array([1., 2.5])"), text("array([ 0.97,  2.  ])")),
    "another exponent": (text("error 2.0e-11"), text("error 0.0")),
    "another sign": (text("[0.1, -0.2]"), text("[-0.1, 0.2]")),
    "another address": (text("[<Line2D at 0x7f01aa340>]"), text("[<Line2D at 0x7f5bb9c1e>]")),
    "another hash": (text("<div id='9c1eaa34-b0de'>"), text("<div id='e1d209ab-cdef'>")),
    "another accuracy": (text("accuracy: 0.56"), text("accuracy: 0.54")),
    "a time beside an accuracy": (text("accuracy 0.5, 0.9 s"), text("accuracy 0.5, 1.3 s")),
    "a time as a table": (text("time, accuracy\n0.9, 0.5"), text("time, accuracy\n1.3, 0.5")),
    "another curve": (curve(FALLING), curve(FALLING * rng.uniform(0.6, 1.4, 300))),
    "noise": (curve(rng.normal(size=300)), curve(rng.normal(size=300))),
    "a level short curve": (curve(SHARES[1:]), curve(SHARES[:0:-1])),
    "a nan that was one": (text("nan"), text("0.5")),
}


@pytest.mark.parametrize("stored, now", WRONG.values(), ids=WRONG)
def test_a_wrong_shape_is_told_from_the_stored_one_where_numbers_may_differ(stored, now):
    assert change_of_outputs(stored, now, Leeway.SHAPE)


@pytest.mark.parametrize("stored, now", HONEST.values(), ids=HONEST)
def test_numbers_may_differ_where_outputs_are_ignored(stored, now):
    assert change_of_outputs(stored, now, Leeway.SHAPE) is None


@pytest.mark.parametrize("now, is_near", [("55.1, 54.2", True), ("56.0, 53.0", True),
                                          ("44.9, 45.8", False), ("55.1, 4.2", False)])
def test_results_of_training_are_near_the_stored_ones(now, is_near):
    clause = change_of_outputs(text("55.1, 54.2"), text(now), Leeway.NEAR)
    assert clause == (None if is_near else f"it says `{now}` where `55.1, 54.2` is stored")


def searched(best, second=5):
    """What a cell shows that marks the best of a curve."""
    ax = Figure().subplots()
    ax.plot([0, 5, second, 3])
    ax.scatter(best, 5)
    return [("image/png", contents(ax.figure))]


def test_a_point_alone_may_jump_where_results_are_near_since_another_may_be_the_best():
    assert change_of_outputs(searched(1), searched(2), Leeway.NEAR) is None
    assert change_of_outputs(searched(1), searched(1, 4), Leeway.NEAR)


def test_where_words_may_differ_the_kinds_are_compared():
    stored = [*curve(FALLING), ("text/html", "dog → cat")]
    assert change_of_outputs(stored, [*curve(SHARES), ("text/html", "cat")], Leeway.KINDS) is None
    assert change_of_outputs(stored, curve(FALLING), Leeway.KINDS) == (
        "it shows image/png, text/plain where image/png, text/plain, text/html is stored")


def test_to_the_letter_only_pictures_are_left_to_compare():
    assert change_of_outputs([*curve(SHARES), *text("a")], curve(SHARES), Leeway.LETTER) is None
    assert change_of_outputs(curve(SHARES), text("a"), Leeway.LETTER)
    assert change_of_outputs(curve(SHARES), curve(1.01 * SHARES), Leeway.LETTER)
