"""What a draft leaves without a row is told, with how much of the past is like it."""

from decimal import Decimal

import pytest

from hourline.cli.rulebook.trials import tell_trial
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.files import RulebookFile
from tests.flow.departments import AT_COST, DEPARTMENTS
from tests.flow.house import House, chart
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE
from tests.flow.rules import checked, files, propose
from tests.flow.test_rulebook_trial import tried

pytestmark = pytest.mark.integration
VAT = MasterChange(
    "tax_rule",
    "vat",
    fields={"entity_country": "US", "rate": Decimal(10), "code": "S", "order": 1},
)
# Its only row is for the other way round.
NO_PRICE = """
    id,lender,borrower,model,value,currency
    back,US1,GB1,unit_price,100,USD
"""


def warned(house: House, book: list[RulebookFile]) -> list[tuple[str, str]]:
    """Give place and sentence of everything to look at, where nothing is wrong."""
    draft = checked(house, book)
    assert draft.errors == []
    return [(str(one.place), one.sentence) for one in draft.findings]


def test_the_only_transfer_price_of_a_pair_is_told_when_it_is_proposed(
    house: House,
) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    house.approve(id="t9", person="bob")

    draft, proposal_no = propose(house, files(transfer_prices=NO_PRICE))

    assert proposal_no is not None
    (finding,) = draft.findings
    assert (finding.severity, str(finding.place), finding.column) == (
        "warning",
        "transfer_prices.csv",
        None,
    )
    assert finding.sentence == (
        "From 2025-04-01 on no row of transfer_prices holds for GB1 charging US1 once"
        " GB1-US1 does not: such work would be refused as transfer_price_not_found; 1"
        " entry of the history is like it."
    )


def test_a_dry_run_tells_the_work_that_would_not_be_decided_any_more(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    house.approve(id="t8", person="bob")
    house.approve(id="t9", person="bob")

    trial = tried(house, files(transfer_prices=NO_PRICE))
    tell_trial(trial, top=5, as_json=False)

    assert (trial.changed, trial.refused) == (0, {})
    assert [(one.code, one.entries, one.subjects) for one in trial.uncovered] == [
        ("transfer_price_not_found", 2, ("GB1 charging US1",))
    ]
    assert (
        "refused as transfer_price_not_found; 2 entries of the history are like it."
    ) in capsys.readouterr().out


def test_a_pair_that_has_people_and_contracts_needs_no_history(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)

    assert warned(house, files(transfer_prices=NO_PRICE)) == [
        (
            "transfer_prices.csv",
            (
                "From 2025-04-01 on no row of transfer_prices holds for GB1 charging"
                " US1 once GB1-US1 does not: such work would be refused as"
                " transfer_price_not_found."
            ),
        )
    ]


def test_a_bill_rate_that_ends_is_told_at_its_row_from_the_day_it_ends(
    house: House,
) -> None:
    house.change(
        MasterChange(
            "contract_line",
            "C1.2",
            fields={"contract": "C1", "method": "time_and_materials"},
        ),
        MasterChange("project", "P2", fields={"contract_line": "C1.2"}),
    )
    house.approve()

    found = checked(
        house, files(bill_rates="id,currency,rate,until\nstandard,USD,200,2025-06-01")
    ).findings

    # P1 has history, P2 is open and has none.
    assert [(str(one.place), one.column, one.sentence) for one in found] == [
        (
            "bill_rates.csv, row 2",
            "until",
            (
                "From 2025-06-01 on no row of bill_rates holds for line C1.1, line"
                " C1.2 once standard does not: such work would be"
                " refused as price_not_found; 1 entry of the history is like it."
            ),
        )
    ]


def test_a_row_that_ends_where_a_less_specific_one_holds_is_covered(
    house: House,
) -> None:
    house.change(
        MasterChange(
            "bill_rate",
            "consultants",
            fields={"currency": "USD", "rate": 220, "role": "consultant"},
        )
    )
    house.approve()

    assert warned(house, files(bill_rates="id,currency,rate\nstandard,USD,200")) == []


def test_a_row_that_was_never_used_may_go(house: House) -> None:
    house.change(
        MasterChange("bill_rate", "euros", fields={"currency": "EUR", "rate": 180})
    )
    house.approve()

    assert warned(house, files(bill_rates="id,currency,rate\nstandard,USD,200")) == []


def test_the_only_revenue_account_of_an_entity_is_told(house: House) -> None:
    house.change(*chart())
    house.approve()
    house.bill()
    rows = "\n".join(
        f"US1-{role},US1,{role},{number}"
        for role, number in (
            ("receivable", "1200"),
            ("wip", "1400"),
            ("accrued_revenue", "4100"),
            ("cost", "5000"),
            ("payroll_allocation", "5900"),
        )
    )

    # Nothing is booked on cash and tax, so nobody misses them.
    assert warned(house, files(accounts=f"id,entity,role,number\n{rows}")) == [
        (
            "accounts.csv",
            (
                "From 2025-04-01 on no row of accounts holds for revenue of US1 once"
                " US1-revenue does not: what is booked there would not be sent, as"
                " account_not_found."
            ),
        )
    ]


def test_a_tax_row_of_a_pair_of_countries_is_told(house: House) -> None:
    house.change(VAT)
    house.approve()
    book = files(tax="id,entity_country,customer_country,rate,code\nde,DE,DE,19,S")

    assert warned(house, book) == [
        (
            "tax.csv",
            (
                "From 2025-04-01 on no row of tax holds for US1 billing customers in US"
                " once vat does not: such work would be refused as tax_not_determined;"
                " 1 entry of the history is like it."
            ),
        )
    ]


def test_the_tax_of_a_line_that_bills_without_time_is_told(house: House) -> None:
    house.change(
        VAT,
        MasterChange(
            "contract_line",
            "C1.1",
            fields={"contract": "C1", "method": "retainer", "amount": Decimal(500)},
        ),
        MasterChange("project", "P1", fields={"status": "closed"}),
    )
    book = files(tax="id,entity_country,customer_country,rate,code\nde,DE,DE,19,S")

    ((_, sentence),) = warned(house, book)

    assert sentence.startswith(
        "From 2025-04-01 on no row of tax holds for US1 billing customers in US"
    )


def test_a_rate_of_exchange_that_is_left_out_is_told(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    house.approve(id="t9", person="bob")
    book = files(fx="id,from_currency,to_currency,rate\nEUR-CHF,EUR,CHF,0.95")

    ((place, sentence),) = warned(house, book)

    assert place == "fx.csv"
    assert sentence.startswith(
        "From 2025-04-01 on no row of fx holds for USD to GBP once USD-GBP does not:"
        " such work would be refused as fx_rate_not_found;"
    )


def test_work_that_would_go_on_without_a_row_is_told_too(house: House) -> None:
    house.change(
        *DEPARTMENTS,
        AT_COST,
        MasterChange(
            "time_rounding",
            "quarters",
            fields={"order": 1, "increment_minutes": Decimal(15), "mode": "up"},
        ),
        MasterChange("person", "eve", fields={"entity": "US1"}),
    )
    house.approve()

    found = warned(
        house,
        files(
            cost_rates="id,person,rate\neve-cost,eve,90",
            cross_charges="id,entity,until\nat-cost,US1,2025-05-01",
            time_rounding="id,order,increment_minutes,mode,until\n"
            "quarters,1,15,up,2025-05-01",
        ),
    )

    like_it = "1 entry of the history is like it."
    assert [sentence for _, sentence in found] == [
        (
            "From 2025-04-01 on no row of cost_rates holds for ann once ann-cost does"
            f" not: such work would cost nothing; {like_it}"
        ),
        (
            "From 2025-05-01 on no row of time_rounding holds for line C1.1"
            " once quarters does not: such time would not be rounded;"
            f" {like_it}"
        ),
        (
            "From 2025-05-01 on no row of cross_charges holds for DEV charging OPS once"
            f" at-cost does not: nothing would be charged for such work; {like_it}"
        ),
    ]


def test_the_tax_of_what_entities_invoice_each_other_is_told(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE, VAT)
    house.change(
        MasterChange(
            "tax_rule",
            "ic",
            fields={
                "service": "intercompany",
                "entity_country": "GB",
                "customer_country": "US",
                "rate": Decimal(20),
                "code": "IC",
                "order": 2,
            },
        )
    )
    house.approve(id="t9", person="bob")

    found = warned(house, files(tax="id,entity_country,rate,code\nvat,US,10,S"))

    assert found == [
        (
            "tax.csv",
            (
                "From 2025-04-01 on no row of tax holds for GB1 invoicing US1 once ic"
                " does not: no tax would be charged."
            ),
        )
    ]


def test_a_tax_row_that_leaves_its_sales_to_one_for_others_is_told(
    house: House,
) -> None:
    rest = MasterChange(
        "tax_rule", "rest", fields={"rate": Decimal(0), "code": "G", "order": 2}
    )
    house.change(VAT, rest)
    house.approve()
    header = "id,entity_country,rate,code,order,from"

    left = warned(house, files(tax=f"{header}\nrest,,0,G,2,"))
    replaced = warned(
        house, files(tax=f"{header}\nnew,US,12,S,3,2025-04-01\nrest,,0,G,4,")
    )

    assert left == [
        (
            "tax.csv",
            (
                "From 2025-04-01 on vat of tax holds no more for US1 billing customers"
                " in US: rest, 0 % G, takes over; 1 entry of the history is like it."
            ),
        )
    ]
    assert replaced == []
