"""Describe an explanation: steps in the order of an hour's way, each with its proof."""

from dataclasses import dataclass, field
from fractions import Fraction

from hourline.infra.database import Session
from hourline.kernel.money import currency_numbered, major_units
from hourline.master.snapshot import Snapshot, build_snapshot
from hourline.master.store import load_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Hold a figure computed anew and the one that is stored."""

    figure: str
    recomputed: str
    stored: str

    @property
    def holds(self) -> bool:
        """Say whether the two are the same."""
        return self.recomputed == self.stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Hold a step of the way: what it is about, in sentences, and its figures."""

    about: str
    sentences: list[str]
    figures: dict[str, object] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)


class RulesAt:
    """Give the master data as it was known at a change, each built once."""

    def __init__(self, session: Session) -> None:
        """Take the transaction to read in."""
        self._session = session
        self._known: dict[int, Snapshot] = {}

    def at(self, change_no: int) -> Snapshot:
        """Return the master data as known at a change."""
        if change_no not in self._known:
            state = load_state(self._session, known_at=change_no)
            self._known[change_no] = build_snapshot(
                state.versions, state.references, change_no=change_no
            )
        return self._known[change_no]


def money(minor: int, currency: int) -> str:
    """Return minor units as people say them, by ISO number: 1,250.00 EUR."""
    found = currency_numbered(currency)
    return f"{major_units(minor, found):,f} {found.code}"


def exactly(minor: Fraction, currency: int) -> str:
    """Return an exact figure of minor units in major ones: 166 2/3 EUR."""
    found = currency_numbered(currency)
    exact = minor / 10**found.decimals
    whole, rest = divmod(abs(exact), 1)
    sign = "-" if exact < 0 else ""
    places = _decimals(rest)
    if places is not None:
        told = f"{whole}.{places}" if places else f"{whole}"
    else:
        told = f"{whole} {rest.numerator}/{rest.denominator}"
    return f"{sign}{told} {found.code}"


_DECIMALS_MAX = 12


def _decimals(rest: Fraction) -> str | None:
    scaled = rest * 10**_DECIMALS_MAX
    if scaled.denominator != 1:
        return None
    return f"{scaled.numerator:0{_DECIMALS_MAX}d}".rstrip("0")


def percent(factor: Fraction) -> str:
    """Return a factor as people write it: 1.5, else as a fraction."""
    whole, rest = divmod(factor, 1)
    places = _decimals(rest)
    if places is None:
        return str(factor)
    return f"{whole}.{places}" if places else str(whole)
