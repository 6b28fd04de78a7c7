"""The slips in all that is no loss as a teacher reads them, one sentence each: see `loss_slips`."""
from cs231n_lite.grading.reporting.loss_slips import BASE, OF_THE_LOSS, OTHER_LOSS

NOT_AN_ARRAY = "Something else than an array of floats is returned."
NO_RETURN = "The function returns None: its return statement is missing."
WRONG_RETURN = "Something else is returned than is asked for."
OTHER_SHAPE = "The result has the wrong shape."
ANOTHER_CLASS = "The numbers of another class are taken: Python counts from 0."
LEFT_COLUMN = "b is put beside W as a column, not below it as a row."
LOGARITHM_LAST = "The ratios are summed before the logarithm is taken."
NO_BIAS = "The bias is left out."

ANSWERS = {
    "unsolved helper": "It calls an exercise that is not solved yet.",
    "returns None": NO_RETURN,
    "returns": WRONG_RETURN,
    "loss type": "The loss is not one real number.",
    "type": NOT_AN_ARRAY,
    "shape": OTHER_SHAPE,
    "input changed": "An array that was given is changed in place (`W -= ...` for `W = W - ...`).",
    "aliasing": "An array that was given is returned, or a view of it, and not a new one.",
    "not repeatable": "Something is left over from one call to the next, or drawn at random.",
    "overwritten": "The result of one call is overwritten by the next.",
    "endless": "It does not come to an end in time.",
    "exit": "It ends its process: by exit, by a signal, or for want of memory.",
    "output": "It prints or returns far too much.",
    "threads": "It starts too many threads.",
    "refused": "It does what the grader allows nobody: write a file, start a process, connect.",
    "odd answer": "It returns an object that cannot be looked at.",
    "crash": "It stops with an error of its own.",
}
# Of a crash, by the type of the error.
CRASHES = {
    "NameError": "It stops at a name that was given no value (NameError).",
    "UnboundLocalError": "It stops at a name that was given no value (NameError).",
    "ValueError": "It stops at arrays whose shapes, or at values that, do not fit (ValueError).",
    "TypeError": "It stops at an operation on things of the wrong type (TypeError).",
    "IndexError": "It stops at an index that is out of range, or of the wrong kind (IndexError).",
    "KeyError": "It stops at a key that a dictionary does not hold (KeyError).",
    "AttributeError": "It stops at an attribute that an object does not have (AttributeError).",
    "ZeroDivisionError": "It stops at a division by zero (ZeroDivisionError).",
    "ModuleNotFoundError": "It imports what is not there (ImportError).",
    "ImportError": "It imports what is not there (ImportError).",
    "RecursionError": "It calls itself without an end (RecursionError).",
    "FileNotFoundError": "It reads a file that is not there (FileNotFoundError).",
    "UFuncTypeError": "It stops at an operation on things of the wrong type (TypeError).",
    "_UFuncOutputCastingError": "It stops at an operation on things of the wrong type (TypeError).",
    "AxisError": "It stops at an axis that an array does not have (AxisError).",
    "MemoryError": "It takes more memory than there is (MemoryError).",
    "OverflowError": "It stops at a number that is too large (OverflowError).",
    "AssertionError": "It stops at an assertion of its own (AssertionError).",
}
PREDICT = {
    "predict: argmax over the wrong axis":
        "The maximum is taken over the images, not over the classes: `axis=0` for `axis=1`.",
    "predict: one label for the whole batch":
        "argmax without an axis: one label for the whole batch.",
    "predict: a row of numbers per image": "A row of numbers is returned for each image.",
    "predict: a column": "The labels are returned as a column (N, 1).",
    "predict: type": NOT_AN_ARRAY,
    "predict: shape": OTHER_SHAPE,
    "predict: lowest score": "The class of lowest score is predicted (`argmin`).",
    "predict: scores for labels": "The highest scores are returned, not the classes (`max`).",
    "predict: absolute scores": "The scores are compared without their signs.",
    "predict: second highest score": "The class of second highest score is predicted.",
    "predict: labels from 1": "Classes are counted from 1, not from 0.",
    "predict: last feature left out": "The last column of X, the bias's 1, is left out.",
    "predict: first feature left out": "The first column of X is left out.",
    "predict: sum of the weights": "The class with the largest sum of weights is predicted.",
    "predict: one class for all": "The same class is predicted for every image.",
}
SGD = {
    "sgd: calls": "The loss is not called num_iters times, once in each iteration.",
    "sgd: own loss": "The loss that is given is not called; another one is, by its name.",
    "sgd: one call only": "The loss is called once in all: the return stands inside the loop.",
    "sgd: reg": "The loss is not given the reg that it should be.",
    "sgd: batch shape": "The minibatches have the wrong shape.",
    "sgd: batch rows": "The minibatches hold what is no row of X.",
    "sgd: labels apart": "Rows and labels are drawn apart: images get the labels of others.",
    "sgd: same batch": "Every iteration sees the same minibatch.",
    "sgd: coverage": "Some rows of X are never drawn.",
    "sgd: repeated row": "A minibatch is one row many times.",
    "sgd: start": "Training does not start from the W that is given.",
    "sgd: no step": "W is never moved.",
    "sgd: not returned": "The W that is returned is not the trained one.",
    "sgd: ascent": "W moves along the gradient, not against it: `+=` for `-=`.",
    "sgd: learning rate left out": "The learning rate is left out of the step.",
    "sgd: learning rate wrong": "The step is multiplied by something else than the learning rate.",
    "sgd: learning rate changes": "The learning rate changes on the way.",
    "sgd: regularization twice":
        "The step adds the regularization again, which the gradient holds already.",
    "sgd: steps accumulate": "Each step holds earlier gradients, too.",
    "sgd: late gradient": "Each step uses the gradient of the iteration before.",
    "sgd: signs only": "W moves by the signs of the gradient alone.",
    "sgd: history length": "The list of losses does not hold one for each iteration.",
    "sgd: history": "The list holds something else than the minibatches' losses.",
    "sgd: history reversed": "The losses come in reverse order.",
    "sgd: history scaled": "The losses in the list have a wrong factor.",
    "sgd: history accumulates": "The list holds running sums of the losses.",
    "sgd: history of W": "The second result is no list of losses.",
    "sgd: returned in reverse": "losses, W are returned where W, losses is asked for.",
    "sgd: in order": "The minibatches come in the order of the data, not drawn at random.",
}
SEARCH = {
    "search: returns": WRONG_RETURN,
    "search: swapped arguments": "reg and the learning rate are given to `make` in reverse order.",
    "search: off the grid": "Classifiers are made with settings that are not of the grid.",
    "search: grid": "Points of the grid are left out.",
    "search: untrained": "A classifier is never trained.",
    "search: train without settings": "`train` is called without learning_rate and reg.",
    "search: train settings swapped": "`train` gets reg and the learning rate in reverse order.",
    "search: train settings": "`train` gets other settings than the point's.",
    "search: trained on validation": "A classifier is trained on the validation data.",
    "search: labels mixed up": "A classifier is trained with labels that are not its rows'.",
    "search: results type": "results is no dictionary of accuracies.",
    "search: keys swapped": "The keys of results are (reg, learning_rate).",
    "search: keys": "The keys of results are not the points of the grid.",
    "search: accuracies swapped": "Validation accuracy comes before training accuracy in results.",
    "search: training for validation": "results holds the training accuracy twice.",
    "search: validation for training": "results holds the validation accuracy twice.",
    "search: counts": "results holds numbers of right answers, not their shares.",
    "search: per cent": "The accuracies are in per cent.",
    "search: error rates": "results holds the shares of wrong answers.",
    "search: one accuracy": "results holds one accuracy per point, not two.",
    "search: chosen on training": "The best point is chosen by training accuracy.",
    "search: chosen on both": "The best point is chosen by both accuracies together.",
    "search: compared with training":
        "Training and validation accuracy are compared with one another.",
    "search: smallest gap": "The point whose accuracies are closest together is chosen.",
    "search: best of the last round": "The best so far is set back in each round of the loop.",
    "search: better than the one before": "Each point is compared with the one before it.",
    "search: last for best": "The last point is returned, without a comparison.",
    "search: first for best": "The first point is returned: the best is never replaced.",
    "search: worst for best": "The worst point is returned: the comparison is reversed.",
    "search: best_val": "best_val is not the highest validation accuracy.",
    "search: best_val of training": "best_val is a training accuracy.",
    "search: best not kept": "best is not the trained classifier itself.",
    "search: best made anew": "best is a new, untrained classifier with the best settings.",
}
NUMBERS = {
    "number: type": "Something else than one real number is given.",
    "number: not finite": "The number is not finite.",
    "ship_score: bias left out": NO_BIAS,
    "ship_score: bias subtracted": "The bias is subtracted.",
    "ship_score: another class": ANOTHER_CLASS,
    "ship_score: another bias": "The bias of another class is added.",
    "ship_score: bias in each product": "The bias is added once per pixel.",
    "ship_score: all classes added": "The scores of all classes are added.",
    "sample_svm_loss: another class for the correct one": ANOTHER_CLASS,
    "sample_svm_loss: softmax": OTHER_LOSS.format("softmax's cross-entropy",
                                                  "the SVM's hinge loss"),
}
BIAS_TRICK = {
    "bias_trick: b first": "b is put above W: it should meet the 1 at the end of each row of X.",
    "bias_trick: b as a column": LEFT_COLUMN,
    "bias_trick: b as the first column": LEFT_COLUMN,
    "bias_trick: transposed": "The result is transposed: classes are the columns of W here.",
    "bias_trick: b added": "b is added to every row of W by broadcasting.",
    "bias_trick: b added to a row of ones": "The last row is 1 + b: the ones belong to X.",
    "bias_trick: a row of ones": "W gets a row of ones, which belong to X; b is nowhere.",
    "bias_trick: a column of ones": "W gets a column of ones, which belong to X; b is nowhere.",
    "bias_trick: b left out": NO_BIAS,
    "bias_trick: b negated": "The last row is minus b.",
    "bias_trick: a row of zeros": "W gets a row for b, in which b is never put.",
    "bias_trick: last row overwritten": "b overwrites the last row of W.",
    "bias_trick: flattened": "The result is flat: np.append or np.r_ without an axis.",
}
BINARY_C = {
    "binary_C: N left out": "N is left out of C: the mean is taken for a sum.",
    "binary_C: reg left out": "reg is left out of C.",
    "binary_C: times N": "C is multiplied by N where it should be divided.",
    "binary_C: halved": "C is half of what it should be.",
    "binary_C: doubled": "C is twice what it should be.",
    "binary_C: reciprocal": "The reciprocal of C is returned.",
    "binary_C: times reg": "C grows with reg: `1 / N * reg` divides by N alone.",
    "binary_C: added": "N and reg are added, not multiplied.",
    "binary_C: reg": "C is taken for reg itself.",
    "binary_C: whole numbers": "C is rounded to a whole number (`//` or `int`).",
}
KL_DIVERGENCE = {
    "kl_divergence: arguments swapped": "p and q are swapped in the divergence.",
    "kl_divergence: cross-entropy": "The cross-entropy is returned for the divergence.",
    "kl_divergence: entropy": "The entropy of p is returned for the divergence.",
    "kl_divergence: sign flipped": "The divergence has the wrong sign.",
    "kl_divergence: bits": BASE,
    "kl_divergence: logarithm to base 10": BASE,
    "kl_divergence: p left out": "The logarithms are not weighted by p.",
    "kl_divergence: weighted by q": "The logarithms are weighted by q, not by p.",
    "kl_divergence: logarithms divided": "The logarithms are divided, not subtracted.",
    "kl_divergence: logarithms added": "The logarithms are added, not subtracted.",
    "kl_divergence: logarithm left out": "The shares are subtracted, not their logarithms.",
    "kl_divergence: absolute": "The divergence's terms are taken without their signs.",
    "kl_divergence: logarithm of the sum": LOGARITHM_LAST,
    "kl_divergence: logarithm of the weighted sum": LOGARITHM_LAST,
    "kl_divergence: not summed": "The divergence's terms are not added up.",
}
BREAK = {
    "break: no small problem": "What is returned is no small problem (W, X, y, reg).",
    "break: reg is 0": "The problem has a reg of 0, where no slip in the penalty shows.",
    "break: weights are 0": "The problem has weights of 0, where no slip in the penalty shows.",
    "break: one sample": "The problem has one sample, where sum and mean are the same.",
    "break: too small to show": "The penalty is too small for a slip in it to show.",
}
# What is noted of a right answer.
NOTED = {
    "logarithm of 0": OF_THE_LOSS["loss: logarithm of 0"],
    "bounded": OF_THE_LOSS["loss: bounded"],
    "global generator": "It draws from NumPy's global generator, so that no seed repeats it.",
    "other generator": "It does not draw with `rng`, the generator that it is given.",
    "loop": "It has a Python loop, where the exercise asks for none.",
    "naive": "It calls a function with Python loops, where the exercise asks for none.",
}
IN_OTHERS = (ANSWERS | PREDICT | SGD | SEARCH | NUMBERS | BIAS_TRICK | BINARY_C | KL_DIVERGENCE
             | BREAK)
# What is wrong without being a slip that is known, or was not judged to its end.
UNKNOWN = {
    "predict: labels": "Some labels are wrong by no slip that is known.",
    "sgd: step": "The steps are wrong by no slip that is known.",
    "search: results": "The accuracies are wrong by no slip that is known.",
    "search: best": "best is wrong by no slip that is known.",
    **{f"{id}: value": "The value is wrong by no slip that is known."
       for id in ("ship_score", "sample_svm_loss", "bias_trick", "binary_C", "kl_divergence")},
    "other inputs": "It is right on the first inputs, and wrong on others.",
    "haste": "It was not tried to its end, since other exercises had used up the time.",
    "forged": "Its process sent the grader something else than an answer.",
    "syntax": "Its cell is no valid Python.",
    "notebook": "Its notebook cannot be read.",
    "grader": "The grader stopped at it.",
}
