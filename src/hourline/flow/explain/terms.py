"""Explain what the contract line does to a price: by cost, discount and fee."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from hourline.decide.model import Case, PortionColumns
from hourline.decide.rules.cost_plus import is_cost_plus
from hourline.decide.rules.hand_price import is_by_hand
from hourline.flow.explain.exchange import exchange_on
from hourline.flow.explain.model import Check, Step, exactly, percent
from hourline.kernel.codes import Fate
from hourline.kernel.columns import NOTHING
from hourline.kernel.effective import day_of
from hourline.kernel.money import round_fraction
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE
from hourline.master.model import ContractLine
from hourline.master.snapshot import Snapshot

_WHOLE = 100


def is_by_cost(case: Case, snapshot: Snapshot) -> bool:
    """Say whether an hour is sold by what it costs, so that no rate row is asked."""
    if len(case.batch.entries.expenses) or is_by_hand(case.batch.entries.price)[0]:
        return False
    return bool(is_cost_plus(case.masters, snapshot)[0])


def cost_plus_step(case: Case, portions: PortionColumns, snapshot: Snapshot) -> Step:
    """Explain a price by cost: rate, exchange, percentage, factor, discount and fee."""
    row = int(case.found.cost_rate[0])
    if row == NOTHING:
        told = "The price is by cost, and the person has no cost rate that day."
        return Step(about="price by cost", sentences=[told])
    if int(case.found.cost_plus.source[0]) != NOTHING:
        told = "The price is by cost, which cannot be translated on the work date."
        return Step(about="price by cost", sentences=[told])
    line = _line(case, snapshot)
    span = snapshot.catalogue.cost_rates.spans[row]
    id_ = snapshot.catalogue.cost_rates.id_of(span)
    plus = line.cost_plus_percent or Decimal(0)
    tables, currency = snapshot.columns, int(case.masters.currency[0])
    source = int(tables.entities.currency[case.masters.employer_row[0]])
    decimals = int(tables.entities.decimals[case.masters.employer_row[0]])
    exchange = snapshot.minor_fx(source, currency, day_of(int(case.batch.day[0])))
    own = Fraction(span.content.rate) * 10**decimals
    exact = own * exchange * (1 + Fraction(plus) / _WHOLE)
    exact *= _bill_factor(case, snapshot) * _terms_factor(line)
    price = Fraction(round_fraction(exact * PRICE_SCALE), PRICE_SCALE)
    terms = [f"the cost rate {id_} of {exactly(own, source)} an hour"]
    if source != currency:
        day = day_of(int(case.batch.day[0]))
        rate = exchange_on(snapshot, source, currency, day)
        by = "" if rate is None else f" at {rate.said()}"
        terms.append(f"which is {exactly(own * exchange, currency)}{by}")
    terms.append(f"plus {percent(Fraction(plus))} %")
    terms += _factors(_bill_factor(case, snapshot), line)
    return Step(
        about="price by cost",
        sentences=[
            (
                f"No rate row is asked: an hour is sold by {', '.join(terms)}, so for"
                f" {exactly(price, currency)}."
            )
        ],
        figures={
            "row": id_,
            "cost_plus_percent": plus,
            "exact_minor_units": str(exact),
            "price_minor_units": str(price),
        },
        checks=list(_prices(portions, price, currency)),
    )


def terms_step(case: Case, portions: PortionColumns, snapshot: Snapshot) -> Step | None:
    """Explain discount and fee of the line; None where it has neither, or no rate."""
    line, row = _line(case, snapshot), int(case.found.bill_rate[0])
    factor, currency = _terms_factor(line), int(case.masters.currency[0])
    if factor == 1 or len(case.batch.entries.expenses):
        return None
    if is_by_hand(case.batch.entries.price)[0]:
        told = "The price is set by hand, so the line's discount and fee leave it."
        return Step(about="discount and fee", sentences=[told])
    if row == NOTHING:
        return None
    card = snapshot.columns.bill_rates
    listed = Fraction(
        int(card.amount[row]) * HOUR_SECONDS, int(card.seconds[row]) * PRICE_SCALE
    )
    price = listed * _bill_factor(case, snapshot) * factor
    told = ", ".join(_factors(_bill_factor(case, snapshot), line))
    return Step(
        about="discount and fee",
        sentences=[
            (
                f"{exactly(listed, currency)} an hour, {told}, are exactly"
                f" {exactly(price, currency)}; nothing is rounded here."
            )
        ],
        figures={
            "discount_percent": line.discount_percent,
            "fee_percent": line.fee_percent,
            "factor": factor,
            "price_minor_units": str(price),
        },
        checks=list(_prices(portions, price, currency)),
    )


def _line(case: Case, snapshot: Snapshot) -> ContractLine:
    return snapshot.catalogue.lines.spans[int(case.masters.line_row[0])].content


def is_blended(case: Case, snapshot: Snapshot) -> bool:
    """Say whether an hour is sold at a rate that knows no hour type's factor."""
    return bool(snapshot.columns.bill_rates.blended[case.found.bill_rate[0]])


def _bill_factor(case: Case, snapshot: Snapshot) -> Fraction:
    if is_blended(case, snapshot):
        return Fraction(1)
    types, row = snapshot.columns.hour_types, int(case.masters.hour_type_row[0])
    return Fraction(int(types.bill_numerator[row]), int(types.bill_denominator[row]))


def _terms_factor(line: ContractLine) -> Fraction:
    less, more = Fraction(line.discount_percent), Fraction(line.fee_percent)
    return (1 - less / _WHOLE) * (1 + more / _WHOLE)


def _factors(bill_factor: Fraction, line: ContractLine) -> list[str]:
    told = [f"times {percent(bill_factor)} for the hour type"] * (bill_factor != 1)
    if line.discount_percent:
        told.append(
            f"less the discount of {percent(Fraction(line.discount_percent))} %"
        )
    if line.fee_percent:
        told.append(f"plus the fee of {percent(Fraction(line.fee_percent))} %")
    return told


def _prices(
    portions: PortionColumns, price: Fraction, currency: int
) -> Iterator[Check]:
    """Yield the price of each portion that is at the rate, as the kernel has it."""
    for row, fate in enumerate(portions.fate.tolist()):
        if fate == Fate.COVERED or not int(portions.rate_seconds[row]):
            continue
        kept = Fraction(
            int(portions.rate_amount[row]) * HOUR_SECONDS,
            int(portions.rate_seconds[row]) * PRICE_SCALE,
        )
        yield Check(
            figure=f"price of an hour of portion {int(portions.part[row])}",
            recomputed=exactly(price, currency),
            stored=exactly(kept, currency),
        )
