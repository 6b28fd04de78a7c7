"""The page of one student: the cards, and the pictures of the notebooks; without scripts."""
import base64
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.exercises.verdict import CORRECT, SYMBOLS, WRONG, Fault, Trial, Verdict
from cs231n_lite.grading.pictures import SIGNATURES
from cs231n_lite.grading.report import isolation, write
from cs231n_lite.grading.scoring import part_of, sum_of

PICTURES = 40 * 2**20
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 56em; margin: 2em auto; padding: 0 1em }}
img {{ max-width: 100%; background: white }} h2 {{ margin-top: 2em }}
code {{ overflow-wrap: anywhere }}
</style></head>
<body><h1>{title}</h1><p>{told}</p><p>{summary}<!-- sum --><!-- /sum --></p><p>{isolation}</p>
{cards}{pictures}
</body></html>
"""
SUM = re.compile("(?<=<!-- sum -->).*?(?=<!-- /sum -->)")


def page(result: dict, books: dict[str, Notebook]) -> str:
    """The page of one student: the cards, and the pictures that the notebooks were saved with."""
    right = sum(row["verdict"] == CORRECT for row in result["exercises"])
    return PAGE.format(title=escape(result["student"]),
                       told="<br>".join(escape(line) for line in (
                           result["told"], *(f"{part} {why}" for part, why in result["left"]))),
                       summary=f"{right} of {len(result['exercises'])} exercises are correct. "
                               f"{escape(result['fault'])}",
                       isolation=escape(isolation([result])),
                       cards="".join(card(row) for row in result["exercises"]),
                       pictures="".join(gallery(name, book) for name, book in books.items()))


def show_sum(path: Path, result: dict) -> None:
    """Put the points of a result, or none, into the page that was written when it was graded."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [part_of(row) for row in result["exercises"] if row.get("of")]
    told = f" {sum_of(result)}: {', '.join(parts)}." if parts else ""
    if (new := SUM.sub(told, page, count=1)) != page:
        write(path, new)


def card(row: dict) -> str:
    """The card that the check would have shown."""
    status = row["verdict"] if row["verdict"] in SYMBOLS else WRONG
    trials = tuple(Trial(name, tuple(Fault(*fault) for fault in faults), note)
                   for name, faults, note in row["tried"])
    message = (row["message"] if status == row["verdict"]
               else f"It {row['verdict']}. {row['message']}")
    return Verdict(row["exercise"], status, tuple(row["faults"]), message, trials)._repr_html_()


def gallery(name: str, book: Notebook) -> str:
    """The pictures of one notebook, which show what the student saw, not what the grader did."""
    pictures = list(pictures_of(book))
    if not pictures:
        return ""
    shown = "".join(f'<p><img alt="Picture {n} of {escape(name, quote=True)}" '
                    f'src="data:{kind};base64,{text}"></p>'
                    for n, (kind, text) in enumerate(pictures, start=1))
    return f"<h2>{escape(name)}</h2><p>The pictures that it was saved with:</p>{shown}"


def pictures_of(book: Notebook) -> Iterator[tuple[str, str]]:
    """The pictures of a saved notebook as (type, base64), checked, until they are too many."""
    room = PICTURES
    for kind, text in saved_as(book, SIGNATURES):
        try:
            data = base64.b64decode("".join(text), validate=False)
        except (ValueError, TypeError):
            continue
        room -= len(data)
        if data.startswith(SIGNATURES[kind]) and room > 0:
            yield kind, base64.b64encode(data).decode()


def saved_as(book: Notebook, kinds: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The outputs of these types, whatever else was put in their place left out."""
    for outputs in (cell.get("outputs") for cell in book.saved):
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            yield from ((kind, data[kind])
                        for kind in kinds if isinstance(data, dict) and kind in data)
