"""Lay out versions in time: a version recorded later holds from its own date on."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from hourline.kernel.columns import NOTHING, Ints, ints
from hourline.kernel.effective import Effective, day_number, effective
from hourline.master.model import MasterVersion, Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Span(Generic[R]):
    """Hold what a record says from a day until another; `dense` numbers the record."""

    dense: int
    effective_from: date
    effective_until: date
    change_no: int
    content: R


@dataclass(frozen=True, slots=True)
class Timeline(Generic[R]):
    """Hold the records of one kind; dense ids count them in order of master_no.

    `withdrawn` has what a record said last that says nothing on any day: what was
    decided by it still names it.
    """

    kind: type[R]
    ids: tuple[str, ...]
    nos: tuple[int, ...]
    dense_of: dict[str, int]
    dense_of_no: dict[int, int]
    spans: tuple[Span[R], ...]
    offsets: tuple[int, ...]
    withdrawn: dict[int, Span[R]]

    def of(self, dense: int) -> tuple[Span[R], ...]:
        """Return the spans of a record in order of their dates; none for NOTHING."""
        if dense == NOTHING:
            return ()
        return self.spans[self.offsets[dense] : self.offsets[dense + 1]]

    def find(self, canonical_id: str | None) -> int:
        """Return the dense id of a canonical id, NOTHING where unknown or None."""
        if canonical_id is None:
            return NOTHING
        return self.dense_of.get(canonical_id, NOTHING)

    def rows(self) -> Effective:
        """Return the lookup from dense id and day to the position in `spans`."""
        return effective(
            ints([span.dense for span in self.spans]),
            (
                ints([day_number(span.effective_from) for span in self.spans]),
                ints([day_number(span.effective_until) for span in self.spans]),
            ),
            ints(list(range(len(self.spans)))),
            key_count=len(self.ids),
        )

    def no_column(self) -> Ints:
        """Return the master numbers by dense id, closed by NOTHING."""
        return ints([*self.nos, NOTHING])

    def id_of(self, span: Span[R]) -> str:
        """Return the canonical id of a span's record."""
        return self.ids[span.dense]


def timeline(kind: type[R], versions: Iterable[MasterVersion]) -> Timeline[R]:
    """Return the records of a kind with their spans, each record's by date."""
    by_no: dict[int, list[MasterVersion]] = {}
    for version in versions:
        by_no.setdefault(version.master_no, []).append(version)
    nos = sorted(by_no)
    ids = [max(by_no[no], key=_recorded).id for no in nos]
    spans = [
        Span(dense, start, end, version.change_no, content)
        for dense, no in enumerate(nos)
        for start, end, version in _cut(by_no[no])
        if isinstance(content := version.content, kind)
    ]
    return Timeline(
        kind=kind,
        ids=tuple(ids),
        nos=tuple(nos),
        dense_of={canonical_id: dense for dense, canonical_id in enumerate(ids)},
        dense_of_no={no: dense for dense, no in enumerate(nos)},
        spans=tuple(spans),
        offsets=_offsets([span.dense for span in spans], len(nos)),
        withdrawn=_withdrawn(kind, [by_no[no] for no in nos], spans),
    )


def _withdrawn(
    kind: type[R], recorded: Sequence[Sequence[MasterVersion]], spans: Sequence[Span[R]]
) -> dict[int, Span[R]]:
    speaking = {span.dense for span in spans}
    silent = [
        (dense, max(versions, key=_recorded))
        for dense, versions in enumerate(recorded)
        if dense not in speaking
    ]
    return {
        dense: Span(
            dense, last.effective_from, last.effective_from, last.change_no, said
        )
        for dense, last in silent
        if isinstance(said := last.content, kind)
    }


def _offsets(keys: list[int], count: int) -> tuple[int, ...]:
    return tuple(bisect_left(keys, dense) for dense in range(count + 1))


def _recorded(version: MasterVersion) -> int:
    return version.change_no


def _cut(
    versions: Sequence[MasterVersion],
) -> list[tuple[date, date, MasterVersion]]:
    if len(versions) == 1 and not versions[0].withdrawn:
        only = versions[0]
        return [(only.effective_from, only.effective_until, only)]
    kept: list[tuple[date, date, MasterVersion]] = []
    for version in sorted(versions, key=_recorded):
        start = version.effective_from
        kept = [
            (earlier, min(until, start), cut)
            for earlier, until, cut in kept
            if earlier < start
        ]
        if not version.withdrawn:
            kept.append((start, version.effective_until, version))
    return kept
