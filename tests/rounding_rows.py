"""Build rows of time rounding for tests, as `tests.builders` builds other records."""

from decimal import Decimal
from typing import Literal

from hourline.master.model import TimeRounding


def time_rounding(
    *,
    order: int = 1,
    increment: str = "15",
    minimum: str = "0",
    mode: Literal["up", "nearest", "down"] = "up",
    scope: Literal["entry", "person_day", "none"] = "entry",
    factor: str = "1",
    contract: str | None = None,
    project: str | None = None,
    customer: str | None = None,
    activity: str | None = None,
) -> TimeRounding:
    """Return a row of time rounding; increment and minimum are minutes."""
    return TimeRounding(
        order=order,
        increment_minutes=Decimal(increment),
        minimum_minutes=Decimal(minimum),
        mode=mode,
        scope=scope,
        factor=Decimal(factor),
        contract=contract,
        project=project,
        customer=customer,
        activity=activity,
    )
