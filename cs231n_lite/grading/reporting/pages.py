"""The page of one student: what is right, what to mend first, written answers; without scripts."""
import base64
import re
from html import escape
from pathlib import Path

from cs231n_lite.exercises.grade import BROKEN
from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.exercises.verdict import (
    CORRECT,
    NOT_ATTEMPTED,
    SYMBOLS,
    WRONG,
    Fault,
    Trial,
    Verdict,
)
from cs231n_lite.grading.reporting.html import (
    coded,
    folded,
    framed,
    markdown,
    markup,
    name,
    text,
)
from cs231n_lite.grading.reporting.misconceptions import LINE
from cs231n_lite.grading.reporting.pictures import pictures_of
from cs231n_lite.grading.reporting.plain import visible
from cs231n_lite.grading.reporting.report import isolation, write
from cs231n_lite.grading.reporting.scoring import handed_in, part_of, sum_of

TAB_AND_LINE = "\t\n"
SUM = re.compile("(?<=<!-- sum -->).*?(?=<!-- /sum -->)")


def page(result: dict, books: dict[str, Notebook]) -> str:
    """The page of one student, with the pictures that the notebooks were saved with."""
    parts = [f"<h1>{name(result['student'])}</h1>", summary(result), right(result), mend(result),
             listed("Not attempted", of(result, NOT_ATTEMPTED)),
             listed("Not judged", of(result, BROKEN)), words(result.get("written", [])),
             *(gallery(file, book) for file, book in books.items())]
    return framed(result["student"], "\n".join(filter(None, parts)), "student")


def summary(result: dict) -> str:
    """How much is right, how it was read and graded, and why nothing was, if so."""
    rows = handed_in(result)
    others = len(result["exercises"]) - len(rows)
    told = [result["fault"], result["told"], *(f"{part} {why}" for part, why in result["left"])]
    missing = f" {others} more are in notebooks that were not handed in." if others else ""
    return (f"<p>{len(of(result, CORRECT))} of {len(rows)} exercises are correct.{missing}"
            f"<!-- sum --><!-- /sum --></p>"
            + "".join(f"<p>{coded(words)}</p>" for words in told if words)
            + f'<p class="quiet">{text(isolation([result]))}</p>')


def of(result: dict, *verdicts: str) -> list[dict]:
    """The exercises with one of these verdicts."""
    return [row for row in result["exercises"] if row["verdict"] in verdicts]


def right(result: dict) -> str:
    """What is correct, each with what was tried when that is asked for."""
    rows = of(result, CORRECT)
    items = "".join(folded(f"{SYMBOLS[CORRECT]} <code>{text(row['exercise'])}</code>"
                           + (f" {coded(row['fault'])}" if row["fault"] else ""), card(row))
                    for row in rows)
    return f"<h2>What is right</h2>{items}" if rows else ""


def mend(result: dict) -> str:
    """The first thing to mend, and what comes after."""
    first, *rest = [card(row) + code(row) for row in of(result, WRONG)] or [""]
    return ((f"<h2>Mend this first</h2>{first}" if first else "")
            + (f"<h2>Then this</h2>{''.join(rest)}" if rest else ""))


def listed(title: str, rows: list[dict]) -> str:
    """What was not judged, or not attempted, by how that is known."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row["message"], []).append(f"<code>{text(row['exercise'])}</code>")
    items = "".join(f"<li>{', '.join(ids)}<br>{coded(reason)}" for reason, ids in reasons.items())
    return f"<h2>{title}</h2><ul>{items}</ul>" if rows else ""


def show_sum(path: Path, result: dict) -> None:
    """Put the points of a result, or none, into the page that was written when it was graded."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [part_of(row) for row in result["exercises"] if row.get("of")]
    told = (f" {sum_of(result)}.<br><span class=quiet>{', '.join(parts)}.</span>" if parts
            else "")
    if (new := SUM.sub(told, page, count=1)) != page:
        write(path, new)


def card(row: dict) -> str:
    """The card that the check would have shown."""
    trials = tuple(Trial(tried, tuple(Fault(*fault) for fault in faults), visible(note, "\n"))
                   for tried, faults, note in row["tried"])
    return Verdict(row["exercise"], row["verdict"], tuple(row["faults"]),
                   visible(row["message"], keep="\n"), trials)._repr_html_()


def code(row: dict) -> str:
    """The cells of an answer that are the student's own, with the lines that its verdict names."""
    named = {line.strip() for line, _ in LINE.findall(row["message"])}
    cells = "".join(f"<pre>{marked(visible(source, TAB_AND_LINE), named)}</pre>"
                    for source in row["cells"])
    return folded("Its code", cells) if cells else ""


def marked(source: str, named: set[str]) -> str:
    """A cell as HTML, with these lines marked."""
    return "\n".join(f"<mark>{escape(line)}</mark>" if line.strip() in named else escape(line)
                     for line in source.split("\n"))


def words(answers: list[dict]) -> str:
    """The answers to the notebooks' inline questions, each with room for the teacher's marks."""
    if not answers:
        return ""
    return '<h2 id="written">Written answers</h2>' + "".join(
        f'<div class="answer"><p class="quiet">{text(answer["notebook"])}</p>'
        f"<p>{markup(answer['question'])}</p><blockquote>"
        + (markdown(answer["answer"]) or '<p class="quiet">No answer was written.</p>')
        + '</blockquote><div class="marks">Marks and remarks</div></div>' for answer in answers)


def gallery(file: str, book: Notebook) -> str:
    """The pictures of one notebook, which show what the student saw, not what the grader did."""
    pictures = list(pictures_of(book))
    if not pictures:
        return ""
    shown = "".join(f'<p><img alt="Picture {n} of {text(file)}" '
                    f'src="data:{kind};base64,{base64.b64encode(data).decode()}"></p>'
                    for n, (kind, data) in enumerate(pictures, start=1))
    first = ", those pasted into its text first" if book.pasted else ""
    return f"<h2>{text(file)}</h2><p>The pictures that it was saved with{first}:</p>{shown}"
