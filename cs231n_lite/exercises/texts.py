"""What helps with each exercise: hints, from a nudge to the idea, and the answer's derivation.

All is Markdown.  In the mathematics x_i is row i of X as a column, w_j is column j of W,
s_ij = x_i^T w_j, and lambda is `reg`.
"""

HINTS: dict[str, tuple[str, ...]] = {
    "ship_score": (
        "Each class has a row of weights and one bias. "
        "Which row is the ship's, and how many numbers does a single row times the image make?",
        "Four products, one per pixel, and then one number more, which no pixel is multiplied by. "
        "Mind the two minus signs: one is a weight's, one the bias's.",
    ),
    "bias_trick": (
        "Each row of X has got one more entry, a 1 at its end. How many rows must W then have, "
        "and which of them does that 1 meet in the product?",
        "b has one number per class, and so has each row of W. "
        "NumPy has a function that stacks arrays vertically, and takes a plain (C,) for one row.",
    ),
    "sample_svm_loss": (
        "The correct class adds nothing; each of the other three has a term of its own. "
        "By how much does each come too near, if the correct class is to lead by 1?",
        "For each wrong class take its score, less the correct one's, plus the margin. "
        "Where that is negative the class is far enough away, and its term is 0.",
    ),
    "binary_C": (
        "Two losses have their minimum at the same place if one is a positive multiple of the "
        "other. Divide ours by what makes its penalty one half of the squared weights; "
        "what then stands before the sum over the samples?",
        "With two classes only the difference of the two columns decides, "
        "and at the minimum the columns are opposite halves of it. "
        "Their squares then add up to half of the difference's square.",
        "So the penalty is already one half of the squared weights, times the strength. "
        "And our data loss is a mean, where the binary SVM has a sum.",
    ),
    "kl_divergence": (
        "It is what the cross-entropy costs beyond the entropy. "
        "Write both as sums over the classes; they have a factor in common.",
        "Each class adds its share in p, times the difference of two logarithms. "
        "Which of the two is subtracted? Where p puts nearly everything into one class and q does "
        "not, the divergence must come out positive.",
    ),
    "svm_loss_naive": (
        "Take one pair of an image `i` and a wrong class `j` whose margin is positive. "
        "It adds the score of `j`, less the score of the correct class, plus 1 to the loss. "
        "Which columns of `W` are in that sum, and with which sign? Move one weight in thought: "
        "by how much does the sum change?",
        "The score of class `j` is the product of the image with column `j` of `W`, "
        "so its slope in that column is the image itself. "
        "Each positive margin therefore changes two columns of `dW`, by the same vector, "
        "with opposite signs. A margin that is not positive changes nothing.",
        "What the loss goes through after the loops, the gradient goes through as well: "
        "the mean, and then the regularization. What is the slope of a square?",
    ),
    "break_svm_loss": (
        "A loss of `W`, `X`, `y` and `reg` has two parts. On which of them have you looked so far, "
        "and how much does the other one count where weights are tiny, or `reg` is? "
        "Start with two or three numbers in each array, so that you can work out what should come.",
        "Make the part that you suspect as large as the other, or larger. "
        "Then compare the gradient with the slope of the loss, as `grad_check_sparse` does: "
        "which of the two is wrong?",
        "The relative error compares the difference with the two gradients themselves. "
        "The difference does not depend on the images: it is largest beside gradients that nearly "
        "vanish. Where does a gradient vanish, and how can a problem be made that has that place "
        "where you want it?",
    ),
    "svm_loss_vectorized": (
        "All scores are one matrix product. Each row has a correct score of its own: "
        "collect these, one per row, and subtract them from their rows by broadcasting. "
        "What does the correct class then contribute by accident?",
        "For the gradient, build a matrix (N, C) that says how often each score enters the loss, "
        "and with which sign: a wrong class enters once if its margin is positive, "
        "the correct class once for each positive margin in its row.",
        "That matrix is the slope of the loss in the scores, up to the mean. "
        "From the scores to `W` it is one more matrix product, with `X`; "
        "the shapes leave no choice: (D, N) times (N, C).",
    ),
    "sgd": (
        "Three things happen in every iteration: draw a batch, ask the loss for its value and its "
        "gradient on that batch, take a step. Which of them may stand outside the loop?",
        "Draw one array of row numbers with the `rng` that is given, and take both the images and "
        "the labels with it: two separate draws would give images the labels of others.",
        "The gradient points to where the loss rises. "
        "And the `W` that came in belongs to the caller: work on a copy.",
    ),
    "predict": (
        "The scores of all images are one matrix product; "
        "the classifier believes in the highest of each image.",
        "NumPy has a function that gives the position of the highest entry. "
        "Along which axis do the classes lie, and which shape must the answer have?",
    ),
    "search": (
        "Visit every pair of a learning rate and a strength. At each: "
        "make a classifier, train it on the training data, and measure it twice.",
        "Accuracy is the share of predictions that equal their labels. Which of the two accuracies "
        "may choose the winner, and which images has the classifier already seen?",
        "Keep the trained classifier itself, not only its accuracy, "
        "whenever its validation accuracy is higher than any before.",
    ),
    "softmax": (
        "The exponential of 789 is more than a float can hold. Which number may be subtracted from "
        "all scores of a row without changing its probabilities?",
        "Any number may, if it is the same for the whole row: it cancels. "
        "The row's own maximum makes the largest exponent 0, so that nothing overflows. "
        "One maximum for the whole matrix would not do: "
        "a row far below it would have only zeros left.",
        "The maximum and the sum are one number per row. Keep that axis when you take them, "
        "so that both broadcast over their row.",
    ),
    "cross_entropy": (
        "The gradient for one row was derived just above: its probabilities, less 1 at the correct "
        "class. The loss is a mean over the rows; what does that do to the gradient?",
        "Two index arrays at once, the row numbers and `y`, reach the correct class of each row.",
        "A probability may round to 0, and its logarithm is then infinite. "
        "Write the logarithm of the quotient as a difference: shifted correct score against the "
        "logarithm of the row's sum. The sum holds a 1, so its logarithm is safe.",
    ),
    "softmax_loss_naive": (
        "For one image: find its scores, shift them by their maximum, "
        "turn them into probabilities. The loss wants one of these, the gradient all of them.",
        "Column `j` of `dW` gets the image, times how far the probability of `j` is from what it "
        "should be: 1 for the correct class, 0 for the others.",
        "After the loops both the loss and the gradient become means, and both are regularized.",
    ),
    "softmax_loss_vectorized": (
        "You have a function that turns scores into a loss and its gradient. "
        "What are the scores here, and how does the gradient get from the scores to `W`?",
        "By the chain rule: scores are `X` times `W`, so the gradient of the scores is multiplied "
        "by the transpose of `X`, (D, N) times (N, C). That gradient holds the mean already. "
        "The regularization does not go through the scores; it is added at the end.",
    ),
    "break_softmax_loss": (
        "The gradient agrees with the loss, so ask whether the loss is what it should be. "
        "A function that you trust, or a problem so small that you know its loss without one, "
        "tells you: all scores equal, for example. Which of the four things that you return "
        "have you not varied yet?",
        "Look at the two parts of the loss apart from one another: with `reg` at 0 and with `reg` "
        "large. Then take the part that is wrong, and double the number of samples by repeating "
        "them: which of the two parts should change, if any?",
        "The error is compared with the gradients themselves, so it is largest where the right one "
        "nearly vanishes: where the pull of the data and the pull of the regularization are equal. "
        "With one feature, which is 1, and two classes both pulls are easy to write down.",
    ),
}

DERIVATIONS: dict[str, str] = {
    "ship_score": r"""
The ship is the third class: its score is the third row of $W$ times the image, and the third bias,

$$s_3 = \sum_d W_{3d}\, x_d + b_3
= 0 \cdot 56 + 0.25 \cdot 231 + 0.2 \cdot 24 - 0.3 \cdot 2 - 1.2 = 60.75.$$

The figure in the notes prints 61.95, which is the sum before the bias.
""",
    "bias_trick": r"""
A row of $X$ that ends in a 1 meets one row more of $W$, and what is multiplied by 1 is added:

$$\begin{pmatrix} x^T & 1 \end{pmatrix} \begin{pmatrix} W \\ b^T \end{pmatrix} = x^T W + b^T.$$
""",
    "sample_svm_loss": r"""
Each wrong class $j$ adds what it lacks of staying 1 below the correct one, $y$:

$$L = \sum_{j \ne y} \max(0, s_j - s_y + 1)
= \max(0, 4 - 1.5 + 1) + \max(0, 3.2 - 1.5 + 1) + \max(0, -2 - 1.5 + 1) = 3.5 + 2.7 + 0.$$
""",
    "binary_C": r"""
Of two classes only $w = w_1 - w_0$ decides, and with labels $t_i = \pm 1$ the loss of a sample is
$\max(0, 1 - t_i\, w^T x_i)$. For a given $w$ the penalty $\|w_0\|^2 + \|w_1\|^2$ is least where
$w_1 = -w_0 = w/2$, and is then $\frac12 \|w\|^2$. So at its minimum our loss is

$$\frac1N \sum_i \max(0, 1 - t_i\, w^T x_i) + \frac{\lambda}{2} \|w\|^2
= \lambda \Big( \frac12 \|w\|^2 + \frac{1}{N \lambda} \sum_i \max(0, 1 - t_i\, w^T x_i) \Big).$$

The factor before the bracket moves no minimum, and inside it stands the binary SVM with
$C = 1/(N \lambda)$.
""",
    "kl_divergence": r"""
Coding what comes from $p$ as if it came from $q$ costs the cross-entropy; the entropy of $p$ could
not be saved anyhow:

$$D(p \,\|\, q) = -\sum_j p_j \log q_j - \Big( -\sum_j p_j \log p_j \Big)
= \sum_j p_j\, (\log p_j - \log q_j).$$

It is never negative, and 0 only where $p = q$.
""",
    "svm_loss_naive": r"""
Row $i$ of $X$, as a column, is $x_i$; column $j$ of $W$ is $w_j$; `reg` is $\lambda$. The scores
are $s_{ij} = x_i^T w_j$. A pair of an image $i$ and a wrong class $j$ adds $\max(0, m_{ij})$ to the
loss $L_i$ of the image, with the margin

$$m_{ij} = s_{ij} - s_{iy_i} + 1 = x_i^T w_j - x_i^T w_{y_i} + 1.$$

Where $m_{ij} \le 0$ it adds nothing, and nothing to the gradient. Where $m_{ij} > 0$, two columns
of $W$ are in it:

$$\frac{\partial m_{ij}}{\partial w_j} = x_i, \qquad
\frac{\partial m_{ij}}{\partial w_{y_i}} = -x_i.$$

So each positive margin adds $x_i$ to column $j$ and takes it from column $y_i$. The loss is the
mean over the images plus $\lambda \sum_{d,c} W_{dc}^2$, and the slope of a square is twice its
root:

$$\nabla_W L = \frac1N \sum_i \nabla_W L_i + 2 \lambda W.$$
""",
    "break_svm_loss": r"""
The gradient of the wrong loss holds $\lambda W$ where $2 \lambda W$ belongs; all else is right. So
it is off by $\lambda W$, whatever the images, and its relative error is

$$\frac{\|\lambda W\|}{\|g + \lambda W\| + \|g + 2 \lambda W\|},$$

where $g$ is the gradient of the data loss. With $\lambda = 5 \cdot 10^{-6}$, weights of $10^{-4}$
and pixels of 100 that is less than $10^{-11}$, and nobody sees it. Without data, $g = 0$, it is one
third. It is 1, the most there can be, where the right gradient vanishes, at the minimum of the
loss. For one sample of one feature, $x = 1$, of the first of two classes, and a positive margin,

$$L = w_2 - w_1 + 1 + \lambda (w_1^2 + w_2^2), \qquad
\nabla L = (2 \lambda w_1 - 1,\ 2 \lambda w_2 + 1) = 0
\quad\text{at}\quad w_1 = -w_2 = \frac{1}{2 \lambda}.$$

The margin there is $1 - 1/\lambda$, positive for $\lambda = 2$. Descent with the wrong gradient
does not stop at this minimum: it goes on to weights twice as large.
""",
    "svm_loss_vectorized": r"""
Let $S = XW$ hold all scores, and $M$ what each wrong class lacks of its margin, with 0 for the
correct one; $\lambda$ is `reg`:

$$M_{ij} = \begin{cases}
\max(0,\ S_{ij} - S_{iy_i} + 1) & j \ne y_i, \\
0 & j = y_i,
\end{cases} \qquad
L = \frac1N \sum_{i,j} M_{ij} + \lambda \sum_{d,c} W_{dc}^2.$$

How often each score enters the sum of $M$, and with which sign, is

$$G_{ij} = \begin{cases}
1 & M_{ij} > 0, \\
-(\text{number of positive entries in row } i \text{ of } M) & j = y_i, \\
0 & \text{else,}
\end{cases} \qquad \frac{\partial L}{\partial S} = \frac{G}{N}.$$

Since $S_{ij} = \sum_d X_{id} W_{dj}$, the chain rule sums over the images, which is a matrix
product:

$$\frac{\partial L}{\partial W_{dj}} = \frac1N \sum_i X_{id}\, G_{ij} + 2 \lambda W_{dj}, \qquad
\nabla_W L = \frac1N X^T G + 2 \lambda W.$$
""",
    "sgd": r"""
Near $W$ the loss is almost linear: a small step $\Delta$ changes it by

$$L(W + \Delta) \approx L(W) + \sum_{d,c} \Delta_{dc}\, (\nabla_W L)_{dc}.$$

Of all steps of one length, the one straight against the gradient lowers this most, so with learning
rate $\eta$

$$W_{t+1} = W_t - \eta\, \nabla_W L(W_t;\ \text{batch}_t).$$

The gradient of a batch drawn at random is right on average,
$\mathbb{E}\, \nabla L(W;\ \text{batch}) = \nabla L(W)$, and costs a fraction of the whole. That
holds only as long as rows keep their own labels and each batch is a new draw.
""",
    "predict": r"""
The classifier believes in the class of the highest score; the classes lie along the second axis of
$S = XW$:

$$\hat y_i = \operatorname*{arg\,max}_j\ x_i^T w_j.$$

For softmax that is the most probable class as well, because $e^s$ rises with $s$ and the sum is the
same for all.
""",
    "search": r"""
Training finds $W$ for given settings; the settings themselves are chosen by images that training
has not seen:

$$W_{\eta,\lambda} = \text{trained on } (X_{\text{train}}, y_{\text{train}}), \qquad
(\eta^*, \lambda^*)
= \operatorname*{arg\,max}_{\eta,\lambda}\ \text{accuracy}_{\text{val}}(W_{\eta,\lambda}).$$

By its training accuracy, the winner would be whichever remembers best, and regularization would
look useless.
""",
    "softmax": r"""
Multiply numerator and denominator by the same $e^{-m}$: nothing changes, for any $m$.

$$p_j = \frac{e^{s_j}}{\sum_k e^{s_k}} = \frac{e^{-m}\, e^{s_j}}{\sum_k e^{-m}\, e^{s_k}}
= \frac{e^{s_j - m}}{\sum_k e^{s_k - m}}.$$

With $m = \max_k s_k$ all exponents are 0 or less, so nothing overflows; and one of them is 0, so
the sum is at least 1, and nothing is divided by 0.
""",
    "cross_entropy": r"""
The logarithm of the quotient is a difference, in which no logarithm of 0 can occur. With
$m_i = \max_k s_{ik}$,

$$L = -\frac1N \sum_i \log p_{iy_i}
= \frac1N \sum_i \Big( \log \sum_k e^{s_{ik} - m_i} - (s_{iy_i} - m_i) \Big).$$

The $m_i$ cancel between the two parts, so that the slope may be taken without them. That of the
first part is a probability, that of the second is 1 at the correct class:

$$\frac{\partial}{\partial s_{ij}} \log \sum_k e^{s_{ik}}
= \frac{e^{s_{ij}}}{\sum_k e^{s_{ik}}} = p_{ij}, \qquad
\frac{\partial L}{\partial s_{ij}} = \frac{p_{ij} - \mathbb{1}\{j = y_i\}}{N}.$$
""",
    "softmax_loss_naive": r"""
Row $i$ of $X$, as a column, is $x_i$; column $j$ of $W$ is $w_j$; `reg` is $\lambda$. The scores
$s_{ij} = x_i^T w_j$ are shifted by the largest of their row, which changes no probability, so that
no exponential overflows. The logarithm of the sum of the exponentials gives both the loss of an
image and its probabilities:

$$L_i = \log \sum_k e^{s_{ik}} - s_{iy_i}, \qquad p_{ij} = e^{\,s_{ij} - \log \sum_k e^{s_{ik}}}.$$

The slope of $L_i$ in its scores is $p_{ij} - \mathbb{1}\{j = y_i\}$, as in `cross_entropy`, and
$s_{ij}$ has the slope $x_i$ in column $j$. By the chain rule column $j$ of the gradient gets

$$\frac{\partial L_i}{\partial w_j} = \big(p_{ij} - \mathbb{1}\{j = y_i\}\big)\, x_i.$$

The mean over the images, and the regularization $\lambda \sum_{d,c} W_{dc}^2$ with its slope, make

$$\nabla_{w_j} L = \frac1N \sum_i \big(p_{ij} - \mathbb{1}\{j = y_i\}\big)\, x_i + 2 \lambda w_j.$$
""",
    "softmax_loss_vectorized": r"""
Let $S$ be $XW$, the scores of all images, less the largest of each row, which changes no
probability, and let $Y$ hold a 1 at each correct class and 0 elsewhere; $\lambda$ is `reg`. The
probabilities $P$ are got from their logarithms, which are always finite; the slope in the scores is
that of `cross_entropy`:

$$\log P_{ij} = S_{ij} - \log \sum_k e^{S_{ik}}, \qquad
L = -\frac1N \sum_i \log P_{iy_i} + \lambda \sum_{d,c} W_{dc}^2, \qquad
\frac{\partial L}{\partial S} = \frac{P - Y}{N}.$$

The sum over the images, which the chain rule asks for, is a matrix product:

$$\nabla_W L = \frac1N X^T (P - Y) + 2 \lambda W.$$
""",
    "break_softmax_loss": r"""
The wrong loss divides the penalty by $N$, and so does its gradient: both are those of
$\lambda / N$ in the place of $\lambda$. One is the slope of the other, so a gradient check is
content. With one sample nothing is wrong. With $N$ of them the gradient is off by
$2 (1 - \frac1N) \lambda W$, which is compared with the gradients themselves, so it is seen best
where the right one vanishes. For samples of one feature, $x = 1$, all of the first of two classes,
and weights $w$ and $-w$, the data and the penalty pull the first weight with

$$-\frac{1}{1 + e^{2w}} + 2 \lambda w = 0
\quad\text{at}\quad \lambda = \frac{1}{2 w\, (1 + e^{2w})},$$

and the second one just as much the other way. At $w = 1$ and this $\lambda$ the right gradient is
0, and the wrong one is not: the relative error is 1.
""",
}
