"""Read days and exact numbers from the command line, and speak refusals plainly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation

import click

from hourline.cli.desk import CannotOpen


class Day(click.ParamType[date]):
    """Read a day as 2026-10-31."""

    name = "day"

    def convert(
        self,
        value: str | date,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """Return the day; refuse what is none."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day such as 2026-10-31", param, ctx)


class Quantity(click.ParamType[Decimal]):
    """Read an exact number above zero."""

    name = "number"

    def convert(
        self,
        value: str | Decimal,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Decimal:
        """Return the number; refuse what is none, and nothing or less."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            self.fail(f"{value!r} is no number such as 1.5", param, ctx)
        if not number.is_finite() or number <= 0:
            self.fail(f"{value} is not above zero", param, ctx)
        return number


DAY = Day()
QUANTITY = Quantity()


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a stage refuses by an exception into a sentence and status 2."""
    from hourline.infra.approvals import NotApprovable
    from hourline.posting.service import NotAllowed

    try:
        yield
    except (NotApprovable, NotAllowed, LookupError, ValueError) as refusal:
        sentence = str(refusal)
        raise CannotOpen(sentence[:1].upper() + sentence[1:]) from refusal


def today() -> date:
    """Return the day it is, which holds where a command is told none."""
    from hourline.flow.transactions import now

    return now().date()
