"""A contract line scales the price of its time, or makes it of what the time costs."""

from datetime import date
from decimal import Decimal

from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from hourline.kernel.problems import Problem
from hourline.master.model import ContractLine
from tests.builders import (
    Firm,
    contract,
    cost_rate,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    person,
    transfer_price,
)
from tests.entries import Entry, entry_columns, expense


def _line(
    *, discount: str = "0", fee: str = "0", cost_plus: str | None = None
) -> ContractLine:
    return ContractLine(
        contract="C1",
        method="time_and_materials",
        discount_percent=Decimal(discount),
        fee_percent=Decimal(fee),
        cost_plus_percent=None if cost_plus is None else Decimal(cost_plus),
    )


def _firm(line: ContractLine, *, cost: str | None = "60") -> Firm:
    built = firm()
    built.add("C1.1", line)
    built.add("overtime", hour_type(bill_factor="1.5", cost_factor="2"))
    if cost is not None:
        built.add("ann's cost", cost_rate(rate=cost))
    return built


def _decided(built: Firm, *entries: Entry) -> Decided:
    return decide_columns(entry_columns(entries), built.snapshot())


def _problem(built: Firm, entry: Entry) -> Problem:
    [refusal] = _decided(built, entry).refusals
    [problem] = refusal.problems
    return problem


def test_a_discount_then_a_fee_scale_the_exact_price() -> None:
    portions = _decided(
        _firm(_line(discount="12.5", fee="3")), Entry(), Entry(hour_type="overtime")
    ).portions

    # 200 x 0.875 x 1.03 = 180.25; overtime 270.375
    assert portions.amount.tolist() == [18_025, 27_038]
    assert portions.rate_amount.tolist() == [180_250_000, 270_375_000]
    assert portions.rate_seconds.tolist() == [3_600, 3_600]


def test_a_price_by_hand_and_an_expense_have_neither() -> None:
    built = _firm(_line(discount="50", fee="10", cost_plus="25"))

    decided = _decided(built, Entry(price=Decimal(70)), expense(5_000))

    assert decided.portions.amount.tolist() == [7_000, 5_000]


def test_cost_plus_sells_an_hour_at_its_cost_and_no_bill_rate() -> None:
    built = _firm(_line(cost_plus="33.3333", discount="10"))

    decided = _decided(built, Entry(seconds=7_200), Entry(hour_type="overtime"))

    # 60 x 1.333333 x 0.9 = 71.9999820 exactly, and 107.999973 with the bill factor
    assert decided.portions.rate_amount.tolist() == [71_999_982, 107_999_973]
    assert decided.portions.rate_seconds.tolist() == [3_600, 3_600]
    assert decided.portions.amount.tolist() == [14_400, 10_800]
    assert decided.decisions.bill_rate_no.tolist() == [-1, -1]
    assert decided.decisions.cost_amount.tolist() == [12_000, 12_000]


def test_cost_plus_without_a_cost_rate_has_no_price() -> None:
    problem = _problem(_firm(_line(cost_plus="25"), cost=None), Entry())

    assert problem.code == "price_not_found"
    assert problem.sentence == (
        "1 h of ann on project P1 on 2025-03-05 has no price: contract line C1.1 is"
        " sold at cost and a percentage, and ann has no cost rate on that day that can"
        " be used."
    )
    assert "Add a cost rate of ann" in problem.remedy


def test_lent_work_at_cost_plus_says_that_its_transfer_price_has_no_bill_rate() -> None:
    built = _firm(_line(cost_plus="25"))
    built.add("GB1", legal_entity(country="GB"))
    built.add("ann", person(entity="GB1"))
    built.add("row", transfer_price(model="percent_of_bill_rate", value="80"))

    problem = _problem(built, Entry())

    assert problem.code == "price_not_found"
    assert problem.sentence == (
        "1 h of ann on project P1 on 2025-03-05 has no transfer price: contract line"
        " C1.1 is sold at cost and a percentage, so it has no bill rate, from which"
        " what GB1 charges US1 starts."
    )
    assert problem.remedy == (
        "Give GB1 and US1 a transfer price that starts from the cost, or is one of its"
        " own; the work is priced by itself then."
    )


def test_cost_plus_beyond_what_is_exact_has_no_price() -> None:
    built = _firm(_line(cost_plus="1000"), cost="99999")

    assert _problem(built, Entry()).code == "price_not_found"


def test_cost_plus_needs_the_rate_of_exchange_of_the_work_date() -> None:
    built = _firm(_line(cost_plus="20"))
    built.add("C1", contract(currency="EUR"))
    built.add("fx", fx_rate(rate="1.5"), effective_from=date(2025, 3, 6))

    late, early = Entry(work_date=date(2025, 3, 6)), Entry()

    assert _decided(built, late).portions.amount.tolist() == [4_800]
    problem = _problem(built, early)
    assert problem.code == "fx_rate_not_found"
    assert "no usable rate of exchange between USD and EUR on 2025-03-05" in (
        problem.sentence
    )


def test_what_is_not_billed_needs_no_price_by_cost() -> None:
    built = _firm(_line(cost_plus="20"), cost=None)

    decided = _decided(built, Entry(billable_seconds=0))

    assert decided.portions.amount.tolist() == [0]
