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
    other = Softmax(learning_rate=0.1, num_iters=20, random_state=5)
    assert not np.array_equal(other.fit(X, y).W, W)


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


def test_training_goes_on_from_weights_that_were_set_and_everything_works_after_it():
    model, given = LinearSVM(random_state=4), np.full((3, 3), 0.5)
    model.W = given
    assert len(model.train(X, y, learning_rate=0.0, num_iters=2)) == 2
    assert np.array_equal(model.W, given)
    model.train(X, y, learning_rate=0.1, num_iters=300)
    assert np.mean(model.predict(X) == y) > 0.95 and np.all(given == 0.5)
    model.W = given
    assert model.partial_fit(X[:, :-1], y, classes=[0, 1, 2]).W.shape == (3, 3)
    assert len(model.loss_curve_) == 1
    model.W = given
    fitted = LinearSVM(random_state=4, num_iters=20).fit(X, y)
    assert np.array_equal(model.set_params(num_iters=20).fit(X, y).W, fitted.W)


def test_weights_that_are_no_matrix_are_refused_and_those_before_are_kept():
    model = LinearSVM()
    model.W = np.eye(3)
    with pytest.raises(ValueError, match=r"W has shape \(3,\); expected numbers \(D, C\)"):
        model.W = np.ones(3)
    assert np.array_equal(model.W, np.eye(3))


def test_loss_is_a_method_at_the_current_weights_and_an_argument():
    model = Softmax(loss=svm_loss_vectorized)
    model.train(X, y, learning_rate=0.1, num_iters=10)
    loss, dW = model.loss(X, y, 0.5)
    expected, gradient = svm_loss_vectorized(model.W, X, y, 0.5)
    assert loss == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(dW, gradient, rtol=1e-12)


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
    assert np.array_equal(model.W, W)
    assert not np.isfinite(losses[-1]) and np.isfinite(model.predict(X)).all()


def test_a_first_training_that_diverges_keeps_the_random_weights_so_that_a_search_goes_on():
    model = Softmax()
    with pytest.warns(RuntimeWarning, match="The weights stay the small random ones of the start"):
        losses = model.train(1e3 * X, y, learning_rate=1e300, num_iters=20)
    assert model.loss_curve_ == losses and len(losses) > 0
    assert 0 < np.abs(model.W).max() < 1e-3 and model.predict(X).shape == (90,)


def test_a_training_that_diverges_leaves_all_that_fit_learned():
    model = Softmax(num_iters=50).fit(X[:, :-1], np.array(["a", "b", "c"])[y])
    before = model.predict(X[:, :-1])
    with pytest.warns(RuntimeWarning, match="stay as they were"):
        model.train(1e3 * X, y, learning_rate=1e300, num_iters=50)
    assert np.array_equal(model.predict(X[:, :-1]), before) and set(before) <= {"a", "b", "c"}


def test_weights_have_the_precision_of_the_images():
    assert Softmax().fit(X.astype(np.float32), y).W.dtype == np.float32


def test_train_says_which_settings_of_the_classifier_it_does_not_take(recwarn):
    made = dict(learning_rate=0.1, reg=0.5, num_iters=20, batch_size=30)
    with pytest.warns(UserWarning, match=r"takes none of learning_rate=0.1, reg=0.5, num_iters=20, "
                                         r"batch_size=30, .*: pass train\(..., learning_rate=0.1"):
        losses = LinearSVM(**made).train(X, y)
    assert losses == LinearSVM().train(X, y)
    with pytest.warns(UserWarning, match="takes none of reg=0.5, which"):
        LinearSVM(reg=0.5).train(X, y, num_iters=1)
    recwarn.clear()
    LinearSVM(**made).train(X, y, **made)
    LinearSVM().train(X, y, num_iters=1)
    LinearSVM(reg=1e-5, num_iters=100).train(X, y)
    assert not recwarn.list


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


REFUSED = [
    (dict(y=y[:-1]), r"y has shape \(89,\) for 90 samples"),
    (dict(y=np.append(y, 0)), r"y has shape \(91,\) for 90 samples"),
    (dict(y=y[:, None]), r"y has shape \(90, 1\)"),
    (dict(y=np.eye(3, dtype=int)[y]), r"y has shape \(90, 3\)"),
    (dict(y=y - 9), "y holds labels -9 to -7 .* expected 0 to"),
    (dict(y=y * 1.0), "y holds float64"),
    (dict(y=np.where(X[:, 0], y, np.nan)), "y holds float64"),
    (dict(y=y > 0), "y holds bool"),
    (dict(y=y.tolist()), "y is a list"),
    (dict(y=y.astype(str)), "y holds <U"),
    (dict(y=np.where(np.arange(90) == 7, 10**7, y)), "y holds labels 0 to 10000000 for at most"),
    (dict(X=X[:0], y=y[:0]), r"X has shape \(0, 3\)"), (dict(X=X[0]), r"X has shape \(3,\)"),
    (dict(X=X.tolist()), "X is a list"), (dict(X=X.astype(np.uint8)), "X holds uint8"),
    (dict(X=np.ma.masked_less(X, 0)), "X is a MaskedArray"),
    (dict(X=X * np.nan), "X holds nan in a row that was drawn"),
    (dict(batch_size=0), "batch_size is 0"),
    (dict(num_iters=-1), "num_iters is -1"),
    (dict(reg=np.nan), "reg is nan"),
    (dict(learning_rate=np.nan), "learning_rate is nan"),
    (dict(learning_rate=np.inf), "learning_rate is inf"),
]


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("trained_before", [False, True])
@pytest.mark.parametrize("wrong, message", REFUSED)
def test_a_training_that_is_refused_says_why_and_leaves_the_classifier_as_it_was(
        wrong, message, trained_before):
    model = Softmax()
    if trained_before:
        model.train(X, y, num_iters=1)
    before = {name: np.copy(value) for name, value in vars(model).items()}
    with pytest.raises(ValueError, match=message):
        model.train(**dict(X=X, y=y) | wrong)
    assert vars(model).keys() == before.keys()
    assert all(np.array_equal(before[name], value) for name, value in vars(model).items()
               if name != "_rng")


def test_one_label_too_large_is_refused_in_a_second_training_though_it_may_never_be_drawn():
    model = LinearSVM()
    model.train(X, y, num_iters=1)
    with pytest.raises(ValueError, match="labels 0 to 7 for at most 3 classes"):
        model.train(X, np.where(np.arange(90) == 0, 7, y), num_iters=1, batch_size=1)


def test_a_second_training_on_other_columns_says_what_does_not_fit():
    model = LinearSVM()
    model.train(X, y, num_iters=1)
    with pytest.raises(ValueError, match="X has 2 columns but W has 3 rows"):
        model.train(X[:, :2], y)


@pytest.mark.parametrize("classifier", [LinearSVM, Softmax])
def test_labels_may_have_gaps_and_there_may_be_one_class(classifier):
    model = classifier()
    model.train(X, 4 * y, learning_rate=0.1, num_iters=300, batch_size=200)
    assert model.W.shape == (3, 9) and np.mean(model.predict(X) == 4 * y) > 0.95
    alone = classifier()
    alone.train(X, 0 * y, learning_rate=0.1, num_iters=10)
    assert alone.W.shape == (3, 1) and not alone.predict(X).any()


@pytest.mark.parametrize("loss", [None, lambda W, X, y, reg: (1.0, np.full_like(W, np.nan))])
def test_a_training_whose_last_step_diverges_warns_with_the_rate_and_leaves_the_weights(loss):
    model = LinearSVM(loss)
    model.W = np.eye(3)
    expected = pytest.warns(RuntimeWarning, match="weights .*learning_rate=1e.308")
    with expected, np.errstate(all="ignore"):
        model.train(100 * X, y, learning_rate=1e308, num_iters=1)
    assert np.array_equal(model.W, np.eye(3))


def test_fit_with_an_optimizer_that_returns_weights_that_are_no_numbers_is_divergence():
    def careless(loss, W, X, y, learning_rate, *rest):
        return W * np.nan, []

    with pytest.raises(FloatingPointError, match="learning_rate=0.5"):
        Softmax(optimizer=careless, learning_rate=0.5).fit(X, y)


@pytest.mark.parametrize("spoil, message", [(np.nan, "weights hold nan"), (1e308, "overflow")])
def test_weights_that_cannot_score_are_refused_when_they_are_to_predict(spoil, message):
    model = Softmax()
    model.W = np.where(np.eye(3) > 0, spoil, 0.0)
    with pytest.raises(ValueError, match=message):
        model.predict(X)


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize("wrong, message", [
    (dict(learning_rate=np.nan), "learning_rate is nan"),
    (dict(learning_rate=-1), "learning_rate is -1"),
    (dict(batch_size=0), "batch_size is 0"),
    (dict(batch_size=0, early_stopping=True), "batch_size is 0"),
    (dict(num_iters=-1), "num_iters is -1"),
    (dict(reg=None), "reg is None"),
    (dict(optimizer="adam"), "optimizer is 'adam'; expected a function"),
    (dict(loss="hinge"), "loss is 'hinge'"),
    (dict(early_stopping=True, tol="x"), "tol is 'x'; expected a finite number"),
    (dict(early_stopping=True, n_iter_no_change=None),
     "n_iter_no_change is None; expected a number"),
])
def test_settings_that_cannot_be_are_refused_in_a_sentence_by_fit_too(method, wrong, message):
    classes = {"classes": [0, 1, 2]} if method == "partial_fit" else {}
    with pytest.raises(ValueError, match=message):
        getattr(Softmax(**wrong), method)(X, y, **classes)


def test_train_refuses_an_optimizer_that_is_no_function():
    model = LinearSVM(optimizer="adam")
    with pytest.raises(ValueError, match="optimizer is 'adam'; expected a function"):
        model.train(X, y)
    assert model.W is None


def test_a_first_label_of_ten_million_does_not_make_weights_of_that_size():
    with pytest.raises(ValueError, match="expected 0 to 99999"):
        LinearSVM().train(X, 10**7 * y)


@pytest.mark.parametrize("classifier", [LinearSVM, Softmax])
def test_training_takes_mapped_read_only_reversed_and_big_endian_rows_and_changes_none(
        classifier, tmp_path):
    X.tofile(tmp_path / "X")
    mapped = np.memmap(tmp_path / "X", X.dtype, "r", shape=X.shape)
    small = y.astype(np.uint8)
    small.flags.writeable = False
    kept = X.copy()
    expected = classifier()
    expected.train(X, y, learning_rate=0.1, num_iters=20)
    for rows in (mapped, X[::-1].copy()[::-1], np.asfortranarray(X), X.astype(">f8")):
        model = classifier()
        model.train(rows, small, learning_rate=0.1, num_iters=20)
        np.testing.assert_allclose(model.W, expected.W, rtol=1e-9)
        assert np.array_equal(rows, kept) and np.array_equal(small, y)
