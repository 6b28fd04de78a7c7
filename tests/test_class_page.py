"""The class at a glance and the student's page: what they say, and that no student's HTML lives."""
import base64
import re
from collections import namedtuple
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from class_results import result, row

from cs231n_lite.exercises.registry import EXERCISES
from cs231n_lite.grading.intake.submission import Submission
from cs231n_lite.grading.judging.verdicts import ABSENT
from cs231n_lite.grading.reporting.html import part
from cs231n_lite.grading.reporting.overview import class_page
from cs231n_lite.grading.reporting.pages import page

HALF, NO_MEAN = "gradient: regularization halved", "gradient: not divided by N"
EVIL = '<script>hit=1</script><img src=x onerror="hit=1">\u202e"\'=1;=1`</main>'
Left = namedtuple("Left", "entry why")


class Tags(HTMLParser):
    """The elements of a page with their attributes, and the words in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag: str) -> list[dict]:
        return [attributes for found, attributes in self.found if found == tag]


def words(text: str) -> str:
    """What a page says, without its style and script."""
    plain = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(" ".join(Tags(plain).words).split())


def evil() -> dict:
    """A student all of whose texts are an attack."""
    message = f"{EVIL}\nLine 3, `{EVIL}`: {EVIL}"
    code = f"a = \"\"\"{EVIL}\"\"\"  # {EVIL}, he said\n"
    return result(EVIL, *(row(id, "crash", message=message, cells=(code * 20,))
                          for id in ("svm_loss_naive", "sgd")), told=EVIL, fault=EVIL,
                  written=[{"notebook": EVIL, "question": EVIL,
                            "answer": f"```\n{EVIL}\n```\n{EVIL}"}])


def test_the_page_counts_verdicts_and_says_who_stands_where():
    text = class_page([result("ada", *(row(id) for id in ("ship_score", "bias_trick"))),
                       result("ben", row("ship_score"), row("bias_trick", "bias_trick: b added")),
                       result("cy", row("ship_score", verdict="does not run"))])
    said = words(text)
    assert said.count("The student in the middle has 1 correct; nobody has all.") == 1
    assert "1 ship_score linear classification 2 0 0 1 1" in said
    assert "2 bias_trick linear classification 1 1 1 0 1" in said
    assert "ada 2 3 sample_svm_loss" in said and "cy 0 1 ship_score – does not run" in said


def test_a_misconception_is_told_with_a_line_and_with_links_to_who_has_it():
    told = "Line 19, `dW += reg * W`: the regularization here is not the one that is needed."
    text = class_page([result("王小明", row("svm_loss_naive", HALF, message=told)),
                       result("Čeněk", row("svm_loss_naive", HALF, NO_MEAN)), result("ada")])
    said = words(text)
    assert ("1 Half of the regularization's gradient: reg * W where 2 * reg * W belongs. "
            "dW += reg * W in svm_loss_naive 2") in said
    for student in ("王小明", "Čeněk", "ada"):
        link = f"students/{Submission(student, {}).slug}.html"
        assert link in [link["href"] for link in Tags(text).all("a")]
    assert said.index("Half of the") < said.index("The gradient is a sum over the samples")


def test_what_was_not_graded_and_points_are_shown_where_there_are_any():
    plain = words(class_page([result("ada")]))
    assert "Not graded" not in plain and "points" not in plain and "Written answers" not in plain
    said = words(class_page([result("ada", points=3.5, of=16)], [Left("ben.zip", "It is empty.")]))
    assert "ben.zip It is empty." in said and "ada 0 3.5" in said


def test_what_is_noted_of_right_answers_is_told_with_who_it_is_told_to():
    loop = "It has a Python loop (`for i in range(3):`), and the exercise asks for none: it lasts."
    text = class_page([result("ada", row("svm_loss_vectorized", note=loop)),
                       result("ben", row("softmax_loss_vectorized", note=loop), row("sgd")),
                       result("cy", row("svm_loss_vectorized", HALF, note=loop))])
    said = words(text)
    assert ("1 It has a Python loop, where the exercise asks for none. for i in range(3): "
            "in svm_loss_vectorized , softmax_loss_vectorized 2") in said
    assert "Right, with a note" not in words(class_page([result("ada", row("sgd"))]))


def test_slips_of_one_student_are_folded_below_those_of_several():
    several = [result(name, row("svm_loss_naive", HALF)) for name in ("ada", "ben")]
    lone = result("cy", row("svm_loss_naive", NO_MEAN), row("predict", "predict: type"))
    text = class_page([*several, lone])
    assert "2 more, of one student each" in words(text)
    assert text.index("Half of the") < text.index("2 more, of") < text.index("is a sum over")
    assert "of one student each" not in words(class_page([lone]))
    ids = [tag["id"] for _, tag in Tags(text).found if "id" in tag]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("students", [0, 1, 2])
def test_the_words_are_right_for_few(students):
    said = words(class_page([result(f"s{n}", row("sgd", HALF)) for n in range(students)]))
    assert f"{students} student{'' if students == 1 else 's'}, " in said
    assert "1 students" not in said and "The same slip twice" not in said


@pytest.mark.slow
def test_the_page_of_a_thousand_students_stays_small_and_holds_them_all():
    slips = [HALF, NO_MEAN, "loss: margin left out", "loss: not clipped", "no shift"]
    results = [result(f"A long and honest name {n}", *(
        row(id, slips[n % 5], slips[(n + k) % 5]) for k, id in enumerate(
            ["svm_loss_naive", "svm_loss_vectorized", "softmax_loss_naive"])))
        for n in range(1000)]
    text = class_page(results)
    assert len(text.encode()) < 2 * 2**20
    assert len({link["href"] for link in Tags(text).all("a")}) > 1000


# --------------------------------------------------------------- nothing of a student's is live


PAGES = {"class": lambda: class_page([evil(), evil()], [Left(EVIL, EVIL)], EVIL, compared=True),
         "student": lambda: page(evil(), {})}


@pytest.mark.parametrize("kind", PAGES)
def test_no_markup_of_a_student_s_becomes_markup(kind):
    text = PAGES[kind]()
    found = Tags(text)
    assert {tag for tag, _ in found.found} <= {
        "html", "head", "meta", "title", "style", "body", "main", "nav", "script", "h1", "h2", "h3",
        "h4", "p", "a", "ul", "li", "br", "div", "span", "i", "bdi", "code", "pre", "strong",
        "small", "mark", "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
        "blockquote"}
    assert not [name for _, attributes in found.found for name in attributes
                if name.startswith("on") or name == "src"]
    assert len(found.all("script")) == (kind == "class") and len(found.all("main")) == 1
    assert "\u202e" not in text and "[U+202E]" in text


def test_the_one_script_is_ours_and_the_policy_lets_no_other_run():
    policy, = [meta["content"] for meta in Tags(PAGES["class"]()).all("meta")
               if meta.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(sha256(part("sort.js").encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert "script-src 'none'" in PAGES["student"]()


# --------------------------------------------------------------- the student's page


def test_the_student_s_page_says_what_is_right_what_to_mend_first_and_what_then():
    rows = (row("svm_loss_naive"), row("sgd", "sgd: start", message="Start."),
            row("predict", "predict: type", message="Type."),
            row("search", verdict="does not run", message="Broken."))
    said = words(page(result("ada", *rows), {}))
    parts = ["1 of 16 exercises are correct", "What is right", "svm_loss_naive", "Mend this first",
             "Start.", "Then this", "Type.", "Not attempted", "It is as it was handed out.",
             "Not judged", "Broken."]
    assert sorted(parts, key=said.index) == parts


def test_a_wrong_answer_s_code_is_shown_with_the_lines_that_are_named():
    code = "def sgd(loss):\n\tfor i in range(9):\n\t\tW += dW  # <b>\n"
    wrong = row("sgd", "sgd: ascent", cells=(code,), message="Line 3, `W += dW  # <b>`: up.")
    text = page(result("ada", wrong, row("predict", cells=("def predict(): pass",))), {})
    assert "<mark>\t\tW += dW  # &lt;b&gt;</mark>" in text and "for i in range(9)" in text
    assert "def predict()" not in text


def test_a_question_is_shown_as_the_notebook_shows_it():
    question = "What is *not counted* for a large $h$, `a * b * c`, or 2 * 3?"
    for text in (page(result("ada", written=[
            {"notebook": "svm.ipynb", "question": question, "answer": ""}]), {}),
            class_page([result("ada", written=[
                {"notebook": "svm.ipynb", "question": question, "answer": "So."}])])):
        assert ("What is <i>not counted</i> for a large <i>h</i>, <code>a * b * c</code>, "
                "or 2 * 3?") in text


def test_a_question_stands_once_on_the_class_s_page_whatever_the_notebooks_are_called():
    asked = [[{"notebook": name, "question": "Why is it 9?", "answer": answer}]
             for name, answer in (("svm.ipynb", "So."), ("svm-1.ipynb", ""), ("hw1.ipynb", "Yes."))]
    said = words(class_page([result(name, written=written)
                             for name, written in zip(("ada", "ben", "cy"), asked)]))
    assert said.count("Why is it 9?") == 1 and "Why is it 9? 2 2 answers ada cy" in said


def test_a_written_answer_is_shown_as_text_with_room_for_marks():
    answer = "Nine, as `C - 1`.\n\nFor softmax $\\ln C$:\n```python\nnp.log(10)\n```"
    text = page(result("ada", written=[
        {"notebook": "svm.ipynb", "question": "Why is it 9?", "answer": answer},
        {"notebook": "svm.ipynb", "question": "And then?", "answer": ""}]), {})
    assert "<p>Nine, as <code>C - 1</code>.</p>" in text and "<pre>np.log(10)\n</pre>" in text
    assert "$\\ln C$" in text and words(text).count("Marks and remarks") == 2
    assert "And then? No answer was written." in words(text)


def test_who_handed_in_one_notebook_stands_at_an_exercise_of_that_one():
    missing = [row(id, ABSENT, verdict="not attempted", message="There is no softmax.ipynb.")
               for id in EXERCISES if EXERCISES[id].notebook == "linear_classification"]
    said = words(class_page([result("ada", *missing), result("ben")]))
    assert "ada 0 6 svm_loss_naive" in said and "not handed in" in said
    assert "Wrong in other ways" not in said


def test_a_notebook_counts_the_same_alone_and_in_a_folder_of_its_own():
    svm = [id for id in EXERCISES if EXERCISES[id].notebook == "svm"]
    missing = [row(id, ABSENT, verdict="not attempted") for id in EXERCISES if id not in svm]
    folder, lone = result("ada", *map(row, svm), *missing), result("ada", *map(row, svm))
    lone["exercises"] = [found for found in lone["exercises"] if found["exercise"] in svm]
    first = [words(page(each, {})).partition(" What is right")[0] for each in (folder, lone)]
    assert all("6 of 6 exercises are correct." in said for said in first)
    assert "10 more are in notebooks that were not handed in." in first[0]
    assert class_page([folder, folder]) == class_page([lone, lone])
    assert "2 students, 6 exercises. The student in the middle has 6 correct; 2 have all." in (
        words(class_page([folder, lone])))
