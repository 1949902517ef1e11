"""What no record may say is refused through every door, with its place there."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.files import RulebookFile
from tests.flow.house import House
from tests.flow.rules import checked, faults, files

pytestmark = pytest.mark.integration


def test_every_row_of_a_rulebook_that_no_book_can_hold_is_told(house: House) -> None:
    book = files(
        tax="order,rate,code,customer_country\n1,-5,S,DE\n2,0,Z,UK",
        accounts="entity,role,number\nUS1,nonsense,1000",
    )
    sums = files(
        tax="order,rate,code\n1,-5,S",
        fx="""
            from_currency,to_currency,rate,from
            BRL,USD,0.2,2026-01-01
            BRL,USD,99999999999999,2026-02-01
            BRL,USD,0.21,2026-03-01
            USD,USD,1.5,2026-01-01
        """,
    )

    assert [(place, column) for place, column, _ in faults(house, book)] == [
        ("tax.csv, row 3", "customer_country"),
        ("accounts.csv, row 2", "role"),
        ("tax.csv, row 2", None),
    ]
    assert sorted((place, said) for place, _, said in faults(house, sums)) == [
        (
            "fx.csv, row 3",
            (
                "A rate of 99999999999999 makes the smallest unit of BRL more than"
                " 10000000 of USD (fx_rate from_currency=BRL to_currency=USD)."
            ),
        ),
        (
            "fx.csv, row 5",
            (
                "A rate of 1.5 from USD to itself is not 1 (fx_rate from_currency=USD"
                " to_currency=USD)."
            ),
        ),
        (
            "tax.csv, row 2",
            (
                "A tax of -5 percent is not from 0 to 10000 with at most 4 decimals"
                " (tax_rule *)."
            ),
        ),
    ]


def test_a_workbook_in_yaml_is_checked_alike(house: House) -> None:
    text = "fx:\n  - {from_currency: USD, to_currency: USD, rate: 2, from: 2026-01-01}"

    (fault,) = checked(house, [RulebookFile("rules.yaml", text.encode())]).errors

    assert str(fault.place) == "rules.yaml, line 2"
    assert fault.remedy == "Correct a currency, or delete the row."


def account(id_: str, **fields: object) -> MasterChange:
    said = {"entity": "US1", "role": "cash", "number": "1000", **fields}
    return MasterChange("ledger_account", id_, fields=said)


def fx(id_: str, rate: str, starts: date = date(2025, 3, 1)) -> MasterChange:
    fields = {"from_currency": "GBP", "to_currency": "USD", "rate": Decimal(rate)}
    return MasterChange("fx_rate", id_, fields=fields, effective_from=starts)


def cost(id_: str, rate: str) -> MasterChange:
    return MasterChange(
        "cost_rate", id_, fields={"person": "ann", "rate": Decimal(rate)}
    )


def tax(id_: str, **fields: object) -> MasterChange:
    said = {"order": 1, "rate": Decimal(19), "code": "S", **fields}
    return MasterChange("tax_rule", id_, fields=said)


def refused(house: House, change: MasterChange) -> str:
    applied = house.change(change)
    assert applied.changed == 0
    (refusal,) = applied.refusals
    return refusal.problem.sentence.replace(" was not taken over", "")


def test_what_ties_is_refused_while_running_and_what_replaces_itself_is_not(
    house: House,
) -> None:
    house.change(account("cash"), fx("march", "1.25"), tax("german"))

    told = [
        refused(house, account("till", number="1001")),
        refused(house, fx("march again", "1.26")),
        refused(house, cost("ann twice", "110")),
        refused(house, tax("french", rate=Decimal(20))),
    ]

    assert told == [
        ("ledger_account till: it is for the same cases on the same days as cash."),
        ("fx_rate march again: it begins on the same day as march for the same cases."),
        (
            "cost_rate ann twice: it begins on the same day as ann-cost"
            " for the same cases."
        ),
        (
            "tax_rule french: it has the same order as german, and both"
            " match the same cases."
        ),
    ]
    again = house.change(
        account("cash", number="1001"),
        fx("march", "1.26"),
        fx("april", "1.27", date(2025, 4, 1)),
        cost("ann-cost", "110"),
        tax("german", rate=Decimal(20)),
        tax("abroad", order=2),
    )
    assert (again.changed, again.refusals) == (6, [])


def test_a_record_that_is_wrong_by_itself_stops_no_other(house: House) -> None:
    applied = house.change(
        MasterChange("customer", "Nord", fields={"country": "Norway"}),
        MasterChange("customer", "Sued", fields={"country": "DE"}),
        account("odd", role="nonsense"),
        tax("less", rate=Decimal(-5)),
        fx("far", "99999999999999"),
    )

    assert applied.changed == 0
    applied = house.change(
        MasterChange("customer", "Nord", fields={"country": "Norway"}),
        MasterChange("customer", "Sued", fields={"country": "DE"}),
        account("odd", role="nonsense"),
        tax("less", rate=Decimal(-5)),
    )

    assert applied.changed == 1
    assert [one.change.source_id for one in applied.refusals] == ["Nord", "odd", "less"]
    assert applied.refusals[0].problem.remedy == (
        "Write the country's two letters in capitals, such as DE. Mend the record in"
        " the system it comes from and send it again."
    )
