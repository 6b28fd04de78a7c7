"""Fetch CIFAR-10: from a list of mirrors to a folder of verified files.

The steps: lock the destination; fetch the archive into a `.part` file, going on where
an earlier run broke off; compare its size and SHA-256; unpack it into a temporary
folder and compare every file; rename that folder to its final name; remove the
archive.  A run may die between any two instructions: the next goes on from there.

Standard library only, because get_datasets.sh runs before anything is installed.
"""
import argparse
import gzip
import hashlib
import os
import re
import shutil
import stat
import sys
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage, HTTPResponse
from io import TextIOWrapper
from math import ceil
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import IO, BinaryIO, NamedTuple, TextIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    ProxyHandler,
    Request,
    build_opener,
    getproxies,
    proxy_bypass,
)

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

CHUNK = 1 << 16  # bytes per read
SLOWEST = 1000  # bytes per second; a mirror slower than that counts as stalled
AGENT = {"User-Agent": "cs231n_lite"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_PAUSE = 60  # seconds that a busy mirror may ask us to wait, in all
BLOCK = 512  # bytes that a header in the archive takes; files are padded to as many
EXTRAS = tarfile.XHDTYPE, tarfile.XGLTYPE  # headers, of finer times, say
LONGEST_EXTRA = 1 << 13  # bytes in one
LONGEST_TAIL = 1 << 20  # zeros that the archive may end in, and far more than it does


class Member(NamedTuple):
    """What a file must be: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Source:
    """A dataset: its archive, the folder and the files in it, its mirrors, how long to wait."""

    name: str
    archive: Member
    folder: str
    members: dict[str, Member]
    mirrors: tuple[str, ...]
    stall: float = 30.0  # seconds


CLONE = Path(__file__).resolve().parents[1]
# Where the package was installed without -e, there is no clone, and CLONE belongs to pip.
HOME = CLONE if (CLONE / "pyproject.toml").is_file() else Path(os.path.expanduser("~/.cs231n_lite"))
DATASETS = HOME / "datasets"
SCRIPT = (HOME / "get_datasets.sh").is_file()  # on Windows, too: outputs are the same everywhere
# Where a notebook alone has the package, see exercises/carried.py.
CALL = "cs231n_lite.download.fetch()"
FETCH = ("./get_datasets.sh" if SCRIPT else CALL if CLONE.name == ".cs231n_lite"
         else "python -m cs231n_lite.download")
FOLDER = "cifar-10-batches-py"
TABLE = """
54636561a3ce25bd3e19253c6b0d8538147b0ae398331ac4a2d86c6d987368cd 31035704 data_batch_1
766b2cef9fbc745cf056b3152224f7cf77163b330ea9a15f9392beb8b89bc5a8 31035320 data_batch_2
0f00d98ebfb30b3ec0ad19f9756dc2630b89003e10525f5e148445e82aa6a1f9 31035999 data_batch_3
3f7bb240661948b8f4d53e36ec720d8306f5668bd0071dcb4e6c947f78e9682b 31035696 data_batch_4
d91802434d8376bbaeeadf58a737e3a1b12ac839077e931237e0dcd43adcb154 31035623 data_batch_5
f53d8d457504f7cff4ea9e021afcf0e0ad8e24a91f3fc42091b8adef61157831 31035526 test_batch
f962466ef690d46b226450fb9aadc74ba4bc64a76aa526b5827fe4bc5c7125cb      158 batches.meta
4d1c3fb199d6a183ae03f5162b469d7bc04edf2fad9547bd5f224271d52f98e5       88 readme.html
"""  # SHA-256, bytes, name
MEMBERS = {
    name: Member(int(size), sha256)
    for sha256, size, name in map(str.split, TABLE.strip().splitlines())
}
CIFAR10 = Source(
    name="cifar-10-python.tar.gz",
    archive=Member(170_498_071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"),
    folder=FOLDER,
    members=MEMBERS,
    mirrors=(
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "https://cave.cs.toronto.edu/kriz/cifar-10-python.tar.gz",
        "https://storage.googleapis.com/skypilot-example-data/datasets/cifar-10-python.tar.gz",
    ),
)


class DownloadError(Exception):
    """The dataset could not be had; the text says what was found and expected, and what to do."""


class MirrorError(Exception):
    """One mirror is of no use now; `pause` is after how many seconds it asks to be tried again."""

    def __init__(self, text: str, pause: int | None = None) -> None:
        super().__init__("".join(letter if letter.isprintable() else "?" for letter in text[:500]))
        self.pause = pause


def fetch(dest: Path = DATASETS, source: Source = CIFAR10, archive: Path | None = None) -> Path:
    """Bring the dataset into the folder `dest`, and return where it is.

    It comes from the mirrors or from an `archive` at hand.
    Raises DownloadError when the archive cannot be had or is another one, when the disk has no room
    for it, or when something that is not this dataset is in the way (it is left as it is), and
    OSError when `dest` cannot be written.
    """
    folder, part = dest / source.folder, dest / f"{source.name}.part"
    if not is_there(folder, source):
        check_is_folder(dest)
        dest.mkdir(parents=True, exist_ok=True)
        with only_one_at_a_time(dest):
            if not is_there(folder, source):  # another run may have brought it while we waited
                check_is_folder(unpacking(folder))
                # If it is there, a run was killed and left it, for we hold the lock.
                shutil.rmtree(unpacking(folder), ignore_errors=True)
                check_is_file(part)
                check_room(dest, source, 0 if archive else source.archive.size - size_of(part))
                publish(archive or from_mirrors(part, source), folder, source)
            forget(part, archive)
    elif part.is_file():  # left by a run that is at its last step, or was killed before it
        with suppress(OSError, DownloadError), only_one_at_a_time(dest):
            forget(part, archive)
    return folder


def forget(part: Path, archive: Path | None) -> None:
    """Remove `part`, of no use any more, unless it is the archive that the user has named."""
    with suppress(OSError):
        if archive is None or not part.samefile(archive):
            part.unlink()


# --------------------------------------------------------------- what is on the disk


def fault(path: Path, expected: Member) -> str | None:
    """What is wrong with the file at `path`, in words that follow its name; None if nothing is.

    Raises OSError for what may not be looked at, where Path.is_file of Python 3.14 would say that
    it is no file.
    """
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "is missing"
    if not stat.S_ISREG(facts.st_mode):  # a pipe, once opened, would keep us waiting for ever
        return "is not a file"
    if facts.st_size != expected.size:
        return f"has {facts.st_size:,} bytes, expected {expected.size:,}"
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return None if found == expected.sha256 else f"has SHA-256 {found}, expected {expected.sha256}"


def is_there(folder: Path, source: Source) -> bool:
    """Whether `folder` is the whole dataset, and say so.

    Raises DownloadError if something else has its name.
    """
    if not os.path.lexists(folder):
        return False
    for name, member in source.members.items():
        if wrong := fault(folder / name, member):
            raise DownloadError(
                f"{folder / name} {wrong}. Nothing was changed: move {folder} away or delete it, "
                "then run this again."
            )
    say(f"already there, and verified: {folder}", to=sys.stdout)
    return True


def check_is_file(path: Path) -> None:
    """Raise DownloadError if what we are about to write to is there, but no plain file."""
    if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
        raise DownloadError(
            f"{path} is not a file. Nothing was changed: delete it, then run this again."
        )


def check_is_folder(path: Path) -> None:
    """Raise DownloadError if what we need as a folder is there, but no folder."""
    if os.path.lexists(path) and not path.is_dir():
        raise DownloadError(
            f"{path} is not a folder. Nothing was changed: move it away, then run this again."
        )


def check_room(dest: Path, source: Source, missing: int) -> None:
    """Raise DownloadError unless the disk has room for the files and for `missing` bytes more."""
    need = missing + sum(member.size for member in source.members.values())
    disk = shutil.disk_usage(dest)
    if disk.free < need and disk.total:  # some file systems count nothing
        raise DownloadError(
            f"{dest} has room for {disk.free:,} bytes, expected {need:,}. Nothing was fetched: "
            "make room or choose another folder with --to FOLDER, then run this again."
        )


@contextmanager
def only_one_at_a_time(dest: Path) -> Iterator[None]:
    """Hold the lock of `dest`, having waited for it.  The system drops it when its holder dies."""
    check_is_file(dest / ".download.lock")
    with (dest / ".download.lock").open("ab") as file:
        if not try_lock(file):
            say(f"another download is at work in {dest}; waiting for it")
            while not try_lock(file):
                time.sleep(0.1)
        yield


def try_lock(file: BinaryIO) -> bool:
    """Lock the open file unless another process has; return whether that worked."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


# --------------------------------------------------------------- from the archive to the folder


def publish(archive: Path, folder: Path, source: Source) -> None:
    """Verify the archive, unpack it beside `folder`, and give it that name in one step."""
    remedy = (f"Nothing was unpacked: name the official {source.name} with --from FILE, "
              "or leave --from out to fetch it.")
    try:
        wrong = fault(archive, source.archive)
    except OSError as error:
        wrong = f"cannot be read: {error.strerror}"
    if wrong:
        raise DownloadError(f"{archive} {wrong}. {remedy}")
    new = unpacking(folder)
    new.mkdir()
    try:
        unpack(archive, new, source)
        new.rename(folder)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DownloadError(f"{archive} cannot be read: {error}. {remedy}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    say(f"unpacked and verified: {folder}", to=sys.stdout)


def unpacking(folder: Path) -> Path:
    """Where the files stand until they are whole."""
    return folder.with_name(f".{folder.name}.unpacking")


def unpack(archive: Path, folder: Path, source: Source) -> None:
    """Write the files one by one into the empty `folder`.

    Raises TarError at the first entry that is not in the table.  The blocks are read here, since
    tarfile.open obeys any header of names, holes or extras, whatever it asks for.  What a short
    extra header says is passed over; the folder may go without saying.
    """
    files = {f"{source.folder}/{name}": member for name, member in source.members.items()}
    table = {(name, tarfile.REGTYPE): member for name, member in files.items()}
    table[source.folder, tarfile.DIRTYPE] = Member(0, "")
    extras = 2 * len(table)
    with gzip.open(archive) as file:
        while (block := file.read(BLOCK)) != bytes(BLOCK):
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            if info.type in EXTRAS and 0 <= info.size <= LONGEST_EXTRA and extras:
                file.read(info.size + -info.size % BLOCK)
                extras -= 1
                continue
            kind = tarfile.REGTYPE if info.type == tarfile.AREGTYPE else info.type
            member = table.pop((info.name, kind), None)
            if member is None or info.size != member.size:
                raise tarfile.ReadError(
                    f"its {info.name!r} (type {chr(kind[0])!r}, {info.size:,} bytes) is no file of "
                    "that type and size in CIFAR-10"
                )
            if kind == tarfile.REGTYPE:
                write(file, folder / Path(info.name).name, member)
                file.read(-member.size % BLOCK)
        if file.read(LONGEST_TAIL).strip(b"\0") or file.read(1):
            raise tarfile.ReadError("it goes on after its end")
    if missing := [name for name, _ in table if name != source.folder]:
        raise tarfile.ReadError(f"it lacks {', '.join(missing)}")


def write(stream: gzip.GzipFile, path: Path, expected: Member) -> None:
    """Copy the next bytes of the stream to a new file, down to the disk, and compare the file."""
    with path.open("xb") as file:
        for at in range(0, expected.size, CHUNK):
            file.write(stream.read(min(CHUNK, expected.size - at)))
        file.flush()
        os.fsync(file.fileno())
    if wrong := fault(path, expected):
        raise tarfile.ReadError(f"its {path.name} {wrong}")


# --------------------------------------------------------------- from the mirrors to the archive


def from_mirrors(part: Path, source: Source) -> Path:
    """The verified archive, at `part`, from the first mirror that gives it.

    A busy mirror gets further turns; one that keeps asking for none gets few.
    """
    faults: dict[str, str] = {}
    waits: dict[str, list[int]] = {url: [] for url in source.mirrors}
    turns = [(url, 0) for url in source.mirrors]
    for url, pause in turns:
        if pause:
            say(f"waiting {pause} seconds, as {url} asked")
            time.sleep(pause)
        try:
            return complete(part, url, source)
        except MirrorError as error:
            faults[url] = f"  {url} {error}\n"
            waits[url].append(max(error.pause or 0, 2 ** len(waits[url])))
            if error.pause and sum(waits[url]) <= LONGEST_PAUSE:
                turns.append((url, waits[url][-1]))
    raise DownloadError(
        f"no mirror gave {source.name}.\n{''.join(faults.values())}{proxy_of(source)}"
        f"{size_of(part):,} of {source.archive.size:,} bytes are kept, and the next run goes on "
        "from there. Try again later, or get the file some other way and name it with --from FILE."
    )


def proxy_of(source: Source) -> str:
    """A line on the proxy through which the mirrors are asked, without its password, if any is."""
    hosts = [urlsplit(url).hostname for url in source.mirrors if url.startswith("https:")]
    if "https" not in PROXIES or all(host and proxy_bypass(host) for host in hosts):
        return ""
    address = PROXIES["https"].rpartition("//")[2].rpartition("@")[2]
    setting = next((name for name in os.environ if name.lower() == "https_proxy"),
                   "the system's settings")
    return (f"  A proxy is set: {setting} names {address}, and the mirrors were asked through it; "
            "if it does not serve you, unset it or set another.\n")


def complete(part: Path, url: str, source: Source) -> Path:
    """Bring `part` to the whole archive.

    If it began with bytes of an earlier run and is wrong, fetch it once anew.  A mirror that breaks
    off is asked again if that turn brought a thousandth of what was missing.
    """
    resumed = size_of(part) > 0
    while (size := size_of(part)) < source.archive.size:
        try:
            append(part, url, source)
        except MirrorError:
            if size_of(part) - size < (source.archive.size - size) / 1000:
                raise
    if not (wrong := fault(part, source.archive)):
        return part
    part.unlink()
    if resumed:
        return complete(part, url, source)
    raise MirrorError(f"sent a file that {wrong}")


def append(part: Path, url: str, source: Source) -> None:
    """Append to `part` what it lacks, as far as the mirror gives it."""
    start = size_of(part)
    say(f"fetching {url}" + f", from byte {start:,} on" * (start > 0))
    with part.open("ab") as file, progress(start, source.archive.size) as show:
        for piece in body(url, start, source):
            file.write(piece)
            show(file.tell())


def size_of(path: Path) -> int:
    """Bytes in the file; 0 when there is none."""
    return path.stat().st_size if path.exists() else 0


def body(url: str, start: int, source: Source) -> Iterator[bytes]:
    """Yield the archive's bytes from `start` to its end.

    Raises MirrorError for whatever the network does instead.  There is no If-Range: all mirrors
    give the same file, and its hash decides in the end.
    """
    try:
        check_address(url)
        yield from in_time(sent_by(url, start, source), source.stall)
    except HTTPError as error:
        error.close()
        answer = f"answered {error.code} {error.reason}"
        raise MirrorError(answer, pause_asked_for(error)) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if refused := getattr(reason, "verify_message", None):
            reason = (f"its certificate was refused ({refused}); "
                      "are the clock and the certificates here up to date?")
        raise MirrorError(f"failed: {str(reason) or type(reason).__name__}") from error


def in_time(items: Iterator[bytes], seconds: float) -> Iterator[bytes]:
    """Yield the items; TimeoutError when one is longer in coming than `seconds`.

    A socket's timeout is for a single read, and headers may come byte by byte for
    ever: so a thread waits for the mirror, and is left alone if it waits too long.
    """
    queue: SimpleQueue[tuple[bytes | None, BaseException | None]] = SimpleQueue()
    left_alone = Event()

    def make() -> None:
        try:
            for item in items:
                if left_alone.is_set():
                    return
                queue.put((item, None))
            queue.put((None, None))
        except BaseException as error:  # it is raised again, by the one who waits
            queue.put((None, error))

    Thread(target=make, daemon=True).start()
    try:
        while (news := queue.get(timeout=seconds))[0] is not None:
            yield news[0]
        if news[1]:
            raise news[1]
    except Empty:
        raise TimeoutError("timed out") from None
    finally:
        left_alone.set()


def sent_by(url: str, start: int, source: Source) -> Iterator[bytes]:
    """Yield the bytes that the mirror sends."""
    with answer_of(url, start, source) as answer:
        yield from pieces(answer, start, source)


def answer_of(url: str, start: int, source: Source) -> HTTPResponse:
    """The mirror's answer when asked for the bytes from `start` on or, if in vain, for all."""
    if start:
        rest = Request(url, headers=AGENT | {"Range": f"bytes={start}-"})
        try:
            answer = OPENER.open(rest, timeout=source.stall)
            if answer.status != 206 or is_range(answer, start, source.archive.size):
                return answer
            answer.close()
        except HTTPError as error:
            error.close()
            if error.code != 416:
                raise
    return OPENER.open(Request(url, headers=AGENT), timeout=source.stall)


def pieces(answer: HTTPResponse, start: int, source: Source) -> Iterator[bytes]:
    """Yield what the answer holds beyond `start`, up to the size of the archive and no further.

    A server that ignores ranges repeats what we have.
    """
    size, at = source.archive.size, first_byte(answer, start, source.archive.size)
    mark, since = at, time.monotonic()
    while at < size:
        piece = answer.read1(min(CHUNK, size - at))
        if not piece:
            raise MirrorError(f"broke off at byte {at:,} of {size:,}")
        if at == 0 and not b"\x1f\x8b".startswith(piece[:2]):
            raise MirrorError(
                f"sent a file that begins with {piece[:20]!r}, which is no gzip archive"
            )
        at += len(piece)
        if at - mark >= SLOWEST * source.stall:
            mark, since = at, time.monotonic()
        elif time.monotonic() - since > source.stall:
            raise MirrorError(f"stalled: {at - mark:,} bytes in {source.stall:g} seconds")
        yield piece[max(0, start - (at - len(piece))):]


def first_byte(answer: HTTPResponse, start: int, size: int) -> int:
    """Where in the archive the answer begins: at `start`, or at 0 if the server ignores ranges."""
    if answer.status == 206:
        at, sent = start, answer.headers.get("Content-Range", "")
        fits = is_range(answer, start, size)
    else:
        at, sent = 0, answer.headers.get("Content-Length", "")
        fits = sent in ("", str(size))
    if not fits:
        kind = answer.headers.get_content_type()
        raise MirrorError(f"offers {kind} of {sent!r} bytes, expected {at} to {size}")
    return at


def is_range(answer: HTTPResponse, start: int, size: int) -> bool:
    """Whether an answer with a part of a file says that the part is of ours, from `start` on."""
    sent = answer.headers.get("Content-Range", "")
    return bool(re.fullmatch(rf"bytes {start}-\d+/(\*|{size})", sent))


def pause_asked_for(error: HTTPError) -> int | None:
    """Seconds in a busy server's Retry-After, a number or a date, if few enough to wait for."""
    asked = error.headers.get("Retry-After", "").strip()
    try:
        if asked.isdecimal():
            seconds = float(asked)
        else:
            seconds = parsedate_to_datetime(asked).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return max(1, ceil(seconds)) if error.code in (429, 503) and seconds <= LONGEST_PAUSE else None


def check_address(url: str, by_way_of: str = "http") -> None:
    """Raise MirrorError unless the address is https, or http on this machine, not after https."""
    parts = urlsplit(url)
    plain = parts.scheme == by_way_of == "http" and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not plain:
        raise MirrorError(f"leads to {url}, which was refused: not https")


class SafeRedirects(HTTPRedirectHandler):
    """Follows redirects to addresses that we would have asked ourselves."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """As in the standard library, after a look at where it leads."""
        fp.close()  # the library would read this answer to its end, which may never come
        check_address(newurl, by_way_of=req.type)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


# Plain http is for this machine alone and never goes through a proxy.
PROXIES = {scheme: proxy for scheme, proxy in getproxies().items() if scheme == "https"}
OPENER = build_opener(SafeRedirects, ProxyHandler(PROXIES))


# --------------------------------------------------------------- the screen


def say(text: str, end: str = "\n", to: TextIO | None = None) -> None:
    """Write to stderr, or `to` another stream, at once; nothing depends on anybody hearing it."""
    stream = to or sys.stderr
    try:
        print(text, end=end, file=stream, flush=True)
    except OSError:  # a full disk, or a reader that has gone: the rest may go nowhere, too
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def progress(start: int, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that shows how far we are: a bar on a terminal, else every ten per cent."""
    terminal, began = sys.stderr.isatty(), time.monotonic()
    last = -1 if terminal else start * 10 // total

    def show(done: int) -> None:
        nonlocal last
        seconds = time.monotonic() - began
        step = int(seconds * 5) if terminal else done * 10 // total
        if step > last or (terminal and done == total):
            last = step
            line = status(done, total, (done - start) / max(seconds, 1e-3))
            say(line.ljust(79) if terminal else line, end="\r" if terminal else "\n")

    try:
        yield show
    finally:
        if terminal and last >= 0:
            say("")


def status(done: int, total: int, rate: float) -> str:
    """One line: a bar, megabytes, speed and, once something has come, the time left."""
    left = f", {(total - done) / rate / 60:,.0f} min left" if rate else ""
    bar = "#" * (20 * done // total)
    return f"[{bar:20}] {done / 1e6:.1f} of {total / 1e6:.1f} MB, {rate / 1e3:,.0f} kB/s{left}"


def command_line() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(
        prog="get_datasets.sh",
        description="Fetch CIFAR-10 (170 MB), verify it and unpack it. "
        "A transfer that broke off goes on where it was. The archive is removed after unpacking. "
        "The same as: python -m cs231n_lite.download",
    )
    parser.add_argument("--to", metavar="FOLDER", type=Path, default=DATASETS,
                        help="where to put it (%(default)s)")
    parser.add_argument("--from", metavar="FILE", type=Path, dest="archive",
                        help="an archive that you have already")
    return parser


def main(argv: list[str] | None = None, source: Source = CIFAR10) -> int:
    """Run the command; return 0 when the dataset is there, 1 when not, 130 after Ctrl-C."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  (None if closed)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):  # a path may hold letters that the terminal has not
        sys.stdout.reconfigure(errors="backslashreplace")
    args = command_line().parse_args(argv)
    try:
        fetch(args.to, source, args.archive)
    except KeyboardInterrupt:
        say("stopped: what has come is kept, and the next run goes on from there")
        return 130
    except DownloadError as error:
        say(f"error: {error}")
        return 1
    except OSError as error:
        say(f"error: {error.filename or args.to}: {error.strerror or error}. "
            "Nothing that was there is lost: mend that or choose another folder with --to FOLDER, "
            "then run this again.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
