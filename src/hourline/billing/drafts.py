"""Open drafts, approve them, and let invoices be issued only as they were approved.

What is approved is the whole content: days, lines, customers, hours, amounts, taxes
and what is left out. Whatever of it changes afterwards needs a new approval.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hourline.billing.model import (
    Adjustment,
    Assembled,
    AssembledLine,
    NothingToBill,
    Terms,
)
from hourline.billing.preview import preview, preview_draft
from hourline.billing.store import QUERIES, drop_draft, put_draft, read_draft
from hourline.infra.approvals import why_unseen
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.kernel.money import currency_of, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Hold who approved which content of a contract's draft; see `fingerprint_of`."""

    approval_no: int
    fingerprint: bytes
    approver: str
    approved_at: datetime
    is_of_draft: bool = True


@dataclass(frozen=True, slots=True)
class Approver:
    """Say who approved an invoice's draft, or a credit note, and when."""

    approver: str
    approved_at: datetime


class NotToApprove(ValueError):
    """Say why somebody cannot approve a draft as it is."""


def fingerprint_of(assembled: Assembled) -> bytes:
    """Return a hash of all that a draft holds."""
    terms = assembled.terms
    left_out = [(one.entry_no, one.seconds_left_out) for one in assembled.left_out]
    content = [
        str(terms.through),
        str(terms.invoice_date),
        assembled.currency,
        [_told(line) for line in assembled.lines],
        left_out,
    ]
    return hashlib.sha256(encode_json(content)).digest()


def _told(line: AssembledLine) -> list[object]:
    item = line.item
    return [
        item.customer_no,
        line.group,
        item.contract_line_no,
        item.entry_no,
        item.revision,
        item.part,
        item.milestone,
        item.seconds,
        item.units,
        item.rate_amount,
        item.rate_seconds,
        line.net,
        line.tax_rate_ppm,
        line.tax,
    ]


def open_draft(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    *,
    through: date,
    invoice_date: date,
    adjustments: Sequence[Adjustment] = (),
) -> Assembled | NothingToBill | Problem:
    """Open the draft of a contract, replacing the one that is open.

    Only its terms are kept, the adjustments among them; what it holds follows the work
    until it is issued. No draft is open where there is nothing to bill; a problem
    leaves all as it was.
    """
    assembled = preview(
        session,
        snapshot,
        contract_no,
        through=through,
        invoice_date=invoice_date,
        adjustments=adjustments,
    )
    if isinstance(assembled, Problem):
        return assembled
    if not assembled.lines:
        drop_draft(session, contract_no)
        return NothingToBill(contract_no, through)
    put_draft(session, assembled.terms)
    return assembled


def approve_draft(
    session: Session, snapshot: Snapshot, contract_no: int, *, approver: str, shown: str
) -> Assembled:
    """Approve the open draft as it was shown, by the beginning of its fingerprint.

    Raises NotToApprove where no draft is open, it is not what was shown, it cannot be
    billed, or the approver adjusted it.
    """
    assembled = preview_draft(session, snapshot, contract_no)
    name = snapshot.contract(contract_no).id
    if assembled is None:
        raise NotToApprove(f"Contract {name} has no open draft.")
    if isinstance(assembled, Problem):
        raise NotToApprove(assembled.sentence)
    fingerprint = fingerprint_of(assembled)
    unseen = why_unseen(
        fingerprint,
        shown,
        what=f"The draft of contract {name}",
        look_again=f"hourline billing drafts {name}",
    )
    if unseen is not None:
        raise NotToApprove(unseen)
    adjusters = {one.because.actor.casefold() for one in assembled.terms.adjustments}
    if approver.casefold() in adjusters:
        raise NotToApprove(f"{approver} adjusted the draft, so another approves it.")
    session.run(
        QUERIES["add_draft_approval"],
        contract_no=contract_no,
        fingerprint=fingerprint,
        approver=approver,
    )
    return assembled


def approval_of(
    session: Session, snapshot: Snapshot, assembled: Assembled, *, from_draft: bool
) -> Approval | Problem | None:
    """Return the approval an invoice to be is issued by, None where it needs none.

    It needs one where the entity asks for it, or where its draft was approved. The
    problem `draft_not_approved` says that there is none, or that the draft is something
    else by now.
    """
    asked = _asks(snapshot, assembled.terms.contract_no)
    if not asked and not from_draft:
        return None
    given = _unused(session, assembled)
    standing = _of_content(given, assembled)
    if standing is not None:
        return standing
    earlier = next((one for one in given if one.is_of_draft), None)
    if earlier is None and not asked:
        return None
    return _not_approved(snapshot, assembled, earlier)


def use_approval(
    session: Session, approval: Approval | None, document_nos: Sequence[int]
) -> None:
    """Record that invoices were issued as approved."""
    if approval is not None:
        session.run(
            QUERIES["use_draft_approval"],
            approval_no=approval.approval_no,
            document_nos=list(document_nos),
        )


def terms_to_bill(
    session: Session, snapshot: Snapshot, terms: Terms
) -> tuple[Terms, bool]:
    """Return the terms a run bills by, and whether they are those of an open draft.

    Where the entity asks for approvals, a draft through the same day and of the same
    date is what was approved, or is to be, with what was adjusted on it.
    """
    if not _asks(snapshot, terms.contract_no):
        return terms, False
    draft = read_draft(session, terms.contract_no)
    days = (terms.through, terms.invoice_date)
    if draft is None or (draft.through, draft.invoice_date) != days:
        return terms, False
    return draft, True


def keep_for_approval(session: Session, terms: Terms) -> None:
    """Open the draft that somebody has to approve, unless it is open."""
    if read_draft(session, terms.contract_no) != terms:
        put_draft(session, terms)


def open_drafts(session: Session) -> list[int]:
    """Return the numbers of the contracts with an open draft."""
    return [contract_no for (contract_no,) in session.tuples(QUERIES["open_drafts"])]


def approver_of(session: Session, document_no: int) -> Approver | None:
    """Return who approved a document before it was issued; None for nobody.

    Of an invoice that is its draft.
    """
    return session.first(
        QUERIES["approver_of_invoice"], Approver, document_no=document_no
    )


def standing_approval(session: Session, assembled: Assembled) -> Approval | None:
    """Return the approval of exactly this content that no invoice used."""
    return _of_content(_unused(session, assembled), assembled)


def _unused(session: Session, assembled: Assembled) -> list[Approval]:
    contract_no = assembled.terms.contract_no
    return session.all(QUERIES["draft_approvals"], Approval, contract_no=contract_no)


def _of_content(given: Sequence[Approval], assembled: Assembled) -> Approval | None:
    fingerprint = fingerprint_of(assembled)
    return next((one for one in given if one.fingerprint == fingerprint), None)


def _asks(snapshot: Snapshot, contract_no: int) -> bool:
    entity_no = snapshot.contract(contract_no).entity_no
    return snapshot.entity(entity_no).content.invoice_approval


def _not_approved(
    snapshot: Snapshot, assembled: Assembled, earlier: Approval | None
) -> Problem:
    name = snapshot.contract(assembled.terms.contract_no).id
    total = major_units(assembled.total, currency_of(assembled.currency))
    what = (
        f"its draft through {assembled.terms.through} of {total:f} {assembled.currency}"
    )
    why = f"nobody has approved {what}"
    if earlier is not None:
        why = (
            f"{what} is not what {earlier.approver} approved on"
            f" {earlier.approved_at:%Y-%m-%d}: something of it changed since"
        )
    return Problem(
        ProblemCode.DRAFT_NOT_APPROVED,
        f"Contract {name} was not billed: {why}.",
        f"Look at it with hourline billing drafts {name}, and approve it with hourline"
        " billing approve; then issue it, or bill again.",
        {"contract": name, "total": f"{total:f}", "currency": assembled.currency},
    )
