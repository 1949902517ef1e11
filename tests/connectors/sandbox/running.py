"""Talk to a running sandbox as a connector would."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hourline.connectors.sandbox.admin import VendorPlace
from hourline.connectors.sdk.egress import (
    LOOPBACK,
    Egress,
    HttpReply,
    HttpRequest,
    Unknown,
    Unreached,
)

INVOICE_LINES = [
    {"account": "1200", "dimensions": {"project": "p-1"}, "debit": "1600.00"},
    {"account": "4000", "dimensions": {"project": "p-1"}, "credit": "1600.00"},
]


@dataclass
class Caller:
    """Send calls to one server with its token."""

    vendor: VendorPlace
    egress: Egress

    def send(
        self,
        method: str,
        path: str,
        content: object = None,
        **headers: str,
    ) -> HttpReply | Unreached | Unknown:
        """Send one call; header names are written with underscores."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        url = self.vendor.url + path
        if content is None:
            return self.egress.send(HttpRequest(method=method, url=url, headers=named))
        return self.egress.send(
            HttpRequest.with_json(method, url, content, headers=named)
        )

    def reply(
        self,
        method: str,
        path: str,
        content: object = None,
        **headers: str,
    ) -> tuple[int, Any]:
        """Return status and content of a call that is answered in full."""
        outcome = self.send(method, path, content, **headers)
        assert isinstance(outcome, HttpReply)
        return outcome.status, outcome.json()

    def all_items(self, path: str, *, limit: int = 500) -> list[Any]:
        """Page through a listing."""
        items: list[Any] = []
        cursor, has_more = "0", True
        while has_more:
            mark = "&" if "?" in path else "?"
            _, found = self.reply("GET", f"{path}{mark}limit={limit}&cursor={cursor}")
            items += found["items"]
            cursor, has_more = found["next_cursor"], found["has_more"]
        return items


def caller(vendor: VendorPlace) -> Caller:
    """Return a caller with a token of its own."""
    return Caller(vendor, vendor.egress())


def stranger(vendor: VendorPlace) -> Caller:
    """Return a caller without any credentials."""
    return Caller(vendor, Egress(LOOPBACK))


def document(external_id: str, **changed: object) -> dict[str, object]:
    """Return a document that both ERPs take."""
    return {
        "external_id": external_id,
        "marker": external_id,
        "kind": "invoice",
        "entity": "US1",
        "currency": "USD",
        "date": "2026-10-31",
        "lines": INVOICE_LINES,
        **changed,
    }


def bill(reference: str, **changed: object) -> dict[str, object]:
    """Return an invoice that the billing platform takes."""
    return {
        "external_reference": reference,
        "entity": "GB1",
        "customer": "0015A00002K008QAE",
        "currency": "GBP",
        "date": "2026-10-31",
        "lines": [
            {"description": "October", "quantity": "10", "net": "1000.10"},
            {"description": "Review", "quantity": "5", "net": "600.00"},
        ],
        "net": "1600.10",
        "tax": "320.02",
        "total": "1920.12",
        **changed,
    }


def quoted(text: str) -> str:
    """Return a text as one segment of a path."""
    return quote(text, safe="")


def is_number(text: str, pattern: str) -> bool:
    """Say whether a document number has the form of its series."""
    return re.fullmatch(pattern, text) is not None
