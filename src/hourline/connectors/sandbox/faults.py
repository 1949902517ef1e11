"""Decide, on demand and reproducibly, which calls of a sandbox server go wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from hourline.connectors.sandbox.calls import Refused

ANY_OPERATION = "*"
_FIELDS = frozenset(
    {"operation", "fault", "times", "every_nth", "seed", "delay_milliseconds"}
)


class Fault(StrEnum):
    """Name what can go wrong, and on which side of the effect."""

    RATE_LIMIT_429 = "rate_limit_429"
    TIMEOUT_BEFORE_EFFECT = "timeout_before_effect"
    TIMEOUT_AFTER_EFFECT = "timeout_after_effect"
    ERROR_500_BEFORE = "error_500_before"
    ERROR_500_AFTER = "error_500_after"
    SLOW = "slow"
    TRUNCATED_BODY = "truncated_body"
    TOKEN_EXPIRED = "token_expired"


_DELAYS = {Fault.SLOW: 1000}


@dataclass
class FaultRule:
    """Bite the first `times` calls of an operation, or every n-th of them.

    The delay comes before the effect: with a client that gives up sooner,
    timeout_after_effect takes effect late, behind its back.
    """

    operation: str
    fault: Fault
    times: int | None
    every_nth: int | None
    phase: int
    delay_milliseconds: int
    seen: int = 0
    bitten: int = 0

    def is_due(self, operation: str) -> bool:
        """Count a call and say whether it is one to bite."""
        if self.operation not in {ANY_OPERATION, operation}:
            return False
        self.seen += 1
        if self.times is not None:
            return self.seen <= self.times
        return self.every_nth is not None and (
            (self.seen - 1) % self.every_nth == self.phase
        )


class FaultPlan:
    """Hold a server's fault rules and count how often each fault bit."""

    def __init__(self, operations: Iterable[str]) -> None:
        self._operations = frozenset(operations)
        self._rules: list[FaultRule] = []
        self._bites: Counter[tuple[str, str]] = Counter()

    def add(self, content: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Add a rule as POSTed.

        Raises Refused for anything it would otherwise ignore.
        """
        rule = _rule(content)
        if rule.operation not in self._operations | {ANY_OPERATION}:
            known = ", ".join(sorted(self._operations))
            raise Refused(422, "unknown_operation", f"operations are: {known}")
        self._rules.append(rule)

    def clear(self) -> None:
        """Drop all rules; the counters stay."""
        self._rules.clear()

    def bite(self, operation: str) -> FaultRule | None:
        """Return the first rule that is due for this call; every rule counts it."""
        due = [rule for rule in self._rules if rule.is_due(operation)]
        if not due:
            return None
        due[0].bitten += 1
        self._bites[operation, due[0].fault] += 1
        return due[0]

    def counters(self) -> dict[str, Any]:
        """Return the rules in force and all bites by operation and fault."""
        bites: dict[str, dict[str, int]] = {}
        for (operation, fault), count in sorted(self._bites.items()):
            bites.setdefault(operation, {})[fault] = count
        return {
            "rules": [
                {
                    "operation": rule.operation,
                    "fault": rule.fault,
                    "times": rule.times,
                    "every_nth": rule.every_nth,
                    "seen": rule.seen,
                    "bitten": rule.bitten,
                }
                for rule in self._rules
            ],
            "bites": bites,
        }


def _rule(content: Any) -> FaultRule:  # noqa: ANN401 - JSON as it came
    if not isinstance(content, dict) or not content.keys() <= _FIELDS:
        raise Refused(422, "bad_fault", f"the fields are {', '.join(sorted(_FIELDS))}")
    times, every_nth = content.get("times"), content.get("every_nth")
    if (times is None) == (every_nth is None):
        raise Refused(422, "bad_fault", "state either times or every_nth")
    try:
        fault = Fault(str(content.get("fault")))
    except ValueError:
        raise Refused(422, "bad_fault", f"faults are: {', '.join(Fault)}") from None
    count = _whole(times if every_nth is None else every_nth, at_least=1)
    delay = content.get("delay_milliseconds", _DELAYS.get(fault, 0))
    seed = content.get("seed")
    if seed is not None and every_nth is None:
        raise Refused(422, "bad_fault", "a seed shifts every_nth, not times")
    return FaultRule(
        operation=str(content.get("operation", ANY_OPERATION)),
        fault=fault,
        times=times,
        every_nth=every_nth,
        phase=count - 1 if seed is None else Random(seed).randrange(count),
        delay_milliseconds=_whole(delay, at_least=0),
    )


def _whole(found: object, *, at_least: int) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or found < at_least:
        raise Refused(422, "bad_fault", f"not a whole number from {at_least} up")
    return found
