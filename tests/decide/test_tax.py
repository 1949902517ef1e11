"""Which row of the tax table holds for work, by columns and for single documents."""

from datetime import date

import pytest

from hourline.decide.kernel import decide_columns
from hourline.master.model import TaxRule
from hourline.master.snapshot import InForce, NoTable, Snapshot
from tests.builders import (
    Firm,
    contract_line,
    customer,
    firm,
    legal_entity,
    tax_rule,
)
from tests.entries import Entry, entry_columns

_DAY = date(2025, 3, 5)


def _rule(built: Firm, *, day: date = _DAY) -> str:
    """Return the id of the rule, asked in both ways."""
    snapshot = built.snapshot()
    names = {no: id_ for (kind, id_), no in built.numbers.items() if kind == "tax_rule"}
    by_columns = decide_columns(entry_columns([Entry(work_date=day)]), snapshot)
    asked = _asked(built, snapshot, day=day)
    assert isinstance(asked, InForce)
    assert names[by_columns.decisions.tax_rule_no.tolist()[0]] == asked.id
    return asked.id


def _asked(built: Firm, snapshot: Snapshot, *, day: date = _DAY) -> object:
    return snapshot.tax_rule_for(
        built.numbers["legal_entity", "US1"],
        built.numbers["customer", "ADATUM"],
        built.numbers["contract_line", "C1.1"],
        day,
    )


def test_the_first_row_by_order_whose_fields_match_wins() -> None:
    built = firm()
    built.add("third", tax_rule(order=3))
    built.add("first", tax_rule(order=1, entity_country="US", customer_country="FR"))
    built.add("second", tax_rule(order=2, entity_country="US", customer_country="US"))

    assert _rule(built) == "second"


@pytest.mark.parametrize(("tax_id", "rule"), [(None, "domestic"), ("X1", "reverse")])
def test_a_tax_id_of_the_customer_can_decide(tax_id: str | None, rule: str) -> None:
    built = firm()
    built.add("ADATUM", customer(tax_id=tax_id))
    built.add("reverse", tax_rule(order=1, customer_has_tax_id=True))
    built.add("domestic", tax_rule(order=2, customer_has_tax_id=False))

    assert _rule(built) == rule


@pytest.mark.parametrize(
    ("ours", "theirs", "rule"),
    [
        ("DE136695976", "X1", "reverse"),
        ("DE1", "X1", "domestic"),
        (None, "X1", "domestic"),
        ("DE136695976", None, "domestic"),
    ],
)
def test_reverse_charge_can_ask_for_a_tax_id_of_both_sides(
    ours: str | None, theirs: str | None, rule: str
) -> None:
    built = firm()
    built.add("US1", legal_entity(country="DE", tax_id=ours))
    built.add("ADATUM", customer(tax_id=theirs))
    both = tax_rule(order=1, entity_has_tax_id=True, customer_has_tax_id=True)
    built.add("reverse", both)
    built.add("domestic", tax_rule(order=2))

    assert _rule(built) == rule


def test_a_row_can_name_a_contract_line_or_a_customer() -> None:
    built = firm()
    built.add("all", tax_rule(order=9))
    built.add("other line", tax_rule(order=1, contract_line="C9.1"))
    assert _rule(built) == "all"

    built.add("customer", tax_rule(order=5, customer="ADATUM"))
    assert _rule(built) == "customer"

    built.add("line", tax_rule(order=4, contract_line="C1.1"))
    assert _rule(built) == "line"


def test_rows_hold_by_work_date() -> None:
    built = firm()
    built.add(
        "short",
        tax_rule(order=1),
        effective_from=date(2025, 3, 5),
        effective_until=date(2025, 3, 6),
    )
    built.add(
        "shadowed",
        tax_rule(order=2),
        effective_from=date(2025, 3, 5),
        effective_until=date(2025, 3, 6),
    )
    built.add("always", tax_rule(order=3))

    days = [date(2025, 3, 4), date(2025, 3, 5), date(2025, 3, 6)]
    assert [_rule(built, day=day) for day in days] == ["always", "short", "always"]


def test_a_row_for_a_service_is_for_lines_of_that_service_alone() -> None:
    built = firm()
    built.add("training", tax_rule(order=1, service="training"))
    built.add("any", tax_rule(order=2))
    assert _rule(built) == "any"

    built.add("C1.1", contract_line(tax_service="books"))
    assert _rule(built) == "any"

    built.add("C1.1", contract_line(tax_service="training"))
    assert _rule(built) == "training"


def test_a_row_of_no_service_that_is_tried_first_is_for_every_service() -> None:
    built = firm()
    built.add("C1.1", contract_line(tax_service="training"))
    built.add("any", tax_rule(order=1))
    built.add("training", tax_rule(order=2, service="training"))

    assert _rule(built) == "any"


def test_the_service_is_that_of_the_line_on_the_work_date() -> None:
    built = firm()
    built.add("training", tax_rule(order=1, service="training"))
    built.add("books", tax_rule(order=2, service="books"))
    built.add("any", tax_rule(order=3))
    for service, start in (
        ("training", date(2025, 3, 5)),
        ("books", date(2025, 3, 6)),
        (None, date(2025, 3, 7)),
    ):
        line = contract_line(tax_service=service)
        built.add("C1.1", line, effective_from=start)

    found = [_rule(built, day=date(2025, 3, day)) for day in (4, 5, 6, 7)]

    assert found == ["any", "training", "books", "any"]


def test_what_entities_charge_each_other_is_a_service_of_its_own() -> None:
    built = firm()
    built.add("C1.1", contract_line(tax_service="training"))
    built.add("any", _between(order=1, service=None))
    built.add("training", _between(order=2, service="training"))
    assert _charged(built) is None

    built.add("ic", _between(order=3, service="intercompany"))
    assert _charged(built) == "ic"
    assert _rule(built) == "any"


def _between(*, order: int, service: str | None) -> TaxRule:
    return tax_rule(
        order=order, service=service, entity_country="US", customer_country="US"
    )


def _charged(built: Firm) -> str | None:
    """Return the id of the rule of what the entity would invoice itself."""
    entity_no = built.numbers["legal_entity", "US1"]
    line_no = built.numbers["contract_line", "C1.1"]
    found = built.snapshot().intercompany_tax_rule(entity_no, entity_no, line_no, _DAY)
    return None if found is None else found.id


def test_without_rows_for_services_none_is_looked_up() -> None:
    built = firm()
    built.add("C1.1", contract_line(tax_service="training"))
    built.add("ic", tax_rule(order=1, service="intercompany"))
    built.add("any", tax_rule(order=2))

    assert built.snapshot().columns.tax.services is None


def test_no_table_and_no_match_are_told_apart() -> None:
    without, unmatched = firm(), firm()
    unmatched.add("german", tax_rule(entity_country="DE"))

    assert _asked(without, without.snapshot()) is NoTable.NO_TABLE
    assert _asked(unmatched, unmatched.snapshot()) is None
