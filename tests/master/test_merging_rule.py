"""A merge is judged by the prices and taxes of both customers, before and after."""

from datetime import date
from decimal import Decimal

from hourline.master.model import BillRate
from hourline.master.rules.merging import (
    Merging,
    changed_taxes,
    contracts_of,
    lines_of,
    taxed_days,
    tying_rates,
)
from hourline.master.snapshot import Snapshot
from tests.builders import Firm, contract, contract_line, customer, firm, tax_rule

TODAY = date(2026, 7, 1)


def _rate(customer_id: str, person: str | None = None) -> BillRate:
    return BillRate(
        currency="USD", rate=Decimal(150), customer=customer_id, person=person
    )


def _two(*, into_country: str = "US") -> Firm:
    """Give a firm with ADATUM, who has C1, and CONTOSO, who has C2."""
    built = firm()
    built.add("CONTOSO", customer(country=into_country))
    built.add("C2", contract(customer="CONTOSO"))
    built.add("C2.1", contract_line(contract="C2"))
    return built


def _merging(snapshot: Snapshot) -> Merging:
    merged, into = (snapshot.number("customer", id_) for id_ in ("ADATUM", "CONTOSO"))
    assert merged is not None
    assert into is not None
    return Merging("ADATUM", merged, "CONTOSO", into)


def _merged(built: Firm) -> Snapshot:
    """Give the master data once C1 is CONTOSO's."""
    built.add("C1", contract(customer="CONTOSO"))
    return built.snapshot()


def _changes(built: Firm) -> list[tuple[str, str, str]]:
    before = built.snapshot()
    return changed_taxes(before, _merged(built), _merging(before), TODAY)


def test_rows_tie_that_name_the_same_on_days_they_share() -> None:
    built = _two()
    built.add("a-all", _rate("ADATUM"), effective_until=date(2026, 1, 1))
    built.add("c-later", _rate("CONTOSO"), effective_from=date(2026, 1, 1))
    built.add("a-ann", _rate("ADATUM", "ann"))
    built.add("c-ann", _rate("CONTOSO", "ann"))
    snapshot = built.snapshot()

    assert tying_rates(snapshot, _merging(snapshot)) == [("a-ann", "c-ann")]


def test_records_of_unknown_parties_are_nobody_s() -> None:
    built = _two()
    built.add("C8", contract(entity="XX"))
    built.add("C9.1", contract_line(contract="C9"))
    built.add("OTHER", customer())
    built.add("C3", contract(customer="OTHER"))
    built.add("C3.1", contract_line(contract="C3"))
    snapshot = built.snapshot()
    merging = _merging(snapshot)

    assert [one.id for one in contracts_of(snapshot, merging.merged_no)] == ["C1"]
    assert [line.id for line, *_ in lines_of(snapshot, merging)] == ["C1.1", "C2.1"]


def test_without_a_tax_table_no_tax_changes() -> None:
    assert _changes(_two(into_country="DE")) == []


def test_another_country_that_is_taxed_otherwise_is_found() -> None:
    built = _two(into_country="DE")
    built.add("us", tax_rule(rate="10", code="S", customer_country="US"))

    assert _changes(built) == [("C1.1", "10 % S", "no row")]


def test_a_change_on_a_later_day_is_found_too() -> None:
    built = _two()
    built.add("all", tax_rule(rate="10", code="S"))
    built.add("CONTOSO", customer(country="DE"), effective_from=date(2027, 1, 1))
    built.add("de", tax_rule(order=0, rate="0", code="O", customer_country="DE"))
    snapshot = built.snapshot()

    assert taxed_days(snapshot, _merging(snapshot), TODAY) == [TODAY, date(2027, 1, 1)]
    assert _changes(built) == [("C1.1", "10 % S", "0 % O")]


def test_days_on_which_a_customer_does_not_hold_are_told() -> None:
    built = _two()
    built.add("all", tax_rule(rate="10", code="S"), effective_from=date(2020, 1, 1))
    built.add(
        "ADATUM", customer(), effective_from=date.min, effective_until=date(2025, 1, 1)
    )

    assert _changes(built) == [("C1.1", "nothing that day", "10 % S")]
