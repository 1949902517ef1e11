"""Rule: a group adds up the books of its entities in one currency, less what is inside.

Income, expense and equity are translated at the rate of each accounting date, assets
and liabilities at the rate of the day of the report. So an entity's translated balances
no longer sum to zero; what they lack is its translation difference. What two entities
invoiced each other is taken out by what each side booked; what that leaves over is
explicit too: the sides were translated at other rates, or one is not booked yet.

A figure is what an entity has on a role, apart by the other entity of the group that it
is against. It is rounded once; of its lines, by date, each takes the running total a
step on, so that they add up to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hourline.kernel.codes import Role
from hourline.kernel.money import Rounding, round_fraction
from hourline.proof.rules.plain_text_books import KIND_OF

# Each side of what entities invoice each other: the lender's role, then the borrower's.
RESULT = (Role.IC_REVENUE, Role.IC_COST)
BALANCE = (Role.IC_RECEIVABLE, Role.IC_PAYABLE)
ELIMINATED = (*RESULT, *BALANCE)
_LENDERS = frozenset({Role.IC_REVENUE, Role.IC_RECEIVABLE})
_AT_CLOSING = frozenset({"Assets", "Liabilities"})


class RateType(StrEnum):
    """Name which day's rate an amount is translated at."""

    TRANSACTION = "transaction"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedSum:
    """Hold what an entity booked on a role on a day; debit is above zero.

    `amount` is in minor units of its own currency. Of what another entity of the group
    is `against`, also the amount in minor units of the document's currency.
    """

    entity: str
    currency: int
    role: int
    day: date
    amount: int
    against: str | None = None
    document_currency: int | None = None
    document_amount: int = 0


@dataclass(frozen=True, slots=True)
class TranslatedLine:
    """Hold an amount of an entity's books in the group's currency, and at what rate.

    `rate` is of minor units; both amounts are minor units, debit above zero.
    """

    entity: str
    role: Role
    against: str | None
    currency: int
    amount: int
    rate: Fraction
    rate_date: date
    rate_type: RateType
    group_amount: int


@dataclass(frozen=True, slots=True)
class GroupElimination:
    """Hold one side of what is taken out, in the document's and the group's currency.

    It is what the entity has on the role against the other, with the sign turned.
    """

    entity: str
    against: str
    role: Role
    document_currency: int
    document_amount: int
    group_amount: int


@dataclass(frozen=True, slots=True)
class EliminationDifference:
    """Hold what the two sides of a pair leave over, so that what is taken out balances.

    Where `unmatched`, in the document's currency, is zero it comes of rates alone; else
    one side is booked through the day and the other one is not. `role` is the lender's.
    """

    lender: str
    borrower: str
    role: Role
    document_currency: int
    unmatched: int
    group_amount: int


@dataclass(frozen=True, slots=True)
class GroupBalances:
    """Hold translated balances, differences by entity, and what is eliminated.

    Amounts are minor units of the group's currency; all of it together is zero.
    """

    lines: tuple[TranslatedLine, ...]
    translation_differences: Mapping[str, int]
    eliminations: tuple[GroupElimination, ...]
    elimination_differences: tuple[EliminationDifference, ...]

    def balances(self) -> dict[str, dict[Role, int]]:
        """Return the translated balance of each entity and role, before elimination."""
        found: dict[str, dict[Role, int]] = {}
        for line in self.lines:
            roles = found.setdefault(line.entity, {})
            roles[line.role] = roles.get(line.role, 0) + line.group_amount
        return found

    def totals(self) -> dict[Role, int]:
        """Return what each role of the group stands at, after elimination."""
        found: dict[Role, int] = defaultdict(int)
        for line in self.lines:
            found[line.role] += line.group_amount
        for one in self.eliminations:
            found[one.role] += one.group_amount
        return dict(found)

    @property
    def translation_difference(self) -> int:
        """Return the translation difference of all entities."""
        return sum(self.translation_differences.values())

    @property
    def elimination_difference(self) -> int:
        """Return what all eliminations leave over."""
        return sum(one.group_amount for one in self.elimination_differences)


@dataclass(frozen=True, slots=True)
class _Figure:
    entity: str
    currency: int
    role: Role
    against: str | None
    document_currency: int | None


_ByDay = dict[date, int]


def rates_needed(sums: Iterable[BookedSum], through: date) -> set[tuple[int, date]]:
    """Return the currencies and days whose rates a translation through a day needs."""
    return {
        (figure.currency, day)
        for figure, by_day in _figures(sums, through).items()
        for day in by_day
    }


def translate_group(
    sums: Iterable[BookedSum],
    rates: Mapping[tuple[int, date], Fraction],
    *,
    through: date,
    rounding: Rounding,
) -> GroupBalances:
    """Translate what entities booked through a day, and take out what is inside.

    `rates` give minor units of the group for one of a currency on a day; each that
    `rates_needed` names has to be there.
    """
    booked = list(sums)
    translated = {
        figure: tuple(_lines(figure, by_day, rates, rounding))
        for figure, by_day in _figures(booked, through).items()
    }
    differences: dict[str, int] = defaultdict(int)
    for figure, lines in translated.items():
        differences[figure.entity] -= _total(lines)
    eliminations = tuple(_eliminations(booked, translated))
    return GroupBalances(
        tuple(line for lines in translated.values() for line in lines),
        dict(differences),
        eliminations,
        tuple(_differences(eliminations)),
    )


def _rate_type(role: Role) -> RateType:
    at_closing = KIND_OF[role] in _AT_CLOSING
    return RateType.CLOSING if at_closing else RateType.TRANSACTION


def _figure(one: BookedSum) -> _Figure:
    role = Role(one.role)
    return _Figure(one.entity, one.currency, role, one.against, one.document_currency)


def _figures(sums: Iterable[BookedSum], through: date) -> dict[_Figure, _ByDay]:
    """Return the amount of each figure by the day whose rate counts, without zeros."""
    found: dict[_Figure, _ByDay] = {}
    for one in sums:
        closing = _rate_type(Role(one.role)) is RateType.CLOSING
        by_day = found.setdefault(_figure(one), {})
        day = through if closing else one.day
        by_day[day] = by_day.get(day, 0) + one.amount
    return {
        figure: {day: amount for day, amount in sorted(by_day.items()) if amount}
        for figure, by_day in found.items()
    }


def _lines(
    figure: _Figure,
    by_day: _ByDay,
    rates: Mapping[tuple[int, date], Fraction],
    rounding: Rounding,
) -> Iterator[TranslatedLine]:
    exact, before = Fraction(0), 0
    for day, amount in by_day.items():
        rate = rates[figure.currency, day]
        exact += amount * rate
        total = round_fraction(exact, rounding)
        yield TranslatedLine(
            entity=figure.entity,
            role=figure.role,
            against=figure.against,
            currency=figure.currency,
            amount=amount,
            rate=rate,
            rate_date=day,
            rate_type=_rate_type(figure.role),
            group_amount=total - before,
        )
        before = total


def _total(lines: Iterable[TranslatedLine]) -> int:
    return sum(line.group_amount for line in lines)


def _eliminations(
    sums: Iterable[BookedSum], translated: Mapping[_Figure, tuple[TranslatedLine, ...]]
) -> Iterator[GroupElimination]:
    documents: dict[_Figure, int] = defaultdict(int)
    for one in sums:
        documents[_figure(one)] += one.document_amount
    for figure, lines in translated.items():
        if figure.against is None or figure.document_currency is None:
            continue
        document_amount, group_amount = -documents[figure], -_total(lines)
        if document_amount or group_amount:
            yield GroupElimination(
                figure.entity,
                figure.against,
                figure.role,
                figure.document_currency,
                document_amount,
                group_amount,
            )


def _differences(
    eliminations: Iterable[GroupElimination],
) -> Iterator[EliminationDifference]:
    sides: dict[tuple[str, str, Role, int], list[GroupElimination]] = {}
    for one in eliminations:
        lends = one.role in _LENDERS
        pair = (one.entity, one.against) if lends else (one.against, one.entity)
        role = Role.IC_REVENUE if one.role in RESULT else Role.IC_RECEIVABLE
        sides.setdefault((*pair, role, one.document_currency), []).append(one)
    for (lender, borrower, role, currency), both in sorted(sides.items()):
        unmatched = -sum(one.document_amount for one in both)
        left = -sum(one.group_amount for one in both)
        if unmatched or left:
            yield EliminationDifference(
                lender, borrower, role, currency, unmatched, left
            )
