"""Wrong first steps, and the sentence that each is told: what was found, and what to do."""
import matplotlib

matplotlib.use("agg")
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.sparse import csr_array

import cs231n_lite
from cs231n_lite import data, plots
from cs231n_lite.classifiers import LinearSVM, Softmax, predict
from cs231n_lite.exercises import check, hint, progress, solution, use
from cs231n_lite.explorer import Explorer
from cs231n_lite.gradcheck import grad_check_sparse, numerical_gradient, numerical_slope
from cs231n_lite.losses import cross_entropy, hinge, regularized, softmax, svm_loss_vectorized
from cs231n_lite.optim import mirrored, momentum_sgd, sgd
from cs231n_lite.preprocess import (
    add_bias,
    flatten,
    mean_image,
    prepare,
    preprocess,
    scale_colours,
    to_rows,
)
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
named = Softmax(num_iters=3).fit(X, names[y])
rows = preprocess(splits).X_train
figure, pair = plt.subplots(1, 2)
compared = grad_check_sparse(lambda W: 0.0, W, np.zeros_like(W))
points = {(1e-3, 0.1): (0.3, 0.4), (1e-2, 0.1): (0.5, 0.6)}


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


def tried(rates, regs, make=make, X_val=X, y_val=y):
    return search(make, X, y, X_val, y_val, rates, regs)


def loss_turned(X, W, y, reg):
    return svm_loss_vectorized(W, X, y, reg)


def compare(f=loss, W=W, dW=W, **settings):
    return grad_check_sparse(f, W, dW, **settings)


class OfTheStudent(LinearSVM):
    def __init__(self, learning_rate=0.1):
        super().__init__(learning_rate=learning_rate)

    def train(self, X, y, steps=1, **settings):
        return super().train(X, y, num_iters=steps, **settings)


def results(point=(1, 1), pair=(0.3, 0.4)):
    return {point: pair}


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
    "rates in a text": (lambda: tried("1e-3", [0.1]), "is '1e-3'; .*pass a list of numbers"),
    "a model for make": (lambda: tried([1], [1], Softmax()), r"make is Softmax\(\); .*as in lambd"),
    "a class for make": (lambda: tried([1], [1], Softmax), "make is the class Softmax; .*lambda"),
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
    "a check of nothing": (check, r"check\(\) was given nothing, .*as in check\(svm_loss_naive"),
    "a check of a topic": (lambda: check("svm"), "did you mean .*svm_loss_naive"),
    "a check of a call": (lambda: check((0.5, W)), "a value of type tuple, which a call may have"),
    "a check of a class": (lambda: check(LinearSVM), "the class LinearSVM is no exercise"),
    "a check of a lambda": (lambda: check(lambda W: W), r'a lambda is .*exercise="..."'),
    "a hint with a slip": (lambda: hint("svm_loss_naiv"), "did you mean svm_loss_naive"),
    "a hint in capitals": (lambda: hint("Ship Score"), "did you mean ship_score"),
    "use of a number": (lambda: use(3), "3 is no exercise"),
    "progress of a topic": (lambda: progress("softmax loss"), "did you mean softmax_loss_naive"),
    "a dataset for a name": (lambda: prepare(dataset), r"name is a Dataset; .*preprocess\(split"),
    "a mean of another unit": (lambda: to_rows(images, mean_image(images) / 255), "not divided by"),
    "a mean of nan": (lambda: to_rows(images, np.full((32, 32, 3), np.nan)),
                      "nan was found in mea"),
    "colours without ones": (lambda: scale_colours(rows[:, 1:-2]), "not all ones; .*add_bias"),
    "integer scores": (lambda: softmax(np.array([[1, 2]])), "wrap and truncate: pass scores.ast"),
    "a stack of scores": (lambda: softmax(np.ones((2, 2, 2))), "neither empty.$"),
    "weights of one class": (lambda: svm_loss_vectorized(W[:, 0], ones, y, 0.1), "a column for ea"),
    "a classifier for W": (lambda: svm_loss_vectorized(plain, ones, y, 0.1), "pass the W of a cla"),
    "one label": (lambda: hinge(X[:1], 0), r"pass np.array\(\[0\]\) of one label"),
    "regularized by name": (lambda: regularized("hinge", W, ones, y, 0.1), "on is 'hinge'"),
    "regularized twice": (lambda: regularized(svm_loss_vectorized, W, ones, y, 0.1),
                          r"on is svm_loss_vectorized\(W, X, y, reg\); .*of \(scores, y\)"),
    "regularized data": (lambda: regularized(hinge, ones, W, y, 0.1), "W comes first, then X"),
    "a strength in words": (lambda: regularized(hinge, W, ones, y, "0.1"), "reg is '0.1'"),
    "prediction by W.T": (lambda: predict(W.T, ones), "pass W.T"),
    "prediction by X": (lambda: predict(ones, W), "W comes first, then X"),
    "prediction without ones": (lambda: predict(W, X), r"preprocess.add_bias\(X\)"),
    "prediction of one row": (lambda: predict(W, ones[0]), r"pass X\[None\] of one row"),
    "prediction by a model": (lambda: predict(plain, X), "W is a LinearSVM; .*pass the W of a"),
    "a loss of (X, W, y, reg)": (lambda: descend(loss_turned), r"loss_turned\(X, W, y, reg\); exp"),
    "a make of (reg, rate)": (lambda: tried([1], [1], lambda reg, learning_rate: None),
                              r"<lambda>\(reg, learning_rate\); .*of \(learning_rate, reg\)"),
    "a gradient of objects": (lambda: descend(lambda W, *of: (0.5, W.astype(object))),
                              "dW holds object; expected numbers"),
    "a gradient in words": (lambda: descend(lambda W, *of: (0.5, W.astype(str))), "dW holds <U"),
    "mirrored colours first": (lambda: mirrored(svm_loss_vectorized, (3, 32, 32)), "colours last"),
    "mirrored pixels": (lambda: mirrored(svm_loss_vectorized, 3072),
                        "shape is 3072; .*colours last"),
    "no f": (lambda: numerical_slope(0.5, W, (0, 0)), "f is 0.5; expected a function"),
    "no step of one slope": (lambda: numerical_slope(loss, W, (0, 0), 0), "h is 0; expected"),
    "two numbers for an entry": (lambda: numerical_slope(loss, W, 0, 0), "h is 0; expected"),
    "a list for W": (lambda: numerical_slope(loss, [1.0], (0,)), r"pass np.asarray\(W\)"),
    "nothing to compare": (lambda: compare(W=W[:0], dW=W[:0]), "expected one entry or more"),
    "a complex gradient": (lambda: compare(dW=W * 1j), "dW holds complex128; expected numbers"),
    "words for W": (lambda: numerical_gradient(lambda W: 0.0, names), "<U4 was found in W"),
    "a slope that ends": (lambda: numerical_slope(lambda W: None if W[0] < 0 else 1.0, 0 * X[0],
                                                  (0,)), "f returned None"),
    "a step of ten": (lambda: compare(h=10), "h is 10; expected a small number"),
    "half an entry": (lambda: numerical_slope(loss, W, (0, 0.5)), r"at is \(0, 0.5\)"),
    "a column for an entry": (lambda: numerical_slope(loss, W, (slice(9), 0)), r"at is \(slice"),
    "f returns nothing": (lambda: compare(lambda W: None), "f returned None, expected one number"),
    "f returns a truth": (lambda: compare(lambda W: W.any() > 2), "f returned "),
    "margins of nothing": (lambda: compare(margins=lambda W: None), "margins returned None; expec"),
    "words for numbers": (lambda: accuracy(plain, X, names[y]),
                          "y holds labels in words, and the p"),
    "numbers for words": (lambda: accuracy(named, X, y), "predictions are in words, so that none"),
    "digits in quotes": (lambda: accuracy(plain, X, y.astype(str)), "y holds labels in words"),
    "labels of None": (lambda: accuracy(plain, X, np.array([None] * 30)), "y holds None"),
    "complex weights": (lambda: svm_loss_vectorized(W * 1j, ones, y, 0.1), "expected floats: pass"),
    "ones beside words": (lambda: add_bias(X.astype(str)), "X holds <U.*pass X.astype.float"),
    "accuracy of no rows": (lambda: accuracy(plain, None, y), "X is None; expected an array"),
    "words to choose by": (lambda: tried([1], [1], y_val=names[y]), "y_val holds labels in words"),
    "other features to choose by": (lambda: tried([1], [1], X_val=X[:, 1:]),
                                    "X_val has shape .30, 4"),
    "no strengths": (lambda: tried([1], None), "regs is None; expected several: pass a list"),
    "a table of rates": (lambda: tried({"rate": 1}, [1]),
                         "expected several: pass a list of numbers"),
    "accuracies in per cent": (lambda: plots.plot_search(results(pair=(30, 40)), pair), "by 100"),
    "per cent in words": (lambda: plots.search_in_words(results(pair=(30, 40))), "by 100"),
    "accuracies of nan": (lambda: plots.plot_search(results(pair=(np.nan, 1)), pair),
                          "from 0 to 1"),
    "points in words": (lambda: plots.plot_search(results("ab"), pair),
                        "expected .learning_rate|numb"),
    "all of a search in words": (lambda: plots.search_in_words(({}, 1, None)),
                                 "search.. returns it"),
    "a figure for axes": (lambda: plots.plot_search(points, figure), "axes hold 0 to draw on"),
    "losses after a divergence": (lambda: plots.plot_losses([1, np.nan], pair[0]),
                                  r"nan at iteration 1; .*draw losses\[:1\]"),
    "losses and axes swapped": (lambda: plots.plot_losses(pair[0], [1.0]),
                                "list; expected axes, as"),
    "a classifier's templates": (lambda: plots.plot_templates(plain, names, pair), "pass the W of"),
    "templates of nan": (lambda: plots.plot_templates(W_images * np.nan, names, pair),
                         "nan was fou"),
    "templates colours first": (lambda: plots.plot_templates(W_images, names, pair, (3, 32, 32)),
                                r"shape is \(3, 32, 32\); .*colours last"),
    "a row for an image": (lambda: plots.plot_image(rows[0], pair[0]), "a row is no image"),
    "images for an image": (lambda: plots.plot_image(images, pair[0]), r"pass one .*image\[0\]"),
    "an image less its mean": (lambda: plots.plot_image(images[0] - mean_image(images), pair[0]),
                               r"add the mean image again, or pass \(image \+ "),
    "an image of truths": (lambda: plots.plot_image(images[0] > 9, pair[0]),
                           r"image.astype\(float"),
    "an image of nan": (lambda: plots.plot_image(np.full((2, 2, 3), np.nan), pair[0]),
                        "nan was fou"),
    "a grey image": (lambda: plots.plot_image(images[0, ..., 0], pair[0]), r"np.stack\(\[image\]"),
    "an empty image": (lambda: plots.plot_image(images[0][:0], pair[0]), r"shape \(0, 32, 3\)"),
    "one loss": (lambda: plots.plot_losses(np.array(3.0), pair[0]), "expected a list of numbers"),
    "bars of many lengths": (lambda: plots.plot_bars([[1], [2, 3]], "ab", pair[0], ""), "several "),
    "a number of classes": (lambda: plots.plot_plane(W[:3], X, y, 3, pair[0]), "names are 3"),
    "a sheet of no images": (lambda: plots.sheet(images[:0], 2), "expected one or more"),
    "a sheet of one image": (lambda: plots.sheet(images[0], 2), r"images\[None\] of one image"),
    "mistakes among rows": (lambda: plots.plot_mistakes(rows, y[:12], y[:12], names, pair),
                            "rows a"),
    "mistakes of no images": (lambda: plots.plot_mistakes(None, y, y, names, pair),
                              "images is None"),
    "bars of a dictionary": (lambda: plots.plot_bars({"a": 1}, "a", pair[0], ""),
                             r"list\(values.va"),
    "bars of a table": (lambda: plots.plot_bars(X[:1, :3], names, pair[0], ""),
                        r"pass values\[0\]"),
    "bars of one number": (lambda: plots.plot_bars(3.0, "a", pair[0], ""),
                           r"values have shape \(\)"),
    "bars and names swapped": (lambda: plots.plot_bars(names, [1, 2, 3], pair[0], ""),
                               "<U4 was fou"),
    "bars of nan": (lambda: plots.plot_bars([1, np.nan], "ab", pair[0], ""),
                    "nan was found in val"),
    "a plane of other features": (lambda: plots.plot_plane(W[:3], X[:, :3], y, names, pair[0]),
                                  "third column that is not all ones"),
    "a plane of nothing": (lambda: plots.plot_plane(W[:3], X[:0, :2], y[:0], names, pair[0]),
                           "no po"),
    "a plane without end": (lambda: plots.plot_plane(W[:3], X[:, :2], y, names, pair[0], reach=0),
                            "reach is 0; expected a number above 0"),
    "a plane of words": (lambda: plots.plot_plane(W[:3].astype(str), X, y, names, pair[0]),
                         "<U32 w"),
    "pyplot for a figure": (lambda: plots.Picture(plt, "empty"), "figure is a module"),
    "a hint of nothing": (hint, r"hint\(\) was given nothing, .*as in hint\(svm_loss_naive\)"),
    "use of nothing": (use, r"use\(\) was given nothing, .*as in use\(svm_loss_naive\)"),
    "a solution of nothing": (solution, r"solution\(\) was given nothing"),
    "a check of the dots": (lambda: check(...),
                            r'and check\(ship_score, exercise="ship_score"\)'),
    "a check of a number": (lambda: check(61.95),
                            r'and check\(ship_score, exercise="ship_score"\)'),
    "a check of two": (lambda: check(sgd, predict), "expected the name of one, in quotes"),
    "a use of two": (lambda: use(sgd, predict), "use takes them one at a time"),
    "a check of a helper": (lambda: check(make),
                            "the function make is no exercise; expected one of"),
    "progress of a list": (lambda: progress(["sgd"]), "a list is no exercise; .*without brackets"),
    "a comparison for its error": (lambda: compared < 1e-6, r"compared.max_error < 1e-6"),
    "the largest of a comparison": (lambda: 1e-6 >= compared, "write .max_error"),
    "a comparison for a number": (lambda: float(compared), "expected its largest error"),
    "a comparison for a truth": (lambda: bool(compared), "neither true nor false"),
    "scores lost": (lambda: regularized(lambda scores, y: None, W, ones, y, 0.1),
                    r"on returned None; expected two things, \(loss, dscores\)"),
    "scores without a gradient": (lambda: regularized(lambda scores, y: 0.5, W, ones, y, 0.1),
                                  "on returned 0.5; expected two things"),
    "scores turned": (lambda: regularized(lambda scores, y: (0.5, scores.T), W, ones, y, 0.1),
                      r"dscores has shape \(3, 30\) but scores has \(30, 3\)"),
    "images as columns": (lambda: svm_loss_vectorized(W.T, ones.T, y, 0.1),
                          r"X is \(N, D\), W is \(D, C\), or both are turned"),
    "one image as rows": (lambda: to_rows(images[0], images[0]), r"pass images\[None\] of one"),
    "templates with two biases": (lambda: plots.plot_templates(np.ones((3074, 3)), names, pair),
                                  "fit_intercept=False"),
    "a preset in a list": (lambda: Explorer(preset=["outlier"]),
                           r"preset is \['outlier'\]; expected"),
    "an experiment in a list": (lambda: Explorer(experiment=["outlier"]),
                                "experiment is .*; expect"),
    "data for an explorer": (lambda: Explorer(X, y), "preset is array"),
    "features for points": (lambda: Explorer(points=X),
                            r"a list of at most 100 points \[x, y, cla"),
}
WARNED = {
    "ones twice": (lambda: add_bias(ones),
                   "ones already, and gets another one: leave out add_bias"),
    "colours twice": (lambda: scale_colours(scale_colours(rows)), "as rows do that scale_colours"),
    "probabilities for scores": (lambda: cross_entropy(softmax(X), y), "as probabilities do: pass"),
    "softmax twice": (lambda: softmax(softmax(X)), "as probabilities do: pass"),
    "rows without their ones": (lambda: LinearSVM().train(X, y, num_iters=1),
                                r"no column of ones.* pass add_bias\(X\)"),
    "settings of a class of one's own": (lambda: OfTheStudent().train(ones, y),
                                         r"takes none of learning_rate=0.1, which"),
    "f of another W": (lambda: compare(lambda w: loss(W)),
                       "see to it that f uses its own argument"),
    "a step too small": (lambda: compare(h=1e-30), "h is not below"),
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


@pytest.mark.parametrize("step", WARNED)
def test_a_step_that_may_be_meant_is_warned_of_where_it_is_taken(step):
    call, said = WARNED[step]
    with pytest.warns(UserWarning, match=said) as caught:
        call()
    assert [warning.filename for warning in caught] == [__file__]


def test_what_is_no_wrong_step_is_not_warned_of(recwarn):
    for toy in (np.ones((1, 3)), np.ones((2, 3))):
        add_bias(toy)
    softmax(np.array([[0.2, 0.8]]))
    LinearSVM(fit_intercept=False).train(X, y, num_iters=1)
    OfTheStudent().train(ones, y, learning_rate=0.1)
    for constant in (ones, ones[:, ::-1], ones / 255, ones[:1]):
        LinearSVM().train(constant, y[:len(constant)], num_iters=1)
    cross_entropy(np.eye(3), np.arange(3))
    scale_colours(rows)
    compare(lambda W: 0.0, dW=np.zeros_like(W))
    assert not recwarn.list


def test_labels_from_1_are_warned_of_and_others_are_not(recwarn):
    with pytest.warns(UserWarning, match="labels 1 to 3 and none is 0: .*pass y - 1"):
        LinearSVM().train(ones, y + 1, num_iters=1)
    recwarn.clear()
    LinearSVM().train(ones, y, num_iters=1)
    LinearSVM().train(ones, 2 * y + 1, num_iters=1)
    assert UserWarning not in [told.category for told in recwarn]


def test_axes_may_come_in_a_list_or_alone():
    for axes in (list(pair), pair[0]):
        assert plots.plot_templates(W_images, names, axes) is axes


def test_a_search_is_drawn_on_the_first_two_of_more_axes():
    many, four = plt.subplots(2, 2)
    assert plots.plot_search(points, four) is four
    assert [len(ax.texts) for ax in four.flat] == [2, 2, 0, 0]
    plt.close(many)


def test_a_plane_of_points_in_one_place_is_drawn_around_it():
    assert plots.plot_plane(W[:3], np.zeros((3, 2)), y[:3], names, pair[0]).get_xlim() == (-1, 1)


def test_rates_may_come_one_by_one():
    assert list(tried((rate for rate in (1e-3, 1e-2)), [0.1])[0]) == [(1e-3, 0.1), (1e-2, 0.1)]


def test_a_check_of_what_is_no_function_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("CS231N_LITE_PROGRESS", str(tmp_path / "progress.json"))
    for value, found in ((None, "None"), (5, "5"), (Softmax, "the class Softmax")):
        verdict = check(value, "predict")
        assert verdict.status == "wrong" and f"It is {found}, and no function" in verdict.message


def test_a_module_is_had_from_the_package_and_of_what_it_holds_the_place_is_told():
    assert cs231n_lite.gradcheck.numerical_slope is numerical_slope
    for name, part in (("load", "data"), ("Softmax", "classifiers"), ("check", "exercises")):
        with pytest.raises(ImportError, match=f"holds no {name}; .*from cs231n_lite.{part} import"):
            getattr(cs231n_lite, name)
    for name in ("np", "lod", "__path_"):
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
            getattr(cs231n_lite, name)


def test_the_name_of_a_dataset_may_stand_in_quotes_in_the_environment(monkeypatch):
    monkeypatch.setenv("CS231N_LITE_DATA", ' "cartoon" ')
    assert data.load().name == "cartoon"


def test_an_argument_that_a_function_has_not_is_told_with_its_name():
    with pytest.raises(TypeError, match=r"softmax\(\) got an unexpected keyword argument 'axis'"):
        softmax(X, axis=0)


def test_progress_shows_the_exercises_that_it_is_asked_for():
    assert [row[1] for row in progress(svm_loss_vectorized, "softmax").rows] == [
        "svm_loss_vectorized", "softmax"]
