"""Book invoices and credit notes in Tryton: a draft first, then posted by its id.

Tryton adds up totals itself; the draft it answers with is compared with the document
before it is posted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hourline.connectors.sdk.documents import (
    Content,
    Document,
    InvoiceDocument,
)
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Ask, Reading, Receipt, Reference
from hourline.connectors.tryton import wire
from hourline.connectors.tryton.drafts import Drafts
from hourline.connectors.tryton.invoice_lines import invoice_line, tax_lines
from hourline.connectors.tryton.references import (
    SALES_JOURNAL,
    Ids,
    account_name,
    address_name,
    company,
    invoice_references,
)
from hourline.connectors.tryton.refusals import refused
from hourline.kernel.capability import Capability

_DRAFTS = Drafts(
    "account.invoice",
    ("state", "number", "total_amount", "currency.code", "party.id", "lines.id"),
)
_STATES_OF_DRAFTS = frozenset({"draft", "validated"})


@dataclass(frozen=True, slots=True)
class Invoices:
    """Book invoices, or credit notes: those are invoices of negative quantities.

    `key_field` is the field that holds our key alone and that Tryton keeps unique;
    without one, the key stands in the reference, behind the document's number.
    """

    capability: Capability
    key_field: str | None = None

    def references(self, document: Document) -> Iterable[Reference]:
        """Return the records of Tryton that a document names."""
        return invoice_references(_invoice(document))

    def content(self, document: Document) -> Content:
        """Return what receipts must agree with; parties by Tryton's own ids."""
        invoice = _invoice(document)
        return Content(
            currency=invoice.currency,
            total=Decimal(invoice.total),
            party=invoice.references[f"customer {invoice.customer}"],
            lines=len(invoice.lines),
        )

    def book(self, document: Document, key: str) -> Ask:
        """Return the call that creates the draft."""
        invoice = _invoice(document)
        ids = Ids(invoice.references)
        entity = invoice.entity
        company_id = ids.of(company(entity))
        content = {
            "company": company_id,
            "type": "out",
            "party": ids.of(Reference("customer", invoice.customer)),
            "invoice_address": ids.record(address_name(invoice.customer)),
            "account": ids.record(account_name(entity, invoice.receivable_account)),
            "journal": ids.record(SALES_JOURNAL),
            "currency": ids.record(f"currency {invoice.currency}"),
            "invoice_date": wire.day(invoice.invoice_date),
            "accounting_date": wire.day(invoice.accounting_date),
            "payment_term_date": wire.day(invoice.due_date),
            "description": _described(invoice),
            "lines": wire.create(
                [invoice_line(invoice, line, ids) for line in invoice.lines]
            ),
            "taxes": wire.create(tax_lines(invoice, ids)),
            **self._marked(invoice, key),
        }
        return _DRAFTS.create(content, company=company_id)

    def read(self, reply: HttpReply) -> Reading:
        """Return the draft, the document, or why there is none."""
        return refused(reply) or _receipt(wire.told(reply))

    def find(self, document: Document, key: str) -> Ask:
        """Return the call that looks a key up."""
        invoice = _invoice(document)
        field = self.key_field or "reference"
        mark = self._marked(invoice, key)[field]
        return _DRAFTS.find(field, mark, company=_company_id(document))

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        """Return every draft and document under the key."""
        return [_receipt(item) for item in wire.told_records(reply)]

    def post(self, document: Document, draft_id: str) -> Ask:
        """Return the call that posts this draft."""
        return _DRAFTS.post(draft_id, company=_company_id(document))

    def discard(self, document: Document, draft_id: str) -> Ask:
        """Return the call that deletes this draft; Tryton keeps what is posted."""
        return _DRAFTS.discard(draft_id, company=_company_id(document))

    def _marked(self, invoice: InvoiceDocument, key: str) -> dict[str, str]:
        if self.key_field is None:
            return {"reference": f"{invoice.number} {key}"}
        return {"reference": invoice.number, self.key_field: key}


def _invoice(document: Document) -> InvoiceDocument:
    if not isinstance(document, InvoiceDocument):
        raise ValueError("this target takes invoices and credit notes")  # noqa: TRY004 - the SDK says ValueError
    return document


def _company_id(document: Document) -> int:
    invoice = _invoice(document)
    return Ids(invoice.references).of(company(invoice.entity))


def _described(invoice: InvoiceDocument) -> str:
    if invoice.credits_number is None:
        return invoice.number
    return f"{invoice.number}, credit for {invoice.credits_number}"


def _receipt(told: Any) -> Receipt:  # noqa: ANN401 - JSON as it came
    # What was cancelled there is worth nothing any more; a person must look.
    cancelled = told["state"] == "cancelled"
    return Receipt(
        external_id=str(told["id"]),
        number=told["number"],
        draft=told["state"] in _STATES_OF_DRAFTS,
        content=Content(
            currency=told["currency"]["code"],
            total=Decimal(0) if cancelled else told["total_amount"],
            party=str(told["party"]["id"]),
            lines=len(told["lines"]),
        ),
    )
