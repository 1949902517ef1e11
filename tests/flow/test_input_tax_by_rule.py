"""What is recovered of an expense's tax by a row of the table is told and proven."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.trial import try_rulebook
from hourline.kernel.codes import Role
from hourline.proof.differences import Difference, differences
from tests.flow.house import House
from tests.flow.rules import APRIL, files
from tests.flow.test_expenses import spend
from tests.flow.test_explain import about, explained

pytestmark = pytest.mark.integration


def _recover(house: House, percent: int) -> None:
    fields = {"order": 1, "rate": 10, "code": "S", "recoverable_percent": percent}
    assert not house.change(MasterChange("tax_rule", "vat", fields=fields)).refusals


def test_the_row_and_its_share_are_told_in_explanation_and_story(house: House) -> None:
    _recover(house, 25)

    spend(house, tax=30)

    explanation = explained(house, "e1")
    assert (
        about(explanation, "expense")
        .sentences[0]
        .endswith(
            ", of which 30.00 USD are input tax: 25 % of that, 7.50 USD, is recovered,"
            " as the row vat says, and no cost."
        )
    )
    assert about(explanation, "cost").sentences[-1] == (
        "The expense costs 172.50 USD in the books of US1."
    )
    assert explanation.broken == []
    version = house.status("e1").version
    assert version is not None
    assert version.recoverable_percent == "25"
    assert house.balances()[Role.INPUT_TAX] == 7_50
    assert house.unproven() == []


def test_nothing_is_told_of_the_row_where_the_source_says_the_share(
    house: House,
) -> None:
    _recover(house, 25)

    spend(house, tax=30, recoverable_percent=100)

    explanation = explained(house, "e1")
    assert (
        about(explanation, "expense")
        .sentences[0]
        .endswith(
            "30.00 USD are input tax: 100 % of that, 30.00 USD, is recovered and no"
            " cost."
        )
    )


def test_the_proof_finds_a_share_that_is_not_what_was_booked(
    house: House, database_url: str
) -> None:
    _recover(house, 25)
    spend(house, tax=30)
    with psycopg.connect(database_url) as connection:
        damaged = connection.execute(
            "UPDATE hourline.priced_expense SET recovered_ppm = 500000"
            " WHERE tenant = %s RETURNING entry_no",
            (house.tenant,),
        ).fetchall()

    with house.database.tenant(house.tenant) as session:
        found = differences(session)

    ((entry_no,),) = damaged
    subject = f"expense {entry_no} revision 1"
    assert found == [
        Difference(
            "input_tax_differs_from_decisions", subject, Decimal(1_500), Decimal(750)
        )
    ]


def test_a_dry_run_tells_of_expenses_that_would_recover_less(house: House) -> None:
    _recover(house, 100)
    spend(house, tax=30)
    spend(house, id="e2", tax=30, recoverable_percent=100)

    _, trial = try_rulebook(
        house.database,
        house.tenant,
        files(tax="id,order,rate,code,recoverable_percent\nvat,1,10,S,0"),
        effective_on=APRIL,
        dates=(date.min, date.max),
    )

    assert trial is not None
    (group,) = trial.groups
    # With ten percent markup 150 are 165, and 180 are 198.
    assert (trial.changed, group.amount_before, group.amount_after) == (
        1,
        165_00,
        198_00,
    )
