"""The course's interface, train and predict, and fit for a search."""
import numpy as np
import pytest

from cs231n_lite.classifiers import LinearSVM, Softmax, predict
from cs231n_lite.losses import softmax_loss_vectorized, svm_loss_vectorized

RNG = np.random.default_rng(5)
CENTRES = np.array([[3.0, 0.0], [-3.0, 1.0], [0.0, -4.0]])
y = np.arange(90) % 3
X = np.column_stack([CENTRES[y] + RNG.normal(size=(90, 2)), np.ones(90)])


def test_predict_takes_the_class_of_highest_score():
    W = np.array([[1.0, 0.0, -1.0], [0.0, 0.0, 0.5]])
    assert predict(W, np.array([[2.0, 1.0], [-2.0, 1.0]])).tolist() == [0, 2]


@pytest.mark.parametrize("classifier", [LinearSVM, Softmax])
def test_training_separates_classes_that_can_be_separated(classifier):
    model = classifier()
    losses = model.train(X, y, learning_rate=0.1, reg=1e-3, num_iters=300, batch_size=30)
    assert len(losses) == 300 and np.mean(model.predict(X) == y) > 0.95


def test_training_again_goes_on_from_the_weights():
    model = Softmax()
    first = model.train(X, y, learning_rate=0.1, num_iters=100)
    assert model.train(X, y, learning_rate=0.1, num_iters=1)[0] < first[0]


def test_fit_starts_anew_with_its_own_settings():
    model = Softmax(learning_rate=0.1, num_iters=20, random_state=4)
    W = model.fit(X, y).W
    assert np.array_equal(model.fit(X, y).W, W)
    assert not np.array_equal(Softmax(learning_rate=0.1, num_iters=20, random_state=5).fit(X, y).W, W)


@pytest.mark.parametrize("classifier", [LinearSVM, Softmax])
def test_fit_on_rows_with_their_ones_does_what_train_does(classifier):
    fitted = classifier(learning_rate=0.1, reg=0.01, num_iters=20, fit_intercept=False).fit(X, y)
    trained = classifier()
    trained.train(X, y, learning_rate=0.1, reg=0.01, num_iters=20)
    assert np.array_equal(fitted.W, trained.W) and fitted.W.shape == (3, 3)


def test_weights_are_none_before_training_and_can_be_set_and_cleared():
    model = LinearSVM()
    assert model.W is None
    model.W = np.eye(3)
    assert model.predict(np.eye(3)).tolist() == [0, 1, 2]
    model.W = None
    assert model.W is None


def test_loss_is_a_method_at_the_current_weights_and_an_argument():
    model = Softmax(loss=svm_loss_vectorized)
    model.train(X, y, learning_rate=0.1, num_iters=10)
    loss, dW = model.loss(X, y, 0.5)
    expected, gradient = svm_loss_vectorized(model.W, X, y, 0.5)
    assert loss == expected and np.array_equal(dW, gradient)


def test_loss_can_be_set_anew():
    model = LinearSVM().set_params(loss=softmax_loss_vectorized)
    model.W = np.zeros((3, 3))
    assert model.loss(X, y, 0.0)[0] == pytest.approx(np.log(3))


def test_train_goes_on_from_weights_that_fit_found():
    model = Softmax().fit(X[:, :-1], np.array(["a", "b", "c"])[y])
    assert model.train(X, y, num_iters=1)[0] < 0.1
    assert model.predict(X).dtype.kind == "i" and np.mean(model.predict(X) == y) > 0.95


def test_a_rate_of_the_courses_grid_that_diverges_warns_and_leaves_the_weights_as_they_were():
    model = LinearSVM()
    model.train(X, y, num_iters=1)
    W = model.W.copy()
    with pytest.warns(RuntimeWarning, match="learning_rate=5e-05"), np.errstate(all="ignore"):
        losses = model.train(X, y, learning_rate=5e-5, reg=5e4, num_iters=1500)
    assert np.array_equal(model.W, W) and not np.isfinite(losses[-1]) and np.isfinite(model.predict(X)).all()


def test_weights_have_the_precision_of_the_images():
    assert Softmax().fit(X.astype(np.float32), y).W.dtype == np.float32


def test_verbose_training_prints_the_loss_every_hundred_iterations(capsys):
    LinearSVM().train(X, y, num_iters=201, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"iteration {i} / 201" for i in (0, 100, 200)]


def test_quiet_training_prints_nothing(capsys):
    LinearSVM().train(X, y)
    assert capsys.readouterr().out == ""


def test_the_loss_that_is_given_is_the_one_that_trains():
    def pulled_up(W, X, y, reg):
        return 0.0, -np.ones_like(W)

    model = LinearSVM(pulled_up)
    model.train(X, y, learning_rate=1.0, num_iters=10)
    assert np.all(np.abs(model.W - 10) < 0.1)


def test_predicting_before_training_says_what_to_do():
    with pytest.raises(ValueError, match="no weights yet; call train or fit"):
        LinearSVM().predict(X)


def test_labels_that_are_no_integers_are_refused_before_training():
    with pytest.raises(ValueError, match="y holds float64"):
        LinearSVM().train(X, y * 1.0)
