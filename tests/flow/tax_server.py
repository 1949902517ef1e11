"""Be a tax engine on loopback that answers as a test says and counts who asks."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hourline.connectors.sdk.ports import CLIENT_SECRET
from hourline.flow.connections import Connections
from hourline.infra.secrets import Keyring, set_secret
from hourline.master.store import set_connection
from tests.flow.house import House

KEYRING = Keyring(bytes(range(32)), path=Path("test.key"))
Answer = Callable[[dict[str, Any]], object]


def taxing(rate: str, *, code: str = "US-CA", cents: int = 0) -> Answer:
    """Give the answer of an engine that taxes every line at a whole rate.

    The tax of each line is `cents` away from what follows from its rate.
    """

    def answer(asked: dict[str, Any]) -> object:
        lines = []
        for line in asked["lines"]:
            net = int(line["net"].replace(".", ""))
            tax = (net * int(rate) + 50) // 100 + cents
            lines.append(
                {
                    "id": line["id"],
                    "code": code,
                    "rate": rate,
                    "tax": f"{tax // 100}.{tax % 100:02}",
                }
            )
        return {"reference": f"calc-{len(asked['lines'])}", "lines": lines}

    return answer


@dataclass
class TaxServer:
    """Keep what was asked, under which headers, and how it is answered."""

    url: str = ""
    answer: Answer = field(default_factory=lambda: taxing("9"))
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def tax_server() -> Iterator[TaxServer]:
    """Serve tax decisions on loopback."""
    engine = TaxServer()

    class Deciding(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # lint-skip: names - http.server calls it so
            length = int(self.headers["Content-Length"])
            asked = json.loads(self.rfile.read(length))
            engine.asked.append(asked)
            engine.headers.append(dict(self.headers.items()))
            content = engine.answer(asked)
            body = content if isinstance(content, bytes) else _json(content)
            self.send_response(engine.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as its parent's
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Deciding)
    engine.url = f"http://127.0.0.1:{server.server_address[1]}/tax"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield engine
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def connect_engine(house: House, url: str, keyring: Keyring = KEYRING) -> None:
    """Set up the connection `vertax` to an engine on this machine, with its key."""
    with house.database.tenant(house.tenant) as session:
        number = set_connection(
            session,
            name="vertax",
            connector="tax_engine",
            settings={
                "address": url,
                "networks": ["127.0.0.0/8"],
                "plain_http": True,
            },
        )
        set_secret(
            session,
            keyring,
            connection_no=number,
            field=CLIENT_SECRET,
            value="engine-key",
            actor="tester",
        )


def engines(house: House) -> Connections:
    """Open the connections of a firm."""
    return Connections(house.database, KEYRING)


def _json(content: object) -> bytes:
    return json.dumps(content).encode()
