"""An HTTP server on this machine that gives one file, and misbehaves as the path says."""
import re
import socket
import ssl
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<html>The disk quota of this account is exceeded.</html>"


class MisbehavingServer(ThreadingHTTPServer):
    """Serves `body` at /good, and with a fault at /cut, /stall, ...

    `asked` lists each path and first byte wanted.  With `tls` it speaks https and notes who asks
    it in clear text; /moved-elsewhere leads to `elsewhere`.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, body: bytes, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.asked, self.closing = body, [], threading.Event()
        self.tls, self.elsewhere = tls, ""
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "MisbehavingServer":
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def finish_request(self, request: socket.socket, client: object) -> None:
        """Shake hands first, where it speaks https."""
        if not self.tls:
            super().finish_request(request, client)
        elif request.recv(1, socket.MSG_PEEK) != b"\x16":
            self.asked.append(("in clear text", 0))
        else:
            with self.tls.wrap_socket(request, server_side=True) as encrypted:
                super().finish_request(encrypted, client)

    def handle_error(self, *client: object) -> None:
        """Be silent about a client that went away or refused our certificate."""
        if not isinstance(sys.exception(), (ConnectionError, ssl.SSLError)):
            super().handle_error(*client)


class Handler(BaseHTTPRequestHandler):
    """One request; each method below is one way to answer it."""

    server: MisbehavingServer

    def do_GET(self) -> None:
        """Answer in the way that the path names."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        self.start = int(asked[1]) if asked else 0
        self.server.asked.append((self.path, self.start))
        getattr(self, self.path.removeprefix("/").replace("-", "_"))()

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def head(self, status: int = 200, **headers: object) -> None:
        """Send the status line and headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def rest(self, body: bytes | None = None) -> bytes:
        """Send the headers of a right answer; return the bytes that should follow."""
        body = self.server.body if body is None else body
        if self.start:
            sent = f"bytes {self.start}-{len(body) - 1}/{len(body)}"
            self.head(206, Content_Length=len(body) - self.start, Content_Range=sent)
        else:
            self.head(Content_Length=len(body))
        return body[self.start:]

    def good(self) -> None:
        self.wfile.write(self.rest())

    def cut(self) -> None:
        """Break off after half of what was asked for."""
        rest = self.rest()
        self.wfile.write(rest[:(len(rest) + 1) // 2])

    def cut_at_once(self) -> None:
        self.rest()

    def half(self) -> None:
        """Break off in the middle, whatever was asked for."""
        self.wfile.write(self.rest()[:max(0, len(self.server.body) // 2 - self.start)])

    def stall(self) -> None:
        """Stop in the middle, with the connection open."""
        self.half()
        self.server.closing.wait()

    def stall_before_the_headers(self) -> None:
        self.server.closing.wait()

    def drip_headers(self) -> None:
        """Headers without end, byte by byte, often enough that no read ever times out."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Patience: ")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"a")

    def to_be_continued(self) -> None:
        """Interim answers without end."""
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def drip_chunks(self) -> None:
        """The size of a first chunk, which never ends."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"0")

    def drip(self) -> None:
        """Send it byte by byte, often enough that no read ever times out."""
        for byte in self.rest():
            self.wfile.write(bytes([byte]))
            self.server.closing.wait(0.02)

    def slow(self) -> None:
        """Take about half a second."""
        rest = self.rest()
        for i in range(10):
            self.wfile.write(rest[i * len(rest) // 10:(i + 1) * len(rest) // 10])
            time.sleep(0.05)

    def ignores_ranges(self) -> None:
        self.start = 0
        self.good()

    def knows_no_ranges(self, **headers: object) -> None:
        """Give the whole file to whoever asks for it, and others a part they have not asked for."""
        if not self.start:
            self.good()
        else:
            self.head(206, **headers)
            self.wfile.write(self.server.body[1:])

    def refuses_ranges(self) -> None:
        if not self.start:
            self.good()
        else:
            self.head(416)

    def shifts_ranges(self) -> None:
        size = len(self.server.body)
        self.knows_no_ranges(Content_Range=f"bytes 1-{size - 1}/{size}")

    def wrong_range(self) -> None:
        """Send other bytes than were asked for, and say so."""
        self.start = 1
        self.shifts_ranges()

    def wrong_bytes(self) -> None:
        """Another file of the same size."""
        self.wfile.write(self.rest(self.server.body[:-9] + bytes(9)))

    def html(self) -> None:
        """An error page that claims success."""
        self.head(Content_Type="text/html", Content_Length=len(PAGE))
        self.wfile.write(PAGE)

    def html_of_unknown_length(self) -> None:
        self.head(Content_Type="text/html")
        self.wfile.write(PAGE)

    def other_size(self) -> None:
        self.head(Content_Length=len(self.server.body) + 1)
        self.wfile.write(self.server.body + b"!")

    def endless(self, first: bytes | None = None) -> None:
        """The right bytes, then others for ever."""
        self.head()
        self.wfile.write(self.server.body if first is None else first)
        while not self.server.closing.is_set():
            self.wfile.write(bytes(1 << 16))

    def endless_and_wrong(self) -> None:
        self.endless(self.server.body[:2])

    def status_404(self) -> None:
        self.head(404)

    def status_503(self) -> None:
        self.head(503)

    def busy_at_first(self, times: int = 1, pause: object = 0) -> None:
        """Answer 503 once, with a Retry-After."""
        if len([path for path, _ in self.server.asked if path == self.path]) <= times:
            self.head(503, Retry_After=pause)
        else:
            self.good()

    def busy_thrice(self) -> None:
        self.busy_at_first(3, pause=20)

    def busy_until_a_date(self) -> None:
        self.busy_at_first(pause=formatdate(time.time() + 30, usegmt=True))

    def busy_until_yesterday(self) -> None:
        self.head(503, Retry_After=formatdate(time.time() - 86_400, usegmt=True))

    def busy_for_ever(self) -> None:
        self.head(429, Retry_After=25)

    def busy_for_a_day(self) -> None:
        self.head(429, Retry_After=86_400)

    def paints_the_screen(self) -> None:
        """A reason with an escape sequence in it."""
        self.send_response(500, "\x1b[2Jgone")
        self.end_headers()

    def no_http(self) -> None:
        self.wfile.write(b"\x00\x01 nonsense\r\n\r\n")

    def moved(self) -> None:
        self.head(302, Location="/good")

    def moved_elsewhere(self) -> None:
        self.head(302, Location=self.server.elsewhere)

    def moved_in_a_circle(self) -> None:
        self.head(302, Location=self.path)

    def moved_endlessly(self) -> None:
        """A redirect whose own page is far longer than anybody should read."""
        self.head(302, Location="/good")
        for _ in range(1000):
            self.wfile.write(bytes(1 << 16))
        self.server.asked.append(("the last byte of the page", 0))

    def moved_to_plain_http(self) -> None:
        self.head(302, Location="http://example.invalid/good")

    def moved_to_a_file(self) -> None:
        self.head(302, Location="file:///etc/hostname")
