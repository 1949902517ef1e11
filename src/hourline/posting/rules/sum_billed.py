"""Sum the lines of a document to one per account, dimensions and tax, to the cent."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledSum:
    """Hold what lines of one account, dimensions and tax add up to; one, or many."""

    account: str
    dimensions: tuple[tuple[str, str], ...] = ()
    tax_code: str = ""
    tax_rate_ppm: int
    lines: int
    seconds: int
    net: int
    tax: int


def sum_billed(lines: Iterable[BilledSum]) -> tuple[BilledSum, ...]:
    """Return one sum per account, dimensions and tax, in the order they first come.

    Net, tax, seconds and the number of lines add up to those of the lines given.
    """
    sums: dict[tuple[object, ...], BilledSum] = {}
    for line in lines:
        place = line.account, line.dimensions, line.tax_code, line.tax_rate_ppm
        known = sums.get(place)
        sums[place] = line if known is None else _added(known, line)
    return tuple(sums.values())


def _added(known: BilledSum, line: BilledSum) -> BilledSum:
    return BilledSum(
        account=known.account,
        dimensions=known.dimensions,
        tax_code=known.tax_code,
        tax_rate_ppm=known.tax_rate_ppm,
        lines=known.lines + line.lines,
        seconds=known.seconds + line.seconds,
        net=known.net + line.net,
        tax=known.tax + line.tax,
    )
