"""Read master records as a document needs them: as known when it was issued."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec

from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.master.model import Addressed, Customer, LegalEntity

P = TypeVar("P", bound=Addressed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVersion:
    """Hold one version of a record as stored."""

    master_no: int
    id: str
    change_no: int
    effective_from: date
    effective_until: date
    content: dict[str, object]

    def holds_on(self, day: date) -> bool:
        """Tell whether it was recorded for a day."""
        return self.effective_from <= day < self.effective_until


@dataclass(frozen=True, slots=True)
class Records:
    """Find what records said when a document was issued, and what they say now.

    A field that said something then keeps saying it. One that was empty then is taken
    from what is known now, so that an address can be added to an issued document, and
    never changed.
    """

    change_no: int
    versions: Mapping[int, list[RecordVersion]]

    def id_of(self, master_no: int) -> str:
        """Return the id of a record; "" where none is known."""
        found = self.versions.get(master_no)
        return found[0].id if found else ""

    def name_of(self, master_no: int | None, day: date) -> str:
        """Return what people call a record, its id where it has no name."""
        if master_no is None:
            return ""
        return str(self.fields(master_no, day).get("name") or self.id_of(master_no))

    def fields(self, master_no: int, day: date) -> dict[str, object]:
        """Return what a record says of a day, empty fields filled from now."""
        versions = self.versions.get(master_no, [])
        known = [one for one in versions if one.change_no <= self.change_no]
        now, then = _chosen(versions, day), _chosen(known, day)
        stated = {
            name: value
            for name, value in then.items()
            if value is not None and value != ""
        }
        return {**now, **stated}

    def entity(self, master_no: int, day: date) -> LegalEntity:
        """Return a legal entity."""
        return self._addressed(master_no, day, LegalEntity)

    def customer(self, master_no: int, day: date) -> Customer:
        """Return a customer."""
        return self._addressed(master_no, day, Customer)

    def _addressed(self, master_no: int, day: date, kind: type[P]) -> P:
        return msgspec.convert(self.fields(master_no, day), kind, strict=False)


def read_records(
    session: Session, master_nos: Iterable[int | None], *, change_no: int
) -> Records:
    """Return the records with these numbers, as known at a change and now."""
    wanted = sorted({no for no in master_nos if no is not None})
    versions: dict[int, list[RecordVersion]] = {}
    rows = session.all(QUERIES["record_versions"], RecordVersion, master_nos=wanted)
    for row in rows:
        versions.setdefault(row.master_no, []).append(row)
    return Records(change_no, versions)


def _chosen(versions: list[RecordVersion], day: date) -> dict[str, object]:
    """Return what was recorded last for a day, or last of all where nothing was."""
    holding = [one for one in versions if one.holds_on(day)] or versions
    return holding[0].content if holding else {}
