"""Values of a notebook come back from JSON and arrays as they were."""
import json

import numpy as np
import pytest

from cs231n_lite.classifiers import LinearSVM
from cs231n_lite.exercises.packing import packed, unpacked


def there_and_back(value):
    arrays = []
    tree = json.loads(json.dumps(packed(value, arrays)))
    return unpacked(tree, {str(number): array for number, array in enumerate(arrays)})


@pytest.mark.parametrize("value", [
    None, True, 3, 2.5, "nats", [1, 2.0], (1, ("a", None)), [], [0.1] * 30,
    {(1e-7, 2.5e4): (0.5, 0.25), "name": [1]},
], ids=repr)
def test_plain_values_come_back_with_their_types(value):
    assert repr(there_and_back(value)) == repr(value)


@pytest.mark.parametrize("array", [np.eye(3, dtype=np.float32), np.float64(0.1), np.arange(3),
                                   np.array(["cat", "dog"])], ids=repr)
def test_arrays_and_numbers_of_numpy_come_back(array):
    back = there_and_back(array)
    assert back.dtype == array.dtype and back.shape == array.shape and np.all(back == array)


def test_a_trained_classifier_comes_back_without_its_functions_and_predicts_the_same():
    X, y = np.eye(4), np.array([0, 1, 0, 1])
    model = LinearSVM(lambda W, X, y, reg: (0.0, np.ones_like(W)), learning_rate=0.1, num_iters=30)
    back = there_and_back(model.fit(X, y))
    assert back.get_params()["loss"] is None and back.learning_rate == 0.1
    assert np.array_equal(back.predict(X), model.predict(X))
    assert back.loss_curve_ == model.loss_curve_


@pytest.mark.parametrize("value", [len, {1, 2}, [object()], np.array([None])], ids=range(4))
def test_what_cannot_be_packed_is_refused(value):
    with pytest.raises(TypeError, match="cannot be packed"):
        packed(value, [])
