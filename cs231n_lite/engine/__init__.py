"""The mathematics of the textbook where it has to be fast, large, or at home in scikit-learn.

    losses       the losses in blocks of rows that stay in the cache
    estimator    fit, partial_fit, decision_function, predict, and their parameters
    standardize  features of any scale, standardized as they are drawn
    monitor      what looks on while a classifier trains: losses, a progress bar, early stopping
    grid         a grid of classifiers trained as one matrix
    search       a grid of settings: what is trained together, and where
    mapped       arrays in files, which go to workers as paths
    threads      one thread for small products, which a busy machine needs
"""
