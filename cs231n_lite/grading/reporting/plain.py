"""Texts that a student wrote, as text and nothing more: in a page, on the screen, in a spreadsheet.

What has no shape of its own but moves or hides what is beside it (control characters, marks of
direction, letters that are blank) is shown by its number, as in [U+202E].
"""
import re
import unicodedata

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# A spreadsheet may take what begins with one of these signs for a formula, wide ones too; where
# it parts lines at semicolons, tabs or bars, a cell also begins behind each of these.
FORMULA = re.compile("(^|[;|\\t\\r\\n])(?=[\\s\"']*[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b"
                     "\uff0b\uff0d\uff1d\uff20])")


def visible(text: str, keep: str = "") -> str:
    """The text with what cannot be seen made visible, but for the characters in `keep`."""
    return text if text.isascii() and text.isprintable() else "".join(
        c if c in keep or not is_hidden(c) else f"[U+{ord(c):04X}]" for c in text)


def is_hidden(character: str) -> bool:
    """True for what leaves no mark where it stands."""
    return unicodedata.category(character) in HIDDEN or character in BLANK


def on_one_line(text: str) -> str:
    """A message of several lines, or with tabs, on one."""
    return visible(re.sub(r"[\t\r\n]+", " ", text))


def cell(text: str) -> str:
    """A text on one line for a spreadsheet, where it cannot begin a formula: an apostrophe does."""
    return FORMULA.sub(r"\1'", on_one_line(text))
