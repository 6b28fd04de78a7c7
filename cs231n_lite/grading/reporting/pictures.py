"""The pictures that a page can show: bounds on their bytes and pixels, before any is decoded."""
import base64
from collections.abc import Callable, Iterator
from typing import Any

from cs231n_lite.exercises.reading import Notebook
from cs231n_lite.grading.intake.bounds import MB, Left, megabytes

PNG, JPEG = "image/png", "image/jpeg"
SIGNATURES = {PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
BYTES, PIXELS = 4 * MB, 40_000_000  # of a picture
BYTES_IN_ALL, PIXELS_IN_ALL = 16 * MB, 200_000_000  # of a page
# Markers of JPEG after which height and width stand.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class PageRoom:
    """What a page may still show."""

    def __init__(self) -> None:
        self.bytes, self.pixels = BYTES_IN_ALL, PIXELS_IN_ALL

    def refusal(self, kind: str, data: bytes) -> str:
        """Why a picture is not shown, said of it; empty where it is, and counted."""
        pixels = pixels_of(kind, data)
        if kind == JPEG and not pixels:
            return "does not say how many pixels it has"
        if pixels > PIXELS or len(data) > BYTES:
            return (f"has {pixels:,} pixels and {megabytes(len(data))} MB; "
                    f"expected at most {PIXELS:,} and {BYTES // MB} MB")
        if pixels > self.pixels or len(data) > self.bytes:
            return (f"is one too many: a page shows {PIXELS_IN_ALL:,} pixels "
                    f"and {BYTES_IN_ALL // MB} MB")
        self.pixels, self.bytes = self.pixels - pixels, self.bytes - len(data)
        return ""


def pixels_of(kind: str, data: bytes) -> int:
    """The number of pixels that a picture says it has; 0 where it says nothing."""
    if kind == PNG:
        return int.from_bytes(data[16:20], "big") * int.from_bytes(data[20:24], "big")
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in FRAMES:
            return (int.from_bytes(data[at + 5:at + 7], "big")
                    * int.from_bytes(data[at + 7:at + 9], "big"))
        # A marker may be filled up with 0xFF; else the length of its part follows.
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return 0


def bounded(books: dict[str, Notebook]) -> tuple[dict[str, Notebook], list[Left]]:
    """The notebooks without the pictures that a page cannot show, and how many these are."""
    room, kept, left = PageRoom(), {}, []
    for name, book in books.items():
        reasons: list[str] = []
        kept[name] = book._replace(
            pasted=tuple(fitting(data, room, reasons.append) for data in book.pasted),
            saved=[without(cell, room, reasons.append) for cell in book.saved])
        if reasons:
            number = f"{len(reasons)} pictures are" if len(reasons) > 1 else "a picture is"
            left.append(Left(name, f"is graded, but {number} not shown: the first {reasons[0]}."))
    return kept, left


def without(cell: dict, room: PageRoom, say: Callable[[str], None]) -> dict:
    """A cell as saved, without its pictures for which there is no room."""
    outputs = cell.get("outputs")
    if not isinstance(outputs, list):
        return cell
    return cell | {"outputs": [shown(output, room, say) for output in outputs]}


def pictures_of(book: Notebook) -> Iterator[tuple[str, bytes]]:
    """A notebook's pictures by type, those in its text first; what else is there is left out."""
    for bundle in book.pasted:
        yield from pictures_in(bundle)
    for outputs in (cell.get("outputs") for cell in book.saved):
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            yield from pictures_in(data) if isinstance(data, dict) else ()


def shown(output: Any, room: PageRoom, say: Callable[[str], None]) -> Any:
    """An output, without its pictures for which there is no room."""
    data = output.get("data") if isinstance(output, dict) else None
    return output | {"data": fitting(data, room, say)} if isinstance(data, dict) else output


def fitting(data: dict, room: PageRoom, say: Callable[[str], None]) -> dict:
    """What an output or attachment holds by type, without pictures for which there is no room."""
    refused = set()
    for kind, picture in pictures_in(data):
        if reason := room.refusal(kind, picture):
            refused.add(kind)
            say(reason)
    return {kind: value for kind, value in data.items() if kind not in refused}


def pictures_in(data: dict) -> Iterator[tuple[str, bytes]]:
    """The pictures of an output; what only says that it is one is no picture."""
    for kind, signature in SIGNATURES.items():
        try:
            picture = base64.b64decode("".join(data[kind]), validate=False)
        except (KeyError, ValueError, TypeError):
            continue
        if picture.startswith(signature):
            yield kind, picture
