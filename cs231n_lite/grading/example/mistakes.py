"""The mistakes of a made-up class: how many make each, and what it changes in a right answer.

The weight of a right answer stands in `RIGHT_AT`; each mistake is a weight beside it, and the
(old, new) parts of the answer's own text.  Most are what students write most often: a factor of
the regularization, a mean that is a sum, an axis, exp without a shift.
"""

Mistake = tuple[int, tuple[tuple[str, str], ...]]
RIGHT_AT = 100
HALF = ("2 * reg * W", "reg * W")
NO_PENALTY = (" + reg * np.sum(W**2)", "")
NO_PENALTY_IN_DW = (" + 2 * reg * W", "")
NO_SHIFT = (("S -= S.max(axis=1, keepdims=True)\n    ", ""),)

MISTAKES: dict[str, list[Mistake]] = {
    "ship_score": [(9, ((" - 1.2", ""),)), (6, ((" - 0.3 * 2", ""),))],
    "bias_trick": [(12, (("[W, b]", "[b, W]"),)), (8, (("np.vstack", "np.hstack"),))],
    "sample_svm_loss": [(14, (("+ max(0, -2 - 1.5 + 1)", "+ 1"),)),
                        (8, (("max(0, -2 - 1.5 + 1)", "(-2 - 1.5 + 1)"),))],
    "binary_C": [(18, (("1 / (N * reg)", "1 / reg"),)),
                 (16, (("1 / (N * reg)", "1 / (2 * N * reg)"),)),
                 (7, (("1 / (N * reg)", "N / reg"),))],
    "kl_divergence": [(15, (("p * (np.log(p)", "q * (np.log(p)"),)),
                      (9, (("np.log(p) - np.log(q)", "np.log(q) - np.log(p)"),)),
                      (5, (("np.log", "np.log2"),))],
    "svm_loss_naive": [(24, (HALF,)), (16, (("                dW[:, y[i]] -= X[i]\n", ""),)),
                       (12, (("dW = dW / N", "dW = dW"),)), (8, (NO_PENALTY_IN_DW,)),
                       (6, (("dW[:, j] += X[i]", "dW[:, j] = X[i]"),))],
    "break_svm_loss": [(12, (("y, 2.0", "y, 0.0"),)), (9, (("[[0.25, -0.25]]", "[[0.0, 0.0]]"),))],
    "svm_loss_vectorized": [(20, (HALF,)), (13, (("    M[rows, y] = 0\n", ""),)),
                            (12, (("-G.sum(axis=1)", "-1"),)), (8, (("M.sum() / N", "M.mean()"),)),
                            (7, (("X.T @ G / N", "X.T @ G"),)), (5, ((" + 1, 0)", ", 0)"),))],
    "sgd": [(16, (("W -= learning_rate", "W += learning_rate"),)),
            (14, (("W, losses = W.copy(), []", "losses = []"),)),
            (8, (("(W, X[rows], y[rows], reg)", "(W, X, y, reg)"),))],
    "predict": [(9, (("axis=1", "axis=0"),)), (4, (("argmax", "max"),))],
    "search": [(17, (("if val > best_val", "if train > best_val"),)),
               (10, (("model.fit(X_train, y_train)", "model.fit(X_val, y_val)"),)),
               (7, (("(train, val)", "(val, train)"),))],
    "softmax": [(22, (("scores - scores.max(axis=1, keepdims=True)", "scores"),)),
                (9, (("scores.max(axis=1, keepdims=True)", "scores.max()"),)),
                (7, (("powers.sum(axis=1, keepdims=True)", "powers.sum()"),))],
    "cross_entropy": [(14, (("dscores / len(y)", "dscores"),)),
                      (10, (("    dscores[rows, y] -= 1\n", ""),)), (8, ((".mean()", ".sum()"),))],
    "softmax_loss_naive": [(18, (HALF,)), (14, (("        scores -= scores.max()\n", ""),)),
                           (9, (("dW = dW / N", "dW = dW"),)), (7, ((" - (j == y[i])", ""),))],
    "softmax_loss_vectorized": [(16, (HALF,)), (14, NO_SHIFT), (9, (NO_PENALTY,)),
                                (8, (("X.T @ (P - Y) / N", "X.T @ (P - Y)"),)),
                                (5, (("X.T @ (P - Y)", "X.T @ (Y - P)"),))],
    "break_softmax_loss": [(12, (("1 / (2 * (1 + np.exp(2.0)))", "0.0"),)),
                           (8, (("np.ones((10, 1))", "np.ones((1, 1))"),
                                ("np.zeros(10,", "np.zeros(1,")))],
}
