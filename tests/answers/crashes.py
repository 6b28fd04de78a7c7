"""Answers that stop with an exception, as students write them, and what the advice must say.

Each is a cell of a notebook: it may hold helpers, and sees the names of `NOTEBOOK`.
"""
import math
from typing import NamedTuple

import numpy as np
from answers.wrong import compiled

HEADS = {
    "bias_trick": "W, b",
    "binary_C": "N, reg",
    "kl_divergence": "p, q",
    "svm_loss_naive": "W, X, y, reg",
    "svm_loss_vectorized": "W, X, y, reg",
    "sgd": "loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng",
    "predict": "W, X",
    "search": "make, X_train, y_train, X_val, y_val, learning_rates, regs",
    "softmax": "scores",
    "cross_entropy": "scores, y",
    "softmax_loss_naive": "W, X, y, reg",
    "softmax_loss_vectorized": "W, X, y, reg",
    "break_svm_loss": "",
    "break_softmax_loss": "",
}
NOTEBOOK = {
    "np": np, "math": math,
    "X_dev": np.broadcast_to(0.5, (500, 3073)), "y_dev": np.arange(500) % 10,
    "W_random": np.broadcast_to(0.5, (3073, 10)),
}


class Crash(NamedTuple):
    """A cell that crashes in its exercise, the line that does, and the words of the advice.

    Where there are no words the advice must be silent.
    """

    exercise: str
    line: str
    says: tuple[str, ...]
    body: str
    above: str = ""

    @property
    def answer(self):
        """The function."""
        body = "\n".join(f"    {line}".rstrip() for line in self.body.strip("\n").split("\n"))
        head = f"def {self.exercise}({HEADS[self.exercise]}):"
        return compiled(f"{self.above.strip()}\n{head}\n{body}\n", self.exercise, dict(NOTEBOOK))


# ---- shapes

SHAPES = [
    Crash("svm_loss_naive", "dW[j] += X[i]", ("row", "column"), """
dW = np.zeros_like(W)
loss = 0.0
for i in range(len(X)):
    scores = X[i] @ W
    for j in range(W.shape[1]):
        margin = scores[j] - scores[y[i]] + 1
        if j != y[i] and margin > 0:
            loss += margin
            dW[j] += X[i]
            dW[y[i]] -= X[i]
return loss, dW"""),
    Crash("svm_loss_naive", "dW[:, j] += X[:, i]", ("`X[:, i]` is a column of `X`", "row"), """
dW = np.zeros_like(W)
for i in range(len(X)):
    for j in range(W.shape[1]):
        dW[:, j] += X[:, i]
return 0.0, dW"""),
    Crash("softmax_loss_naive", "dW[:, y[i]] -= X[i] * p", ("11", "4", "`p`", "which one"), """
dW = np.zeros_like(W)
for i in range(len(X)):
    s = X[i] @ W
    p = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
    dW[:, y[i]] -= X[i] * p
return 0.0, dW"""),
    Crash("softmax_loss_naive", "dW += X[i] * p", ("every", "column"), """
dW = np.zeros_like(W)
for i in range(len(X)):
    s = X[i] @ W
    p = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
    p[y[i]] -= 1
    dW += X[i] * p
return 0.0, dW / len(X)"""),
    Crash("softmax_loss_naive", "dW += X[i].T.dot(p)", ("`.T`", "one dimension"), """
dW = np.zeros_like(W)
for i in range(len(X)):
    s = X[i] @ W
    p = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
    dW += X[i].T.dot(p)
return 0.0, dW"""),
    Crash("svm_loss_vectorized", "margins = np.maximum(0, scores - correct + 1)",
          ("one number for each row", "column"), """
scores = X @ W
correct = scores[np.arange(len(X)), y]
margins = np.maximum(0, scores - correct + 1)
return margins.sum(), W"""),
    Crash("softmax", "p = e / e.sum(axis=1)", ("`e.sum(axis=1)`", "column", "keepdims"), """
e = np.exp(scores - scores.max(axis=1, keepdims=True))
p = e / e.sum(axis=1)
return p"""),
    Crash("softmax", "scores -= np.max(scores, axis=1).T", ("`.T`", "one dimension"), """
scores = scores.copy()
scores -= np.max(scores, axis=1).T
return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)"""),
    Crash("svm_loss_vectorized", "margins = scores - scores[:, y] + 1",
          ("`scores[:, y]`", "every row"), """
scores = X @ W
margins = scores - scores[:, y] + 1
return margins.sum(), W"""),
    Crash("svm_loss_vectorized", "margins = np.maximum(0, scores - y + 1)",
          ("labels", "no scores"), """
scores = X.dot(W)
margins = np.maximum(0, scores - y + 1)
return margins.sum(), W"""),
    Crash("svm_loss_vectorized", "binary[np.arange(N), y] -= np.sum(binary, axis=0)", ("axis",), """
N = X.shape[0]
scores = X.dot(W)
binary = (scores > 0).astype(float)
binary[np.arange(N), y] -= np.sum(binary, axis=0)
return 0.0, X.T @ binary"""),
    Crash("cross_entropy", "truth = y == np.arange(scores.shape[1])", ("every", "column"), """
truth = y == np.arange(scores.shape[1])
p = np.exp(scores)
return -np.log(p[truth]).mean(), p - truth"""),
    Crash("softmax_loss_vectorized", "p = np.zeros((X.shape[0], 10)) + scores",
          ("`np.zeros((X.shape[0], 10))`", "arguments"), """
scores = X @ W
p = np.zeros((X.shape[0], 10)) + scores
return 0.0, X.T @ p"""),
    Crash("svm_loss_vectorized", "dW += X.T @ mask", ("`np.zeros((3073, 10))`", "arguments"), """
dW = np.zeros((3073, 10))
scores = X @ W
mask = (scores > 0) * 1.0
dW += X.T @ mask
return 0.0, dW"""),
    Crash("svm_loss_vectorized", "scores = X_dev @ W", ("`X_dev`", "no argument"), """
scores = X_dev @ W
return scores.mean(), W"""),
    Crash("svm_loss_naive", "scores = X_dev[i].dot(W)", ("`X_dev`", "no argument"), """
for i in range(X_dev.shape[0]):
    scores = X_dev[i].dot(W)
return 0.0, W"""),
    Crash("softmax_loss_vectorized", "correct = p[np.arange(len(p)), y_dev]",
          ("`y_dev`", "no argument"), """
s = X @ W
p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
correct = p[np.arange(len(p)), y_dev]
return -np.log(correct).mean(), W"""),
    Crash("predict", "return np.argmax(W @ X, axis=1)", ("11", "first", "last"), """
return np.argmax(W @ X, axis=1)"""),
    Crash("predict", "return np.argmax(X.dot(W.T), axis=1)", ("`X`", "11", "`W.T`", "last"), """
return np.argmax(X.dot(W.T), axis=1)"""),
    Crash("svm_loss_vectorized", "dW = X @ mask", ("5",), """
mask = (X @ W > 0) * 1.0
dW = X @ mask
return 0.0, dW"""),
    Crash("svm_loss_naive", "scores = W.dot(X[i])", ("11",), """
for i in range(len(X)):
    scores = W.dot(X[i])
return 0.0, W"""),
    Crash("svm_loss_vectorized", "correct = scores[range(W.shape[1]), y]", ("pairs", "4", "5"), """
scores = X @ W
correct = scores[range(W.shape[1]), y]
return correct.sum(), W"""),
    Crash("svm_loss_vectorized", "dW = W[margins > 0]", ("`margins > 0`", "(11, 4)", "(5, 4)"), """
margins = X @ W
dW = W[margins > 0]
return 0.0, dW"""),
    Crash("bias_trick", "return np.hstack([W, b])", ("dimension",), """
return np.hstack([W, b])"""),
    Crash("bias_trick", "return np.vstack([W, b[:, None]])", ("columns",), """
return np.vstack([W, b[:, None]])"""),
    Crash("bias_trick", "return np.concatenate(W, b)", ("one argument",), """
return np.concatenate(W, b)"""),
    Crash("bias_trick", "return np.vstack(W, b)", ("one argument",), """
return np.vstack(W, b)"""),
    Crash("bias_trick", "W_new[-1] = b[:, None]", ("is a column",), """
W_new = np.zeros((W.shape[0] + 1, W.shape[1]))
W_new[:-1] = W
W_new[-1] = b[:, None]
return W_new"""),
    Crash("softmax_loss_vectorized", "p[i] = X[i]", (), """
p = np.zeros((len(X), W.shape[1]))
for i in range(len(X)):
    p[i] = X[i]
return 0.0, W"""),
    Crash("cross_entropy", "loss[i] = -np.log(p)", ("one number", "`loss[i]`"), """
loss = np.zeros(len(y))
for i in range(len(y)):
    p = np.exp(scores[i])
    loss[i] = -np.log(p)
return loss.mean(), scores"""),
    Crash("predict", "X = X.reshape(-1, 3073)", ("3073", "arguments"), """
X = X.reshape(-1, 3073)
return np.argmax(X @ W, axis=1)"""),
    Crash("svm_loss_vectorized", "scores - scores[np.arange(len(X)), y]", ("column",), """
scores = X @ W
margins = np.maximum(
    0,
    scores
    - scores[np.arange(len(X)), y]
    + 1)
return margins.sum(), W"""),
    Crash("cross_entropy", "dscores = p - onehot", (), """
p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
onehot = np.zeros((scores.shape[0] + 1, scores.shape[1]))
dscores = p - onehot
return 0.0, dscores"""),
]

# ---- indices

INDICES = [
    Crash("svm_loss_naive", "correct = scores[i, y[i]]", ("one dimension", "`scores`"), """
for i in range(len(X)):
    scores = X[i].dot(W)
    correct = scores[i, y[i]]
return 0.0, W"""),
    Crash("softmax_loss_naive", "p = np.exp(scores) / np.sum(np.exp(scores), axis=1)",
          ("one dimension", "axis 0"), """
for i in range(len(X)):
    scores = X[i].dot(W)
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1)
return 0.0, W"""),
    Crash("svm_loss_naive", "margin = scores[j] - scores[y[i]] + 1",
          ("numbered 0 to", "`range(10)`"), """
for i in range(X.shape[0]):
    scores = X[i].dot(W)
    for j in range(10):
        margin = scores[j] - scores[y[i]] + 1
return 0.0, W"""),
    Crash("svm_loss_naive", "margin = scores[j] - scores[y[i]] + 1",
          ("numbered 0 to", "`range(C + 1)`"), """
C = W.shape[1]
for i in range(X.shape[0]):
    scores = X[i].dot(W)
    for j in range(C + 1):
        margin = scores[j] - scores[y[i]] + 1
return 0.0, W"""),
    Crash("svm_loss_naive", "correct = scores[y[j]]", ("`y`", "`range(C)`"), """
C = W.shape[1]
for i in range(X.shape[0]):
    scores = X[i].dot(W)
    for j in range(C):
        correct = scores[y[j]]
return 0.0, W"""),
    Crash("softmax_loss_naive", "s = X[i] @ W", ("`range(500)`",), """
for i in range(500):
    s = X[i] @ W
return 0.0, W"""),
    Crash("softmax_loss_naive", "s = X[i] @ W", ("`range(len(y_dev))`",), """
for i in range(len(y_dev)):
    s = X[i] @ W
return 0.0, W"""),
    Crash("cross_entropy", "loss = -np.log(p[y]).mean()", ("labels",), """
p = np.exp(scores)
loss = -np.log(p[y]).mean()
return loss, scores"""),
    Crash("cross_entropy", "correct = p[np.arange(len(p)), labels]", ("float", "`labels`"), """
p = np.exp(scores)
labels = np.zeros(len(y))
labels += y
correct = p[np.arange(len(p)), labels]
return -np.log(correct).mean(), p"""),
    Crash("svm_loss_naive", "half = X[N / 2]", ("float", "`/`"), """
N = len(X)
half = X[N / 2]
return 0.0, W"""),
    Crash("sgd", "losses[t] = value", ("empty",), """
losses = []
for t in range(num_iters):
    value, dW = loss(W, X[:batch_size], y[:batch_size], reg)
    losses[t] = value
return W, losses"""),
    Crash("search", "results[lr, reg] = (0.5, 0.5)", ("`results` is a list", "dictionary"), """
results = []
for lr in learning_rates:
    for reg in regs:
        results[lr, reg] = (0.5, 0.5)
return results, 0.5, None"""),
    Crash("predict", "for j in range(scores.shape[1]):", ("one dimension",), """
for i in range(len(X)):
    scores = X[i] @ W
    for j in range(scores.shape[1]):
        pass
return None"""),
    Crash("search", "for j in range(regs[i + 1]):", (), """
for i in range(len(regs)):
    for j in range(regs[i + 1]):
        pass
return {}, 0, None"""),
    Crash("search", "acc = results[lr]", ("pairs",), """
results = {(lr, reg): (0.5, 0.5) for lr in learning_rates for reg in regs}
for lr in learning_rates:
    acc = results[lr]
return results, 0.5, None"""),
    Crash("search", "results[[lr, reg]] = (0.5, 0.5)", ("tuple",), """
results = {}
for lr in learning_rates:
    for reg in regs:
        results[[lr, reg]] = (0.5, 0.5)
return results, 0.5, None"""),
]

# ---- names

NAMES = [
    Crash("softmax", "return exps / exps.sum(axis=1, keepdims=True)", ("`exp_s`",), """
exp_s = np.exp(scores - scores.max(axis=1, keepdims=True))
return exps / exps.sum(axis=1, keepdims=True)"""),
    Crash("svm_loss_naive", "scores = X[i].dot(w)", ("`W`",), """
for i in range(len(X)):
    scores = X[i].dot(w)
return 0.0, W"""),
    Crash("svm_loss_vectorized", "margins = np.maximum(0, scroes + 1)", ("`scores`",), """
scores = X @ W
margins = np.maximum(0, scroes + 1)
return margins.sum(), W"""),
    Crash("svm_loss_naive", "margin = scores[0] - correct_score + 1", ("`correct_class_score`",), """
for i in range(len(X)):
    scores = X[i] @ W
    correct_class_score = scores[y[i]]
    margin = scores[0] - correct_score + 1
return 0.0, W"""),
    Crash("binary_C", "return 1 / (N * lam)", ("`N` and `reg`",), """
return 1 / (N * lam)"""),
    Crash("kl_divergence", "return sum(p * log(p / q))", ("`np.log`",), """
return sum(p * log(p / q))"""),
    Crash("kl_divergence", "total += random.random()", ("import",), """
total = 0
total += random.random()
return total"""),
    Crash("softmax_loss_naive", "for i in range(N):", ("`W`, `X`, `y` and `reg`",), """
for i in range(N):
    s = X[i] @ W
return 0.0, W"""),
    Crash("softmax_loss_vectorized", "return scores - 1.0",
          ("`scores`", "argument"), """
scores = X @ W
p = shifted()
return 0.0, X.T @ p""", """
def shifted():
    return scores - 1.0"""),
    Crash("svm_loss_naive", "loss += margin", ("start",), """
for i in range(len(X)):
    margin = 1.0
    loss += margin
return loss, W"""),
    Crash("softmax_loss_vectorized", "p = softmax(X @ W)", ("cell",), """
p = softmax(X @ W)
return 0.0, X.T @ p"""),
    Crash("softmax_loss_vectorized", "softmax = softmax(X @ W)", ("another name",), """
softmax = softmax(X @ W)
return 0.0, X.T @ softmax""", """
def softmax(s):
    return s"""),
    Crash("svm_loss_naive", "sum = sum(scores)", ("another name",), """
scores = X @ W
sum = sum(scores)
return 0.0, W"""),
    Crash("search", "return results, best_val, best", ("`if`",), """
results = {}
best_val = 2.0
for lr in learning_rates:
    if lr > 1000:
        best = make(lr, regs[0])
return results, best_val, best"""),
    Crash("svm_loss_vectorized", "mask = margins > 0", ("below",), """
scores = X @ W
mask = margins > 0
margins = np.maximum(0, scores)
return 0.0, X.T @ mask"""),
    Crash("predict", "return np.argmx(X @ W, axis=1)", ("`argmax`",), """
return np.argmx(X @ W, axis=1)"""),
    Crash("predict", "return np.dott(X, W).argmax(axis=1)", ("`dot`",), """
return np.dott(X, W).argmax(axis=1)"""),
    Crash("svm_loss_naive", "N = X.shpae[0]", ("`shape`",), """
N = X.shpae[0]
return 0.0, W"""),
    Crash("softmax", "e = scores.exp()", ("`np.exp`",), """
e = scores.exp()
return e / e.sum(axis=1, keepdims=True)"""),
    Crash("svm_loss_naive", "N = X.length", ("`len`",), """
N = X.length
return 0.0, W"""),
    Crash("sgd", "return W, losses.mean()", ("`losses` is a list",), """
losses = []
return W, losses.mean()"""),
    Crash("sgd", "rows = rng.randint(0, len(X), batch_size)", ("`integers`",), """
rows = rng.randint(0, len(X), batch_size)
return W, []"""),
    Crash("softmax", "e = np.exp(scores - scores.max(axis=1, keepdim=True))", ("`keepdims`",), """
e = np.exp(scores - scores.max(axis=1, keepdim=True))
return e"""),
    Crash("softmax", "e = np.sum(np.exp(scores), dim=1)", ("`axis`",), """
e = np.sum(np.exp(scores), dim=1)
return e"""),
    Crash("softmax", "from scipy.special import softmaxx as own", (), """
from scipy.special import softmaxx as own
return own(scores)"""),
]

# ---- calls and types

CALLS = [
    Crash("svm_loss_vectorized", "margins = np.max(0, scores + 1)", ("`np.maximum`", "axis"), """
scores = X @ W
margins = np.max(0, scores + 1)
return margins.sum(), W"""),
    Crash("svm_loss_vectorized", "margins = max(0, scores + 1)", ("`np.maximum`",), """
scores = X @ W
margins = max(0, scores + 1)
return margins.sum(), W"""),
    Crash("kl_divergence", "return np.sum(p * math.log(p / q))", ("`math.log`", "`np.log`"), """
return np.sum(p * math.log(p / q))"""),
    Crash("softmax_loss_vectorized", "dW = np.zeros(W.shape[0], W.shape[1])", ("tuple",), """
dW = np.zeros(W.shape[0], W.shape[1])
return 0.0, dW"""),
    Crash("bias_trick", "return np.ones(W.shape[0] + 1, 4)", ("tuple",), """
return np.ones(W.shape[0] + 1, 4)"""),
    Crash("svm_loss_naive", "if j == y:", ("`y`", "all"), """
for i in range(len(X)):
    for j in range(W.shape[1]):
        if j == y:
            continue
return 0.0, W"""),
    Crash("svm_loss_vectorized", "if margins > 0:", ("`if`", "True or False"), """
margins = X @ W
if margins > 0:
    pass
return 0.0, W"""),
    Crash("svm_loss_vectorized", "mask = margins > 0 and margins < 5", ("`and`", "`&`"), """
margins = X @ W
mask = margins > 0 and margins < 5
return 0.0, W"""),
    Crash("svm_loss_vectorized", "mask = margins > 0 & margins < 5", ("`&`", "brackets"), """
margins = X @ W
mask = margins > 0 & margins < 5
return 0.0, W"""),
    Crash("svm_loss_vectorized", "loss = reg * np.sum(W ^ 2)", ("`^`", "`**`"), """
loss = reg * np.sum(W ^ 2)
return loss, W"""),
    Crash("svm_loss_vectorized", "dscores = (scores > 0) - truth", ("True and False",), """
scores = X @ W
truth = np.arange(W.shape[1]) == y[:, None]
dscores = (scores > 0) - truth
return 0.0, X.T @ dscores"""),
    Crash("softmax_loss_vectorized", "loss = -np.log(p).mean()", ("`probabilities`", "None"), """
p = probabilities(X @ W)
loss = -np.log(p).mean()
return loss, W""", """
def probabilities(s):
    e = np.exp(s)
    e /= e.sum(axis=1, keepdims=True)"""),
    Crash("softmax_loss_vectorized", "loss, dscores = cross_entropy(X @ W, y)",
          ("`cross_entropy`", "return"), """
loss, dscores = cross_entropy(X @ W, y)
return loss, X.T @ dscores""", """
def cross_entropy(scores, y):
    dscores = scores"""),
    Crash("softmax_loss_vectorized", "e = np.exp(s - s.max())", ("None",), """
p = helper(X[0] @ W)
return 0.0, W""", """
def helper(s):
    s = s.sort()
    e = np.exp(s - s.max())
    return e"""),
    Crash("softmax", "return np.exp(scores) / total[0]", ("`print`",), """
total = print(np.exp(scores).sum(axis=1))
return np.exp(scores) / total[0]"""),
    Crash("svm_loss_naive", "dW[:, 0] += X[0]", ("first value",), """
dW = None
dW[:, 0] += X[0]
return 0.0, dW"""),
    Crash("svm_loss_naive", "correct = scores(y[0])", ("square brackets",), """
scores = X[0] @ W
correct = scores(y[0])
return 0.0, W"""),
    Crash("svm_loss_naive", "N = X.shape(0)", ("square brackets",), """
N = X.shape(0)
return 0.0, W"""),
    Crash("svm_loss_vectorized", "dW = X.T().dot(X @ W)", ("without brackets",), """
dW = X.T().dot(X @ W)
return 0.0, dW"""),
    Crash("svm_loss_naive", "loss = 0.5 + reg (W * W).sum()", ("`*`",), """
loss = 0.5 + reg (W * W).sum()
return loss, W"""),
    Crash("sgd", "loss, dW = loss(W, X[:batch_size], y[:batch_size], reg)",
          ("`loss`", "another name"), """
losses = []
for t in range(num_iters):
    loss, dW = loss(W, X[:batch_size], y[:batch_size], reg)
    losses.append(loss)
return W, losses"""),
    Crash("softmax", "shifted = scores - scores.max", ("`scores.max`", "function itself"), """
shifted = scores - scores.max
return np.exp(shifted)"""),
    Crash("softmax", "m = np.max[scores]", ("round brackets",), """
m = np.max[scores]
return m"""),
    Crash("svm_loss_naive", "for i in X.shape[0]:", ("`range`",), """
for i in X.shape[0]:
    pass
return 0.0, W"""),
    Crash("svm_loss_naive", "for i in range(X):", ("`X`", "array"), """
for i in range(X):
    pass
return 0.0, W"""),
    Crash("svm_loss_naive", "for i in range(X.shape):", ("sizes",), """
for i in range(X.shape):
    pass
return 0.0, W"""),
    Crash("sgd", "for t in range(len(X) / batch_size):", ("`/`", "`//`"), """
for t in range(len(X) / batch_size):
    pass
return W, []"""),
    Crash("search", "for lr in range(learning_rates):", ("`learning_rates` is a list",), """
for lr in range(learning_rates):
    pass
return {}, 0, None"""),
    Crash("cross_entropy", "N, C = y.shape", ("one dimension",), """
N, C = y.shape
return 0.0, scores"""),
    Crash("sgd", "step = losses / num_iters", ("`losses` is a list",), """
losses = [1.0]
step = losses / num_iters
return W, losses"""),
    Crash("sgd", "losses = losses + 1.5", ("`losses` is a list", "append"), """
losses = []
losses = losses + 1.5
return W, losses"""),
    Crash("cross_entropy", "dscores[np.arange(len(y)), y] -= p", ("int64", "`dscores`"), """
p = np.exp(scores[np.arange(len(y)), y])
dscores = np.zeros(scores.shape, dtype=int)
dscores[np.arange(len(y)), y] -= p
return 0.0, dscores"""),
    Crash("svm_loss_vectorized", "mask += W[0]", ("True and False", "`mask`"), """
mask = X @ W > 0
mask += W[0]
return 0.0, X.T @ mask"""),
    Crash("softmax_loss_naive", "dW /= len(X)", ("uint8", "`dW`"), """
dW = np.zeros(W.shape, dtype=np.uint8)
dW /= len(X)
return 0.0, dW"""),
    Crash("svm_loss_vectorized", "correct += 1.0", ("copy",), """
correct = np.broadcast_to(y[:, None] * 1.0, (len(y), 4))
correct += 1.0
return 0.0, W"""),
    Crash("svm_loss_naive", "loss[i] = 1.0", ("single number",), """
loss = 0.0
for i in range(len(X)):
    loss[i] = 1.0
return loss, W"""),
    Crash("svm_loss_naive", "margin = scores[0][1] + 1", ("single number",), """
scores = X[0] @ W
margin = scores[0][1] + 1
return 0.0, W"""),
    Crash("softmax", "return softmax(scores - scores.max())", ("calls itself",), """
return softmax(scores - scores.max())"""),
    Crash("softmax_loss_naive", "mean = loss / count", ("`count` is 0",), """
loss, count = 0.0, 0
mean = loss / count
return mean, W"""),
    Crash("softmax_loss_naive", "p = math.exp(1000 + s[0] * 0)", ("Shift",), """
s = X[0] @ W
p = math.exp(1000 + s[0] * 0)
return p, W"""),
    Crash("kl_divergence", "total += math.log(round(0.001 * pj))", ("0",), """
total = 0
for pj in p:
    total += math.log(round(0.001 * pj))
return total"""),
    Crash("predict", "scores = np.load('scores.npy')", ("file", "arguments"), """
scores = np.load('scores.npy')
return scores.argmax(axis=1)"""),
    Crash("svm_loss_vectorized", "open('/no/such/folder/log.txt', 'w').write('x')", ("file",), """
open('/no/such/folder/log.txt', 'w').write('x')
return 0.0, W"""),
    Crash("sgd", "rows = np.random.choice(X, batch_size)", ("row numbers",), """
rows = np.random.choice(X, batch_size)
return W, []"""),
    Crash("sgd", "rows = rng.choice(8, 100, replace=False)", ("replace",), """
rows = rng.choice(8, 100, replace=False)
return W, []"""),
    Crash("sgd", "print(f'{dW:.3f}')", ("single number",), """
dW = W
print(f'{dW:.3f}')
return W, []"""),
    Crash("predict", "scores = np.dot(W, X, axis=1)", (), """
scores = np.dot(W, X, axis=1)
return scores"""),
    Crash("softmax_loss_naive", "raise ValueError('X must be two-dimensional')", (), """
raise ValueError('X must be two-dimensional')"""),
    Crash("softmax_loss_naive", "assert X.shape == W.shape", (), """
assert X.shape == W.shape
return 0.0, W"""),
    Crash("svm_loss_vectorized", "y = helper(W)[:, None] - X", (), """
y = helper(W)[:, None] - X
return 0.0, W""", """
def helper(W):
    return W.sum(axis=1)"""),
]

MAKING = [
    Crash("break_svm_loss", "W, X = np.zeros(3, 2), np.ones((1, 3))", ("tuple",), """
W, X = np.zeros(3, 2), np.ones((1, 3))
return W, X, np.array([0]), 1.0"""),
    Crash("break_softmax_loss", "y = np.array([0, 1, 1])[3]", ("3",), """
y = np.array([0, 1, 1])[3]
return np.eye(3), np.eye(3), y, 1.0"""),
]

# ---- where the first thing that comes to mind would lead into the next mistake

TRAPS = [
    Crash("svm_loss_vectorized", "dW[:, y] -= X", ("transpose",), """
dW = np.zeros_like(W)
dW[:, y] -= X
return 0.0, dW"""),
    Crash("svm_loss_vectorized", "dW = X.T @ scores + 2 * reg * W.T", ("transpose",), """
scores = X @ W
dW = X.T @ scores + 2 * reg * W.T
return 0.0, dW"""),
    Crash("svm_loss_vectorized", "m = scores[i] - correct + 1", ("labels of all images",), """
scores = X @ W
for i in range(len(X)):
    correct = scores[i][y]
    m = scores[i] - correct + 1
return 0.0, W"""),
    Crash("svm_loss_naive", "dW[:, j] += X[i]", ("(4, 11)", "(11, 4)"), """
dW = np.zeros((W.shape[1], W.shape[0]))
for i in range(len(X)):
    for j in range(W.shape[1]):
        dW[:, j] += X[i]
return 0.0, dW"""),
    Crash("svm_loss_naive", "dW[:, j] += X[i]", ("is a list", "array"), """
dW = []
for i in range(len(X)):
    for j in range(W.shape[1]):
        dW[:, j] += X[i]
return 0.0, dW"""),
    Crash("svm_loss_naive", "dW += X[i]", ("which column",), """
dW = np.zeros_like(W)
for i in range(len(X)):
    dW += X[i]
return 0.0, dW"""),
    Crash("softmax_loss_vectorized", "d = p - np.eye(W.shape[0])[y]", (), """
p = np.exp(X @ W)
d = p - np.eye(W.shape[0])[y]
return 0.0, X.T @ d"""),
    Crash("softmax_loss_vectorized", "d = p - truth", ("`np.eye(10)`",), """
p = np.exp(X @ W)
truth = np.eye(10)[y]
d = p - truth
return 0.0, X.T @ d"""),
    Crash("svm_loss_vectorized", "mask[scores > 0] = 1", ("`np.zeros((len(X), 10))`",), """
scores = X @ W
mask = np.zeros((len(X), 10))
mask[scores > 0] = 1
return 0.0, X.T @ mask"""),
    Crash("softmax_loss_vectorized", "loss = -np.log(p[np.arange(len(X), y)]).mean()",
          ("`np.arange`", "`y` is an array"), """
p = np.exp(X @ W)
loss = -np.log(p[np.arange(len(X), y)]).mean()
return loss, W"""),
    Crash("softmax", "p[:, i] = e / e.sum()", ("column of `p`",), """
p = np.zeros(scores.shape)
for i in range(len(scores)):
    e = np.exp(scores[i] - scores[i].max())
    p[:, i] = e / e.sum()
return p"""),
    Crash("softmax", "scores = scores - np.max(scores, axis==1)", ("keyword",), """
scores = scores - np.max(scores, axis==1)
return scores"""),
    Crash("softmax", "return e / e.sum(axis=1)", (), """
e = np.exp(scores.T - scores.max(axis=1))
return e / e.sum(axis=1)"""),
    Crash("svm_loss_naive", "for i, x in X:", ("`enumerate`",), """
for i, x in X:
    pass
return 0.0, W"""),
    Crash("search", "for lr, reg in learning_rates, regs:", ("every pair",), """
for lr, reg in learning_rates, regs:
    pass
return {}, 0, None"""),
    Crash("search", "m = make(learning_rates, regs)", (), """
m = make(learning_rates, regs)
return {}, 0, m"""),
    Crash("search", "m = make(learning_rates[j], regs[j])", ("4 entries", "`range(len(regs))`"), """
for i in range(len(learning_rates)):
    for j in range(len(regs)):
        m = make(learning_rates[j], regs[j])
return {}, 0, m"""),
    Crash("sgd", "losses += value", ("append",), """
losses = []
for t in range(num_iters):
    value, dW = loss(W, X[:batch_size], y[:batch_size], reg)
    losses += value
return W, losses"""),
    Crash("sgd", "W -= learning_rate * dW", (), """
W = W.copy()
W -= learning_rate * dW
return W, []"""),
    Crash("softmax_loss_naive", "dW += p[j] * X[i]", ("whole array", "which column"), """
dW = np.zeros_like(W)
for i in range(len(X)):
    s = X[i] @ W
    p = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
    for j in range(W.shape[1]):
        dW += p[j] * X[i]
return 0.0, dW"""),
    Crash("svm_loss_naive", "dW[:, j] += X[i]", ("a value to start from",), """
N, loss = len(X), 0.0
for i in range(N):
    s = X[i] @ W
    for j in range(W.shape[1]):
        if j == y[i]:
            continue
        margin = s[j] - s[y[i]] + 1
        if margin > -100:
            loss += margin
            if i * W.shape[1] + j > 15:
                dW[:, j] += X[i]
dW /= N
return loss / N, dW"""),
    Crash("sgd", "losses.append(value)", ("length is fixed",), """
losses = np.zeros(num_iters)
for t in range(num_iters):
    value, dW = loss(W, X[:batch_size], y[:batch_size], reg)
    losses.append(value)
return W, losses"""),
    Crash("softmax", "return special.softmax(scores, axis=1)", ("imports `special`",), """
return special.softmax(scores, axis=1)"""),
]

CRASHES = [*SHAPES, *INDICES, *NAMES, *CALLS, *MAKING, *TRAPS]
