"""Propose a credit, a cancellation or a rebill; do it once a second person agrees.

What each would come to is done, read and undone, and kept with the proposal. It is done
exactly so, or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from hourline.billing.model import Because, CreditLine, Issued
from hourline.billing.store_invoiced import read_document
from hourline.exceptions.model import Subject as About
from hourline.flow.allotting import working_snapshot
from hourline.flow.crediting import Credit, credit_in, issue_credit
from hourline.flow.kept_records import resume_kept
from hourline.flow.proposals import open_about, waiting_like
from hourline.flow.rebilling.anew import Agreed, bill_anew, rebilled_entries
from hourline.flow.rebilling.guard import asks_for_credits, may_not_approve
from hourline.flow.rebilling.rebill import Rebill, Subject, rebill, record_approved
from hourline.flow.rebilling.told import told_rebill
from hourline.flow.soft_closed import IntoSoftClosed
from hourline.flow.transactions import (
    CannotReplace,
    NotKnown,
    in_one_transaction,
    number_of,
    queued,
    snapshot_of,
    tried,
)
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.database import Database, Session
from hourline.infra.json import decode_json, encode_json
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot

ACTION = "invoice.credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say what is proposed about the invoices of a contract.

    A credit or a cancellation is of one invoice, dated `dated`, else as the invoice is;
    a credit is of its `lines`, else of all that is left. A rebill is of `entry_nos`, on
    whatever invoices they stand; `dated` is the date of the draft that follows.
    """

    act: Literal["credit", "cancel", "rebill"]
    contract: str
    document_no: int | None = None
    lines: tuple[CreditLine, ...] | None = None
    dated: date | None = None
    into_soft_closed: bool = False
    entry_nos: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """Hold what would be done, and the proposal of it that waits for approval."""

    proposal_no: int
    outcome: Rebill


def credit_or_propose(
    database: Database, tenant: int, credit: Credit
) -> Issued | Proposed | Problem:
    """Credit or cancel an invoice; propose it where its entity takes two for that."""
    with database.tenant(tenant) as session:
        entity_no = read_document(session, credit.document_no).entity_no
        takes_two = asks_for_credits(snapshot_of(session), entity_no)
    if takes_two:
        return _propose_credit(database, tenant, credit)
    return issue_credit(database, tenant, credit)


def _wanted(session: Session, snapshot: Snapshot, credit: Credit) -> Wanted:
    """Return what is proposed where a credit takes two persons."""
    contract_no = read_document(session, credit.document_no).contract_no
    return Wanted(
        act="cancel" if credit.cancels else "credit",
        contract=snapshot.contract(contract_no).id,
        document_no=credit.document_no,
        lines=None if credit.lines is None else tuple(credit.lines),
        dated=credit.dated,
        into_soft_closed=credit.into is not None,
    )


def _propose_credit(
    database: Database, tenant: int, credit: Credit
) -> Proposed | Problem:
    def of(session: Session, snapshot: Snapshot) -> Wanted:
        return _wanted(session, snapshot, credit)

    return _propose(database, tenant, of, credit.because)


def propose_rebill(
    database: Database,
    tenant: int,
    *,
    contract: str,
    dated: date,
    because: Because,
    starts: date = date.min,
    ends: date = date.max,
) -> Proposed | Problem:
    """Propose to credit what the terms in force price otherwise, and to bill it anew.

    That is invoiced work of a contract from `starts` on and before `ends`. Raises
    NotKnown, also where all of it would be what it is, and TooMany.
    """

    def of(session: Session, snapshot: Snapshot) -> Wanted:
        contract_no = number_of(snapshot, "contract", contract)
        found = rebilled_entries(session, snapshot, contract_no, (starts, ends))
        if not found:
            msg = f"Nothing that {contract} invoiced would be billed otherwise."
            raise NotKnown(msg)
        return Wanted(
            act="rebill", contract=contract, dated=dated, entry_nos=tuple(found)
        )

    return _propose(database, tenant, of, because)


def approve_credit(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> Rebill | Problem:
    """Approve a proposal as it was shown, and do it in the same transaction.

    Returns the problem `right_missing`, or why it cannot be done, which waits in its
    queue; then it is still proposed. Raises NotApprovable as `approve_change`, and
    where it would not come to what was shown.
    """

    def work(session: Session) -> Rebill | Problem:
        snapshot = working_snapshot(session)
        wanted = wanted_from(_found(session, proposal_no))
        contract = snapshot.contract(number_of(snapshot, "contract", wanted.contract))
        refused = may_not_approve(snapshot, contract.entity_no, approver)
        if refused is not None:
            return queued(session, refused, kind="credit", key=wanted.contract)
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        agreed = Agreed(
            because=Because(actor=proposal.proposer, reason=proposal.reason),
            approver=approver,
            proposal_no=proposal_no,
        )
        done = _outcome(session, snapshot, wanted, agreed)
        if told_rebill(done) != proposal.content["shown"]:
            msg = (
                f"Proposal {proposal_no} would not come to what was shown any more;"
                " propose it again."
            )
            raise NotApprovable(msg)
        record_approved(session, done, approver=approver, fingerprint=done.fingerprint)
        return queued(session, done, kind="credit", key=wanted.contract)

    try:
        outcome = in_one_transaction(database, tenant, work)
    except CannotReplace as refusal:
        return refusal.problem
    # What a source corrected of it need not be approved once nothing of it stands.
    resume_kept(database, tenant)
    return outcome


def wanted_from(proposal: Proposal) -> Wanted:
    """Return what a proposal wants; raise NotApprovable for another one."""
    if proposal.action != ACTION:
        msg = f"Proposal {proposal.proposal_no} is about no credit."
        raise NotApprovable(msg)
    return msgspec.convert(proposal.content["wanted"], Wanted)


def _found(session: Session, proposal_no: int) -> Proposal:
    for one in open_about(session, (ACTION,)):
        if one.proposal_no == proposal_no:
            return one
    msg = f"No proposal {proposal_no} about a credit waits."
    raise NotApprovable(msg)


def _propose(
    database: Database,
    tenant: int,
    of: Callable[[Session, Snapshot], Wanted],
    because: Because,
) -> Proposed | Problem:
    try:
        wanted, outcome = tried(database, tenant, _Trial(of, because))
    except CannotReplace as refusal:
        return refusal.problem
    content = {
        "act": wanted.act,
        "wanted": decode_json(encode_json(wanted)),
        "shown": told_rebill(outcome),
    }

    def keep(session: Session) -> int:
        waiting = waiting_like(session, ACTION, content)
        if waiting is not None:
            return waiting
        return propose_change(
            session,
            action=ACTION,
            content=content,
            reason=because.reason,
            proposer=because.actor,
        )

    return Proposed(in_one_transaction(database, tenant, keep), outcome)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Find what is wanted, and what it would come to."""

    of: Callable[[Session, Snapshot], Wanted]
    because: Because

    def __call__(self, session: Session) -> tuple[Wanted, Rebill]:
        snapshot = working_snapshot(session)
        wanted = self.of(session, snapshot)
        agreed = Agreed(because=self.because, approver="preview")
        return wanted, _outcome(session, snapshot, wanted, agreed)


def _outcome(
    session: Session, snapshot: Snapshot, wanted: Wanted, agreed: Agreed
) -> Rebill:
    """Do what is wanted, and say what that comes to; raise CannotReplace."""
    contract_no = number_of(snapshot, "contract", wanted.contract)
    subject = Subject(contract_no=contract_no, entry_nos=wanted.entry_nos)
    if wanted.act == "rebill":
        assert wanted.dated is not None  # noqa: S101 - a rebill is proposed with a date
        return rebill(
            session,
            snapshot,
            subject,
            lambda: bill_anew(session, snapshot, wanted.entry_nos, agreed),
            dated=wanted.dated,
        )

    def credit_once() -> None:
        credit = _credit(wanted, agreed)
        outcome = credit_in(session, snapshot, credit, approver=agreed.approver)
        if isinstance(outcome, Problem):
            raise CannotReplace(About("invoice", str(wanted.document_no)), outcome)

    return rebill(session, snapshot, subject, credit_once, dated=None)


def _credit(wanted: Wanted, agreed: Agreed) -> Credit:
    assert wanted.document_no is not None  # noqa: S101 - a credit is of an invoice
    because = agreed.because
    into = IntoSoftClosed(because.actor, because.reason)
    return Credit(
        document_no=wanted.document_no,
        because=because,
        lines=wanted.lines,
        dated=wanted.dated,
        into=into if wanted.into_soft_closed else None,
        cancels=wanted.act == "cancel",
    )
