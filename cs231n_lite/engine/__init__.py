"""The mathematics of the textbook where it has to be fast, large, or at home in scikit-learn.

    losses       the losses of scores class by class, in blocks of rows that stay in the cache
    estimator    fit and partial_fit
    settings     their parameters: which there may be, and what is trained with them
    predictor    decision_function, predict, and the coefficients
    entry        what enters an estimator, refused in words that name the remedy
    standardize  features of any scale, standardized as they are drawn
    weights      rows and classes that weigh more than others are drawn more often
    copies       functions that came back from another process, to be saved by their names
    monitor      what looks on while a classifier trains: losses, a progress bar, early stopping
    scores       scores of plain features, block by block
    search       a grid of settings: what is trained where
    grid         which classifiers can be trained as one matrix, and what goes into it
    matrix       classifiers trained as one matrix, in NumPy alone: what a worker runs
    mapped       arrays in files, which go to workers as paths
    threads      one thread for small products, which a busy machine needs
"""
