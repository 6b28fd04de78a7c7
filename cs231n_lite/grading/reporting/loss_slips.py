"""The slips in losses, gradients and probabilities as a teacher reads them, one sentence each.

Ids with the same sentence are one misconception.  A slip in the data part is the same in the loss
and in the gradient; what is done to a whole part, to its mean or to its regularization, is said of
each of them.
"""

COUNTED = "The correct class is counted among the wrong ones."
ASSIGNED = "Columns of dW are assigned (`=`) where they should accumulate (`+=`)."
ONCE = ("The correct class is subtracted once per sample; "
        "it counts as often as there are violated margins.")
NOT_CLIPPED = "Margins below 0 count, too: the maximum with 0, or the `if`, is missing."
WEIGHTED = "The gradient counts the size of the margins, where 1 belongs for each violated one."
ALL_ROWS = "The sum or mean of all rows of X stands where one sample's row belongs."
FIRST_LABEL = "The first sample's label stands where each sample's own belongs."
TOO_EARLY = "The function returns inside the loop, after the first sample."
NOT_NORMALIZED = "The exponentials are not divided by their sum."
WHOLE_BATCH = "The exponentials are divided by the sum over the whole batch, not over each row."
SAMPLES = "The exponentials are divided by their sum over the samples, not over the classes."
BELOW = "The scores themselves are divided by the sum of the exponentials: above, exp is missing."
ABOVE = "The exponentials are divided by the sum of the scores: below, exp is missing."
QUOTIENT = "exp is taken of a quotient: the brackets of exp close too late."
MARGIN_PER_SAMPLE = "The margin of 1 is added once per sample or once in all, not to each pair."
LOGARITHM_OF_SUM = ("The logarithm is taken of the sum or mean over the samples; "
                    "the mean of the logarithms is asked for.")
BASE = "A logarithm to base 2 or 10 stands where the natural one belongs."
MAXIMUM_OF_CLASS = "The shift is each class's maximum over the samples, not each row's own."
OTHER_LOSS = "Another loss is computed: {} where {} is asked for."
ROUNDED = "The result is rounded before it is returned."

HINGE = {
    "correct class counted": COUNTED,
    "margin left out": "The margin of 1 is left out.",
    "margin too large": "The margin is 2: 1 is added in two places.",
    "compared with 1": "A margin counts from 1 on (its own 1 included) and not from 0 on.",
    "clipped at 1": "Margins are raised to 1, not to 0, where they are smaller.",
    "margins cut off at 1": "Margins are cut off above 1.",
    "scores added": "The correct class's score is added where it should be subtracted.",
    "correct score left out": "The correct class's score is left out of the margin.",
    "margin subtracted": "The margin of 1 is subtracted where it should be added.",
    "not clipped": NOT_CLIPPED,
    "inactive margins counted": NOT_CLIPPED,
    "difference reversed": "The difference of the scores is reversed: `s_y - s_j` for `s_j - s_y`.",
    "margins squared": "The margins are squared.",
    "violations counted, not added up": "The violated margins are counted, not added up.",
    "only the worst class": "Only the worst of the wrong classes counts for each sample.",
    "highest score for the correct one":
        "The row's highest score stands where the correct class's belongs.",
    "overwritten by each margin": "Each margin overwrites the last: `loss =` for `loss +=`.",
    "satisfied margins left in": NOT_CLIPPED,
    "first class left out": "Class 0 is left out: a loop or slice over the classes starts at 1.",
    "last class left out": "The last class is left out: a loop or slice ends too early.",
    "satisfied margins for violated":
        "The satisfied margins count, not the violated ones: `<` for `>`.",
    "weighted by the margin": WEIGHTED,
    "other classes weighted by the margin": WEIGHTED,
    "margins for their signs": WEIGHTED,
    "only the first violated class":
        "Only the first violated class of each sample counts: a break or return comes too early.",
    "wrong classes' columns assigned": ASSIGNED,
    "correct class's column assigned": ASSIGNED,
    "all columns assigned": ASSIGNED,
    "columns assigned": ASSIGNED,
    "correct class subtracted once": ONCE,
    "correct class subtracted always once": ONCE,
    "correct class subtracted for every class":
        "The correct class is subtracted for every wrong class, whether its margin is violated "
        "or not.",
    "correct class subtracted from itself": COUNTED,
    "other classes added always":
        "The wrong classes are added whether their margin is violated or not.",
    "maximum of the scores alone":
        "The maximum with 0 is taken of the score, before the correct class's is subtracted.",
    "margin added once per sample": MARGIN_PER_SAMPLE,
    "margin added once in all": MARGIN_PER_SAMPLE,
    "largest margin of all": "Only the largest margin of the whole batch counts.",
    "counts in an array of booleans":
        "Numbers of violations are written into an array of booleans, which makes 1 of them.",
    "counts in unsigned integers":
        "Minus a number of violations is written into an array of unsigned integers.",
    "violations of all samples counted for each":
        "Each correct class counts with the violations of the whole batch, not of its own row.",
    "count of violations carried on":
        "The count of violations is not set back to 0 for each sample.",
}
ENTROPY = {
    "normalized over the samples": SAMPLES,
    "normalized over the wrong axis": SAMPLES,
    "normalized over the whole batch": WHOLE_BATCH,
    "exponential left out": "The scores themselves are divided by their sum: exp is missing.",
    "not normalized": NOT_NORMALIZED,
    "neither shifted nor normalized": NOT_NORMALIZED,
    "shift by each class's maximum": MAXIMUM_OF_CLASS,
    "scores negated": "The scores enter with the wrong sign: `exp(-s)` for `exp(s)`.",
    "running denominator": "The denominator is used before its sum is complete.",
    "sum carried on": "The sum of the exponentials is not set back to 0 for each sample.",
    "probabilities squared": "The probabilities are squared.",
    "sigmoid for softmax": "Each score goes through a sigmoid of its own, not through softmax.",
    "sigmoid": "Each score goes through a sigmoid of its own, not through softmax.",
    "logarithm left out": "The probabilities are added up without their logarithm.",
    "all classes counted": "The logarithms of all classes count, not of the correct one alone.",
    "logarithm after the mean": LOGARITHM_OF_SUM,
    "logarithm after the sum": LOGARITHM_OF_SUM,
    "probability of being wrong": "The logarithm is taken of 1 - p where p belongs.",
    "highest probability for the correct one":
        "The highest probability stands where the correct class's belongs.",
    "shift in one place only": "The shift by the maximum is made above or below the bar alone.",
    "score of the correct class left out":
        "The correct class's score is left out: the logarithm of the sum stands alone.",
    "indicator in the first row only":
        "The 1 at the correct class is subtracted in the first row only.",
    "indicator in every column":
        "The 1 is subtracted in every column, not at the correct class alone.",
    "correct class's probability for all":
        "The correct class's probability stands in every column of the gradient.",
    "sum's logarithm to base 2": BASE,
    "sum's logarithm to base 10": BASE,
    "logarithm to another base": BASE,
    "mean for the sum": "A mean over the classes stands where their sum belongs.",
    "exponential below only": BELOW,
    "exponential above only": ABOVE,
    "quotient in the exponent": QUOTIENT,
    "1 added inside the logarithm": "1 is added to the sum inside the logarithm (`log1p`).",
    "subtracted inside the logarithm":
        "The correct class's score is subtracted inside the logarithm, not from it.",
    "division by N inside the logarithm": "The division by N stands inside the logarithm.",
}
ROWS = {
    "divided inside the loop": "The division by N stands inside the loop over the samples.",
    "labels of all samples in every row":
        "`[:, y]` picks the labels of all samples in every row: rows need `np.arange(N)` beside y.",
    "labels of all samples in the first row":
        "The labels of all samples pick entries of the first row only.",
    "only the last sample":
        "Only the last sample counts: each overwrites what those before it have left.",
    "only the first sample": TOO_EARLY,
    "last sample left out": "The last sample is left out: a loop or slice ends too early.",
    "first sample left out": "The first sample is left out: a loop or slice starts at 1.",
    "duplicate labels lost":
        "`dW[:, y] += ...` with repeated labels adds only once; `np.add.at` or a product adds all.",
    "first sample's row for all": "The first row of X stands where each sample's own belongs.",
    "sum of all rows for each": ALL_ROWS,
    "mean of all rows for each": ALL_ROWS,
    "sum of all samples' scores for each": ALL_ROWS,
    "mean of all samples' scores for each": ALL_ROWS,
    "row left out": "What is added to dW is not multiplied by its sample's row of X.",
    "first sample's scores for all":
        "The first sample's scores stand where each sample's own belong.",
    "first sample's scores for the correct classes":
        "The correct classes' scores are taken from the first row, not from each sample's own.",
    "first sample's label for all": FIRST_LABEL,
    "of softmax": OTHER_LOSS.format("softmax's cross-entropy", "the SVM's hinge loss"),
    "of the SVM": OTHER_LOSS.format("the SVM's hinge loss", "softmax's cross-entropy"),
    "of squared errors": OTHER_LOSS.format("squared distances from labels", "hinge or entropy"),
}
WHOLE = {
    "old convention": "Half of the regularization, in loss and gradient alike: "
                      "`0.5 * reg * sum(W**2)` with `reg * W`.",
    "returned in the loop": TOO_EARLY,
    "only the first row": TOO_EARLY,
    "no shift": "The scores are not shifted before exp: large ones overflow.",
    "overflow": "exp or log is given numbers that it has no finite result for.",
    "one maximum for all": "One maximum is subtracted from the whole batch, not each row's own.",
    "shift too small": "The shift before exp is too small: far-apart scores overflow.",
    "scores clipped": "Large scores are cut off before exp (`np.clip`), in the place of a shift.",
    "shift not harmless": "The scores are shifted in some lines and not in others.",
}

# Said of the loss, or of the gradient.
OF_A_PART = {
    "zero": "The {} is always 0: nothing is ever added to it.",
    "not finite": "The {} is not finite (nan or inf), even on ordinary scores.",
    "data part missing": "The data part is missing from the {}.",
    "not divided by N": "The {} is a sum over the samples, not their mean: `/ N` is missing.",
    "divided by N twice": "The {} is divided by N twice.",
    "sign flipped": "The data part of the {} has the wrong sign.",
    "divided by C": "The {} is averaged over the classes as well.",
    "scaled": "The data part of the {} has a wrong constant factor.",
    "a constant added": "A constant is added to the {}: a sum does not start from 0.",
    "reg forgotten": "The regularization of the {} is not multiplied by reg.",
    "regularization missing": "The regularization is missing from the {}.",
    "regularization doubled": "Twice the regularization in the {}.",
    "regularization subtracted": "The regularization is subtracted from the {}.",
    "regularization divided by N": "The regularization of the {} is divided by N.",
    "regularization times N":
        "The regularization is added to the {} once per sample: it stands inside the loop.",
    "regularization scaled": "The regularization of the {} has a wrong constant factor.",
    "regularization formed wrongly":
        "The regularization of the {} is formed of something else than the squares of W.",
    "mean and penalty mixed":
        "The {} is divided by N plus the regularization: `/= N + ...` divides by all of it.",
    "reg squared": "reg is multiplied in twice in the {}.",
}
OF_THE_LOSS = {
    "loss: regularization halved": "Half of the loss's regularization: "
                                   "`0.5 * reg * sum(W**2)` where `reg * sum(W**2)` belongs.",
    "loss: regularization averaged":
        "The loss's regularization is the mean of the squared weights, not their sum.",
    "loss: does not depend on the scores": "The loss does not depend on the scores.",
    "loss: coefficients": "The loss is made of the right terms in wrong amounts.",
    "loss: logarithm of 0":
        "The logarithm is taken of a probability that rounds to 0; that of the row's sum is safe.",
    "loss: bounded": "A small number is added to the probabilities, which bounds the loss.",
}
OF_THE_GRADIENT = {
    "gradient: regularization halved":
        "Half of the regularization's gradient: `reg * W` where `2 * reg * W` belongs.",
    "gradient: correct class's part missing":
        "The correct class's part of the gradient is missing.",
    "gradient: other classes' part missing": "The other classes' part of the gradient is missing.",
    "gradient: correct class's sign":
        "The correct class's part of the gradient has the wrong sign.",
    "gradient: other classes' sign": "The other classes' part of the gradient has the wrong sign.",
    "gradient: correct class subtracted a fixed number of times":
        "The correct class is subtracted a fixed number of times, whatever is violated.",
    "gradient: sum starts from W": "The gradient's sum over the samples starts from W.",
    "gradient: parts out of scale": "The two parts of the gradient are scaled differently.",
    "gradient: indicator missing":
        "The gradient is the probabilities alone: the 1 at the correct class is not subtracted.",
    "gradient: indicator added":
        "The gradient adds 1 at the correct class where it should subtract it.",
    "gradient: probabilities subtracted":
        "The gradient subtracts the probabilities where it should add them.",
    "gradient: probability of the correct class missing":
        "The gradient is -1 at the correct class, without its probability.",
    "gradient: probabilities missing":
        "The gradient is the -1 at the correct class alone: the probabilities are missing.",
    "gradient: only the correct class": "Only the correct class's columns of dW are filled.",
    "gradient: coefficients": "The gradient has p and the 1 at the correct class in wrong amounts.",
}
OF_THE_PROBABILITIES = {
    "probabilities: logarithms": "The logarithms of the probabilities are returned.",
    "probabilities: uniform": "Every class gets the same probability.",
    "probabilities: one-hot": "The rows are 1 at the highest score and 0 elsewhere.",
    "probabilities: scaled": "The probabilities have a wrong constant factor.",
    "probabilities: base": "The probabilities are those of another base or temperature.",
    "probabilities: not finite": "The probabilities are not finite, even on ordinary scores.",
}
PARTS = ("loss", "gradient")
IN_LOSSES = (HINGE | ENTROPY | ROWS | WHOLE | {"rounded": ROUNDED}
             | {f"{part}: {name}": text.format(part) for name, text in OF_A_PART.items()
                for part in PARTS}
             | OF_THE_LOSS | OF_THE_GRADIENT | OF_THE_PROBABILITIES)
# What is wrong without being a slip that is known.
UNKNOWN = {
    **{f"{part}: {name}": f"The {what} of the {part} is wrong by no slip that is known."
       for part in PARTS
       for name, what in (("data", "data part"), ("regularization", "regularization"))},
    **dict.fromkeys([f"{part}: special" for part in (*PARTS, "probabilities")],
                    "It is right on ordinary batches, and wrong on special ones."),
    **{part: f"The {part} is wrong by no slip that is known." for part in PARTS},
    **dict.fromkeys(("probabilities", "probabilities: sum", "probabilities: shares"),
                    "The probabilities are wrong by no slip that is known."),
}
