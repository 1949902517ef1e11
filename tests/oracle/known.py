"""Read recorded versions the slow way: what each record says on a day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from hourline.master.model import CrossReference, MasterVersion, Record
from tests.entries import Entry

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Held(Generic[R]):
    """Hold a record in force with its number, and the span it holds for."""

    no: int
    id: str
    change_no: int
    start: date
    end: date
    record: R


class Known:
    """Answer what was recorded, by plain search."""

    def __init__(
        self,
        versions: Sequence[MasterVersion],
        references: Sequence[CrossReference],
        *,
        change_no: int,
    ) -> None:
        self.versions = sorted(versions, key=lambda version: version.change_no)
        self.references = references
        self._of_record: dict[int, list[MasterVersion]] = {}
        for version in self.versions:
            self._of_record.setdefault(version.master_no, []).append(version)
        self.change_no = change_no

    def spans(self, kind: type[R]) -> Iterator[Held[R]]:
        """Yield every version of a kind with the span that later ones leave it."""
        for version in self.versions:
            if isinstance(version.content, kind) and not version.withdrawn:
                end = min(self._ends(version))
                if version.effective_from < end:
                    yield Held(
                        version.master_no,
                        version.id,
                        version.change_no,
                        version.effective_from,
                        end,
                        version.content,
                    )

    def _ends(self, version: MasterVersion) -> Iterator[date]:
        yield version.effective_until
        for later in self._of_record[version.master_no]:
            if later.change_no > version.change_no:
                yield later.effective_from

    def on(self, kind: type[R], day: date) -> list[Held[R]]:
        """Return what the records of a kind say on a day."""
        return [held for held in self.spans(kind) if held.start <= day < held.end]

    def by_id(self, kind: type[R], id_: str | None, day: date) -> Held[R] | None:
        """Return the record with a canonical id that holds on a day."""
        return next((held for held in self.on(kind, day) if held.id == id_), None)

    def by_source(
        self, kind: type[R], entry: Entry, source_id: str | None
    ) -> Held[R] | None:
        """Return the record that the entry's source calls by an id, on its day."""
        place = (entry.connection_no, kind.kind, source_id)
        numbers = [
            reference.master_no
            for reference in self.references
            if (reference.connection_no, reference.kind, reference.source_id) == place
        ]
        held = self.on(kind, entry.work_date)
        return next((one for one in held if one.no in numbers[-1:]), None)

    def calls(self, kind: type[R], entry: Entry, source_id: str | None) -> bool:
        """Say whether the entry's source calls any record by an id."""
        place = (entry.connection_no, kind.kind, source_id)
        return any(
            (reference.connection_no, reference.kind, reference.source_id) == place
            for reference in self.references
        )

    def layered(
        self, kind: type[R], day: date, *, chosen: Callable[[R], bool]
    ) -> Held[R] | None:
        """Return of the chosen rows the one begun last by a day, if it holds still."""
        begun = [
            held
            for held in self.spans(kind)
            if chosen(held.record) and held.start <= day
        ]
        if not begun:
            return None
        latest = max(begun, key=lambda held: (held.start, held.change_no))
        return latest if day < latest.end else None

    def ever(self, kind: str, id_: str | None) -> bool:
        """Say whether a record was ever recorded."""
        return any(
            version.content.kind == kind and version.id == id_
            for version in self.versions
        )
