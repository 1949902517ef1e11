"""Soil the month's clean time the way real systems do, and count each kind.

The kinds never touch the same entry, so that each count can be proven by itself.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hourline.connectors.sandbox.model import MonthOfTime, SourceTimeEntry
from hourline.connectors.sandbox.surroundings import Surroundings

METHOD_COUNTS = {
    "webhook": 300,
    "poll": 1200,
    "batch": 2000,
    "file": 1200,
    "event": 300,
}
UNKNOWN_PROJECT = "p-999"
_COUNTS = {
    "late_project": 40,
    "unknown_project": 3,
    "closed_project": 8,
    "not_assigned": 5,
    "reduced_billable": 100,
    "odd_id": 20,
    "corrected": 60,
    "recalled": 8,
    "repeated": 150,
    "conflict": 1,
    "submitted": 40,
    "rejected": 15,
}
_ODD_IDS = ("TE {0} / kept", "té-{0}", "日報-{0}", "{0}?x=1&y=%2F", "a b/c#{0}")

Condition = Callable[[SourceTimeEntry], bool]


def build_month(
    rng: Random, clean: tuple[SourceTimeEntry, ...], around: Surroundings
) -> MonthOfTime:
    """Return the month as the firm's systems will deliver it."""
    entries = list(clean)
    taker = _Taker(rng, entries, around)
    _soil_in_place(rng, entries, taker=taker, around=around)
    corrected, recalled = taker.take("corrected"), taker.take("recalled")
    repeated, (conflicting,) = taker.take("repeated"), taker.take("conflict")
    method_of = _methods(rng, len(entries), webhook=conflicting)
    return MonthOfTime(
        by_method={
            method: tuple(
                entry
                for entry, used in zip(entries, method_of, strict=True)
                if used == method
            )
            for method in METHOD_COUNTS
        },
        unapproved=_unapproved(rng, entries),
        repeated=_repeated(rng, entries, chosen=repeated, method_of=method_of),
        corrections=tuple(_corrected(rng, entries[index]) for index in corrected),
        recalls=tuple(_recalled(entries[index]) for index in recalled),
        conflicting=replace(
            entries[conflicting], seconds=entries[conflicting].seconds + 900
        ),
        dirt={
            **_COUNTS,
            "missing_rate": sum(entry.person in around.joiners for entry in entries),
        },
    )


class _Taker:
    """Hand out the places of entries, each at most once, never a joiner's."""

    def __init__(
        self, rng: Random, entries: list[SourceTimeEntry], around: Surroundings
    ) -> None:
        self._entries = entries
        self._free = [
            index
            for index, entry in enumerate(entries)
            if entry.person not in around.joiners
        ]
        rng.shuffle(self._free)

    def take(self, kind: str, condition: Condition = lambda _: True) -> list[int]:
        """Return as many places as the kind has, of entries that fit."""
        fitting = (i for i in self._free if condition(self._entries[i]))
        taken = [index for index, _ in zip(fitting, range(_COUNTS[kind]), strict=False)]
        gone = frozenset(taken)
        self._free = [index for index in self._free if index not in gone]
        return taken


def _soil_in_place(
    rng: Random,
    entries: list[SourceTimeEntry],
    *,
    taker: _Taker,
    around: Surroundings,
) -> None:
    """Change the project, the billable time or the id of some entries."""
    late, closed = around.late_of, around.closed_of
    for index in taker.take("late_project", lambda e: around.entity(e) in late):
        entries[index] = replace(
            entries[index], project=late[around.entity(entries[index])]
        )
    for index in taker.take("closed_project", lambda e: around.entity(e) in closed):
        entries[index] = replace(
            entries[index], project=closed[around.entity(entries[index])]
        )
    for index in taker.take("unknown_project"):
        entries[index] = replace(entries[index], project=UNKNOWN_PROJECT)
    for index in taker.take("not_assigned"):
        entries[index] = replace(
            entries[index], project=around.foreign_project(entries[index])
        )
    for index in taker.take("reduced_billable", lambda e: e.project in around.hourly):
        quarters = rng.randint(0, entries[index].seconds // 900 - 1)
        entries[index] = replace(entries[index], billable_seconds=quarters * 900)
    for position, index in enumerate(taker.take("odd_id")):
        odd = _ODD_IDS[position % len(_ODD_IDS)].format(index)
        entries[index] = replace(entries[index], id=odd)


def _methods(rng: Random, count: int, *, webhook: int) -> list[str]:
    """Return the method of each place, one of them fixed to be a webhook."""
    methods = [method for method, share in METHOD_COUNTS.items() for _ in range(share)]
    rng.shuffle(methods)
    other = methods.index("webhook")
    methods[webhook], methods[other] = methods[other], methods[webhook]
    if len(methods) != count:
        raise ValueError(f"{count} entries for {len(methods)} deliveries")
    return methods


def _unapproved(
    rng: Random, entries: list[SourceTimeEntry]
) -> tuple[SourceTimeEntry, ...]:
    statuses = ["submitted"] * _COUNTS["submitted"] + ["rejected"] * _COUNTS["rejected"]
    return tuple(
        replace(model, id=f"TE-2610-{90_000 + number}", status=status)
        for number, (model, status) in enumerate(
            zip(rng.sample(entries, len(statuses)), statuses, strict=True)
        )
    )


def _repeated(
    rng: Random,
    entries: list[SourceTimeEntry],
    *,
    chosen: list[int],
    method_of: list[str],
) -> dict[str, tuple[SourceTimeEntry, ...]]:
    """Return what comes once more, by any method but its first."""
    again: dict[str, list[SourceTimeEntry]] = {method: [] for method in METHOD_COUNTS}
    for index in chosen:
        others = [method for method in METHOD_COUNTS if method != method_of[index]]
        again[rng.choice(others)].append(entries[index])
    return {method: tuple(found) for method, found in again.items()}


def _corrected(rng: Random, entry: SourceTimeEntry) -> SourceTimeEntry:
    return replace(
        entry,
        revision=2,
        seconds=entry.seconds + 900 * rng.choice((1, 2, 4)),
        note=f"{entry.note} (corrected)".strip(),
        approved_at=_later(entry),
        updated_at=_later(entry),
    )


def _recalled(entry: SourceTimeEntry) -> SourceTimeEntry:
    return replace(entry, revision=2, status="recalled", updated_at=_later(entry))


def _later(entry: SourceTimeEntry) -> datetime:
    return entry.updated_at + timedelta(days=2)
