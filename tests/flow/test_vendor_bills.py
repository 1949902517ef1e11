"""A subcontractor's bill is matched once with the time that was approved."""

from datetime import date
from decimal import Decimal

import pytest
from psycopg.errors import UniqueViolation

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem, ProblemCode
from tests.flow.house import HOUR, House

pytestmark = pytest.mark.integration
VENDOR = MasterChange("vendor", "CODEWORKS", fields={"country": "US"})
TWICE = Query(
    "match_twice",
    "Match an entry a second time.",
    "INSERT INTO hourline.matched_entry (entry_no, match_no)"
    " SELECT entry_no, match_no FROM hourline.matched_entry",
)


@pytest.fixture
def firm(house: House) -> House:
    """Give a firm for which ann works as a subcontractor, at 100.00 an hour."""
    house.change(VENDOR, MasterChange("person", "ann", fields={"vendor": "CODEWORKS"}))
    return house


def bill(
    reference: str = "V-1", *, hours: int = 1, rate: str = "100", until: int = 31
) -> flow.StatedBill:
    return flow.StatedBill(
        vendor="CODEWORKS",
        reference=reference,
        entity="US1",
        billed_on=date(2025, 3, 31),
        currency=None,
        lines=(
            flow.StatedLine(
                person="ann",
                project="P1",
                worked_from=date(2025, 3, 1),
                worked_until=date(2025, 3, until),
                seconds=hours * HOUR,
                rate=Decimal(rate),
            ),
        ),
    )


def receive(firm: House, *bills: flow.StatedBill) -> list[bool | Problem]:
    return flow.receive_vendor_bills(firm.database, firm.tenant, bills)


def test_the_payroll_of_matched_time_is_owed_to_the_vendor(firm: House) -> None:
    firm.approve()

    assert receive(firm, bill()) == [True]

    assert firm.codes() == []
    assert firm.balances()[Role.VENDOR_PAYABLE] == -10_000
    assert Role.PAYROLL_ALLOCATION not in firm.balances()
    assert firm.unproven() == []


def test_the_same_bill_again_changes_nothing(firm: House) -> None:
    firm.approve()
    receive(firm, bill())

    assert receive(firm, bill()) == [False]
    assert flow.match_vendor_bills(firm.database, firm.tenant) == []
    assert firm.balances()[Role.VENDOR_PAYABLE] == -10_000


def test_a_difference_names_person_project_hours_and_amounts(firm: House) -> None:
    firm.approve()

    receive(firm, bill(hours=2, rate="110"))

    [item] = firm.items()
    assert item.code == ProblemCode.VENDOR_BILL_DIFFERS
    assert item.queue == "approval"
    assert item.sentence == (
        "Line 1 of vendor bill V-1 of CODEWORKS bills 2 h of ann on project P1 from"
        " 2025-03-01 to before 2025-03-31 for 220.00 USD; 1 h are approved and cost"
        " 100.00 USD."
    )


def test_a_bill_that_comes_before_the_time_is_matched_when_it_is_approved(
    firm: House,
) -> None:
    receive(firm, bill())
    assert firm.codes() == ["vendor_bill_differs"]

    firm.approve()

    assert firm.codes() == []
    assert firm.balances()[Role.VENDOR_PAYABLE] == -10_000


def test_time_on_the_day_the_line_ends_is_another_lines(firm: House) -> None:
    firm.approve(date="2025-03-05")
    firm.approve(id="t2", date="2025-03-06")

    receive(firm, bill(until=6))

    assert firm.codes() == []
    assert firm.balances()[Role.VENDOR_PAYABLE] == -10_000


def test_whoever_is_not_of_the_vendor_is_not_billed_by_it(house: House) -> None:
    house.change(VENDOR)
    house.approve()

    receive(house, bill())

    [item] = house.items()
    assert "ann works for CODEWORKS not on that day" in item.sentence
    house.change(MasterChange("person", "ann", fields={"vendor": "CODEWORKS"}))
    assert house.codes() == []
    assert house.balances()[Role.VENDOR_PAYABLE] == -10_000


def test_the_database_refuses_to_match_an_hour_twice(firm: House) -> None:
    firm.approve()
    receive(firm, bill())

    with pytest.raises(UniqueViolation), firm.database.tenant(firm.tenant) as session:
        session.run(TWICE)


def test_a_corrected_entry_ends_its_match_and_all_it_booked(firm: House) -> None:
    firm.approve()
    receive(firm, bill(rate="100"))

    firm.approve(revision=2, seconds=2 * HOUR)

    assert firm.codes() == ["vendor_bill_differs"]
    assert Role.VENDOR_PAYABLE not in firm.balances()
    assert firm.balances()[Role.PAYROLL_ALLOCATION] == -20_000
    assert firm.unproven() == []

    firm.approve(revision=3)

    assert firm.codes() == []
    assert firm.balances()[Role.VENDOR_PAYABLE] == -10_000
    assert firm.unproven() == []


def test_a_recall_after_the_month_was_closed_is_booked_in_the_next(firm: House) -> None:
    firm.approve()
    receive(firm, bill())
    firm.change(
        MasterChange(
            "posting_period",
            "US1:2025-03",
            fields={"entity": "US1", "period": "2025-03", "status": "closed"},
        )
    )

    firm.recall()

    assert firm.codes() == ["vendor_bill_differs"]
    assert firm.balances() == {}
    assert firm.unproven() == []


def test_a_bill_in_a_currency_without_a_rate_waits_for_it(firm: House) -> None:
    firm.change(MasterChange("vendor", "CODEWORKS", fields={"currency": "EUR"}))
    firm.approve()

    receive(firm, bill(rate="80"))

    assert firm.codes() == ["fx_rate_not_found"]
    rate = {"from_currency": "EUR", "to_currency": "USD", "rate": Decimal("1.25")}
    firm.change(MasterChange("fx_rate", "EUR-USD", fields=rate))
    assert firm.codes() == []
    assert firm.balances()[Role.VENDOR_PAYABLE] == -10_000


def test_what_a_bill_names_must_be_known(firm: House) -> None:
    unknown = flow.StatedBill(
        vendor="NOBODY",
        reference="V-1",
        entity="US1",
        billed_on=date(2025, 3, 31),
        currency=None,
        lines=(),
    )

    with pytest.raises(flow.NotKnown, match="There is no vendor NOBODY"):
        receive(firm, bill(), unknown)

    assert firm.codes() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rate": None}, "a rate or an amount"),
        ({"amount": Decimal(1)}, "a rate or an amount"),
        ({"rate": Decimal(-1)}, "nothing or more"),
        ({"worked_until": date(2025, 3, 1)}, "ends after the day it begins"),
    ],
)
def test_a_line_that_is_none_is_refused(changes: dict[str, object], why: str) -> None:
    line = bill().lines[0]
    stated = {name: getattr(line, name) for name in line.__slots__} | changes

    with pytest.raises(ValueError, match=why):
        flow.StatedLine(**stated)
