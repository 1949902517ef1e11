"""Hold the values of intercompany invoices: what is open, lines, documents."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction

from hourline.kernel.codes import DocumentKind, Effect, Role


class Side(IntEnum):
    """Name in whose books a journal line is; the number is its cause's revision.

    The borrower's counter-document is the same document, seen from the other side.
    """

    LENDER = 0
    BORROWER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTransfer:
    """Hold a transfer to invoice, or one to take back (`mirrored`).

    A transfer is taken back where it stands on an intercompany invoice though its
    revision was replaced or recalled; it brings along what that line said. Amounts are
    minor units: `amount` and `tax` of the transfer currency, the others of the lender's
    or the borrower's; `cost_tax` is what the borrower does not recover.
    `lender_accrued` is 0 where the lender does not accrue.
    """

    entry_no: int
    revision: int
    mirrored: bool
    contract_no: int
    contract_line_no: int
    project_no: int
    person_no: int
    work_date: date
    seconds: int
    currency: int
    amount: int
    accrues: bool
    lender_accrued: int
    tax_rule_no: int | None
    tax_rate_ppm: int
    tax: int
    lender_net: int
    lender_tax: int
    borrower_net: int
    borrower_tax: int
    cost_tax: int = 0
    borrower_cost_tax: int = 0


@dataclass(frozen=True, slots=True)
class TaxOfLine:
    """Hold the tax rule of a line and its rate; 19 % is 190,000 ppm.

    `cost_share` is how much of the tax the borrower does not recover, from 0 to 1.
    `decided` is the tax itself where a tax engine decided it, in minor units.
    """

    rule_no: int | None
    rate_ppm: int
    cost_share: Fraction = Fraction(0)
    decided: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """Hold one line of an intercompany invoice; all amounts of a mirror are negative.

    `cost_tax` is what of the tax is cost of the borrower, `borrower_cost_tax` the same
    in its currency.

    `accrual_reversed` is in the document's currency, `lender_accrual_reversed` in the
    lender's.
    """

    line_no: int
    of: OpenTransfer
    tax_of: TaxOfLine
    net: int
    tax: int
    accrual_reversed: int
    lender_accrual_reversed: int
    lender_net: int
    lender_tax: int
    borrower_net: int
    borrower_tax: int
    cost_tax: int = 0
    borrower_cost_tax: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSidedMovement:
    """Hold one journal line to be of an intercompany invoice, on one of its sides."""

    side: Side
    line: TransferLine
    effect: Effect
    debit: Role
    credit: Role
    amount: int
    entity_amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercompanyHead:
    """Hold the head of an intercompany invoice, column by column.

    Dates, currencies and totals of lender and borrower are those of their own books.
    """

    document_no: int
    kind: int
    number: str
    lender_no: int
    borrower_no: int
    through: date
    invoice_date: date
    currency: int
    net: int
    tax: int
    total: int
    lender_date: date
    lender_currency: int
    lender_total: int
    borrower_date: date
    borrower_currency: int
    borrower_total: int
    change_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercompanyIssued:
    """Hold what was issued between two entities; a credit note's total is negative."""

    document_no: int
    kind: DocumentKind
    number: str
    lender_no: int
    borrower_no: int
    currency: str
    net: int
    tax: int
    total: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercompanyListed:
    """Hold an issued intercompany invoice or credit note, entities by their ids."""

    number: str
    kind: int
    lender: str
    borrower: str
    invoice_date: date
    through: date
    currency: int
    net: int
    tax: int
    total: int
    lender_date: date
    lender_currency: int
    lender_total: int
    borrower_date: date
    borrower_currency: int
    borrower_total: int
    lines: int
