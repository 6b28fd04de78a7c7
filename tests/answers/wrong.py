"""Wrong answers: right ones with a line or two changed as students change them, and functions written from scratch.

Each stands beside the faults that its verdict must name.
"""
import linecache
from collections.abc import Callable, Iterator
from inspect import getsource
from textwrap import dedent
from typing import NamedTuple

from answers import right


class Wrong(NamedTuple):
    """A wrong answer to an exercise, and the ids of what is wrong with it."""

    exercise: str
    name: str
    function: Callable
    faults: set[str]


def spoilt(base: Callable, *edits: tuple[str, str]) -> Callable:
    """The function with these parts of its source replaced; it has lines of its own, as in a notebook cell."""
    source = dedent(getsource(base)).split("\n", 1)[1]
    for old, new in edits:
        assert old in source, f"{old!r} is not in {base.__name__}"
        source = source.replace(old, new)
    return compiled(source, base.__name__, vars(right).copy())


def compiled(source: str, name: str, namespace: dict) -> Callable:
    """The function of that name in the source, with its lines where a traceback finds them."""
    file = f"<cell {len(linecache.cache)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), namespace)
    return namespace[name]


# What is wrong, by what it was before: (old, new, faults), or ([(old, new), ...], faults).
SVM_LOOPS = [
    ("dW[:, y[i]] -= X[i]", "pass", {"gradient: correct class's part missing"}),
    ("dW[:, j] += X[i]", "pass", {"gradient: other classes' part missing"}),
    ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] += X[i]", {"gradient: correct class's sign"}),
    ("dW[:, j] += X[i]", "dW[:, j] -= X[i]", {"gradient: other classes' sign"}),
    ("dW[:, j] += X[i]", "dW[:, j] = X[i]", {"gradient: wrong classes' columns assigned"}),
    ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] = -X[i]", {"gradient: correct class's column assigned"}),
    ([("dW[:, j] += X[i]", "dW[:, j] = X[i]"), ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] = -X[i]")],
     {"gradient: all columns assigned"}),
    ("    dW /= num_train\n", "", {"gradient: not divided by N"}),
    ("    loss /= num_train\n", "", {"loss: not divided by N"}),
    ([("    dW /= num_train\n", ""), ("    loss /= num_train\n", "")],
     {"loss: not divided by N", "gradient: not divided by N"}),
    ("dW += 2 * reg * W", "dW += reg * W", {"gradient: regularization halved"}),
    ("    dW += 2 * reg * W\n", "", {"gradient: regularization missing"}),
    ("    loss += reg * np.sum(W * W)\n", "", {"loss: regularization missing"}),
    ([("loss += reg * np.sum", "loss += 0.5 * reg * np.sum"), ("dW += 2 * reg * W", "dW += reg * W")],
     {"old convention"}),
    ("loss += reg * np.sum", "loss += 0.5 * reg * np.sum", {"loss: regularization halved"}),
    ([("    loss += reg * np.sum(W * W)\n", ""), ("loss /= num_train", "loss /= num_train + reg * np.sum(W * W)")],
     {"loss: mean and penalty mixed"}),
    ([("    dW += 2 * reg * W\n", ""), ("dW /= num_train", "dW /= num_train + 2 * reg * W")],
     {"gradient: mean and penalty mixed"}),
    ("dW += 2 * reg * W", "dW += 2 * reg * np.sum(W)", {"gradient: regularization formed wrongly"}),
    ("dW += 2 * reg * W", "dW = 2 * reg * W", {"gradient: data part missing"}),
    ("dW += 2 * reg * W", "dW -= 2 * reg * W", {"gradient: regularization subtracted"}),
    ("np.sum(W * W)", "np.sum(W)", {"loss: regularization formed wrongly"}),
    ("np.sum(W * W)", "np.sqrt(np.sum(W * W))", {"loss: regularization formed wrongly"}),
    ("np.sum(W * W)", "np.mean(W * W)", {"loss: regularization averaged"}),
    ("np.sum(W * W)", "np.sum(np.abs(W))", {"loss: regularization formed wrongly"}),
    ([("    loss /= num_train\n", ""), ("np.sum(W * W)\n", "np.sum(W * W)\n    loss /= num_train\n")],
     {"loss: regularization divided by N"}),
    ([("    dW /= num_train\n", ""), ("dW += 2 * reg * W\n", "dW += 2 * reg * W\n    dW /= num_train\n")],
     {"gradient: regularization divided by N"}),
    ("        if j == y[i]:\n", "        if False:\n", {"loss: correct class counted"}),
    ([("            if j == y[i]:\n                continue\n", ""), ("+ 1\n", "+ 2\n")],
     {"loss: correct class counted", "loss: margin too large", "gradient: margin too large"}),
    ("correct_class_score + 1", "correct_class_score", {"loss: margin left out", "gradient: margin left out"}),
    ("correct_class_score + 1", "correct_class_score - 1", {"loss: margin subtracted", "gradient: margin subtracted"}),
    ("if margin > 0:", "if True:", {"loss: not clipped", "gradient: inactive margins counted"}),
    ("if margin > 0:", "if margin < 0:",
     {"loss: satisfied margins for violated", "gradient: satisfied margins for violated"}),
    ("loss += margin", "loss = margin", {"loss: overwritten by each margin"}),
    ("loss += margin", "loss += 1", {"loss: violations counted, not added up"}),
    ("loss += margin", "loss += margin ** 2", {"loss: margins squared"}),
    ("range(num_classes)", "range(num_classes - 1)", {"loss: last class left out", "gradient: last class left out"}),
    ("range(num_classes)", "range(1, num_classes)", {"loss: first class left out", "gradient: first class left out"}),
    ("range(num_train)", "range(num_train - 1)", {"loss: last sample left out", "gradient: last sample left out"}),
    ("range(num_train)", "range(1, num_train)", {"loss: first sample left out", "gradient: first sample left out"}),
    ("scores[j] - correct_class_score", "correct_class_score - scores[j]",
     {"loss: difference reversed", "gradient: difference reversed"}),
    ("scores[y[i]]", "np.max(scores)",
     {"loss: highest score for the correct one", "gradient: highest score for the correct one"}),
    ("dW[:, j] += X[i]", "dW[:, j] += X[i] * margin", {"gradient: other classes weighted by the margin"}),
    ("    loss /= num_train\n", "        loss /= num_train\n", {"loss: divided inside the loop"}),
    ("return loss, dW", "return 0.0, dW", {"loss: zero"}),
    ("    loss /= num_train\n    dW /= num_train\n", "        dW /= num_train\n    loss /= num_train\n",
     {"gradient: divided inside the loop"}),

        ("            if margin > 0:\n", "            dW[:, j] += X[i]\n            if margin > 0:\n                dW[:, j] -= X[i]\n",
     {"gradient: other classes added always"}),
    ("return loss, dW", "return loss", {"returns"}),
    ("return loss, dW", "return dW, loss", {"returns"}),
    ("    loss /= num_train\n", "        return loss, dW\n    loss /= num_train\n", {"returned in the loop"}),
    ("    return loss, dW", "    loss, dW", {"returns None"}),
    ("scores[y[i]]", "scores[y[j]]", {"crash"}),
    ("X[i].dot(W)", "W.dot(X[i])", {"crash"}),
    ("X[i].dot(W)", "X.dot(W[i])", {"crash"}),
    ("correct_class_score + 1", "correct_score + 1", {"crash"}),
    ("    loss = 0.0\n", "", {"crash"}),
    ("dW = np.zeros(W.shape)", "dW = None", {"crash"}),
    ("dW = np.zeros(W.shape)", "dW = np.zeros(W.shape, dtype=int)", {"crash"}),
    ("dW = np.zeros(W.shape)", "dW = np.zeros(W.T.shape)", {"crash"}),
    ("X[i].dot(W)", "X[i].dot(w)", {"crash"}),
    ("dW = np.zeros(W.shape)", "dW = W", {"input changed"}),
]
SVM_MASKS = [
    ("    margins[np.arange(num_train), y] = 0\n", "",
     {"loss: correct class counted", "gradient: correct class subtracted from itself"}),
    ("= -row_sum", "= row_sum", {"gradient: correct class's sign"}),
    ("= -row_sum", "= -1", {"gradient: correct class subtracted always once"}),
    ("    binary[np.arange(num_train), y] = -row_sum\n", "", {"gradient: correct class's part missing"}),
    ("    binary[margins > 0] = 1\n", "", {"gradient: weighted by the margin"}),
    ("np.dot(X.T, binary) / num_train", "np.dot(X.T, binary)", {"gradient: not divided by N"}),
    ("np.sum(margins) / num_train", "np.mean(margins)", {"loss: divided by C"}),
    ("np.sum(margins) / num_train", "np.sum(np.max(margins, axis=1)) / num_train", {"loss: only the worst class"}),
    ("np.maximum(0, scores - correct + 1)", "scores - correct + 1",
     {"loss: not clipped", "gradient: satisfied margins left in"}),
    ("np.dot(X.T, binary) / num_train + 2 * reg * W", "np.dot(X.T, binary) / (num_train + 2 * reg * W)",
     {"gradient: mean and penalty mixed"}),
    ("+ reg * np.sum(W * W)", "+ np.sum(W * W)", {"loss: reg forgotten"}),
    ("2 * reg * W", "2 * W", {"gradient: reg forgotten"}),
    (".reshape(-1, 1)", "", {"crash"}),
    (".reshape(-1, 1)", ".reshape(1, -1)", {"crash"}),
    ("scores[np.arange(num_train), y]", "scores[:, y]", {"crash"}),
    ("np.sum(binary, axis=1)", "np.sum(binary, axis=0)", {"crash"}),
    ("X.T, binary", "binary.T, X", {"crash"}),
    ("np.sum(margins) / num_train + reg * np.sum(W * W)", "np.sum(margins, axis=1) / num_train + reg * np.sum(W * W)",
     {"loss type"}),
    ("scores = X.dot(W)", "X -= X.mean()\n    scores = X.dot(W)", {"input changed"}),
    ("2 * reg * W", "2 * reg ** 2 * W", {"gradient: reg squared"}),
    ("return loss, dW", "return loss, dW.T", {"shape"}),
    ("return loss, dW", "return loss, dW.tolist()", {"type"}),
    ("return loss, dW", "return loss, np.ma.masked_invalid(dW)", {"type"}),
    ("return loss, dW", "return loss, np.matrix(dW)", {"type"}),
    ("return loss, dW", "return np.reshape(loss, (1, 1)), dW", {"loss type"}),
    ("return loss, dW", "return np.nan, dW", {"loss: not finite"}),
    ("return loss, dW", "return complex(loss), dW", {"loss type"}),
    ("return loss, dW", "return loss, dW.astype(np.float16)", {"type"}),
    ("return loss, dW", "return loss, 0 * dW", {"gradient: zero"}),
    ("return loss, dW", "return loss, -dW", {"gradient: sign flipped", "gradient: regularization subtracted"}),
    ("return loss, dW", "svm_with_masks.n = getattr(svm_with_masks, 'n', 0) + 1\n    return loss + svm_with_masks.n * 1e-6, dW", {"not repeatable"}),
]
SVM_ADD_AT = [
    ("np.subtract.at(dWT, y, active.sum(axis=1)[:, None] * X)", "dWT[y] -= active.sum(axis=1)[:, None] * X",
     {"gradient: duplicate labels lost"}),
    ("active.sum(axis=1)[:, None] * X", "X", {"gradient: correct class subtracted always once"}),
    ("active.sum(axis=1)[:, None] * X", "(active.sum(axis=1) > 0)[:, None] * X",
     {"gradient: correct class subtracted once"}),
    ("active.sum(axis=1)[:, None] * X", "(W.shape[1] - 1) * X", {"gradient: correct class subtracted for every class"}),
]
SVM_ONE_LOOP = [
    ("dW[:, label] -= wrong.sum() * x", "dW[:, label] -= x", {"gradient: correct class subtracted always once"}),
    ("dW[:, wrong] += x[:, None]", "dW[:, wrong] = x[:, None]", {"gradient: wrong classes' columns assigned"}),
    ("dW[:, label] -= wrong.sum() * x", "dW[:, label] -= wrong.sum() * x / len(y)", {"gradient: parts out of scale"}),
    ("dW / N", "dW / N ** 2", {"gradient: divided by N twice"}),
    ("reg * np.sum(W**2)", "reg * np.sum(W**2) * N", {"loss: regularization times N"}),
    ("reg * np.sum(W**2)", "2 * reg * np.sum(W**2)", {"loss: regularization doubled"}),
    ("reg * np.sum(W**2)", "reg * np.sum(W[:-1]**2)", {"loss: regularization formed wrongly"}),
    ("reg * np.sum(W**2)", "reg ** 2 * np.sum(W**2)", {"loss: reg squared"}),
    ("margins[wrong].sum()", "margins[wrong].mean() if wrong.any() else 0", {"loss: data"}),
]
SOFTMAX_LOOPS = [
    ("        scores -= np.max(scores)\n", "", {"no shift"}),
    ("    dW[:, y[i]] -= X[i]", "    pass", {"gradient: indicator missing"}),
    ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] += X[i]", {"gradient: indicator added"}),
    ("dW[:, j] += p[j] * X[i]", "pass", {"gradient: probabilities missing"}),
    ("dW[:, j] += p[j] * X[i]", "dW[:, j] -= p[j] * X[i]", {"gradient: probabilities subtracted"}),
    ("dW[:, j] += p[j] * X[i]", "dW[:, j] = p[j] * X[i]", {"gradient: only the last sample"}),
    ("loss += -np.log(p[y[i]])", "loss += np.log(p[y[i]])", {"loss: sign flipped"}),
    ("loss += -np.log(p[y[i]])", "loss = -np.log(p[y[i]])", {"loss: only the last sample"}),
    ("loss += -np.log(p[y[i]])", "loss += -p[y[i]]", {"loss: logarithm left out"}),
    ("loss += -np.log(p[y[i]])", "loss += -np.sum(np.log(p))", {"loss: all classes counted"}),
    ("loss += -np.log(p[y[i]])", "loss += -np.log(1 - p[y[i]])", {"loss: probability of being wrong"}),
    ("loss += -np.log(p[y[i]])", "loss += -np.log2(p[y[i]])", {"loss: logarithm to another base"}),
    ("loss += -np.log(p[y[i]])", "loss += -np.log(np.max(p))", {"loss: highest probability for the correct one"}),
    ("    dW /= num_train\n", "", {"gradient: not divided by N"}),
    ("dW += 2 * reg * W", "dW += reg * W", {"gradient: regularization halved"}),
    ("    dW += 2 * reg * W\n", "", {"gradient: regularization missing"}),
    ("    loss += reg * np.sum(W * W)\n", "", {"loss: regularization missing"}),
    ([("loss += reg * np.sum", "loss += 0.5 * reg * np.sum"), ("dW += 2 * reg * W", "dW += reg * W")],
     {"old convention"}),
    ("exps / np.sum(exps)", "exps", {"loss: not normalized", "gradient: not normalized"}),
    ("exps = np.exp(scores)", "exps = scores", {"loss: not finite", "gradient: data"}),
    ("exps / np.sum(exps)", "exps / np.cumsum(exps)", {"loss: running denominator", "gradient: running denominator"}),
    ("scores -= np.max(scores)", "scores = -scores + np.min(scores)",
     {"loss: scores negated", "gradient: scores negated"}),
    ("range(num_train)", "range(num_train - 1)", {"loss: last sample left out", "gradient: last sample left out"}),
    ("scores = X[i].dot(W)", "scores = X[i].dot(W[:, y])", {"crash"}),
    ("p[y[i]]", "p[y[j]]", {"crash"}),
    ("dW = np.zeros_like(W)", "dW = np.zeros_like(X)", {"crash"}),
    ("loss /= num_train", "loss /= 0", {"loss: not finite"}),
]
SOFTMAX_IF = [
    ("            total += np.exp(f[j])\n        loss", "            total += np.exp(f[j])\n            loss",
     {"loss: data"}),
    ("- 1) * X[i]", ") * X[i]", {"gradient: indicator missing"}),
    ("dW[:, j] += (np.exp(f[j]) / total - 1) * X[i]", "dW[:, j] -= X[i]",
     {"gradient: probability of the correct class missing"}),
    ("            else:\n                dW[:, j] += np.exp(f[j]) / total * X[i]\n", "",
     {"gradient: only the correct class"}),
    ("dW[:, j] += (np.exp(f[j]) / total - 1) * X[i]", "pass", {"gradient: correct class's part missing"}),
    ("np.log(total) - f[y[i]]", "np.log(total)", {"loss: highest probability for the correct one"}),
    ("np.log(total) - f[y[i]]", "-f[y[i]]", {"loss: not normalized"}),
    ("np.log(total) - f[y[i]]", "np.log(total) - (X[i] @ W)[y[i]]", {"loss: shift in one place only"}),
    ("np.exp(f[j]) / total", "np.exp(f[j])", {"gradient: not normalized"}),
]
SOFTMAX_LOG_P = [
    ("    scores -= np.max(scores, axis=1, keepdims=True)\n", "", {"no shift"}),
    ([("    scores -= np.max(scores, axis=1, keepdims=True)\n", ""), ("loss += reg", "loss += 0.5 * reg"),
      ("dW += 2 * reg * W", "dW += reg * W")], {"old convention", "no shift"}),
    ("np.max(scores, axis=1, keepdims=True)", "np.max(scores)", {"one maximum for all"}),
    ("np.max(scores, axis=1, keepdims=True)", "np.max(scores, axis=0, keepdims=True)",
     {"loss: shift by each class's maximum", "gradient: shift by each class's maximum"}),
    ("np.max(scores, axis=1, keepdims=True)", "np.mean(scores)", {"overflow"}),
    ("np.sum(exp_scores, axis=1, keepdims=True)", "np.sum(exp_scores, axis=0)",
     {"loss: normalized over the samples", "gradient: normalized over the samples"}),
    ("np.sum(exp_scores, axis=1, keepdims=True)", "np.sum(exp_scores)",
     {"loss: normalized over the whole batch", "gradient: normalized over the whole batch"}),
    ("np.sum(exp_scores, axis=1, keepdims=True)", "np.sum(exp_scores, axis=1)", {"crash"}),
    ("    dscores /= num_train\n", "", {"gradient: not divided by N"}),

        ("np.sum(-np.log(probs[range(num_train), y])) / num_train", "-np.log(np.sum(probs[range(num_train), y]) / num_train)",
     {"loss: logarithm after the mean"}),
    ("    dscores[range(num_train), y] -= 1\n", "", {"gradient: indicator missing"}),
    ("dscores[range(num_train), y] -= 1", "dscores[:, y] -= 1", {"gradient: labels of all samples in every row"}),
    ("probs[range(num_train), y]", "probs[:, y]", {"loss: labels of all samples in every row"}),
    ("loss += reg * np.sum(W * W)", "loss = reg * np.sum(W * W)", {"loss: data part missing"}),
    ("dW = X.T.dot(dscores)", "dW = dscores.T.dot(X)", {"crash"}),
    ("dW += 2 * reg * W", "dW += 2 * W", {"gradient: reg forgotten"}),
    ("dW += 2 * reg * W", "dW *= 2 * reg * W",
     {"gradient: data part missing", "gradient: regularization formed wrongly"}),
    ("loss += reg * np.sum(W * W)", "loss *= reg * np.sum(W * W)",
     {"loss: data part missing", "loss: regularization formed wrongly"}),
    ("loss += reg * np.sum(W * W)", "loss -= reg * np.sum(W * W)", {"loss: regularization subtracted"}),
]
SOFTMAX_EXPONENT = [
    ("np.amax(f, axis=1)", "np.amax(f)", {"one maximum for all"}),
    ("-np.amax", "np.amax", {"no shift"}),
    ("p - truth", "truth - p", {"gradient: sign flipped"}),
    ("np.log(correct)", "np.log10(correct)", {"loss: logarithm to another base"}),
]
PROBABILITIES = [
    ("np.max(scores, axis=1, keepdims=True)", "np.max(scores)", {"one maximum for all"}),
    ("np.exp(scores - np.max(scores, axis=1, keepdims=True))", "np.exp(scores)", {"no shift"}),
    ("e.sum(axis=1, keepdims=True)", "e.sum(axis=0, keepdims=True)", {"probabilities: normalized over the wrong axis"}),
    ("e.sum(axis=1, keepdims=True)", "e.sum()", {"probabilities: normalized over the whole batch"}),
    ("e.sum(axis=1, keepdims=True)", "e.sum(axis=1)", {"crash"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return e", {"probabilities: not normalized"}),
    ("np.exp(scores - np.max(scores, axis=1, keepdims=True))", "scores", {"probabilities: exponential left out"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return np.log(e / e.sum(axis=1, keepdims=True))",
     {"probabilities: logarithms"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return e / np.cumsum(e, axis=1)",
     {"probabilities: running denominator"}),
    ("np.exp(scores - np.max(scores, axis=1, keepdims=True))", "np.exp(np.min(scores, axis=1, keepdims=True) - scores)",
     {"probabilities: scores negated"}),
    ("e / e.sum(axis=1, keepdims=True)", "e / e.sum(axis=1, keepdims=True) / len(e)", {"probabilities: scaled"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return 1 / (1 + np.exp(-scores))", {"probabilities: sigmoid"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return np.ones(e.shape) / e.shape[1]", {"probabilities: uniform"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return (e == 1) * 1.0", {"probabilities: one-hot"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return (e / e.sum(axis=1, keepdims=True)).T", {"shape"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return (e / e.sum(axis=1, keepdims=True)).round().astype(int)",
     {"type"}),
    ("np.exp(scores - ", "np.power(2, scores - ", {"probabilities: shares"}),
    ("return e / e.sum(axis=1, keepdims=True)", "return e ** 2 / e.sum(axis=1, keepdims=True)", {"probabilities: sum"}),
    ("return e /", "print(end='')\n    e /", {"returns None"}),
    ("    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))\n",
     "    scores -= np.max(scores, axis=1, keepdims=True)\n    e = np.exp(scores)\n", {"input changed"}),
]
CROSS_ENTROPY = [
    ("return loss, dscores / N", "return loss, dscores", {"gradient: not divided by N"}),
    ("-np.mean(np.log", "-np.sum(np.log", {"loss: not divided by N"}),
    ("-np.mean(np.log", "np.mean(np.log", {"loss: sign flipped"}),
    ("    dscores[np.arange(N), y] -= 1\n", "", {"gradient: indicator missing"}),
    ("dscores[np.arange(N), y] -= 1", "dscores[np.arange(N), y] += 1", {"gradient: indicator added"}),
    ("dscores = p.copy()", "dscores = np.zeros_like(p)", {"gradient: probabilities missing"}),
    ("shifted = scores - scores.max(axis=1, keepdims=True)", "shifted = scores", {"no shift"}),
    ("scores.max(axis=1, keepdims=True)", "scores.max()", {"one maximum for all"}),
    ("-np.mean(np.log(p[np.arange(N), y]))", "-np.log(p[np.arange(N), y])", {"loss type"}),
    ("return loss, dscores / N", "return loss, 0 * dscores", {"gradient: zero"}),
    ("return loss, dscores / N", "return loss, p / N", {"gradient: indicator missing"}),
    ("np.log(p", "np.log2(p", {"loss: logarithm to another base"}),
    ("dscores = p.copy()", "dscores = scores", {"input changed"}),
    ("return loss, dscores / N", "return loss, dscores / dscores.size", {"gradient: divided by C"}),
    ("np.arange(N), y] -= 1", "y] -= 1", {"crash"}),
]
SGD = [
    ("y_batch = y[idx]", "y_batch = y[rng.choice(X.shape[0], batch_size)]", {"sgd: labels apart"}),
    ("W -= learning_rate", "W += learning_rate", {"sgd: ascent"}),
    ("        W -= learning_rate * grad\n", "", {"sgd: no step"}),
    ("W -= learning_rate * grad", "W - learning_rate * grad", {"sgd: no step"}),
    ("W -= learning_rate * grad", "W -= grad", {"sgd: learning rate left out"}),
    ("W -= learning_rate * grad", "W -= learning_rate * grad / batch_size", {"sgd: learning rate wrong"}),
    ("W -= learning_rate * grad", "W -= learning_rate * (grad + 2 * reg * W)", {"sgd: regularization twice"}),
    ("W -= learning_rate * grad", "W -= learning_rate * np.sign(grad)", {"sgd: signs only"}),

        ("        idx = rng.choice(X.shape[0], batch_size)\n", "        idx = np.random.default_rng(0).choice(X.shape[0], batch_size)\n",
     {"sgd: same batch"}),
    ("rng.choice(X.shape[0], batch_size)", "np.arange(batch_size)", {"sgd: same batch"}),
    ("rng.choice(X.shape[0], batch_size)", "rng.choice(batch_size, batch_size)", {"sgd: coverage"}),
    ("rng.choice(X.shape[0], batch_size)", "rng.choice(X.shape[0] - 1, batch_size)", {"sgd: coverage"}),
    ("rng.choice(X.shape[0], batch_size)", "np.full(batch_size, rng.choice(X.shape[0]))", {"sgd: repeated row"}),
    ("rng.choice(X.shape[0], batch_size)", "np.arange(it * batch_size, (it + 1) * batch_size) % len(X)",
     {"sgd: in order"}),
    ("rng.choice(X.shape[0], batch_size)", "rng.choice(X.shape[0], num_iters)", {"sgd: batch shape"}),
    ("X_batch = X[idx]", "X_batch = X", {"sgd: batch shape"}),
    ("X_batch = X[idx]", "X_batch = X[idx] / 255", {"sgd: batch rows"}),
    ("loss(W, X_batch, y_batch, reg)", "cross_entropy_with_log_p(X_batch @ W, y_batch)", {"crash"}),
    ("loss(W, X_batch, y_batch, reg)", "svm_with_masks(W, X_batch, y_batch, reg)", {"sgd: own loss"}),
    ("loss(W, X_batch, y_batch, reg)", "loss(W, X_batch, y_batch, 0.0)", {"sgd: reg"}),
    ("range(num_iters)", "range(1, num_iters)", {"sgd: calls"}),
    ("    W = W.copy()\n", "    W = np.zeros_like(W)\n", {"sgd: start"}),
    ("    return W, loss_history", "        return W, loss_history", {"sgd: one call only"}),
    ("return W, loss_history", "return loss_history", {"returns"}),
    ("return W, loss_history", "return loss_history, W", {"sgd: returned in reverse"}),
    ("return W, loss_history", "return W, loss_history[::-1]", {"sgd: history reversed"}),
    ("return W, loss_history", "return W, loss_history[-1]", {"sgd: history of W"}),
    ("loss_history.append(value)", "loss_history.append(value / batch_size)", {"sgd: history scaled"}),
    ("loss_history.append(value)", "loss_history.append(value + sum(loss_history[-1:]))", {"sgd: history accumulates"}),
    ("loss_history.append(value)", "loss_history.append(learning_rate)", {"sgd: history"}),
    ("        loss_history.append(value)\n", "", {"sgd: history length"}),

        ([("    loss_history = []", "    loss_history, total = [], 0"), ("W -= learning_rate * grad", "total = total + grad\n        W -= learning_rate * total")],
     {"sgd: steps accumulate"}),
    ([("    W = W.copy()\n", "    W0 = W.copy()\n"), ("return W,", "return W0,")], {"sgd: not returned"}),
    ("y_batch = y[idx]", "y_batch = y[index]", {"crash"}),
]
PREDICT = [
    ("axis=1", "axis=0", {"predict: argmax over the wrong axis"}),
    (", axis=1", "", {"predict: one label for the whole batch"}),
    ("np.argmax(scores, axis=1)", "scores", {"predict: a row of numbers per image"}),
    ("np.argmax(scores, axis=1)", "np.max(scores, axis=1)", {"predict: scores for labels"}),
    ("np.argmax(scores, axis=1)", "np.argmin(scores, axis=1)", {"predict: lowest score"}),
    ("np.argmax(scores, axis=1)", "np.argsort(scores, axis=1)[:, 0]", {"predict: lowest score"}),
    ("np.argmax(scores, axis=1)", "np.argsort(scores, axis=1)[:, -2]", {"predict: second highest score"}),
    ("np.argmax(scores, axis=1)", "np.argmax(np.abs(scores), axis=1)", {"predict: absolute scores"}),
    ("np.argmax(scores, axis=1)", "np.argmax(scores, axis=1) + 1", {"predict: labels from 1"}),
    ("np.argmax(scores, axis=1)", "np.argmax(scores[:, 1:], axis=1)", {"predict: first class left out"}),
    ("np.argmax(scores, axis=1)", "np.argmax(scores[:, :-1], axis=1)", {"predict: last class left out"}),
    ("np.argmax(scores, axis=1)", "np.argmax(scores, axis=1)[:, None]", {"predict: a column"}),
    ("np.argmax(scores, axis=1)", "np.zeros(X.shape[0])", {"predict: one class for all"}),
    ("X.dot(W)", "X[:, :-1].dot(W[:-1])", {"predict: last feature left out"}),
    ("X.dot(W)", "W.dot(X)", {"crash"}),
    ("X.dot(W)", "X.dot(W.T)", {"crash"}),
    ("X.dot(W)", "X.dot(W) / X.dot(W).sum(axis=1, keepdims=True)", {"predict: labels"}),
    ("return y_pred", "y_pred", {"returns None"}),
]
SEARCH = [
    ("if val_acc > best_val", "if train_acc > best_val", {"search: chosen on training", "search: best_val"}),
    ("if val_acc > best_val", "if val_acc < best_val", {"search: best not kept", "search: best_val"}),
    ("if val_acc > best_val", "if True", {"search: last for best", "search: best_val"}),
    ("make(lr, reg)", "make(reg, lr)", {"search: swapped arguments"}),
    ("model.predict(X_val) == y_val", "model.predict(X_train) == y_train",
     {"search: training for validation", "search: chosen on training", "search: best_val of training"}),
    ("model.train(X_train, y_train,", "model.train(X_val, y_val,", {"search: trained on validation"}),
    ("model.train(X_train, y_train,", "model.train(np.vstack([X_train, X_val]), np.append(y_train, y_val),",
     {"search: trained on validation"}),
    ("model.train(X_train, y_train,", "model.train(X_train, y_train[::-1],", {"search: labels mixed up"}),
    ("            model.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=100)\n", "",
     {"search: untrained"}),
    ("results[(lr, reg)]", "results[(reg, lr)]", {"search: keys swapped"}),
    ("results[(lr, reg)]", "results[lr]", {"search: keys"}),
    ("(train_acc, val_acc)", "(val_acc, train_acc)", {"search: accuracies swapped"}),
    ("(train_acc, val_acc)", "val_acc", {"search: one accuracy"}),
    ("(train_acc, val_acc)", "(train_acc, train_acc)", {"search: training for validation"}),
    ("(train_acc, val_acc)", "(100 * train_acc, 100 * val_acc)", {"search: per cent"}),
    ("(train_acc, val_acc)", "(1 - train_acc, 1 - val_acc)", {"search: error rates"}),
    ("np.mean(", "np.sum(", {"search: counts", "search: best_val"}),
    ("best = model\n", "best = (lr, reg)\n", {"search: best not kept"}),
    ("best = model\n", "best = make(lr, reg)\n", {"search: best made anew"}),
    ("                best_val = val_acc\n", "", {"search: last for best", "search: best_val"}),
    ("                best_val = val_acc\n", "                best_val = train_acc\n", {"search: best_val"}),
    ("return results, best_val, best", "return results", {"search: returns"}),
    ("return results, best_val, best", "return results, val_acc, best", {"search: best_val"}),
    ("return results, best_val, best", "return results, best_val, model", {"search: last for best"}),
    ("    results = {}\n", "    results = []\n", {"crash"}),

        ([("    for lr in learning_rates:\n        for reg in regs:\n", "    for lr, reg in zip(learning_rates, regs):\n        if True:\n")],
     {"search: grid"}),
    ("for reg in regs:", "for reg in regs[:2]:", {"search: grid"}),
]

TABLES = [
    ("svm_loss_naive", right.svm_in_loops, SVM_LOOPS),
    ("svm_loss_vectorized", right.svm_with_masks, SVM_MASKS),
    ("svm_loss_vectorized", right.svm_with_add_at, SVM_ADD_AT),
    ("svm_loss_vectorized", right.svm_with_one_loop, SVM_ONE_LOOP),
    ("softmax_loss_naive", right.softmax_in_loops, SOFTMAX_LOOPS),
    ("softmax_loss_naive", right.softmax_with_an_if, SOFTMAX_IF),
    ("softmax_loss_vectorized", right.softmax_with_log_p, SOFTMAX_LOG_P),
    ("softmax_loss_vectorized", right.softmax_with_a_constant_in_the_exponent, SOFTMAX_EXPONENT),
    ("softmax", right.softmax_in_two_steps, PROBABILITIES),
    ("cross_entropy", right.cross_entropy_with_log_p, CROSS_ENTROPY),
    ("sgd", right.sgd_with_choice, SGD),
    ("predict", right.predict_by_argmax, PREDICT),
    ("search", right.search_in_loops, SEARCH),
]


def all_wrong() -> Iterator[Wrong]:
    """Every wrong answer."""
    for exercise, base, cases in TABLES:
        for *change, faults in cases:
            edits = change[0] if isinstance(change[0], list) else [tuple(change)]
            name = "; ".join(f"{old.strip()} -> {new.strip() or 'nothing'}" for old, new in edits)
            yield Wrong(exercise, f"{base.__name__}: {name}", spoilt(base, *edits), faults)


WRONG = list(all_wrong())
