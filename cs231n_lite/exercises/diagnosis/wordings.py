"""The words for slips that take one thing for another: a row or label for all, all for one."""

WHERE = {"": "", " (other classes)": ", in the other classes' part",
         " (correct class)": ", in the correct class's part"}
ROWS = {
    "first sample's row for all":
        "the first row of X stands where each sample's own belongs{where}",
    "sum of all rows for each":
        "the sum of all rows of X stands where each sample's own row belongs{where}: "
        "inside a loop over the samples, one row is meant",
    "mean of all rows for each":
        "the mean of all rows of X stands where each sample's own row belongs{where}: "
        "inside a loop over the samples, one row is meant",
    "row left out":
        "a number is added that is not multiplied by its sample's row of X{where}: "
        "look at the brackets",
    "not normalized":
        "the exponential is not divided by its sum{where} (or, after the logarithm, "
        "the logarithm of that sum is not there)",
    "exponential below only":
        "the score itself is divided by the sum of the exponentials{where}: "
        "above, the exponential is forgotten",
    "quotient in the exponent":
        "the score is divided by the sum and not its exponential{where}: "
        "look at the brackets of exp and of log",
}
PLAIN = {
    # One for all.
    "first sample's scores for all":
        "the scores of the first sample stand where each sample's own belong",
    "sum of all samples' scores for each":
        "the sum of all rows of X gives the scores, where each row has scores of its own",
    "mean of all samples' scores for each":
        "the mean of all rows of X gives the scores, where each row has scores of its own",
    "first sample's scores for the correct classes":
        "the score of each correct class is taken from the first row, not from its own",
    "first sample's label for all":
        "the label of the first sample stands where each sample's own belongs",
    "first sample's label for all (correct class)":
        "the correct class's part is put into the column of the first sample's label, "
        "where each sample's own belongs",
    "labels of all samples in the first row":
        "the labels of all samples pick entries of the first row only; "
        "each sample has an entry in a row of its own",
    "indicator in the first row only":
        "1 is subtracted in the first row only; each row has a correct class",
    "indicator in every column":
        "1 is subtracted in every column; it belongs into the correct class's alone",
    "correct class's probability for all":
        "the correct class's probability stands in every column; each class has its own",
    # The hinge.
    "maximum of the scores alone":
        "the maximum with 0 is taken of the score alone, before the correct class's is "
        "subtracted: look at the brackets",
    "margin added once per sample":
        "the margin of 1 is added once per sample; it belongs to each difference, "
        "before the maximum with 0 is taken",
    "margin added once in all":
        "the margin of 1 is added once in all; it belongs to each difference, "
        "before the maximum with 0 is taken",
    "largest margin of all":
        "only the largest margin of the whole batch counts; "
        "the violated ones of a sample are added up, and the mean is taken over the samples",
    "counts in an array of booleans":
        "the number of violations is written into an array of True and False, which makes 1 of "
        "it, and drops the minus; turn the mask into numbers first",
    "counts in unsigned integers":
        "minus the number of violations is written into an array of unsigned integers, which "
        "have no minus; make it of floats",
    "violations of all samples counted for each":
        "each correct class counts with the violations of the whole batch; "
        "it is those of its own row. Look at axis",
    "count of violations carried on":
        "the count of violations goes on from one sample to the next; "
        "it has to start from 0 in each",
    # Cross-entropy.
    "sum's logarithm to base 2":
        "the logarithm of the sum is the one to base 2; exp has the natural one for its inverse",
    "sum's logarithm to base 10":
        "the logarithm of the sum is the one to base 10; exp has the natural one for its inverse",
    "mean for the sum":
        "the exponentials are divided by their mean, not by their sum",
    "sum carried on":
        "the sum of the exponentials goes on from one sample to the next; "
        "it has to start from 0 in each",
    "exponential above only":
        "the exponentials are divided by the sum of the scores themselves: "
        "below, the exponential is forgotten",
    "1 added inside the logarithm":
        "1 is added to the sum inside the logarithm, as np.log1p does",
    "subtracted inside the logarithm":
        "the correct class's score is subtracted inside the logarithm; "
        "it is subtracted from the logarithm. Look at the brackets",
    "division by N inside the logarithm":
        "the division by N stands inside the logarithm: look at the brackets",
    "logarithm after the sum":
        "the logarithm is taken of the sum over the samples; "
        "each sample's probability has a logarithm of its own",
    # Another loss.
    "of softmax":
        "this is the cross-entropy of softmax; asked for is the hinge loss of the SVM, "
        "the sum of what the other classes' margins have above 0",
    "of the SVM":
        "this is the hinge loss of the SVM; asked for is the cross-entropy of softmax, "
        "minus the logarithm of the correct class's probability",
    "of squared errors":
        "these are squared distances from one-hot labels; asked for is the cross-entropy, "
        "minus the logarithm of the correct class's probability",
}
MIXUPS = PLAIN | {f"{name}{place}": text.format(where=where)
                  for name, text in ROWS.items() for place, where in WHERE.items()}
