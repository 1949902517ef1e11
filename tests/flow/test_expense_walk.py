"""Whatever is done to hours and expenses in whatever order, the books stay proven."""

from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from hourline import flow
from hourline.billing.model import CreditLine, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.problems import Problem
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House

pytestmark = pytest.mark.integration
STEPS = 25
ENTRIES = ("a", "b", "c", "d")
RATES = (("EUR", "1.0842"), ("JPY", "0.0067"))


class Walk:
    """Do one random thing after another to the same few entries of a house."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.random = Random(seed)
        self.revisions = dict.fromkeys(ENTRIES, 0)
        self.invoices: list[int] = []

    def step(self) -> None:
        deeds: list[Callable[[], None]] = [
            self.spend,
            self.spend,
            self.work,
            self.recall,
            self.bill,
            self.bill,
            self.credit,
            self.credit,
        ]
        self.random.choice(deeds)()

    def spend(self) -> None:
        currency = self.random.choice(["USD", "EUR", "JPY"])
        digits = 0 if currency == "JPY" else 2
        self.deliver(
            kind="expense",
            seconds=None,
            cost=f"{self.random.randrange(100_000) / 10**digits:.{digits}f}",
            currency=currency,
            markup_percent=self.random.choice([0, 10, 7.77, -33.3333]),
        )

    def work(self) -> None:
        self.deliver(seconds=self.random.randrange(20_000))

    def deliver(self, **changes: object) -> None:
        entry = self.random.choice(ENTRIES)
        self.revisions[entry] += 1
        self.house.approve(id=entry, revision=self.revisions[entry], **changes)

    def recall(self) -> None:
        entry = self.random.choice(ENTRIES)
        self.revisions[entry] += 1
        self.house.recall(entry, revision=self.revisions[entry])

    def bill(self) -> None:
        issued = flow.bill_contract(
            self.house.database,
            self.house.tenant,
            contract="C1",
            through=MARCH_END,
            invoice_date=MARCH_END,
        )
        if isinstance(issued, Issued):
            self.invoices.append(issued.document_no)

    def credit(self) -> None:
        entry = self.random.choice(ENTRIES)
        if not self.invoices or not self.revisions[entry]:
            return
        amount = self.random.choice([None, 1, 999, self.random.randrange(1, 50_000)])
        line = CreditLine(
            entry_no=self.house.status(entry).story.entry_no, amount=amount
        )
        told = credit_invoice(
            self.house.database,
            self.house.tenant,
            document_no=self.random.choice(self.invoices),
            lines=[line],
            credit_date=date(2025, 4, 2),
            reason="walked",
            actor="tester",
        )
        assert isinstance(told, Issued | Problem)


@pytest.mark.parametrize("seed", [3, 14, 159])
def test_books_stay_proven_and_end_empty_once_all_is_recalled(
    house: House, seed: int
) -> None:
    for source, rate in RATES:
        fields = {"from_currency": source, "to_currency": "USD", "rate": rate}
        house.change(MasterChange("fx_rate", f"{source}USD", fields=fields))
    walk = Walk(house, seed)

    for number in range(STEPS):
        walk.step()
        assert house.unproven() == [], f"seed {seed}, step {number}"
    for entry in ENTRIES:
        walk.revisions[entry] += 1
        house.recall(entry, revision=walk.revisions[entry])

    assert house.unproven() == []
    assert house.balances() == {}
