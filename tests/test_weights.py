"""Rows and classes that weigh more than others: what is trained on, and what is refused."""
from functools import partial
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cs231n_lite import losses
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.engine import weights
from cs231n_lite.engine.losses import ON_SCORES
from cs231n_lite.gradcheck import numerical_gradient
from cs231n_lite.optim import momentum_sgd, sgd
from cs231n_lite.tune import search

KINDS = pytest.mark.parametrize("kind", [LinearSVM, Softmax])
X, y = load_iris(return_X_y=True)
RNG = np.random.default_rng(1)
UNEVEN = RNG.uniform(0.2, 5, 150) * (RNG.random(150) < 0.8)


def mine(scores, y):
    """A student's loss on scores."""
    return losses.cross_entropy(scores, y)


def of_W(W, X, y, reg):
    """A student's loss of W."""
    return losses.softmax_loss_vectorized(W, X, y, reg)


def learned(model):
    return np.column_stack([model.coef_, model.intercept_])


# --------------------------------------------------------------- what is trained on


@pytest.mark.parametrize("given", [
    UNEVEN, 1e-9 * UNEVEN, 1e300 * UNEVEN, RNG.pareto(0.5, 5000), np.arange(7.0),
    np.array([1e-9, 1, 0, 1e-9, 3])], ids=range(6))
def test_rows_have_slots_in_proportion_to_their_weights(given):
    shares = np.bincount(weights.slots(given), minlength=len(given)) / len(weights.slots(given))
    assert_allclose(shares, given / given.max() / (given / given.max()).sum(), rtol=0, atol=1e-6)
    assert not shares[given == 0].any()


@pytest.mark.parametrize("loss", [loss for loss, _ in ON_SCORES] + [
    losses.softmax_loss_naive, partial(losses.regularized, mine)], ids=range(9))
def test_minibatches_have_the_loss_and_the_gradient_of_the_weighted_objective(loss, monkeypatch):
    monkeypatch.setattr(weights, "SLOTS", 256)
    rng = np.random.default_rng(2)
    w = rng.permutation([0, 1, 1, 2, 3, 5, 8, 13, 14, 17])  # of 64 in all
    W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(10, 4)), rng.integers(3, size=10)

    def objective(W):
        """sum_i w_i L_i(W) / sum_i w_i + reg * sum(W**2), row by row."""
        each = [loss(W, X[i:i + 1], y[i:i + 1], 0.0)[0] for i in range(10)]
        return np.sum(w * each) / np.sum(w) + 0.1 * np.sum(W**2)

    drawn, labels = weights.in_proportion(X, y, w)
    value, dW = Softmax(loss)._loss_function(W, drawn[:], labels, 0.1)
    assert len(drawn) == 256 and value == pytest.approx(objective(W), rel=1e-12)
    assert_allclose(dW, numerical_gradient(objective, W), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("settings", [
    {}, dict(early_stopping=True), dict(learning_rate=0.01), dict(optimizer=sgd),
    dict(fit_intercept=False)], ids=range(5))
@KINDS
def test_equal_weights_are_as_none_and_a_row_of_weight_0_is_not_there(kind, settings):
    model = kind(num_iters=60, batch_size=20, **settings)
    even, some = np.ones(150), UNEVEN > 0
    assert np.array_equal(learned(model.fit(X, y, even)), learned(model.fit(X, y)))
    spoilt = np.where(some[:, None], X, np.nan)
    for given in (some, UNEVEN):
        with_zeros = learned(model.fit(spoilt, y, given))
        assert np.array_equal(with_zeros, learned(model.fit(X[some], y[some], given[some])))


@pytest.mark.parametrize("weigh", [[0, 50], [0, 1, 2, 50], [0, 1, 50, 51, 100, 101]],
                         ids=range(3))
def test_early_stopping_refuses_rows_of_weight_0_as_rows_that_are_not_there(weigh):
    model, some = Softmax(early_stopping=True), np.isin(np.arange(150), weigh)
    with pytest.raises(ValueError, match="early_stopping=False") as absent:
        model.fit(X[some], y[some])
    with pytest.raises(ValueError, match="early_stopping=False") as weightless:
        model.fit(X, y, some)
    assert str(weightless.value) == str(absent.value)


@KINDS
def test_weights_have_no_unit_and_may_be_of_any_type(kind):
    model = kind(num_iters=60, batch_size=20)
    expected = learned(model.fit(X, y, UNEVEN))
    for same in (1024 * UNEVEN, 2.0**-900 * UNEVEN, UNEVEN.tolist()):
        assert_allclose(learned(model.fit(X, y, sample_weight=same)), expected, rtol=1e-9)


@KINDS
def test_a_class_with_no_weight_is_known_and_is_not_predicted(kind):
    model = kind(num_iters=100).fit(X, y, y != 1)
    assert model.classes_.tolist() == [0, 1, 2] and set(model.predict(X)) == {0, 2}


def over_seeds(kind, *data):
    """What is learned from the data, by seeds."""
    return np.array([learned(kind(num_iters=150, batch_size=20, random_state=seed, reg=0.1)
                             .fit(*data)) for seed in range(10)])


def apart(ones, others):
    """The squared distance of two means in their standard errors, a mean over the entries."""
    error = (ones.var(axis=0, ddof=1) + others.var(axis=0, ddof=1)) / len(ones)
    return float(np.mean((ones.mean(axis=0) - others.mean(axis=0))**2 / error))


@pytest.mark.parametrize("kind", [Softmax, pytest.param(LinearSVM, marks=pytest.mark.slow)])
def test_weights_and_repeated_rows_differ_by_the_noise_of_the_minibatches_alone(kind):
    """This stands for scikit-learn's check that demands equality, see EXPECTED."""
    some = np.random.default_rng(3).permutation(150)[:60]
    times = np.random.default_rng(4).integers(5, size=60)
    rows = np.random.default_rng(5).permutation(some.repeat(times))
    weighted = over_seeds(kind, X[some], y[some], times)
    repeated, plain = over_seeds(kind, X[rows], y[rows]), over_seeds(kind, X[some], y[some])
    assert apart(weighted, repeated) < 2 < 5 < apart(weighted, plain)


@pytest.mark.parametrize("loss", [
    losses.softmax_loss_vectorized,
    pytest.param(losses.squared_hinge_loss, marks=pytest.mark.slow)], ids=["softmax", "hinge"])
def test_training_comes_to_rest_where_the_weighted_objective_is_least(loss):
    centred = X - np.average(X, axis=0, weights=UNEVEN)
    centred /= np.average(centred**2, axis=0, weights=UNEVEN) ** 0.5
    centred = np.column_stack([centred, np.ones(150)])
    W = Softmax(loss, learning_rate=0.02, optimizer=momentum_sgd, reg=0.1,
                fit_intercept=False).fit(centred, y, UNEVEN).W
    at_rest = sum(w * loss(W, x[None], label[None], 0.0)[1]
                  for w, x, label in zip(UNEVEN, centred, y)) / UNEVEN.sum() + 0.2 * W
    unweighted = loss(W, centred, y, 0.1)[1]
    assert np.linalg.norm(at_rest) < 0.4 * np.linalg.norm(unweighted)


def test_features_and_rates_are_standardized_as_the_rows_weigh():
    times = np.random.default_rng(5).integers(4, size=150)
    for data in (X, X.astype(np.float32), (10 * X).astype(np.uint8)):
        weighted = Softmax(num_iters=0).fit(data, y, times)._moments
        repeated = Softmax(num_iters=0).fit(data.repeat(times, axis=0), y.repeat(times))._moments
        assert weighted.N == repeated.N
        assert_allclose(weighted.mean, repeated.mean, rtol=1e-6)
        assert_allclose(weighted.deviation, repeated.deviation, rtol=1e-5)


def test_of_many_rows_those_that_weigh_most_are_sampled_most():
    many = np.tile(X, (100, 1))
    model = Softmax(num_iters=0).fit(many, np.tile(y, 100), np.tile(np.where(y == 2, 100, 1), 100))
    assert_allclose(model._moments.mean, X[y == 2].mean(axis=0), rtol=0.05)


def test_a_memory_mapped_file_is_drawn_from_as_the_array_is(tmp_path):
    X.tofile(tmp_path / "X")
    mapped = np.memmap(tmp_path / "X", X.dtype, "r", shape=X.shape)
    model = Softmax(num_iters=20)
    assert np.array_equal(learned(model.fit(mapped, y, UNEVEN)), learned(model.fit(X, y, UNEVEN)))


def test_early_stopping_weighs_what_it_holds_out():
    def lost(scores, y):
        """A loss that learns nothing."""
        return 1.0, 0 * scores

    one = (y == 0).astype(int)
    model = Softmax(partial(losses.regularized, lost), num_iters=60, early_stopping=True,
                    class_weight={0: 3, 1: 1})
    scores = model.fit(X, one).validation_scores_
    assert min(abs(scores[0] - share) for share in (30 / 35, 5 / 35)) < 0.4
    assert model.score(X, one, np.where(one, 1, 3)) == pytest.approx(
        np.average(model.predict(X) == one, weights=np.where(one, 1, 3)))


# --------------------------------------------------------------- weights of classes


@KINDS
def test_the_weight_of_a_class_is_that_of_its_rows(kind):
    names = np.array(["a", "b", "c"])[y]
    few = np.flatnonzero(UNEVEN > 1)
    times, rows, labels = UNEVEN[few], X[few], names[few]
    model = kind(num_iters=60, batch_size=20)
    counts = {name: times[labels == name].sum() for name in "abc"}
    for given, of_class in (({"b": 3.0, "z": 9}, None), ({"b": 3}, {"a": 1, "b": 3, "c": 1}),
                            ("balanced", {name: 1 / count for name, count in counts.items()})):
        if of_class is None:
            with pytest.raises(ValueError, match="class_weight names .'z'., .* leaves out"):
                model.set_params(class_weight=given).fit(rows, labels)
            continue
        by_class = learned(model.set_params(class_weight=given).fit(rows, labels, times))
        each = times * [of_class[name] for name in labels]
        by_row = learned(model.set_params(class_weight=None).fit(rows, labels, each))
        assert_allclose(by_class, by_row, rtol=1e-9)


def test_classes_that_weigh_what_no_part_of_the_data_holds_are_no_slip():
    two = y < 2
    model = Softmax(num_iters=20, class_weight={0: 1, 1: 2, 2: 3}).fit(X[two], y[two])
    assert model.classes_.tolist() == [0, 1]


@KINDS
def test_train_weighs_classes_too(kind):
    rows = np.column_stack([X, np.ones(150)])
    settings = dict(learning_rate=0.01, num_iters=50)
    plain, weighted = kind(), kind(class_weight={2: 1000})
    for model in (plain, weighted):
        model.train(rows, y, **settings)
    fitted = kind(class_weight={2: 1000}, fit_intercept=False, reg=1e-5, **settings).fit(rows, y)
    assert np.array_equal(weighted.W, fitted.W)
    assert (weighted.predict(rows) == 2).all() and not (plain.predict(rows) == 2).all()


AROUND = {
    "normal": lambda rng, at, size: at + rng.normal(size=size),
    "heavy tails": lambda rng, at, size: at + rng.standard_t(3, size),
    "counts": lambda rng, at, size: rng.poisson(np.exp(at), size)}
RARE = list(product(AROUND, (2, 3, 4, 5), (0, 1)))


@pytest.mark.parametrize("features, C, seed", [
    RARE[0], *(pytest.param(*case, marks=pytest.mark.slow) for case in RARE[1:])])
def test_balanced_a_class_of_one_per_cent_is_found_as_often_as_by_logistic_regression(
        features, C, seed):
    """Recall is taken on so many fresh rows that their own noise is small."""
    rng, draw = np.random.default_rng([C, seed]), AROUND[features]
    counts, centres = [*np.full(C - 1, 1980 // (C - 1)), 20], 0.6 * rng.normal(size=(C, 10))
    data = np.vstack([draw(rng, at, (count, 10)) for at, count in zip(centres, counts)])
    labels, fresh = np.arange(C).repeat(counts), draw(rng, centres[-1], (20_000, 10))

    def recall(model):
        return np.mean(model.fit(data, labels).predict(fresh) == C - 1)

    def theirs(penalty):
        return recall(make_pipeline(StandardScaler(), LogisticRegression(
            class_weight="balanced", C=penalty)))

    ours = Softmax(class_weight="balanced")
    as_strong = (2 if C == 2 else 1) / (2 * ours.reg * len(labels))  # one W (D,) stands for two
    assert recall(ours) == pytest.approx(theirs(as_strong), abs=0.02)
    assert recall(ours) > theirs(1.0) - 0.02 and recall(Softmax()) < theirs(1.0) - 0.3


# --------------------------------------------------------------- streams, and grids


def contradicted(model, light, heavy):
    """The classifier after chunks of those weights that call virginica 0, or call it 1."""
    rng, (data, labels) = np.random.default_rng(6), (X, y == 2)
    for chunk in range(40):
        rows = rng.choice(150, 10)
        model.partial_fit(data[rows], labels[rows] ^ (chunk % 2 == 0), [False, True],
                          np.full(10, heavy if chunk % 2 else light))
    return model


def test_chunks_weigh_by_the_mean_of_all_so_far():
    model = contradicted(Softmax(batch_size=5), 1, 30)
    assert model.score(X, y == 2) > 0.8 and model.n_iter_ == pytest.approx(100, abs=5)
    assert contradicted(Softmax(batch_size=5), 30, 1).score(X, y != 2) > 0.8
    in_another_unit = contradicted(Softmax(batch_size=5), 2.0**30, 30 * 2.0**30)
    assert_allclose(learned(in_another_unit), learned(model), rtol=1e-6)


def test_chunks_of_weight_1_are_as_chunks_without_weights():
    ones, none = Softmax(batch_size=10), Softmax(batch_size=10)
    for _ in range(3):
        ones.partial_fit(X, y, [0, 1, 2], np.ones(150))
        none.partial_fit(X, y, [0, 1, 2])
    assert np.array_equal(learned(ones), learned(none))


@pytest.mark.parametrize("class_weight", ["balanced", {0: 5, 2: 0.5}])
def test_a_grid_of_weighted_classifiers_finds_what_its_points_find_alone(class_weight):
    def make(rate, reg):
        return Softmax(learning_rate=rate, reg=reg, num_iters=30, class_weight=class_weight)

    uneven = np.flatnonzero((y > 0) | (np.arange(150) < 10))
    rows, labels = X[uneven], y[uneven]
    results, _, best = search(make, rows, labels, X, y, [0.01, 0.1], [0.01, 0.1])
    alone = {point: make(*point).fit(rows, labels) for point in results}
    assert results == {point: (model.score(rows, labels), model.score(X, y))
                       for point, model in alone.items()}
    assert any(np.allclose(learned(best), learned(model)) for model in alone.values())


@pytest.mark.parametrize("class_weight", [{0: "2"}, {0: np.array(2.0)}], ids=range(2))
def test_a_grid_takes_weights_of_every_type_that_fit_takes(class_weight):
    def make(rate, reg):
        return Softmax(learning_rate=rate, reg=reg, num_iters=3, class_weight=class_weight)

    _, _, best = search(make, X, y, X, y, [0.1], [0.1, 0.1])
    assert_allclose(best.W, make(0.1, 0.1).fit(X, y).W, rtol=1e-7)


# --------------------------------------------------------------- what is refused


@pytest.mark.parametrize("wrong, message", [
    (np.ones(149), r"sample_weight has shape \(149,\) for 150 rows; expected \(150,\)"),
    (np.ones((150, 2)), r"sample_weight has shape \(150, 2\)"), (2.0, r"has shape \(\)"),
    (y - 1.0, "sample_weight holds -1; expected numbers of 0 or more"),
    (np.where(y, 1, np.nan), "sample_weight holds nan"),
    (np.where(y, 1, np.inf), "sample_weight holds inf"),
    (np.full(150, 1e308), r"sample_weight reaches 1e\+308; .* a finite sum"),
    (np.zeros(150), "sample_weight is zero throughout"),
    (["a"] * 150, r"sample_weight is \['a', .* expected numbers of 0 or more"),
    ([None] + [[1]] * 149, r"sample_weight is \[None, .* expected numbers of 0 or more"),
])
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_weights_of_rows_that_cannot_be_are_refused(method, wrong, message):
    classes = {"classes": [0, 1, 2]} if method == "partial_fit" else {}
    with pytest.raises(ValueError, match=message):
        getattr(Softmax(), method)(X, y, sample_weight=wrong, **classes)


@pytest.mark.parametrize("wrong, message", [
    ("even", "class_weight is 'even'; expected None, \"balanced\", or a dictionary"),
    ([1, 2, 3], r"class_weight is \[1, 2, 3\]; expected None"),
    ({0: -1}, "class_weight holds -1"), ({0: np.nan}, "class_weight holds nan"),
    ({0: "heavy"}, r"class_weight is \['heavy', 1.0, 1.0\]; expected numbers of 0 or more"),
    ({0: [2]}, r"class_weight is \[\[2\], 1.0, 1.0\]; expected numbers of 0 or more"),
    ({0: 0, 1: 0, 2: 0}, "class_weight is zero throughout"),
    ({"setosa": 2}, r"class_weight names \['setosa'\], which y does not hold"),
    ({0: 1e308, 1: 0, 2: 0}, "sample_weight times class_weight reaches 1e"),
])
@pytest.mark.parametrize("method", ["fit", "train", "search"])
def test_weights_of_classes_that_cannot_be_are_refused(method, wrong, message):
    def make(rate, reg):
        return Softmax(learning_rate=rate, reg=reg, class_weight=wrong)

    train = (partial(search, make, X, y, X, y, [0.1], [0.1, 0.2]) if method == "search"
             else partial(getattr(make(1e-3, 1e-5), method), X, y))
    with pytest.raises(ValueError, match=message):
        train()


def test_balance_is_refused_where_the_counts_of_all_rows_are_not_known():
    with pytest.raises(ValueError, match="class_weight is 'balanced', which takes the counts"):
        Softmax(class_weight="balanced").partial_fit(X, y, classes=[0, 1, 2])


def test_a_loss_of_W_of_ones_own_refuses_weights_and_a_loss_on_scores_takes_them():
    for refused in (lambda model: model.fit(X, y, np.ones(150)),
                    lambda model: model.partial_fit(X, y, [0, 1, 2], np.ones(150)),
                    lambda model: model.set_params(class_weight={0: 2}).fit(X, y),
                    lambda model: model.set_params(class_weight="balanced").train(X, y)):
        with pytest.raises(ValueError, match=r"loss is <function of_W .*; expected one of the "
                                             r"package's, or .* partial\(losses.regularized"):
            refused(Softmax(of_W))
    assert Softmax(of_W, num_iters=1).fit(X, y).n_iter_ == 1
    by_mine = Softmax(partial(losses.regularized, mine), num_iters=50).fit(X, y, UNEVEN)
    assert_allclose(learned(by_mine), learned(Softmax(num_iters=50).fit(X, y, UNEVEN)), rtol=1e-7)
