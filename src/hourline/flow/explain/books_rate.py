"""Find the rate that a document's line is in the books at, also what paid it before."""

from datetime import date

from hourline.flow.explain.amounts import BooksRate
from hourline.flow.explain.billed_line import BilledLine
from hourline.flow.explain.exchange import Exchange, RateType, exchange_on
from hourline.flow.explain.model import RulesAt
from hourline.kernel.money import Rounding, round_fraction


def books_rate(line: BilledLine, rules: RulesAt, rounding: Rounding) -> BooksRate:
    """Return the rate of a line: its own day's, or that of what it takes back.

    What a retainer pays has the retainer's rate, and what was earned before the rate of
    that; a line that is only partly so is carried at several.
    """
    own = _rate(line, rules, (line.change_no, line.accounting_date))
    if line.credited_date is not None and line.credited_change_no is not None:
        credited = (line.credited_change_no, line.credited_date)
        return _credited(line, _rate(line, rules, credited), rounding)
    if line.retainer is None and not line.is_netted:
        return BooksRate(exchange=own)
    if _leads(own, line, rounding):
        return BooksRate(exchange=own)
    if line.retainer_date is None or line.retainer_change_no is None:
        why = "what was earned before at its own rates, "
        return _carried(own, why)
    paid = _rate(line, rules, (line.retainer_change_no, line.retainer_date))
    if _leads(paid, line, rounding):
        return BooksRate(
            exchange=paid,
            rate_type=RateType.ORIGINAL,
            why=f"the rate of the retainer {line.retainer}: ",
        )
    return _carried(own, f"what the retainer {line.retainer} pays at its rate, ")


def _rate(line: BilledLine, rules: RulesAt, known: tuple[int, date]) -> Exchange | None:
    change_no, day = known
    snapshot = rules.at(change_no)
    books = snapshot.entity(line.entity_no, on=day).currency
    return exchange_on(snapshot, line.currency, books, day)


def _leads(
    exchange: Exchange | None, line: BilledLine, rounding: Rounding, *, off: int = 0
) -> bool:
    """Say whether a rate gives what is in the books, but for some minor units."""
    if exchange is None:
        return False
    translated = round_fraction(line.net * exchange.minor_rate, rounding)
    return abs(translated - line.entity_net) <= off


def _credited(
    line: BilledLine, exchange: Exchange | None, rounding: Rounding
) -> BooksRate:
    # A credit takes its share to date of what was booked, so a unit may be off.
    if not _leads(exchange, line, rounding, off=1):
        return _carried(exchange, "what was paid or earned before at its own rates, ")
    return BooksRate(
        exchange=exchange,
        rate_type=RateType.ORIGINAL,
        why="the rate of what it credits: ",
        is_proven=False,
    )


def _carried(exchange: Exchange | None, why: str) -> BooksRate:
    return BooksRate(
        exchange=exchange, rate_type=RateType.CARRIED, why=why, is_proven=False
    )
