"""Serve scripted bytes over a real socket, to show the egress client bad replies."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from hourline.connectors.sdk.addresses import LOOPBACK
from hourline.connectors.sdk.egress import Egress
from hourline.connectors.sdk.http import HttpRequest

TLS_HANDSHAKE = b"\x16"
Script = Callable[[socket.socket, bytes], None]


@dataclass
class RawServer:
    """Keep what one scripted server was asked, in order."""

    port: int
    asked: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def raw_server(*scripts: Script) -> Iterator[RawServer]:
    """Answer the n-th connection by the n-th script, further ones by the last."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(port=listener.getsockname()[1])
        stopping = threading.Event()

        def serve() -> None:
            listener.settimeout(0.05)
            while not stopping.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(5)
                    asked = read_request(connection)
                    server.asked.append(asked)
                    scripts[min(len(server.asked), len(scripts)) - 1](connection, asked)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            stopping.set()
            thread.join()


def read_request(connection: socket.socket) -> bytes:
    """Return the head of a request and its body, if its length is stated."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        got += part
        if not part or got.startswith(TLS_HANDSHAKE):
            return got
    head, _, body = got.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def saying(reply: bytes) -> Script:
    """Return a script that sends these bytes and closes the connection."""

    def script(connection: socket.socket, _asked: bytes) -> None:
        connection.sendall(reply)

    return script


def ok(body: bytes, *headers: bytes) -> bytes:
    """Return a complete reply with status 200."""
    return b"\r\n".join(
        [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers, b"", body]
    )


def loopback_egress() -> Egress:
    """Return an egress that may talk to this machine's servers only."""
    return Egress(LOOPBACK)


def get(url: str, *, seconds: float = 5) -> HttpRequest:
    """Return a plain GET with a deadline."""
    return HttpRequest(method="GET", url=url, deadline=timedelta(seconds=seconds))
