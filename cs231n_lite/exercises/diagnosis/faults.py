"""All faults that a verdict can name: the id for programs, the sentence for people.

An id says the part or the question first (loss, gradient, probabilities, sgd, predict, search,
ship_score, break ...), then the slip.  A sentence says what is wrong, why it matters or how it
comes about, and where to look; it never gives the line that would mend it.  Braces are filled in
with what was seen.
"""
from cs231n_lite.exercises.diagnosis.wordings import MIXUPS
from cs231n_lite.exercises.verdict import Fault

ANSWERS = {
    "crash": "It stops{where} with {error}.{means}",
    "refused": "It stops{where} for {refused} ({error}).",
    "unsolved helper":
        "It calls {name}, which still raises NotImplementedError; solve that one first.",
    "returns None":
        "It returns None: a function without a return statement does. "
        "End it by returning its result.",
    "returns": "It returns {got}; expected {want}.",
    "loss type": "The loss is {got}; expected one real number.{means}",
    "type": "{name} is {got}; expected a NumPy array of floats.{means}",
    "shape": "{name} has shape {got}; expected {want}.{means}",
    "input changed":
        "It changes {name}, which it was given. The caller goes on using that array, "
        "so work on a copy (`-=`, `+=` and assignments to entries change an array in place).",
    "aliasing":
        "It returns {name}, which it was given, or a view of it: "
        "whoever changes the result then changes the input, too. Return a new array.",
    "not repeatable":
        "Called again with the same input, it gives another answer: something is left over from "
        "the first call, or drawn at random. Start every sum from zero inside the function.",
    "overwritten":
        "The gradient of one call is overwritten by the next call: both are the same array. "
        "Make a new array inside the function.",
}

WHOLE = {
    "old convention":
        "Right by another convention: your loss adds half of reg * sum of W squared and "
        "your gradient reg * W, which fit together. Here the loss has no factor of one half, "
        "so both of your regularization terms are half of what is asked for.",
    "returned in the loop":
        "Only the first sample counts, and neither the mean nor the regularization follows: "
        "is the return indented too far, into the loop?",
    "no shift":
        "On large scores exp overflows: near +1000 it is infinite, near -1000 all is 0, "
        "and 0/0 gives nan. The probabilities stay the same when you subtract one number from all "
        "scores of a row before exp; choose it so that nothing can overflow.",
    "one maximum for all":
        "One maximum is subtracted from the scores of the whole batch. A row that lies "
        "far below it turns into zeros under exp, and then 0/0 is nan or log(0) infinite. "
        "Each row needs its own maximum: look at axis and keepdims.",
    "shift too small":
        "On far-apart scores exp overflows, where some scores of a row lie some 700 below others: "
        "the number that is subtracted from the row is too small. "
        "After the shift no exponent should be above 0.",
    "overflow":
        "The result is not finite when all scores of a row are 1000 higher or lower, "
        "though that changes no probability. Look at what exp and log are given.",
    "scores clipped":
        "Scores beyond a bound are cut off before exp, so that classes whose scores lie beyond it "
        "become equally likely, whatever their scores. Nothing overflows where each row is shifted "
        "by a number of its own, and nothing is lost then.",
    "shift not harmless":
        "The answer changes when the same number is added to all scores of a row. "
        "Only differences between scores may matter; "
        "look at where you shift the scores, and whether every later line uses the shifted ones.",
}

LOSS = {
    "loss: not finite":
        "The loss is {got} even on ordinary scores. {reason} "
        "What else is in it shows once it is a number.",
    "loss: zero":
        "The loss is always 0: it is never added to, or set back to 0 before you return it.",
    "loss: data part missing":
        "The loss lacks its data part: without regularization it is 0 whatever the labels. "
        "What the samples add must reach the loss that is returned.",
    "loss: not divided by N":
        "The data loss is N times too large: it is the sum over the samples, and should be the "
        "mean. As a sum it grows with the batch, and no learning rate fits two batch sizes.",
    "loss: divided by N twice":
        "The data loss is N times too small: the mean over the samples is taken twice.",
    "loss: sign flipped":
        "The data loss has the wrong sign: a loss is never negative. "
        "Look for a minus sign lost or too many.",
    "loss: divided by C":
        "The data loss is C times too small: it is averaged over the classes as well. "
        "The classes of a sample are summed; only the samples are averaged.",
    "loss: logarithm to another base":
        "The data loss is {law} times what it should be: that is the ratio of the natural "
        "logarithm to another one. Which base has the logarithm that you call?",
    "loss: rounded":
        "The loss is right, but rounded, to {decimals}. "
        "Return all its decimals, and round where it is printed.",
    "loss: scaled":
        "The data loss is {law} times what it should be.{why} "
        "Look at what you divide or multiply it by, and at powers inside a logarithm.",
    "loss: a constant added":
        "The data loss is too large by {law}, whatever the scores: "
        "a sum does not start from 0, or a number is added to it.",
    "loss: does not depend on the scores":
        "The data loss is {law} whatever the scores: what is added up is not what you compute "
        "from X and W. Which class is left out, and which should be?",
    "loss: coefficients": "The data loss is made of the right things in wrong amounts: {amounts}.",
    "loss: reg forgotten":
        "The loss holds {form} even at reg = 0: the penalty is not multiplied by reg.",
    "loss: regularization missing":
        "The loss lacks the regularization: changing reg does not change it. "
        "Nothing then keeps the weights small.",
    "loss: regularization halved":
        "The regularization in the loss is half of what is asked for: "
        "here it is reg times the sum of W squared, with no factor of one half.",
    "loss: regularization doubled":
        "The regularization in the loss is twice what is asked for. Is it added in two places?",
    "loss: regularization subtracted":
        "The regularization is subtracted from the loss: large weights should cost, not pay.",
    "loss: regularization divided by N":
        "The regularization in the loss is divided by N. "
        "Only the data loss is a mean over samples; add the penalty after that division.",
    "loss: regularization times N":
        "The regularization is in the loss N times: it is added once per sample. "
        "It belongs after the loop.",
    "loss: regularization averaged":
        "The regularization in the loss is the mean of the squared weights, "
        "and should be their sum.",
    "loss: regularization scaled":
        "The regularization in the loss is {law} times what it should be. "
        "Look at what multiplies it, and at how often it is added.",
    "loss: regularization formed wrongly":
        "The regularization in the loss is formed wrongly: "
        "it is {form}{times}, and should be made of the squares of all weights.",
    "loss: mean and penalty mixed":
        "The mean and the regularization have run into one another: the loss is the data sum "
        "divided by (N + regularization), as `loss /= a + b` divides by all of a + b. "
        "Take the mean first, then add the penalty in a line of its own.",
    "loss: reg squared": "The loss grows with the square of reg: reg is multiplied in twice.",
    "loss: data": "The data part of the loss is wrong{right}. {where}{entry}",
    "loss: regularization":
        "The regularization part of the loss is wrong{right}. {entry}",
    "loss: logarithm of 0":
        "The loss is {got} where scores lie 800 apart ({where}): a probability rounds to 0 there, "
        "and the logarithm of 0 is not finite. The logarithm of a row's sum always is.",
    "loss: bounded":
        "The loss never exceeds {bound}, also where it should be {want} ({where}): something is "
        "added to the probabilities, or they are cut off from below.",
    "loss: special": "The loss is right on ordinary batches, but not here: {where}. {entry}",
}

GRADIENT = {
    "gradient: not finite":
        "The gradient holds {got} even on ordinary scores. {reason}",
    "gradient: zero":
        "The gradient is left at zero: nothing is ever added to it, "
        "or what you compute is stored elsewhere. Training with it would change nothing.",
    "gradient: data part missing":
        "The gradient holds the regularization only: the data part is missing. "
        "Training with it would shrink the weights and never look at an image.",
    "gradient: not divided by N":
        "The data part of the gradient is not divided by N, the number of samples: "
        "whatever the loss goes through, its gradient goes through as well.",
    "gradient: divided by N twice":
        "The data part of the gradient is N times too small: it is divided by N twice.",
    "gradient: sign flipped":
        "The data part of the gradient has the wrong sign: "
        "it points where the loss falls, and descent along it would climb.",
    "gradient: divided by C":
        "The data part of the gradient is divided by C as well. "
        "Only samples are averaged; classes are summed.",
    "gradient: rounded":
        "The gradient is right, but rounded, to {decimals}: small steps are lost. "
        "Return all its decimals.",
    "gradient: scaled":
        "The data part of the gradient is {law} times what it should be.{why} "
        "Look at what you divide or multiply it by.",
    "gradient: regularization missing":
        "The gradient lacks the regularization: changing reg does not change it. "
        "Descent would not feel the penalty.",
    "gradient: regularization halved":
        "The regularization in the gradient is half of what is asked for. "
        "Take the derivative of a squared weight: what factor comes down?",
    "gradient: regularization doubled":
        "The regularization in the gradient is twice what is asked for. "
        "Is it added in two places?",
    "gradient: regularization subtracted":
        "The regularization in the gradient has the wrong sign: it would make the weights grow.",
    "gradient: regularization divided by N":
        "The regularization in the gradient is divided by N. "
        "Only the data part is a mean over samples; add the other after that division.",
    "gradient: regularization times N":
        "The regularization is in the gradient N times: it is added once per sample. "
        "It belongs after the loop.",
    "gradient: regularization scaled":
        "The regularization in the gradient is {law} times what it should be. "
        "Look at what multiplies it, and at how often it is added.",
    "gradient: regularization formed wrongly":
        "The regularization in the gradient is formed wrongly: it is {form}{times}. "
        "The derivative with respect to one weight holds that weight alone.",
    "gradient: a constant added":
        "All entries of the gradient are off by the same {law}: "
        "a sum does not start from zero, or a number is added to the whole array.",
    "gradient: reg forgotten":
        "The gradient holds {form} even at reg = 0: the penalty is not multiplied by reg.",
    "gradient: sum starts from W":
        "Even at reg = 0 the gradient holds W, divided by N: the sum over the samples starts from "
        "W, and should start from zeros.",
    "gradient: mean and penalty mixed":
        "The mean and the regularization have run into one another: the gradient is the data sum "
        "divided by (N + regularization), as `dW /= a + b` divides by all of a + b. "
        "Take the mean first, then add the other in a line of its own.",
    "gradient: reg squared":
        "The regularization in the gradient grows with the square of reg: "
        "reg is multiplied in twice.",
    "gradient: correct class's part missing":
        "The correct class's part of the gradient is missing: "
        "the score of the correct class is in the loss, too.",
    "gradient: other classes' part missing":
        "The other classes' part of the gradient is missing: "
        "only the correct class's columns are filled. The other scores are in the loss, too.",
    "gradient: correct class's sign":
        "The correct class's part of the gradient has the wrong sign. "
        "The loss falls when the correct class's score rises.",
    "gradient: other classes' sign":
        "The other classes' part of the gradient has the wrong sign: "
        "the loss rises with their scores.",
    "gradient: correct class subtracted a fixed number of times":
        "In the data part of the gradient, the correct class is subtracted {times} times for each "
        "sample, however many margins are violated; it is once for each of them.",
    "gradient: parts out of scale":
        "The two parts of the data gradient do not fit: the other classes' part is {a} times, "
        "the correct class's part {b} times what it should be. "
        "Are both inside the same loop, and divided alike?",
    "gradient: indicator missing":
        "The gradient holds the probabilities only: for the correct class of each sample, "
        "1 has to be subtracted. It is the probability minus what was the case.",
    "gradient: indicator added":
        "For the correct class the gradient adds 1 where it should subtract it.",
    "gradient: probabilities subtracted":
        "The probabilities are subtracted; they should be added, and the 1 at the correct class "
        "subtracted. A class that is believed in wrongly has to go down.",
    "gradient: probability of the correct class missing":
        "At the correct class the gradient is -1, without its probability. "
        "The sum in the denominator holds the correct class's score, too.",
    "gradient: probabilities missing":
        "The gradient holds the correct class's -1 only; the probabilities of the classes are "
        "missing, or cut to 0, as by `//` or a conversion to integers. "
        "They are the derivative of the logarithm of the sum.",
    "gradient: only the correct class":
        "Only the correct class's columns of the gradient are filled; "
        "the other classes' probabilities pull on theirs, too.",
    "gradient: coefficients":
        "The gradient of the scores should be p - 1 at the correct class and p elsewhere; "
        "yours has {a} p at the other classes, {b} p at the correct one, and subtracts {c} there.",
    "gradient: data": "The data part of the gradient is wrong{right}. {where}{entry}",
    "gradient: regularization":
        "The regularization part of the gradient is wrong{right}. {entry}",
    "gradient: special":
        "The gradient is right on ordinary batches, but not here: {where}. {entry}",
}

HINGE_SLIPS = {
    "correct class counted":
        "the correct class is counted among the wrong ones, though its margin is always 1. "
        "Leave the correct class out",
    "margin left out":
        "the margin of 1 is left out (or compared with 1 instead of 0), "
        "so that a class counts only once it has overtaken the correct one",
    "margin too large": "the margin is 2, or 1 is added in two places; it should be 1",
    "compared with 1":
        "a margin counts only above 1, its own 1 included, and should count from 0 on: "
        "is the 1 added after the comparison, or compared with once more?",
    "clipped at 1": "margins are raised to 1 where they are smaller; they should be raised to 0",
    "margins cut off at 1": "margins above 1 are cut off; only those below 0 should be",
    "scores added": "the score of the correct class is added where it should be subtracted",
    "correct score left out":
        "the score of the correct class is left out: a margin compares two scores",
    "margin subtracted":
        "the margin of 1 is subtracted, where a wrong class should have to stay 1 "
        "below the correct one",
    "not clipped":
        "negative margins are added, too: a class that is far below the correct one should cost "
        "nothing, and here it pays for others' faults",
    "inactive margins counted":
        "all wrong classes count, also those whose margin is not positive. "
        "Where the loss is flat, its slope is 0",
    "difference reversed":
        "the difference of the scores is taken the wrong way round: "
        "a wrong class should cost when its score comes near the correct one's or above it",
    "margins squared": "the margins are squared; this loss adds them up as they are",
    "violations counted, not added up":
        "the violated margins are counted, but it is their size that is to be added up",
    "only the worst class":
        "only the worst of the wrong classes counts for each sample; "
        "all that violate the margin should",
    "highest score for the correct one":
        "the highest score of the row stands where the score of the correct class belongs",
    "overwritten by each margin":
        "each positive margin overwrites those before it, so that only the last one counts; "
        "they are to be added up",
    "satisfied margins left in":
        "where the margin is not positive it stands in the sum as it is; "
        "only violated margins count, and each with 1",
    "first class left out": "class 0 is never looked at: a loop over the classes starts too late",
    "last class left out":
        "the last class is never looked at: a loop over the classes ends too early",
    "satisfied margins for violated":
        "the margins that are satisfied count, instead of those that are violated",
    "weighted by the margin":
        "each class counts with the size of its margin. "
        "The slope of max(0, z) is 1 however large z is",
    "only the first violated class":
        "only the first violated class of each sample counts; look for a break or return too early",
    "wrong classes' columns assigned":
        "the wrong classes' columns are assigned where they should accumulate, "
        "so each sample wipes out those before it",
    "correct class's column assigned":
        "the correct class's column is assigned where it should accumulate, "
        "so each sample wipes out those before it",
    "all columns assigned":
        "the columns are assigned where they should accumulate, "
        "so each sample wipes out those before it",
    "correct class subtracted once":
        "the correct class is subtracted once per sample, but it is in every violated margin of "
        "the row, so it counts as often as there are violations",
    "correct class subtracted always once":
        "the correct class is subtracted exactly once per sample; "
        "it counts as often as there are violated margins, which may be never",
    "correct class subtracted for every class":
        "the correct class is subtracted for every wrong class, "
        "also where the margin is not violated and the loss is flat",
    "correct class subtracted from itself":
        "the correct class is counted among the violations of its own row, "
        "so that it is subtracted once too often",
}
ENTROPY_SLIPS = {
    "normalized over the samples":
        "the exponentials are divided by their sum over the samples; "
        "the probabilities of one row, over the classes, must sum to 1. Look at axis",
    "normalized over the whole batch":
        "the exponentials are divided by the sum over the whole batch; "
        "each row has a sum of its own. Look at axis and keepdims",
    "exponential left out":
        "the scores themselves are divided by their sum; the exponential is left out",
    "not normalized":
        "the exponentials are not divided by their sum (or, after the logarithm, "
        "the logarithm of that sum is not there)",
    "neither shifted nor normalized":
        "the exponentials are not divided by their sum (or, after the logarithm, "
        "the logarithm of that sum is not there)",
    "shift by each class's maximum":
        "the maximum is taken over the samples, one per class. Only a shift that is the same for "
        "all classes of a row leaves the probabilities as they are; look at axis",
    "scores negated":
        "the scores enter with the wrong sign: "
        "the highest score should get the highest probability",
    "running denominator":
        "the denominator is a running sum: a class is divided by the sum of the exponentials up "
        "to itself. Finish the sum over all classes first",
    "probabilities squared": "the probabilities are squared",
    "sigmoid for softmax":
        "each score goes through a sigmoid of its own; softmax lets the classes of a row compete",
    "logarithm left out": "the probabilities are added up without their logarithm",
    "all classes counted":
        "the logarithms of all classes' probabilities are added; only the correct class's counts",
    "logarithm after the mean":
        "the logarithm is taken of the mean probability; take the mean of the logarithms",
    "probability of being wrong":
        "the logarithm is taken of 1 - p; it is p of the correct class that counts",
    "highest probability for the correct one":
        "the score of the correct class does not enter: the highest probability of each row "
        "counts, or, which is the same, the logarithm of the shifted sum alone",
    "shift in one place only":
        "the scores are shifted by the row's maximum in one place, but not in the other, "
        "so the shift does not cancel",
    "score of the correct class left out":
        "the score of the correct class is left out: only the logarithm of the sum is there",
}
ROW_SLIPS = {
    "divided inside the loop":
        "the division by N stands inside the loop over the samples, "
        "so that each round divides again what is already there. Divide once, after the loop",
    "labels of all samples in every row":
        "`[:, y]` picks the labels of all samples in every row. Each row has one label: "
        "the rows need an index of their own beside y",
    "other classes added always":
        "the wrong classes are added also where the margin is not positive, "
        "though the correct class is subtracted only where it is. Are both inside the same if?",
    "other classes weighted by the margin":
        "the wrong classes count with the size of their margins. "
        "The slope of max(0, z) is 1 however large z is",
    "margins for their signs":
        "the margins themselves stand where 1 should for each violated one, "
        "and the correct class's part is missing",
    "only the last sample":
        "only the last sample counts: each sample overwrites what those before it have left. "
        "Assigned, where it should accumulate, or outside the loop?",
    "only the first sample":
        "only the first sample counts; look for a return or break inside the loop",
    "last sample left out": "the last sample is left out: a loop or slice ends too early",
    "first sample left out": "the first sample is left out: a loop or slice starts too late",
    "columns assigned":
        "the columns are assigned where they should accumulate, "
        "so each sample wipes out those before it",
    "duplicate labels lost":
        "where several samples share a label, all but the last are lost: "
        "`dW[:, y] += ...`, or `-=`, with repeated indices adds only once",
}


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends in a question."""
    return text if text.endswith("?") else f"{text}."


def slip_texts() -> dict[str, str]:
    """The sentences of all slips in the data part, for the loss and for the gradient."""
    slips = HINGE_SLIPS | ENTROPY_SLIPS | ROW_SLIPS | MIXUPS
    return {f"{part}: {name}": sentence(f"In the data part of the {part}, {text}")
            for part in ("loss", "gradient") for name, text in slips.items()}


PROBABILITIES = {
    "probabilities: rounded":
        "The probabilities are right, but rounded, to {decimals}. Return all their decimals.",
    "probabilities: exponential below only":
        "The sum below is one of exponentials, but above stand the scores themselves: "
        "both need the exponential.",
    "probabilities: exponential above only":
        "Exponentials are divided by the sum of the scores themselves: both need the exponential.",
    "probabilities: quotient in the exponent":
        "The exponential is taken of the quotient, not of each score: look at the brackets.",
    "probabilities: only the first row":
        "Only the first row is filled: is the return inside the loop? "
        "Look at how far it is indented.",
    "probabilities: not finite":
        "The result holds {got} even on ordinary scores. {reason}",
    "probabilities: normalized over the wrong axis":
        "The columns sum to 1, over the samples; "
        "it is the probabilities of one row, over the classes, that must. Look at axis.",
    "probabilities: normalized over the whole batch":
        "All entries together sum to 1; each row must, on its own. Look at axis and keepdims.",
    "probabilities: not normalized":
        "The exponentials are there, but not divided by their sum: "
        "the first row sums to {sum}, not to 1.",
    "probabilities: exponential left out":
        "The scores themselves are divided by their sum. "
        "Without the exponential some come out negative, and no probability may.",
    "probabilities: logarithms":
        "These are the logarithms of the probabilities; expected the probabilities themselves.",
    "probabilities: scores negated":
        "The highest score gets the lowest probability: the scores enter with the wrong sign.",
    "probabilities: running denominator":
        "Each class is divided by the sum of the exponentials up to itself: "
        "finish the sum over all classes first.",
    "probabilities: sum carried on":
        "The sum of the exponentials goes on from one row to the next; "
        "it has to start from 0 in each.",
    "probabilities: sigmoid":
        "Each score goes through a sigmoid of its own; softmax lets the classes of a row compete.",
    "probabilities: shift by each class's maximum":
        "The maximum is taken over the samples, one per class. Only a shift that is the same for "
        "all classes of a row leaves the probabilities as they are; look at axis.",
    "probabilities: uniform": "Every class gets the same probability, whatever its score.",
    "probabilities: one-hot":
        "Each row is 1 at the highest score and 0 elsewhere; softmax is softer than a maximum.",
    "probabilities: scaled": "All entries are {law} times what they should be.",
    "probabilities: sum":
        "A row sums to {sum}; the probabilities of a row sum to 1. "
        "Look at what you divide by, and over which axis. {entry}",
    "probabilities: shares":
        "The rows sum to 1, but the shares are not those of the exponentials. "
        "Look at what is exponentiated, and to which base. {entry}",
    "probabilities: base":
        "The rows are those of another base or temperature: the logarithm of a ratio of two "
        "probabilities is {law} times the difference of the scores, and should equal it.",
    "probabilities: special":
        "The probabilities are right on ordinary scores, but not here: {where}. {entry}",
}

PREDICT = {
    "predict: argmax over the wrong axis":
        "It returns one number per class, not one label per image: the maximum is taken over the "
        "images. Each row of scores belongs to an image; look at axis.",
    "predict: one label for the whole batch":
        "It returns a single number for the whole batch: "
        "without an axis, NumPy looks for the maximum over everything. Each row needs its own.",
    "predict: a row of numbers per image":
        "It returns a whole row of numbers for each image (scores, or ones and zeros); "
        "expected the number of one class.",
    "predict: a column":
        "It returns {got}; expected shape ({N},), a plain list of labels. "
        "Comparing a column with y makes a whole matrix, and its mean is no accuracy.",
    "predict: type":
        "It returns {got}; expected an array or a list of numbers, one for each row of X.",
    "predict: shape": "It returns {got}; expected one label per row of X, shape ({N},).",
    "predict: lowest score":
        "It predicts the class of lowest score; the classifier believes in the highest.",
    "predict: scores for labels":
        "It returns the highest scores themselves; asked for is the class that has them.",
    "predict: absolute scores":
        "It compares the scores without their signs: a very negative score speaks against a class.",
    "predict: second highest score":
        "It predicts the class of second highest score: "
        "an index into the sorted scores is off by one.",
    "predict: labels from 1": "All labels are too large by 1: classes are counted from 0.",
    "predict: last feature left out":
        "The last column of X is left out of the scores. "
        "It is the 1 that the bias is multiplied by.",
    "predict: first feature left out": "The first column of X is left out of the scores.",
    "predict: last class left out":
        "The last class is never predicted, even where its score is highest: it is left out.",
    "predict: first class left out":
        "The scores are looked at from class 1 on, so that class 0 is left out and all "
        "labels are off by one.",
    "predict: sum of the weights":
        "It predicts the class with the largest sum of weights, whatever the image.",
    "predict: one class for all":
        "It predicts class {label} for every image: the labels do not depend on X. "
        "Is the result still what it was set to at first?",
    "predict: labels":
        "For image {i} it predicts {got}, but class {want} has the highest score ({where}).",
}

SGD = {
    "sgd: calls":
        "The loss that it was given is called {calls} times in {iterations} iterations; "
        "expected one call in each.",
    "sgd: own loss":
        "The loss that it was given is never called. Any loss must be trained with, "
        "not one that the function knows by name: use the argument `loss`.",
    "sgd: one call only":
        "The loss is called once in {iterations} iterations: "
        "is the return, or the call, at the right indentation?",
    "sgd: reg": "The loss is called with reg = {got}; it was given {want}.",
    "sgd: batch shape":
        "A batch has shapes X {X} and y {y}; expected {want_X} and {want_y}.{means}",
    "sgd: batch rows": "A batch holds rows that are not rows of X: take whole rows, unchanged.",
    "sgd: labels apart":
        "Rows and labels of a batch do not belong together: images get the labels of others, "
        "and nothing can be learned. Draw the indices once, and take both X and y with them.",
    "sgd: same batch":
        "Every iteration sees the same batch: all but these few images are never learned from. "
        "Draw anew inside the loop, from the one generator that is given (a seed inside the loop "
        "begins again each time).",
    "sgd: coverage":
        "{missed} of {rows} rows of X are never drawn{which}. Draw the indices from all rows of X.",
    "sgd: repeated row": "A batch is one row many times. Draw batch_size indices, not one.",
    "sgd: start":
        "The first call of the loss does not get the W that was given: "
        "training starts from where W is.",
    "sgd: no step":
        "W does not change from one iteration to the next: "
        "the step is computed nowhere, or not put into W.",
    "sgd: not returned":
        "The W that is returned is not the trained one: "
        "the steps are made, but the W that comes back is {what}.",
    "sgd: ascent": "W moves along the gradient, where the loss rises; descent goes the other way.",
    "sgd: learning rate left out": "W moves by the whole gradient: the learning rate is left out.",
    "sgd: learning rate wrong":
        "W moves against the gradient, but {factor} times too far: "
        "look at what multiplies the gradient.",
    "sgd: learning rate changes":
        "The learning rate changes on the way: from iteration {i} on the step is {factor} times "
        "learning_rate * dW (counted from 0). Here it stays as it was given.",
    "sgd: regularization twice":
        "Each step holds the gradient and {factor} times reg times W besides. "
        "The gradient that the loss returns holds the regularization already.",
    "sgd: steps accumulate":
        "Each step holds the gradients of earlier iterations again: "
        "a sum is not set back, or there is momentum, which is not asked for here.",
    "sgd: late gradient":
        "Each step uses the gradient of the iteration before: "
        "take the step after the call of the loss.",
    "sgd: step":
        "W does not move by -learning_rate times the gradient of its batch (iteration {i}).",
    "sgd: signs only": "W moves by the signs of the gradient; its size is lost.",
    "sgd: history length":
        "It returns {got} losses for {want} iterations: "
        "one loss per iteration, in a list made before the loop.",
    "sgd: history": "The losses that it returns are not those of the minibatches, in order.",
    "sgd: history reversed": "The losses come in reverse order; the first iteration comes first.",
    "sgd: history scaled":
        "The losses that it returns are {factor} times those that the loss gave.",
    "sgd: history accumulates":
        "The losses that it returns are running sums of those that the loss gave.",
    "sgd: history of W":
        "The second thing it returns is {got}; expected the list of minibatch losses.",
    "sgd: returned in reverse": "It returns the losses first and W second; expected W, losses.",
    "sgd: in order":
        "The batches come in the order of the data, the same in each pass: draw them at random. "
        "Neighbours in a sorted data set look alike.",
}

SEARCH = {
    "search: returns": "It returns {got}; expected results, best_val, best.",
    "search: swapped arguments":
        "make was called with ({a}, {b}): the learning rate comes first, then reg.",
    "search: off the grid":
        "make was called with ({a}, {b}), which is not a pair of the learning rates and "
        "regs that were given.",
    "search: grid": "{missing} of {all} points of the grid are not in results.{means}",
    "search: untrained":
        "A classifier is never trained: call its fit before you ask it to predict.",
    "search: train without settings":
        "`train` is called without learning_rate and reg, and so trains every point of the "
        "grid alike, with its own defaults: it ignores what make was given. `fit` goes by that; "
        "`train` has to be told again.",
    "search: train settings swapped":
        "`train` gets learning_rate = {a} and reg = {b}, and should get them the other way round: "
        "the learning rate comes first.",
    "search: train settings":
        "`train` gets learning_rate = {a} and reg = {b} at the point {point}. "
        "It ignores what make was given, so both have to be those of the point.",
    "search: trained on validation":
        "A classifier is trained on the validation data. They may only choose; "
        "what was trained on them has seen the answers.",
    "search: labels mixed up":
        "A classifier is trained with labels that are not those of its rows.",
    "search: results type":
        "results is {got}; expected a dictionary from (learning_rate, reg) to two accuracies.",
    "search: keys swapped":
        "The keys of results are (reg, learning_rate); expected (learning_rate, reg).",
    "search: keys":
        "The keys of results are not the pairs (learning_rate, "
        "reg) of the grid, but such as {got}.",
    "search: accuracies swapped":
        "The two accuracies of a point are in the wrong order; "
        "training comes first, validation second.",
    "search: training for validation":
        "results holds the training accuracy twice: the second must be of the validation data.",
    "search: validation for training":
        "results holds the validation accuracy twice: the first must be of the training data.",
    "search: counts":
        "results holds how many predictions are right; "
        "an accuracy is their share, between 0 and 1.",
    "search: per cent": "The accuracies are in per cent; expected shares between 0 and 1.",
    "search: error rates":
        "results holds the shares of wrong predictions; expected those of right ones.",
    "search: one accuracy":
        "results holds one number per point; expected two, training and validation accuracy.",
    "search: results":
        "results[{point}] is {got}; expected (training accuracy, validation accuracy) = {want}.",
    "search: chosen on training":
        "What it returns is the point with the highest training accuracy. Settings that fit the "
        "training data best may just have learned them by heart; that is what the validation data "
        "are for.",
    "search: chosen on both":
        "What it returns is the point where both accuracies together are highest. A high one on "
        "the training data may just be learning by heart: only the validation data may choose.",
    "search: compared with training":
        "What it returns comes out where the accuracy of one kind is compared with one of the "
        "other, on training with on validation data. What is the best so far compared with?",
    "search: smallest gap":
        "What it returns is the point whose two accuracies lie closest together. A classifier that "
        "is bad on both has a small gap, too: what counts is the validation accuracy itself.",
    "search: best of the last round":
        "What it returns is the best of the last round of the outer loop, not of all: "
        "is the best value so far set back where a round begins?",
    "search: better than the one before":
        "What it returns is the last point that beats the one before it, not the best of all: "
        "is each point compared with the best so far?",
    "search: last for best":
        "What it returns is the last point of the grid, not the best: "
        "is it replaced without being compared?",
    "search: first for best":
        "What it returns is the first point of the grid, not the best: "
        "is it replaced when a better one comes?",
    "search: worst for best":
        "What it returns is the point with the lowest validation accuracy: "
        "the comparison is the wrong way round.",
    "search: best_val": "best_val is {got}; the highest validation accuracy is {want}.",
    "search: best_val of training":
        "best_val is {got}, the highest training accuracy; "
        "expected the highest validation accuracy.",
    "search: best not kept": "best is {got}; expected the trained classifier itself.",
    "search: best": "best is not the trained classifier with the highest validation accuracy.",
    "search: best made anew":
        "best is a new, untrained classifier with the best settings; "
        "expected the trained one itself.",
}

NUMBERS = {
    "number: type": "{name} is {got}; expected one real number.{means}",
    "number: not finite": "{name} is {got}; expected a finite number. Look for a division by 0.",
    "number: rounded":
        "{got} is rounded, or cut off, too early. "
        "Keep all decimals, or write the calculation itself and let Python do it.",
    "ship_score: bias left out":
        "{got} is what comes out without the bias (or, by accident, "
        "with it if the minus of the last weight is lost). Row times pixels is not yet the score.",
    "ship_score: bias subtracted":
        "{got} is what comes out if the bias is subtracted (or if both it and the minus of the "
        "last weight are lost). The bias is added, and brings a sign of its own.",
    "ship_score: another class":
        "{got} belongs to another class: the ship is the third row of W, and of b.",
    "ship_score: another bias":
        "{got} is the right product with the bias of another class; the ship's is the third.",
    "ship_score: bias in each product":
        "{got} holds the bias four times, once per pixel; it is added once per class.",
    "ship_score: all classes added":
        "{got} is the sum over all three classes; asked for is the third one alone.",
    "ship_score: value":
        "{got} is not the score, and no usual slip leads to it. Write down each weight of the "
        "third row times its pixel, with its sign, one term after another, and then the bias.",
    "sample_svm_loss: correct class counted":
        "{got} counts the correct class among the wrong ones: its margin is always 1. "
        "Leave it out of the sum.",
    "sample_svm_loss: margin left out":
        "{got} is what comes out without the margin: "
        "a wrong class costs from the moment when it comes within 1 of the correct one.",
    "sample_svm_loss: margin subtracted":
        "{got} has the margin with the wrong sign: "
        "a wrong class should have to stay 1 below the correct one.",
    "sample_svm_loss: not clipped":
        "{got} holds a negative term. A class that is far below the correct one costs nothing, "
        "and pays for no other.",
    "sample_svm_loss: another class for the correct one":
        "{got} takes another class for the correct one. "
        "The second class is right, and Python counts from 0.",
    "sample_svm_loss: mean for the sum":
        "{got} is the mean over the classes. The classes of a sample are summed; "
        "only samples are averaged.",
    "sample_svm_loss: margins squared":
        "{got} adds up the squares of the margins; this loss adds them as they are.",
    "sample_svm_loss: only the worst class":
        "{got} is the largest violation alone; "
        "in this loss all classes that violate the margin count.",
    "sample_svm_loss: first class left out":
        "{got} leaves out the first class, which violates the margin as well.",
    "sample_svm_loss: difference reversed":
        "{got} takes the differences the wrong way round: "
        "a wrong class costs when its score comes near the correct one's or above it.",
    "sample_svm_loss: violations counted, not added up":
        "{got} is the number of violated margins; it is their size that is added up.",
    "sample_svm_loss: softmax":
        "{got} is the cross-entropy of softmax; asked for is the loss of the SVM.",
    "sample_svm_loss: value":
        "{got} is not the loss, and no usual slip leads to it. "
        "There is one term for each of the three wrong classes: "
        "its score less the correct class's, plus the margin, and never less than 0.",
}

BIAS_TRICK = {
    "bias_trick: b first":
        "b is the first row of the result. The 1 stands at the end of each row of X, "
        "so it meets the last row of W; here the biases would be multiplied by a pixel.",
    "bias_trick: b as a column":
        "b is put beside W, as one more column, which would be one more class (and fits only "
        "where D = C). W has a column per class, and b a number per class: where does each belong?",
    "bias_trick: b as the first column":
        "b is put before W, as one more column, which would be one more class (and fits only "
        "where D = C). W has a column per class, and b a number per class: where does each belong?",
    "bias_trick: transposed":
        "The result is the transpose of what it should be: "
        "classes lie in the columns of W here, not in its rows as in the notes.",
    "bias_trick: b added":
        "b is added to every row of W, by broadcasting, so the biases would be multiplied by each "
        "pixel. They need a row of their own.",
    "bias_trick: b added to a row of ones":
        "The last row is 1 + b: the ones belong to X, the biases to W.",
    "bias_trick: a row of ones":
        "The last row holds ones, and b is nowhere: "
        "the ones belong to X, and what they are multiplied by to W.",
    "bias_trick: a column of ones":
        "W has got a column of ones, and b is nowhere. That is what happens to X; "
        "W gets what the ones are multiplied by.",
    "bias_trick: b left out": "The result is W as it was: b is left out.",
    "bias_trick: b negated":
        "The last row is minus b: what is multiplied by 1 is added, so b keeps its sign.",
    "bias_trick: a row of zeros":
        "The last row is still zero: W has room for b, but b is never put there.",
    "bias_trick: last row overwritten":
        "b stands in the place of the last row of W, and that pixel's weights are lost: "
        "the result has one row more than W.",
    "bias_trick: flattened":
        "The result is one long line of numbers: np.append and np.r_ flatten what they get unless "
        "they are told an axis. A matrix is asked for.",
    "bias_trick: value":
        "The result has the right shape, but not the right entries: {entry} ({where}).",
}

BINARY_C = {
    "binary_C: N left out":
        "N is left out. Our data loss is a mean over N samples, the one behind C a sum: "
        "what turns one into the other?",
    "binary_C: reg left out":
        "reg is left out: the stronger the penalty, the less the data count beside it, "
        "and C says how much they count.",
    "binary_C: times N":
        "It is multiplied by N, and should be divided by it: a sum over N samples is N times "
        "their mean, so it needs a smaller factor to count as much.",
    "binary_C: halved":
        "It is half of what it should be. The weights of the binary SVM are the "
        "difference of our two columns, and each column pays for its own half only: "
        "compare the sum of their squares with that of the difference.",
    "binary_C: doubled":
        "It is twice what it should be. In front of the squared weights of the binary SVM stands "
        "one half; compare it with what our two columns pay together.",
    "binary_C: reciprocal":
        "It is the reciprocal of what it should be: a stronger penalty means a smaller C.",
    "binary_C: times reg":
        "It grows with reg, and should fall. Is a pair of parentheses missing? "
        "`a / b * c` divides by b alone.",
    "binary_C: added":
        "N and reg are added. Each multiplies a whole part of the loss, so they meet in a product.",
    "binary_C: reg": "It is reg itself: C stands before the data, reg before the penalty.",
    "binary_C: whole numbers":
        "It is rounded down to a whole number, as `//` and `int` do; "
        "asked for is the plain quotient.",
    "binary_C: value": "It returns {got}, expected {want} ({where}).",
}

KL_DIVERGENCE = {
    "kl_divergence: arguments swapped":
        "p and q are swapped: it is not symmetric. "
        "The expectation is taken under p, the true distribution.",
    "kl_divergence: cross-entropy":
        "That is the cross-entropy, which is not 0 where p and q agree: "
        "the entropy of p is still in it.",
    "kl_divergence: entropy": "That is the entropy of p alone; q does not enter.",
    "kl_divergence: sign flipped":
        "It has the wrong sign: a divergence is never negative. "
        "Which of the two logarithms is subtracted?",
    "kl_divergence: bits":
        "It is in bits, by the logarithm to base 2; asked for are nats, by the natural logarithm.",
    "kl_divergence: logarithm to base 10":
        "The logarithm is that to base 10; nats ask for the natural one.",
    "kl_divergence: mean for the sum":
        "It is the mean over the classes. "
        "The shares p are weights already, so an expectation is a sum.",
    "kl_divergence: p left out":
        "The logarithms are added up without their weights: "
        "each class counts as often as it occurs, by p.",
    "kl_divergence: weighted by q":
        "Each class is weighted by q; it is p that says how often it occurs.",
    "kl_divergence: logarithms divided":
        "The logarithms are divided by one another. "
        "The logarithm of a quotient is the difference of the logarithms.",
    "kl_divergence: logarithms added":
        "The logarithms are added, as for a product; it is the ratio of p to q that counts.",
    "kl_divergence: logarithm left out":
        "The shares themselves are subtracted; it is their logarithms that are compared.",
    "kl_divergence: absolute":
        "The terms are taken without their signs. Single ones may be negative; "
        "only the sum is not.",
    "kl_divergence: logarithm of the sum":
        "The ratios are summed before the logarithm is taken, and without their weights: "
        "each class has a logarithm of its own, and counts as often as it occurs, by p.",
    "kl_divergence: logarithm of the weighted sum":
        "The ratios are summed before the logarithm is taken: "
        "each class has a logarithm of its own.",
    "kl_divergence: not summed": "It returns one number per class; they are still to be added up.",
    "kl_divergence: value": "It returns {got}, expected {want} ({where}).",
}

BREAK = {
    "break: no small problem": "{unfit}",
    "break: reg is 0":
        "{seen} With a reg of 0 the regularization is switched off, "
        "and what a loss makes of it cannot be seen.",
    "break: weights are 0":
        "{seen} All weights are 0, and so is the regularization, whatever is made of it.",
    "break: one sample":
        "{seen} There is one sample, of which sum and mean are the same: "
        "a slip between these two cannot be seen.",
    "break: too small to show":
        "{seen} The regularization makes up {share} of the gradient here, too little for a slip "
        "in it to be seen.{course} Which of the numbers that you return decide how much it counts?",
}

# What is to be noted of an answer that is correct: one sentence each.
NOTES = {
    "logarithm of 0":
        "The loss is {got} where scores lie 800 apart ({where}), since a probability rounds to 0 "
        "there and log(0) is not finite, while the logarithm of a row's sum always is.",
    "bounded":
        "The loss can never exceed {bound}, also where it should be {want}, since what is added "
        "to the probabilities, or cuts them off, is as much as e to the minus {bound}.",
    "global generator":
        "It draws from NumPy's global generator, so that no seed of yours repeats the result.",
    "other generator":
        "It does not draw with `rng`, the generator that it is given, so that the caller's seed "
        "does not repeat the result.",
    "loop":
        "It has a Python loop (`{shown}`), and the exercise asks for none: with a loop over the "
        "images a search takes minutes.",
    "naive":
        "It calls `{shown}`, and the exercise asks for a way without Python's loops, with which a "
        "search takes minutes.",
}

QUESTIONS = NUMBERS | BIAS_TRICK | BINARY_C | KL_DIVERGENCE | BREAK
TABLE = (ANSWERS | WHOLE | slip_texts() | LOSS | GRADIENT | PROBABILITIES | PREDICT | SGD | SEARCH
         | QUESTIONS)


def fault(id: str, **seen: object) -> Fault:
    """The fault with that id, its sentence filled in with what was seen."""
    return Fault(id, TABLE[id].format(**seen).strip())


def note(id: str, **seen: object) -> str:
    """The note with that id, filled in with what was seen."""
    return NOTES[id].format(**seen)
