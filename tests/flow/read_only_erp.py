"""Be an ERP that may be read and nothing else: every other call is remembered."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
_NOTHING = {"items": [], "next_cursor": "0", "has_more": False}


@dataclass
class ReadOnlyErp:
    """Keep what was asked of it, and what should never have been."""

    url: str = ""
    read: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)


@contextmanager
def read_only_erp() -> Iterator[ReadOnlyErp]:
    """Serve empty books on loopback; fail whoever changed something there."""
    erp = ReadOnlyErp()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # lint-skip: names - http.server calls it so
            erp.read.append(self.path.partition("?")[0])
            self._answer(200, _NOTHING)

        def do_POST(self) -> None:  # lint-skip: names - as above
            if self.path == "/oauth/token":
                self._answer(200, _TOKEN)
            else:
                self._refuse()

        def _refuse(self) -> None:
            erp.forbidden.append(f"{self.command} {self.path}")
            self._answer(500, {"code": "read_only", "message": "never call this"})

        do_PUT = _refuse  # noqa: N815 - as http.server names it
        do_PATCH = _refuse  # noqa: N815 - as above
        do_DELETE = _refuse  # noqa: N815 - as above

        def _answer(self, status: int, content: object) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as its parent's
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    erp.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield erp
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert erp.forbidden == []
