"""A decision table says which row holds, and what in it contradicts itself."""

from datetime import date

from hourline.kernel.decision_table import (
    Gap,
    HitPolicy,
    Shape,
    TableRow,
    Unreachable,
    doubled,
    gaps,
    matching,
    rank_of,
    scopes_named,
    ties,
    unreachable,
)

RATES = Shape(
    policy=HitPolicy.MOST_SPECIFIC,
    exact=("currency",),
    scopes=("project", "customer"),
    dimensions=("person", "role"),
)
TAX = Shape(
    policy=HitPolicy.FIRST,
    dimensions=("service", "seller", "buyer"),
    apart=(("service", "intercompany"),),
)
FX = Shape(policy=HitPolicy.LATEST, exact=("pair",))
KINDS = Shape(policy=HitPolicy.UNIQUE, exact=("id",))
JAN, MAR, MAY, JUL = (date(2025, month, 1) for month in (1, 3, 5, 7))


def rate(
    id_: str, *cells: str | None, starts: date = date.min, ends: date = date.max
) -> TableRow:
    return TableRow(id_, ("USD", *cells), starts, ends)


def tax(
    order: int,
    *cells: str | None,
    starts: date = date.min,
    ends: date = date.max,
    service: str | None = None,
) -> TableRow:
    return TableRow(f"t{order}", (service, *cells), starts, ends, order)


def test_the_narrower_scope_holds_then_the_person_then_the_role() -> None:
    rows = [
        rate("card", None, None, None, None),
        rate("customer", None, "ADATUM", None, None),
        rate("role", None, "ADATUM", None, "dev"),
        rate("person", None, "ADATUM", "ann", None),
        rate("project", "P1", None, None, None),
        rate("other", None, None, None, "tester"),
        TableRow("euro", ("EUR", None, None, None, None), date.min, date.max),
    ]
    case = {
        "currency": "USD",
        "project": "P1",
        "customer": "ADATUM",
        "person": "ann",
        "role": "dev",
    }

    found = matching(RATES, rows, case, MAR)

    assert [rows[place].id for place in found] == [
        "project",
        "person",
        "role",
        "customer",
        "card",
    ]
    assert rank_of(RATES, rows[3]) == (1, False, True)


def test_a_row_with_the_flag_comes_before_narrower_ones_and_ties_with_its_like() -> (
    None
):
    shape = Shape(
        policy=HitPolicy.MOST_SPECIFIC, scopes=("line", "contract"), flag="blended"
    )
    rows = [
        TableRow("line", ("L", None, None), date.min, date.max),
        TableRow("blended", (None, "C", shape.cell("blended", "true")), MAR, date.max),
        TableRow("plain", (None, "C", shape.cell("blended", "false")), MAR, MAY),
        TableRow("again", (None, "C", "true"), MAY, date.max),
    ]

    found = matching(shape, rows, {"line": "L", "contract": "C"}, MAR)

    assert [rows[place].id for place in found] == ["blended", "line", "plain"]
    assert ties(shape, rows) == [(1, 3)]
    assert shape.cell("line", "") is None


def test_a_row_holds_from_its_first_day_until_the_day_before_its_end() -> None:
    rows = [TableRow("m", ("a",), MAR, MAY)]

    days = (date(2025, 2, 28), MAR, date(2025, 4, 30), MAY)

    assert [matching(KINDS, rows, {"id": "a"}, day) for day in days] == [
        [],
        [0],
        [0],
        [],
    ]


def test_of_rows_in_order_the_first_that_matches_holds() -> None:
    rows = [tax(2, None, None), tax(1, "DE", None), tax(3, "FR", None)]

    found = matching(TAX, rows, {"service": None, "seller": "DE", "buyer": "US"}, JAN)

    assert found == [1, 0]


def test_an_exact_column_matches_nothing_but_its_own_cell() -> None:
    shape = Shape(policy=HitPolicy.UNIQUE, exact=("service",))
    rows = [
        TableRow("a", ("books",), date.min, date.max),
        TableRow("b", (None,), date.min, date.max),
    ]

    assert matching(shape, rows, {"service": None}, JAN) == [1]
    assert matching(shape, rows, {"service": "books"}, JAN) == [0]


def test_an_empty_cell_matches_any_value_but_one_that_is_set_apart() -> None:
    rows = [tax(2, None, None), tax(1, None, None, service="training")]
    case = {"service": None, "seller": "DE", "buyer": "FR"}

    found = [
        matching(TAX, rows, case | {"service": service}, JAN)
        for service in (None, "books", "training", "intercompany")
    ]

    assert found == [[0], [0], [1, 0], []]


def test_of_rates_of_exchange_the_one_that_began_last_holds() -> None:
    rows = [TableRow("a", ("GBP",), JAN, date.max), TableRow("b", ("GBP",), MAR, MAY)]

    assert matching(FX, rows, {"pair": "GBP"}, MAR) == [1, 0]
    assert matching(FX, rows, {"pair": "GBP"}, MAY) == [0]


def test_equally_specific_rows_that_share_a_day_tie() -> None:
    rows = [
        rate("a", "P1", None, None, None, ends=MAY),
        rate("b", "P1", None, None, None, starts=MAR),
        rate("c", "P2", None, None, None),
        rate("d", "P1", None, None, "dev"),
    ]

    assert ties(RATES, rows) == [(0, 1)]


def test_rows_that_follow_each_other_do_not_tie() -> None:
    rows = [
        rate("a", "P1", None, None, None, ends=MAR),
        rate("b", "P1", None, None, None, starts=MAR),
    ]

    assert ties(RATES, rows) == []


def test_a_long_row_ties_with_every_row_it_outlasts() -> None:
    rows = [
        rate("long", None, None, None, None),
        rate("short", None, None, None, None, starts=JAN, ends=MAR),
        rate("late", None, None, None, None, starts=MAY),
    ]

    assert ties(RATES, rows) == [(0, 1), (0, 2)]


def test_rates_of_exchange_tie_only_where_they_begin_on_one_day() -> None:
    rows = [
        TableRow("a", ("GBP",), JAN, date.max),
        TableRow("b", ("GBP",), MAR, date.max),
        TableRow("c", ("GBP",), JAN, date.max),
    ]

    assert ties(FX, rows) == [(0, 2)]


def test_rows_of_one_order_tie_where_both_can_match() -> None:
    rows = [
        tax(1, "DE", None),
        tax(1, None, "FR"),
        tax(1, "US", "US"),
        tax(1, "DE", None, service="intercompany"),
        tax(2, None, None),
        tax(1, None, "FR", starts=MAY, ends=JUL),
        tax(1, "US", "US", service="training"),
    ]

    assert ties(TAX, rows) == [(0, 1), (0, 5), (1, 5), (2, 6)]


def test_one_id_on_one_day_for_different_cases_is_doubled() -> None:
    rows = [
        rate("a", "P1", None, None, None),
        rate("a", "P2", None, None, None),
        rate("b", "P3", None, None, None, ends=MAR),
        rate("b", "P4", None, None, None, starts=MAR),
        rate("c", "P5", None, None, None),
        rate("c", "P5", None, None, None),
    ]

    assert doubled(rows) == [(0, 1)]


def test_days_between_two_rows_of_a_key_that_none_covers_are_a_gap() -> None:
    rows = [
        rate("a", "P1", None, None, None, ends=JAN),
        rate("b", "P1", None, None, None, starts=MAY),
        rate("c", "P1", None, None, None, starts=MAR, ends=MAY),
        rate("d", "P2", None, None, None, starts=JUL),
    ]

    assert gaps(rows) == [Gap(0, 2, JAN, MAR)]


def test_days_that_a_longer_row_covers_are_no_gap() -> None:
    rows = [
        TableRow("a", ("GBP",), JAN, JUL),
        TableRow("b", ("GBP",), MAR, MAR.replace(day=15)),
        TableRow("c", ("GBP",), MAY, JUL),
    ]

    assert gaps(rows) == []


def test_a_gap_is_measured_from_the_row_that_lasted_longest() -> None:
    rows = [
        TableRow("a", ("GBP",), JAN, MAR),
        TableRow("b", ("GBP",), date(2025, 2, 1), MAY),
        TableRow("c", ("GBP",), JUL, date.max),
    ]

    assert gaps(rows) == [Gap(1, 2, MAY, JUL)]


def test_a_row_that_wider_rows_before_it_always_hide_is_unreachable() -> None:
    rows = [tax(1, "DE", None), tax(2, "DE", "FR"), tax(3, "US", "FR")]

    assert unreachable(TAX, rows) == [Unreachable(1, (0,))]


def test_rows_hide_another_together_only_if_they_cover_all_its_days() -> None:
    hidden = [
        tax(1, "DE", None, ends=MAR),
        tax(2, None, "FR", starts=MAR),
        tax(3, "DE", "FR"),
    ]
    free = [tax(1, "DE", None, ends=MAR), tax(3, "DE", "FR")]

    assert unreachable(TAX, hidden) == [Unreachable(2, (0, 1))]
    assert unreachable(TAX, free) == []


def test_a_row_for_another_service_hides_none() -> None:
    rows = [
        tax(1, None, None, service="training"),
        tax(2, "DE", "FR"),
        tax(3, "DE", "FR", service="intercompany"),
    ]

    assert unreachable(TAX, rows) == []


def test_a_row_of_no_service_hides_later_ones_for_a_service() -> None:
    rows = [tax(1, "DE", None), tax(2, "DE", None, service="training")]

    assert unreachable(TAX, rows) == [Unreachable(1, (0,))]


def test_only_a_table_in_order_has_rows_that_are_never_reached() -> None:
    rows = [rate("a", None, None, None, None), rate("b", "P1", None, None, None)]

    assert unreachable(RATES, rows) == []


def test_a_row_names_at_most_one_scope() -> None:
    both = rate("a", "P1", "ADATUM", None, None)

    assert scopes_named(RATES, both) == ["project", "customer"]
    assert scopes_named(RATES, rate("b", None, None, "ann", None)) == []
