"""Give answers as Tryton 8.2.1 sent them on 2026-11-25, and documents to book.

Names, codes and ids are those of an invented firm.
"""

import json
from datetime import date
from typing import Any

import msgspec

from hourline.connectors.sdk.documents import (
    BilledLine,
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
)
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.tryton.references import (
    invoice_references,
    journal_references,
)
from hourline.kernel.codes import DocumentKind


def answered(content: object, status: int = 200) -> HttpReply:
    return HttpReply(status=status, headers={}, body=json.dumps(content).encode())


def refusal(sentence: str) -> HttpReply:
    return answered({"status": 400, "message": sentence, "description": ""}, 400)


def money(text: str) -> dict[str, str]:
    return {"__class__": "Decimal", "decimal": text}


def day(year: int, month: int, of_month: int) -> dict[str, object]:
    return {"__class__": "date", "year": year, "month": month, "day": of_month}


def told_invoice(**changes: object) -> dict[str, object]:
    return {
        "__name__": "account.invoice",
        "id": 10,
        "state": "draft",
        "number": None,
        "total_amount": money("238.00"),
        "currency": {"__name__": "currency.currency", "id": 1, "code": "EUR"},
        "party": {"__name__": "party.party", "id": 8},
        "lines": [{"__name__": "account.invoice.line", "id": 40}],
        **changes,
    }


def told_move(**changes: object) -> dict[str, object]:
    company = {
        "__name__": "company.company",
        "id": 2,
        "currency": {"__name__": "currency.currency", "id": 1, "code": "EUR"},
    }
    sides = ("100.00", "0")
    return {
        "__name__": "account.move",
        "id": 7,
        "state": "draft",
        "number": None,
        "company": company,
        "lines": [
            {"__name__": "account.move.line", "id": position, "debit": money(side)}
            for position, side in enumerate(sides)
        ],
        **changes,
    }


def line(**changes: str) -> BilledLine:
    billed = BilledLine(
        description="2026-11-03 Ida, Website, 2 h",
        quantity="2",
        unit_price="100",
        net="200.00",
        tax="38.00",
        tax_rate="19",
        account="40000",
        tax_code="DE-19",
    )
    return msgspec.structs.replace(billed, **changes)


def invoice(*lines: BilledLine, **changes: Any) -> InvoiceDocument:  # noqa: ANN401 - any field
    document = InvoiceDocument(
        kind=DocumentKind.INVOICE,
        number="DE-000001",
        entity="DE",
        customer="C-2001",
        currency="EUR",
        invoice_date=date(2026, 11, 24),
        accounting_date=date(2026, 11, 24),
        due_date=date(2026, 12, 24),
        net="200.00",
        tax="38.00",
        total="238.00",
        lines=lines or (line(),),
        ledger_lines=(),
        receivable_account="1.2.1",
        tax_account="20600",
    )
    document = msgspec.structs.replace(document, **changes)
    names = [one.name for one in invoice_references(document)]
    own = {name: f"some.model,{number}" for number, name in enumerate(names, start=100)}
    own |= {"legal_entity DE": "2", "customer C-2001": "8"}
    return msgspec.structs.replace(document, references=own)


def journal(**changes: Any) -> JournalDocument:  # noqa: ANN401 - any field
    document = JournalDocument(
        number="DE-J5",
        entity="DE",
        currency="EUR",
        accounting_date=date(2026, 11, 20),
        description="cost 2026-11-20, part 1",
        total="100.00",
        lines=(
            LedgerLine(account="50000", debit="100.00", credit="0"),
            LedgerLine(account="50900", debit="0", credit="100.00"),
        ),
    )
    document = msgspec.structs.replace(document, **changes)
    names = [one.name for one in journal_references(document)]
    own = {name: f"some.model,{number}" for number, name in enumerate(names, start=100)}
    return msgspec.structs.replace(document, references=own | {"legal_entity DE": "2"})
