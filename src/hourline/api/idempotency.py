"""Carry out a call once per Idempotency-Key: its reply is stored in the same commit."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from litestar import Response

from hourline.api.access import Services
from hourline.api.problems import JSON, ApiProblem, Code
from hourline.flow import in_one_transaction
from hourline.infra.api_keys import Caller
from hourline.infra.database import Session
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Call:
    """Hold what makes a call the same call: the operation, its key and its content."""

    route: str
    key: str | None
    content: tuple[bytes, ...]

    @property
    def content_hash(self) -> bytes:
        """Give the hash of everything the client sent, part by part."""
        digest = hashlib.sha256()
        for part in self.content:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.digest()


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold a reply as it is stored: a status and JSON."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Stored:
    request_hash: bytes
    status: int
    body: str


def once(
    services: Services, caller: Caller, call: Call, work: Callable[[Session], Reply]
) -> Response[bytes]:
    """Do the work and store its reply in one commit, or give the stored reply.

    A refusal is raised, not returned, so it is not stored and the key stays unused.
    Raises ApiProblem: 400 without a key, 422 where the key came with another content,
    409 while the first call still runs.
    """
    if call.key is None or not _KEY.fullmatch(call.key):
        raise ApiProblem(
            Code.IDEMPOTENCY_KEY_MISSING,
            "The header Idempotency-Key must have 1 to 255 visible ASCII characters.",
        )
    place = {
        "client": caller.client,
        "route": call.route,
        "idempotency_key": call.key,
    }
    content_hash = call.content_hash

    def in_session(session: Session) -> tuple[Reply, bool]:
        stored = _stored(session, place, content_hash)
        if stored is not None:
            return stored, True
        reply = work(session)
        session.run(
            QUERIES["keep_reply"],
            **place,
            request_hash=content_hash,
            status=reply.status,
            body=reply.body.decode(),
        )
        return reply, False

    reply, replayed = in_one_transaction(services.database, caller.tenant, in_session)
    headers = {REPLAYED: "true"} if replayed else {}
    return Response(
        reply.body, status_code=reply.status, media_type=JSON, headers=headers
    )


def _stored(
    session: Session, place: dict[str, str], content_hash: bytes
) -> Reply | None:
    # The lock ends with the transaction, also where the process dies: a call that did
    # not finish can always be repeated.
    if not session.value(QUERIES["claim_key"], bool, **place):
        raise ApiProblem(Code.STILL_RUNNING, Code.STILL_RUNNING.value.title)
    stored = session.first(QUERIES["stored_reply"], _Stored, **place)
    if stored is None:
        return None
    if stored.request_hash != content_hash:
        raise ApiProblem(Code.KEY_REUSED, Code.KEY_REUSED.value.title)
    return Reply(stored.status, stored.body.encode())
