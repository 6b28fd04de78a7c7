"""What came in instead of a notebook: a sentence on what a file is, and on what is needed."""
import re
from json import JSONDecodeError

from cs231n_lite.exercises.cells import merge_in

NOTEBOOK = "the notebook itself, the .ipynb file that Jupyter saves"
PICTURE, ARCHIVE = "a picture, such as a screenshot", "a packed archive"
UTF_16 = "a text in UTF-16, as some programs of Windows write it"
# What a file begins with, and what it is then.
STARTS = {
    b"%PDF-": "a PDF", b"{\\rtf": "a rich text, as word processors write it",
    b"\xd0\xcf\x11\xe0": "a file of Word's, or of another office program",
    b"\x89PNG": PICTURE, b"\xff\xd8\xff": PICTURE, b"GIF8": PICTURE, b"RIFF": PICTURE,
    b"\x1f\x8b": "packed by gzip", b"BZh": ARCHIVE, b"\xfd7zXZ": ARCHIVE, b"7z\xbc\xaf": ARCHIVE,
    b"Rar!": ARCHIVE, b"\xff\xfe": UTF_16, b"\xfe\xff": UTF_16, b"{\0": UTF_16, b"\0{": UTF_16,
    b"version https://git-lfs": "a pointer of Git LFS, not the file that it points to",
}
# What an archive holds, as which it is known then.
IN_ZIP = {b"word/document.xml": "a Word file", b"ppt/presentation.xml": "a PowerPoint file",
          b"xl/workbook.xml": "an Excel file", b"mimetypeapplication/vnd.oasis": "an office file"}
LINK = re.compile(r"\[InternetShortcut\]|https?://\S*\s*\Z")
PYTHON = re.compile(r"^(?:import \w|from [\w.]+ import|def \w+\(|class \w|print\()", re.MULTILINE)
START = 4000  # characters in which a text says what it is
CUT = 6  # of JSON's words the longest that may be left of at an end


def fault(name: str, what: str, needed: str = NOTEBOOK) -> str:
    """The sentence."""
    return f"{name} is {what}; to be handed in is {needed}."


def of_bytes(name: str, data: bytes) -> str:
    """What the file is by how it begins; empty for what may be JSON."""
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        return fault(name, "empty")
    if data.startswith(b"PK\x03\x04"):
        return fault(name, next((what for part, what in IN_ZIP.items() if part in data),
                                "a zip archive"))
    if data[4:8] == b"ftyp":
        return fault(name, "a picture or a film")
    return next((fault(name, what) for start, what in STARTS.items() if data.startswith(start)),
                "")


def of_text(name: str, text: str, error: JSONDecodeError) -> str:
    """What a text is that cannot be read as JSON."""
    if line := merge_in(text):
        return fault(name, f"a notebook in which Git has left a merge unfinished, at line {line}",
                     "the notebook with one side of each conflict, "
                     "without the lines of <<<<<<<, ======= and >>>>>>>")
    start = text.lstrip()[:START]
    if start.startswith(("{", "[")) and not LINK.match(start):
        return of_json(name, text, error)
    return fault(name, kind_of(name, start))


def kind_of(name: str, start: str) -> str:
    """What the beginning of a text is."""
    if start.startswith("<"):
        exported = re.search("jupyter|nbconvert|jp-Notebook|ipython", start, re.IGNORECASE)
        return "an export of the notebook to HTML" if exported else "a web page"
    if "\0" in start or start.count("\ufffd") > len(start) / 10:
        return "no text"
    if LINK.match(start):
        return "a link, not the file that it leads to"
    if start.startswith("---") and "jupy" in start:
        return "a Markdown text, as jupytext makes it of a notebook"
    if "jupytext" in start or re.search(r"^# (?:%%|In ?\[)", start, re.MULTILINE):
        return "a script, as jupytext or an export makes it of a notebook"
    if PYTHON.search(start) or name.lower().endswith(".py"):
        return "a Python script"
    return "a plain text"


def of_json(name: str, text: str, error: JSONDecodeError) -> str:
    """What is wrong with a text that begins as a notebook does."""
    if "Unterminated" in error.msg or error.pos >= len(text.rstrip()) - CUT:
        return fault(name, f"JSON that breaks off in line {text.rstrip().count(chr(10)) + 1}, "
                           "as after a transfer that was cut off", "the whole notebook")
    return fault(name, f"no valid JSON, from line {error.lineno}, column {error.colno} on "
                       f"({error.msg}), as after a change in a text editor",
                 "the notebook as Jupyter saves it")
