"""LinearSVM and Softmax among scikit-learn's tools, on features of any scale, on large files."""
import pickle
import tracemalloc
from itertools import count

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.experimental import enable_halving_search_cv  # noqa: F401, the import itself is what enables it
from sklearn.model_selection import GridSearchCV, HalvingRandomSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.losses import softmax_loss_vectorized, squared_hinge_loss
from cs231n_lite.optim import sgd

KINDS = pytest.mark.parametrize("kind", [LinearSVM, Softmax])
X, y = load_iris(return_X_y=True)
SPECIES = np.array(["setosa", "versicolor", "virginica"])[y]


# --------------------------------------------------------------- scikit-learn's conventions


# What the check demands to the letter holds to the noise of the minibatches: see
# test_weights_and_repeated_rows_differ_by_the_noise_of_the_minibatches_alone in test_weights.py.
EXPECTED = {"check_sample_weight_equivalence_on_dense_data":
            "minibatches of weighted rows are other draws than those of repeated rows"}


@parametrize_with_checks([Softmax(num_iters=200)], expected_failed_checks=lambda _: EXPECTED)
def test_scikit_learns_own_checks_pass(estimator, check):
    check(estimator)


@pytest.mark.slow  # the fast tier tries one of the two
@KINDS
def test_scikit_learns_own_checks_pass_in_full_as_constructed(kind):
    results = check_estimator(kind(), expected_failed_checks=EXPECTED)
    assert {result["check_name"] for result in results if result["status"] == "xfail"} == {
        *EXPECTED}


@KINDS
def test_a_clone_has_the_same_parameters_and_no_weights(kind):
    model = kind(squared_hinge_loss, optimizer=sgd, learning_rate=0.1, reg=0.5).fit(X, y)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert copy.get_params()["loss"] is squared_hinge_loss and copy.W is None


@KINDS
def test_a_pickled_classifier_predicts_the_same(kind):
    model = kind(num_iters=50).fit(X, SPECIES)
    copy = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copy.predict(X), model.predict(X)) and np.array_equal(copy.W, model.W)


@KINDS
def test_labels_may_be_any_values(kind):
    model = kind(num_iters=300).fit(X, SPECIES)
    assert model.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert model.score(X, SPECIES) > 0.9


def test_features_are_plain_and_the_bias_is_the_last_row_of_the_weights():
    model = Softmax().fit(X, y)
    assert model.n_features_in_ == 4 and model.W.shape == (5, 3) and model.W is model.W_
    np.testing.assert_allclose(model.decision_function(X), X @ model.W[:-1] + model.W[-1])


def test_probabilities_are_the_softmax_of_the_scores():
    p = Softmax(num_iters=200).fit(X, y).predict_proba(X)
    assert p.shape == (150, 3) and np.allclose(p.sum(axis=1), 1) and p.min() >= 0
    assert not hasattr(LinearSVM(), "predict_proba")


def test_two_classes_have_one_decision():
    model = Softmax(num_iters=200).fit(X, y > 0)
    decision = model.decision_function(X)
    assert decision.shape == (150,) and np.array_equal(decision > 0, model.predict(X))


@KINDS
def test_coefficients_and_intercepts_give_the_decision(kind):
    rows = np.column_stack([X, np.ones(150)])
    trained = kind()
    trained.train(rows, y, learning_rate=0.1)
    alone = kind()
    alone.train(rows, 0 * y, num_iters=1)
    settings = dict(num_iters=50, reg=0.1)
    for model, data, C in (
            (kind(**settings).fit(X, y), X, 3), (kind(**settings).fit(X, y > 0), X, 1),
            (kind(**settings, fit_intercept=False).fit(rows, y), rows, 3),
            (kind(**settings, fit_intercept=False).fit(X, y > 0), X, 1),
            (kind().partial_fit(X, y, [0, 1, 2]), X, 3), (trained, rows, 3), (alone, rows, 1)):
        assert model.coef_.shape == (C, data.shape[1]) and model.intercept_.shape == (C,)
        np.testing.assert_allclose(model.decision_function(data).reshape(150, C),
                                   data @ model.coef_.T + model.intercept_, rtol=1e-9, atol=1e-9)
        assert model.n_iter_ == len(model.loss_curve_) > 0


@pytest.mark.parametrize("labels", [SPECIES, SPECIES == "setosa"], ids=["three", "two"])
@KINDS
def test_coefficients_that_are_set_predict_and_training_goes_on_from_them(kind, labels):
    one, other = (kind(num_iters=50, random_state=seed).fit(X, labels) for seed in (0, 1))
    coef, intercept = ((getattr(one, name) + getattr(other, name)) / 2
                       for name in ("coef_", "intercept_"))
    fresh = kind(learning_rate=0.0)
    fresh.classes_ = one.classes_
    for mean in (fresh, one):
        mean.coef_, mean.intercept_ = coef, intercept.tolist()
        np.testing.assert_allclose(mean.decision_function(X).reshape(150, -1),
                                   X @ coef.T + intercept, rtol=1e-9, atol=1e-9)
        assert mean.score(X, labels) > 0.8
    fresh.partial_fit(X, labels, classes=one.classes_)
    np.testing.assert_allclose(fresh.coef_, coef, rtol=1e-9)
    np.testing.assert_allclose(fresh.intercept_, intercept, rtol=1e-9)


def test_coefficients_that_are_set_before_any_training_have_labels_from_0():
    two, three = LinearSVM(), Softmax()
    two.coef_, three.coef_ = [[1, -1]], np.eye(3)
    assert two.predict([[2, 1], [1, 2]]).tolist() == [1, 0] and two.intercept_.tolist() == [0]
    assert three.predict(5 * np.eye(3)[[2, 0]]).tolist() == [2, 0] and three.W.shape == (4, 3)


def test_an_intercept_may_be_set_where_rows_need_no_ones():
    model = Softmax(num_iters=20, fit_intercept=False).fit(X, y)
    model.intercept_ = [0, 0, 1e6]
    assert (model.predict(X) == 2).all()


@pytest.mark.parametrize("labels", [y, y > 0], ids=["three", "two"])
def test_what_is_written_into_coefficients_counts_or_is_refused(labels):
    for settings in ({}, {"fit_intercept": False}):
        model = Softmax(num_iters=5, **settings).fit(X, labels)
        for name in ("coef_", "intercept_"):
            if getattr(model, name).flags.writeable:
                getattr(model, name)[:] = 7
                assert np.all(getattr(model, name) == 7)


@pytest.mark.parametrize("name, wrong, message", [
    ("coef_", np.ones(4), r"coef_ is .* of shape \(4,\); expected numbers of shape \(3, 4\)"),
    ("coef_", np.ones((3, 5)), r"shape \(3, 5\); expected numbers of shape \(3, 4\)"),
    ("coef_", [["a"] * 4] * 3, r"coef_ is \[\['a', .* expected numbers"),
    ("intercept_", 0, r"intercept_ is 0 of shape \(\); expected numbers of shape \(3,\)"),
])
def test_coefficients_that_do_not_fit_are_refused_and_those_before_are_kept(name, wrong, message):
    model = Softmax(num_iters=5).fit(X, y)
    before = model.W
    with pytest.raises(ValueError, match=message):
        setattr(model, name, wrong)
    assert model.W is before


@pytest.mark.parametrize("wrong", [np.ones(4), np.ones((2, 4)), 1.0])
def test_coefficients_of_no_classifier_are_refused_before_any_training(wrong):
    model = Softmax()
    with pytest.raises(ValueError, match=r"coef_ has shape .*; expected \(C, D\), or \(1, D\) of"):
        model.coef_ = wrong
    with pytest.raises(AttributeError, match="no weights yet"):
        model.intercept_ = [0]
    assert model.W is None and not hasattr(model, "n_features_in_")


@pytest.mark.parametrize("name", ["coef_", "intercept_", "n_iter_"])
def test_what_is_learned_is_missing_before_it_is_learned(name):
    assert not hasattr(Softmax(), name)


@pytest.mark.parametrize("name", ["coef_", "intercept_"])
def test_who_asks_for_coefficients_before_there_are_any_hears_what_to_call(name):
    for model in (Softmax(), pickle.loads(pickle.dumps(LinearSVM()))):
        with pytest.raises(AttributeError, match="no weights yet; call train or fit first"):
            getattr(model, name)


def test_log_probabilities_are_finite_where_probabilities_round_to_0():
    model = Softmax(num_iters=200).fit(X, y)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(X)), model.predict_proba(X))
    far = model.predict_log_proba(1e4 * X)
    assert np.isfinite(far).all() and far.min() < -1e4 and model.predict_proba(1e4 * X).min() == 0
    assert not hasattr(LinearSVM(), "predict_log_proba")


@KINDS
def test_classifiers_work_in_pipelines_and_searches(kind):
    pipeline = make_pipeline(StandardScaler(), kind(num_iters=50))
    assert cross_val_score(pipeline, X, SPECIES, cv=3).min() > 0.8
    name = kind.__name__.lower()
    grid = GridSearchCV(pipeline, {f"{name}__reg": [1e-3, 1e3],
                                   f"{name}__loss": [None, softmax_loss_vectorized]}, cv=3)
    assert grid.fit(X, SPECIES).best_params_[f"{name}__reg"] == 1e-3
    halving = HalvingRandomSearchCV(kind(), {"reg": [1e-3, 1e-1, 1e3]}, n_candidates=3,
                                    resource="num_iters", min_resources=20, max_resources=180, cv=3,
                                    random_state=0)
    assert halving.fit(X, SPECIES).best_params_["reg"] < 1e3


@KINDS
def test_frames_of_pandas_are_taken_with_the_names_of_their_columns(kind):
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    model = kind(num_iters=50).fit(frame, SPECIES)
    assert model.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert np.array_equal(model.predict(frame), kind(num_iters=50).fit(X, SPECIES).predict(X))


@KINDS
def test_partial_fit_learns_from_chunks_and_their_scale(kind):
    model = kind(batch_size=10)
    for chunk in np.split(np.random.default_rng(0).permutation(np.tile(np.arange(150), 20)), 30):
        model.partial_fit(X[chunk], SPECIES[chunk], classes=np.unique(SPECIES))
    assert model.score(X, SPECIES) > 0.9 and len(model.loss_curve_) == 300


def test_partial_fit_goes_on_where_fit_ended():
    model = Softmax().fit(X, y)
    assert model.partial_fit(X, y).loss_curve_[-1] < 0.3


def test_partial_fit_asks_for_the_classes_and_refuses_others():
    with pytest.raises(ValueError, match="classes must be passed on the first call to partial_fit"):
        Softmax().partial_fit(X, y)
    with pytest.raises(ValueError, match=r"hold \[2\], expected labels among \[0, 1\]"):
        Softmax().partial_fit(X, y, classes=[0, 1])
    for names in (SPECIES, SPECIES.astype(object)):
        with pytest.raises(ValueError,
                           match=r"hold \['setosa', .*\], expected labels among \[0, 1\]"):
            Softmax().partial_fit(X, names, classes=[0, 1])


# --------------------------------------------------------------- data of any scale

SLOW_FACTORS = [pytest.param(factor, marks=pytest.mark.slow) for factor in (1, 1e3)]


@pytest.mark.parametrize("load, share", [
    (load_iris, 0.95), (load_wine, 0.95),
    pytest.param(load_digits, 0.89, marks=pytest.mark.slow)])
@pytest.mark.parametrize("factor", [1e-3, *SLOW_FACTORS])
@KINDS
def test_the_defaults_suit_unscaled_data(kind, load, share, factor):
    data, labels = load(return_X_y=True)
    assert cross_val_score(kind(num_iters=500), factor * data, labels, cv=3).mean() > share


@pytest.mark.parametrize("factor", [1e-290, 1e-200, 1e-150, 1e150, 1e200, 1e290])
@KINDS
def test_features_may_be_so_large_or_small_that_their_squares_are_no_floats(kind, factor):
    model = kind(num_iters=300).fit(factor * X, y)
    assert model.score(factor * X, y) > 0.93
    assert model.partial_fit(factor * X, y).score(factor * X, y) > 0.93


@pytest.mark.parametrize("reg", [1e-3, 1.0, 30.0, 1e3, 1e6])
@pytest.mark.parametrize("fit_intercept", [False, True])
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@KINDS
def test_the_rate_that_is_chosen_suits_any_strength_of_regularization(
        kind, method, fit_intercept, reg):
    data = np.random.default_rng(0).normal(size=(300, 6))
    labels = (data[:, 0] > 0).astype(int)
    model = kind(reg=reg, num_iters=300, batch_size=50, fit_intercept=fit_intercept)
    classes = {"classes": [0, 1]} if method == "partial_fit" else {}
    for _ in range(10 if method == "partial_fit" else 1):
        getattr(model, method)(data, labels, **classes)
    assert model.score(data, labels) > 0.8


def test_features_of_single_precision_may_be_as_large_or_small_as_those_are():
    for factor in (1e-30, 1e30):
        data = (factor * X).astype(np.float32)
        assert Softmax(num_iters=300).fit(data, y).score(data, y) > 0.93


def test_one_seed_gives_one_result_whatever_the_unit():
    in_metres = Softmax(num_iters=50).fit(1024 * X, y).W
    in_kilometres = Softmax(num_iters=50).fit(X, y).W
    np.testing.assert_allclose(1024 * in_metres[:-1], in_kilometres[:-1], rtol=1e-9)


def test_a_rate_that_is_given_is_a_rate_for_the_features_as_they_are():
    centred = X - X.mean(axis=0)
    settings = dict(learning_rate=0.1, reg=0.01, num_iters=200)
    by_hand = Softmax(**settings, fit_intercept=False)
    by_hand.fit(np.column_stack([centred, np.ones(150)]), y)
    np.testing.assert_allclose(Softmax(**settings).fit(X, y).W[:-1], by_hand.W[:-1], rtol=1e-9)


def test_a_constant_feature_does_no_harm():
    data = np.column_stack([X, np.full(150, 1e6)])
    assert Softmax().fit(data, y).score(data, y) > 0.95


@KINDS
def test_infinite_features_are_refused_however_late_they_come(kind):
    late = np.tile(X, (40, 1))
    late[:100, 2] = np.inf
    with pytest.raises(ValueError, match="X contains infinity"), np.errstate(all="ignore"):
        kind().fit(late, np.tile(y, 40))


def test_divergence_is_an_error_that_names_the_learning_rate():
    with pytest.raises(FloatingPointError, match="learning_rate=1e.06"), np.errstate(all="ignore"):
        Softmax(learning_rate=1e6, reg=1.0).fit(X, y)


# --------------------------------------------------------------- early stopping and interrupts


@KINDS
def test_early_stopping_ends_the_training_and_keeps_its_curve(kind):
    model = kind(num_iters=5000, early_stopping=True).fit(X, SPECIES)
    assert 50 < len(model.loss_curve_) < 5000
    assert len(model.validation_scores_) == (len(model.loss_curve_) // 50)
    assert max(model.validation_scores_) > 0.8 and model.score(X, SPECIES) > 0.9


def test_early_stopping_keeps_the_weights_that_did_best():
    calls = 0

    def learns_then_unlearns(W, X, y, reg):
        nonlocal calls
        calls += 1
        loss, dW = softmax_loss_vectorized(W, X, y, reg)
        return loss, dW if calls <= 200 else -dW

    model = Softmax(learns_then_unlearns, optimizer=sgd, learning_rate=0.1, num_iters=600,
                    early_stopping=True, n_iter_no_change=np.inf).fit(X, y)
    scores = model.validation_scores_
    assert len(scores) == 12 and scores[-1] < 0.5 and max(scores) > 0.8 and model.score(X, y) > 0.8


def stopping(loss, at, error):
    """The same loss, which raises the error once, at its call of that number."""
    calls = count(1)

    def stopped(W, X, y, reg):
        if next(calls) == at:
            raise error
        return loss(W, X, y, reg)

    return stopped


@KINDS
@pytest.mark.parametrize("method", ["fit", "train"])
def test_an_interrupt_keeps_the_last_complete_weights_and_the_losses_so_far(kind, method):
    model = kind(stopping(kind().own_loss, 101, KeyboardInterrupt), learning_rate=0.1)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y) if method == "fit" else model.train(X, y, learning_rate=0.1, num_iters=1000)
    assert len(model.loss_curve_) == 100 and model.score(X, y) > 0.6


@pytest.mark.parametrize("error", [KeyboardInterrupt, FloatingPointError])
def test_a_partial_fit_that_is_interrupted_or_diverges_keeps_the_losses_of_those_before_it(error):
    model = Softmax(stopping(softmax_loss_vectorized, 26, error), batch_size=10)
    model.partial_fit(X, y, classes=[0, 1, 2])
    first = model.loss_curve_
    with pytest.raises(error):
        model.partial_fit(X, y)
    assert len(first) == 15 and len(model.loss_curve_) == 25 and model.loss_curve_[:15] == first
    assert len(model.set_params(loss=None).partial_fit(X, y).loss_curve_) == 40


def test_training_shows_no_bar_when_nobody_looks(capfd):
    Softmax(num_iters=3000).fit(X, y)
    assert capfd.readouterr() == ("", "")


def test_training_shows_a_bar_in_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("cs231n_lite.engine.monitor.someone_looks", lambda: True)
    monkeypatch.setattr("cs231n_lite.engine.monitor.PATIENCE", 0)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    Softmax(num_iters=30).fit(X, y)
    assert "training" in capsys.readouterr().err


# --------------------------------------------------------------- pixels, and files


def images(N):
    rng = np.random.default_rng(1)
    labels = np.arange(N) % 3
    pixels = rng.normal(128 + 40 * (labels[:, None] - 1), 30, (N, 48))
    return np.clip(pixels, 0, 255).astype(np.uint8), labels


@KINDS
def test_pixels_are_converted_as_they_are_drawn(kind):
    pixels, labels = images(600)
    model = kind(num_iters=200).fit(pixels, labels)
    assert model.W.dtype == np.float32 and model.score(pixels, labels) > 0.95
    of_floats = kind(num_iters=200).fit(pixels.astype(np.float32), labels)
    np.testing.assert_allclose(model.W, of_floats.W, rtol=1e-5)


@KINDS
def test_a_memory_mapped_file_trains_as_the_array_in_memory_does(kind, tmp_path):
    pixels, labels = images(6000)
    pixels.tofile(tmp_path / "pixels")
    mapped = np.memmap(tmp_path / "pixels", np.uint8, "r", shape=pixels.shape)
    model = kind(num_iters=100).fit(mapped, labels)
    assert np.array_equal(model.W, kind(num_iters=100).fit(pixels, labels).W)
    assert np.array_equal(model.predict(mapped), model.predict(pixels))


def test_a_label_takes_the_memory_of_two_numbers_and_a_half():
    N, rng = 100_000, np.random.default_rng(0)
    X, y = rng.integers(256, size=(N, 1), dtype=np.uint8), rng.integers(10, size=N)
    model = Softmax(num_iters=1).fit(X[:100], y[:100])
    for work in (lambda: model.fit(X, y), lambda: model.predict(X)):
        tracemalloc.start()
        work()
        assert tracemalloc.get_traced_memory()[1] < 20 * N
        tracemalloc.stop()


def test_private_changes_to_a_mapped_file_survive_training(tmp_path):
    pixels, labels = images(300)
    pixels.tofile(tmp_path / "pixels")
    mapped = np.memmap(tmp_path / "pixels", np.uint8, "c", shape=pixels.shape)
    mapped[:] = 255 - mapped
    Softmax(num_iters=20).fit(mapped, labels)
    assert np.array_equal(mapped, 255 - pixels)
