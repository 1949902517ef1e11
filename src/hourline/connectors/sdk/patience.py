"""Read a page again where a throttle or a loss may be over a little later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import stamina

from hourline.connectors.sdk.source import NotRead

P = TypeVar("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Say how often a page is asked for, and how long is waited at most in between."""

    tries_max: int = 6
    pause_seconds_max: float = 60


PATIENCE = Patience()


class _NotYet(Exception):
    """Carry why a page could not be had."""

    def __init__(self, why: NotRead) -> None:
        super().__init__(why.reason)
        self.why = why


def fetch_patiently(
    fetch: Callable[[], P | NotRead], patience: Patience = PATIENCE
) -> P | NotRead:
    """Return a page, asking again while that can help; else why there is none.

    The pause the vendor asks for is kept, up to the longest of `patience`. Only for
    calls without effect.
    """

    def fetch_once() -> P:
        found = fetch()
        if isinstance(found, NotRead):
            raise _NotYet(found)
        return found

    def pause(fault: Exception) -> bool | float:
        if not isinstance(fault, _NotYet):
            return False
        asked = fault.why.retry_after_seconds
        if asked is None:
            return not fault.why.lasting
        return float(min(asked, patience.pause_seconds_max))

    caller = stamina.RetryingCaller(
        attempts=patience.tries_max,
        timeout=None,
        wait_initial=0.5,
        wait_max=patience.pause_seconds_max,
    )
    try:
        return caller.on(pause)(fetch_once)
    except _NotYet as left:
        return left.why
