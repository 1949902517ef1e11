"""Let a change wait for a second person: four eyes as a primitive of every stage."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)
LIFETIME = timedelta(hours=72)
_SHOWN_MIN, _SHOWN = 8, 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold a proposed change as the second person sees it."""

    proposal_no: int
    action: str
    content: dict[str, Any]
    content_hash: bytes
    reason: str
    proposer: str
    proposed_at: datetime
    expires_at: datetime
    state: str
    approver: str | None


class NotApprovable(Exception):
    """Say why a proposal cannot be decided by this person now."""


def why_unseen(
    fingerprint: bytes, shown: str, *, what: str, look_again: str
) -> str | None:
    """Say why a fingerprint that was shown, by its beginning, is not of this.

    In words: `what` is about to be approved, `look_again` the command that shows it.
    None where it is just what was shown.
    """
    if len(shown) < _SHOWN_MIN:
        return f"Give at least {_SHOWN_MIN} digits of the fingerprint that was shown."
    stands = fingerprint.hex()
    if stands.startswith(shown.lower()):
        return None
    return (
        f"{what} is {stands[:_SHOWN]} by now, and not {shown}: look at it again with"
        f" {look_again}."
    )


def propose_change(
    session: Session,
    *,
    action: str,
    content: Mapping[str, object],
    reason: str,
    proposer: str,
) -> int:
    """Store a change for a second person; return its number, good for 72 hours."""
    now = datetime.now(UTC)
    proposal_no = session.value(
        QUERIES["add_proposal"],
        int,
        action=action,
        content=Jsonb(content),
        content_hash=_hash(content),
        reason=reason,
        proposer=proposer,
        proposed_at=now,
        expires_at=now + LIFETIME,
    )
    assert proposal_no is not None  # noqa: S101 - RETURNING always gives the row
    change = ManualChange(
        actor=proposer,
        action=f"{action}.proposed",
        subject=f"proposal {proposal_no}",
        reason=reason,
        after=content,
    )
    record_change(session, change)
    return proposal_no


def open_proposals(session: Session) -> list[Proposal]:
    """Return the proposals a second person can still decide."""
    return session.all(QUERIES["open_proposals"], Proposal)


def approve_change(
    session: Session, proposal_no: int, *, approver: str, shown_hash: bytes
) -> Proposal:
    """Approve what was shown and return it; the caller applies it in this transaction.

    Raises NotApprovable where the approver is the proposer, the time is over, it was
    decided before, or its content is not what was shown.
    """
    return _decide(session, proposal_no, approver, shown_hash=shown_hash)


def reject_change(session: Session, proposal_no: int, *, approver: str) -> Proposal:
    """Reject a proposal; raises NotApprovable as `approve_change`."""
    return _decide(session, proposal_no, approver, shown_hash=None)


def _decide(
    session: Session, proposal_no: int, approver: str, *, shown_hash: bytes | None
) -> Proposal:
    proposal = session.first(QUERIES["proposal"], Proposal, proposal_no=proposal_no)
    now = datetime.now(UTC)
    if proposal is None:
        msg = f"There is no proposal {proposal_no}."
        raise NotApprovable(msg)
    refusal = _refusal(proposal, approver, shown_hash=shown_hash, now=now)
    if refusal is not None:
        raise NotApprovable(refusal)
    state = "rejected" if shown_hash is None else "approved"
    session.run(
        QUERIES["decide_proposal"],
        proposal_no=proposal_no,
        state=state,
        approver=approver,
        at=now,
    )
    change = ManualChange(
        actor=proposal.proposer,
        action=f"{proposal.action}.{state}",
        subject=f"proposal {proposal_no}",
        reason=proposal.reason,
        after=proposal.content,
        approver=approver,
    )
    record_change(session, change)
    return proposal


def _refusal(
    proposal: Proposal, approver: str, *, shown_hash: bytes | None, now: datetime
) -> str | None:
    if proposal.state != "proposed":
        return f"Proposal {proposal.proposal_no} was {proposal.state} before."
    if proposal.proposer.lower() == approver.lower():
        return "The person who proposed a change cannot decide it; ask someone else."
    if now >= proposal.expires_at:
        return f"Proposal {proposal.proposal_no} has expired; propose the change again."
    if _hash(proposal.content) != proposal.content_hash:
        return f"Proposal {proposal.proposal_no} was altered after it was made."
    if shown_hash is not None and shown_hash != proposal.content_hash:
        return "What you were shown is not what is proposed; look at it again."
    return None


def _hash(content: Mapping[str, object]) -> bytes:
    return hashlib.sha256(encode_json(content)).digest()
