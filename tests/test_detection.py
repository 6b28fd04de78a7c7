"""What no wrong answer gets past, and what no right answer is refused for."""
from inspect import signature
from itertools import product

import joblib
import numpy as np
import pytest
from answers.right import RIGHT, softmax_with_logsumexp, svm_with_masks
from sklearn.base import clone

from cs231n_lite import losses
from cs231n_lite.classifiers import LinearSVM
from cs231n_lite.exercises.checking import check, judge
from cs231n_lite.exercises.diagnosis.faults import NOTES, TABLE
from cs231n_lite.exercises.judges.calling import is_close
from cs231n_lite.exercises.judges.problems import FAR_BELOW, FIXED, Probes, loss_problems
from cs231n_lite.exercises.judges.search import StandIn
from cs231n_lite.exercises.registry import EXERCISES

SVM = EXERCISES["svm_loss_vectorized"]


def spoilt(change):
    """A right SVM loss whose answer goes through `change`."""

    def answer(W, X, y, reg):
        return change(*svm_with_masks(W, X, y, reg))

    return answer


def test_batches_come_in_all_six_orders_of_size_and_never_with_two_sizes_alike():
    sizes = [(*p.X.shape, p.W.shape[1]) for p in loss_problems()]
    assert len({tuple(np.argsort(three)) for three in sizes}) == 6
    assert all(len(set(three)) == 3 for three in sizes)


def test_the_class_far_below_overflows_exp_one_way_and_not_the_other():
    problem = next(p for p in loss_problems() if p.name == FAR_BELOW)
    scores = problem.X @ problem.W
    lead = scores.max(axis=1) - scores.min(axis=1)
    with np.errstate(over="ignore", under="ignore"):
        assert np.isinf(np.exp(lead)).any() and (np.exp(-lead) > 0).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nothing_that_is_not_finite_is_close_to_anything(value):
    with np.errstate(invalid="ignore"):
        assert not is_close(np.array([1.0, value]), np.array([1.0, 1.0]))


@pytest.mark.parametrize("change", [
    lambda loss, dW: (np.float32(loss), dW), lambda loss, dW: (np.array(loss), dW),
    lambda loss, dW: [loss, dW],
    lambda loss, dW: (loss, dW.astype(np.float64)), lambda loss, dW: (loss, np.asfortranarray(dW)),
    lambda loss, dW: (loss, dW.astype(np.float32)),
])
def test_a_right_answer_is_right_in_any_reasonable_type(change):
    assert judge(spoilt(change), SVM).status == "correct"


@pytest.mark.parametrize("change, fault", [
    (lambda loss, dW: (True, dW), "loss type"), (lambda loss, dW: (str(loss), dW), "loss type"),
    (lambda loss, dW: (np.ma.masked, dW), "loss type"),
    (lambda loss, dW: (np.array([loss]), dW), "loss type"),
    (lambda loss, dW: (loss, dW.astype(object)), "type"),
    (lambda loss, dW: (loss, dW.astype(complex)), "type"),
    (lambda loss, dW: (loss, dW.round().astype(int)), "type"),
    (lambda loss, dW: (loss, dW.view(np.recarray)), "type"),
    (lambda loss, dW: (loss, dW.ravel()), "shape"),
    (lambda loss, dW: (loss, np.nan * dW), "gradient: not finite"),
    (lambda loss, dW: loss, "returns"), (lambda loss, dW: (loss, dW, 0), "returns"),
])
def test_a_right_number_in_an_odd_wrapping_is_wrong(change, fault):
    verdict = judge(spoilt(change), SVM)
    assert verdict.status == "wrong" and verdict.faults == (fault,)


def test_an_array_that_the_next_call_overwrites_is_found():
    kept: dict[tuple, np.ndarray] = {}

    def answer(W, X, y, reg):
        loss, dW = svm_with_masks(W, X, y, reg)
        buffer = kept.setdefault(W.shape, dW)
        buffer[:] = dW
        return loss, buffer

    assert judge(answer, SVM).faults == ("overwritten",)


def test_an_answer_that_remembers_the_first_one_is_found():
    kept: list = []

    def answer(W, X, y, reg):
        kept.append(svm_with_masks(W, X, y, reg))
        return kept[0]

    assert judge(answer, SVM).status == "wrong"


def test_the_global_generator_is_worth_a_note_and_no_refusal():
    def answer(W, X, y, reg):
        np.random.rand()  # noqa: NPY002  # it is what the note is about
        return svm_with_masks(W, X, y, reg)

    verdict = judge(answer, SVM)
    assert verdict.status == "correct" and "global generator" in repr(verdict)
    assert "global generator" not in repr(judge(svm_with_masks, SVM))


def test_the_answer_of_a_student_who_turns_warnings_into_errors_is_judged_all_the_same():
    with np.errstate(all="raise"):
        assert all(judge(f, EXERCISES[id]).status == "correct" for id in RIGHT
                   for f in RIGHT[id].values())


def test_an_answer_that_no_judge_can_look_at_is_wrong_and_raises_nothing():
    class Odd:
        dtype = property(lambda self: 1 / 0)

    assert judge(lambda W, X, y, reg: (Odd(), Odd()), SVM).status == "wrong"
    assert judge(lambda W, X: Odd(), EXERCISES["predict"]).status == "wrong"
    assert judge(lambda *args: (Odd(), Odd(), Odd()), EXERCISES["search"]).status == "wrong"


def test_every_fault_of_the_table_is_a_sentence():
    assert all(text.endswith((".", "?", "}", ")")) for text in TABLE.values())


def test_every_note_is_one_sentence():
    assert all(text.endswith(".") and ". " not in text for text in NOTES.values())


def test_a_probability_that_is_cut_off_from_below_is_noticed():
    def answer(W, X, y, reg):
        scores = X @ W
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(np.clip(p[range(len(y)), y], 1e-3, 1)).mean() + reg * np.sum(W**2)
        return loss, losses.softmax_loss_vectorized(W, X, y, reg)[1]

    assert judge(answer, EXERCISES["softmax_loss_vectorized"]).faults == ("loss: special",)


@pytest.mark.parametrize("shift", [np.mean, np.min])
def test_a_shift_that_is_not_the_maximum_is_not_enough(shift):
    def answer(scores):
        powers = np.exp(scores - shift(scores, axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    assert judge(answer, EXERCISES["softmax"]).faults == ("shift too small",)


# ---- training loops that only fit round sizes


def minibatches_of(loss, W, X, y, learning_rate, reg, batches):
    """Descend along these batches of rows."""
    history = []
    for rows in batches:
        value, dW = loss(W, X[rows], y[rows], reg)
        history.append(value)
        W = W - learning_rate * dW
    return W, history


def a_hundred_iterations(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    return minibatches_of(loss, W, X, y, learning_rate, reg,
                          rng.integers(len(X), size=(100, batch_size)))


def whole_batches_of_one_permutation(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    order = rng.permutation(len(X))
    starts = rng.integers(len(X) // batch_size, size=num_iters) * batch_size
    return minibatches_of(loss, W, X, y, learning_rate, reg,
                          [order[s:s + batch_size] for s in starts])


def what_is_left_of_an_epoch(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    batches = []
    while len(batches) < num_iters:
        order = rng.permutation(len(X))
        batches += [order[s:s + batch_size] for s in range(0, len(X), batch_size)]
    return minibatches_of(loss, W, X, y, learning_rate, reg, batches[:num_iters])


def whole_epochs(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    per_epoch = len(X) // batch_size
    orders = [rng.permutation(len(X)) for _ in range(num_iters // per_epoch)]
    batches = [order[i * batch_size:(i + 1) * batch_size] for order in orders
               for i in range(per_epoch)]
    return minibatches_of(loss, W, X, y, learning_rate, reg, batches)


ROUND = {a_hundred_iterations: "sgd: calls", whole_batches_of_one_permutation: "sgd: coverage",
         what_is_left_of_an_epoch: "sgd: batch shape", whole_epochs: "sgd: calls"}


@pytest.mark.parametrize("probes", [
    FIXED, *(Probes(seed, seed) for seed in range(6))])
@pytest.mark.parametrize("sgd", ROUND)
def test_a_training_loop_that_needs_round_sizes_is_wrong(sgd, probes):
    assert judge(sgd, EXERCISES["sgd"], probes=probes).faults == (ROUND[sgd],)


def test_a_learning_rate_that_falls_after_a_hundred_iterations_is_found():
    def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
        history = []
        for i in range(num_iters):
            rows = rng.integers(len(X), size=batch_size)
            value, dW = loss(W, X[rows], y[rows], reg)
            history.append(value)
            W = W - learning_rate * 0.95 ** (i // 100) * dW
        return W, history

    verdict = judge(sgd, EXERCISES["sgd"])
    assert verdict.faults == ("sgd: learning rate changes",)
    assert "from iteration 100 on the step is 0.95 times" in verdict.message


@pytest.mark.parametrize("changed", ["W", "X", "y"])
def test_a_training_loop_may_change_neither_the_data_nor_the_weights_that_it_is_given(changed):
    right = EXERCISES["sgd"].answer

    def sgd(loss, W, X, y, *settings):
        trained, history = right(loss, W, X, y, *settings)
        given = {"W": W, "X": X, "y": y}[changed]
        given[:] = given[::-1].copy()
        return trained, history

    verdict = judge(sgd, EXERCISES["sgd"])
    assert verdict.faults == ("input changed",) and f"It changes {changed}," in verdict.message


# ---- searches, right and wrong, in the course's two ways of training


def searching(train, accuracy=lambda model, X, y: np.mean(model.predict(X) == y),
              kept=lambda pair: pair):
    """A search that trains a model at each point with `train`, and takes accuracies in some way."""

    def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
        results, models = {}, {}
        for point in product(learning_rates, regs):
            models[point] = train(make, X_train, y_train, *point)
            pair = accuracy(models[point], X_train, y_train), accuracy(models[point], X_val, y_val)
            results[point] = kept(pair)
        best = max(results, key=lambda point: accuracy(models[point], X_val, y_val))
        return results, accuracy(models[best], X_val, y_val), models[best]

    return search


def fitted(make, X, y, *point):
    return make(*point).fit(X, y)


def trained_with(*settings, **named):
    """A training by `train` whose settings are named by what stands in them: lr, reg, a number."""

    def train(make, X, y, lr, reg):
        model, known = make(lr, reg), {"lr": lr, "reg": reg}
        model.train(X, y, *(known.get(s, s) for s in settings),
                    **{k: known.get(s, s) for k, s in named.items()})
        return model

    return train


def one_at_a_time(model, X, y):
    return np.mean([model.predict(x[None])[0] == label for x, label in zip(X, y)])


def cloned(make, X, y, *point):
    return clone(make(*point)).fit(X, y)


SEARCH = EXERCISES["search"]


@pytest.mark.parametrize("probes", [FIXED, Probes(3, 3), Probes(4, 4)])
@pytest.mark.parametrize("search", [
    searching(fitted),
    searching(fitted, one_at_a_time),
    searching(fitted, kept=lambda pair: tuple(round(float(share), 4) for share in pair)),
    searching(cloned),
    searching(trained_with("lr", "reg")),
    searching(trained_with(reg="reg", learning_rate="lr", num_iters=1500, batch_size=200,
                           verbose=True)),
], ids=["fit", "one row at a time", "rounded to four places", "sklearn.base.clone", "train",
        "train by names"])
def test_a_search_is_right_in_any_reasonable_way(search, probes):
    verdict = judge(search, SEARCH, probes=probes)
    assert verdict.status == "correct", verdict


@pytest.mark.parametrize("settings, named, fault, words", [
    ((), {}, "search: train without settings", "ignores what make was given"),
    ((), {"num_iters": 1500}, "search: train without settings", "ignores what make was given"),
    (("reg", "lr"), {}, "search: train settings swapped", "the learning rate comes first"),
    ((1e-7, 2.5e4), {}, "search: train settings", "learning_rate = 1e-07 and reg = 25000.0"),
    ((), {"learning_rate": "lr"}, "search: train settings", "reg = 1e-05"),
])
def test_a_search_that_trains_with_other_settings_than_its_point_s_is_wrong(
        settings, named, fault, words):
    verdict = judge(searching(trained_with(*settings, **named)), SEARCH)
    assert verdict.faults == (fault,) and words in verdict.message


def test_train_without_settings_ignores_those_of_the_classifier_as_the_judge_says():
    X, y = np.array([[1.0, 1], [-1, 1]]), np.array([0, 1])
    first, second = (LinearSVM(learning_rate=rate, reg=0.5, num_iters=5, random_state=0)
                     for rate in (0.1, 1e-9))
    with pytest.warns(UserWarning, match="takes none of learning_rate"):
        assert first.train(X, y) == second.train(X, y)
    assert signature(StandIn.train) == signature(LinearSVM.train)


def test_both_parts_may_be_predicted_in_one_call():
    def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
        results, models = {}, {}
        for point in product(learning_rates, regs):
            models[point] = make(*point).fit(X_train, y_train)
            hits = models[point].predict(np.vstack([X_val, X_train])) == np.append(y_val, y_train)
            results[point] = hits[len(y_val):].mean(), hits[:len(y_val)].mean()
        best = max(results, key=lambda point: results[point][1])
        return results, results[best][1], models[best]

    assert judge(search, SEARCH).status == "correct"


def in_two_processes(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    """The package's search, in processes of its own."""
    with joblib.parallel_config(n_jobs=2):
        return SEARCH.answer(make, X_train, y_train, X_val, y_val, learning_rates, regs)


def untrained_in_two_processes(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    models = joblib.Parallel(n_jobs=2)(joblib.delayed(make)(*point)
                                       for point in product(learning_rates, regs))
    hits = joblib.Parallel(n_jobs=2)(joblib.delayed(model.predict)(X_val) for model in models)
    return {}, hits, models[0]


def test_a_search_in_several_processes_is_judged_as_in_one():
    assert judge(in_two_processes, SEARCH).status == "correct"
    assert judge(untrained_in_two_processes, SEARCH).faults == ("search: untrained",)


def test_accuracies_in_a_dictionary_are_not_taken_for_one_number_and_numbers_are_shown_plainly():
    verdict = judge(searching(fitted, kept=lambda pair: dict(zip(("train", "val"), pair))), SEARCH)
    assert verdict.faults == ("search: results",) and "one number" not in verdict.message
    verdict = judge(searching(fitted, kept=lambda pair: tuple(np.sqrt(pair))), SEARCH)
    assert verdict.faults == ("search: results",) and "np.float64" not in verdict.message


# ---- shifts that are not the maximum, sizes that are written down


def softmax_shifted_by(number):
    """A softmax loss whose rows are shifted by number(row, label) before exp."""

    def answer(W, X, y, reg):
        scores = X @ W
        shifted = np.array([row - number(row, label) for row, label in zip(scores, y)])
        p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        truth = np.arange(W.shape[1]) == y[:, None]
        return (-np.log(p[truth]).mean() + reg * np.sum(W**2),
                X.T @ (p - truth) / len(y) + 2 * reg * W)

    return answer


@pytest.mark.parametrize("probes", [FIXED, *(Probes(seed, seed) for seed in range(4))])
@pytest.mark.parametrize("number", [lambda row, label: row.mean(), lambda row, label: row[0]],
                         ids=["mean", "first"])
def test_a_softmax_loss_whose_shift_is_not_the_maximum_is_told_so(number, probes):
    verdict = judge(softmax_shifted_by(number), EXERCISES["softmax_loss_vectorized"], probes=probes)
    assert verdict.faults == ("shift too small",), verdict

    def of_scores(scores, y):
        return softmax_shifted_by(number)(scores, np.eye(len(scores)), y, 0.0)

    verdict = judge(of_scores, EXERCISES["cross_entropy"], probes=probes)
    assert verdict.faults == ("shift too small",)


def test_no_one_is_told_of_shifts_for_what_is_wrong_with_many_classes_only():
    def ten_columns(W, X, y, reg):
        return svm_with_masks(np.pad(W[:, :10], ((0, 0), (0, max(0, W.shape[1] - 10)))), X, y, reg)

    def ten_scores(W, X):
        return (X @ W)[:, :10].argmax(axis=1)

    assert judge(ten_columns, SVM).faults == ("loss: special", "gradient: special")
    verdict = judge(ten_scores, EXERCISES["predict"])
    assert verdict.faults == ("predict: labels",) and "fifty classes" in verdict.message


def test_a_loss_that_knows_of_ten_classes_is_shown_its_ten_scores():
    def answer(W, X, y, reg):
        scores = (X @ W)[:, :10]
        assert len(scores[np.arange(len(X)), y]) == len(X)
        return svm_with_masks(W, X, y, reg)

    verdict = judge(answer, SVM)
    assert verdict.faults == ("crash",) and "scores has shape (3, 10)" in verdict.message, verdict


# ---- logarithms of probabilities that round to 0


def softmax_by(log_p):
    """A softmax loss that takes the mean of -log_p(P, rows, y)."""

    def answer(W, X, y, reg):
        scores, rows = X @ W, np.arange(len(X))
        P = np.exp(scores - scores.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        loss = -np.mean(log_p(P, rows, y)) + reg * np.sum(W**2)
        P[rows, y] -= 1
        return loss, X.T @ P / len(X) + 2 * reg * W

    return answer


LOGARITHMS = {
    "log p": (lambda P, rows, y: np.log(P[rows, y]), ["is inf", "below"]),
    "the sum of Y log P": (lambda P, rows, y: np.sum(np.eye(P.shape[1])[y] * np.log(P), axis=1),
                           ["is inf", "is nan"]),
    **{f"log(p + {eps:g})": (lambda P, rows, y, eps=eps: np.log(P[rows, y] + eps),
                             [f"never exceed {-np.log(eps):.1f}"])
       for eps in (1e-8, 1e-10, 1e-12)},
}


@pytest.mark.parametrize("probes", [FIXED, Probes(3, 3)])
@pytest.mark.parametrize("kind", LOGARITHMS)
def test_what_becomes_of_a_probability_of_0_is_worth_a_note_in_a_softmax_loss(kind, probes):
    log_p, words = LOGARITHMS[kind]
    verdict = judge(softmax_by(log_p), EXERCISES["softmax_loss_vectorized"], probes=probes)
    assert verdict.status == "correct", verdict
    assert all(word in " ".join(verdict.notes) for word in words)
    assert all(f"Note: {note}" in repr(verdict) for note in verdict.notes)

    def of_scores(scores, y):
        return softmax_by(log_p)(scores, np.eye(len(scores)), y, 0.0)

    verdict = judge(of_scores, EXERCISES["cross_entropy"], probes=probes)
    assert verdict.status == ("correct" if "+" in kind else "wrong")


def test_no_note_is_made_where_the_logarithm_is_of_the_sum():
    assert judge(softmax_with_logsumexp, EXERCISES["softmax_loss_vectorized"]).notes == ()


# ---- ways that the exercise does not ask for


def svm_by_a_helper(W, X, y, reg):
    return svm_row_by_row(W, X, y, reg)


def svm_row_by_row(W, X, y, reg):
    rows = [svm_with_masks(W, x[None], label[None], 0.0) for x, label in zip(X, y)]
    loss, dW = (sum(parts) / len(X) for parts in zip(*rows))
    return loss + reg * np.sum(W**2), dW + 2 * reg * W


def svm_by_the_naive_one(W, X, y, reg):
    return losses.svm_loss_naive(W, X, y, reg)


@pytest.mark.parametrize("answer, words", [
    (svm_row_by_row, "Python loop (`rows = ["), (svm_by_a_helper, "Python loop (`rows = ["),
    (RIGHT["svm_loss_naive"]["svm_in_loops"], "Python loop (`for i in range(num_train):`)"),
    (svm_by_the_naive_one, "It calls `svm_loss_naive`"),
])
def test_a_loop_where_none_is_asked_for_is_worth_a_note(answer, words):
    verdict = judge(answer, SVM)
    assert verdict.status == "correct" and words in verdict.notes[0], verdict
    assert judge(answer, EXERCISES["svm_loss_naive"]).notes == ()


@pytest.mark.parametrize("answer", [svm_with_masks, EXERCISES["svm_loss_vectorized"].answer,
                                    eval("lambda *args: svm_with_masks(*args)", globals())])
def test_no_note_of_loops_is_made_where_there_are_none_or_no_text(answer):
    assert judge(answer, SVM).notes == ()


def draws_by(rows_by):
    """A training loop that draws its rows by rows_by(rng, N, size)."""

    def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
        return minibatches_of(loss, W, X, y, learning_rate, reg,
                              [rows_by(rng, len(X), batch_size) for _ in range(num_iters)])

    return sgd


@pytest.mark.parametrize("probes", [FIXED, Probes(3, 3)])
@pytest.mark.parametrize("rows_by, noted", [
    (lambda rng, N, size: rng.choice(N, size), False),
    (lambda rng, N, size: rng.permutation(N)[:size], False),
    (lambda rng, N, size: np.random.choice(N, size), True),  # noqa: NPY002  what the note is about
    (lambda rng, N, size: np.random.default_rng().integers(N, size=size), True),
])
def test_a_training_loop_that_draws_from_elsewhere_is_correct_with_a_note(rows_by, noted, probes):
    verdict = judge(draws_by(rows_by), EXERCISES["sgd"], probes=probes)
    assert verdict.status == "correct", verdict
    assert ["`rng`" in note for note in verdict.notes] == [True] * noted


def test_a_seed_of_its_own_does_not_make_a_generator_the_caller_s():
    def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
        own = np.random.default_rng(0)
        return minibatches_of(loss, W, X, y, learning_rate, reg,
                              own.integers(len(X), size=(num_iters, batch_size)))

    assert "`rng`" in judge(sgd, EXERCISES["sgd"]).notes[0]


# ---- messages that fit


def test_a_training_in_single_precision_starts_where_it_was_told_to():
    def sgd(loss, W, *rest):
        return EXERCISES["sgd"].answer(loss, W.astype(np.float32), *rest)

    assert judge(sgd, EXERCISES["sgd"]).status == "correct"


def test_the_softmax_of_one_row_is_told_so_when_it_takes_a_batch_for_one():
    def softmax(scores):
        e = np.exp(scores - scores.max())
        return e / e.sum()

    verdict = judge(softmax, EXERCISES["softmax"])
    assert verdict.faults[0] == "probabilities: normalized over the whole batch"


@pytest.mark.parametrize("kind, words", [
    (lambda labels: (label for label in labels), "a generator"), (set, "a set"),
    (lambda labels: dict(enumerate(labels)), "a dict"),
    (lambda labels: list(map(str, labels)), "strings"),
    (lambda labels: labels.astype(str), "strings"),
])
def test_labels_that_are_no_array_of_numbers_are_called_what_they_are(kind, words):
    verdict = judge(lambda W, X: kind((X @ W).argmax(axis=1)), EXERCISES["predict"])
    assert verdict.faults == ("predict: type",) and words in verdict.message


class Stop(BaseException):
    """What a student's own code raises."""


@pytest.mark.parametrize("error", [GeneratorExit, Stop])
def test_whatever_the_function_raises_is_a_verdict(error):
    def predict(W, X):
        raise error

    verdict = check(predict)
    assert verdict.faults == ("crash",) and error.__name__ in verdict.message
