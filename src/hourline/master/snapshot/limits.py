"""Hold the limits of contracts and lines: of all work, a month, a person's day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from hourline.kernel.money import AmountTooFine, Currency, minor_units
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.master.model import Contract, ContractLine
from hourline.master.snapshot.unusable import UnusableRecord

HOURS_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Cap:
    """Hold a limit in minor units of the contract's currency.

    `whole` says that an entry which does not fit whole is over the limit whole.
    """

    amount: int
    whole: bool


class Span(IntEnum):
    """Name what work a limit holds for that is not of all work, the narrower first."""

    PERSON_DAY = 1
    MONTH = 2


SpanKey = tuple[int, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanCap:
    """Hold how much may be billed of each month, or of each day of a person.

    In minor units of the contract's currency and in seconds, None where there is no
    such limit. It is of a contract line, without one of the contract, and for work
    dated from `starts` to before `ends`. `whole` is as of a `Cap`.
    """

    span: Span
    contract_line_no: int | None
    amount: int | None
    seconds: int | None
    whole: bool
    starts: date = date.min
    ends: date = date.max

    def holds_on(self, dated: date) -> bool:
        """Tell whether it holds for work of a day."""
        return self.starts <= dated < self.ends or dated == self.ends == date.max

    def key(self, person_no: int, dated: date) -> SpanKey:
        """Return what tells apart for which work it holds together."""
        if self.span is Span.MONTH:
            return 0, dated.replace(day=1)
        return person_no, dated


def cap_of(
    record: tuple[str, str],
    content: Contract | ContractLine,
    *,
    currency: Currency,
    over_limit: str,
) -> Cap | None:
    """Return the limit of all work that a record states, if any.

    `record` is its kind and id. Raises UnusableRecord for one no amount of the
    currency can be.
    """
    if content.limit is None:
        return None
    amount = usable_amount(record, "limit", content.limit, currency)
    return Cap(amount, whole=over_limit == "block")


def span_caps_of(
    record: tuple[str, str],
    content: Contract | ContractLine,
    held: tuple[date, date],
    *,
    currency: Currency,
    over_limit: str,
    contract_line_no: int | None = None,
) -> Iterator[SpanCap]:
    """Yield the limits of a month and of a person's day that a record states.

    `held` are the days from and before which it does. Raises UnusableRecord for an
    amount no amount of the currency can be, and for hours below nothing or that are no
    whole seconds.
    """
    for span, amount, hours in (
        (Span.PERSON_DAY, content.person_day_limit, content.person_day_limit_hours),
        (Span.MONTH, content.month_limit, content.month_limit_hours),
    ):
        name = f"{span.name.lower()}_limit"
        if amount is None and hours is None:
            continue
        yield SpanCap(
            span=span,
            contract_line_no=contract_line_no,
            amount=None
            if amount is None
            else usable_amount(record, name, amount, currency),
            seconds=None if hours is None else _seconds(record, f"{name}_hours", hours),
            whole=over_limit == "block",
            starts=held[0],
            ends=held[1],
        )


def usable_amount(
    record: tuple[str, str], name: str, amount: Decimal, currency: Currency
) -> int:
    """Return an amount of a record in minor units.

    Raises UnusableRecord for one below nothing or finer than the currency.
    """
    kind, id_ = record
    if amount < 0:
        raise UnusableRecord(
            kind,
            id_,
            why=f"its {name} {amount} is below nothing",
            remedy=f"Correct the {name}, or leave it out.",
        )
    try:
        return minor_units(amount, currency)
    except AmountTooFine as error:
        raise UnusableRecord(
            kind,
            id_,
            why=f"its {name} {error}",
            remedy=f"Round the {name} to what {currency.code} has.",
        ) from None


def _seconds(record: tuple[str, str], name: str, hours: Decimal) -> int:
    kind, id_ = record
    if not 0 <= hours <= HOURS_MAX:
        raise UnusableRecord(
            kind,
            id_,
            why=f"its {name} {hours} is not from 0 to {HOURS_MAX}",
            remedy=f"Correct the {name}, or leave it out.",
        )
    seconds = Fraction(hours) * HOUR_SECONDS
    if seconds.denominator != 1:
        raise UnusableRecord(
            kind,
            id_,
            why=f"its {name} {hours} is no whole number of seconds",
            remedy=f"Round the {name}, for example to 4 decimals where they end.",
        )
    return seconds.numerator
