"""Records that contradict themselves, tie, or could overflow are refused at load."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from hourline.master.model import (
    ContractLine,
    LedgerAccount,
    Milestone,
    PrepaidBlock,
    Record,
    TaxRule,
    Vendor,
)
from hourline.master.rules.usable import excess_of_milestones
from hourline.master.snapshot import UnusableRecord
from tests.builders import (
    Firm,
    contract,
    cost_rate,
    customer,
    firm,
    fx_rate,
    legal_entity,
    person,
    tax_rule,
    transfer_price,
)
from tests.rounding_rows import time_rounding

DAY = date(2025, 3, 1)


def milestone(amount: str, id_: str = "m1") -> Milestone:
    return Milestone(id=id_, amount=Decimal(amount), date=DAY)


def fixed(
    *milestones: Milestone, price: str = "1000", contract: str = "C1"
) -> ContractLine:
    return ContractLine(
        contract=contract,
        method="fixed_price",
        price=Decimal(price),
        milestones=milestones,
    )


def retainer(amount: str, contract: str = "C1") -> ContractLine:
    return ContractLine(contract=contract, method="retainer", amount=Decimal(amount))


def account(
    *, role: str = "cash", number: str = "1000", service_line: str | None = None
) -> LedgerAccount:
    return LedgerAccount(
        entity="US1", role=role, number=number, service_line=service_line
    )


def refusal(built: Firm) -> str:
    with pytest.raises(UnusableRecord) as refused:
        built.snapshot()
    return str(refused.value)


_BY_ITSELF: list[tuple[Record, str]] = [
    (
        fixed(milestone("-600"), milestone("1600", "m2")),
        "contract_line bad: milestone m1 of -600 is not above nothing",
    ),
    (fixed(milestone("0")), "milestone m1 of 0 is not above nothing"),
    (
        fixed(milestone("400"), milestone("400")),
        "contract_line bad: it has the milestone m1 twice",
    ),
    (fixed(price="-1"), "contract_line bad: its price -1 is below nothing"),
    (
        msgspec.structs.replace(fixed(), amount=Decimal(-1)),
        "contract_line bad: its amount -1 is below nothing",
    ),
    (
        retainer("10.005"),
        (
            "contract_line bad: its amount 10.005 has more decimals than USD (2)."
            " Round the amount to what USD has."
        ),
    ),
    (fixed(price="1000.001"), "its price 1000.001 has more decimals than USD (2)"),
    (
        fixed(milestone("0.001")),
        "its milestone m1 0.001 has more decimals than USD (2)",
    ),
    (
        retainer("100000000000000.01"),
        "its amount 100000000000000.01 is above 100000000000000.00 USD",
    ),
    (
        tax_rule(rate="-5"),
        "tax_rule bad: a tax of -5 percent is not from 0 to 10000",
    ),
    (tax_rule(rate="10000.0001"), "a tax of 10000.0001 percent is not from 0 to 10000"),
    (tax_rule(rate="0.00001"), "with at most 4 decimals"),
    (
        msgspec.structs.replace(tax_rule(), entity_country="UK"),
        "tax_rule bad: entity_country 'UK' is no code of ISO 3166",
    ),
    (
        msgspec.structs.replace(tax_rule(), customer_country="de"),
        "tax_rule bad: customer_country 'de' is no code of ISO 3166",
    ),
    (
        customer(country="Germany"),
        (
            "customer bad: country 'Germany' is no code of ISO 3166. Write the"
            " country's two letters in capitals, such as DE."
        ),
    ),
    (legal_entity(country="ZZ"), "legal_entity bad: country 'ZZ' is no code"),
    (Vendor(country=""), "vendor bad: country '' is no code"),
    (
        fx_rate(from_currency="USD", to_currency="USD", rate="1.5"),
        "fx_rate bad: a rate of 1.5 from USD to itself is not 1",
    ),
    (
        account(role="nonsense"),
        "ledger_account bad: role 'nonsense' is no account role. Write one of: cost,",
    ),
    (account(role="CASH"), "ledger_account bad: role 'CASH' is no account role"),
]


@pytest.mark.parametrize(("record", "why"), _BY_ITSELF)
def test_a_record_that_is_wrong_by_itself_is_refused(record: Record, why: str) -> None:
    built = firm()
    built.add("bad", record)

    assert why in refusal(built)


@pytest.mark.parametrize(
    ("currency", "amount", "most"),
    [("JPY", "0.5", "JPY (0)"), ("KWD", "0.0005", "KWD (3)")],
)
def test_an_amount_has_the_decimals_of_its_contract(
    currency: str, amount: str, most: str
) -> None:
    built = firm()
    built.add("C2", contract(currency=currency))
    built.add("fee", retainer(amount, "C2"))

    assert f"fee: its amount {amount} has more decimals than {most}" in refusal(built)


def test_amounts_with_the_decimals_of_their_currency_are_accepted() -> None:
    built = firm()
    built.add("C2", contract(currency="KWD"))
    built.add("fee", retainer("0.005", "C2"))
    built.add("price", fixed(milestone("400.5"), milestone("500", "m2")))
    built.add("same", fx_rate(from_currency="USD", to_currency="USD", rate="1"))
    built.add("kosovo", customer(country="XK"))

    assert built.snapshot().number("contract_line", "fee") is not None


def test_a_prepaid_block_is_paid_in_the_contract_currency() -> None:
    block = PrepaidBlock(
        contract_line="C1.1",
        hours=Decimal(10),
        purchased=DAY,
        expires=DAY,
        price=Decimal("1e14") + 1,
    )
    built = firm()
    built.add("block", block)

    assert "prepaid_block block: its price 100000000000001 is above" in refusal(built)


# Each rate alone is accepted; what it would make of an amount is not.
_TOO_DEAR: list[tuple[Record, str, str]] = [
    (
        fixed(milestone("90000000000"), price="90000000000", contract="C2"),
        "1200000",
        (
            "fx_rate GBP-USD: at a rate of 1200000, 90000000000.00 GBP, as master data"
            " allows, is more than 10000000000000000.00 USD, the most books hold"
        ),
    ),
    (retainer("90000000000", "C2"), "1200000", "90000000000.00 GBP, as master data"),
    (cost_rate(rate="100000000"), "1200000", "74400000000.00 GBP, as master data"),
    (
        transfer_price(lender="GB1", value="100000000", currency="GBP"),
        "1200000",
        "74400000000.00 GBP, as master data",
    ),
    (
        cost_rate(rate="0"),
        "10000000.0001",
        (
            "a rate of 10000000.0001 makes the smallest unit of GBP more than 10000000"
            " of USD"
        ),
    ),
    (
        cost_rate(rate="0"),
        "0.00000009",
        "a rate of 9E-8 makes the smallest unit of USD more than 10000000 of GBP",
    ),
]


@pytest.mark.parametrize(("record", "rate", "why"), _TOO_DEAR)
def test_a_rate_of_exchange_that_could_overflow_is_refused(
    record: Record, rate: str, why: str
) -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("C2", contract(currency="GBP"))
    built.add("ann", person(entity="GB1"))
    built.add("large", record)
    assert built.snapshot().columns is not None
    built.add("GBP-USD", fx_rate(from_currency="GBP", to_currency="USD", rate=rate))

    assert why in refusal(built)


def test_the_weakest_and_the_strongest_currency_have_room_for_each_other() -> None:
    built = firm()
    built.add("C2", contract(currency="KWD"))
    built.add("C3", contract(currency="IRR"))
    built.add("strong", retainer("250000000", "C2"))
    built.add("weak", retainer("90000000000000", "C3"))
    built.add(
        "KWD-IRR", fx_rate(from_currency="KWD", to_currency="IRR", rate="3500000")
    )
    built.add(
        "USD-IRR", fx_rate(from_currency="USD", to_currency="IRR", rate="1100000")
    )

    assert built.snapshot().number("fx_rate", "USD-IRR") is not None


def _later(record: TaxRule, **changed: object) -> TaxRule:
    return msgspec.structs.replace(record, **changed)


_TIES: list[tuple[Record, Record, str]] = [
    (
        account(number="1000"),
        account(number="1001"),
        "ledger_account second: it is for the same cases on the same days as first",
    ),
    (
        cost_rate(rate="100"),
        cost_rate(rate="110"),
        "cost_rate second: it begins on the same day as first for the same cases",
    ),
    (
        fx_rate(rate="1.10"),
        fx_rate(rate="1.20"),
        "fx_rate second: it begins on the same day as first",
    ),
    (
        tax_rule(order=7, rate="19"),
        _later(tax_rule(order=7, rate="7"), customer_country="DE"),
        "tax_rule second: it has the same order as first, and both match",
    ),
    (
        time_rounding(order=3, increment="15"),
        time_rounding(order=3, increment="6"),
        "time_rounding second: it has the same order as first",
    ),
]


@pytest.mark.parametrize(("first", "second", "why"), _TIES)
def test_of_two_records_that_match_alike_the_later_one_is_refused(
    first: Record, second: Record, why: str
) -> None:
    built = firm()
    built.add("first", first)
    built.add("second", second)

    assert why in refusal(built)


@pytest.mark.parametrize(("first", "second", "_"), _TIES)
def test_a_record_that_says_something_else_is_no_tie(
    first: Record, second: Record, _: str
) -> None:
    built = firm()
    built.add("first", first)
    built.add("first", second)

    assert built.snapshot().number(first.kind, "first") is not None


def test_rows_that_no_case_matches_together_do_not_tie() -> None:
    built = firm()
    built.add("cash", account(), effective_until=DAY)
    built.add("cash later", account(number="1001"), effective_from=DAY)
    built.add("fx", fx_rate(rate="1.10"))
    built.add("fx later", fx_rate(rate="1.20"), effective_from=DAY)
    built.add("de", _later(tax_rule(order=1), customer_country="DE"))
    built.add("fr", _later(tax_rule(order=1), customer_country="FR"))

    assert built.snapshot().number("tax_rule", "fr") is not None


@pytest.mark.parametrize(
    ("price", "excess"), [("1000", "200"), ("1200", "0"), ("1500", "0"), (None, "0")]
)
def test_milestones_exceed_a_price_by_what_they_total_above_it(
    price: str | None, excess: str
) -> None:
    line = msgspec.structs.replace(
        fixed(milestone("600"), milestone("600", "m2")),
        price=None if price is None else Decimal(price),
    )

    assert excess_of_milestones(line) == Decimal(excess)
