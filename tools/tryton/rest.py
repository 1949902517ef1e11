"""Speak to Tryton's REST API with an application's key, as a posting program would."""

import base64
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tools.tryton.rpc import fetch
from tools.tryton.wire import Answer, decode, encode


@dataclass(frozen=True)
class Rest:
    """Create, find and post documents of one company."""

    url: str
    database: str
    key: str = field(repr=False)
    company: int

    def create(self, model: str, values: dict[str, Any]) -> int:
        """Create one record and return its id.

        Raises:
            ErpRefused: Tryton says no.
            ErpUnreachable: no answer came; it may be created all the same.
        """
        created: int = self._send("POST", model, values)["id"]
        return created

    def post(self, model: str, created: int, *fields: str) -> dict[str, Any]:
        """Post a document, though Tryton may warn that it is late.

        Raises:
            ErpRefused: Tryton says no.
            ErpUnreachable: no answer came; it may be posted all the same.
        """
        asked = urllib.parse.urlencode([("f", name) for name in fields])
        posted: dict[str, Any] = self._send(
            "POST", f"{model}/{created}/post?{asked}", {}
        )
        return posted

    def find(self, model: str, domain: list[Any]) -> list[dict[str, Any]]:
        """Return what a condition finds."""
        asked = base64.urlsafe_b64encode(encode(domain)).decode()
        found: list[dict[str, Any]] = self._send("GET", f"{model}?d={asked}&f=id", None)
        return found

    def _send(self, method: str, path: str, body: object) -> Answer:
        # Without this, Tryton asks whether a document that is due already is meant.
        context = {"company": self.company, "_skip_warnings": True}
        # The address is that of a test server this program started.
        request = urllib.request.Request(  # noqa: S310 - see above
            f"{self.url}/{self.database}/rest/model/{path}",
            None if body is None else encode(body),
            {
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json",
                "Accept-Encoding": "gzip",
                "X-Tryton-Context": base64.urlsafe_b64encode(encode(context)).decode(),
            },
            method=method,
        )
        return decode(fetch(request))
