"""Value one expense the slow and obvious way: its cost, its worth, what it lacks."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import floor

from hourline.kernel.codes import Fate
from tests.entries import Entry
from tests.oracle.findings import Terms, exchange, tax_rule
from tests.oracle.known import Known

_MILLION = 1_000_000
_BOOKABLE_MAX = 2**62


@dataclass(frozen=True)
class Value:
    """Hold what an expense costs the entity and is worth to the customer, exactly.

    `paid` is the cost with its tax, `input_tax` what of it comes back.
    """

    paid: Fraction
    input_tax: Fraction
    worth: Fraction


def fate_of_expense(entry: Entry, terms: Terms) -> Fate:
    """Return the one fate an expense has as a whole."""
    project, method = terms.project.record, terms.line.record.method
    if not project.billable or method == "non_billable":
        return Fate.NON_BILLABLE
    if method in {"fixed_price", "retainer", "recurring"}:
        return Fate.COVERED
    stated = [one for one in project.activities if one.id == entry.activity]
    if entry.activity is None or not project.activities:
        return Fate.BILLABLE
    billable = any(activity.billable for activity in stated)
    return Fate.BILLABLE if billable else Fate.NON_BILLABLE


def is_sold(entry: Entry, terms: Terms) -> bool:
    """Say whether something of an expense is to be billed."""
    worth = net_of(entry) > 0 and entry.markup_ppm > -_MILLION
    return worth and fate_of_expense(entry, terms) == Fate.BILLABLE


def net_of(entry: Entry) -> int:
    """Return what was paid without the tax that comes back."""
    return (entry.cost or 0) - entry.recoverable_tax


def recovery_of(
    known: Known, entry: Entry, terms: Terms | None
) -> tuple[int, int] | None:
    """Return which tax row says how much of the tax comes back, and the millionths."""
    if terms is None or not entry.by_rule or not entry.tax:
        return None
    found = tax_rule(known, terms, entry.work_date)
    if found is None or found.record.recoverable_percent is None:
        return None
    return found.no, int(found.record.recoverable_percent * 10_000)


def with_recovered_tax(entry: Entry, recovery: tuple[int, int] | None) -> Entry:
    """Return an expense as if its source had said how much of its tax comes back."""
    if recovery is None:
        return entry
    tax = floor(Fraction(entry.tax * recovery[1], _MILLION) + Fraction(1, 2))
    return replace(entry, tax=tax, recovery_stated=True)


def value(known: Known, entry: Entry, terms: Terms) -> Value:
    """Return cost and worth; 0 where there is no rate of exchange."""
    cost, day = entry.cost or 0, entry.work_date
    books = (entry.cost_currency, terms.entity.record.currency)
    priced = (entry.cost_currency, terms.currency)
    net = Fraction(net_of(entry))
    marked_up = net + net * entry.markup_ppm / _MILLION
    into_books = exchange(known, books, day) or Fraction(0)
    return Value(
        cost * into_books,
        entry.recoverable_tax * into_books,
        marked_up * (exchange(known, priced, day) or Fraction(0)),
    )


def lacks_exchange(
    known: Known, entry: Entry, terms: Terms, booked_on: date | None
) -> bool:
    """Say whether an expense cannot be translated where it must be."""
    books, day = terms.entity.record.currency, entry.work_date
    net = Fraction(net_of(entry))
    marked_up = net + net * entry.markup_ppm / _MILLION
    needed = [(Fraction(entry.cost or 0), entry.cost_currency, books, day)]
    if is_sold(entry, terms):
        needed.append((marked_up, entry.cost_currency, terms.currency, day))
        if terms.line.record.accrue and booked_on:
            worth = marked_up * (
                exchange(known, (entry.cost_currency, terms.currency), day) or 0
            )
            needed.append((worth, terms.currency, books, booked_on))
    return any(
        _is_beyond(amount, exchange(known, (source, target), on))
        for amount, source, target, on in needed
    )


def _is_beyond(amount: Fraction, rate: Fraction | None) -> bool:
    """Say whether there is no rate, or more comes of it than books can hold."""
    return rate is None or amount * rate > _BOOKABLE_MAX
