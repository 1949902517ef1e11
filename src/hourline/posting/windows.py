"""Read the posting window that a connection's settings state, in words people write."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from hourline.infra.database import Session
from hourline.posting.rules.window import Window, opening
from hourline.posting.store import QUERIES, WaitingIntent, waiting_intents

SETTING = "posting_window"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHAPE = re.compile(
    r"(?P<days>[a-z,-]+)\s+(?P<opens>\d\d:\d\d)\s*-\s*(?P<closes>\d\d:\d\d)"
    r"\s+(?P<zone>\S+)",
    re.IGNORECASE,
)
_LIKE = "such as: mon-fri 18:00-06:00 Europe/Berlin"
_END_OF_DAY = "24:00"


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a window as settings keep it: in words, and the dates it stays closed."""

    when: str
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """Say until when the intents of a connection wait, by its own clock."""

    connection_no: int
    when: str
    opens_at: datetime


def parse_window(when: str, closed: Iterable[date] = ()) -> Window:
    """Return the window that words mean.

    Raises ValueError that says what is wrong and how a window is written.
    """
    found = _SHAPE.fullmatch(when.strip())
    if found is None:
        raise ValueError(f"{when!r} is no window; write days, times and zone, {_LIKE}")
    return Window(
        days=_days(found["days"].lower()),
        opens=_clock(found["opens"]),
        closes=_clock("00:00" if found["closes"] == _END_OF_DAY else found["closes"]),
        zone=_zone(found["zone"]),
        closed=frozenset(closed),
    )


def window_of(settings: Mapping[str, object]) -> Window | None:
    """Return the window of a connection's settings, None where it is always open."""
    if SETTING not in settings:
        return None
    stated = msgspec.convert(settings[SETTING], Stated)
    return parse_window(stated.when, stated.closed)


def read_window(session: Session, connection_no: int) -> Window | None:
    """Return the window of a connection, None where it is always open."""
    settings = session.value(
        QUERIES["connection_settings"], dict, connection_no=connection_no
    )
    return window_of(settings or {})


def closed_windows(session: Session) -> list[Opening]:
    """Return the connections whose window is closed now, and when it opens next."""
    found = []
    for connection_no, settings, at in session.tuples(QUERIES["windows"]):
        window = window_of(settings)
        opens_at = at if window is None else opening(window, at)
        if window is not None and opens_at > at:
            when = msgspec.convert(settings[SETTING], Stated).when
            local = opens_at.astimezone(window.zone)
            found.append(Opening(connection_no, when, local))
    return found


def waiting_for_window(session: Session) -> list[tuple[WaitingIntent, Opening]]:
    """Return every intent that a closed window holds back, and until when."""
    closed = {one.connection_no: one for one in closed_windows(session)}
    return [
        (intent, closed[intent.connection_no])
        for intent in waiting_intents(session, list(closed))
    ]


def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last or first) not in _DAYS:
            raise ValueError(
                f"{part!r} is no day of the week; days are {', '.join(_DAYS)}, {_LIKE}"
            )
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(f"{text} is no time of the day, {_LIKE}") from fault


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as fault:
        raise ValueError(f"{name} is no time zone of the IANA list, {_LIKE}") from fault
