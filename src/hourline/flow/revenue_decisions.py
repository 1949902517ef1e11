"""Let two people decide on revenue: a modified price, or what is earned by hand."""

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from hourline.billing.store import lock_contracts
from hourline.flow.estimates import (
    Decision,
    Estimate,
    apply_estimate,
    unusable_estimate,
)
from hourline.flow.transactions import number_of, snapshot_of
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.money import AmountTooFine, currency_numbered, minor_units
from hourline.kernel.problems import Problem
from hourline.ledger.recognition import RESTARTING
from hourline.ledger.store_recognition import (
    NewRestart,
    read_last_recognition,
    write_restart,
)
from hourline.master.snapshot import UnusableRecord

PRICE = "estimate.price"
OVERRIDE = "revenue.override"
ACTIONS = (PRICE, OVERRIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Say what a contract line has earned to date, in major units of its currency.

    It holds as of the last run; the rest of the price is earned by the rest of the
    work.
    """

    contract_line: str
    earned: Decimal

    @property
    def said(self) -> dict[str, object]:
        """Return it in words, as the audit chain and a proposal keep it."""
        return {"contract_line": self.contract_line, "earned": f"{self.earned:f}"}


Decided = Estimate | Override


class CannotDecide(Exception):
    """Say why a decision on revenue does not fit; nothing of it is kept."""


class _Fits(Exception):
    """Undo a decision that was only tried."""


def propose(
    database: Database, tenant: int, decided: Decided, *, actor: str, reason: str
) -> int:
    """Propose a price or an override to a second person; return the proposal's number.

    Raises CannotDecide where it does not fit now, NotKnown for an unknown line.
    """
    decision = Decision(actor=actor, reason=reason)
    with database.tenant(tenant) as session:
        with suppress(_Fits), session.savepoint():
            _apply(session, decided, decision)
            raise _Fits
        return propose_change(
            session,
            action=PRICE if isinstance(decided, Estimate) else OVERRIDE,
            content=decided.said,
            reason=reason,
            proposer=actor,
        )


def approve(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> Decided:
    """Approve a decision as it was shown and follow it in one transaction.

    Revenue changes with the next run. Raises NotApprovable as `approve_change`, and
    CannotDecide where it does not fit any more; then nothing is decided.
    """
    with database.tenant(tenant) as session:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        decided = _read(proposal)
        decision = Decision(
            actor=proposal.proposer, reason=proposal.reason, approver=approver
        )
        _apply(session, decided, decision)
    return decided


def _read(proposal: Proposal) -> Decided:
    if proposal.action not in ACTIONS:
        msg = f"Proposal {proposal.proposal_no} is not about revenue."
        raise NotApprovable(msg)
    content = dict(proposal.content)
    if proposal.action == OVERRIDE:
        return Override(
            contract_line=content["contract_line"], earned=Decimal(content["earned"])
        )
    figures = {
        name: Decimal(content[name])
        for name in ("estimate_hours", "estimate_cost", "price")
        if name in content
    }
    return Estimate(
        contract_line=content["contract_line"],
        treatment=content["treatment"],
        **figures,
    )


def _apply(session: Session, decided: Decided, decision: Decision) -> None:
    if isinstance(decided, Override):
        _override(session, decided, decision)
        return
    try:
        refusal = apply_estimate(session, decided, decision)
    except UnusableRecord as unusable:
        refusal = unusable_estimate(unusable)
    if isinstance(refusal, Problem):
        raise CannotDecide(f"{refusal.sentence} {refusal.remedy}")


def _override(session: Session, override: Override, decision: Decision) -> None:
    snapshot = snapshot_of(session)
    line_no = number_of(snapshot, "contract_line", override.contract_line)
    line = snapshot.contract_line(line_no)
    lock_contracts(session, [line.contract_no])
    last = read_last_recognition(session, line_no)
    price = line.content.price or Decimal(0)
    if line.content.recognition not in RESTARTING or last is None:
        raise CannotDecide(
            f"Contract line {line.id} was not recognised by a share of its work yet;"
            " there is nothing to set by hand."
        )
    if not 0 <= override.earned <= price:
        raise CannotDecide(
            f"{override.earned} is not between 0 and the price, {price}."
        )
    currency = currency_numbered(snapshot.contract(line.contract_no).currency)
    try:
        settled = minor_units(override.earned, currency)
    except AmountTooFine as error:
        raise CannotDecide(f"{error}.") from error
    restart = NewRestart(
        contract_no=line.contract_no,
        contract_line_no=line_no,
        kind="by_hand",
        settled=settled,
        done=last.done,
        recognition_no=last.recognition_no,
        actor=decision.actor,
        approver=decision.approver,
        reason=decision.reason,
    )
    write_restart(session, restart)
    change = ManualChange(
        actor=decision.actor,
        action="revenue.overridden",
        subject=f"contract line {line.id}",
        reason=decision.reason,
        after=override.said,
        approver=decision.approver,
    )
    record_change(session, change)
