"""A rate that escalates is written as one row only where that is read as it stands."""

from dataclasses import replace
from datetime import date

from hourline.master.rulebook.columns import columns_of, text_of
from hourline.master.rulebook.escalating import as_agreed, by_year
from hourline.master.rulebook.model import RuleRow
from hourline.master.rulebook.tables import BILL_RATES


def row(rate: str, percent: str = "") -> RuleRow:
    cells = {
        name: text_of(column.default) for name, column in columns_of(BILL_RATES).items()
    }
    cells |= {"currency": "USD", "rate": rate, "escalation_percent": percent}
    return RuleRow(
        "bill_rates", "card", date(2024, 1, 1), date.max, tuple(cells.items())
    )


def test_thirty_years_are_one_row_and_the_last_of_them_does_not_go_on() -> None:
    rows = by_year(row("100", "3"))

    (agreed,) = as_agreed(rows)

    # 100 times 1.03 to the 29th is 235.6565...
    assert (len(rows), rows[-1].cell("rate")) == (30, "235.66")
    assert (rows[28].cell("escalation_every"), rows[29].cell("escalation_every")) == (
        "year",
        "",
    )
    assert (agreed.starts, agreed.ends) == (date(2024, 1, 1), date.max)
    assert (agreed.cell("rate"), agreed.cell("escalation_percent")) == ("100", "3")
    assert by_year(agreed) == rows


def test_years_that_begin_later_are_written_as_rows_that_read_the_same() -> None:
    later = by_year(row("100", "3"))[10:]

    written = as_agreed(later)

    read = [one for each in written for one in by_year(each)]
    assert [(one.starts, one.cell("rate")) for one in read] == [
        (one.starts, one.cell("rate")) for one in later
    ]


def test_a_rate_too_small_to_change_every_year_keeps_its_rates() -> None:
    # 0.10 at 1 % is 0.10 for five years, then 0.11 for ten more.
    first, second = by_year(row("0.1", "1"))[0], by_year(row("0.1", "1"))[5]
    joined = [
        replace(first, ends=second.starts),
        replace(second, ends=date(2038, 1, 1)),
    ]

    (whole,) = as_agreed(joined)
    (alone,) = as_agreed(joined[1:])

    assert (whole.cell("rate"), whole.ends) == ("0.1", date(2038, 1, 1))
    assert (alone.cell("rate"), alone.cell("escalation_percent")) == ("0.11", "")


def test_rows_that_do_not_escalate_are_written_as_they_stand() -> None:
    plain = row("100")

    assert as_agreed([plain]) == by_year(plain) == [plain]
