"""Answers that students might give: right ones in other styles, and the likeliest mistakes, by exercise.

A wrong answer stands beside the faults that its verdict must name.
"""
import numpy as np

from cs231n_lite import classifiers, losses, optim, tune


def vary(right, loss=lambda value, W, X, y, reg: value, gradient=lambda dW, W, X, y, reg: dW):
    """A right loss function with its loss or its gradient spoilt."""

    def answer(W, X, y, reg):
        value, dW = right(W, X, y, reg)
        return loss(value, W, X, y, reg), gradient(dW, W, X, y, reg)

    return answer


def slips_of_a_loss(right):
    """The mistakes that any loss of W can have."""

    def with_data_gradient_of_the_last_sample(W, X, y, reg):
        return right(W, X, y, reg)[0], right(W, X[-1:], y[-1:], reg)[1]

    return {
        "gradient of the regularization halved": (vary(right, gradient=lambda dW, W, X, y, reg: dW - reg * W),
                                                  {"gradient"}),
        "regularization missing from the gradient": (vary(right, gradient=lambda dW, W, X, y, reg: dW - 2 * reg * W),
                                                     {"gradient"}),
        "regularization missing from the loss": (vary(right, lambda value, W, X, y, reg: value - reg * np.sum(W**2)),
                                                 {"loss"}),
        "both regularizations halved": (vary(right, lambda value, W, X, y, reg: value - reg / 2 * np.sum(W**2),
                                             lambda dW, W, X, y, reg: dW - reg * W), {"loss", "gradient"}),
        "gradient left at zero": (vary(right, gradient=lambda dW, W, X, y, reg: 0 * dW), {"gradient"}),
        "data gradient not divided by N": (
            vary(right, gradient=lambda dW, W, X, y, reg: (dW - 2 * reg * W) * len(X) + 2 * reg * W), {"gradient"}),
        "only the regularization's gradient": (vary(right, gradient=lambda dW, W, X, y, reg: 2 * reg * W),
                                               {"gradient"}),
        "precedence slip in the mean": (
            vary(right, lambda value, W, X, y, reg: (value - reg * np.sum(W**2)) * len(X)
                 / (len(X) + reg * np.sum(W**2))), {"loss"}),
        "reg times the sum added to every entry": (
            vary(right, gradient=lambda dW, W, X, y, reg: dW - 2 * reg * W + 2 * reg * np.sum(W)), {"gradient"}),
        "only the last sample counted": (with_data_gradient_of_the_last_sample, {"gradient"}),
        "sign flipped": (vary(right, gradient=lambda dW, W, X, y, reg: -dW), {"gradient"}),
        "gradient transposed": (vary(right, gradient=lambda dW, W, X, y, reg: dW.T), {"shape"}),
        "gradient as a list": (vary(right, gradient=lambda dW, W, X, y, reg: dW.tolist()), {"type"}),
        "gradient of NaN": (vary(right, gradient=lambda dW, W, X, y, reg: dW * np.nan), {"gradient"}),
        "gradient masked": (vary(right, gradient=lambda dW, W, X, y, reg: np.ma.masked_array(dW, True)), {"type"}),
        "gradient is W itself": (vary(right, gradient=lambda dW, W, X, y, reg: W), {"aliasing"}),
        "loss is NaN": (vary(right, lambda value, W, X, y, reg: np.nan), {"loss"}),
        "loss of every sample": (vary(right, lambda value, W, X, y, reg: value * np.ones(len(X))), {"loss type"}),
        "loss is a sentence": (vary(right, lambda value, W, X, y, reg: "nine"), {"loss type"}),
        "loss alone": (lambda W, X, y, reg: right(W, X, y, reg)[0], {"returns"}),
        "W changed in place": (spoil_W(right), {"input changed"}),
        "another answer each time": (drifting(right), {"not repeatable"}),
        "None": (lambda W, X, y, reg: None, {"returns None"}),
        "a crash": (lambda W, X, y, reg: right(W, X[:, 1:], y, reg), {"crash"}),
    }


def spoil_W(right):
    """Right, but leaves W twice as large."""

    def answer(W, X, y, reg):
        result = right(W, X, y, reg)
        W *= 2
        return result

    return answer


def drifting(right):
    """Right up to a rounding error that grows with every call."""
    calls = []

    def answer(W, X, y, reg):
        calls.append(1)
        value, dW = right(W, X, y, reg)
        return value + 1e-12 * len(calls), dW

    return answer


def svm_with(positive=lambda margins: margins > 0, own=True, margin=1.0):
    """A vectorized SVM loss with a part of it changed."""

    def answer(W, X, y, reg):
        rows, scores = np.arange(len(X)), X @ W
        margins = scores - scores[rows, y][:, None] + margin
        if own:
            margins[rows, y] = 0
        counted = positive(margins)
        G = counted.astype(float)
        G[rows, y] = 0
        G[rows, y] = -G.sum(axis=1)
        return (margins * counted).sum() / len(X) + reg * np.sum(W**2), X.T @ G / len(X) + 2 * reg * W

    return answer


def softmax_with(probabilities):
    """A vectorized softmax loss around other probabilities."""

    def answer(W, X, y, reg):
        rows, p = np.arange(len(X)), probabilities(X @ W)
        loss = -np.log(p[rows, y]).mean() + reg * np.sum(W**2)
        p[rows, y] -= 1
        return loss, X.T @ p / len(X) + 2 * reg * W

    return answer


def no_shift(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def one_shift_for_all(scores):
    return no_shift(scores - scores.max())


def over_columns(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=0)


def plain_log(scores):
    return no_shift(scores - scores.max(axis=1, keepdims=True))


def lost_duplicates(W, X, y, reg):
    loss, dW = losses.svm_loss_vectorized(W, X, y, reg)
    scores = X @ W
    counted = losses.margins(scores, y) > 0
    G = X.T @ counted
    G[:, y] -= X.T * counted.sum(axis=1)
    return loss, G / len(X) + 2 * reg * W


def correct_class_column_missing(W, X, y, reg):
    loss, _ = losses.svm_loss_vectorized(W, X, y, reg)
    return loss, X.T @ (losses.margins(X @ W, y) > 0) / len(X) + 2 * reg * W


def sgd_with(step=lambda W, dW, rate: W - rate * dW, batch=None, inside=True):
    """Minibatch SGD with a part of it changed."""

    def answer(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
        draw = batch or (lambda X, y, size, rng: (lambda rows: (X[rows], y[rows]))(rng.integers(len(X), size=size)))
        history, first = [], draw(X, y, batch_size, rng)
        for _ in range(num_iters):
            value, dW = loss(W, *(draw(X, y, batch_size, rng) if inside else first), reg)
            history.append(value)
            W = step(W, dW, learning_rate)
        return W, history

    return answer


def drawn_apart(X, y, size, rng):
    return X[rng.integers(len(X), size=size)], y[rng.integers(len(X), size=size)]


def sgd_in_place_with_the_global_generator(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    history = []
    for _ in range(num_iters):
        rows = np.random.choice(len(X), batch_size)
        value, dW = loss(W, X[rows], y[rows], reg)
        history.append(value)
        W -= learning_rate * dW
    return W, history


def sgd_in_shuffled_epochs(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    history, order = [], []
    for _ in range(num_iters):
        if len(order) < batch_size:
            order = list(rng.permutation(len(X)))
        rows, order = order[:batch_size], order[batch_size:]
        value, dW = loss(W, X[rows], y[rows], reg)
        history.append(value)
        W = W - learning_rate * dW
    return W, np.array(history)


def sgd_with_its_own_loss(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    return optim.sgd(losses.svm_loss_vectorized, W, X, y, learning_rate, reg, num_iters, batch_size, rng)


def search_in_loops(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results, best_val, best = {}, -1, None
    for rate in learning_rates:
        for reg in regs:
            model = make(rate, reg)
            model.train(X_train, y_train, learning_rate=rate, reg=reg)
            train, val = np.mean(model.predict(X_train) == y_train), np.mean(model.predict(X_val) == y_val)
            results[(rate, reg)] = (train, val)
            if val > best_val:
                best_val, best = val, model
    return results, best_val, best


def search_with(change):
    """A right search whose arguments or results are changed."""

    def answer(make, X_train, y_train, X_val, y_val, learning_rates, regs):
        return change(make, X_train, y_train, X_val, y_val, learning_rates, regs)

    return answer


def chosen_on_training(*args):
    results, _, _ = tune.search(*args)
    point = max(results, key=lambda p: results[p][0])
    return results, results[point][1], args[0](*point).fit(*args[1:3])


def best_made_anew(*args):
    results, best_val, best = tune.search(*args)
    return results, best_val, args[0](*best.point)


def lambdas_first(make, *rest):
    return tune.search(lambda rate, reg: make(reg, rate), *rest)


def validated_on_training(make, X_train, y_train, X_val, y_val, *grid):
    return tune.search(make, X_train, y_train, X_train, y_train, *grid)


def trained_on_validation(make, X_train, y_train, X_val, y_val, *grid):
    results, best_val, best = tune.search(make, X_train, y_train, X_val, y_val, *grid)
    best.fit(X_val, y_val)
    return results, best_val, best


def last_is_best(*args):
    results, best_val, _ = tune.search(*args)
    return results, best_val, args[0](*list(results)[-1])


def scores_gradient(change):
    """Cross-entropy with its gradient changed."""

    def answer(scores, y):
        loss, dscores = losses.cross_entropy(scores, y)
        return loss, change(dscores, scores, y)

    return answer


SVM_SLIPS = {
    "the correct class counted": (svm_with(own=False), {"loss"}),
    "margins not clipped": (svm_with(positive=lambda margins: margins == margins), {"loss", "gradient"}),
    "no margin": (svm_with(margin=0.0), {"loss", "gradient"}),
    "duplicate indices lost": (lost_duplicates, {"gradient"}),
    "the correct class's column missing": (correct_class_column_missing, {"gradient"}),
}
SOFTMAX_SLIPS = {
    "no shift by the maximum": (softmax_with(no_shift), {"loss", "gradient"}),
    "one maximum for the whole matrix": (softmax_with(one_shift_for_all), {"loss", "gradient"}),
    "normalized over the wrong axis": (softmax_with(over_columns), {"loss", "gradient"}),
}

WRONG = {
    "svm_loss_naive": slips_of_a_loss(losses.svm_loss_naive) | SVM_SLIPS,
    "svm_loss_vectorized": slips_of_a_loss(losses.svm_loss_vectorized) | SVM_SLIPS,
    "softmax_loss_naive": slips_of_a_loss(losses.softmax_loss_naive) | SOFTMAX_SLIPS,
    "softmax_loss_vectorized": slips_of_a_loss(losses.softmax_loss_vectorized) | SOFTMAX_SLIPS,
    "softmax": {
        "no shift by the maximum": (no_shift, {"overflow"}),
        "one maximum for the whole matrix": (one_shift_for_all, {"overflow"}),
        "normalized over the wrong axis": (over_columns, {"sum"}),
        "uniform": (lambda scores: np.ones(scores.shape) / scores.shape[1], {"probabilities"}),
        "logarithms of probabilities": (lambda scores: np.log(losses.softmax(scores)), {"sum"}),
        "transposed": (lambda scores: losses.softmax(scores).T, {"shape"}),
        "scores changed in place": (lambda scores: scores.__isub__(9) + losses.softmax(scores) * 0, {"input changed"}),
        "None": (lambda scores: None, {"returns None"}),
    },
    "cross_entropy": {
        "gradient not divided by N": (scores_gradient(lambda d, scores, y: d * len(y)), {"gradient"}),
        "correct class not subtracted": (scores_gradient(lambda d, scores, y: losses.softmax(scores) / len(y)),
                                         {"gradient"}),
        "gradient left at zero": (scores_gradient(lambda d, scores, y: 0 * d), {"gradient"}),
        "summed loss": (lambda scores, y: (losses.cross_entropy(scores, y)[0] * len(y),
                                           losses.cross_entropy(scores, y)[1]), {"loss"}),
        "bits for nats": (lambda scores, y: (losses.cross_entropy(scores, y)[0] / np.log(2),
                                             losses.cross_entropy(scores, y)[1]), {"loss"}),
        "transposed": (scores_gradient(lambda d, scores, y: d.T), {"shape"}),
        "None": (lambda scores, y: None, {"returns None"}),
    },
    "sgd": {
        "rows and labels drawn apart": (sgd_with(batch=drawn_apart), {"labels apart"}),
        "ascent": (sgd_with(lambda W, dW, rate: W + rate * dW), {"ascent"}),
        "weights never updated": (sgd_with(lambda W, dW, rate: W), {"no step"}),
        "learning rate forgotten": (sgd_with(lambda W, dW, rate: W - dW), {"step"}),
        "the same batch every time": (sgd_with(inside=False), {"same batch"}),
        "only the first rows": (sgd_with(batch=lambda X, y, n, rng: (lambda r: (X[r], y[r]))(rng.permutation(n))),
                                {"coverage"}),
        "all of the data": (sgd_with(batch=lambda X, y, n, rng: (X, y)), {"batch shape"}),
        "a loss of its own": (sgd_with_its_own_loss, {"calls"}),
        "weights alone": (lambda *args: optim.sgd(*args)[0], {"returns"}),
        "losses reversed": (lambda *args: (lambda W, values: (W, values[::-1]))(*optim.sgd(*args)), {"history"}),
        "one iteration too few": (lambda *a: optim.sgd(*a[:6], a[6] - 1, *a[7:]), {"calls"}),
        "regularization left out": (lambda *a: optim.sgd(*a[:5], 0.0, *a[6:]), {"reg"}),
        "None": (lambda *args: None, {"returns None"}),
    },
    "predict": {
        "argmax over the wrong axis": (lambda W, X: np.argmax(X @ W, axis=0), {"shape"}),
        "argmin": (lambda W, X: np.argmin(X @ W, axis=1), {"labels"}),
        "highest scores for labels": (lambda W, X: np.max(X @ W, axis=1), {"labels"}),
        "one number for all": (lambda W, X: np.argmax(X @ W), {"shape"}),
        "one-hot rows": (lambda W, X: np.eye(W.shape[1])[classifiers.predict(W, X)], {"shape"}),
        "None": (lambda W, X: None, {"returns None"}),
    },
    "search": {
        "chosen on the training data": (search_with(chosen_on_training), {"best_val", "best"}),
        "arguments of make swapped": (search_with(lambdas_first), {"grid"}),
        "validated on the training data": (search_with(validated_on_training), {"results", "best_val", "best"}),
        "trained on the validation data": (search_with(trained_on_validation), {"leak"}),
        "the last instead of the best": (search_with(last_is_best), {"best"}),
        "the best made anew, untrained": (search_with(best_made_anew), {"best"}),
        "half of the grid": (search_with(lambda *a: tune.search(*a[:5], a[5][1:], a[6])), {"grid", "results"}),
        "results alone": (search_with(lambda *a: tune.search(*a)[0]), {"returns"}),
        "None": (search_with(lambda *a: None), {"returns None"}),
    },
}

RIGHT = {
    "svm_loss_naive": {
        "vectorized": losses.svm_loss_vectorized,
        "half-vectorized": losses.svm_loss_half_vectorized,
        "NumPy scalars and double precision": vary(losses.svm_loss_vectorized, lambda value, *_: np.float64(value),
                                                   lambda dW, *_: dW.astype(np.float64)),
    },
    "svm_loss_vectorized": {"masks": svm_with(), "0-d loss": vary(losses.svm_loss_naive, lambda v, *_: np.array(v))},
    "softmax_loss_naive": {"vectorized": losses.softmax_loss_vectorized},
    "softmax_loss_vectorized": {"-log(p)": softmax_with(plain_log), "loops": losses.softmax_loss_naive},
    "softmax": {"in two steps": plain_log},
    "cross_entropy": {"a list comprehension": lambda scores, y: losses.cross_entropy(scores, y)},
    "sgd": {
        "in place, with np.random.choice": sgd_in_place_with_the_global_generator,
        "in shuffled epochs": sgd_in_shuffled_epochs,
        "a copy at each step": sgd_with(),
    },
    "predict": {
        "a loop": lambda W, X: np.array([int(np.argmax(x @ W)) for x in X]),
        "sorting": lambda W, X: (X @ W).argsort(axis=1)[:, -1],
    },
    "search": {"in loops, with train": search_in_loops},
}
