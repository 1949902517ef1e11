"""Issue invoices and credit notes as the firm's billing platform does.

It is a target of class A: one effect for each Idempotency-Key, and nothing else that
would keep a repeated document out.
"""

from collections.abc import Callable
from typing import Any

from hourline.connectors.sandbox.calls import (
    Answer,
    Call,
    Operation,
    Refused,
    day_of,
    document_no,
    existing,
    minor_units,
    once_per_key,
    required,
    shown,
    stated,
)
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.storage import Content, Storage

_INVOICE, _CREDIT_NOTE = "invoice", "credit_note"
_SUMS = ("net", "tax", "total")


def billing_operations(firm: Firm, storage: Storage) -> tuple[Operation, ...]:
    """Return the operations of the billing platform."""
    platform = _Platform(firm, storage)
    create_invoice = once_per_key("create_invoice", storage, platform.create_invoice)
    create_credit_note = once_per_key(
        "create_credit_note", storage, platform.create_credit_note
    )
    return (
        Operation("create_invoice", "POST", "/api/invoices", create_invoice),
        Operation("find_invoices", "GET", "/api/invoices", platform.finding(_INVOICE)),
        Operation(
            "show_invoice", "GET", "/api/invoices/{id}", platform.showing(_INVOICE)
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
            "/api/credit-notes/{id}",
            platform.showing(_CREDIT_NOTE),
        ),
    )


class _Platform:
    def __init__(self, firm: Firm, storage: Storage) -> None:
        self._storage = storage
        self._customers = frozenset(c.customer for c in firm.customers)
        self._entities = frozenset(e.entity for e in firm.entities)
        self._currencies = frozenset(e.currency for e in firm.entities)

    def create_invoice(self, call: Call) -> Answer:
        """Issue an invoice under the next number of its legal entity."""
        return self._issue(_INVOICE, "IN", self._checked(call.content))

    def create_credit_note(self, call: Call) -> Answer:
        """Issue a credit note for no more than is left of its invoice."""
        content = self._checked(call.content)
        number = required(content, "invoice")
        invoice = existing(self._invoice(number), "invoice")
        credited = sum(
            abs(minor_units(note["total"]))
            for note in self._storage.documents(_CREDIT_NOTE)
            if note["invoice"] == number
        )
        left = minor_units(invoice["total"]) - credited
        if abs(minor_units(content["total"])) > left:
            raise Refused(422, "credit_exceeds_invoice", f"{left} minor units are left")
        return self._issue(_CREDIT_NOTE, "CN", content)

    def finding(self, kind: str) -> Callable[[Call], Answer]:
        """Return a handler that finds documents by their external reference."""

        def find(call: Call) -> Answer:
            reference = call.query.get("external_reference")
            if not reference:
                raise Refused(400, "no_reference", "state an external_reference")
            documents = self._storage.by_reference(kind, reference)
            return Answer(200, {"items": [shown("BL", d) for d in documents]})

        return find

    def showing(self, kind: str) -> Callable[[Call], Answer]:
        """Return a handler that shows one document."""

        def show(call: Call) -> Answer:
            document = self._storage.get(document_no(call.path["id"]))
            right = document if document and document["kind"] == kind else None
            return Answer(200, shown("BL", existing(right, kind)))

        return show

    def _invoice(self, number: str) -> Content | None:
        invoices = self._storage.documents(_INVOICE)
        called = ("number", "our_number")
        return next((i for i in invoices if number in map(i.get, called)), None)

    def _issue(self, kind: str, prefix: str, content: Content) -> Answer:
        series = f"{content['entity']}-{prefix}-{content['date'][:4]}"
        number = f"{series}-{self._storage.next_number(series):06d}"
        issued = {**content, "kind": kind, "number": number, "status": "issued"}
        no = self._storage.add(kind, issued, reference=content["external_reference"])
        return Answer(201, shown("BL", {"no": no, **issued}))

    def _checked(self, content: Any) -> Content:  # noqa: ANN401 - JSON as it came
        """Return the document as posted, if its parties and sums are right."""
        entity = required(content, "entity")
        if entity not in self._entities:
            raise Refused(422, "unknown_entity", entity)
        if required(content, "currency") not in self._currencies:
            raise Refused(422, "wrong_currency", "the firm has no such currency")
        if required(content, "customer") not in self._customers:
            raise Refused(422, "unknown_customer", content["customer"])
        day_of(content, "date")
        required(content, "external_reference")
        lines = stated(content, "lines")
        if not isinstance(lines, list) or not lines:
            raise Refused(422, "no_lines", "a document has at least one line")
        net, tax, total = (minor_units(stated(content, n)) for n in _SUMS)
        if sum(minor_units(stated(line, "net")) for line in lines) != net:
            raise Refused(422, "sums_differ", "the lines do not add up to net")
        if net + tax != total:
            raise Refused(422, "sums_differ", "net and tax do not add up to total")
        return dict(content)
