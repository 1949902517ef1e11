"""Measure how much of a lease is left, by a clock that is never set back."""

import time
from typing import Protocol


class Clock(Protocol):
    """Give milliseconds since some fixed moment; only differences mean anything."""

    def monotonic_ms(self) -> int:
        """Return the time elapsed since that moment."""


class MonotonicClock:
    """Read the machine's monotonic clock."""

    def monotonic_ms(self) -> int:
        """Return the time elapsed since the machine started."""
        return time.monotonic_ns() // 1_000_000
