"""Wrong first steps, and the sentence that each is told: what was found, and what to do."""
import matplotlib

matplotlib.use("agg")
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.sparse import csr_array

from cs231n_lite import data, plots
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.exercises import check, hint, progress, use
from cs231n_lite.gradcheck import grad_check_sparse, numerical_gradient, numerical_slope
from cs231n_lite.losses import hinge, svm_loss_vectorized
from cs231n_lite.optim import mirrored, momentum_sgd, sgd
from cs231n_lite.preprocess import add_bias, flatten, mean_image, preprocess, to_rows
from cs231n_lite.tune import accuracy, search

rng = np.random.default_rng(7)
images = rng.integers(256, size=(12, 32, 32, 3)).astype(np.uint8)
X, y = rng.normal(size=(30, 5)), np.arange(30) % 3
ones, W, W_images = add_bias(X), rng.normal(size=(6, 3)), rng.normal(size=(3073, 3))
names = np.array(["cat", "dog", "ship"])
dataset = data.Dataset(images, y[:12], images, y[:12], tuple(names), "cartoon")
splits = data.Splits(*[images, y[:12]] * 4)
plain, with_ones = LinearSVM(num_iters=3).fit(X, y), LinearSVM()
with_ones.train(ones, y, num_iters=3)
figure, pair = plt.subplots(1, 2)


def fit(X=X, y=y, **settings):
    return Softmax(num_iters=3, **settings).fit(X, y)


def stop(X=X, y=y, **settings):
    return fit(X, y, early_stopping=True, **settings)


def make(learning_rate, reg):
    return Softmax(learning_rate=learning_rate, reg=reg, num_iters=3)


def loss(W):
    return svm_loss_vectorized(W, ones, y, 0.1)[0]


def descend(loss=svm_loss_vectorized, W=W, X=ones, rng=rng, run=sgd, **settings):
    return run(loss, W, X, y, 1e-3, 0.1, 3, 5, rng, **settings)


def tried(rates, regs, make=make):
    return search(make, X, y, X, y, rates, regs)


STEPS = {
    "None for a dataset": (lambda: data.load(None), "name is None; expected the word cartoon"),
    "no name at all": (lambda: data.load(" "), "name is an empty text"),
    "a dataset not split": (lambda: preprocess(dataset), "a Dataset; expected Splits: pass data.s"),
    "images for splits": (lambda: preprocess(images), "an array; expected Splits"),
    "split twice": (lambda: data.split(splits), "a Splits; expected Dataset: .* split it once"),
    "colours first": (lambda: mean_image(images.transpose(0, 3, 1, 2)), "transpose.0, 2, 3, 1."),
    "colours first in rows": (lambda: to_rows(images.transpose(0, 3, 1, 2), images[0]),
                              "whose colours come last"),
    "colours first in the mean": (lambda: to_rows(images, mean_image(images).transpose(2, 0, 1)),
                                  r"mean has shape \(3, 32, 32\); expected \(32, 32, 3\)"),
    "one grey channel": (lambda: mean_image(images[..., :1]), r"expected uint8 \(N, 32, 32, 3\)"),
    "one image flattened": (lambda: flatten(images[0]), r"images\[None\] of one image"),
    "a list of images": (lambda: flatten(list(images)), r"a list; .*np.asarray\(images\)"),
    "splits for images": (lambda: flatten(splits), "pass one of its parts, such as images.X_train"),
    "fit on images": (lambda: fit(images, y[:12]), r"pass preprocess.flatten\(X\) of images"),
    "fit on one image": (lambda: fit(images[0], y), r"preprocess.flatten\(X\[None\]\)"),
    "fit on one row": (lambda: fit(X[0]), r"X has shape \(5,\).* X\[None\] is the row of one samp"),
    "fit on splits": (lambda: fit(splits), "X is a Splits; .*X.X_train"),
    "fit on a text": (lambda: fit("X"), "X is a str; expected an array"),
    "fit on texts": (lambda: fit(X.astype(str)), "X holds <U.*; expected real numbers"),
    "fit on one-hot labels": (lambda: fit(y=np.eye(3)[y]), r"y.argmax\(axis=1\) of one-hot rows"),
    "fit on too few labels": (lambda: fit(y=y[:9]), r"y has shape \(9,\) for 30 samples"),
    "ones, trained without": (lambda: plain.predict(ones), r"without the column.*pass X\[:, :-1\]"),
    "no ones, trained with": (lambda: with_ones.score(X, y), r"end in a 1, so pass .*add_bias\(X"),
    "other features": (lambda: plain.predict(X[:, :3]), "3 features, .* 5 features as input, as m"),
    "a seed in words": (lambda: fit(random_state="x"), "random_state is 'x'; expected None"),
    "a negative seed": (lambda: fit(random_state=-1), "random_state is -1"),
    "a module for a seed": (lambda: fit(random_state=np.random), "random_state is <module"),
    "a loss by name": (lambda: fit(loss="svm"), "loss is 'svm'; expected a function of"),
    "a rate in the place of the loss": (lambda: Softmax(1e-3).fit(X, y), "name a setting"),
    "a loss on scores": (lambda: fit(loss=hinge), r"loss is hinge\(scores, y, margin\).*partial"),
    "a loss of three": (lambda: fit(loss=lambda W, X, y: 0), r"loss is <lambda>\(W, X, y\)"),
    "a loss without gradient": (lambda: fit(loss=lambda *of: 0.0), "returned 0.0; expected two"),
    "a gradient first": (lambda: fit(loss=lambda W, *of: (W, 0.0)), "expected one number, and the"),
    "a gradient turned": (lambda: fit(loss=lambda W, *of: (0.0, W.T)), "dW has shape .* but W has"),
    "an intercept in words": (lambda: fit(fit_intercept="no"), "expected True or False"),
    "nothing held out": (lambda: stop(validation_fraction=0), "validation_fraction is 0; .*0 and "),
    "all held out": (lambda: stop(validation_fraction=0.99), "holds out 30 of 30 samples"),
    "too few held out": (lambda: stop(validation_fraction=0.01), "at least 3, one of each class"),
    "a class of one": (lambda: stop(y=np.array(["a", *"bc" * 14, "b"])), r"of \['a'\] there is on"),
    "no patience": (lambda: stop(n_iter_no_change=0), "expected a number above 0"),
    "rows of one class": (lambda: fit(y=np.full(30, "cat")), r"alone, \['cat'\]; .*shuffle"),
    "one class to come": (lambda: Softmax().partial_fit(X, 0 * y, [0]), "classes holds one class"),
    "labels in words": (lambda: LinearSVM().train(ones, names[y]), "np.unique.y, return_inverse"),
    "sparse rows": (lambda: LinearSVM().train(csr_array(ones), y), r"pass X.toarray\(\)"),
    "weights in words": (lambda: setattr(LinearSVM(), "W", [["a"]]), "expected numbers"),
    "W turned": (lambda: svm_loss_vectorized(W.T, ones, y, 0.1), "pass W.T"),
    "W and X swapped": (lambda: svm_loss_vectorized(ones, W, y, 0.1), "W comes first, then X"),
    "reg and y swapped": (lambda: svm_loss_vectorized(W, ones, 0.1, y), "comes last: .W, X, y, re"),
    "W without a bias": (lambda: svm_loss_vectorized(W[:5], ones, y, 0.1), "leave out the column"),
    "W of other data": (lambda: svm_loss_vectorized(W_images, X, y, 0.1), "expected as many"),
    "W before training": (lambda: svm_loss_vectorized(Softmax().W, ones, y, 0.1), "W is None"),
    "one row": (lambda: svm_loss_vectorized(W, ones[0], y, 0.1), r"pass X\[None\] of one row"),
    "images for rows": (lambda: svm_loss_vectorized(W, images, y, 0.1), "preprocess.flatten"),
    "descent of a name": (lambda: descend("svm"), "loss is 'svm'"),
    "descent of a called loss": (lambda: descend(0.5), "loss is 0.5"),
    "descent without W": (lambda: descend(W=None), "W is None"),
    "descent on images": (lambda: descend(X=images), "preprocess.flatten"),
    "descent by a seed": (lambda: descend(rng=7), r"np.random.default_rng\(7\)"),
    "too much momentum": (lambda: descend(run=momentum_sgd, momentum=2), "momentum is 2; .*below "),
    "mirrored by name": (lambda: mirrored("svm"), "loss is 'svm'"),
    "mirrored features": (lambda: mirrored(svm_loss_vectorized)(W, ones, y, 0.1), "W has 6 rows"),
    "f called": (lambda: grad_check_sparse(loss(W), W, W), r"f is .*lambda W: loss\(W, X, y, reg"),
    "a loss of four for f": (lambda: grad_check_sparse(svm_loss_vectorized, W, W), r"f is svm_los"),
    "f and W swapped": (lambda: grad_check_sparse(W, loss, W), "f is array.*expected a function"),
    "loss and dW for dW": (lambda: grad_check_sparse(loss, W, (0.5, W)), "dW is a tuple; .*take"),
    "f returns an array": (lambda: numerical_gradient(np.copy, W), "f returned an array of shape"),
    "no step": (lambda: numerical_gradient(loss, W, h=0), "h is 0; expected a small number"),
    "half a check": (lambda: grad_check_sparse(loss, W, W, 2.5), "num_checks is 2.5"),
    "a row for an entry": (lambda: numerical_slope(loss, W, 0), "at is 0 in W of shape"),
    "an entry beyond": (lambda: numerical_slope(loss, W, (9, 9)), r"at is \(9, 9\)"),
    "one rate": (lambda: tried(1e-3, [0.1]), r"learning_rates is 0.001; .* pass \[0.001\]"),
    "rates in a text": (lambda: tried("1e-3", [0.1]), r"pass \['1e-3'\]"),
    "a model for make": (lambda: tried([1], [1], Softmax()), r"make is Softmax\(\); .*as in lambd"),
    "a class for make": (lambda: tried([1], [1], Softmax), "name a setting"),
    "nothing made": (lambda: tried([1], [1], lambda a, b: None), "what make returned is None"),
    "a class made": (lambda: tried([1], [1], lambda a, b: Softmax), "the class Softmax"),
    "accuracy of predictions": (lambda: accuracy(y, X, y), "model is an array; expected a classif"),
    "no results": (lambda: plots.plot_search({}, pair), "results are empty.* search first"),
    "all of a search": (lambda: plots.plot_search(({}, 1, None), pair), "search.. returns it firs"),
    "half an accuracy": (lambda: plots.plot_search({(1, 1): 0.5}, pair), "validation accuracy"),
    "rates of zero": (lambda: plots.plot_search({(0, 1): (1, 1)}, pair), "numbers above 0"),
    "one axes for two": (lambda: plots.plot_search({(1, 1): (1, 1)}, pair[0]), "2 or more"),
    "templates turned": (lambda: plots.plot_templates(W_images.T, names, pair), "pass W.T"),
    "templates of features": (lambda: plots.plot_templates(W, names, pair), "for images of shape"),
    "a number for names": (lambda: plots.plot_templates(W_images, 3, pair), "names are 3"),
    "too few names": (lambda: plots.plot_templates(W_images, "ab", pair), "2 names for 3"),
    "axes for an image": (lambda: plots.plot_image(pair[0], images[0]), "ax is an array"),
    "pyplot for axes": (lambda: plots.plot_image(images[0], plt), "ax is a module"),
    "several axes for one": (lambda: plots.plot_losses([1.0], pair), "one of them at a time"),
    "an image of its kind": (lambda: plots.plot_image(images[0] * 1.0, pair[0]), "pass image / 25"),
    "a colourless image": (lambda: plots.plot_image(X, pair[0]), r"expected \(H, W, 3\)"),
    "rows for images": (lambda: plots.plot_samples(X, y, names, pair[0]), "rows are no images"),
    "samples by name": (lambda: plots.plot_samples(images, names[y[:12]], names, pair[0]),
                        "expected labels as numbers"),
    "a label too high": (lambda: plots.plot_mistakes(images, y[:12], y[:12] + 1, names, pair),
                         "predicted holds labels 1 to 3 for 3 names"),
    "a classifier's losses": (lambda: plots.plot_losses(plain, pair[0]), "loss_curve_"),
    "a bar without a name": (lambda: plots.plot_bars([1, 2], ["a"], pair[0], ""), "1 names for 2"),
    "a line for a plane": (lambda: plots.plot_plane(W[:3], X[:, :1], y, "abc", pair[0]), "points"),
    "a check of nothing": (check, r"None.* no exercise: .*as in check\(svm_loss_naive\)"),
    "a check of a topic": (lambda: check("svm"), "did you mean .*svm_loss_naive"),
    "a check of a call": (lambda: check((0.5, W)), "a value of type tuple, which a call may have"),
    "a check of a class": (lambda: check(LinearSVM), "the class LinearSVM is no exercise"),
    "a check of a lambda": (lambda: check(lambda W: W), r'a lambda is .*exercise="..."'),
    "a hint with a slip": (lambda: hint("svm_loss_naiv"), "did you mean svm_loss_naive"),
    "a hint in capitals": (lambda: hint("Ship Score"), "did you mean ship_score"),
    "use of a number": (lambda: use(3), "3 is no exercise"),
    "progress of a topic": (lambda: progress("softmax loss"), "did you mean softmax_loss_naive"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_wrong_first_step_is_told_in_one_sentence_what_to_do(step):
    call, said = STEPS[step]
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the sentence is compared below
        call()
    text = str(caught.value)
    assert re.search(said, text), text
    assert "\n" not in text and text.endswith(".") and len(text) < 400
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_labels_from_1_are_warned_of_and_others_are_not(recwarn):
    with pytest.warns(UserWarning, match="labels 1 to 3 and none is 0: .*pass y - 1"):
        LinearSVM().train(ones, y + 1, num_iters=1)
    recwarn.clear()
    LinearSVM().train(ones, y, num_iters=1)
    LinearSVM().train(ones, 2 * y + 1, num_iters=1)
    assert not recwarn.list


def test_axes_may_come_in_a_list_or_alone():
    for axes in (list(pair), pair[0]):
        assert plots.plot_templates(W_images, names, axes) is axes


def test_progress_shows_the_exercises_that_it_is_asked_for():
    assert [row[1] for row in progress(svm_loss_vectorized, "softmax").rows] == [
        "svm_loss_vectorized", "softmax"]
