"""Find what a step names: an invoice, a part of one, a vendor's bill, an act."""

from typing import Literal

from hourline.billing.model import CreditLine
from hourline.flow import IntoSoftClosed, StatedBill, StatedLine
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import currency_numbered, minor_units
from hourline.scenarios.books import Books, IssuedDocument, NotInTheBooks
from hourline.scenarios.format.added_steps import (
    Cancel,
    ReleaseRetainage,
    Revalue,
    VendorBill,
    WriteOffInvoice,
)
from hourline.scenarios.format.steps import (
    Bill,
    Credit,
    CreditedLine,
    IntercompanyInvoice,
    Issue,
    Recognise,
)


def invoice_named(books: Books, which: Literal["last"] | int) -> IssuedDocument:
    """Return an invoice by its number in order of issue; raise NotInTheBooks."""
    issued = books.documents(DocumentKind.INVOICE)
    position = len(issued) if which == "last" else which
    if not 1 <= position <= len(issued):
        raise NotInTheBooks(f"no invoice {which}; {len(issued)} were issued")
    return issued[position - 1]


def credit_line(
    books: Books, invoice: IssuedDocument, line: CreditedLine
) -> CreditLine:
    """Return what is credited of a line of an invoice; raise NotInTheBooks."""
    amount = None
    if line.amount is not None:
        amount = minor_units(line.amount, currency_numbered(invoice.currency))
    return CreditLine(
        entry_no=None if line.entry is None else books.entry(line.entry).entry_no,
        milestone=line.milestone,
        seconds=line.credited_seconds,
        amount=amount,
    )


def stated_bill(action: VendorBill) -> StatedBill:
    """Return the bill of a vendor as its step states it."""
    return StatedBill(
        vendor=action.vendor,
        reference=action.id,
        entity=action.entity,
        billed_on=action.billed_on,
        currency=action.currency,
        lines=tuple(
            StatedLine(
                person=line.person,
                project=line.project,
                worked_from=line.starts,
                worked_until=line.ends,
                seconds=line.billed_seconds,
                rate=line.rate,
                amount=line.amount,
            )
            for line in action.lines
        ),
    )


def into_of(
    action: Bill
    | Issue
    | Credit
    | Cancel
    | WriteOffInvoice
    | ReleaseRetainage
    | Recognise
    | IntercompanyInvoice
    | Revalue,
) -> IntoSoftClosed | None:
    """Return who books into soft-closed months and why; None where nobody does."""
    if action.into_soft_closed is None:
        return None
    return IntoSoftClosed(
        actor=action.into_soft_closed.by, reason=action.into_soft_closed.reason
    )
