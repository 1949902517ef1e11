"""Send documents to a target only while its posting window is open.

A window belongs to the day on which it opens, by the local clock of its zone: one from
18:00 to 06:00 on Fridays ends on Saturday morning. On a closed date it does not open,
and one that is still open from the day before ends at midnight. A local time that a
change of the clock skips is taken as so much later; of one that comes twice, the first
counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

_DAY = timedelta(days=1)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hold when a target may be sent documents; days count from Monday, 0.

    Where it closes no later than it opens, it closes on the next day.
    """

    days: frozenset[int]
    opens: time
    closes: time
    zone: tzinfo
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a window that would never open."""
        if not self.days:
            raise ValueError("a window opens on at least one day of the week")


def opening(window: Window, at: datetime) -> datetime:
    """Return from when on documents may be sent: `at` itself while the window is open.

    Otherwise it is the next moment at which the window opens.
    """
    return next(max(at, opens) for opens, closes in _spans(window, at) if at < closes)


def _spans(window: Window, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans from the one before `at` on, in order, without end."""
    first = at.astimezone(window.zone).date() - _DAY
    for number in count():
        day = first + number * _DAY
        if day.weekday() in window.days and day not in window.closed:
            opens = _instant(window, day, window.opens)
            closes = _closing(window, day)
            if opens < closes:
                yield opens, closes


def _closing(window: Window, day: date) -> datetime:
    if window.closes > window.opens:
        return _instant(window, day, window.closes)
    following = day + _DAY
    closes = _MIDNIGHT if following in window.closed else window.closes
    return _instant(window, following, closes)


def _instant(window: Window, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=window.zone).astimezone(UTC)
