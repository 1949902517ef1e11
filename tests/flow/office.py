"""Do in a firm, at random, whatever people and sources may do, as a seed says."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypedDict

from hourline import flow
from hourline.billing.model import Because, CreditLine
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import Query
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House

WHY = Because(actor="M. Ito", reason="any")
ENTRIES = ("t1", "t2", "t3")
STEPS = 14
_INVOICES = Query(
    "invoices",
    "The invoices in the order they were issued.",
    "SELECT document_no FROM hourline.invoice WHERE credits_document_no IS NULL"
    " ORDER BY 1",
)


class Terms(TypedDict):
    """Hold the terms of a bill as the flow takes them."""

    contract: str
    through: date
    invoice_date: date
    adjusting: flow.Adjusting | None


class Office:
    """Do one thing after another at random, as a seed says."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.random = Random(seed)
        self.revisions = Counter[str]()

    def work(
        self,
        acts: Sequence[Callable[[], None]],
        *,
        also: Callable[[House], None] | None = None,
    ) -> None:
        """Do one of the acts after another; after each, the books prove themselves.

        What `also` checks is checked after each as well.
        """
        for step in range(STEPS):
            act = self.random.choice(acts)
            act()
            assert self.house.unproven() == [], (step, act.__name__)
            if also is not None:
                also(self.house)

    def deliver(self) -> None:
        """Approve an entry, or correct it."""
        entry = self._entry()
        self.revisions[entry] += 1
        self.house.approve(
            id=entry,
            revision=self.revisions[entry],
            seconds=self.random.choice([600, 1_000, 3_600, 5_431]),
        )

    def recall(self) -> None:
        """Take the newest revision back."""
        entry = self._entry()
        if self.revisions[entry]:
            self.house.recall(entry, revision=self.revisions[entry])

    def hold(self) -> None:
        """Hold an entry."""
        flow.hold_entry(*self._place(), self._known(), WHY)

    def release(self) -> None:
        """Release an entry."""
        flow.release_entry(*self._place(), self._known(), WHY)

    def write_off(self) -> None:
        """Write some of an entry off, or all that is there."""
        seconds = self.random.choice([None, 1, 499, 1_000, 9_999])
        flow.write_off_entry(*self._place(), self._known(), WHY, seconds=seconds)

    def bill(self) -> None:
        """Bill what is open, adjusted or not."""
        flow.bill_contract(*self._place(), **self._terms())

    def draft_and_issue(self) -> None:
        """Draft, let something happen, and issue."""
        flow.open_draft(*self._place(), **self._terms())
        self.random.choice([self.hold, self.release, self.write_off, self.deliver])()
        try:
            flow.issue_draft(*self._place(), contract="C1")
        except LookupError as reason:
            assert "no open draft" in str(reason)  # noqa: PT017 - one of two good ends

    def credit(self) -> None:
        """Credit an invoice, or an hour or an amount of one of its entries."""
        with self.house.database.tenant(self.house.tenant) as session:
            invoices = [no for (no,) in session.tuples(_INVOICES)]
        if not invoices:
            return
        entry_no = self.house.status(self._known().source_id).story.entry_no
        line = self.random.choice(
            [
                CreditLine(entry_no=entry_no),
                CreditLine(entry_no=entry_no, seconds=250),
                CreditLine(entry_no=entry_no, seconds=1_000),
                CreditLine(entry_no=entry_no, amount=333),
            ]
        )
        credit_invoice(
            *self._place(),
            document_no=self.random.choice(invoices),
            reason="any",
            actor="M. Ito",
            lines=self.random.choice([None, [line], [line]]),
        )

    def close(self) -> None:
        """Close March, or open it again."""
        if self.random.choice(["open", "closed"]) == "open":
            self.house.reopen()
            return
        fields = {"entity": "US1", "period": "2025-03", "status": "closed"}
        self.house.change(MasterChange("posting_period", "US1-2025-03", fields=fields))

    def _entry(self) -> str:
        return self.random.choice(ENTRIES)

    def _known(self) -> flow.EntryName:
        known = [entry for entry in ENTRIES if self.revisions[entry]]
        return flow.EntryName(self.random.choice(known))

    def _place(self) -> tuple[Database, int]:
        return self.house.database, self.house.tenant

    def _terms(self) -> Terms:
        entry = self._known()
        entries = self.random.choice(
            [
                (),
                (flow.Billed(entry, seconds=0),),
                (flow.Billed(entry, seconds=300),),
                (flow.Billed(entry, amount=Decimal("12.34")),),
                (flow.Billed(entry, amount=Decimal(0)),),
            ]
        )
        return {
            "contract": "C1",
            "through": MARCH_END,
            "invoice_date": MARCH_END + timedelta(days=self.random.choice([0, 30])),
            "adjusting": flow.Adjusting(entries, WHY) if entries else None,
        }
