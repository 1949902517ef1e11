"""Show what the next bill of a contract would be; nothing is changed by looking."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hourline.billing.blocks import block_items
from hourline.billing.hand_limits import above_limit
from hourline.billing.model import Adjustment, Assembled, OpenItem, Terms
from hourline.billing.parties import seller_of, tax_rate_ppm
from hourline.billing.refusals import exceeds_open
from hourline.billing.rules.adjust import adjust
from hourline.billing.rules.assemble import Seller, assemble, in_order
from hourline.billing.store import read_draft, read_open_items, read_totals
from hourline.infra.database import Session
from hourline.kernel.money import currency_numbered
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


def open_items(session: Session, contract_no: int, *, through: date) -> list[OpenItem]:
    """Return what a bill through a day would hold, in the order of its lines."""
    return in_order(read_open_items(session, contract_no, through))


def preview(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    *,
    through: date,
    invoice_date: date,
    adjustments: Sequence[Adjustment] = (),
) -> Assembled | Problem:
    """Return the invoice that a bill would issue; it may have no lines.

    Returns the problem `master_record_invalid` where the contract's currency changed
    while work in the earlier one is open, `review_exceeds_open` where an adjustment
    asks for more than is open, `limit_exceeded` where an amount by hand goes beyond a
    limit, `tax_not_determined` for a block of prepaid hours that no row of the tax
    table matches. Raises RecordNotKnown for a contract, and
    ValueError for a tax rate, that the master data cannot mean.
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
    """Return the invoice of terms; with `follow` adjustments give way to the work.

    See `preview`.
    """
    contract_no = terms.contract_no
    blocks = block_items(session, snapshot, contract_no, terms.through)
    if isinstance(blocks, Problem):
        return blocks
    items = in_order(
        [*open_items(session, contract_no, through=terms.through), *blocks]
    )
    seller = seller_of(snapshot, contract_no)
    refusal = _other_currency(snapshot, contract_no, items, seller)
    if refusal is not None:
        return refusal
    adjusted = adjust(items, terms.adjustments, follow=follow)
    if isinstance(adjusted, Adjustment):
        return exceeds_open(session, adjusted.entry_no, adjusted.seconds)
    listed = [item for item in adjusted if item.is_listed]
    assembled = assemble(
        listed,
        terms=terms,
        seller=seller,
        totals=read_totals(
            session, contract_no, [item.contract_line_no for item in listed]
        ),
        tax_rates_ppm=[
            tax_rate_ppm(snapshot, item.tax_rule_no, item.dated) for item in listed
        ],
    )
    left_out = tuple(item for item in adjusted if item.seconds_left_out)
    refusal = above_limit(session, snapshot, assembled)
    return refusal or replace(assembled, left_out=left_out)


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
