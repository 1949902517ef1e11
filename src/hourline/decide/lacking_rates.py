"""Name the rates of exchange that an entry lacks, in words that can be joined."""

from collections.abc import Iterable

from hourline.kernel.effective import day_of
from hourline.kernel.money import currency_numbered

_AND = " and between "


def pair_lacking(source: int, target: int, day: int) -> str:
    """Return two currencies by their ISO numbers and the day a rate must hold on."""
    codes = [currency_numbered(int(side)).code for side in (source, target)]
    return f"{codes[0]} and {codes[1]} on {day_of(int(day))}"


def pairs_lacking(pairs: Iterable[str]) -> str:
    """Return pairs, each maybe of several, joined and each once."""
    every = [one for some in pairs for one in some.split(_AND) if one]
    return _AND.join(dict.fromkeys(every))
