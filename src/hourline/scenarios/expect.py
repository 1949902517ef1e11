"""Compare what a step expects with the books: what is named, and nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from hourline.kernel.codes import DocumentKind, Role
from hourline.kernel.money import currency_numbered, currency_of, major_units
from hourline.scenarios.books import Books, IssuedDocument, TimeAndAmount
from hourline.scenarios.format.expectations import (
    Expect,
    ExpectedCreditNote,
    ExpectedEntry,
    ExpectedException,
    ExpectedInvoice,
    HoursAndAmount,
    expected_portions,
)
from hourline.scenarios.format.figures import SECONDS_PER_HOUR, Figure

TimesBooked = Callable[[str], int]
# Seconds that are no multiple of this have no last digit as decimal hours.
_ENDLESS = 9
_THIRDS_DIGITS_MIN = 2
_SHOWN_DIGITS_MAX = 6
_ZERO = TimeAndAmount(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Hold one thing that is not as expected."""

    place: str
    expected: str
    found: str


def mismatches(
    expect: Expect, books: Books, *, times_booked: TimesBooked
) -> Iterator[Mismatch]:
    """Yield everything that is named and not so.

    Raises NotInTheBooks where the books have not got what is named at all.
    """
    yield from _balances(expect, books)
    yield from _dimensions(expect, books)
    yield from _departments(expect, books)
    yield from _groups(expect, books)
    yield from _entries(expect, books)
    yield from _invoices(expect, books)
    yield from _credit_notes(expect, books)
    yield from _draft(expect, books)
    yield from _open_to_bill(expect, books)
    yield from _exceptions(expect, books)
    yield from _dates(expect, books)
    yield from _rates(expect, books)
    yield from _effects(expect, books, times_booked)
    yield from _proofs(expect, books)


def _compared(place: str, expected: object, found: object) -> Iterator[Mismatch]:
    if expected != found:
        yield Mismatch(place, shown(expected), shown(found))


def _compared_time(
    place: str, expected: HoursAndAmount, found: TimeAndAmount
) -> Iterator[Mismatch]:
    hours, amount = expected
    if amount != found.amount or not _same_time(hours, found.seconds):
        yield Mismatch(place, shown(list(expected)), shown(found))


def _same_time(hours: Decimal, seconds: int) -> bool:
    """Compare exactly; thirds of an hour, which no decimal can say, to 2 digits up."""
    if hours * SECONDS_PER_HOUR == seconds:
        return True
    digits = -int(hours.as_tuple().exponent)
    endless = seconds % _ENDLESS != 0 and digits >= _THIRDS_DIGITS_MIN
    return endless and round(_hours(seconds), digits) == hours


def _hours(seconds: int) -> Decimal:
    return Decimal(seconds) / SECONDS_PER_HOUR


def shown(value: object) -> str:
    """Write a value as an author of scenarios would."""
    match value:
        case None:
            text = "none"
        case bool():
            text = str(value).lower()
        case Decimal():
            text = _digits(value)
        case TimeAndAmount(seconds=seconds, amount=amount):
            text = f"[{_digits(_hours(seconds))}, {_digits(amount)}]"
        case list():
            text = f"[{', '.join(shown(one) for one in value)}]"
        case dict():
            pairs = (f"{name}: {shown(one)}" for name, one in value.items())
            text = "{" + ", ".join(pairs) + "}"
        case _:
            text = str(value)
    return text


def _digits(figure: Decimal) -> str:
    text = f"{round(figure, _SHOWN_DIGITS_MAX):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _balances(expect: Expect, books: Books) -> Iterator[Mismatch]:
    yield from _balances_on(date.max, "balances", expect.balances or {}, books)
    for day, named in (expect.balances_on or {}).items():
        yield from _balances_on(day, f"balances_on.{day}", named, books)


def _balances_on(
    day: date, place: str, named: Mapping[str, Mapping[str, Figure]], books: Books
) -> Iterator[Mismatch]:
    for entity, roles in named.items():
        moved = books.balances(entity, until=day)
        yield from _roles(f"{place}.{entity}", roles, moved)


def _roles(
    place: str, named: Mapping[str, Figure], moved: Mapping[Role, Decimal]
) -> Iterator[Mismatch]:
    for name, expected in named.items():
        found = moved.get(Role[name.upper()], Decimal(0))
        yield from _compared(f"{place}.{name}", expected, found)


def _dimensions(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for entity, dimensions in (expect.balances_by or {}).items():
        found = books.balances_by(entity)
        for dimension, named in dimensions.items():
            for value, roles in named.items():
                moved = found.get((dimension, value), {})
                place = f"balances_by.{entity}.{dimension}.{value}"
                yield from _roles(place, roles, moved)


def _departments(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for entity, named in (expect.departments or {}).items():
        found = books.departments(entity)
        for department, expected in named.items():
            net = found.get(department, Decimal(0))
            yield from _compared(f"departments.{entity}.{department}", expected, net)


def _groups(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for group, days in (expect.group_balances or {}).items():
        for day, expected in days.items():
            found = books.group_balances(group, day)
            place = f"group_balances.{group}.{day}"
            for entity, named in (expected.entities or {}).items():
                have = found.entities.get(entity, {})
                yield from _figures(f"{place}.entities.{entity}", named, have)
            for entity, named in (expected.eliminated or {}).items():
                have = found.eliminated.get(entity, {})
                yield from _figures(f"{place}.eliminated.{entity}", named, have)
            yield from _figures(f"{place}.total", expected.total or {}, found.total)


def _figures(
    place: str, named: Mapping[str, Figure], found: Mapping[str, Decimal]
) -> Iterator[Mismatch]:
    for name, expected in named.items():
        have = found.get(name, Decimal(0))
        yield from _compared(f"{place}.{name}", expected, have)


def _entries(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for source_id, expected in (expect.entries or {}).items():
        yield from _entry(source_id, expected, books)


def _entry(source_id: str, expected: ExpectedEntry, books: Books) -> Iterator[Mismatch]:
    entry = books.entry(source_id)
    place = f"entries.{source_id}"
    if expected.state is not None:
        yield from _compared(f"{place}.state", expected.state, books.state(entry))
    portions = books.portions(entry)
    for fate, named in expected_portions(expected).items():
        found = portions.get(fate, _ZERO)
        yield from _compared_time(f"{place}.{fate.name.lower()}", named, found)


def _invoices(expect: Expect, books: Books) -> Iterator[Mismatch]:
    if expect.invoice is None and expect.invoices is None:
        return
    issued = books.documents(DocumentKind.INVOICE)
    if expect.invoices is not None:
        live = [one for one in issued if not one.credited_in_full]
        yield from _compared("invoices", expect.invoices, len(live))
    if expect.invoice is not None:
        yield from _last_document("invoice", expect.invoice, issued, books)


def _credit_notes(expect: Expect, books: Books) -> Iterator[Mismatch]:
    if expect.credit_note is None and expect.credit_notes is None:
        return
    issued = books.documents(DocumentKind.CREDIT_NOTE)
    if expect.credit_notes is not None:
        yield from _compared("credit_notes", expect.credit_notes, len(issued))
    if expect.credit_note is not None:
        yield from _last_document("credit_note", expect.credit_note, issued, books)


def _last_document(
    place: str,
    expected: ExpectedInvoice | ExpectedCreditNote,
    issued: Sequence[IssuedDocument],
    books: Books,
) -> Iterator[Mismatch]:
    if not issued:
        yield Mismatch(place, "one that is issued", "none")
        return
    last = issued[-1]
    currency = currency_numbered(last.currency)
    found: dict[str, object] = {
        "contract": books.contract_id(last.contract_no),
        "net": major_units(last.net, currency),
        "tax": major_units(last.tax, currency),
        "total": major_units(last.total, currency),
        "lines": last.lines,
    }
    if isinstance(expected, ExpectedInvoice) and expected.due is not None:
        found["due"] = books.due(last)
    if isinstance(expected, ExpectedInvoice) and expected.retained is not None:
        found["retained"] = books.retained(last)
    if isinstance(expected, ExpectedInvoice) and expected.purchase_order is not None:
        found["purchase_order"] = books.purchase_order(last)
    yield from _named_fields(place, expected, found)


def _named_fields(
    place: str, expected: msgspec.Struct, found: dict[str, object]
) -> Iterator[Mismatch]:
    for name, value in msgspec.structs.asdict(expected).items():
        if value is not None:
            yield from _compared(f"{place}.{name}", value, found[name])


def _draft(expect: Expect, books: Books) -> Iterator[Mismatch]:
    if expect.draft is None:
        return
    draft = books.draft(expect.draft.contract)
    if draft is None:
        yield Mismatch("draft", f"one of {expect.draft.contract} that is open", "none")
        return
    currency = currency_of(draft.currency)
    found: dict[str, object] = {
        "contract": expect.draft.contract,
        "net": major_units(draft.net, currency),
        "tax": major_units(draft.tax, currency),
        "total": major_units(draft.total, currency),
        "lines": draft.works,
    }
    yield from _named_fields("draft", expect.draft, found)


def _open_to_bill(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for contract, named in (expect.open_to_bill or {}).items():
        found = books.open_to_bill(contract)
        yield from _compared_time(f"open_to_bill.{contract}", named, found)


def _exceptions(expect: Expect, books: Books) -> Iterator[Mismatch]:
    if expect.exceptions is None:
        return
    expected = [_named(one) for one in expect.exceptions]
    found = books.exceptions()
    if len(expected) != len(found) or not _all_paired(expected, found):
        yield Mismatch("exceptions", shown(expected), shown(found))


def _named(expected: ExpectedException) -> dict[str, str]:
    fields = msgspec.structs.asdict(expected)
    return {name: value for name, value in fields.items() if value is not None}


def _all_paired(
    expected: Sequence[dict[str, str]], found: Sequence[dict[str, str | None]]
) -> bool:
    """Tell whether each expected one can have a found one of its own that fits."""
    taken_by: dict[int, int] = {}

    def take(wanted: int, tried: set[int]) -> bool:
        for position, item in enumerate(found):
            if position in tried or not expected[wanted].items() <= item.items():
                continue
            tried.add(position)
            if position not in taken_by or take(taken_by[position], tried):
                taken_by[position] = wanted
                return True
        return False

    return all(take(wanted, set()) for wanted in range(len(expected)))


def _dates(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for source_id, expected in (expect.accounting_date or {}).items():
        found = books.entry(source_id).accounting_date
        yield from _compared(f"accounting_date.{source_id}", expected, found)
    if expect.late is not None:
        yield from _compared("late", sorted(expect.late), sorted(books.late_entries()))


def _rates(expect: Expect, books: Books) -> Iterator[Mismatch]:
    for source_id, expected in (expect.rate or {}).items():
        found = books.bill_rate(books.entry(source_id))
        yield from _compared(f"rate.{source_id}", expected, found)


def _effects(
    expect: Expect, books: Books, times_booked: TimesBooked
) -> Iterator[Mismatch]:
    for source_id, expected in (expect.effects or {}).items():
        booked = books.effects(books.entry(source_id))
        for name, count in expected.items():
            found = sum(times_booked(number) for number in booked[name])
            yield from _compared(f"effects.{source_id}.{name}", count, found)


def _proofs(expect: Expect, books: Books) -> Iterator[Mismatch]:
    if expect.journals_balance is not None:
        found = books.is_balanced()
        yield from _compared("journals_balance", expect.journals_balance, found)
    if expect.unreconciled is not None:
        differing = books.unreconciled()
        if len(differing) != expect.unreconciled:
            found_text = f"{len(differing)}: {'; '.join(differing)}"
            yield Mismatch("unreconciled", str(expect.unreconciled), found_text)
