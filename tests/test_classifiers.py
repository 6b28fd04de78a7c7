"""The course's interface, train and predict, and fit for a search."""
import numpy as np
import pytest

from cs231n_lite.classifiers import LinearSVM, Softmax, predict

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
