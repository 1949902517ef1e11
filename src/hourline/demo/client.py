"""Call Hourline's API as a firm's system does: again until it answers."""

import json
import time

from hourline.connectors.sdk.egress import LOOPBACK, Egress
from hourline.connectors.sdk.http import HttpReply, HttpRequest

_TRIES_MAX = 10
_PAUSE_SECONDS = 0.5
_REFUSED = 400
_BUSY = frozenset({409, 429, 500, 502, 503, 504})


class ApiRefused(Exception):
    """Say what the API answered to a call that it should have taken."""


class ApiClient:
    """Send bodies with an API key; a repeated call has the same Idempotency-Key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key
        self._egress = Egress(LOOPBACK)

    def send(self, path: str, body: bytes, *, content_type: str, key: str) -> object:
        """Send a body and return the decoded answer.

        Raises ApiRefused for an answer that repeating cannot change, and
        ConnectionError where there was none for some seconds.
        """
        request = HttpRequest(
            method="POST",
            url=f"{self._url}{path}",
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": content_type,
                "Idempotency-Key": key,
            },
            body=body,
        )
        for _ in range(_TRIES_MAX):
            reply = self._egress.send(request)
            if isinstance(reply, HttpReply) and reply.status not in _BUSY:
                if reply.status >= _REFUSED:
                    raise ApiRefused(f"{path}: {reply.status} {reply.body[:500]!r}")
                return json.loads(reply.body)
            time.sleep(_PAUSE_SECONDS)
        raise ConnectionError(f"the API did not answer {path}")
