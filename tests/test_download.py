"""The download against servers that misbehave, runs that are killed, and archives that lie."""
import gzip
import hashlib
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import getproxies

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving_server import MisbehavingServer

from cs231n_lite import download
from cs231n_lite.download import (
    CIFAR10,
    FOLDER,
    MEMBERS,
    DownloadError,
    Member,
    MirrorError,
    Source,
    fetch,
    main,
)

resource = pytest.importorskip("resource",
                               reason="these tests need pipes, signals and limits of POSIX")
CHECKOUT = Path(__file__).resolve().parents[1]
FILES = {name: random.Random(name).randbytes(200 + 30_000 * name.startswith("data"))
         for name in MEMBERS}


def member(content: bytes) -> Member:
    return Member(len(content), hashlib.sha256(content).hexdigest())


def pack(entries: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """A .tar.gz of these entries, byte for byte, even where they contradict themselves."""
    blocks = [info.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)
              for info, content in entries]
    return gzip.compress(b"".join(blocks) + bytes(1024), mtime=0)


def entry(name: str, content: bytes = b"", **changes: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in changes.items():
        setattr(info, key, value)
    return info, content


class Sparse(tarfile.TarInfo):
    """A file with holes: its header says at byte 482 whether further ones follow, then its size."""

    tail = b""

    def tobuf(self, *format: object) -> bytes:
        block = bytearray(super().tobuf(*format))
        block[482:482 + len(self.tail)] = self.tail
        block[148:155] = b"%06o\0" % tarfile.calc_chksums(block)[0]
        return bytes(block)


def sparse(name: str, content: bytes, tail: bytes, size: int) -> tuple[tarfile.TarInfo, bytes]:
    info = Sparse(name)
    info.type, info.size, info.tail = tarfile.GNUTYPE_SPARSE, size, tail
    return info, content


TREE = [entry(FOLDER, type=tarfile.DIRTYPE, mode=0o755),
        *(entry(f"{FOLDER}/{name}", FILES[name]) for name in FILES)]
ARCHIVE = pack(TREE)


def source_of(archive: bytes, *mirrors: str, stall: float = 30.0) -> Source:
    """CIFAR-10's table with the small files' sizes and hashes."""
    members = {name: member(content) for name, content in FILES.items()}
    return replace(CIFAR10, archive=member(archive), members=members, mirrors=mirrors, stall=stall)


@pytest.fixture(scope="module")
def archive_server() -> Iterator[MisbehavingServer]:
    with MisbehavingServer(ARCHIVE) as server:
        yield server


@pytest.fixture
def server(archive_server: MisbehavingServer) -> MisbehavingServer:
    archive_server.asked.clear()
    return archive_server


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "les données d'élève \"x\""


def mirrors(server: MisbehavingServer, *names: str, stall: float = 30.0) -> Source:
    return source_of(ARCHIVE, *(f"{server.url}/{name}" for name in names), stall=stall)


def assert_whole(dest: Path) -> None:
    """The dataset stands there, right in every byte, and nothing else but the lock."""
    assert {path.name for path in dest.iterdir()} == {FOLDER, ".download.lock"}
    assert {path.name: path.read_bytes() for path in (dest / FOLDER).iterdir()} == FILES


def part_of(dest: Path, content: bytes) -> Path:
    """What an earlier run left."""
    dest.mkdir()
    part = dest / f"{CIFAR10.name}.part"
    part.write_bytes(content)
    return part


# --------------------------------------------------------------- the good path


def test_a_good_mirror_brings_every_file(server, dest, capsys):
    assert fetch(dest, mirrors(server, "good")) == dest / FOLDER
    assert_whole(dest)
    assert "unpacked and verified" in capsys.readouterr().out


def test_a_second_run_asks_nobody_and_says_already_there(server, dest, capsys):
    fetch(dest, mirrors(server, "good"))
    fetch(dest, mirrors(server, "good"))
    assert server.asked == [("/good", 0)]
    assert "already there" in capsys.readouterr().out


def test_progress_off_a_terminal_is_a_line_per_ten_per_cent(server, dest, capsys):
    with download.progress(250, 1000) as show:
        for done in range(250, 1001):
            show(done)
    bars = [line.partition("]")[0].count("#") for line in capsys.readouterr().err.splitlines()]
    assert bars == list(range(6, 21, 2))
    fetch(dest, mirrors(server, "good"))
    first, *_, last = capsys.readouterr().err.splitlines()
    assert "fetching" in first and last.startswith("[####################]")


@pytest.mark.parametrize("name", ["moved", "moved-endlessly"])
def test_a_redirect_on_this_machine_is_followed_with_its_range(server, dest, name):
    part_of(dest, ARCHIVE[:100])
    fetch(dest, mirrors(server, name))
    assert server.asked == [(f"/{name}", 100), ("/good", 100)]
    assert_whole(dest)


# --------------------------------------------------------------- mirrors that misbehave

USELESS = {
    "cut-at-once": "broke off at byte 0 of",
    "half": "broke off at byte",
    "html": "offers text/html",
    "html-of-unknown-length": "sent a file that begins with b'<html>The disk quota",
    "other-size": "offers text/plain of",
    "wrong-bytes": "sent a file that has SHA-256",
    "endless-and-wrong": "sent a file that has SHA-256",
    "status-404": "answered 404 Not Found",
    "status-503": "answered 503 Service Unavailable",
    "busy-for-a-day": "answered 429 Too Many Requests",
    "no-http": "failed: ",
    "moved-in-a-circle": "answered 302",
    "moved-to-plain-http": "leads to http://example.invalid/good, which was refused: not https",
    "moved-to-a-file": "answered 302",
    "paints-the-screen": "answered 500 ?[2Jgone",
}
SLUGGISH = dict.fromkeys(
    ["stall", "stall-before-the-headers", "drip-headers", "to-be-continued", "drip-chunks"],
    "failed: timed out",
) | {"drip": "stalled: "}


# The fast tier waits for one of those that keep it waiting.
TRIED = [*USELESS, "drip",
         *(pytest.param(name, marks=pytest.mark.slow) for name in SLUGGISH if name != "drip")]


@pytest.mark.parametrize("name", TRIED)
def test_a_useless_mirror_is_named_with_its_fault_and_spoils_nothing(
        server, dest, monkeypatch, name):
    if name == "drip":  # no read may time out however busy the machine is, but this clock is fast
        clock = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: 60 * clock())
    silent = name in SLUGGISH and name != "drip"
    with pytest.raises(DownloadError) as caught:
        fetch(dest, mirrors(server, name, stall=1.0 if silent else 30.0))
    assert f"{server.url}/{name} {(USELESS | SLUGGISH)[name]}" in str(caught.value)
    assert not (dest / FOLDER).exists()
    fetch(dest, mirrors(server, "good"))
    assert_whole(dest)


def test_mirrors_are_tried_in_order_until_one_is_good(server, dest):
    fetch(dest, mirrors(server, *USELESS, "good", "status-404"))
    paths = list(dict.fromkeys(path for path, _ in server.asked))
    assert paths[:-1] == [f"/{name}" for name in USELESS]
    assert paths[-1] == "/good"
    assert_whole(dest)


def test_when_all_mirrors_fail_the_command_lists_each_and_fails(server, dest, capsys):
    assert main(["--to", str(dest)], mirrors(server, "status-404", "html")) == 1
    error = capsys.readouterr().err
    assert f"{server.url}/status-404 answered 404" in error
    assert f"{server.url}/html offers text/html" in error
    assert "--from FILE" in error


@pytest.mark.parametrize("name", ["good", "cut", "ignores-ranges", "endless"])
def test_a_broken_transfer_goes_on_where_it_was(server, dest, name):
    part_of(dest, ARCHIVE[:70_000])
    fetch(dest, mirrors(server, name))
    assert server.asked[0] == (f"/{name}", 70_000)
    assert min(start for _, start in server.asked) == 70_000
    assert_whole(dest)


@pytest.mark.parametrize("name", ["refuses-ranges", "knows-no-ranges", "shifts-ranges"])
def test_a_mirror_that_cannot_go_on_in_the_middle_is_asked_for_the_whole_once(server, dest, name):
    part_of(dest, ARCHIVE[:70_000])
    fetch(dest, mirrors(server, name))
    assert server.asked == [(f"/{name}", 70_000), (f"/{name}", 0)]
    assert_whole(dest)


def test_a_mirror_that_breaks_off_again_and_again_is_asked_for_the_rest_only(server, dest):
    fetch(dest, mirrors(server, "cut", "good"))
    starts = [start for _, start in server.asked]
    assert len(starts) > 4
    assert starts == sorted(set(starts))
    assert_whole(dest)


def test_the_next_mirror_takes_over_where_the_first_stopped(server, dest):
    fetch(dest, mirrors(server, "half", "good"))
    assert server.asked[-1] == ("/good", len(ARCHIVE) // 2)
    assert_whole(dest)


def test_an_error_page_does_not_cost_what_has_been_fetched(server, dest):
    part = part_of(dest, ARCHIVE[:70_000])
    with pytest.raises(DownloadError, match=f"70,000 of {len(ARCHIVE):,} bytes are kept"):
        fetch(dest, mirrors(server, "html", "html-of-unknown-length", "wrong-range", "other-size"))
    assert part.read_bytes() == ARCHIVE[:70_000]


@pytest.mark.parametrize("size", [6, len(ARCHIVE), len(ARCHIVE) + 1])
def test_a_partial_file_that_is_wrong_is_fetched_anew(server, dest, size):
    part_of(dest, bytes(size))
    fetch(dest, mirrors(server, "good"))
    assert server.asked[-1] == ("/good", 0)
    assert_whole(dest)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many seconds a run has slept, while the clock stands."""
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time", lambda: 1.8e9)
    return slept


def test_a_busy_mirror_gets_a_second_turn_after_the_pause_that_it_asks_for(server, dest, pauses):
    fetch(dest, mirrors(server, "busy-at-first", "status-404"))
    assert pauses == [1]
    assert [path for path, _ in server.asked] == ["/busy-at-first", "/status-404", "/busy-at-first"]
    assert_whole(dest)


def test_a_mirror_that_stays_busy_is_waited_for_a_minute_in_all(server, dest, pauses):
    fetch(dest, mirrors(server, "busy-for-ever", "busy-thrice"))
    assert sorted(pauses) == [20, 20, 20, 25, 25]
    assert_whole(dest)


def test_a_busy_mirror_may_name_a_date(server, dest, pauses):
    fetch(dest, mirrors(server, "busy-until-a-date"))
    assert pauses == [30]
    assert_whole(dest)


def test_a_mirror_that_names_a_date_of_the_past_for_ever_gets_few_turns(server, dest, pauses):
    with pytest.raises(DownloadError, match="busy-until-yesterday answered 503"):
        fetch(dest, mirrors(server, "busy-until-yesterday"))
    assert pauses == [1, 2, 4, 8, 16]


def test_a_mirror_where_nobody_listens_is_named(dest, capsys):
    with socket.socket() as silent:  # which keeps others from listening there
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        addresses = [f"http://127.0.0.1:{port}/", f"http://[::1]:{port}/"]
        assert main(["--to", str(dest)], source_of(ARCHIVE, *addresses)) == 1
    error = capsys.readouterr().err
    assert all(f"{address} failed: " in error for address in addresses)


@pytest.mark.parametrize("address", [
    "http://example.invalid/", "http://127.0.0.1@example.invalid/", "file:///a", "a"])
def test_only_https_is_asked_outside_this_machine(dest, address):
    with pytest.raises(DownloadError, match="refused: not https"):
        fetch(dest, source_of(ARCHIVE, address))


def test_the_table_knows_the_official_readme():
    assert MEMBERS["readme.html"] == member(
        b'<meta HTTP-EQUIV="REFRESH" content="0; url=http://www.cs.toronto.edu/~kriz/cifar.html">\n')


def test_the_official_mirrors_are_https():
    assert all(mirror.startswith("https://") for mirror in CIFAR10.mirrors)


# --------------------------------------------------------------- certificates

AUTHORITY = trustme.CA()
NOW = datetime.now()
CERTIFICATES = {  # each with what is found wrong with it
    "good": (AUTHORITY.issue_cert("127.0.0.1"), ""),
    "of an unknown authority": (trustme.CA().issue_cert("127.0.0.1"),
                                "unable to get local issuer certificate"),
    "of another host": (AUTHORITY.issue_cert("example.invalid"), "IP address mismatch"),
    "expired": (AUTHORITY.issue_cert("127.0.0.1", not_before=NOW - timedelta(9),
                                     not_after=NOW - timedelta(2)),
                "certificate has expired"),
    "of the future": (AUTHORITY.issue_cert("127.0.0.1", not_before=NOW + timedelta(2)),
                      "certificate is not yet valid"),
}
NOTE_PORTS = """
import sys
sys.addaudithook(lambda event, values: \
event == "socket.connect" and print("asked port", values[1][1]))
"""


PROXY = "http://ann:secret@127.0.0.1:9"


def refuse(part, url, source):
    """What comes of a proxy that lets nobody through."""
    raise MirrorError("failed: Tunnel connection failed: 403 Forbidden")


@contextmanager
def https_server(certificate: str) -> Iterator[MisbehavingServer]:
    """A server that shows this certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATES[certificate][0].configure_cert(tls)
    with MisbehavingServer(ARCHIVE, tls) as server:
        yield server


def run_trusting(authority: trustme.CA, source: Source, dest: Path) -> subprocess.CompletedProcess:
    """Run the command where only this authority is trusted; it prints the ports that it asks."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.lower().endswith("_proxy")}
    with authority.cert_pem.tempfile() as certificate:
        trust = {"SSL_CERT_FILE": certificate, "SSL_CERT_DIR": os.devnull}
        return run(NOTE_PORTS + RUN, source, "--to", dest, env=environment | trust)


def test_https_with_a_certificate_that_is_trusted_brings_every_file(dest):
    with https_server("good") as server:
        done = run_trusting(AUTHORITY, mirrors(server, "cut"), dest)
    assert done.returncode == 0, done.stderr
    assert "in clear text" not in dict(server.asked)
    assert_whole(dest)


@pytest.mark.parametrize("name, others", [
    ("https_proxy", {}), ("HTTPS_PROXY", {}), (None, {"https_proxy": "", "http_proxy": PROXY}),
    (None, {"HTTPS_PROXY": PROXY, "no_proxy": "mirror.example"})])
def test_a_proxy_that_is_set_is_named_without_its_password_when_no_mirror_answers(
        dest, monkeypatch, name, others):
    for variable in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(variable)
    for variable, value in ({name: PROXY} if name else others).items():
        monkeypatch.setenv(variable, value)
    proxies = {scheme: proxy for scheme, proxy in getproxies().items() if scheme == "https"}
    monkeypatch.setattr(download, "PROXIES", proxies)
    monkeypatch.setattr(download, "append", refuse)
    with pytest.raises(DownloadError) as caught:
        fetch(dest, replace(source_of(ARCHIVE), mirrors=("https://mirror.example/a",)))
    said = f"A proxy is set: {name} names 127.0.0.1:9, and the mirrors were asked through it"
    assert (said in str(caught.value)) == bool(name)
    assert "secret" not in str(caught.value) and ("proxy" in str(caught.value)) == bool(name)


@pytest.mark.parametrize("certificate", [name for name in CERTIFICATES if name != "good"])
def test_a_certificate_that_is_wrong_is_refused_and_nothing_is_asked_in_clear_text(
        dest, certificate):
    with https_server(certificate) as server:
        done = run_trusting(AUTHORITY, mirrors(server, "good"), dest)
    assert done.returncode == 1
    fault, = (line for line in done.stderr.splitlines()
              if line.startswith(f"  {server.url}/good failed: "))
    assert "its certificate was refused" in fault and CERTIFICATES[certificate][1] in fault
    assert server.asked == []
    assert done.stdout.splitlines() == [f"asked port {server.server_port}"]
    assert not (dest / FOLDER).exists()


def test_https_that_leads_to_clear_text_is_refused_even_on_this_machine(server, dest):
    with https_server("good") as secure:
        secure.elsewhere = f"{server.url}/good"
        done = run_trusting(AUTHORITY, mirrors(secure, "moved-elsewhere"), dest)
    assert done.returncode == 1
    assert f"leads to {server.url}/good, which was refused: not https" in done.stderr
    assert server.asked == []
    assert done.stdout.splitlines() == [f"asked port {secure.server_port}"]


def test_a_server_that_speaks_no_https_is_not_asked_in_clear_text(server, dest):
    https = server.url.replace("http:", "https:")
    done = run_trusting(AUTHORITY, source_of(ARCHIVE, https + "/good"), dest)
    assert done.returncode == 1 and "/good failed: " in done.stderr
    assert server.asked == []
    assert done.stdout.splitlines() == [f"asked port {server.server_port}"]


# --------------------------------------------------------------- an archive at hand


def test_an_archive_at_hand_is_unpacked_without_a_network_and_kept(dest, tmp_path):
    mine = tmp_path / "my cifar.tar.gz"
    mine.write_bytes(ARCHIVE)
    assert main(["--to", str(dest), "--from", str(mine)], source_of(ARCHIVE)) == 0
    assert_whole(dest)
    assert mine.read_bytes() == ARCHIVE


def test_an_archive_at_hand_is_kept_even_where_an_earlier_run_left_it(dest):
    part = part_of(dest, ARCHIVE)
    for _ in range(2):
        assert fetch(dest, source_of(ARCHIVE), part) == dest / FOLDER
        assert part.read_bytes() == ARCHIVE


@pytest.mark.parametrize(
    "content, found",
    [(b"short", "has 5 bytes, expected"), (bytes(len(ARCHIVE)), "has SHA-256"),
     (None, "is missing")],
)
def test_another_archive_is_refused_with_what_was_found_and_expected(
        dest, tmp_path, capsys, content, found):
    mine = tmp_path / "mine"
    if content:
        mine.write_bytes(content)
    assert main(["--to", str(dest), "--from", str(mine)], source_of(ARCHIVE)) == 1
    assert f"{mine} {found}" in capsys.readouterr().err
    assert not (dest / FOLDER).exists()


REMEDY = (f". Nothing was unpacked: name the official {CIFAR10.name} with --from FILE, "
          "or leave --from out to fetch it.\n")


def test_an_archive_that_cannot_be_used_is_refused_in_one_sentence_that_ends_in_a_remedy(
        dest, tmp_path, capsys, monkeypatch):
    def complaint(source: Source) -> str:
        assert main(["--to", str(dest), "--from", str(mine)], source) == 1
        return capsys.readouterr().err

    mine = tmp_path / "mine"
    assert complaint(source_of(ARCHIVE)) == f"error: {mine} is missing{REMEDY}"
    mine.write_bytes(b"short")
    assert complaint(source_of(ARCHIVE)) == (
        f"error: {mine} has 5 bytes, expected {len(ARCHIVE):,}{REMEDY}")
    assert complaint(source_of(b"short")) == (
        f"error: {mine} cannot be read: Not a gzipped file (b'sh'){REMEDY}")
    monkeypatch.setattr(Path, "stat", refused(Path.stat, mine))
    assert complaint(source_of(ARCHIVE)) == (
        f"error: {mine} cannot be read: Permission denied{REMEDY}")


def refused(look: Callable, closed: Path) -> Callable:
    """`look`, but nobody may look at the path `closed`."""
    def look_elsewhere(path: Path, **options: bool) -> os.stat_result:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **options)

    return look_elsewhere


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_in_place_of_the_archive_is_refused_at_once(
        dest, tmp_path, capsys, make):
    make(tmp_path / "mine")
    assert main(["--to", str(dest), "--from", str(tmp_path / "mine")], source_of(ARCHIVE)) == 1
    assert "is not a file" in capsys.readouterr().err


# --------------------------------------------------------------- archives that lie


def with_first_batch(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    return pack([TREE[0], *entries, *TREE[2:]])


BATCH, CONTENT = f"{FOLDER}/data_batch_1", FILES["data_batch_1"]
FOREIGN = {  # made when they are asked for, since some take a second
    "climbs out": lambda: with_first_batch(TREE[1], entry("../evil", b"x")),
    "climbs out from inside": lambda: with_first_batch(entry(f"{FOLDER}/../../evil", CONTENT)),
    "absolute": lambda: with_first_batch(entry(f"/{BATCH}", CONTENT)),
    "outside the folder": lambda: with_first_batch(entry("data_batch_1", CONTENT)),
    "symbolic link": lambda:
        with_first_batch(entry(BATCH, type=tarfile.SYMTYPE, linkname="test_batch")),
    "hard link": lambda:
        with_first_batch(entry(BATCH, type=tarfile.LNKTYPE, linkname=f"{FOLDER}/test_batch")),
    "pipe": lambda: with_first_batch(entry(BATCH, size=len(CONTENT), type=tarfile.FIFOTYPE)),
    "folder": lambda: with_first_batch(entry(BATCH, type=tarfile.DIRTYPE)),
    "folder elsewhere": lambda: with_first_batch(TREE[1], entry("evil", type=tarfile.DIRTYPE)),
    "one too many": lambda: with_first_batch(TREE[1], entry(f"{FOLDER}/evil", b"x")),
    "twice": lambda: with_first_batch(TREE[1], TREE[1]),
    "short": lambda: with_first_batch(entry(BATCH, CONTENT[:-1])),
    "long": lambda: with_first_batch(entry(BATCH, CONTENT + b"x")),
    "claims a terabyte": lambda: with_first_batch(entry(BATCH, CONTENT, size=10**12)),
    "claims less than nothing": lambda: with_first_batch(entry(BATCH, CONTENT, size=-512)),
    "a folder of a size": lambda: pack([entry(FOLDER, type=tarfile.DIRTYPE, size=512), *TREE[1:]]),
    "the folder twice": lambda: with_first_batch(TREE[0], TREE[1]),
    "the folder 10,000 times": lambda: with_first_batch(*[TREE[0]] * 10_000, TREE[1]),
    "sparse": lambda:
        with_first_batch(sparse(BATCH, CONTENT, b"\0%011o" % len(CONTENT), len(CONTENT))),
    "sparse, with an end far away": lambda:
        with_first_batch(sparse(BATCH, CONTENT, b"\0%011o" % len(CONTENT), 10**20)),
    "sparse, and cut off before its next header": lambda:
        gzip.compress(sparse(BATCH, b"", b"\1", 0)[0].tobuf()),
    "a long name": lambda:
        with_first_batch(entry("long", BATCH.encode(), type=tarfile.GNUTYPE_LONGNAME), TREE[1]),
    "a long link": lambda:
        with_first_batch(entry("long", b"a", type=tarfile.GNUTYPE_LONGLINK), TREE[1]),
    "an extended header of nothing but digits": lambda:
        with_first_batch(entry("pax", b"1" * 10**6, type=tarfile.XHDTYPE)),
    "a bomb for a name": lambda:
        with_first_batch(entry("long", bytes(1 << 25), type=tarfile.GNUTYPE_LONGNAME)),
    "a bomb for a header": lambda:
        with_first_batch(entry("pax", bytes(1 << 25), type=tarfile.XHDTYPE)),
    "headers without end": lambda:
        with_first_batch(*[entry("pax", b"a", type=tarfile.XHDTYPE)] * 1500, TREE[1]),
    "a negative header": lambda:
        with_first_batch(entry("pax", b"a", type=tarfile.XHDTYPE, size=-512), TREE[1]),
    "names without end": lambda:
        with_first_batch(*[entry("long", b"a", type=tarfile.GNUTYPE_LONGNAME)] * 1500),
    "a negative name": lambda:
        with_first_batch(entry("long", b"a", type=tarfile.GNUTYPE_LONGNAME, size=-512)),
}
SPOILT = {
    "a bomb": lambda: gzip.compress(bytes(1 << 26)),
    "without an end": lambda: gzip.compress(gzip.decompress(ARCHIVE)[:-1024]),
    "goes on after its end": lambda:
        gzip.compress(gzip.decompress(ARCHIVE) + bytes(20_000) + b"evil"),
    "junk behind": lambda: ARCHIVE + b"evil",
    "two archives": lambda: ARCHIVE + ARCHIVE,
    "missing": with_first_batch,
    "other bytes": lambda: with_first_batch(entry(BATCH, bytes(len(CONTENT)))),
    "cut off": lambda: ARCHIVE[:len(ARCHIVE) // 2],
    "spoilt": lambda: ARCHIVE[:len(ARCHIVE) // 2] + bytes(len(ARCHIVE) // 2),
    "no gzip": lambda: b"<html>",
    "no tar": lambda: pack([])[:10] + b"junk",
}


@pytest.mark.parametrize("kind", FOREIGN | SPOILT)
def test_a_hostile_archive_writes_nothing_even_if_its_hash_is_right(dest, tmp_path, capsys, kind):
    mine, archive = tmp_path / "mine", (FOREIGN | SPOILT)[kind]()
    mine.write_bytes(archive)
    assert main(["--to", str(dest), "--from", str(mine)], source_of(archive)) == 1
    error = capsys.readouterr().err
    assert f"{mine} cannot be read: " in error
    assert ("is no file of that type and size in CIFAR-10" in error) == (kind in FOREIGN)
    assert {path.name for path in dest.iterdir()} == {".download.lock"}
    assert {path.name for path in tmp_path.iterdir()} == {"mine", dest.name}


HEADERS = [entry("pax", text, type=kind) for kind in (tarfile.XHDTYPE, tarfile.XGLTYPE)
           for text in (b"12 mtime=1.5\n", b"21 path=../evil/evil\n", b"12 size=9999\n")]


@pytest.mark.parametrize("tree", [
    [*HEADERS, *TREE],
    [part for entry in TREE for part in (HEADERS[0], entry)],
    TREE[1:],
    TREE[::-1],
])
def test_extra_headers_are_passed_over_and_the_folder_may_be_missing_or_late(dest, tmp_path, tree):
    mine, archive = tmp_path / "mine", pack(tree)
    mine.write_bytes(archive)
    fetch(dest, source_of(archive), mine)
    assert {path.name: path.read_bytes() for path in (dest / FOLDER).iterdir()} == FILES
    assert {path.name for path in tmp_path.iterdir()} == {"mine", dest.name}


NAMES = [*(f"{FOLDER}/{name}" for name in FILES), FOLDER, "/etc/evil", "../evil", "evil",
         f"{FOLDER}/../../evil", ""]
ENTRIES = st.builds(
    entry,
    st.sampled_from(NAMES),
    st.sampled_from([*FILES.values(), b"", b"x", bytes(600), b"30 mtime=1e999\n30 size=-9\n"]),
    type=(st.binary(min_size=1, max_size=1)
          | st.sampled_from([bytes([kind]) for kind in b"0000012345567LKSxgVX"])),
    linkname=st.sampled_from([*NAMES, "/etc/passwd"]),
) | st.builds(entry, st.sampled_from(NAMES), st.just(b"x"), size=st.integers(-(1 << 62), 1 << 62))


@given(st.lists(ENTRIES, max_size=3), st.permutations(TREE), st.integers(0, 3), st.data())
def all_files_are_right_or_nothing_is_written(added, tree, lost, data):
    for extra in added:
        tree.insert(data.draw(st.integers(0, len(tree))), extra)
    archive = bytearray(pack(tree[lost:] if lost > 1 else tree))
    for place in data.draw(st.lists(st.integers(0, len(archive) - 1), max_size=1)):
        archive[place] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        mine, dest = Path(folder, "mine"), Path(folder, "dest")
        mine.write_bytes(archive)
        try:
            fetch(dest, source_of(bytes(archive)), mine)
            assert {path.name: path.read_bytes() for path in (dest / FOLDER).iterdir()} == FILES
        except DownloadError as error:
            refusal = str(error)
            assert f"{mine} cannot be read: " in refusal and "\n" not in refusal
            assert os.listdir(dest) == [".download.lock"]
        assert sorted(os.listdir(folder)) == ["dest", "mine"]


@pytest.mark.parametrize("archives", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_whatever_is_in_an_archive_all_files_are_right_or_nothing_is_written(archives):
    tried = settings(max_examples=archives)
    tried(all_files_are_right_or_nothing_is_written)()


# --------------------------------------------------------------- what is there already


@pytest.mark.parametrize("change", [
    lambda p: p.write_bytes(bytes(p.stat().st_size)), lambda p: p.unlink()])
def test_a_folder_that_is_not_the_dataset_is_left_as_it_is_and_named(server, dest, capsys, change):
    fetch(dest, mirrors(server, "good"))
    batch = dest / FOLDER / "data_batch_3"
    change(batch)
    before = {path: path.read_bytes() for path in (dest / FOLDER).iterdir()}
    assert main(["--to", str(dest)], mirrors(server, "good")) == 1
    error = capsys.readouterr().err
    assert str(batch) in error and "Nothing was changed: move" in error
    assert {path: path.read_bytes() for path in (dest / FOLDER).iterdir()} == before


@contextmanager
def somebody_else() -> Iterator[Path]:
    """A folder that may be read but not written, also by root, who is somebody else meanwhile."""
    folder, user = Path(tempfile.mkdtemp()), os.geteuid()
    try:
        folder.chmod(0o555)
        os.seteuid(user or 65534)
        yield folder
    finally:
        os.seteuid(user)
        shutil.rmtree(folder)


def test_a_read_only_destination_is_named(server, capsys):
    with somebody_else() as folder:
        assert main(["--to", str(folder / "new")], mirrors(server, "good")) == 1
        assert main(["--to", str(folder)], mirrors(server, "good")) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert f"{folder}/new: Permission denied" in first and "--to FOLDER" in first
    assert f"{folder}/.download.lock: Permission denied" in second
    assert server.asked == []


def test_a_whole_dataset_that_may_only_be_read_is_enough(dest, monkeypatch):
    fetch(dest, source_of(ARCHIVE), part_of(dest, ARCHIVE))

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", read_only)
    for command in ([], ["--from", str(dest / "nowhere")]):
        assert main(["--to", str(dest), *command], source_of(ARCHIVE)) == 0
    (dest / f"{CIFAR10.name}.part").rename(dest / "elsewhere")
    assert main(["--to", str(dest)], source_of(ARCHIVE)) == 0
    (dest / f"{CIFAR10.name}.part").mkdir()
    assert main(["--to", str(dest)], source_of(ARCHIVE)) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users")
@pytest.mark.parametrize("umask, code", [(0o022, 0), (0o077, 1)])
def test_a_second_user_gets_what_the_first_one_shares_or_is_told_what_is_closed(
        server, capsys, umask, code):
    before, dest = os.umask(umask), Path(tempfile.mkdtemp())
    try:
        fetch(dest, mirrors(server, "good"))
        dest.chmod(0o777)
        os.seteuid(65534)
        assert main(["--to", str(dest)], mirrors(server, "good")) == code
    finally:
        os.seteuid(0)
        os.umask(before)
        shutil.rmtree(dest)
    closed = (f"error: {dest / FOLDER / 'data_batch_1'}: Permission denied. "
              "Nothing that was there is lost: mend that ")
    assert (closed in capsys.readouterr().err) == (code == 1)


@pytest.mark.parametrize("name", [f"{CIFAR10.name}.part", ".download.lock"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.symlink("/dev/null", path)])
def test_a_pipe_or_a_link_where_we_write_is_refused_at_once(server, dest, capsys, name, make):
    dest.mkdir()
    make(dest / name)
    assert main(["--to", str(dest)], mirrors(server, "good")) == 1
    assert capsys.readouterr().err.startswith(
        f"error: {dest / name} is not a file. Nothing was changed: delete it")
    assert server.asked == []


@pytest.mark.parametrize("place", ["{dest}", "{dest}/.{FOLDER}.unpacking"])
@pytest.mark.parametrize("make", [os.mkfifo, Path.touch, lambda path: os.symlink("nowhere", path)])
def test_what_is_no_folder_where_we_need_one_is_refused_at_once(server, dest, capsys, place, make):
    path = Path(place.format(dest=dest, FOLDER=FOLDER))
    path.parent.mkdir(exist_ok=True)
    make(path)
    assert main(["--to", str(dest)], mirrors(server, "good")) == 1
    assert capsys.readouterr().err == (f"error: {path} is not a folder. Nothing was changed: "
                                       "move it away, then run this again.\n")
    assert server.asked == []


# --------------------------------------------------------------- other processes

RUN = "import sys; from cs231n_lite.download import *; sys.exit(main(sys.argv[1:], {source!r}))"
DIE_AT_LINE = """
import os, signal, sys, threading
from cs231n_lite import download
from cs231n_lite.download import *
deadly, left = int(sys.argv.pop(1)), int(sys.argv.pop(1))
lines = {}
def here(frame, event, arg):
    global left
    lines[frame.f_lineno] = None
    left -= frame.f_lineno == deadly and event == "line"
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return here
trace = lambda frame, *_: here if frame.f_code.co_filename == download.__file__ else None
sys.settrace(trace)
threading.settrace(trace)
code = main(sys.argv[1:], {source!r})
print(*lines)
sys.exit(code)
"""


def start(program: str, source: Source, *args: object, prefix: list[str] = (),
          **options: object) -> subprocess.Popen:
    program = program.replace("{source!r}", repr(source))
    command = [*prefix, sys.executable, "-c", program, *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            **options)


def run(program: str, source: Source, *args: object,
        **options: object) -> subprocess.CompletedProcess:
    process = start(program, source, *args, **options)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture(scope="module")
def lines(archive_server: MisbehavingServer, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """The lines of download.py that a run goes through, in the order in which it first does."""
    whole = tmp_path_factory.mktemp("whole")
    done = run(DIE_AT_LINE, mirrors(archive_server, "good"), 0, -1, "--to", whole)
    return [int(line) for line in done.stdout.splitlines()[-1].split()]


def die_and_run_again(dest: Path, source: Source, line: int, visit: int = 1) -> int:
    """Kill a run as it comes to this line for the n-th time, look, and run it again to its end."""
    code = run(DIE_AT_LINE, source, line, visit, "--to", dest).returncode
    if (dest / FOLDER).exists():
        assert {path.name: path.read_bytes() for path in (dest / FOLDER).iterdir()} == FILES
    fetch(dest, source)
    assert_whole(dest)
    return code


@pytest.mark.parametrize("moment", [
    0.3, 0.8, 0.97,
    *(pytest.param(moment, marks=pytest.mark.slow) for moment in (0.1, 0.5, 0.7, 0.9))])
def test_a_run_killed_at_any_moment_leaves_nothing_half_done_and_the_next_completes(
        server, dest, lines, moment):
    line = lines[int(moment * len(lines))]
    assert die_and_run_again(dest, mirrors(server, "good"), line) == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.everything)])
def test_a_run_killed_at_any_line_leaves_nothing_half_done(server, tmp_path, lines, step):
    source = mirrors(server, "good")
    codes = [die_and_run_again(tmp_path / str(line), source, line) for line in lines[::step]]
    # A thread may be left alone before it comes to its line.
    assert codes.count(-signal.SIGKILL) > 0.9 * len(codes)


DIE_AT_STEP = """
import itertools, os, signal, sys, threading
from cs231n_lite.download import *
deadly, steps = int(sys.argv.pop(1)), itertools.count(1)
def here(*_):
    if next(steps) == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    return here
threading.settrace(here)
sys.settrace(here)
code = main(sys.argv[1:], {source!r})
sys.settrace(None)
print(next(steps))
sys.exit(code)
"""


@pytest.mark.slow
@pytest.mark.parametrize("count", [50, pytest.param(200, marks=pytest.mark.everything)])
def test_of_runs_killed_all_along_the_way_each_leaves_what_the_next_completes(
        server, tmp_path, count):
    source = mirrors(server, "good")
    whole = run(DIE_AT_STEP, source, -1, "--to", tmp_path / "whole").stdout.splitlines()[-1]
    codes = []
    for number in range(count):
        dest = tmp_path / str(number)
        if number % 2:
            part_of(dest, ARCHIVE[:70_000])
        step = int(whole) * (2 * number + 1) // (2 * count)
        codes.append(run(DIE_AT_STEP, source, step, "--to", dest).returncode)
        if (dest / FOLDER).exists():
            assert {path.name: path.read_bytes() for path in (dest / FOLDER).iterdir()} == FILES
        fetch(dest, source)
        assert_whole(dest)
    assert codes.count(-signal.SIGKILL) > 0.75 * count


def test_three_runs_at_once_fetch_one_copy_once(server, dest):
    runs = [start(RUN, mirrors(server, "slow"), "--to", dest) for _ in range(3)]
    said = [process.communicate()[0] for process in runs]
    assert [process.returncode for process in runs] == [0, 0, 0]
    assert sorted("already there" in text for text in said) == [False, True, True]
    assert server.asked == [("/slow", 0)]
    assert_whole(dest)


def test_when_one_of_two_is_killed_the_other_goes_on_where_it_was(server, dest):
    first = start(RUN, mirrors(server, "stall"), "--to", dest)
    part = dest / f"{CIFAR10.name}.part"
    wait_until(lambda: part.exists() and part.stat().st_size > 0)
    second = start(RUN, mirrors(server, "good"), "--to", dest)
    assert "waiting for it" in second.stderr.readline()
    first.kill()
    first.communicate()
    second.communicate()
    assert second.returncode == 0
    (stalling, _), (good, place) = server.asked
    assert (stalling, good) == ("/stall", "/good") and 0 < place <= len(ARCHIVE) // 2
    assert_whole(dest)


def wait_until(happened: Callable[[], bool]) -> None:
    while not happened():
        time.sleep(0.01)


def test_ctrl_c_says_one_line_and_keeps_what_has_come(server, dest):
    def heed_ctrl_c() -> None:  # a shell starts what it puts in the background deaf to it
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = start(RUN, mirrors(server, "stall"), "--to", dest, preexec_fn=heed_ctrl_c)
    part = dest / f"{CIFAR10.name}.part"
    wait_until(lambda: part.exists() and part.stat().st_size > 0)
    process.send_signal(signal.SIGINT)
    error = process.communicate()[1]
    assert process.returncode == 130
    assert error.splitlines()[-1].startswith("stopped: what has come is kept")
    assert "Traceback" not in error
    kept = part.stat().st_size
    fetch(dest, mirrors(server, "good"))
    assert server.asked[-1] == ("/good", kept)
    assert_whole(dest)


@pytest.mark.parametrize("stream", [1, 2])
@pytest.mark.parametrize("spoil", [
    os.close,
    pytest.param(lambda stream: os.dup2(os.open("/dev/full", os.O_WRONLY), stream),
                 marks=pytest.mark.skipif(not os.path.exists("/dev/full"),
                                          reason="this system has no /dev/full")),
    lambda stream: os.dup2(os.pipe()[1], stream),
], ids=["closed", "full", "without a reader"])
def test_a_stream_that_takes_no_words_stops_nothing(server, dest, stream, spoil):
    done = run(RUN, mirrors(server, "good"), "--to", dest, preexec_fn=lambda: spoil(stream))
    assert done.returncode == 0
    assert (done.stdout, done.stderr)[stream - 1] == ""
    assert "fetching" in done.stderr or "unpacked" in done.stdout
    assert "rror" not in done.stdout + done.stderr
    assert_whole(dest)


SMALL_DISKS = """
import os, subprocess, sys
from cs231n_lite import download
from cs231n_lite.download import *
dest, *sizes = sys.argv[1:]
check_room = download.check_room
for size in map(int, sizes):
    download.check_room = check_room if size < 0 else lambda *_: None  \
# others fill the disk while we work
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={abs(size)}", "tmpfs", dest], check=True)
    code = main(["--to", dest], {source!r})
    print(code, set(os.listdir(dest)) <= {".download.lock", CIFAR10.name + ".part"})
    subprocess.run(["mount", "-o", "remount,size=2000000", dest], check=True)
    code = main(["--to", dest], {source!r})
    print(code, sorted(os.listdir(os.path.join(dest, FOLDER))) == sorted(MEMBERS))
    subprocess.run(["umount", dest], check=True)
"""


@pytest.fixture
def own_mounts(tmp_path: Path) -> list[str]:
    """The start of a command that may mount what no other process sees, and is gone with it."""
    root = os.name == "posix" and os.geteuid() == 0
    command = ["unshare", "--mount"] if root else ["unshare", "-r", "--mount"]
    trial = [*command, "mount", "-t", "tmpfs", "tmpfs", tmp_path]
    if not shutil.which("unshare") or subprocess.run(trial, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    return command


def test_a_disk_that_fills_up_is_named_and_once_there_is_room_the_run_completes(
        server, dest, own_mounts):
    dest.mkdir()
    sizes = [4096, 100_000, len(ARCHIVE) + 20_000, len(ARCHIVE) + 60_000, 2 * len(ARCHIVE) - 30_000]
    done = run(SMALL_DISKS, mirrors(server, "good"), dest, *sizes, prefix=own_mounts)
    assert done.stdout.splitlines()[::3] == len(sizes) * ["1 True"], done.stderr
    assert done.stdout.splitlines()[2::3] == len(sizes) * ["0 True"]
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == len(sizes)
    assert all(f": {dest}" in line
               and "No space left on device. Nothing that was there is lost" in line
               for line in errors)


def test_too_small_a_disk_is_named_before_anything_is_fetched(server, dest, own_mounts):
    dest.mkdir()
    done = run(SMALL_DISKS, mirrors(server, "good"), dest, -300_000, prefix=own_mounts)
    assert done.stdout.splitlines()[0] == "1 True"
    assert done.stderr.startswith(f"error: {dest} has room for ")
    assert server.asked == [("/good", 0)]


def test_a_full_disk_is_not_blamed_on_the_mirror(server, dest):
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = run(RUN, mirrors(server, "good"), "--to", dest, preexec_fn=small_files)
    assert done.returncode == 1
    assert f"{dest}: File too large" in done.stderr
    assert "no mirror gave" not in done.stderr
    fetch(dest, mirrors(server, "good"))
    assert_whole(dest)


# --------------------------------------------------------------- get_datasets.sh


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout, in a folder with an awkward name, that holds no more than the script needs."""
    root = tmp_path / "mon 'dépôt'"
    (root / "cs231n_lite").mkdir(parents=True)
    for name in ("get_datasets.sh", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, root)
    shutil.copy(download.__file__, root / "cs231n_lite")
    return root


def fake_python(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def get_datasets(checkout: Path, *args: str,
                 script: Path | None = None) -> subprocess.CompletedProcess:
    """Run the script, by any plain sh, from another folder; what is in `bin` is found first."""
    env = os.environ | {"PATH": f"{checkout}/bin:{os.environ['PATH']}"}
    command = ["sh", str(script or checkout / "get_datasets.sh"), *args]
    return subprocess.run(command, cwd=checkout.parent, env=env, capture_output=True, text=True,
                          check=False)


def test_the_script_brings_the_dataset_into_its_own_checkout(server, checkout):
    module = checkout / "cs231n_lite" / "download.py"
    call = f"main(source={mirrors(server, 'good')!r})"
    module.write_text(module.read_text().replace("sys.exit(main())", f"sys.exit({call})"))
    fake_python(checkout / "bin" / "python3", f'exec "{sys.executable}" "$@"')
    (checkout.parent / "argparse.py").write_text(
        "raise SystemExit('imported from where the user stands')")
    done = get_datasets(checkout)
    assert (done.returncode, done.stdout) == (
        0, f"unpacked and verified: {checkout / 'datasets' / FOLDER}\n")
    assert_whole(checkout / "datasets")


def test_the_script_says_that_it_is_none_for_python_to_who_gives_it_to_python(checkout):
    done = subprocess.run([sys.executable, checkout / "get_datasets.sh"], capture_output=True,
                          text=True, check=False)
    assert "# not for Python: type ./get_datasets.sh alone" in done.stderr


def test_the_script_prefers_the_checkouts_own_python_and_passes_its_arguments_on(checkout):
    fake_python(checkout / ".venv" / "bin" / "python", 'test "$1" = -c || printf "<%s>" "$@"')
    done = get_datasets(checkout, "--to", "a  b", "")
    assert done.stdout == f"<-P><{checkout}/cs231n_lite/download.py><--to><a  b><>"


def test_the_script_may_be_called_through_a_link(checkout):
    fake_python(checkout / ".venv" / "bin" / "python", 'test "$1" = -c || printf "<%s>" "$@"')
    link, again = checkout.parent / "bin" / "get", checkout.parent / "again"
    link.parent.mkdir()
    link.symlink_to(os.path.relpath(checkout / "get_datasets.sh", link.parent))
    again.symlink_to(link)
    done = get_datasets(checkout, script=again)
    assert done.stdout == f"<-P><{checkout}/cs231n_lite/download.py>"


def test_help_comes_on_a_terminal_that_has_not_the_letters_of_the_path(checkout):
    command = [sys.executable, checkout / "cs231n_lite" / "download.py", "--help"]
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "1000"}
    done = subprocess.run(command, env=ascii_only, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"'d\xe9p\xf4t'" in done.stdout


def test_the_script_says_which_python_is_too_old(checkout):
    for name in ("python", "python3"):
        fake_python(checkout / "bin" / name, 'test "$1" = --version && echo Python 3.9.1')
    done = get_datasets(checkout)
    assert done.returncode == 1
    assert "no Python 3.11 or newer (python3 is Python 3.9.1)" in done.stderr


# --------------------------------------------------------------- full size


@pytest.mark.slow
def test_an_archive_of_full_size_goes_through(tmp_path, cifar10):
    files = {path.name: path.read_bytes() for path in cifar10.iterdir()}
    content = pack([TREE[0], *(entry(f"{FOLDER}/{name}", files[name]) for name in files)])
    table = {name: member(files[name]) for name in files}
    with MisbehavingServer(content) as server:
        source = replace(CIFAR10, archive=member(content), members=table,
                         mirrors=(f"{server.url}/cut",))
        fetch(tmp_path, source)
    assert {path.name: member(path.read_bytes()) for path in (tmp_path / FOLDER).iterdir()} == table
