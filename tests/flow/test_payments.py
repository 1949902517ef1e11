"""Payments are recorded once; what cannot be one waits in a queue until it can."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.audit import read_chain
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem
from tests.flow.credits import credit_invoice
from tests.flow.house import MASTER, House, found_house

pytestmark = pytest.mark.integration
BOOKED_ON = Query(
    "booked_on",
    "On which days payments are booked.",
    "SELECT accounting_date FROM hourline.journal_line WHERE credit = 5 AND debit = 20",
)


def stated(**changes: Any) -> flow.StatedPayment:  # noqa: ANN401 - fields of any type
    fields = {
        "number": "US1-000001",
        "paid_on": date(2025, 4, 10),
        "amount": Decimal(50),
        "currency": "USD",
        "reference": "bank-1",
    }
    return flow.StatedPayment(**{**fields, **changes})


def pay(house: House, *payments: flow.StatedPayment) -> list[flow.Paid | Problem]:
    return flow.record_payments(house.database, house.tenant, payments)


def told(outcomes: list[flow.Paid | Problem]) -> list[tuple[bool, int] | str]:
    """Give of each whether it is new and what is due, or the code of its problem."""
    return [
        str(one.code) if isinstance(one, Problem) else (one.is_new, one.due)
        for one in outcomes
    ]


def months(*, status: str) -> list[MasterChange]:
    """Give every month from April 2025 on that a payment of April looks at."""
    periods = [f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(3, 33)]
    return [
        MasterChange(
            "posting_period",
            f"US1:{period}",
            fields={"entity": "US1", "period": period, "status": status},
        )
        for period in periods
    ]


def test_payments_lower_what_is_due_and_are_recorded_once(house: House) -> None:
    house.approve()
    house.bill()
    rest = stated(reference="bank-2", amount=Decimal("150.00"))

    first = pay(house, stated(), stated(), rest)
    again = pay(house, stated(), rest)

    assert told(first) == [(True, 150_00), (False, 150_00), (True, 0)]
    assert told(again) == [(False, 0), (False, 0)]
    assert house.balances()[Role.CASH] == 200_00
    assert Role.RECEIVABLE not in house.balances()
    assert house.items() == []
    assert house.unproven() == []


def test_a_known_reference_with_other_content_waits_and_changes_nothing(
    house: House,
) -> None:
    house.approve()
    house.bill()
    pay(house, stated())

    other = pay(house, stated(amount=Decimal(60)), stated(paid_on=date(2025, 4, 11)))
    again = pay(house, stated())

    assert told(other) == ["conflicting_duplicate", "conflicting_duplicate"]
    assert told(again) == [(False, 150_00)]
    [item] = house.items()
    assert (item.queue, item.subject_kind) == ("conflict", "payment")
    assert item.subject_key == "US1-000001/bank-1"
    assert house.balances()[Role.CASH] == 50_00


def test_what_is_no_payment_waits_for_the_ledger_accountant_and_stops_no_other(
    house: House,
) -> None:
    house.approve()
    issued = house.bill()
    credit_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        reason="wrong customer",
        actor="M. Ito",
    )

    outcomes = pay(
        house,
        stated(number="US1-000009"),
        stated(number="US1-CN-000001"),
        stated(currency="EUR", reference="bank-2"),
        stated(amount=Decimal(0), reference="bank-3"),
        stated(),
    )

    assert told(outcomes) == [*["payment_refused"] * 4, (True, -50_00)]
    assert {(one.queue, one.owner) for one in house.items()} == {
        ("posting", "ledger accountant")
    }
    assert len(house.items()) == 4
    assert house.unproven() == []


def test_a_refused_payment_waits_no_more_when_it_is_recorded(house: House) -> None:
    early = pay(house, stated())
    house.approve()
    house.bill()

    late = pay(house, stated())

    assert (told(early), told(late)) == (["payment_refused"], [(True, 150_00)])
    assert house.items() == []


def test_all_or_nothing_changes_neither_books_nor_queues_nor_the_chain(
    house: House,
) -> None:
    house.approve()
    house.bill()

    outcomes = flow.record_payments(
        house.database,
        house.tenant,
        [stated(), stated(number="US1-000009")],
        because=Because(actor="M. Ito", reason="by hand"),
        all_or_nothing=True,
    )

    assert told(outcomes) == [(True, 150_00), "payment_refused"]
    assert Role.CASH not in house.balances()
    assert house.items() == []
    with house.database.tenant(house.tenant) as session:
        assert read_chain(session) == []


def test_in_a_closed_month_it_is_booked_in_the_next_open_one(house: House) -> None:
    house.approve()
    house.bill()
    house.change(months(status="closed")[0])

    outcomes = pay(house, stated())

    assert told(outcomes) == [(True, 150_00)]
    with house.database.tenant(house.tenant) as session:
        assert session.tuples(BOOKED_ON) == [(date(2025, 5, 1),)]


def test_without_an_open_month_only_what_is_known_is_no_problem(house: House) -> None:
    house.approve()
    house.bill()
    pay(house, stated())
    house.change(*months(status="closed"))

    outcomes = pay(house, stated(), stated(reference="bank-2"))
    [item] = house.items()
    house.reopen("2025-04")
    after = pay(house, stated(reference="bank-2"))

    assert told(outcomes) == [(False, 150_00), "period_closed"]
    assert (item.queue, item.subject_key) == ("period", "US1-000001/bank-2")
    assert told(after) == [(True, 100_00)]
    assert house.items() == []
    assert house.unproven() == []


def test_a_payment_that_no_rate_translates_waits_for_one(
    database: Database, tenant: int
) -> None:
    rate = fx("2025-01-01", "1.25", until="2025-04-01")
    house = found_house(database, tenant, in_euro(rate))
    house.approve()
    house.bill()

    refused = pay(house, stated(currency="EUR"))
    house.change(fx("2025-04-01", "1.2"))
    recorded = pay(house, stated(currency="EUR"))

    # 50 EUR of an invoice at 1.25 are 62.50 USD of the receivable; 60.00 came in.
    assert (told(refused), told(recorded)) == (["fx_rate_not_found"], [(True, 150_00)])
    balances = house.balances()
    assert balances[Role.RECEIVABLE] == 250_00 - 62_50
    assert (balances[Role.CASH], balances[Role.FX_GAIN_LOSS]) == (60_00, 2_50)
    assert house.items() == []
    assert house.unproven() == []


def test_more_than_the_books_can_hold_is_refused_and_not_a_fault(
    database: Database, tenant: int
) -> None:
    house = found_house(database, tenant, in_euro(fx("2025-01-01", "99999")))
    house.approve()
    house.bill()

    outcomes = pay(house, stated(currency="EUR", amount=Decimal(999_999_999_999_999)))

    assert told(outcomes) == ["payment_refused"]
    assert house.codes() == ["payment_refused"]


def in_euro(rate: MasterChange) -> list[MasterChange]:
    """Give a firm in dollars whose contract is in euros, at a rate of exchange."""
    contract = MasterChange("contract", "C1", fields={"currency": "EUR"})
    euro = MasterChange(
        "bill_rate", "euro", fields={"currency": "EUR", "rate": Decimal(200)}
    )
    return [*MASTER, contract, euro, rate]


def fx(since: str, rate: str, *, until: str = "9999-12-31") -> MasterChange:
    """Give the rate of a euro in dollars for some days."""
    return MasterChange(
        "fx_rate",
        f"EUR-USD-{since}",
        fields={"from_currency": "EUR", "to_currency": "USD", "rate": Decimal(rate)},
        effective_from=date.fromisoformat(since),
        effective_until=date.fromisoformat(until),
    )
