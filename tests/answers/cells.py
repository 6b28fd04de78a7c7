"""Wrong answers that nobody wrote with the search for lines in mind: cells, with the lines to name.

A line that a teacher might point at ends in a mark; several are marked where several would do.
"""
from typing import NamedTuple

import numpy as np
from answers.wrong import compiled

MARK = "  # <-"


class Cell(NamedTuple):
    """A wrong answer to an exercise, in words and as a cell with marks."""

    exercise: str
    slip: str
    text: str

    @property
    def answer(self):
        """The function, without the marks."""
        return compiled(self.text.strip("\n").replace(MARK, "") + "\n", self.exercise, {"np": np})

    @property
    def lines(self):
        """The numbers of the marked lines."""
        lines = self.text.strip("\n").split("\n")
        return {number for number, line in enumerate(lines, start=1) if line.endswith(MARK)}


CELLS = [
    Cell("svm_loss_naive", "the pair's lines stand outside of the condition", """
def svm_loss_naive(W, X, y, reg):
    N, C = len(X), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
            dW[:, j] += X[i]  # <-
            dW[:, y[i]] -= X[i]  # <-
    loss = loss / N + reg * np.sum(W**2)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""),
    Cell("svm_loss_naive", "break for continue", """
def svm_loss_naive(W, X, y, reg):
    N, C = len(X), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            if j == y[i]:
                break  # <-
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / N + reg * np.sum(W**2)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""),
    Cell("svm_loss_naive", "both lines weighted by the margin", """
def svm_loss_naive(W, X, y, reg):
    N, C = len(X), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += margin * X[i]  # <-
                dW[:, y[i]] -= margin * X[i]  # <-
    loss = loss / N + reg * np.sum(W**2)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""),
    Cell("svm_loss_naive", "the wrong column in a helper", """
def add_pair(dW, x, right, wrong, margin):
    if margin < 0:
        return
    dW[:, right] -= x
    dW[:, right] += x  # <-

def svm_loss_naive(W, X, y, reg):
    N, C = len(X), W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(N):
        scores = X[i] @ W
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
            add_pair(dW, X[i], y[i], j, margin)
    loss = loss / N + reg * np.sum(W**2)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""),
    Cell("svm_loss_vectorized", "the highest score for the correct one", """
def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    S = X @ W
    best = S.max(axis=1, keepdims=True)  # <-
    M = np.maximum(0, S - best + 1)
    M[np.arange(n), y] = 0
    loss = M.sum() / n + reg * np.sum(W**2)
    G = np.where(M > 0, 1.0, 0.0)
    G[np.arange(n), y] = -G.sum(axis=1)
    dW = X.T @ G / n + 2 * reg * W
    return loss, dW
"""),
    Cell("svm_loss_vectorized", "the count is not negated", """
def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    correct = scores[range(N), y]
    margins = (scores.T - correct + 1).T
    margins[range(N), y] = 0
    margins[margins < 0] = 0
    data_loss = margins.sum() / N
    margins[margins > 0] = 1
    margins[range(N), y] = margins.sum(axis=1)  # <-
    dW = X.T @ margins
    dW /= N
    return data_loss + reg * np.sum(W ** 2), dW + 2 * reg * W
"""),
    Cell("svm_loss_vectorized", "N is the number of classes", """
def svm_loss_vectorized(W, X, y, reg):
    D, N = W.shape  # <-
    rows = np.arange(len(X))
    S = X @ W
    M = np.maximum(S - S[rows, y][:, None] + 1, 0)
    M[rows, y] = 0
    loss = M.sum() / N + reg * np.sum(W**2)
    G = (M > 0).astype(S.dtype)
    G[rows, y] = -G.sum(axis=1)
    dW = X.T @ G / N + 2 * reg * W
    return loss, dW
"""),
    Cell("svm_loss_vectorized", "a helper keeps the correct class", """
def hinge_matrix(s, y):
    n = len(y)
    c = s[np.arange(n), y]
    return np.maximum(0, s - c.reshape(n, 1) + 1)  # <-

def svm_loss_vectorized(W, X, y, reg):
    M = hinge_matrix(X @ W, y)  # <-
    n = len(y)
    loss = M.sum() / n + reg * (W ** 2).sum()
    G = np.sign(M)
    G[np.arange(n), y] = -G.sum(axis=1)  # <-
    return loss, X.T @ G / n + 2 * reg * W
"""),
    Cell("softmax", "the wrong base", """
def softmax(scores):
    scores = scores - scores.max(1, keepdims=True)
    powers = 2 ** scores  # <-
    return powers / powers.sum(1, keepdims=True)
"""),
    Cell("cross_entropy", "the logarithm of a probability that rounds to 0", """
def cross_entropy(scores, y):
    n = len(y)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean()  # <-
    d = p.copy()
    d[np.arange(n), y] -= 1
    return loss, d / n
"""),
    Cell("cross_entropy", "a helper sums over the samples", """
def probs(z):
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=0, keepdims=True)  # <-

def cross_entropy(scores, y):
    N = len(scores)
    s = scores - scores.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(s).sum(1)) - s[np.arange(N), y])
    P = probs(scores)
    P[np.arange(N), y] -= 1
    return loss, P / N
"""),
    Cell("cross_entropy", "the correct class's entry is set to 0", """
def _probs(z):
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)

def cross_entropy(scores, y):
    N = len(scores)
    s = scores - scores.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(s).sum(1)) - s[np.arange(N), y])
    P = _probs(scores)
    P[np.arange(N), y] = P[np.arange(N), y] - P[np.arange(N), y]  # <-
    return loss, P / N
"""),
    Cell("cross_entropy", "two names of one array", """
def cross_entropy(scores, y):
    N = scores.shape[0]
    s = scores - scores.max(axis=1, keepdims=True)
    lp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    g = lp  # <-
    g[np.arange(N), y] -= 1  # <-
    loss = -np.sum(lp[np.arange(N), y]) / N
    return loss, np.exp(g) / N  # <-
"""),
    Cell("cross_entropy", "the highest probability, and no label", """
def cross_entropy(scores, y):
    N = scores.shape[0]
    s = scores - scores.max(axis=1, keepdims=True)
    lp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -lp.max(axis=1).mean()  # <-
    return loss, np.exp(lp) / N  # <-
"""),
    Cell("softmax_loss_naive", "no else before the update of all classes", """
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        f = X[i] @ W
        f -= np.max(f)
        p = np.exp(f) / np.sum(np.exp(f))
        loss += -np.log(p[y[i]])
        for j in range(C):
            if j == y[i]:
                dW[:, j] += (p[j] - 1) * X[i]
            dW[:, j] += p[j] * X[i]  # <-
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""),
    Cell("softmax_loss_naive", "no logarithm", """
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    N = X.shape[0]
    for i in range(N):
        f = X[i] @ W
        f -= f.max()
        p = np.exp(f) / np.exp(f).sum()
        loss += 1 - p[y[i]]  # <-
        p[y[i]] -= 1
        dW += np.outer(X[i], p)
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""),
    Cell("softmax_loss_naive", "1 in the place of an image", """
def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        s = X[i].dot(W)
        s = s - s.max()
        e = np.exp(s)
        tot = e.sum()
        loss += np.log(tot) - s[y[i]]
        for k in range(C):
            dW[:, k] += e[k] / tot * X[i]
        dW[:, y[i]] -= 1  # <-
    return loss / N + reg * np.sum(W**2), dW / N + 2 * reg * W
"""),
    Cell("softmax_loss_naive", "assigned in a loop, and begun nowhere", """
def softmax_loss_naive(W, X, y, reg):
    loss = 0.
    for x, label in zip(X, y):
        z = x @ W
        z = np.exp(z - z.max())
        q = z / z.sum()
        loss -= np.log(q[label])
        q[label] -= 1
        dW = np.outer(x, q)  # <-
    loss /= len(y)
    dW /= len(y)
    loss += reg * np.sum(W ** 2)
    dW += 2 * reg * W
    return loss, dW
"""),
    Cell("softmax_loss_vectorized", "all classes counted", """
def softmax_loss_vectorized(W, X, y, reg):
    N = len(X)
    S = X @ W
    S = S - S.max(axis=1, keepdims=True)
    E = np.exp(S)
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.log(P).sum() / N + reg * np.sum(W**2)  # <-
    P[np.arange(N), y] -= 1
    return loss, X.T @ P / N + 2 * reg * W
"""),
    Cell("softmax_loss_vectorized", "not normalized", """
def softmax_loss_vectorized(W, X, y, reg):
    N, C = len(y), W.shape[1]
    logits = np.einsum('ij,jk->ik', X, W)
    logits -= logits.max(1)[:, None]
    logZ = np.log(np.einsum('ik->i', np.exp(logits)))
    onehot = (np.arange(C)[None, :] == y[:, None]).astype(float)
    loss = (logZ - np.einsum('ik,ik->i', logits, onehot)).mean() + reg * (W * W).sum()
    dW = np.einsum('ij,ik->jk', X, np.exp(logits) - onehot) / N + 2 * reg * W  # <-
    return loss, dW
"""),
    Cell("softmax_loss_vectorized", "1 subtracted after the division by N", """
def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = np.sum(-np.log(probs[np.arange(N), y])) / N + reg * np.sum(W * W)
    dscores = probs / N
    dscores[np.arange(N), y] -= 1  # <-
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return loss, dW
"""),
    Cell("softmax_loss_vectorized", "0 at the correct class", """
def softmax_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    f = X @ W
    f -= np.max(f, axis=1, keepdims=True)
    sum_f = np.sum(np.exp(f), axis=1, keepdims=True)
    p = np.exp(f) / sum_f
    loss = -np.sum(np.log(p[np.arange(num_train), y])) / num_train + reg * np.sum(W * W)
    p[np.arange(num_train), y] = 0  # <-
    dW = X.T @ p / num_train + 2 * reg * W
    return loss, dW
"""),
    Cell("softmax_loss_vectorized", "a helper turns the difference round", """
def stable(s):
    e = np.exp(s.max(axis=1, keepdims=True) - s)  # <-
    return e / e.sum(axis=1, keepdims=True)

def softmax_loss_vectorized(W, X, y, reg):
    P = stable(X @ W)
    rows = np.arange(len(y))
    loss = -np.log(P[rows, y]).mean() + reg * np.sum(W ** 2)
    P[rows, y] -= 1
    return loss, X.T @ P / len(y) + 2 * reg * W
"""),
    Cell("softmax_loss_vectorized", "no mean in the loss, the gradient's sign", """
def softmax_loss_vectorized(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    Z = X @ W
    Z = Z - Z.max(axis=1, keepdims=True)
    A = np.exp(Z)
    A = A / A.sum(axis=1, keepdims=True)
    Y = np.eye(C)[y]
    loss = -np.sum(Y * np.log(A + 1e-15)) + reg * np.sum(W * W)  # <-
    dW = X.T @ (Y - A) / N + 2 * reg * W  # <-
    return loss, dW
"""),
    Cell("softmax_loss_vectorized", "the slope of a sigmoid besides", """
def softmax_loss_vectorized(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    Z = X @ W
    Z = Z - Z.max(axis=1, keepdims=True)
    A = np.exp(Z)
    A = A / A.sum(axis=1, keepdims=True)
    Y = np.eye(C)[y]
    loss = -np.sum(Y * np.log(A + 1e-15)) / N + reg * np.sum(W * W)
    dW = X.T @ ((A - Y) * A * (1 - A)) / N + 2 * reg * W  # <-
    return loss, dW
"""),
    Cell("sgd", "labels of other rows", """
def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W = np.array(W)
    history = []
    for t in range(num_iters):
        Xb = X[rng.integers(0, len(X), batch_size)]  # <-
        yb = y[rng.integers(0, len(X), batch_size)]  # <-
        l, g = loss(W, Xb, yb, reg)
        history.append(l)
        W -= learning_rate * g
    return W, history
"""),
    Cell("sgd", "the loss of all rows kept", """
def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W = W.copy()
    losses = []
    for _ in range(num_iters):
        rows = rng.integers(len(X), size=batch_size)
        _, dW = loss(W, X[rows], y[rows], reg)
        losses.append(loss(W, X, y, reg)[0])  # <-
        W -= learning_rate * dW
    return W, losses
"""),
    Cell("search", "the best value never kept", """
def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results = {}
    best_val = -1
    best = None
    for lr in learning_rates:
        for reg in regs:
            model = make(lr, reg)
            model.fit(X_train, y_train)
            tr = np.mean(model.predict(X_train) == y_train)
            va = np.mean(model.predict(X_val) == y_val)
            results[(lr, reg)] = (tr, va)
            if va > best_val:
                best = model  # <-
    return results, best_val, best
"""),
    Cell("search", "chosen by training accuracy", """
def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results = {}
    best_val, best_train, best = -1, -1, None
    for lr in learning_rates:
        for reg in regs:
            model = make(lr, reg)
            model.fit(X_train, y_train)
            tr = np.mean(model.predict(X_train) == y_train)
            va = np.mean(model.predict(X_val) == y_val)
            results[(lr, reg)] = (tr, va)
            if tr > best_train:  # <-
                best_train = tr  # <-
                best_val = va
                best = model
    return results, best_val, best
"""),
    Cell("search", "only the pairs that stand side by side", """
def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results = {}
    best_val, best = -1, None
    for lr, reg in zip(learning_rates, regs):  # <-
        model = make(lr, reg)
        model.fit(X_train, y_train)
        tr = np.mean(model.predict(X_train) == y_train)
        va = np.mean(model.predict(X_val) == y_val)
        results[lr, reg] = tr, va
        if va > best_val:
            best_val, best = va, model
    return results, best_val, best
"""),
    Cell("search", "a helper counts", """
def acc(m, X, y):
    return np.sum(m.predict(X) == y)  # <-

def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results, models = {}, {}
    for lr in learning_rates:
        for reg in regs:
            m = make(lr, reg)
            m.fit(X_train, y_train)
            results[lr, reg] = (acc(m, X_train, y_train), acc(m, X_val, y_val))
            models[lr, reg] = m
    key = max(results, key=lambda k: results[k][1])
    return results, results[key][1], models[key]
"""),
    Cell("search", "the lowest for the highest", """
def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results = {}
    best_val, best = 1.0, None  # <-
    for lr in learning_rates:
        for reg in regs:
            m = make(lr, reg)
            m.fit(X_train, y_train)
            results[lr, reg] = (np.mean(m.predict(X_train) == y_train), np.mean(m.predict(X_val) == y_val))
            if results[lr, reg][1] < best_val:  # <-
                best_val = results[lr, reg][1]
                best = m
    return results, best_val, best
"""),
    Cell("search", "training accuracy twice", """
def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    results = {}
    best_val, best = -1, None
    for lr in learning_rates:
        for reg in regs:
            m = make(lr, reg)
            m.fit(X_train, y_train)
            tr = (m.predict(X_train) == y_train).mean()
            va = (m.predict(X_train) == y_train).mean()  # <-
            results[lr, reg] = (tr, va)
            if va > best_val:
                best_val = va
                best = m
    return results, best_val, best
"""),
]
