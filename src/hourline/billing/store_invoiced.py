"""Read issued documents with what credits, payments and others took off them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing.model import Document, InvoicedLine
from hourline.billing.rules.movements import GroupTax
from hourline.billing.store import CODES, QUERIES
from hourline.infra.database import Session


@dataclass(frozen=True, slots=True)
class Cleared:
    """Hold what took something off an invoice, in its currency and in the entity's.

    `retained` is what is withheld of it still, `released` what was and is due again.
    """

    credited: int
    credited_entity: int
    paid: int
    paid_entity: int
    drawn: int
    drawn_entity: int
    written_off: int
    written_off_entity: int
    retained: int
    retained_entity: int
    released: int

    def due(self, document: Document) -> int:
        """Return what the customer owes of the invoice; below zero it has a credit."""
        taken = self.credited + self.paid + self.drawn + self.written_off
        return document.total - taken - self.retained

    def entity_due(self, document: Document) -> int:
        """Return what is due at the rates it stands at, in the entity's currency."""
        taken = self.credited_entity + self.paid_entity + self.drawn_entity
        taken += self.written_off_entity + self.retained_entity
        return document.entity_total - taken


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Hold a recorded payment."""

    paid_on: date
    amount: int


def read_document(session: Session, document_no: int) -> Document:
    """Return the head of an issued document; raise LookupError."""
    return session.one(QUERIES["document"], Document, document_no=document_no)


def read_invoiced_lines(session: Session, document_no: int) -> list[InvoicedLine]:
    """Return the lines of an invoice with what was credited of each so far."""
    return session.all(
        QUERIES["invoiced_lines"], InvoicedLine, document_no=document_no, **CODES
    )


def read_group_taxes(
    session: Session, document_no: int
) -> dict[tuple[int, int], GroupTax]:
    """Return the tax of an invoice per rate, and of each retainer by its line."""
    rows = session.all(
        QUERIES["group_taxes"], GroupTax, document_no=document_no, **CODES
    )
    return {(row.tax_rate_ppm, row.own_line): row for row in rows}


def read_cleared(session: Session, document_no: int) -> Cleared:
    """Return what credits, payments, retainers and write-offs took off an invoice."""
    return session.one(QUERIES["cleared"], Cleared, document_no=document_no, **CODES)


def read_live_documents(
    session: Session, revisions: Sequence[tuple[int, int]]
) -> list[int]:
    """Return the invoices on which something of (entry, revision) pairs stands."""
    rows = session.tuples(QUERIES["live_documents_of"], **_columns(revisions))
    return [document_no for (document_no,) in rows]


def read_contracts_of(
    session: Session, revisions: Sequence[tuple[int, int]]
) -> list[int]:
    """Return the contracts that (entry, revision) pairs were decided on."""
    rows = session.tuples(QUERIES["contracts_of_revisions"], **_columns(revisions))
    return [contract_no for (contract_no,) in rows]


def _columns(revisions: Sequence[tuple[int, int]]) -> dict[str, list[int]]:
    return {
        "entry_no": [entry_no for entry_no, _ in revisions],
        "revision": [revision for _, revision in revisions],
    }
