"""What answers have in common: the same wrong text, comments and unusual names."""
from class_results import result, row

from cs231n_lite.grading.__main__ import parsed
from cs231n_lite.grading.reporting.overview import class_page
from cs231n_lite.grading.reporting.similar import answers_in, in_common, same

LONG = """def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):
    W, losses = W.copy(), []
    for step in range(num_iters):
        rows = rng.integers(len(X), size=batch_size)
        value, dW = loss(W, X[rows], y[rows], reg)
        W += learning_rate * dW
        losses.append(value)
    return W, losses
"""
WRONG = ("sgd: ascent",)


def alike(finder, *codes: str, faults: tuple[str, ...] = WRONG, more: int = 0) -> list[tuple]:
    """Who is alike, and in what, of students with these answers to sgd and `more` with others."""
    results = [result(f"s{n}", row("sgd", *faults, cells=(code,))) for n, code in enumerate(codes)]
    others = [result(f"o{n}", row("sgd", *faults, cells=(f"def sgd():\n    return {n}",)))
              for n in range(more)]
    found = list(answers_in(results + others))
    groups = finder(found) if finder is same else finder(found, len(results + others))
    return [([answer.student for answer in group.answers], *filter(None, [group.shared]))
            for group in groups]


def test_wrong_answers_are_the_same_whatever_their_spaces_and_comments():
    spaced = LONG.replace("W += ", "W  +=  ").replace("\n    for", "  # hm\n\n    for")
    assert alike(same, LONG, spaced, LONG.replace("+=", "*=")) == [(["s0", "s1"],)]


def test_right_answers_and_short_ones_are_no_sign_by_being_the_same():
    assert alike(same, LONG, LONG, faults=()) == []
    short = "def predict(W, X):\n    return (X @ W).argmin(axis=1)"
    assert alike(same, short, short) == []


def test_a_comment_or_two_names_that_few_others_have_are_told():
    code = "def sgd(loss, W):\n    {0}_kept = W  # {1}\n    {0}_gone = {0}_kept\n    return {2}"
    first, second = code.format("wombat", "my very own words", 1), code.format(
        "wombat", "other words than those", 2)
    third = code.format("numbat", "My  very own words", 3)
    assert alike(in_common, first, second, third, more=20) == [
        (["s0", "s1"], ("wombat_gone", "wombat_kept")), (["s0", "s2"], ("my very own words",))]
    assert alike(in_common, *[first] * 30, faults=()) == []  # what many have


def test_what_was_handed_out_is_no_sign():
    given = "def sgd(loss, W, X, y, learning_rate, reg, num_iters, batch_size, rng):\n    return {}"
    assert alike(in_common, given.format(1), given.format(2), more=20) == []


def test_what_is_no_python_is_read_as_far_as_it_goes():
    assert alike(same, LONG + "\n  )(\n x = '''", LONG + "\n  )(\n x = '''") == [(["s0", "s1"],)]


def test_the_command_line_asks_for_it():
    run = ["run", "course", "--out", "out"]
    assert parsed([*run, "--similar"]).similar and not parsed(run).similar


def test_the_section_is_there_when_it_is_asked_for_and_says_that_it_accuses_nobody():
    results = [result(name, row("sgd", *WRONG, cells=(LONG,))) for name in ("ada", "ben")]
    assert "alike" not in class_page(results)
    page = class_page(results, compared=True)
    assert "This is a fact and no accusation" in page and page.count("losses.append(value)") == 2
