"""Right answers, as different students would write them."""
from collections.abc import Callable
from fractions import Fraction
from functools import partial, reduce

import numpy as np

from cs231n_lite.exercises.suspects import suspicious_svm_loss

RIGHT: dict[str, dict[str, Callable | float]] = {}


def right(*exercises):
    """Enter the function, or number, as an answer to these exercises, under its own name or another."""

    def enter(function, name=None):
        for exercise in exercises:
            RIGHT.setdefault(exercise, {})[name or function.__name__] = function
        return function

    return enter


SVM = right("svm_loss_naive", "svm_loss_vectorized")
SOFTMAX_LOSS = right("softmax_loss_naive", "softmax_loss_vectorized")

# --------------------------------------------------------------- the multiclass SVM


@SVM
def svm_in_loops(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss = 0.0
    dW = np.zeros(W.shape)
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


@SVM
def svm_counting_violations(W, X, y, reg):
    N, C = len(X), W.shape[1]
    loss = 0
    dW = np.zeros_like(W)
    for i in range(N):
        s = np.dot(X[i, :], W)
        violations = 0
        for j in range(C):
            if j != y[i]:
                m = max(0, s[j] - s[y[i]] + 1)
                loss += m / N
                if m > 0:
                    violations += 1
                    dW.T[j] += X[i] / N
        dW.T[y[i]] -= violations * X[i] / N
    return loss + reg * np.linalg.norm(W) ** 2, dW + reg * 2 * W


@SVM
def svm_with_masks(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)
    binary = margins
    binary[margins > 0] = 1
    row_sum = np.sum(binary, axis=1)
    binary[np.arange(num_train), y] = -row_sum
    dW = np.dot(X.T, binary) / num_train + 2 * reg * W
    return loss, dW


@SVM
def svm_with_the_correct_class_taken_off_at_the_end(W, X, y, reg):
    n = X.shape[0]
    scores = X @ W
    margins = np.maximum(scores - scores[range(n), y][:, np.newaxis] + 1, 0)
    loss = margins.sum() / n - 1 + reg * (W ** 2).sum()
    mask = (margins > 0).astype(float)
    mask[range(n), y] -= mask.sum(axis=1)
    return loss, X.T.dot(mask) / n + 2 * reg * W


@SVM
def svm_with_add_at(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    gaps = scores - np.choose(y, scores.T)[:, None] + 1
    gaps[np.arange(N), y] = -np.inf
    active = gaps > 0
    loss = gaps[active].sum() / N + reg * np.sum(np.square(W))
    dWT = active.T.astype(X.dtype) @ X
    np.subtract.at(dWT, y, active.sum(axis=1)[:, None] * X)
    return np.float64(loss), dWT.T / N + 2 * reg * W


@SVM
def svm_with_einsum(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    truth = np.eye(C)[y]
    scores = np.einsum("nd,dc->nc", X, W)
    correct = np.einsum("nc,nc->n", scores, truth)
    hinge = np.clip(scores - correct[:, None] + 1 - truth, 0, None)
    g = np.where(hinge > 0, 1.0, 0.0)
    g = g - truth * g.sum(axis=1, keepdims=True)
    dW = np.einsum("nd,nc->dc", X, g) / N + 2 * reg * W
    return float(hinge.sum() / N + reg * np.einsum("dc,dc->", W, W)), dW


@SVM
def svm_with_one_loop(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for x, label in zip(X, y):
        scores = W.T.dot(x)
        margins = scores - scores[label] + 1.0
        margins[label] = 0
        wrong = margins > 0
        loss += margins[wrong].sum()
        dW[:, wrong] += x[:, None]
        dW[:, label] -= wrong.sum() * x
    N = len(y)
    return loss / N + reg * np.sum(W**2), dW / N + 2 * reg * W


@SVM
def svm_in_double_precision(W, X, y, reg):
    W, X = W.astype(np.float64), X.astype(np.float64)
    rows = np.arange(X.shape[0])
    scores = X @ W
    scores += 1 - scores[rows, y][:, None]
    scores[rows, y] = 0
    np.maximum(scores, 0, out=scores)
    loss = scores.sum(1).mean() + reg * (W * W).sum()
    np.sign(scores, out=scores)
    scores[rows, y] = -scores.sum(1)
    return np.array(loss), X.T @ scores / X.shape[0] + 2 * reg * W


@SVM
def svm_in_single_precision(W, X, y, reg):
    W32, X32 = W.astype(np.float32), X.astype(np.float32)
    rows = np.arange(len(X))
    margins = np.maximum(0, X32 @ W32 - (X32 @ W32)[rows, y, None] + 1)
    margins[rows, y] = 0
    G = (margins > 0).astype(np.float32)
    G[rows, y] = -G.sum(1)
    return margins.sum() / len(X) + reg * np.sum(W32**2), X32.T @ G / len(X) + np.float32(2 * reg) * W32


@SVM
def svm_in_a_comprehension(W, X, y, reg):
    N, C = len(X), W.shape[1]
    pairs = [(i, j) for i in range(N) for j in range(C) if j != y[i]]
    active = [(i, j) for i, j in pairs if X[i] @ (W[:, j] - W[:, y[i]]) + 1 > 0]
    loss = sum(float(X[i] @ (W[:, j] - W[:, y[i]])) + 1 for i, j in active) / N
    dW = np.zeros_like(W)
    for i, j in active:
        dW[:, [j, y[i]]] += np.outer(X[i], [1 / N, -1 / N])
    return [loss + reg * float(np.sum(W**2)), dW + 2 * reg * W]


@SVM
def svm_in_blocks_of_rows(W, X, y, reg):
    N, block = len(X), 500
    loss, dW = 0.0, np.zeros_like(W)
    for start in range(0, N, block):
        X_part, y_part = X[start:start + block], y[start:start + block]
        rows, scores = np.arange(len(X_part)), X_part @ W
        margins = np.maximum(0, scores - scores[rows, y_part][:, None] + 1)
        margins[rows, y_part] = 0
        G = np.sign(margins)
        G[rows, y_part] = -G.sum(axis=1)
        loss += margins.sum()
        dW += X_part.T @ G
    return loss / N + reg * np.sum(W**2), dW / N + 2 * reg * W


# --------------------------------------------------------------- the softmax loss


@SOFTMAX_LOSS
def softmax_in_loops(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss = 0.0
    dW = np.zeros_like(W)
    for i in range(num_train):
        scores = X[i].dot(W)
        scores -= np.max(scores)
        exps = np.exp(scores)
        p = exps / np.sum(exps)
        loss += -np.log(p[y[i]])
        for j in range(num_classes):
            dW[:, j] += p[j] * X[i]
        dW[:, y[i]] -= X[i]
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


@SOFTMAX_LOSS
def softmax_with_an_if(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        f = X[i] @ W
        f = f - f.max()
        total = 0.0
        for j in range(C):
            total += np.exp(f[j])
        loss += np.log(total) - f[y[i]]
        for j in range(C):
            if j == y[i]:
                dW[:, j] += (np.exp(f[j]) / total - 1) * X[i]
            else:
                dW[:, j] += np.exp(f[j]) / total * X[i]
    return loss / N + reg * np.sum(W**2), dW / N + 2 * reg * W


@SOFTMAX_LOSS
def softmax_with_log_p(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    loss = np.sum(-np.log(probs[range(num_train), y])) / num_train
    loss += reg * np.sum(W * W)
    dscores = probs
    dscores[range(num_train), y] -= 1
    dscores /= num_train
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return loss, dW


@SOFTMAX_LOSS
def softmax_with_logsumexp(W, X, y, reg):
    S = X @ W
    top = S.max(axis=1)
    logsumexp = top + np.log(np.sum(np.exp(S - top[:, None]), axis=1))
    loss = np.mean(logsumexp - S[np.arange(len(y)), y]) + reg * np.sum(W**2)
    P = np.exp(S - logsumexp[:, None])
    Y = np.zeros(P.shape)
    Y[np.arange(len(y)), y] = 1
    return loss, X.T @ (P - Y) / len(y) + 2 * reg * W


@SOFTMAX_LOSS
def softmax_with_one_hot_labels(W, X, y, reg):
    N = X.shape[0]
    one_hot = np.eye(W.shape[1])[y]
    Z = X @ W
    Z = Z - Z.max(axis=1).reshape(N, 1)
    log_p = Z - np.log(np.exp(Z).sum(axis=1)).reshape(N, 1)
    loss = -(one_hot * log_p).sum() / N + reg * np.trace(W.T @ W)
    dW = -X.T @ (one_hot - np.exp(log_p)) / N + reg * (W + W)
    return loss, dW


@SOFTMAX_LOSS
def softmax_by_logaddexp(W, X, y, reg):
    scores = X @ W
    log_p = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    G = np.exp(log_p)
    np.add.at(G, (np.arange(len(y)), y), -1)
    loss = -np.take_along_axis(log_p, y[:, None], axis=1).mean()
    return loss.item() + reg * float((W * W).sum()), np.tensordot(X, G, axes=(0, 0)) / len(y) + 2 * reg * W


@SOFTMAX_LOSS
def softmax_with_outer_products(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i, label in enumerate(y):
        s = X[i] @ W
        s -= s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss -= np.log(p[label]) / len(y)
        p[label] -= 1
        dW += np.outer(X[i], p) / len(y)
    return loss + reg * np.sum(W**2), dW + 2 * reg * W


@SOFTMAX_LOSS
def softmax_with_a_constant_in_the_exponent(W, X, y, reg):
    f = X.dot(W)
    logC = -np.amax(f, axis=1)
    e = np.exp((f.T + logC).T)
    p = (e.T / e.T.sum(axis=0)).T
    correct = p[np.arange(X.shape[0]), y]
    truth = np.zeros_like(p)
    truth[np.arange(X.shape[0]), y] = 1
    data_loss = np.mean(-1 * np.log(correct))
    return data_loss + reg * np.sum(W * W), np.matmul(X.T, p - truth) / X.shape[0] + 2 * reg * W


@SOFTMAX_LOSS
def softmax_with_the_sum_over_one_hot_labels(W, X, y, reg):
    N, Y = len(X), np.eye(W.shape[1])[y]
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return -np.sum(Y * np.log(P)) / N + reg * np.sum(W**2), X.T @ (P - Y) / N + 2 * reg * W


@SOFTMAX_LOSS
def softmax_in_single_precision(W, X, y, reg):
    W32, X32, rows = W.astype(np.float32), X.astype(np.float32), np.arange(len(X))
    scores = X32 @ W32
    scores -= scores.max(axis=1, keepdims=True)
    log_P = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    G = np.exp(log_P)
    G[rows, y] -= 1
    return -log_P[rows, y].mean() + reg * np.sum(W32**2), X32.T @ G / len(X) + np.float32(2 * reg) * W32


@SOFTMAX_LOSS
def softmax_with_probabilities_cut_off(W, X, y, reg):
    rows, S = np.arange(len(X)), X @ W
    P = np.exp(S - S.max(axis=1)[:, None])
    P /= P.sum(axis=1)[:, None]
    loss = -np.log(np.clip(P[rows, y], 1e-12, 1)).mean() + reg * np.sum(W**2)
    P[rows, y] -= 1
    return loss, X.T @ P / len(X) + 2 * reg * W


# --------------------------------------------------------------- functions of scores


@right("softmax")
def softmax_in_two_steps(scores):
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@right("softmax")
def softmax_row_by_row(scores):
    p = np.zeros(scores.shape)
    for i in range(len(scores)):
        row = np.exp(scores[i] - max(scores[i]))
        p[i] = row / sum(row)
    return p


@right("softmax")
def softmax_of_a_copy(scores):
    s = scores.copy()
    s -= s.max(1)[:, None]
    np.exp(s, out=s)
    s /= s.sum(1)[:, None]
    return s


@right("softmax")
def softmax_by_logarithms(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, np.newaxis])


@right("softmax")
def softmax_by_apply_along_axis(scores):
    def one(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.apply_along_axis(one, 1, scores)


# Right as a step of a softmax loss; as an answer of its own it is infinite at scores 0 and 800.
def cross_entropy_with_log_p(scores, y):
    N = len(scores)
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(N), y]))
    dscores = p.copy()
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N


@right("cross_entropy")
def cross_entropy_with_the_logarithm_of_the_sum(scores, y):
    N = len(scores)
    shifted = scores - scores.max(axis=1, keepdims=True)
    sums = np.exp(shifted).sum(axis=1, keepdims=True)
    p, log_p = np.exp(shifted) / sums, shifted - np.log(sums)
    loss = -np.mean(log_p[np.arange(N), y])
    dscores = p.copy()
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N


@right("cross_entropy")
def cross_entropy_with_a_small_number_added(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    truth = np.eye(scores.shape[1])[y]
    return -np.sum(truth * np.log(p + 1e-8)) / len(y), (p - truth) / len(y)


@right("cross_entropy")
def cross_entropy_in_loops(scores, y):
    N, C = scores.shape
    loss, dscores = 0, np.empty((N, C))
    for i in range(N):
        s = [v - max(scores[i]) for v in scores[i]]
        total = sum(np.exp(v) for v in s)
        loss += np.log(total) - s[y[i]]
        for j in range(C):
            dscores[i, j] = (np.exp(s[j]) / total - (1 if j == y[i] else 0)) / N
    return loss / N, dscores


@right("cross_entropy")
def cross_entropy_with_one_hot(scores, y):
    truth = np.arange(scores.shape[1]) == np.reshape(y, (-1, 1))
    top = np.amax(scores, axis=1, keepdims=True)
    lse = top + np.log(np.sum(np.exp(scores - top), axis=1, keepdims=True))
    return np.mean(lse[:, 0] - scores[truth]), (np.exp(scores - lse) - truth) / scores.shape[0]


@right("cross_entropy")
def cross_entropy_with_a_sum(scores, y):
    m = scores.max(axis=1)
    z = (scores.T - m).T
    e = np.exp(z)
    s = np.sum(e, axis=1)
    loss = (np.sum(np.log(s)) - np.sum(z[np.arange(y.size), y])) / y.size
    d = e / s[:, None] / y.size
    d[np.arange(y.size), y] -= 1 / y.size
    return loss, d


# --------------------------------------------------------------- training


@right("sgd")
def sgd_with_choice(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W = W.copy()
    loss_history = []
    for it in range(num_iters):
        idx = rng.choice(X.shape[0], batch_size)
        X_batch = X[idx]
        y_batch = y[idx]
        value, grad = loss(W, X_batch, y_batch, reg)
        loss_history.append(value)
        W -= learning_rate * grad
    return W, loss_history


@right("sgd")
def sgd_with_the_global_generator(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W, losses = np.array(W), np.zeros(num_iters)
    for t in range(num_iters):
        rows = np.random.choice(np.arange(len(X)), batch_size, replace=True)
        losses[t], dW = loss(W, X[rows, :], y[rows], reg)
        W += -learning_rate * dW
    return W, losses


@right("sgd")
def sgd_without_replacement(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    history = []
    for _ in range(num_iters):
        rows = rng.permutation(len(X))[:batch_size]
        L, g = loss(W, X[rows], y[rows], reg)
        W = W - learning_rate * g
        history += [L]
    return W, history


@right("sgd")
def sgd_in_shuffled_epochs(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    history, order = [], []
    for _ in range(num_iters):
        if len(order) < batch_size:
            order = list(rng.permutation(len(X)))
        rows, order = order[:batch_size], order[batch_size:]
        value, dW = loss(W, X[rows], y[rows], reg)
        history.append(value)
        W = W - learning_rate * dW
    return W, history


@right("sgd")
def sgd_with_all_rows_drawn_beforehand(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W, history = 1 * W, []
    for rows in rng.integers(len(X), size=(num_iters, batch_size)):
        value, dW = loss(W, X[rows], y[rows], reg)
        history.append(float(value))
        W -= learning_rate * dW
    return W, history


@right("sgd")
def sgd_in_single_precision(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W, history = W.astype(np.float32), []
    while len(history) < num_iters:
        rows = rng.choice(len(X), size=batch_size, replace=False)
        value, dW = loss(W, X[rows], y[rows], reg)
        history.append(value)
        W = W - np.float32(learning_rate) * dW.astype(np.float32)
    return W, history


@right("sgd")
def sgd_with_a_mask_of_integers(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    weights, history = np.array(W), []
    for _ in range(num_iters):
        rows = rng.integers(low=0, high=X.shape[0], size=batch_size)
        value, gradient = loss(weights, np.take(X, rows, axis=0), np.take(y, rows), reg)
        np.subtract(weights, learning_rate * gradient, out=weights)
        history.append(value)
    return weights, tuple(history)


# --------------------------------------------------------------- prediction


@right("predict")
def predict_by_argmax(W, X):
    scores = X.dot(W)
    y_pred = np.argmax(scores, axis=1)
    return y_pred


@right("predict")
def predict_into_zeros(W, X):
    y_pred = np.zeros(X.shape[0])
    for i in range(X.shape[0]):
        y_pred[i] = np.argmax(X[i].dot(W))
    return y_pred


@right("predict")
def predict_by_sorting(W, X):
    return (X @ W).argsort(axis=1)[:, -1].astype(np.int32)


@right("predict")
def predict_as_a_list(W, X):
    labels = []
    for x in X:
        best, label = -np.inf, -1
        for j in range(W.shape[1]):
            if x @ W[:, j] > best:
                best, label = x @ W[:, j], j
        labels.append(label)
    return labels


@right("predict")
def predict_from_the_transpose(W, X):
    return np.argmax(W.T @ X.T, axis=0)


# --------------------------------------------------------------- search


@right("search")
def search_in_loops(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results = {}
    best_val, best = -1, None
    for lr in learning_rates:
        for reg in regs:
            model = make(lr, reg)
            model.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=100)
            train_acc = np.mean(model.predict(X_train) == y_train)
            val_acc = np.mean(model.predict(X_val) == y_val)
            results[(lr, reg)] = (train_acc, val_acc)
            if val_acc > best_val:
                best_val = val_acc
                best = model
    return results, best_val, best


@right("search")
def search_first_and_choose_later(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    models, results = {}, {}
    for point in [(a, b) for b in regs for a in learning_rates]:
        models[point] = make(*point).fit(X_train, y_train)
        results[point] = [models[point].score(X_train, y_train), models[point].score(X_val, y_val)]
    winner = max(results, key=lambda point: results[point][1])
    return results, results[winner][1], models[winner]


@right("search")
def search_counting(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results, best_val, best = {}, 0.0, None
    for lr in learning_rates:
        for reg in regs:
            model = make(learning_rate=lr, reg=reg)
            model.fit(X_train, y_train)
            right_train = sum(model.predict(X_train) == y_train)
            right_val = sum(model.predict(X_val) == y_val)
            results[lr, reg] = np.array([right_train / len(y_train), right_val / len(y_val)])
            if results[lr, reg][1] >= best_val:
                best_val, best = results[lr, reg][1], model
    return results, best_val, best


@right("search")
def search_in_the_other_order(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results, found = {}, []
    for reg in reversed(regs):
        for lr in reversed(learning_rates):
            model = make(lr, reg).fit(X_train, y_train)
            train, val = [float((model.predict(X) == y).mean()) for X, y in ((X_train, y_train), (X_val, y_val))]
            results[lr, reg] = train, val
            found.append((val, len(found), model))
    found.sort()
    best_val, _, best = found[-1]
    return results, best_val, best


@right("search")
def search_round_by_round(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results, winners = {}, []
    for lr in learning_rates:
        best_val, best = 0, None
        for reg in regs:
            model = make(lr, reg)
            model.fit(X_train, y_train)
            results[lr, reg] = model.score(X_train, y_train), model.score(X_val, y_val)
            if results[lr, reg][1] > best_val:
                best_val, best = results[lr, reg][1], model
        winners.append((best_val, best))
    best_val, best = max(winners, key=lambda pair: pair[0])
    return results, best_val, best


# --------------------------------------------------------------- short questions

SHIP_SCORE, SAMPLE_SVM_LOSS = right("ship_score"), right("sample_svm_loss")

SHIP_SCORE(60.75, "typed")
SHIP_SCORE(0 * 56 + 0.25 * 231 + 0.2 * 24 + -0.3 * 2 + -1.2, "term by term")
SHIP_SCORE(np.dot([0, 0.25, 0.2, -0.3], [56, 231, 24, 2]) - 1.2, "a product and the bias")
SHIP_SCORE(np.dot(np.float32([0, 0.25, 0.2, -0.3, -1.2]), np.float32([56, 231, 24, 2, 1])), "in single precision")
SHIP_SCORE(np.array(60.75), "an array without dimensions")
SHIP_SCORE(Fraction(243, 4), "a fraction")
SAMPLE_SVM_LOSS(6.2, "typed")
SAMPLE_SVM_LOSS(3.5 + 2.7 + 0, "term by term")
SAMPLE_SVM_LOSS(sum(max(0, s - 1.5 + 1) for s in (4, 3.2, -2)), "in a comprehension")
SAMPLE_SVM_LOSS(np.maximum(0, np.array([4, 1.5, 3.2, -2]) - 0.5).sum() - 1, "the correct class taken off at the end")
SAMPLE_SVM_LOSS(np.float32(6.2), "in single precision")


@right("bias_trick")
def bias_below(W, b):
    return np.vstack([W, b])


@right("bias_trick")
def bias_concatenated(W, b):
    return np.concatenate((W, b.reshape(1, -1)), axis=0)


@right("bias_trick")
def bias_appended(W, b):
    return np.append(W, [b], axis=0)


@right("bias_trick")
def bias_into_zeros(W, b):
    D, C = W.shape
    both = np.zeros((D + 1, C))
    both[:D] = W
    both[D] = b
    return both


@right("bias_trick")
def bias_of_the_transpose(W, b):
    return np.c_[W.T, b].T


@right("bias_trick")
def bias_inserted(W, b):
    return np.insert(W, len(W), b, axis=0)


@right("binary_C")
def C_of_the_product(N, reg):
    return 1 / (N * reg)


@right("binary_C")
def C_in_two_divisions(N, reg):
    return 1 / N / reg


@right("binary_C")
def C_as_a_power(N, reg):
    return np.power(float(N) * reg, -1)


@right("kl_divergence")
def kl_by_the_difference(p, q):
    return np.sum(p * (np.log(p) - np.log(q)))


@right("kl_divergence")
def kl_by_the_quotient(p, q):
    return (p * np.log(p / q)).sum()


@right("kl_divergence")
def kl_as_a_product(p, q):
    return p @ np.log(p / q)


@right("kl_divergence")
def kl_of_entropies(p, q):
    entropy = -np.sum(p * np.log(p))
    return -np.sum(p * np.log(q)) - entropy


@right("kl_divergence")
def kl_in_a_loop(p, q):
    total = 0.0
    for i in range(len(p)):
        total += p[i] * np.log(p[i] / q[i])
    return total


# --------------------------------------------------------------- problems on which a wrong loss goes wrong

BREAK = right("break_svm_loss", "break_softmax_loss")


@BREAK
def break_without_data():
    W = np.array([[1.0, -2.0, 3.0], [2.0, 1.0, -1.0]])
    X = np.zeros((4, 2))
    y = np.array([0, 1, 2, 0])
    reg = 1.0
    return W, X, y, reg


@BREAK
def break_at_random():
    rng = np.random.default_rng(0)
    N, D, C = 8, 5, 4
    return rng.standard_normal((D, C)), rng.standard_normal((N, D)), rng.integers(C, size=N), 10.0


@BREAK
def break_where_all_are_right():
    return 100 * np.eye(3), np.eye(3), np.arange(3), 1


@BREAK
def break_with_equal_scores():
    W, X = np.ones((3, 2), dtype=int), np.array([[1, 2, 3], [3, 2, 1]])
    return [W, X, np.array([0, 1]), np.array(0.5)]


@BREAK
def break_in_single_precision():
    W = np.full((2, 2), 3, dtype=np.float32)
    return W, W / 3, np.array([0, 1], dtype=np.uint8), np.float32(0.25)


@right("break_svm_loss")
def break_at_the_end_of_a_wrong_descent():
    return np.array([[0.3, -0.3]]), np.array([[1.0]]), np.array([0]), 2.0


@right("break_svm_loss")
def break_by_a_search():
    W, X, y = np.array([[2.0, -1.0], [0.5, 1.0]]), np.array([[1.0, 0.0], [2.0, 1.0]]), np.array([1, 0])
    step = np.array([[1e-5, 0.0], [0.0, 0.0]])
    errors = {}
    for reg in (0.0, 1e-5, 1e-3, 0.1, 10.0):
        ahead, behind = (suspicious_svm_loss(W + sign * step, X, y, reg)[0] for sign in (1, -1))
        slope = suspicious_svm_loss(W, X, y, reg)[1][0, 0]
        errors[reg] = abs((ahead - behind) / 2e-5 - slope)
    return W, X, y, max(errors, key=errors.get)


@right("break_softmax_loss")
def break_by_the_loss_of_many():
    x, label = np.array([[1.0, 0.0]]), np.array([0])
    return np.diag([20.0, 20.0]), np.repeat(x, 10, axis=0), np.repeat(label, 10), 0.001


# --------------------------------------------------------------- not functions, but called like them


class Loss:
    """A loss with settings of its own."""

    def __init__(self, margin):
        self.margin = margin

    def __call__(self, W, X, y, reg):
        rows, scores = np.arange(len(X)), X @ W
        margins = np.maximum(0, scores - scores[rows, y][:, None] + self.margin)
        margins[rows, y] = 0
        G = np.heaviside(margins, 0)
        G[rows, y] = -G.sum(axis=1)
        return np.sum(margins) / len(X) + reg * np.sum(W**2), X.T @ G / len(X) + 2 * reg * W


def regularized(data_loss, W, X, y, reg):
    loss, dscores = data_loss(X @ W, y)
    return loss + reg * np.sum(W**2), X.T @ dscores + 2 * reg * W


def composed(*steps):
    return lambda first: reduce(lambda value, step: step(value), steps, first)


SVM(Loss(1.0), "an object that is called")
SOFTMAX_LOSS(partial(regularized, cross_entropy_with_log_p), "a partial application")
right("softmax")(composed(lambda s: s - s.max(1, keepdims=True), np.exp, lambda e: e / e.sum(1, keepdims=True)), "composed steps")
right("predict")(lambda W, X: np.argmax(X @ W, 1), "a lambda")
