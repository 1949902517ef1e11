"""The dry run that the benchmark measures is one that compares everything."""

from decimal import Decimal

import pytest

from hourline.cli.bench.trying import changed_rulebook, try_changed
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.days import DayTotals
from hourline.flow.rulebook.drafts import export_book
from tests.flow.departments import DEPARTMENTS
from tests.flow.house import House
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE
from tests.flow.rules import files

pytestmark = pytest.mark.integration

TAX = MasterChange("tax_rule", "vat", fields={"order": 1, "rate": 10, "code": "S"})
QUARTERS = MasterChange(
    "time_rounding",
    "quarters",
    fields={"order": 1, "increment_minutes": Decimal(15), "mode": "up"},
)


def test_the_dry_run_that_is_measured_compares_everything(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE, *DEPARTMENTS, TAX, QUARTERS)
    house.approve(id="t1", seconds=1_000)
    house.approve(id="t2", person="bob")
    book = export_book(house.database, house.tenant)

    trial = try_changed(house.database, house.tenant, changed_rulebook(book))

    # To the quarter 1000 s are half an hour, by the day they are 45 minutes; an hour is
    # one and a half.
    assert trial.days == DayTotals(days=2, seconds_before=5_400, seconds_after=8_100)
    assert (trial.entries, trial.changed) == (2, 2)


def test_a_dry_run_that_compares_nothing_is_not_measured(house: House) -> None:
    house.approve()

    with pytest.raises(LookupError, match="nothing of lines, taxes, entries"):
        try_changed(house.database, house.tenant, files(accounts="entity,role,number"))
