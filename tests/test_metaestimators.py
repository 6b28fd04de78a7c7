"""LinearSVM and Softmax inside what scikit-learn makes of other estimators."""
import pickle
import sys
from functools import partial
from types import ModuleType

import nbformat
import numpy as np
import pandas
import pytest
import sklearn
from notebook_runs import METADATA, clean_environment, execute
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import RFE, RFECV, SelectFromModel, SequentialFeatureSelector
from sklearn.frozen import FrozenEstimator
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer, log_loss
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    TunedThresholdClassifierCV,
    learning_curve,
)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import SelfTrainingClassifier

from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.losses import regularized
from cs231n_lite.optim import sgd

pytestmark = pytest.mark.slow
KINDS = pytest.mark.parametrize("kind", [LinearSVM, Softmax])
X, y = load_iris(return_X_y=True)
NOISE = np.random.default_rng(0).normal(size=(150, 3))
NOISY = np.column_stack([X[:, 2:], NOISE])
WEIGHTS = np.where(y == 1, 3.0, 1.0)


# --------------------------------------------------------------- ensembles, and selection


@KINDS
def test_boosting_weighs_the_rows_that_were_wrong(kind):
    alone = kind(num_iters=40, reg=1.0)
    boosted = AdaBoostClassifier(alone, n_estimators=5, random_state=0).fit(X, y)
    assert len(boosted.estimators_) == 5 and boosted.score(X, y) > 0.9
    assert not np.allclose(boosted.estimators_[0].coef_, boosted.estimators_[4].coef_, rtol=0.1)


@pytest.mark.parametrize("kind", [Softmax, LinearSVM])
def test_features_that_tell_nothing_are_left_out(kind):
    model = kind(num_iters=60)
    names = ["length", "width", "noise0", "noise1", "noise2"]
    frame = pandas.DataFrame(NOISY, columns=names)
    for selector in (RFE(model, n_features_to_select=2),
                     SelectFromModel(model, threshold=-np.inf, max_features=2),
                     SequentialFeatureSelector(model, n_features_to_select=2, cv=2)):
        kept = selector.set_output(transform="pandas").fit(frame, y).transform(frame)
        assert isinstance(kept, pandas.DataFrame) and "width" in kept, selector
    assert list(RFE(model, n_features_to_select=1).fit(frame, y > 0).support_[2:]) == 3 * [False]


@KINDS
def test_a_calibrated_classifier_has_probabilities(kind):
    model = CalibratedClassifierCV(kind(num_iters=60), cv=2).fit(X, y, sample_weight=WEIGHTS)
    assert log_loss(y, model.predict_proba(X)) < 0.6


def test_stacked_classifiers_hand_on_probabilities_or_scores_by_name():
    stack = StackingClassifier([("svm", LinearSVM(num_iters=60)), ("max", Softmax(num_iters=60))],
                               Softmax(num_iters=60), cv=2).set_output(transform="pandas")
    features = stack.fit(X, y).transform(X)
    assert [name.rpartition("_")[2] for name in features] == [
        "svm0", "svm1", "svm2", "max0", "max1", "max2"]
    assert stack.stack_method_ == ["decision_function", "predict_proba"]
    assert np.mean(stack.set_output(transform="default").predict(X) == y) > 0.9


def test_metadata_reach_fit_partial_fit_and_score():
    with sklearn.config_context(enable_metadata_routing=True):
        model = Softmax(num_iters=30).set_fit_request(sample_weight=True)
        model.set_partial_fit_request(sample_weight=True, classes=True)
        model.set_score_request(sample_weight=True)
        grid = GridSearchCV(model, {"reg": [1e-3, 1e3]}, cv=2).fit(X, y, sample_weight=WEIGHTS)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(scaler, model).fit(X, y, sample_weight=WEIGHTS)
        by_hand = Softmax(num_iters=30).fit(X, y, WEIGHTS)
        assert grid.best_params_ == {"reg": 1e-3}
        assert np.array_equal(grid.best_estimator_.coef_, by_hand.coef_)
        assert grid.score(X, y, sample_weight=WEIGHTS) == by_hand.score(X, y, WEIGHTS)
        scaled = scaler.transform(X)
        assert np.array_equal(pipeline[-1].coef_, by_hand.fit(scaled, y, WEIGHTS).coef_)


BINARY = [FixedThresholdClassifier, TunedThresholdClassifierCV]
AROUND = [
    OneVsRestClassifier, OneVsOneClassifier, partial(BaggingClassifier, random_state=0),
    partial(OutputCodeClassifier, code_size=4, random_state=0), RFECV,
    SelfTrainingClassifier, CalibratedClassifierCV,
    lambda model: make_pipeline(SelectFromModel(model), model),
    lambda model: VotingClassifier([("a", model), ("b", LogisticRegression())]),
    lambda model: VotingClassifier([("a", model), ("b", Softmax())], voting="soft"),
    lambda model: StackingClassifier([("a", model), ("b", LinearSVM(num_iters=50))]),
    lambda model: CalibratedClassifierCV(FrozenEstimator(model.fit(X, y))),
]


@pytest.mark.parametrize("around", AROUND + BINARY, ids=range(len(AROUND) + 2))
@pytest.mark.parametrize("class_weight", [None, "balanced"])
@KINDS
def test_scikit_learn_builds_on_the_classifiers(kind, class_weight, around):
    model = kind(num_iters=200, class_weight=class_weight)
    needs = getattr(around(model), "voting", "") == "soft" or around is SelfTrainingClassifier
    if needs and kind is LinearSVM:
        pytest.skip("needs probabilities, which an SVM has not")
    labels = (y == 1) if around in BINARY else y
    assert around(model).fit(X, labels).score(X, labels) > (0.6 if around in BINARY else 0.9)


@KINDS
def test_several_outputs_importances_and_curves(kind):
    model, both = kind(num_iters=200), np.column_stack([y == 0, y == 2]).astype(int)
    assert MultiOutputClassifier(model).fit(X, both, WEIGHTS).score(X, both) > 0.8
    assert ClassifierChain(model).fit(X, both).score(X, both) > 0.8
    importances = permutation_importance(model.fit(NOISY, y), NOISY, y, random_state=0,
                                         sample_weight=WEIGHTS).importances_mean
    assert importances[:2].min() > importances[2:].max()
    _, _, scores = learning_curve(model, X, y, shuffle=True, exploit_incremental_learning=True)
    assert scores[-1].mean() > 0.6
    assert get_scorer("roc_auc")(model.fit(X, y == 0), X, y == 0) == 1.0


# --------------------------------------------------------------- saving


CELL = """
def my_loss(scores, y, {default}):
    return scale
"""


def written(name, default="scale=1.0"):
    """A module in which a cell defines a loss."""
    module = ModuleType(name)
    exec(CELL.format(default=default), module.__dict__)
    return module


def test_a_copy_of_a_function_is_saved_by_its_name_if_it_is_one(monkeypatch):
    here, copy, other = (written("cells", default)
                         for default in ("scale=1.0", "scale=1.0", "scale=2.0"))
    monkeypatch.setitem(sys.modules, "cells", here)
    for model in (Softmax(copy.my_loss), Softmax(optimizer=copy.my_loss),
                  Softmax(partial(regularized, copy.my_loss))):
        again = pickle.loads(pickle.dumps(model))
        found = again.get_params()["loss"] or again.optimizer
        assert getattr(found, "args", (found,))[0] is here.my_loss
    with pytest.raises(pickle.PicklingError, match="not the same object"):
        pickle.dumps(Softmax(other.my_loss))
    assert pickle.loads(pickle.dumps(Softmax(optimizer=sgd))).optimizer is sgd


SEARCHES = """
import io, joblib
from functools import partial, wraps
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, cross_validate
from cs231n_lite import losses
from cs231n_lite.classifiers import LinearSVM, Softmax
from cs231n_lite.tune import search

X, y = load_iris(return_X_y=True)

def traced(loss):
    @wraps(loss)
    def calling(*given):
        return loss(*given)
    return calling

@traced
def my_loss(scores, y):
    return losses.cross_entropy(scores, y)

def my_loss_of_W(W, X, y, reg):
    return losses.softmax_loss_vectorized(W, X, y, reg)

def saved(model):
    joblib.dump(model, file := io.BytesIO())
    file.seek(0)
    assert (joblib.load(file).predict(X) == model.predict(X)).all()

on = partial(losses.regularized, my_loss)
makers = [
    lambda rate, reg: Softmax(on, learning_rate=rate, reg=reg, num_iters=20),
    lambda rate, reg: Softmax(on, reg=reg, num_iters=20, early_stopping=True),
    lambda rate, reg: Softmax(my_loss_of_W if rate > 0.01 else None, reg=reg, num_iters=50)]
with joblib.parallel_config(n_jobs=2):
    for make in makers:
        saved(search(make, X, y, X, y, [0.001, 0.1], [0.001, 0.01])[2])
    for loss in (on, my_loss_of_W):
        model = LinearSVM(loss, num_iters=20)
        saved(GridSearchCV(model, {"reg": [0.001, 0.01]}, cv=2).fit(X, y))
        saved(cross_validate(model, X, y, return_estimator=True, cv=2)["estimator"][0])
"saved"
"""


def test_what_a_notebook_found_in_parallel_can_be_saved(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SEARCHES)],
                                        metadata=METADATA)
    execute(notebook, tmp_path, clean_environment(tmp_path))
    assert notebook.cells[0].outputs[-1].data["text/plain"] == "'saved'"
