"""Describe the actions that take work back, close months, and go past locks."""

from hourline.kernel.subledgers import Subledger
from hourline.scenarios.format.figures import Instant, Period
from hourline.scenarios.format.rows import Row


class ClosePeriod(Row, frozen=True, kw_only=True):
    """A posting period is closed, or soft-closed."""

    entity: str
    period: Period
    soft: bool = False
    ledger: Subledger | None = None


class ReopenPeriod(Row, frozen=True, kw_only=True):
    """A posting period is opened again, or only to soft-closed."""

    entity: str
    period: Period
    soft: bool = False
    ledger: Subledger | None = None


class Into(Row, frozen=True, kw_only=True):
    """Somebody books into a soft-closed month on purpose."""

    by: str
    reason: str


class OverrideLock(Row, frozen=True, kw_only=True):
    """Somebody lets in what an entry lock keeps out of an entry."""

    entry: str
    by: str
    reason: str


class AcceptLate(Row, frozen=True, kw_only=True):
    """Somebody lets work be booked that is too late to be booked by itself."""

    entry: str
    by: str
    reason: str


class Recall(Row, frozen=True, kw_only=True):
    """The approval is withdrawn."""

    entry: str
    revision: int | None = None
    received: Instant | None = None
