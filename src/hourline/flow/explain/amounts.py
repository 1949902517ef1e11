"""Tell an amount four times: transaction, contract, entity's books and group.

The first three are stored facts, each with the rate that leads to it. A group keeps no
books: its amount is derived from the entity's, by the rate of the accounting date as it
was known when the figure was decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hourline.flow.explain.exchange import Exchange, RateType, exchange_on, lacks
from hourline.flow.explain.model import Check, Step, money, percent
from hourline.kernel.money import Rounding, currency_numbered, round_fraction
from hourline.master.snapshot import (
    GroupInForce,
    GroupNotKnown,
    RecordNotKnown,
    Snapshot,
    group_in_force,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksRate:
    """Hold the rate that leads from the contract's currency to the books'.

    None where none was known. `why` says of what else than the amount's own day it is.
    Where the amount is made of parts at several rates it is `carried`.
    """

    exchange: Exchange | None
    rate_type: RateType = RateType.TRANSACTION
    why: str = ""
    is_proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Hold an amount in minor units of the currencies it is stated in.

    `transaction` is an amount and its currency, and `priced` the rate from it to the
    contract's. `entity` is what is in the books, None where nothing is booked of it;
    the `books_rate` leads there. `booked_on` is its accounting date.
    """

    of: str
    transaction: tuple[int, int]
    priced: Exchange | None
    contract: int
    currency: int
    entity_no: int
    entity: int | None
    booked_on: date
    books_rate: BooksRate


def amounts_step(told: Amounts, snapshot: Snapshot, rounding: Rounding) -> Step:
    """Tell the four amounts with their rates, and prove what was translated whole.

    `snapshot` has the rates known when it was decided or billed.
    """
    rows: list[dict[str, object]] = []
    sentences: list[str] = []
    for sentence, figures in _told(told, snapshot, rounding):
        sentences.append(sentence)
        rows.append(figures)
    return Step(
        about=f"amounts of {told.of}",
        sentences=sentences,
        figures={"of": told.of, "amounts": rows},
        checks=list(_checks(told, snapshot, rounding)),
    )


def _told(
    told: Amounts, snapshot: Snapshot, rounding: Rounding
) -> Iterator[tuple[str, dict[str, object]]]:
    amount, currency = told.transaction
    yield (
        f"Transaction: {money(amount, currency)}.",
        _figures("transaction", amount, currency, None),
    )
    yield _contract(told)
    books = snapshot.entity(told.entity_no, on=told.booked_on)
    in_books = _in_books(told, rounding)
    yield _entity(told, books.id, (in_books, books.currency))
    group = _group(snapshot, told)
    if group is not None:
        yield _of_group(told, group, (in_books, books.currency), snapshot)


def _contract(told: Amounts) -> tuple[str, dict[str, object]]:
    rate = told.priced
    how = "" if rate is None or rate.row is None else f", at {rate.said()}"
    return (
        f"Contract: {money(told.contract, told.currency)}{how}.",
        {
            **_figures("contract", told.contract, told.currency, rate),
            "of": None,
        },
    )


def _in_books(told: Amounts, rounding: Rounding) -> int | None:
    exchange = told.books_rate.exchange
    if told.entity is not None or exchange is None:
        return told.entity
    return round_fraction(told.contract * exchange.minor_rate, rounding)


def _entity(
    told: Amounts, name: str, books: tuple[int | None, int]
) -> tuple[str, dict[str, object]]:
    (amount, currency), rate = books, told.books_rate
    figures = {
        **_figures("entity", amount, currency, rate.exchange, rate_type=rate.rate_type),
        "of": name,
        "derived": told.entity is None,
    }
    if amount is None:
        lacking = lacks(told.currency, currency, told.booked_on)
        return f"Books of {name}: nothing is booked, and {lacking}.", figures
    said = f"Books of {name}: {money(amount, currency)}"
    if told.entity is None:
        said += ", not booked but derived"
    return f"{said}{_rated(told, (amount, currency), figures)}.", figures


def _rated(told: Amounts, books: tuple[int, int], figures: dict[str, object]) -> str:
    """Say the rate of the books; of one made of several also the rate in sum."""
    rate = told.books_rate
    if rate.exchange is None or rate.exchange.row is None:
        return ""
    if rate.rate_type is not RateType.CARRIED or not told.contract:
        return f", at {rate.why}{rate.exchange.said(rate.rate_type)}"
    decimals = [currency_numbered(one).decimals for one in (told.currency, books[1])]
    in_sum = Fraction(books[0], told.contract) * Fraction(10) ** (
        decimals[0] - decimals[1]
    )
    figures |= {"rate": percent(in_sum), "rate_date": None, "rate_row": None}
    return (
        f", at {percent(in_sum)} in sum: {rate.why}{rate.exchange.said()} for the rest"
    )


def _of_group(
    told: Amounts, group: GroupInForce, books: tuple[int | None, int], known: Snapshot
) -> tuple[str, dict[str, object]]:
    in_books, currency = books
    own = group.currency.number
    exchange = exchange_on(known, currency, own, told.booked_on)
    amount = None
    if in_books is not None and exchange is not None:
        amount = round_fraction(in_books * exchange.minor_rate, group.rounding)
    figures = {
        **_figures("group", amount, own, exchange),
        "of": group.id,
        "derived": True,
    }
    if amount is None:
        lacking = lacks(currency, own, told.booked_on)
        return f"Group {group.id}: no amount, as {lacking}.", figures
    how = (
        f"at {exchange.said()}"
        if exchange is not None and exchange.row is not None
        else "in the currency of the books"
    )
    return (
        f"Group {group.id}: {money(amount, own)}, not stored but derived, {how}.",
        figures,
    )


def _figures(
    level: str,
    amount: int | None,
    currency: int,
    exchange: Exchange | None,
    *,
    rate_type: RateType = RateType.TRANSACTION,
) -> dict[str, object]:
    rate: dict[str, object] = {
        "rate": None,
        "rate_date": None,
        "rate_type": str(RateType.NONE),
        "rate_row": None,
        "inverse": False,
    }
    if exchange is not None:
        rate = exchange.figures(rate_type)
    return {
        "level": level,
        "of": None,
        "amount": amount,
        "currency": currency_numbered(currency).code,
        **rate,
        "derived": False,
    }


def _group(known: Snapshot, told: Amounts) -> GroupInForce | None:
    try:
        name = known.entity(told.entity_no, on=told.booked_on).content.group
        if name is None:
            return None
        return group_in_force(known, name, told.booked_on)
    except (GroupNotKnown, RecordNotKnown):
        return None


def _checks(told: Amounts, snapshot: Snapshot, rounding: Rounding) -> Iterator[Check]:
    """Yield the amount in the books anew, where it was translated whole."""
    rate = told.books_rate
    if told.entity is None or rate.exchange is None or not rate.is_proven:
        return
    books = snapshot.entity(told.entity_no, on=told.booked_on).currency
    exact = Fraction(told.contract) * rate.exchange.minor_rate
    yield Check(
        figure=f"{told.of} in the books",
        recomputed=money(round_fraction(exact, rounding), books),
        stored=money(told.entity, books),
    )
