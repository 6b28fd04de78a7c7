"""Archives, opened in memory: member by member within bounds, and nothing written anywhere."""
import bz2
import gzip
import io
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from cs231n_lite.grading.intake.bounds import CONTENTS, FILES, MB, UNPACKED, Left, Room, megabytes

ARCHIVE = re.compile(r"\.(?:zipx?|tar(?:\.\w{2,4})?|t[gx]z|tbz2?|gz|bz2|xz|rar|7z|zst|lz4?|dmg)$",
                     re.IGNORECASE)
FOREIGN = {b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"\xfd7zX": "packed with xz",
           b"\x28\xb5\x2f\xfd": "packed with zstd"}
PIECE, BLOCK, HEADER = 2**16, 512, 2**14
LONG_NAMES = (tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME)
SKIPPED = (tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGLINK)


class Unopened(ValueError):
    """Raised with the reason, said of an archive that cannot be opened, or no further."""


class Member(NamedTuple):
    """A file in an archive: its path there, its size, why it is not read, and what reads it."""

    name: str
    size: int
    why: str
    read: Callable[[], bytes]


def is_archive(name: str) -> bool:
    """True for a file name that ends as archives do, of whatever kind."""
    return bool(ARCHIVE.search(name))


def members(file: BinaryIO, room: Room) -> Iterator[Member]:
    """The files in an archive, known by what it begins with; raises Unopened."""
    start = file.read(BLOCK)
    file.seek(0)
    foreign = next((kind for begin, kind in FOREIGN.items() if start.startswith(begin)), "")
    if foreign:
        raise Unopened(f"is {foreign}, which is not opened here; ask for a zip.")
    try:
        if start.startswith(b"PK"):
            yield from in_zip(file)
        elif start.startswith(b"\x1f\x8b"):
            yield from in_tar(Stream(gzip.GzipFile(fileobj=file), room))
        elif start.startswith(b"BZh"):
            yield from in_tar(Stream(bz2.BZ2File(file), room))
        elif is_tar(start):
            yield from in_tar(Stream(file, room))
        else:
            raise Unopened("is no archive, or none that is opened here; ask for a zip.")
    except (Unopened, MemoryError):
        raise
    # Whatever these libraries make of an archive that somebody has bent.
    except Exception as error:
        raise Unopened(f"is damaged, or no archive: {str(error) or type(error).__name__}; "
                       "ask for it again, as a zip.") from error


def is_tar(start: bytes) -> bool:
    """True for the header of a tar, by the sum that it carries."""
    try:
        tarfile.TarInfo.frombuf(start, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


class Table:
    """A file of which no more is read at once than a zip's list of members may have."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def read(self, size: int = -1) -> bytes:
        """As of any file; zipfile reads the list of members in one go, as long as it claims."""
        if size > CONTENTS:
            raise Unopened(f"has a list of files of {megabytes(size)} MB; "
                           f"expected at most {CONTENTS // MB} MB.")
        return self.file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def in_zip(file: BinaryIO) -> Iterator[Member]:
    """The files in a zip, nearest first."""
    with zipfile.ZipFile(Table(file)) as zipped:
        infos = [(path_of(decoded(info)), info) for info in zipped.infolist()]
        infos.sort(key=lambda item: item[0].count("/"))
        for name, info in infos:
            if not info.is_dir():
                yield Member(name, info.file_size, outside(name) or unfit(info),
                             lambda info=info: unzipped(zipped, info))  # type: ignore[misc]


def decoded(info: zipfile.ZipInfo) -> str:
    """A member's name; UTF-8 where it is, though the zip does not say so, as those of macOS."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def unfit(info: zipfile.ZipInfo) -> str:
    """Why a member of a zip is not read, said of it, if so."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link." if kind == stat.S_IFLNK else "is no file."
    if info.flag_bits & 1:
        return "is locked with a password; ask for it without."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not opened here; ask for an ordinary zip."
    return ""


def unzipped(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """What a member holds: at most as much as it claims, in pieces, for more may come at once."""
    with zipped.open(info) as file:
        return b"".join(iter(lambda: file.read(PIECE), b""))


class Stream:
    """The bytes of a tar, read forwards only, and no further than bounds allow."""

    def __init__(self, file: Any, room: Room) -> None:
        self.file, self.room, self.at = file, room, 0

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        if late := self.room.lateness():
            raise Unopened(late)
        data: bytes = self.file.read(size)
        self.at += len(data)
        if len(data) < size:
            raise Unopened("is cut off; ask for it again.")
        return data

    def header(self) -> bytes:
        """The next header; empty where the file ends."""
        start: bytes = self.file.read(1)
        self.at += len(start)
        return start + self.read(BLOCK - 1) if start else b""

    def skip_to(self, place: int) -> None:
        """Read on to this place."""
        if place > UNPACKED:
            raise Unopened(f"unpacks to more than {UNPACKED // MB} MB.")
        while self.at < place:
            self.read(min(PIECE, place - self.at))


def in_tar(stream: Stream) -> Iterator[Member]:
    """The files in a tar, in their order; each is read before the next one is asked for."""
    said: dict[str, str] = {}
    while (header := stream.header()).strip(b"\0"):
        info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        if info.size < 0 or info.type == tarfile.GNUTYPE_SPARSE:
            raise Unopened("holds a file of no plain size; ask for a zip.")
        size = int(said.get("size", info.size)) if info.isreg() else info.size
        end = stream.at + -(-size // BLOCK) * BLOCK
        if info.type in LONG_NAMES:
            said |= details(info, stream)
        elif info.type not in SKIPPED:
            name = path_of(said.get("path", info.name))
            sparse = any(key.startswith("GNU.sparse") for key in said)
            why = ("is a link." if info.islnk() or info.issym() else
                   "is no file." if not info.isreg() or sparse else "")
            if not info.isdir():
                yield Member(name, size, outside(name) or why, lambda size=size: stream.read(size))  # type: ignore[misc]
            said = {}
            if not info.isreg() and info.type in tarfile.SUPPORTED_TYPES:
                continue  # whatever size is said of it, nothing follows
        stream.skip_to(end)


def details(info: tarfile.TarInfo, stream: Stream) -> dict[str, str]:
    """What a header of its own says of the next member."""
    if info.size > HEADER:
        raise Unopened(f"says more than {HEADER:,} bytes of a file; ask for a zip.")
    data, found = stream.read(info.size), {}
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": data.rstrip(b"\0").decode("utf-8", "surrogateescape")}
    while data.strip(b"\0"):
        length = int(data.partition(b" ")[0])
        key, _, value = data[:length].partition(b" ")[2].rstrip(b"\n").partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        data = data[max(length, 1):]
    return found


def path_of(name: str) -> str:
    """A member's name as a path, without dots and doubled slashes, whoever's slashes they are."""
    return str(PurePosixPath(name.replace("\\", "/")))


def outside(path: str) -> str:
    """Why a member is not read that unpacking would put elsewhere, said of it, if so."""
    leads_out = path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path)
    return "is not read: its name leads out of the archive." if leads_out else ""


def held(name: str, read: Callable[[], bytes]) -> bytes | str:
    """What a member holds, or why it cannot be had."""
    try:
        return read()
    except (Unopened, MemoryError):
        raise
    except Exception as error:
        return f"{name} is damaged: {str(error) or type(error).__name__}; ask for it again."


def taken(file: BinaryIO, wanted: Callable[[str], bool], room: Room,
          inner: bool = True) -> tuple[dict[str, bytes | str], list[Left]]:
    """The members that are wanted, or why one is not read, and what was left out.

    Archives in an archive are opened too, those in these are not.
    """
    files: dict[str, bytes | str] = {}
    left: list[Left] = []
    try:
        for member in members(file, room):
            name, size, why, read = member
            if not (wanted(name) or is_archive(name)):
                continue
            if is_archive(name) and not inner:
                left.append(Left(name, "lies in an archive in an archive, and is not opened."))
                continue
            if name in files:
                left.append(Left(name, "is in the archive more than once; the last is read."))
            why = why or room.refusal(size)
            data = f"{name} {why}" if why else held(name, read)
            room.take(0 if why else size)
            if len(files) >= 2 * FILES:
                left.append(Left(name, "is not read: there are too many."))
            elif is_archive(name) and isinstance(data, bytes):
                more, others = taken(io.BytesIO(data), wanted, room, inner=False)
                files |= {f"{name}/{path}": found for path, found in more.items()}
                left += [Left(f"{name}/{entry}".rstrip("/"), why) for entry, why in others]
            else:
                files[name] = data
    except Unopened as reason:
        left.append(Left("", str(reason)))
    return files, left
