"""Which classifiers of a grid can be trained as one matrix, and what goes into it and comes out."""
from copy import deepcopy
from functools import partial
from inspect import signature
from typing import Any

from numpy import ndarray as Array
from sklearn.utils import assert_all_finite

from cs231n_lite.checks_basic import is_number, is_whole
from cs231n_lite.engine.entry import validated
from cs231n_lite.engine.estimator import LinearEstimator
from cs231n_lite.engine.matrix import Best, Plan, tried
from cs231n_lite.optim import momentum_sgd

MOMENTUM = signature(momentum_sgd).parameters["momentum"].default


def kinship(model: Any) -> tuple | None:
    """What classifiers have in common that can be fitted together; None for one that cannot be.

    Raises ValueError, as `fit` does, for settings that it cannot be trained with.
    """
    if getattr(type(model), "fit", None) is not LinearEstimator.fit:
        return None
    model._check_settings()
    if not model.is_plain or model._scores_loss is None or model.early_stopping:
        return None
    if not is_whole(model.random_state):  # else each draws minibatches of its own
        return None
    of_classes = model.class_weight if isinstance(model.class_weight, dict) else {}
    if not all(map(is_number, of_classes.values())):  # `fit` says what is wrong with them
        return None
    return (type(model), id(model._scores_loss), model._optimizer, model.num_iters,
            model.batch_size, model.random_state, bool(model.fit_intercept),
            model.learning_rate is None, by_value(model.class_weight))


class Kin:
    """Untrained classifiers of one `kinship`, and the data that they are to be tried on.

    Raises ValueError for data that `fit` or `predict` would refuse.
    """

    def __init__(self, models: list[LinearEstimator], X_train: Array, y_train: Array,
                 X_val: Array, y_val: Array) -> None:
        self.models, lead = models, models[0]
        X, _, weights, standard, norm = lead._prepared(X_train, y_train, None)
        again = validated(lead, X_val, reset=False)
        self.data = same(X_train, X), y_train, same(X_val, again), y_val
        learned = lead._learned()
        for model in models:
            model._forget()
            model.__dict__.update(deepcopy(learned))
        self.points = [(model._rate(norm), model.reg) for model in models]
        on: Any = lead._scores_loss  # there is one, see `kinship`
        self.plan = Plan(on, lead.classes_, lead._first_weights(standard.rows(X)), standard,
                         weights, lead._rng, lead.num_iters, lead.batch_size,
                         MOMENTUM if lead._optimizer is momentum_sgd else 0.0)

    def trial(self, places: list[int]) -> partial:
        """What tries these of the models on the data, in any process."""
        return partial(tried, self.plan, [self.points[place] for place in places])

    def classifier(self, places: list[int], best: Best) -> LinearEstimator:
        """The best of these models, with what it has learned."""
        model = self.models[places[best.place]]
        model.__dict__.update(W_=best.learned.W, loss_curve_=best.learned.losses, _rng=best.rng)
        return model

    def refuse_infinite(self) -> None:
        """Blame a training that diverged on the training data, where that is not finite."""
        assert_all_finite(self.data[0], input_name="X")


def by_value(class_weight: Any) -> Any:
    """Something hashable that two equal settings have in common."""
    if not isinstance(class_weight, dict):
        return class_weight
    return frozenset((label, float(weight)) for label, weight in class_weight.items())


def same(given: Any, checked: Array) -> Array:
    """The array as it was given, unless it had to be converted, since a cluster sends it once."""
    return given if isinstance(given, Array) and given.dtype == checked.dtype else checked
