"""Hold the documents Hourline books elsewhere, as a receiving system is told them.

Amounts are decimal strings in major units of the ISO 4217 currency beside them, dates
ISO 8601. A credit note has negative amounts, as its invoice line has.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import msgspec

from hourline.kernel.codes import DocumentKind


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one line of bookkeeping; one of debit and credit is "0"."""

    account: str
    debit: str
    credit: str
    description: str = ""
    dimensions: dict[str, str] = msgspec.field(default_factory=dict)


class BilledLine(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one line as the customer reads it, and what it is sold from.

    `account` is the revenue account, `tax_code` the code of the tax rule, empty where
    there is no tax.
    """

    description: str
    quantity: str
    unit_price: str
    net: str
    tax: str
    tax_rate: str
    source: str = ""
    account: str = ""
    tax_code: str = ""
    dimensions: dict[str, str] = msgspec.field(default_factory=dict)


class InvoiceDocument(msgspec.Struct, frozen=True, kw_only=True, tag="invoice"):
    """Hold an invoice or credit note; `credits_number` names the invoice credited.

    `ledger_lines` are in the currency of the entity's books, `ledger_currency`; empty
    is the invoice's own. `tax_account` is empty where no line is taxed.
    `references` has the target's own id of each record it asked for, by its name.
    """

    kind: DocumentKind
    number: str
    entity: str
    customer: str
    currency: str
    invoice_date: date
    accounting_date: date
    due_date: date
    net: str
    tax: str
    total: str
    lines: tuple[BilledLine, ...]
    ledger_lines: tuple[LedgerLine, ...]
    ledger_currency: str = ""
    credits_number: str | None = None
    receivable_account: str = ""
    tax_account: str = ""
    references: dict[str, str] = msgspec.field(default_factory=dict)


class JournalDocument(msgspec.Struct, frozen=True, kw_only=True, tag="journal"):
    """Hold a journal; `total` is the sum of its debits.

    `references` has the target's own id of each record it asked for, by its name.
    """

    number: str
    entity: str
    currency: str
    accounting_date: date
    description: str
    total: str
    lines: tuple[LedgerLine, ...]
    references: dict[str, str] = msgspec.field(default_factory=dict)


class WrittenEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a document bills, or credits, of one time entry."""

    time_entry: str
    seconds: int
    amount: str


class WriteBack(msgspec.Struct, frozen=True, kw_only=True, tag="write_back"):
    """Hold what the system time entries came from is told about their billing.

    `amount` is the sum over the entries; both are negative for a credit note.
    """

    invoice_number: str
    status: str
    currency: str
    amount: str
    entries: tuple[WrittenEntry, ...]


Document: TypeAlias = InvoiceDocument | JournalDocument | WriteBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Hold what two copies of a document must agree on.

    In what a receiving system tells, `party` and `lines` are None where it does not
    tell them; currency and total it must tell.
    """

    currency: str
    total: Decimal
    party: str | None = None
    lines: int | None = None

    def differences(self, told: "Content") -> list[str]:
        """Return a phrase for each thing in which `told` differs from this content."""
        pairs: list[tuple[str, object, object]] = [
            ("currency", self.currency, told.currency),
            ("total", self.total, told.total),
        ]
        if told.party is not None:
            pairs.append(("party", self.party, told.party))
        if told.lines is not None:
            pairs.append(("number of lines", self.lines, told.lines))
        return [
            f"{name} is {found}, not {ours}"
            for name, ours, found in pairs
            if found != ours
        ]


def kind_of(document: Document) -> DocumentKind:
    """Return the kind under which an intent books this document."""
    match document:
        case InvoiceDocument(kind=kind):
            return kind
        case JournalDocument():
            return DocumentKind.JOURNAL
        case WriteBack():
            return DocumentKind.WRITE_BACK


def content_of(document: Document) -> Content:
    """Return what a receipt must agree with where whole documents are kept."""
    match document:
        case InvoiceDocument():
            return Content(
                currency=document.currency,
                total=Decimal(document.total),
                party=document.customer,
                lines=len(document.lines),
            )
        case JournalDocument():
            return Content(
                currency=document.currency,
                total=Decimal(document.total),
                party=document.entity,
                lines=len(document.lines),
            )
        case WriteBack():
            return Content(
                currency=document.currency,
                total=Decimal(document.amount),
                party=document.invoice_number,
                lines=len(document.entries),
            )


def ledger_lines_of(
    document: InvoiceDocument | JournalDocument,
) -> tuple[LedgerLine, ...]:
    """Return what a document does to the ledger."""
    match document:
        case InvoiceDocument(ledger_lines=lines):
            return lines
        case JournalDocument(lines=lines):
            return lines


def ledger_currency_of(document: InvoiceDocument | JournalDocument) -> str:
    """Return the currency of what a document does to the ledger."""
    match document:
        case InvoiceDocument(ledger_currency=currency):
            return currency or document.currency
        case JournalDocument(currency=currency):
            return currency


def ledger_content_of(document: InvoiceDocument | JournalDocument) -> Content:
    """Return what a receipt must agree with where only ledger lines are kept."""
    lines = ledger_lines_of(document)
    return Content(
        currency=ledger_currency_of(document),
        total=sum((Decimal(line.debit) for line in lines), Decimal()),
        party=document.entity,
        lines=len(lines),
    )


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[Document] = msgspec.json.Decoder(Document)


def encode_document(document: Document) -> str:
    """Return the document as JSON, the same bytes for the same document."""
    return _encoder.encode(document).decode()


def decode_document(payload: str) -> Document:
    """Return the document of a stored payload.

    Raises msgspec.ValidationError for one this release cannot read.
    """
    return _decoder.decode(payload)
