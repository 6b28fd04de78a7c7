"""Pictures: what stands where, and that each can be told in words."""
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n_lite import plots

CLASSES = ("cat", "dog")


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_a_sheet_puts_images_in_rows_with_white_between():
    images = np.arange(3, dtype=np.uint8)[:, None, None, None] * np.ones((3, 2, 2, 3), np.uint8)
    page = plots.sheet(images, columns=2)
    assert page.shape == (2 + plots.GAP + 2, 2 + plots.GAP + 2, 3)
    assert [page[0, 0, 0], page[0, -1, 0], page[-1, 0, 0], page[-1, -1, 0]] == [0, 1, 2, 255]


def test_samples_stand_in_the_column_of_their_class(ax):
    y = np.array([1, 0, 1, 0])
    images = np.repeat(y * 100, 2 * 2 * 3).reshape(4, 2, 2, 3).astype(np.uint8)
    page = plots.plot_samples(images, y, CLASSES, ax, per_class=2).images[0].get_array()
    assert page[:, :2].max() == 255 and page[0, 0, 0] == 0 and page[0, -1, 0] == 100
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog"]


def test_a_class_with_few_images_or_none_leaves_its_places_white(ax):
    y = np.array([0, 2, 0])
    images = np.zeros((3, 2, 2, 3), np.uint8)
    drawn = plots.plot_samples(images, y, ("cat", "dog", "ship"), ax, per_class=2)
    page = drawn.images[0].get_array()
    places = page[::2 + plots.GAP, ::2 + plots.GAP, 0]
    assert places.tolist() == [[0, 255, 0], [0, 255, 255]]


def test_no_losses_are_an_empty_picture_that_says_so(ax):
    assert plots.plot_losses([], ax).get_title() == "no iterations"


def test_losses_are_labelled_with_their_unit(ax):
    plots.plot_losses([3.0, 2.0, 1.0], ax, unit="nats")
    assert ax.get_ylabel() == "minibatch loss (nats)" and ax.get_title() == "first 3, last 1"


def test_search_pictures_share_a_scale_and_write_every_accuracy():
    figure, axes = plt.subplots(1, 2)
    plots.plot_search({(1e-3, 0.1): (0.5, 0.25), (1e-2, 0.1): (0.4, 0.3)}, axes)
    assert [text.get_text() for ax in axes for text in ax.texts] == ["50.0", "40.0", "25.0", "30.0"]
    assert {ax.collections[0].get_clim() for ax in axes} == {(25.0, 50.0)}
    assert axes[0].get_xscale() == axes[0].get_yscale() == "log"
    plt.close(figure)


def test_the_text_of_a_search_tells_both_accuracies_of_each_point():
    results = {(1e-7, 2.5e4): (0.5, 0.25), (1e-6, 1e3): (0.111, 0.999)}
    text = plots.search_in_words(results)
    assert text.endswith("; 1e-07, 25000: 50.0, 25.0; 1e-06, 1000: 11.1, 99.9")


def test_templates_leave_out_the_bias_and_show_a_zero_weight_as_mid_grey():
    W = np.zeros((2 * 2 * 3 + 1, 2))
    W[0, 0], W[-1] = 1.0, 1000.0
    figure, axes = plt.subplots(1, 2)
    plots.plot_templates(W, CLASSES, axes, shape=(2, 2, 3))
    assert axes[0].images[0].get_array()[0, 0, 0] == 1.0
    assert np.all(axes[1].images[0].get_array() == 0.5)
    plt.close(figure)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_templates_of_zero_weights_are_mid_grey_throughout():
    figure, axes = plt.subplots(1, 2)
    plots.plot_templates(np.zeros((13, 2)), CLASSES, axes, shape=(2, 2, 3))
    assert all(np.all(ax.images[0].get_array() == 0.5) for ax in axes)
    plt.close(figure)


def test_mistakes_are_the_misclassified_images_with_both_names():
    figure, axes = plt.subplots(1, 2)
    images = np.zeros((3, 2, 2, 3), np.uint8)
    plots.plot_mistakes(images, np.array([0, 1, 0]), np.array([0, 0, 1]), CLASSES, axes)
    assert [ax.get_title() for ax in axes] == ["dog\n→ cat", "cat\n→ dog"]
    plt.close(figure)


def test_a_picture_carries_its_text_and_closes_its_figure(ax):
    picture = plots.Picture(ax.figure, "nothing to see")
    png, metadata = picture._repr_png_()
    assert png.startswith(b"\x89PNG") and metadata["alt"] == "nothing to see"
    assert metadata["contents"]["counts"] == {"axes": 1}
    assert repr(picture) == "nothing to see" and not plt.fignum_exists(ax.figure.number)


def test_the_plane_is_tinted_by_the_class_of_highest_score_and_has_a_line_for_each_class(ax):
    W = np.array([[1.0, -1.0], [0.0, 0.0], [0.0, 0.5]])
    plots.plot_plane(W, np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([0, 1]), CLASSES, ax, reach=2)
    tints = ax.images[0].get_array()
    assert len(np.unique(tints.reshape(-1, 3), axis=0)) == 2 and (tints[0, 0] != tints[0, -1]).any()
    feet = [line.get_xy1() for line in ax.lines if hasattr(line, "get_xy1")]
    assert [tuple(foot) for foot in feet] == [(0.0, 0.0), (0.5, 0.0)]


def test_the_plane_can_be_drawn_for_weights_of_zero(ax):
    plots.plot_plane(np.zeros((3, 2)), np.array([[1.0, 0.0]]), np.array([0]), CLASSES, ax)
    assert len(ax.texts) == 0


@pytest.mark.parametrize("shape, names", [((3, 4), "abcd"), ((3, 3), "ab"), ((2, 2), "ab")])
def test_a_plane_that_cannot_be_drawn_is_refused_in_a_sentence(ax, shape, names):
    sentence = r"W has shape \(\d, \d\) for \d classes; expected \(3, C\).* at most 3 classes"
    with pytest.raises(ValueError, match=sentence):
        plots.plot_plane(np.zeros(shape), np.array([[1.0, 0.0]]), np.array([0]), names, ax)
