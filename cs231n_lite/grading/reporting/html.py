"""The frame of the grader's pages, and how texts of students come into them: as text alone.

A page asks nobody for anything.  Its one script is ours, by its hash; whatever else might be taken
for one is refused by the browser, too.
"""
import base64
import re
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path

from cs231n_lite.exercises.verdict import with_code
from cs231n_lite.grading.intake.submission import Submission
from cs231n_lite.grading.reporting.plain import on_one_line, visible

HERE = Path(__file__).parent
POLICY = ("default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
          "form-action 'none'; script-src {script}")
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
{style}</style></head>
<body><main class="{kind}">
{body}
</main>{script}</body></html>
"""
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)


def framed(title: str, body: str, kind: str, script: str = "") -> str:
    """A whole page; `script` is the text of the one script that may run, if there is any."""
    allowed = f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'"
    return PAGE.format(title=text(title), body=body, kind=kind, style=part("page.css"),
                       policy=POLICY.format(script=allowed if script else "'none'"),
                       script=f"<script>{script}</script>" if script else "")


def part(name: str) -> str:
    """A style sheet or script that lies beside this file."""
    return (HERE / name).read_text(encoding="utf-8")


def text(words: str) -> str:
    """Words of anybody's as HTML that shows them, on one line, what is hidden in them too."""
    return escape(on_one_line(words))


def coded(words: str) -> str:
    """The same, with what stands between `...` as code, on as many lines as it has."""
    return with_code(visible(words, keep="\n"))


def markup(words: str) -> str:
    """A question as the notebook shows it: code, what is emphasized, and symbols, in italics."""
    parts = re.split(r"(`[^`]+`)", on_one_line(words))
    return "".join(with_code(piece) if n % 2 else
                   re.sub(r"\*([^*]+)\*|\$([^$]+)\$", r"<i>\1\2</i>", escape(piece))
                   for n, piece in enumerate(parts))


def name(student: str) -> str:
    """A student's name, whose direction stays its own."""
    return f"<bdi>{text(student)}</bdi>"


def linked(student: str, mark: str = "") -> str:
    """A student's name as a link from the class's page to the student's own."""
    return f'<a href="students/{Submission(student, {}).slug}.html{mark}">{name(student)}</a>'


def markdown(words: str) -> str:
    """What a student wrote in Markdown: paragraphs and code; all else as it was typed."""
    odd = FENCE.split(visible(words.replace("\r\n", "\n"), keep="\n\t"))
    return "".join(f"<pre>{escape(piece)}</pre>" if n % 2 else paragraphs(piece)
                   for n, piece in enumerate(odd))


def paragraphs(words: str) -> str:
    """Paragraphs, parted by empty lines."""
    return "".join(f"<p>{with_code(piece.strip())}</p>"
                   for piece in re.split(r"\n\s*\n", words) if piece.strip())


def table(caption: str, heads: Iterable[str], rows: Iterable[str], kind: str = "") -> str:
    """A table that can be scrolled sideways where it is too wide, and sorted by its headers."""
    id = re.sub(r"\W+", "-", caption)[:40]
    return (f'<p class="quiet" id="{id}">{caption}</p>'
            f'<div class="wide" role="region" tabindex="0" aria-labelledby="{id}">'
            f'<table class="sortable {kind}" aria-labelledby="{id}">\n<thead><tr>'
            f"{''.join(heads)}</tr></thead>\n<tbody>\n" + "\n".join(rows)
            + "\n</tbody></table></div>")


def head(words: str, kind: str = "") -> str:
    """A column's header."""
    return f'<th scope="col" class="{kind}">{words}</th>'


def count(number: int, thing: str) -> str:
    """'1 student', '2 students'."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def folded(summary: str, body: str) -> str:
    """What is shown when it is asked for, and on paper."""
    return f"<details><summary>{summary}</summary>{body}</details>"
