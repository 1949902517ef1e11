"""A snapshot lays versions out in time and gives single records with their numbers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from hourline.kernel.codes import Role
from hourline.kernel.money import Rounding
from hourline.master.model import CostCentre, LedgerAccount, ServiceLine
from hourline.master.snapshot import (
    FxRateMissing,
    NoOpenPeriod,
    RecordNotKnown,
    build_snapshot,
)
from tests.builders import (
    contract,
    contract_line,
    customer,
    firm,
    fx_rate,
    legal_entity,
    person,
    posting_period,
    project,
    tax_rule,
)


def test_a_version_recorded_later_holds_from_its_own_date_on() -> None:
    built = firm()
    no = built.add(
        "ADATUM",
        customer(country="DE"),
        effective_from=date(2025, 4, 1),
        effective_until=date(2025, 5, 1),
    )
    snapshot = built.snapshot()

    assert snapshot.customer(no, on=date(2025, 3, 31)).content.country == "US"
    assert snapshot.customer(no, on=date(2025, 4, 1)).content.country == "DE"
    with pytest.raises(RecordNotKnown, match="on 2025-05-01"):
        snapshot.customer(no, on=date(2025, 5, 1))


def test_a_version_that_begins_earlier_replaces_what_was_recorded_before() -> None:
    built = firm()
    built.add("ADATUM", customer(country="DE"), effective_from=date(2025, 4, 1))
    no = built.add("ADATUM", customer(country="FR"), effective_from=date(2025, 2, 1))
    snapshot = built.snapshot()

    assert snapshot.customer(no, on=date(2025, 1, 31)).content.country == "US"
    assert snapshot.customer(no, on=date(2025, 6, 1)).content.country == "FR"


def test_a_contract_knows_its_parties_and_its_currency() -> None:
    built = firm()
    own = built.add("C2", contract(currency="JPY"))
    snapshot = built.snapshot()

    plain = snapshot.contract(built.numbers["contract", "C1"])
    assert plain.entity_no == built.numbers["legal_entity", "US1"]
    assert plain.customer_no == built.numbers["customer", "ADATUM"]
    assert (plain.id, plain.currency) == ("C1", 840)
    assert snapshot.contract(own).currency == 392


def test_lines_projects_and_people_know_what_they_refer_to() -> None:
    built = firm()
    centre = built.add("CC", CostCentre())
    service = built.add("SL", ServiceLine())
    no = built.add("P2", project(cost_centre="CC", service_line="SL"))
    bob = built.add("bob", person(cost_centre="CC"))
    snapshot = built.snapshot()

    found = snapshot.project(no)
    assert found.contract_line_no == built.numbers["contract_line", "C1.1"]
    assert (found.cost_centre_no, found.service_line_no) == (centre, service)
    line = snapshot.contract_line(built.numbers["contract_line", "C1.1"])
    assert line.contract_no == built.numbers["contract", "C1"]
    worker = snapshot.person(bob)
    assert worker.entity_no == built.numbers["legal_entity", "US1"]
    assert worker.cost_centre_no == centre


def test_what_is_not_known_is_said() -> None:
    built = firm()
    lonely = built.add("C2", contract(entity="gone"))
    orphan = built.add("C2.1", contract_line(contract="gone"))
    snapshot = built.snapshot()

    with pytest.raises(RecordNotKnown, match="no customer has number 999"):
        snapshot.customer(999)
    with pytest.raises(RecordNotKnown, match="contract C2 names"):
        snapshot.contract(lonely)
    with pytest.raises(RecordNotKnown, match=r"contract line C2\.1"):
        snapshot.contract_line(orphan)
    with pytest.raises(KeyError, match="no kind of master data 'wish'"):
        snapshot.record("wish", 1)


def test_any_record_is_found_by_kind() -> None:
    built = firm()
    rule = built.add("tax", tax_rule(code="S"))
    snapshot = built.snapshot()

    assert snapshot.tax_rule(rule).content.code == "S"
    assert snapshot.record("tax_rule", rule).id == "tax"
    assert snapshot.number("tax_rule", "tax") == rule
    assert snapshot.number("tax_rule", "gone") is None
    assert snapshot.number("calendar", "gone") is None


def test_an_account_of_a_service_line_comes_before_the_plain_one() -> None:
    built = firm()
    entity = built.numbers["legal_entity", "US1"]
    service, other = built.add("SL", ServiceLine()), built.add("SM", ServiceLine())
    chart = [("plain", "4000", None), ("own", "4100", "SL")]
    for name, number, line in chart:
        built.add(
            name,
            LedgerAccount(
                entity="US1", role="revenue", number=number, service_line=line
            ),
        )
    built.add(
        "plain",
        LedgerAccount(entity="US1", role="revenue", number="4001"),
        effective_from=date(2025, 6, 1),
    )
    snapshot = built.snapshot()

    assert snapshot.account(entity, Role.REVENUE, service) == "4100"
    assert snapshot.account(entity, Role.REVENUE, other) == "4001"
    assert snapshot.account(entity, Role.REVENUE) == "4001"
    assert snapshot.account(entity, Role.REVENUE, on=date(2025, 5, 31)) == "4000"
    assert snapshot.account(entity, Role.CASH) is None


def test_the_accounting_date_moves_to_the_next_open_month() -> None:
    built = firm()
    entity = built.numbers["legal_entity", "US1"]
    for period in ("2025-12", "2026-01"):
        built.add(period, posting_period(period=period))
    snapshot = built.snapshot()

    in_time, late = date(2025, 11, 30), date(2025, 12, 9)
    assert snapshot.accounting_date(entity, in_time, None) == in_time
    assert snapshot.accounting_date(entity, late, None) == date(2026, 2, 1)


def test_an_entity_with_two_closed_years_has_no_open_month() -> None:
    built = firm()
    for number in range(25):
        period = f"{2025 + number // 12}-{number % 12 + 1:02}"
        built.add(period, posting_period(period=period))

    with pytest.raises(NoOpenPeriod, match="no month of US1 is open"):
        built.snapshot().accounting_date(
            built.numbers["legal_entity", "US1"], date(2025, 1, 5), None
        )


def test_rates_of_exchange_are_exact_in_both_directions() -> None:
    built = firm()
    built.add("eur", fx_rate(rate="1.10"))
    built.add("yen", fx_rate(from_currency="JPY", rate="0.0067"))
    snapshot, day = built.snapshot(), date(2025, 3, 5)

    assert snapshot.fx(978, 840, day) == Fraction(11, 10)
    assert snapshot.fx(840, 978, day) == Fraction(10, 11)
    assert snapshot.fx(840, 840, day) == 1
    assert snapshot.fx(392, 840, day) == Fraction(67, 10_000)
    assert snapshot.minor_fx(392, 840, day) == Fraction(67, 100)
    assert snapshot.translate(10_000, (978, 840), day) == 11_000
    assert snapshot.translate(5, (978, 840), day, rounding=Rounding.HALF_DOWN) == 5
    with pytest.raises(FxRateMissing, match="no rate from EUR to JPY on 2025-03-05"):
        snapshot.fx(978, 392, day)


def test_of_two_exchange_rates_the_one_that_begins_later_holds() -> None:
    built = firm()
    built.add("b", fx_rate(rate="1.20"), effective_from=date(2025, 3, 1))
    built.add("a", fx_rate(rate="1.10"))
    snapshot = built.snapshot()

    assert snapshot.fx(978, 840, date(2025, 2, 28)) == Fraction(11, 10)
    assert snapshot.fx(978, 840, date(2025, 3, 1)) == Fraction(6, 5)


def test_an_entity_says_how_it_rounds() -> None:
    built = firm()
    no = built.add("NZ1", legal_entity(money_rounding="half_down", currency="NZD"))
    snapshot = built.snapshot()

    assert snapshot.rounding(no) == Rounding.HALF_DOWN
    assert snapshot.entity(no).currency == 554


def test_a_reference_to_nothing_is_left_out() -> None:
    built = firm()
    built.numbers["person", "ghost"] = 999
    built.refer("person", "ghost", "r-9")
    built.numbers["wish", "x"] = 998
    built.refer("wish", "x", "x")

    sources = built.snapshot().sources

    assert "r-9" not in sources[1, "person"]
    assert (1, "wish") not in sources


def test_a_firm_without_master_data_has_a_snapshot() -> None:
    snapshot = build_snapshot([], [], change_no=0)

    assert snapshot.number("person", "ann") is None


def test_what_was_withdrawn_whole_limits_nothing() -> None:
    built = firm()
    limited = msgspec.structs.replace(contract(), limit=Decimal(100))
    no = built.add("C1", limited)
    assert list(built.snapshot().allotting) == [no]

    for record_id, record in (("C1", limited), ("C1.1", contract_line())):
        built.add(record_id, record, withdrawn=True)

    assert built.snapshot().allotting == {}
