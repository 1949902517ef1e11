"""Show what the next bill of a contract would be; nothing is changed by looking."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hourline.billing.blocks import block_items
from hourline.billing.customer_limits import customer_room
from hourline.billing.customers import customers_on, parties_of
from hourline.billing.hand_limits import above_limit
from hourline.billing.model import Adjustment, Assembled, OpenItem, Terms
from hourline.billing.parties import seller_of
from hourline.billing.positions import with_deferral
from hourline.billing.recurring import begun_fees
from hourline.billing.refusals import exceeds_open
from hourline.billing.retainers import retainers_to_bill
from hourline.billing.rules.adjust import adjust
from hourline.billing.rules.assemble import Seller, assemble, in_order
from hourline.billing.rules.invoice_groups import invoice_groups
from hourline.billing.store import read_draft, read_open_items, read_totals
from hourline.infra.database import Session
from hourline.kernel.money import currency_numbered
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


def open_items(session: Session, contract_no: int, *, through: date) -> list[OpenItem]:
    """Return what a bill through a day would hold, in the order of its lines."""
    return in_order(read_open_items(session, contract_no, through))


def open_to_bill(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    *,
    through: date,
    begun_by: date | None = None,
) -> Assembled | Problem:
    """Return what is open to bill through a day; advances are not, before the bill.

    Months of recurring fees count when they begin by `begun_by`, default `through`.
    See `preview`.
    """
    terms = Terms(contract_no=contract_no, through=through, invoice_date=through)
    fees = begun_fees(
        session, snapshot, contract_no, through=min(through, begun_by or through)
    )
    if isinstance(fees, Problem):
        return fees
    items = [*open_items(session, contract_no, through=through), *fees]
    return _assembled(session, snapshot, terms, items)


def preview(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    *,
    through: date,
    invoice_date: date,
    adjustments: Sequence[Adjustment] = (),
) -> Assembled | Problem:
    """Return what a bill would issue; it may have no lines.

    Returns the problem `master_record_invalid` where the contract's currency changed
    while work in the earlier one is open, `review_exceeds_open` where an adjustment
    asks for more than is open, `limit_exceeded` where an amount by hand goes beyond a
    limit, `tax_not_determined` where no row of the tax table matches a retainer, the
    month of a fee, a block of hours, or a customer that shares the contract.
    Raises RecordNotKnown for a contract, and ValueError for a tax rate, that the master
    data cannot mean.
    """
    terms = Terms(
        contract_no=contract_no,
        through=through,
        invoice_date=invoice_date,
        adjustments=tuple(adjustments),
    )
    return preview_terms(session, snapshot, terms)


def preview_terms(
    session: Session, snapshot: Snapshot, terms: Terms, *, follow: bool = False
) -> Assembled | Problem:
    """Return what a bill of terms would issue; with `follow` adjustments give way.

    See `preview`.
    """
    work = open_items(session, terms.contract_no, through=terms.through)
    amounts = _amounts_to_begin(session, snapshot, terms)
    if isinstance(amounts, Problem):
        return amounts
    adjusted = adjust(work, terms.adjustments, follow=follow)
    if isinstance(adjusted, Adjustment):
        return exceeds_open(session, adjusted.entry_no, adjusted.seconds)
    assembled = _assembled(session, snapshot, terms, [*adjusted, *amounts])
    if isinstance(assembled, Problem):
        return assembled
    left_out = tuple(item for item in adjusted if item.seconds_left_out)
    refusal = above_limit(session, snapshot, assembled)
    return refusal or replace(assembled, left_out=left_out)


def _amounts_to_begin(
    session: Session, snapshot: Snapshot, terms: Terms
) -> list[OpenItem] | Problem:
    """Return retainers, months of fees and blocks that this bill is the first of."""
    retainers = retainers_to_bill(
        session, snapshot, terms.contract_no, terms.invoice_date
    )
    blocks = block_items(session, snapshot, terms.contract_no, terms.through)
    if isinstance(blocks, Problem):
        return blocks
    fees = begun_fees(session, snapshot, terms.contract_no, through=terms.through)
    return fees if isinstance(fees, Problem) else [*retainers, *blocks, *fees]


def _assembled(
    session: Session, snapshot: Snapshot, terms: Terms, open_now: Sequence[OpenItem]
) -> Assembled | Problem:
    contract_no = terms.contract_no
    items = in_order(with_deferral(snapshot, open_now))
    customer_nos = customers_on(snapshot, contract_no, terms.invoice_date)
    seller = seller_of(snapshot, contract_no, customer_nos)
    refusal = _other_currency(snapshot, contract_no, items, seller)
    if refusal is not None:
        return refusal
    listed = [item for item in items if item.is_listed]
    parties = parties_of(session, snapshot, contract_no, listed)
    if isinstance(parties, Problem):
        return parties
    assembled = assemble(
        listed,
        terms=terms,
        seller=seller,
        totals=read_totals(
            session, contract_no, [item.contract_line_no for item in listed]
        ),
        parties=parties,
        groups=_groups(snapshot, contract_no, listed),
        room=customer_room(session, snapshot, contract_no, listed),
    )
    ids = {no: snapshot.customer(no).id for no, _ in assembled.invoices}
    return replace(assembled, customer_ids=ids)


def _groups(
    snapshot: Snapshot, contract_no: int, items: Sequence[OpenItem]
) -> list[int]:
    by = snapshot.contract(contract_no).content.invoice_by
    if by == "contract_line":
        lines = [snapshot.contract_line(item.contract_line_no).id for item in items]
        return invoice_groups(lines)
    if by == "project":
        projects = [
            None if item.project_no is None else snapshot.project(item.project_no).id
            for item in items
        ]
        return invoice_groups(projects)
    return invoice_groups([None] * len(items))


def preview_draft(
    session: Session, snapshot: Snapshot, contract_no: int
) -> Assembled | Problem | None:
    """Return the contract's open draft as it stands now; None where none is open."""
    terms = read_draft(session, contract_no)
    if terms is None:
        return None
    return preview_terms(session, snapshot, terms, follow=True)


def _other_currency(
    snapshot: Snapshot, contract_no: int, items: Sequence[OpenItem], seller: Seller
) -> Problem | None:
    others = {item.currency for item in items} - {seller.currency.number}
    if not others:
        return None
    codes = ", ".join(sorted(currency_numbered(number).code for number in others))
    contract = snapshot.contract(contract_no).id
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"Contract {contract} is billed in {seller.currency.code}, but open work of it"
        f" was priced in {codes}.",
        f"Restore the currency of the contract until the work in {codes} is billed, or"
        " correct the work.",
        {"contract": contract},
    )
