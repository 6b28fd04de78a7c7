"""Other brackets: what stands inside a function, a sum or a comparison, or outside."""
import ast

from cs231n_lite.exercises.diagnosis.tree import Kinds


def sums_and_products(part: ast.BinOp) -> Kinds:
    """A term or factor dropped, both exchanged, other brackets."""
    left, op, right = part.left, part.op, part.right
    yield "too much", left
    yield "too much", right
    if isinstance(op, ast.Sub):
        yield "too much", ast.UnaryOp(ast.USub(), right)
    if isinstance(left, ast.BinOp) and isinstance(op, ast.Mult) and isinstance(left.op, ast.Mult):
        yield "too much", left.left
    if isinstance(left, ast.Compare):
        yield "too much", ast.BinOp(left, op, ast.Constant(1.0))
    if not isinstance(op, (ast.Add, ast.Mult)):
        yield "difference" if isinstance(op, ast.Sub) else "exchanged", ast.BinOp(right, op, left)
    if isinstance(left, ast.BinOp):
        yield "brackets", ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
    if isinstance(right, ast.BinOp):
        yield "brackets", ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
    if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
        yield "brackets", ast.UnaryOp(ast.USub(), ast.BinOp(left.operand, op, right))
    yield from into_the_first_call(part)
    if isinstance(right, ast.Call) and len(right.args) == 1:
        inner = ast.BinOp(left, op, right.args[0])
        yield "brackets", ast.Call(right.func, [inner], right.keywords)


def into_the_first_call(part: ast.BinOp) -> Kinds:
    """`f(x, a) - b + c` as `f(x, a - b + c)`; `-f(a) / b` as `-f(a / b)`."""
    chain, first = [part], part.left
    while isinstance(first, ast.BinOp):
        chain.append(first)
        first = first.left
    minus = isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub)
    call = first.operand if isinstance(first, ast.UnaryOp) and minus else first
    if not isinstance(call, ast.Call) or not call.args:
        return
    inner = call.args[-1]
    for outer in reversed(chain):
        inner = ast.BinOp(inner, outer.op, outer.right)
        new: ast.expr = ast.Call(call.func, [*call.args[:-1], inner], call.keywords)
        yield "brackets", ast.UnaryOp(ast.USub(), new) if minus else new


def comparisons(part: ast.Compare) -> Kinds:
    """A comparison of a term alone: `1 / a - b == c` as `1 / a - (b == c)`."""
    left, right = part.left, part.comparators[-1]
    if isinstance(left, ast.BinOp):
        alone = ast.Compare(left.right, part.ops, part.comparators)
        yield "brackets", ast.BinOp(left.left, left.op, alone)
    if isinstance(right, ast.BinOp) and len(part.ops) == 1:
        alone = ast.Compare(left, part.ops, [right.left])
        yield "brackets", ast.BinOp(alone, right.op, right.right)


def around_a_part(part: ast.Call, inner: ast.BinOp) -> Kinds:
    """`f(a + b)` as `f(a) + b`, `a + f(b)`; `f(g(a) + b)` as `g(f(a)) + b`."""
    left = ast.Call(part.func, [inner.left], part.keywords)
    right = ast.Call(part.func, [inner.right], part.keywords)
    yield "brackets", ast.BinOp(left, inner.op, inner.right)
    yield "brackets", ast.BinOp(inner.left, inner.op, right)
    if isinstance(first := inner.left, ast.Call) and len(first.args) == 1:
        swapped = ast.Call(first.func, [ast.Call(part.func, first.args, [])], first.keywords)
        yield "brackets", ast.BinOp(swapped, inner.op, inner.right)
    if isinstance(second := inner.right, ast.Call) and len(second.args) == 1:
        below = ast.Call(second.func, [left], second.keywords)
        yield "brackets", ast.BinOp(left, inner.op, below)
