"""The exercises: where each answer lives, which notebook asks for it, who judges it, and what helps."""
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cs231n_lite.exercises.judge_loss import judge_loss, judge_predict, judge_probabilities, judge_scores_loss
from cs231n_lite.exercises.judge_training import judge_search, judge_sgd
from cs231n_lite.exercises.referee import cross_entropy_of, hinge_of
from cs231n_lite.exercises.verdict import Trial


@dataclass(frozen=True)
class Exercise:
    """A function to write, known by its name.

    The answer is the function `id` of `cs231n_lite.<module>`; `helpers` are the
    functions beside it that one has to see to understand it.
    """

    id: str
    module: str
    notebook: str
    judge: Callable[[Callable], list[Trial]]
    hints: tuple[str, ...]
    derivation: str
    helpers: tuple[str, ...] = ()


EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise
    for exercise in (
        Exercise(
            "svm_loss_naive", "losses", "svm", partial(judge_loss, loss_of=hinge_of),
            hints=(
                "Take one pair (i, j) whose margin is positive. It adds s_j - s_y + 1 to the loss. "
                "Which columns of W are in that expression, and with which sign?",
                "s_j is the product of X[i] with column j of W, s_y the product with column y[i]. So each positive "
                "margin changes two columns of dW, by the same vector, with opposite signs. What the loss goes "
                "through afterwards (the mean, the regularization), the gradient goes through as well.",
            ),
            derivation=r"$$L = \frac1N\sum_i\sum_{j\ne y_i}\max(0,\ w_j^Tx_i - w_{y_i}^Tx_i + 1) + \lambda\sum W^2,"
                       r"\qquad \text{each positive margin: }\ \nabla_{w_j} \mathrel{+}= x_i,\quad"
                       r" \nabla_{w_{y_i}} \mathrel{-}= x_i.$$",
            helpers=("regularized",),
        ),
        Exercise(
            "svm_loss_vectorized", "losses", "svm", partial(judge_loss, loss_of=hinge_of),
            hints=(
                "All scores are one matrix product. Subtract each row's own correct score, by broadcasting a column; "
                "then think about what the correct class contributes by accident.",
                "Build a matrix (N, C) that says how often each score enters the loss: 1 for a violated margin, and "
                "for the correct class minus the number of violations in its row. Then dW is one matrix product of "
                "it with X. Check the shapes: (D, N) times (N, C).",
            ),
            derivation=r"$$G_{ij} = \frac1N\begin{cases} 1 & j\ne y_i,\ \text{margin} > 0\\ 0 & j\ne y_i,\ "
                       r"\text{margin}\le 0\\ -\#\{\text{positive margins of row } i\} & j = y_i\end{cases}"
                       r"\qquad \nabla_W L = X^T G + 2\lambda W.$$",
            helpers=("hinge", "margins", "regularized"),
        ),
        Exercise(
            "sgd", "optim", "svm", judge_sgd,
            hints=(
                "Three things happen in every iteration: draw a batch, ask the loss for its value and gradient on "
                "that batch, take a step. Which of them may stand outside the loop?",
                "Draw one array of row indices, with rng.integers, and use the same indices for X and for y, so that "
                "images keep their labels. Step against the gradient. Work on a copy of W.",
            ),
            derivation=r"$$W_{t+1} = W_t - \eta\,\nabla_W L(W_t;\ \text{batch}_t).$$",
            helpers=("minibatches", "finite"),
        ),
        Exercise(
            "predict", "classifiers", "svm", judge_predict,
            hints=(
                "The scores of all images are one matrix product; the classifier believes in the highest one.",
                "np.argmax gives the position of the highest entry. Along which axis do the classes lie?",
            ),
            derivation=r"$$\hat y_i = \operatorname{arg\,max}_j\ x_i^T w_j.$$",
        ),
        Exercise(
            "search", "tune", "svm", judge_search,
            hints=(
                "Two loops, one over learning rates and one over strengths. At each point: make, fit, measure twice.",
                "Accuracy is the mean of `predictions == labels`. Remember the classifier itself when its validation "
                "accuracy is higher than any before; training accuracy has no say.",
            ),
            derivation=r"$$(\eta^*, \lambda^*) = \operatorname{arg\,max}_{\eta,\lambda}\ "
                       r"\text{accuracy}_{\text{val}}\big(W_{\eta,\lambda}\big),\qquad"
                       r" W_{\eta,\lambda}\ \text{trained on the training data alone.}$$",
            helpers=("accuracy",),
        ),
        Exercise(
            "softmax", "losses", "softmax", judge_probabilities,
            hints=(
                "exp(789) is more than a float can hold. Which number may be subtracted from all scores of a row "
                "without changing its probabilities?",
                "Subtract from every row its own maximum: the largest exponent is then 0. Keep the axis when you take "
                "the maximum and the sum, so that both broadcast over their row.",
            ),
            derivation=r"$$p_j = \frac{e^{s_j}}{\sum_k e^{s_k}} = \frac{e^{s_j - m}}{\sum_k e^{s_k - m}},"
                       r"\qquad m = \max_k s_k.$$",
        ),
        Exercise(
            "cross_entropy", "losses", "softmax", partial(judge_scores_loss, loss_of=cross_entropy_of),
            hints=(
                "The gradient was derived just above: probabilities, less 1 at the correct class. "
                "And the loss is a mean over rows: what does that do to the gradient?",
                "Index with two arrays at once, the row numbers and y, to reach each row's correct class. For the "
                "loss, take the logarithm of a row's sum and subtract the correct score, both after the shift: so no "
                "logarithm ever meets a zero.",
            ),
            derivation=r"$$L = \frac1N\sum_i\Big(\log\sum_j e^{s_{ij}-m_i} - (s_{iy_i} - m_i)\Big),\qquad"
                       r" \frac{\partial L}{\partial s_{ij}} = \frac{p_{ij} - \mathbb 1\{j = y_i\}}{N}.$$",
            helpers=("softmax",),
        ),
        Exercise(
            "softmax_loss_naive", "losses", "softmax", partial(judge_loss, loss_of=cross_entropy_of),
            hints=(
                "For one image, find its scores, shift them, turn them into probabilities. The loss wants one of "
                "these, the gradient all of them.",
                "Column j of dW gets X[i] times how far p_j is from what it should be: 1 for the correct class, 0 for "
                "the others. Afterwards divide by N and regularize, the loss and the gradient both.",
            ),
            derivation=r"$$\nabla_{w_j} L = \frac1N\sum_i \big(p_{ij} - \mathbb 1\{j = y_i\}\big)\,x_i"
                       r" + 2\lambda w_j.$$",
            helpers=("regularized",),
        ),
        Exercise(
            "softmax_loss_vectorized", "losses", "softmax", partial(judge_loss, loss_of=cross_entropy_of),
            hints=(
                "You have a function that turns scores into a loss and its gradient. What are the scores here, and "
                "how does the gradient get from the scores to W?",
                "Scores are X times W, so the chain rule multiplies the gradient of the scores by the transpose of X: "
                "(D, N) times (N, C). The regularization does not go through the scores.",
            ),
            derivation=r"$$L = \frac1N\sum_i -\log P_{iy_i} + \lambda\sum W^2,\qquad"
                       r" \nabla_W L = \frac1N X^T(P - Y) + 2\lambda W.$$",
            helpers=("cross_entropy", "regularized"),
        ),
    )
}


def exercise_of(function_or_id: Callable | str) -> Exercise:
    """The exercise of that id, or of a function of that name.  Raises ValueError when there is none."""
    id = function_or_id if isinstance(function_or_id, str) else getattr(function_or_id, "__name__", None)
    if id not in EXERCISES:
        raise ValueError(f"{function_or_id!r} is no exercise; expected one of {', '.join(EXERCISES)}, or a function of "
                         "that name; for another name, say check(f, exercise=...).")
    return EXERCISES[id]
