"""Hold what is issued and booked: heads of documents, and journal lines to be."""

from dataclasses import dataclass
from datetime import date

from hourline.kernel.codes import Effect, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Hold the head of an issued invoice or credit note, as stored."""

    document_no: int
    kind: int
    number: str
    contract_no: int
    entity_no: int
    customer_no: int
    invoice_date: date
    through: date
    currency: int
    net: int
    tax: int
    total: int
    entity_currency: int
    entity_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Hold one journal line to be: an amount moved from a credit role to a debit role.

    `amount` is in the document's currency, `entity_amount` in the entity's; both in
    minor units.
    """

    part: int
    effect: Effect
    debit: Role
    credit: Role
    amount: int
    entity_amount: int
    project_no: int | None = None
    person_no: int | None = None
