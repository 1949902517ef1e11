"""Append manual changes to a tenant's audit chain, in the transaction of the change."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)
GENESIS = b"\x00" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualChange:
    """Say who changed what and why; `approver` is the second person, if any."""

    actor: str
    action: str
    subject: str
    reason: str
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    approver: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Hold one link of the chain as stored."""

    sequence: int
    recorded_at: datetime
    actor: str
    action: str
    subject: str
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    approver: str | None
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Tampering:
    """Say at which record the chain does not hold, and how."""

    sequence: int
    finding: str


def record_change(session: Session, change: ManualChange) -> int:
    """Append a change to the chain and return its sequence number."""
    session.run(QUERIES["lock_audit"])
    head = session.tuples(QUERIES["audit_head"])
    sequence, previous = (head[0][0] + 1, head[0][1]) if head else (1, GENESIS)
    fields = {
        "sequence": sequence,
        "recorded_at": datetime.now(UTC),
        "actor": change.actor,
        "action": change.action,
        "subject": change.subject,
        "reason": change.reason,
        "before": change.before,
        "after": change.after,
        "approver": change.approver,
    }
    session.run(
        QUERIES["append_audit"],
        **{
            **fields,
            "before": None if change.before is None else Jsonb(change.before),
            "after": None if change.after is None else Jsonb(change.after),
        },
        previous_hash=previous,
        hash=_digest(previous, fields),
    )
    return sequence


def read_chain(session: Session) -> list[AuditRecord]:
    """Return every record of the chain, the first one first."""
    return session.all(QUERIES["audit_records"], AuditRecord)


def verify_chain(session: Session) -> Tampering | None:
    """Return the first record that does not fit the one before, or None."""
    previous, expected = GENESIS, 1
    for record in read_chain(session):
        if record.sequence != expected:
            return Tampering(expected, "a record is missing")
        fields = {
            name: getattr(record, name)
            for name in AuditRecord.__slots__
            if name not in {"previous_hash", "hash"}
        }
        if record.previous_hash != previous or record.hash != _digest(previous, fields):
            return Tampering(record.sequence, "a field was changed")
        previous, expected = record.hash, expected + 1
    return None


def _digest(previous: bytes, fields: Mapping[str, object]) -> bytes:
    return hashlib.sha256(previous + encode_json(fields)).digest()
