"""The statement shows every figure with both sides of its proof."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import CreditLine, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.proof.statement import (
    FateSum,
    IntentCount,
    Money,
    StateCount,
    Statement,
    state_books,
)
from tests.flow.credits import credit_invoice
from tests.flow.house import House, found_house
from tests.proof.conftest import Damage

pytestmark = pytest.mark.integration

VALUE = (
    "value of portions and milestones = invoiced - credited - set by hand"
    " + open to bill + portions not billed"
)


def statement(house: House) -> Statement:
    with house.database.tenant(house.tenant) as session:
        return state_books(session)


def broken(house: House) -> list[tuple[str, int, int]]:
    return [
        (one.name, one.left, one.right)
        for one in statement(house).equations
        if not one.holds
    ]


def test_the_statement_of_a_worked_firm(house: House) -> None:
    stated = statement(house)

    assert stated.entries == [
        StateCount("approved", 1, 3_600),
        StateCount("posted", 3, 12_600),
        StateCount("recalled", 1, 3_600),
        StateCount("waiting", 1, 3_600),
    ]
    assert stated.records == [("batch", "accepted", 7), ("batch", "recall", 1)]
    assert stated.fates == [FateSum("billable", "USD", 16_200, 90_000)]
    assert stated.money == [
        Money(
            currency="USD",
            billable=90_000,
            milestones=0,
            not_billable=0,
            invoiced_net=80_000,
            credited_net=10_000,
            tax=7_000,
            open_to_bill=20_000,
            receivable=77_000,
            documents_total=77_000,
            receivable_in_books=77_000,
        )
    ]
    assert stated.intents == [
        IntentCount("books", "invoice", "confirmed", 2),
        IntentCount("books", "credit_note", "confirmed", 1),
        IntentCount("books", "journal", "confirmed", 6),
    ]
    assert [(one.name, one.unit, one.left) for one in stated.equations] == [
        ("worked + uplift = portions", "seconds", 16_200),
        ("entries in force = decisions", "entries", 4),
        (VALUE, "USD", 90_000),
        ("receivable in the journals = invoices less credit notes", "USD", 77_000),
        ("debits = credits, US1 2025-03", "USD", stated.equations[-1].left),
    ]
    assert stated.holds


@pytest.mark.parametrize(
    ("name", "entry", "equation"),
    [
        (
            "worked_differs_from_portions",
            "t3",
            ("worked + uplift = portions", 16_201, 16_200),
        ),
        ("entries_without_fate", "t4", ("entries in force = decisions", 5, 4)),
        ("price_of_a_line_changed", "t1", (VALUE, 90_000, 90_100)),
        (
            "document_differs_from_ledger",
            "t2",
            (
                "receivable in the journals = invoices less credit notes",
                77_001,
                77_000,
            ),
        ),
    ],
)
def test_an_equation_that_does_not_hold_shows_both_sides(
    house: House, damage: Damage, name: str, entry: str, equation: tuple[str, int, int]
) -> None:
    rows = damage(name, entry)

    assert rows == 1
    assert broken(house) == [equation]
    assert not statement(house).holds


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "half_down"])
def test_half_a_cent_is_rounded_as_its_entity_rounds(
    database: Database, tenant: int, rounding: str
) -> None:
    house = found_house(database, tenant)
    house.change(
        MasterChange("legal_entity", "US1", fields={"money_rounding": rounding}),
        MasterChange("bill_rate", "standard", fields={"rate": Decimal("0.005")}),
    )
    house.approve()

    before = house.unproven()
    net = house.bill().net

    assert net == {"half_up": 1, "half_even": 0, "half_down": 0}[rounding]
    assert (before, house.unproven()) == ([], [])


@pytest.mark.parametrize("credited", ["t0", "t1"])
def test_credits_of_lines_that_rounded_differently_keep_the_equation(
    database: Database, tenant: int, credited: str
) -> None:
    house = found_house(database, tenant)
    cent = MasterChange("bill_rate", "standard", fields={"rate": Decimal("0.005")})
    house.change(cent)
    for number in range(5):
        house.approve(id=f"t{number}")
    invoice = house.bill()

    note = credit_invoice(
        database,
        tenant,
        document_no=invoice.document_no,
        lines=[CreditLine(entry_no=house.status(credited).story.entry_no)],
        actor="kim",
        reason="agreed",
    )
    after_credit = house.unproven()
    house.approve(id="t3", revision=2, seconds=7_200)
    after_correction = house.unproven()
    house.bill()

    assert isinstance(note, Issued)
    assert note.net == {"t0": -1, "t1": 0}[credited]
    assert (after_credit, after_correction, house.unproven()) == ([], [], [])


def test_milestones_and_time_that_is_not_billed_count_by_their_value(
    database: Database, tenant: int
) -> None:
    house = found_house(database, tenant)
    house.change(
        MasterChange(
            "contract_line",
            "C1.2",
            fields={
                "contract": "C1",
                "method": "fixed_price",
                "price": 1000,
                "milestones": [{"id": "m", "amount": 1000, "date": "2025-03-01"}],
            },
        ),
        MasterChange("project", "P2", fields={"contract_line": "C1.2"}),
    )
    house.approve(billable_seconds=1_800)
    house.approve(id="t2", project="P2")
    flow.reach_milestone(
        database,
        tenant,
        contract_line="C1.2",
        milestone="m",
        reached_on=date(2025, 3, 1),
    )
    before = statement(house).money[0]
    house.bill()
    after = statement(house).money[0]

    assert (before.milestones, before.open_to_bill) == (100_000, 110_000)
    assert (after.milestones, after.open_to_bill) == (100_000, 0)
    assert before.not_billable == after.not_billable
    assert {one.fate for one in statement(house).fates} == {
        "billable",
        "non_billable",
        "covered",
    }
    assert house.unproven() == []


def test_a_tenant_without_anything_has_nothing_to_prove(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        stated = state_books(session)

    assert stated.holds
    assert (stated.money, stated.intents, stated.entries) == ([], [], [])
