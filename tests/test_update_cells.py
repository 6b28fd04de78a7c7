"""A notebook brought to a newer handout holds every cell of the student's, and all that is new."""
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from releases import (
    RELEASE,
    STUDENT,
    code,
    edited,
    edits,
    marks,
    prose,
    stub,
    texts,
    updated,
)

from cs231n_lite.grading.updating.cells import is_mark

FIRST = [prose("title", "release a"), stub("sgd"), code("look", "release b", "use"),
         prose("saw", "release c"), code("run", "release d"), prose("end", "release e")]
ANSWER = stub("sgd", "return 1")


def of(who: str, cells: list[dict]) -> list[dict]:
    """The cells with a text of the student's, or of the releases'."""
    return [cell for cell in cells if not is_mark(cell)
            and "".join(cell["source"]).startswith(who)]


def holds_everything(rounds: list, drop_ids: bool, several: bool) -> None:
    """Through rounds of releases and edits: the student's cells as they were, and what is new."""
    releases, cells = [FIRST], edited(FIRST, rounds[0][1], STUDENT)
    last = 0  # the release that the student has
    for number, (news, edit) in enumerate(rounds[1:], start=1):
        releases.append(edited(releases[-1], news, RELEASE))
        if several and number % 2:
            continue  # which this student has left out
        before = [without_id(cell) for cell in cells] if drop_ids else cells
        known = [*releases[:last + 1], releases[-1]]
        after = updated(before, known).cells
        assert of(STUDENT, after) == of(STUDENT, before)
        assert updated(after, [*known, releases[-1]]).cells == after
        for text in set(texts(releases[-1])) - set(texts(releases[last])):
            assert texts(after).count(text) == 1 or text in "".join(marks(after)), text
        cells, last = edited(after, edit, STUDENT), number


def without_id(cell: dict) -> dict:
    """The cell as an editor leaves it that knows no ids."""
    return {key: value for key, value in cell.items() if key != "id"}


ROUNDS = st.lists(st.tuples(edits(RELEASE, 3), edits(STUDENT, 4)), min_size=2, max_size=4)


@settings(max_examples=40)
@given(ROUNDS, st.booleans())
def test_no_cell_of_the_student_s_is_lost_changed_or_reordered(rounds, drop_ids):
    holds_everything(rounds, drop_ids, several=False)


@pytest.mark.slow
@settings(max_examples=1000)
@given(ROUNDS, st.booleans(), st.booleans())
def test_nor_over_many_random_edits_and_releases(rounds, drop_ids, several):
    holds_everything(rounds, drop_ids, several)


def test_where_both_changed_a_cell_the_student_s_stays_below_a_mark_with_the_new_one():
    new = [*FIRST[:3], prose("saw", "release new"), *FIRST[4:]]
    ours = [*FIRST[:3], prose("saw", "mine"), *FIRST[4:]]
    merged = updated(ours, [FIRST, new])
    at = merged.cells.index(ours[3])
    assert merged.cells[:at - 1] + merged.cells[at:] == ours
    assert texts(merged.cells)[at - 1].endswith("the new version is this:\n\n> release new")
    assert (merged.marked, len(merged.own)) == (1, 1)


def test_a_new_stub_never_takes_the_place_of_an_answer():
    changed, fresh = stub("sgd", "raise NotImplementedError  # in place"), stub("sgd")
    elsewhere = code("own", "def sgd():\n    return 2")
    imported = code("own", "from helper import predict, sgd")
    for new in ([changed], [{**changed, "id": "another"}], [prose("a", "release"), fresh, changed]):
        for ours in ([ANSWER], [elsewhere], [imported], [ANSWER, elsewhere]):
            cells = updated(ours, [[stub("sgd")], new]).cells
            assert [cell for cell in cells if cell["cell_type"] == "code"] == ours
            assert sum("in place" in text for text in marks(cells)) == 1


def test_an_exercise_that_is_new_and_answered_nowhere_can_be_answered():
    new = [*FIRST, prose("predict-md", "release"), stub("predict")]
    assert updated([*FIRST, ANSWER], [FIRST, new]).cells == [*FIRST, ANSWER, *new[-2:]]


def test_a_cell_that_the_student_deleted_stays_deleted_and_a_new_version_of_it_is_quoted():
    ours, added = FIRST[:4], [*FIRST, prose("last", "release last")]
    assert updated(ours, [FIRST, added]).cells == [*ours, added[-1]]
    changed = [*FIRST[:4], code("run", "release ```new```"), FIRST[-1]]
    cells = updated(ours, [FIRST, changed]).cells
    assert cells[:-1] == ours and "````python\nrelease ```new```\n````" in marks(cells)[0]


def test_a_cell_that_the_release_removes_goes_unless_the_student_changed_it():
    ours = [FIRST[0], ANSWER, *FIRST[2:]]
    cells = updated(ours, [FIRST, FIRST[:1]]).cells
    assert [cell for cell in cells if not is_mark(cell)] == ours[:2]
    assert "no longer holds the cell below" in texts(cells)[1]


def test_a_cell_that_the_student_tagged_stays_when_the_release_removes_it():
    tagged = {**FIRST[4], "metadata": {"tags": ["liked"]}}
    assert updated([FIRST[0], tagged], [FIRST, FIRST[:1]]).cells == [FIRST[0], tagged]


def test_an_answer_in_a_copy_of_a_stub_that_was_deleted_is_the_answer():
    copy = {**ANSWER, "id": "a copy"}
    new = [FIRST[0], stub("sgd", "raise NotImplementedError  # new"), *FIRST[2:]]
    cells = updated([FIRST[0], copy, *FIRST[2:]], [FIRST, new]).cells
    assert cells[2] == copy and "You changed the cell below" in texts(cells)[1]


def test_a_cell_of_unchanged_text_gets_new_outputs_and_tags_and_keeps_those_of_the_student_s():
    old = code("a", "release a", shown := "use")
    new = {**old, "outputs": [{"output_type": "stream", "name": "stdout", "text": "new"}],
           "metadata": {"tags": ["nbval-ignore-output"]}}
    run = {**old, "outputs": [{"output_type": "stream", "name": "stdout", "text": "mine"}]}
    folded = {**old, "metadata": {"tags": [shown], "collapsed": True}}
    assert updated([old], [[old], [new]]).cells == [new]
    assert updated([run], [[old], [new]]).cells == [new | {"outputs": run["outputs"]}]
    assert updated([folded], [[old], [new]]).cells == [
        new | {"metadata": {"tags": ["nbval-ignore-output"], "collapsed": True}}]
    liked = {**old, "metadata": {"tags": [shown, "liked"]}}
    assert updated([liked], [[old], [new]]).cells[0]["metadata"] == liked["metadata"]


def test_a_cell_that_was_run_again_stays_as_it_is():
    again = {**FIRST[2], "execution_count": 7}
    assert updated([again], [FIRST, FIRST[:3]]).cells == [again]


def test_a_text_that_editors_write_as_one_line_or_many_is_the_same():
    old, new = prose("a", "x"), prose("a", "release new")
    old["source"] = ["one\n", "two"]
    assert updated([{**old, "source": "one\ntwo"}], [[old], [new]]).cells == [new]


def test_a_picture_that_the_student_put_into_a_text_cell_stays_with_it():
    pasted = {**FIRST[0], "attachments": {"a.png": {"image/png": "aGk="}}}
    release = [prose("title", "release a, new"), *FIRST[1:]]
    assert pasted in updated([pasted, *FIRST[1:]], [FIRST, release]).cells


def test_what_follows_a_cell_stands_below_the_student_s_own_cells_there():
    half = code("half", "the second half of mine")
    new = [*FIRST[:2], prose("between", "release new"), *FIRST[2:]]
    ours = [FIRST[0], ANSWER, half, *FIRST[2:]]
    assert updated(ours, [FIRST, new]).cells == [FIRST[0], ANSWER, half, *new[2:]]


def test_what_the_release_moves_goes_along_if_it_is_untouched_but_no_exercise():
    new = [FIRST[0], FIRST[4], FIRST[2], FIRST[3], FIRST[1], FIRST[5]]
    assert updated(FIRST, [FIRST, new]).cells == [FIRST[place] for place in (0, 4, 1, 2, 3, 5)]


def test_a_newer_mark_takes_the_place_of_an_older_one_unless_the_student_wrote_in_it():
    releases = [FIRST, *([*FIRST[:1], stub("sgd", f"raise NotImplementedError  # {word}")]
                         for word in ("second", "third"))]
    cells = updated([FIRST[0], ANSWER], releases[:2]).cells
    assert "second" in marks(cells)[0]
    again = updated(cells, releases).cells
    assert len(again) == 3 and "third" in marks(again)[0]
    cells[1] = json.loads(json.dumps(cells[1])) | {"source": ["my note: second"]}
    assert cells[1] in updated(cells, releases).cells


def test_without_a_record_every_cell_that_differs_is_the_student_s():
    new = [prose("title", "release new"), *FIRST[1:], prose("last", "release last")]
    cells = updated([FIRST[0], ANSWER, *FIRST[2:]], [new]).cells
    assert [cell for cell in cells if not is_mark(cell)] == [FIRST[0], ANSWER, *FIRST[2:], new[-1]]
    assert len(marks(cells)) == 2
