"""Write invoices and moves as Tryton wants them, for tests of the ERP itself."""

from datetime import date
from decimal import Decimal
from typing import Any

from tools.tryton.firm_company import CompanyIds
from tools.tryton.rpc import Session

MARCH = date(2026, 3, 31)


def invoice_values(
    session: Session, books: CompanyIds, *, customer: str, tax: str, reference: str
) -> dict[str, Any]:
    """Return an invoice over 7.5 hours at 120.00."""
    line = {
        "type": "line",
        "company": books.company,
        "currency": books.currency,
        "account": books.accounts["40000"],
        "description": "Consulting",
        "quantity": 7.5,
        "unit": session.find_id("product.uom", [["name", "=", "Hour"]]),
        "unit_price": Decimal("120.00"),
        "taxes": [["add", [books.taxes[tax]]]],
    }
    return {
        "company": books.company,
        "type": "out",
        "party": books.customers[customer],
        "invoice_address": books.addresses[customer],
        "account": books.accounts["1.2.1"],
        "journal": session.find_id("account.journal", [["code", "=", "REV"]]),
        "currency": books.currency,
        "payment_term": books.payment_term,
        "invoice_date": MARCH,
        "reference": reference,
        "lines": [["create", [line]]],
    }


def move_values(
    session: Session, books: CompanyIds, *, debit: str, credit: str, description: str
) -> dict[str, Any]:
    """Return a journal that moves cost to work in progress."""
    accounts = books.accounts
    lines = [
        {
            "account": accounts["10600"],
            "debit": Decimal(debit),
            "credit": Decimal("0.00"),
        },
        {
            "account": accounts["50900"],
            "debit": Decimal("0.00"),
            "credit": Decimal(credit),
        },
    ]
    return {
        "company": books.company,
        "period": books.periods["2026-03"],
        "journal": session.find_id("account.journal", [["code", "=", "MISC"]]),
        "date": MARCH,
        "description": description,
        "lines": [["create", lines]],
    }
