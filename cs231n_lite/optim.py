"""Minibatch descent along the gradient of any loss(W, X, y, reg) -> (loss, dW).

Both descents leave the W that they are given as it is, and return the trained
copy with the minibatch losses on the way.  They raise FloatingPointError, naming
the learning rate, as soon as a loss is no longer finite, and when the last step
leaves weights that are not; ValueError for settings and data that do not fit.
Source: CS231n notes, "Optimization" and "Neural networks part 3" (momentum).
"""
import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from cs231n_lite.checks import Loss, check_momentum, check_templates, checked_descent
from cs231n_lite.checks_basic import check_function, check_shape


@checked_descent
def sgd(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
        num_iters: int, batch_size: int, rng: Generator) -> tuple[Array, list[float]]:
    """Minibatch stochastic gradient descent: W <- W - learning_rate * dW, num_iters times.

    Returns W (D, C) and the list of num_iters minibatch losses.
    """
    W, losses = W.copy(), []
    for _ in range(num_iters):
        rows = rng.integers(len(X), size=batch_size)
        value, dW = loss(W, X[rows], y[rows], reg)
        losses.append(value)
        W -= learning_rate * dW
    return W, losses


@checked_descent
def momentum_sgd(loss: Loss, W: Array, X: Array, y: Array, learning_rate: float, reg: float,
                 num_iters: int, batch_size: int, rng: Generator,
                 momentum: float = 0.9) -> tuple[Array, list[float]]:
    """As `sgd`, with momentum, and a learning rate that falls linearly to zero.

    step <- momentum * step + share * dW, W <- W - learning_rate * step: to `sgd`, a loss whose
    gradient is the step.  The share falls from 1 to 0, which lets the noise of the minibatches die
    out, so that W comes to rest.
    """
    check_momentum(momentum)
    step, shares = np.zeros_like(W), iter(1 - np.arange(num_iters) / num_iters)

    def with_momentum(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        nonlocal step
        value, dW = loss(W, X, y, reg)
        step = momentum * step + float(next(shares)) * dW
        return value, step

    return sgd(with_momentum, W, X, y, learning_rate, reg, num_iters, batch_size, rng)


def mirrored(loss: Loss, shape: tuple[int, int, int] = (32, 32, 3)) -> Loss:
    """The loss for descent on images of that shape and their mirror images, at the price of one.

    An image and its mirror image have the same score under templates that are
    themselves symmetric, and the best templates for both are: the losses are
    convex.  So it is enough to keep the weights symmetric, by averaging each
    gradient with its mirror image.  Start from weights near zero.
    """
    check_function("loss", loss, "W, X, y, reg")
    check_shape(shape)

    def both(W: Array, X: Array, y: Array, reg: float) -> tuple[float, Array]:
        value, dW = loss(W, X, y, reg)
        check_templates(dW, shape)
        templates = dW[:-1].reshape(*shape, -1)
        dW[:-1] = ((templates + templates[:, ::-1]) / 2).reshape(len(dW) - 1, -1)
        return value, dW

    return both
