"""Follow people's decisions on intents: try again by one, rule by two."""

from contextlib import suppress
from dataclasses import dataclass

from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.proposals import proposals_about
from hourline.flow.transactions import now
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
    reject_change,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.infra.jobs import enqueue
from hourline.posting import service as posting
from hourline.posting.service import NotAllowed, Verdict

ACTION = "posting.rule"
# These end an intent: no worker looks at it again, so nobody else closes its items.
_ENDING = {Verdict.ADOPT: "adopted", Verdict.CANCEL: "cancelled"}


@dataclass(frozen=True, slots=True)
class Ruled:
    """Say what was decided on which intent."""

    intent_no: int
    verdict: Verdict
    external_id: str | None


def resubmit_intent(
    database: Database, tenant: int, intent_no: int, *, actor: str, reason: str
) -> None:
    """Try a rejected document again, with the decision in the audit chain.

    Raises NotAllowed where the intent is not rejected, LookupError where there is none.
    """
    with database.tenant(tenant) as session:
        posting.resubmit(session, intent_no, actor=actor, reason=reason)
        change = ManualChange(
            actor=actor,
            action="posting.resubmitted",
            subject=f"intent {intent_no}",
            reason=reason,
        )
        record_change(session, change)
        enqueue(session, "posting", tenant)


def propose_ruling(
    database: Database,
    tenant: int,
    ruled: Ruled,
    *,
    actor: str,
    reason: str,
) -> int:
    """Propose a decision on an intent to a second person; return the proposal's number.

    Raises NotAllowed where it does not fit the intent as it is now, LookupError where
    there is no such intent.
    """
    with database.tenant(tenant) as session:
        _refuse_unfit(session, ruled, actor=actor, reason=reason)
        return propose_change(
            session,
            action=ACTION,
            content={
                "intent_no": ruled.intent_no,
                "verdict": ruled.verdict.value,
                "external_id": ruled.external_id,
            },
            reason=reason,
            proposer=actor,
        )


class _Fits(Exception):
    """Undo a ruling that was only tried."""


def _refuse_unfit(session: Session, ruled: Ruled, *, actor: str, reason: str) -> None:
    """Rule in a savepoint that is undone: only the state machine knows what fits."""
    with suppress(_Fits), session.savepoint():
        _rule(session, ruled, actor=actor, reason=reason)
        raise _Fits


def ruling_proposals(database: Database, tenant: int) -> list[Proposal]:
    """Return the decisions on intents that a second person can still approve."""
    return proposals_about(database, tenant, (ACTION,))


def approve_ruling(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> Ruled:
    """Approve a proposed decision as it was shown, and follow it in one transaction.

    Raises NotApprovable as `approve_change`, and where the proposal is about something
    else; NotAllowed where the intent has moved since, and then nothing is decided.
    """
    with database.tenant(tenant) as session:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        ruled = _read(proposal)
        _rule(session, ruled, actor=proposal.proposer, reason=proposal.reason)
        subject = Subject("intent", str(ruled.intent_no))
        if ruled.verdict in _ENDING:
            exceptions.resolve_subject(
                session, subject, resolution=_ENDING[ruled.verdict], at=now()
            )
        enqueue(session, "posting", tenant)
    return ruled


def reject_ruling(
    database: Database, tenant: int, proposal_no: int, *, approver: str
) -> None:
    """Reject a proposed decision; raises NotApprovable as `approve_ruling`."""
    with database.tenant(tenant) as session:
        _read(reject_change(session, proposal_no, approver=approver))


def _read(proposal: Proposal) -> Ruled:
    if proposal.action != ACTION:
        msg = f"Proposal {proposal.proposal_no} is not about an intent."
        raise NotApprovable(msg)
    content = proposal.content
    return Ruled(
        content["intent_no"], Verdict(content["verdict"]), content["external_id"]
    )


def _rule(session: Session, ruled: Ruled, *, actor: str, reason: str) -> None:
    if (ruled.verdict is Verdict.ADOPT) != (ruled.external_id is not None):
        raise NotAllowed("the id at the target belongs to adopting, and only to that")
    posting.rule(
        session,
        ruled.intent_no,
        ruled.verdict,
        actor=actor,
        reason=reason,
        external_id=ruled.external_id,
    )
