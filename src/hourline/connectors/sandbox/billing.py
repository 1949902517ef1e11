"""Issue invoices and credit notes as the firm's billing platform does.

It is a target of class A: one effect for each Idempotency-Key, and nothing else that
would keep a repeated document out.
"""

from typing import Any

from hourline.connectors.sandbox.calls import (
    Answer,
    Call,
    Operation,
    Refused,
    found,
    minor_units,
    once_per_key,
    required,
)
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.storage import Content, Storage

_INVOICE, _CREDIT_NOTE = "invoice", "credit_note"


def billing_operations(firm: Firm, storage: Storage) -> tuple[Operation, ...]:
    """Return the operations of the billing platform."""
    platform = _Platform(firm, storage)
    create_invoice = once_per_key("create_invoice", storage, platform.create_invoice)
    create_credit_note = once_per_key(
        "create_credit_note", storage, platform.create_credit_note
    )
    return (
        Operation("create_invoice", "POST", "/api/invoices", create_invoice),
        Operation(
            "find_invoices", "GET", "/api/invoices", platform.finding(_INVOICE)
        ),
        Operation(
            "show_invoice", "GET", "/api/invoices/{no}", platform.showing(_INVOICE)
        ),
        Operation(
            "create_credit_note", "POST", "/api/credit-notes", create_credit_note
        ),
        Operation(
            "find_credit_notes",
            "GET",
            "/api/credit-notes",
            platform.finding(_CREDIT_NOTE),
        ),
        Operation(
            "show_credit_note",
            "GET",
            "/api/credit-notes/{no}",
            platform.showing(_CREDIT_NOTE),
        ),
    )
