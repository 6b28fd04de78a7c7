"""One judge for each kind of answer: it tries inputs made to show mistakes, and finds faults.

    problems     the inputs, the same ones at each check
    referee      losses and gradients from their definitions, independent of the answers
    calling      what all judges need: call a student's function, compare what comes back
    loss         losses with their gradients, of W and of scores
    outputs      probabilities and predicted labels
    sgd          a training loop, by a loss that spies on it
    search       a hyperparameter search, by stand-in classifiers
    choices      wrong ways to choose the best point, each of which must show
    lines        functions of one line
    numbers      numbers
    exposing     a problem on which a wrong loss goes wrong
"""
