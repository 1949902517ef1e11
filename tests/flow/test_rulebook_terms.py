"""Transfer prices, time rounding, prepaid blocks and shares are tables like others."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline.cli.rulebook.trials import tell_trial
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.days import DayTotals
from hourline.flow.rulebook.drafts import export_book
from hourline.flow.rulebook.files import RulebookFile, written
from hourline.flow.rulebook.transfers import TransferMove
from hourline.kernel.codes import Fate
from tests.flow.advances import KIEL, shares
from tests.flow.house import House
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE
from tests.flow.rules import files, propose, publish
from tests.flow.test_rulebook_trial import tried

pytestmark = pytest.mark.integration

BLOCK = MasterChange(
    "prepaid_block",
    "B1",
    fields={
        "contract_line": "C1.1",
        "hours": Decimal("1.5"),
        "purchased": date(2025, 1, 1),
        "expires": date(2025, 12, 31),
    },
)
QUARTERS = MasterChange(
    "time_rounding",
    "quarters",
    fields={"order": 1, "increment_minutes": Decimal(15), "mode": "up"},
)
BOBS_WORK: dict[str, object] = {"id": "t9", "person": "bob"}


def lend(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)


def fates(house: House, entry: str = "t1") -> dict[Fate, int]:
    return {Fate(one.fate): one.seconds for one in house.status(entry).portions}


@pytest.mark.parametrize("as_", ["csv", "xlsx", "yaml"])
def test_what_is_exported_and_proposed_unchanged_changes_nothing(
    house: House, as_: str
) -> None:
    lend(house)
    house.change(BLOCK, QUARTERS, KIEL, *shares(ADATUM="33.33", KIEL="66.67"))
    book = export_book(house.database, house.tenant)

    draft, proposal_no = propose(
        house,
        [RulebookFile(*file) for file in written(book, as_=as_).items()],
    )

    assert {*book} >= {
        "transfer_prices",
        "time_rounding",
        "prepaid_blocks",
        "contract_customers",
    }
    assert (draft.findings, draft.differences, proposal_no) == ([], [], None)


def test_a_published_transfer_price_holds_for_what_is_approved_after_it(
    house: House,
) -> None:
    lend(house)

    publish(
        house,
        files(
            transfer_prices="""
                id,lender,borrower,model,value,currency,person,role
                GB1-US1,GB1,US1,unit_price,120,USD,,
                bob,GB1,US1,cost_plus_percent,10,,bob,
            """
        ),
    )
    house.approve(**BOBS_WORK)

    # 50 GBP an hour plus 10 % are 55 GBP; a dollar is 0.80 GBP.
    trial = tried(
        house,
        files(
            transfer_prices="""
                id,lender,borrower,model,value,currency,person,role
                GB1-US1,GB1,US1,unit_price,120,USD,,
                bob,GB1,US1,cost_plus_percent,20,,bob,
            """
        ),
    )
    assert trial.transfers == [
        TransferMove(
            lender="GB1",
            borrower="US1",
            currency="GBP",
            entries=1,
            amount_before=5_500,
            amount_after=6_000,
        )
    ]


def test_a_transfer_price_in_another_currency_is_a_move_of_each(house: House) -> None:
    lend(house)
    house.approve(**BOBS_WORK)
    house.approve(id="t1")

    trial = tried(
        house,
        files(
            transfer_prices="""
                id,lender,borrower,model,value,role
                GB1-US1,GB1,US1,cost_plus_percent,20,
            """
        ),
    )

    assert [
        (one.currency, one.entries, one.amount_before, one.amount_after)
        for one in trial.transfers
    ] == [("USD", 1, 12_000, 0), ("GBP", 1, 0, 6_000)]
    (group,) = trial.groups
    assert (trial.entries, trial.changed, trial.drifted) == (2, 1, 0)
    assert (group.transfer_price, group.difference) == (("GB1-US1", "GB1-US1"), 0)


def test_a_rounding_row_tells_what_it_would_have_made_of_time(house: House) -> None:
    house.approve(seconds=3_000)

    trial = tried(
        house,
        files(time_rounding="id,increment_minutes,mode,project\nup,15,up,P1"),
    )

    (group,) = trial.groups
    # 50 minutes at 200 USD are 166.67 USD; an hour is 200 USD.
    assert (group.amount_before, group.amount_after) == (16_667, 20_000)
    assert group.time_rounding == (None, "up")
    assert trial.days == DayTotals()


def test_days_of_persons_that_are_rounded_otherwise_are_counted(house: House) -> None:
    day = replace(QUARTERS, fields={**QUARTERS.fields, "scope": "person_day"})
    house.change(day)
    house.approve(id="t1", seconds=1_000)
    house.approve(id="t2", seconds=1_000)
    house.approve(id="t3", seconds=3_600, date="2025-03-06")

    trial = tried(
        house,
        files(
            time_rounding="id,increment_minutes,mode,scope\nquarters,30,up,person_day"
        ),
    )

    # 2000 s are three quarters, or two half hours; an hour is both.
    assert trial.days == DayTotals(days=1, seconds_before=2_700, seconds_after=3_600)
    assert (trial.drifted, trial.changed) == (0, 1)


def test_the_first_rounding_row_that_matches_holds_as_the_rows_stand(
    house: House,
) -> None:
    publish(
        house,
        files(
            time_rounding="""
                id,increment_minutes,mode,project
                of_p1,30,up,P1
                rest,15,up,
            """
        ),
    )

    house.approve(seconds=1_000)

    assert fates(house) == {Fate.BILLABLE: 1_800}


def test_a_block_that_is_published_is_used_by_work_already_approved(
    house: House,
) -> None:
    house.approve(seconds=7_200)

    publish(
        house,
        files(
            prepaid_blocks="""
                id,contract_line,hours,purchased,expires
                B1,C1.1,1.5,2025-01-01,2025-12-31
            """
        ),
    )

    assert fates(house) == {Fate.PREPAID: 5_400, Fate.BILLABLE: 1_800}
    assert house.bill().net == 10_000
    assert house.unproven() == []


def test_published_shares_split_the_next_invoice(house: House) -> None:
    house.change(KIEL)
    publish(
        house,
        files(
            contract_customers="""
                contract,customer,share,order,rounding
                C1,ADATUM,33.33,1,true
                C1,KIEL,66.67,2,
            """
        ),
    )
    house.approve()

    issued = house.bill()

    assert [one.net for one in issued.all] == [6_666, 13_334]
    assert house.unproven() == []


def test_the_trial_is_told_with_charges_and_days(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    lend(house)
    house.change(replace(QUARTERS, fields={**QUARTERS.fields, "scope": "person_day"}))
    house.approve(id="t9", person="bob", seconds=2_000)

    trial = tried(
        house,
        files(
            time_rounding="id,increment_minutes,mode,scope\nquarters,30,up,person_day",
            transfer_prices="""
                id,lender,borrower,model,value,currency
                new,GB1,US1,unit_price,126,USD
            """,
        ),
    )
    tell_trial(trial, top=10, as_json=False)

    # 2000 s at 120 USD are 66.67 USD, at 126 USD 70 USD; a dollar is 0.80 GBP.
    # Three quarters at 200 USD are 150 USD, an hour is 200 USD.
    told = capsys.readouterr().out
    assert told.startswith(
        "1 entries were decided again; 1 would be others: 1 open, 0 on invoices.\n"
    )
    table = " ".join(told.replace("│", " ").split())
    assert "C1.1 time rounding quarters: 1 0 0.75 h -> 1.00 h 150.00 200.00" in table
    for line in (
        "GB1 charges US1 for 1 entries: 66.67 USD becomes 70.00 USD (+3.33 USD).",
        "1 days of persons are rounded otherwise: 0.75 h become 1 h.",
        "Books of US1, wip at approval: +50.00 USD of open work.",
        "Books of GB1, ic wip at approval: +2.66 GBP of open work.",
    ):
        assert line in told.splitlines()
