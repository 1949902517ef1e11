"""Sum the lines of a document to one per ledger account and tax rate, to the cent."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledSum:
    """Hold what lines of one account and tax rate add up to; one line, or many."""

    account: str
    tax_rate_ppm: int
    lines: int
    seconds: int
    net: int
    tax: int


def sum_billed(lines: Iterable[BilledSum]) -> tuple[BilledSum, ...]:
    """Return one sum per account and tax rate, in the order in which they first come.

    Net, tax, seconds and the number of lines add up to those of the lines given.
    """
    sums: dict[tuple[str, int], BilledSum] = {}
    for line in lines:
        place = line.account, line.tax_rate_ppm
        known = sums.get(place)
        sums[place] = line if known is None else _added(known, line)
    return tuple(sums.values())


def _added(known: BilledSum, line: BilledSum) -> BilledSum:
    return BilledSum(
        account=known.account,
        tax_rate_ppm=known.tax_rate_ppm,
        lines=known.lines + line.lines,
        seconds=known.seconds + line.seconds,
        net=known.net + line.net,
        tax=known.tax + line.tax,
    )
