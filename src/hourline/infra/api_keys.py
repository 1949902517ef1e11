"""Give and check API keys: random, stored as a hash, with scopes for one tenant."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)
KEY_PREFIX = "hlk_"
_RANDOM_BYTES = 32
_LAST_SHOWN = 4
# The prefix, then 32 bytes in base64 without padding.
KEY_LENGTH = len(KEY_PREFIX) + 43


class Scope(StrEnum):
    """Name what an API key may do; each operation needs exactly one."""

    TIME_INGEST = "time:ingest"
    TIME_READ = "time:read"
    BILLING_READ = "billing:read"
    PAYMENTS_WRITE = "payments:write"
    RATES_READ = "rates:read"
    MASTERDATA_WRITE = "masterdata:write"
    EXCEPTIONS_WORK = "exceptions:work"


@dataclass(frozen=True, slots=True)
class Caller:
    """Say for which tenant and as which client a call is made, and what it may do."""

    tenant: int
    client: str
    scopes: frozenset[str]

    def may(self, scope: Scope) -> bool:
        """Say whether the key has a scope."""
        return scope in self.scopes


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Hold what is known of a key; the key itself is nowhere."""

    client: str
    scopes: list[str]
    last_four: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Owner:
    tenant: int
    client: str
    scopes: list[str]


def create_key(
    session: Session,
    *,
    client: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None,
    actor: str,
) -> str:
    """Make a key of the session's tenant and return it: it is shown this once."""
    key = KEY_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    named = sorted(set(scopes))
    session.run(
        QUERIES["add_api_key"],
        tenant=session.tenant,
        key_hash=_hash(key),
        client=client,
        scopes=[str(scope) for scope in named],
        last_four=key[-_LAST_SHOWN:],
        expires_at=expires_at,
    )
    change = ManualChange(
        actor=actor,
        action="api_key.created",
        subject=f"client {client} key {key[-_LAST_SHOWN:]}",
        reason="created on the command line",
        after={
            "scopes": [str(scope) for scope in named],
            "expires_at": expires_at.isoformat() if expires_at else None,
        },
    )
    record_change(session, change)
    return key


def revoke_keys(
    session: Session, *, client: str, last_four: str | None, actor: str
) -> int:
    """Revoke a client's keys, or the one that ends so; return how many were valid."""
    revoked = session.tuples(
        QUERIES["revoke_api_keys"],
        tenant=session.tenant,
        client=client,
        last_four=last_four,
        at=datetime.now(UTC),
    )
    for (ending,) in revoked:
        change = ManualChange(
            actor=actor,
            action="api_key.revoked",
            subject=f"client {client} key {ending}",
            reason="revoked on the command line",
        )
        record_change(session, change)
    return len(revoked)


def list_keys(session: Session) -> list[ApiKey]:
    """Return every key of the session's tenant, the newest last."""
    return session.all(QUERIES["api_keys"], ApiKey, tenant=session.tenant)


def find_caller(database: Database, key: str) -> Caller | None:
    """Return who calls with a key; None for one unknown, expired or revoked."""
    if len(key) != KEY_LENGTH or not key.startswith(KEY_PREFIX):
        return None
    with database.control() as session:
        owner = session.first(QUERIES["api_key_owner"], _Owner, key_hash=_hash(key))
    if owner is None:
        return None
    return Caller(owner.tenant, owner.client, frozenset(owner.scopes))


def _hash(key: str) -> bytes:
    # A key has 256 random bits: nothing slower than one hash would make it safer.
    return hashlib.sha256(key.encode()).digest()
