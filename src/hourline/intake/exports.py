"""Name the entries of exports, which have no ids, and find those that are gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec
import numpy as np

from hourline.infra.database import Session
from hourline.intake.columns import ReadDelivery
from hourline.intake.export_file import Survey, key_hash
from hourline.intake.export_reading import ExportReader
from hourline.intake.model import (
    Delivery,
    ExportReading,
    SourceReading,
    StatedCoverage,
    Statement,
    Superseded,
    Unreadable,
    Withdrawal,
)
from hourline.intake.reading import QUERIES, placed
from hourline.intake.rules.equals import EqualRow, KnownEqual, number_equals
from hourline.intake.rules.export_rows import ExportRow, invoiced_problem
from hourline.intake.rules.gone import Coverage, StandingEntry, gone_entries
from hourline.intake.rules.identity import identity_of
from hourline.intake.rules.spelling import as_known, spellings
from hourline.intake.store import record_hash
from hourline.kernel.codes import Outcome

# Recalls speak of entries by id, whatever the layout their rows had.
RECALLING = SourceReading(states_revisions=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Hold what names an entry that is new."""

    key_hash: bytes
    number: int
    worked_on: date


@dataclass(frozen=True, slots=True)
class ReadExport:
    """Hold what the rows of a delivery say, each with its id; `fresh` by id."""

    layout: str
    read: ReadDelivery
    fresh: Mapping[str, Identity]


@dataclass(frozen=True, slots=True)
class Revised:
    """Hold the time of an entry before and after; no time after: it is recalled."""

    source_id: str
    worked_on: date
    from_seconds: int
    to_seconds: int | None


def read_export(
    session: Session, delivery: Delivery, reading: ExportReading
) -> ReadExport:
    """Read rows and give each the id it is known by; others wait for this to end."""
    said = _said(session, delivery, reading)
    groups: dict[str, list[int]] = {}
    for position, row in enumerate(said):
        if isinstance(row, ExportRow):
            groups.setdefault(row.key, []).append(position)
    known = _known_equals(session, delivery.connection_no, reading.layout, groups)
    numbers: dict[int, int] = {}
    fresh: dict[str, Identity] = {}
    for key, positions in groups.items():
        hashed = key_hash(key)
        rows = [row for at in positions if isinstance(row := said[at], ExportRow)]
        of_key = known.get(hashed, [])
        found = number_equals([_equal(row) for row in rows], of_key)
        numbers.update(zip(positions, found, strict=True))
        old = {one.number for one in of_key}
        for at, row, number in zip(positions, rows, found, strict=True):
            if number in old:
                continue
            if row.invoiced and reading.invoiced == "refuse":
                said[at] = Unreadable(key, (invoiced_problem(row.record),))
                continue
            identity = Identity(hashed, number, row.record.date)
            fresh[identity_of(key, number)] = identity
    statements = [
        _statement(row, numbers.get(position, 0), position, delivery)
        for position, row in enumerate(said)
    ]
    hashes = [
        row.content if isinstance(row, ExportRow) else record_hash(record)
        for row, record in zip(said, delivery.records, strict=True)
    ]
    return ReadExport(reading.layout, ReadDelivery(delivery, statements, hashes), fresh)


def _said(
    session: Session, delivery: Delivery, reading: ExportReading
) -> list[ExportRow | Unreadable]:
    reader = ExportReader(reading)
    people, projects = _known_names(session, delivery.connection_no)
    said: list[ExportRow | Unreadable] = []
    for position, record in enumerate(delivery.records):
        if position in delivery.totals:
            problems = delivery.totals[position]
            said.append(Unreadable(None, problems, Outcome.TOTALS))
            continue
        row = reader.statement(record)
        if isinstance(row, ExportRow):
            spelled = msgspec.structs.replace(
                row.record,
                person=as_known(row.record.person, people),
                project=as_known(row.record.project, projects),
            )
            row = replace(row, record=spelled)
        said.append(row)
    return said


def _known_names(
    session: Session, connection_no: int
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the connection calls people and projects, by their spellings."""
    names: dict[str, list[str]] = {"person": [], "project": []}
    for kind, name in session.tuples(
        QUERIES["known_names"], connection_no=connection_no
    ):
        names[kind].append(name)
    return spellings(names["person"]), spellings(names["project"])


def _known_equals(
    session: Session, connection_no: int, layout: str, keys: Mapping[str, object]
) -> dict[bytes, list[KnownEqual]]:
    session.run(
        QUERIES["lock_exports"], tenant=session.tenant, connection_no=connection_no
    )
    found: dict[bytes, list[KnownEqual]] = {}
    for hashed, number, content, in_force in session.tuples(
        QUERIES["known_equals"],
        connection_no=connection_no,
        layout=layout,
        key_hashes=[key_hash(key) for key in keys],
    ):
        known = KnownEqual(number, bytes(content), in_force)
        found.setdefault(bytes(hashed), []).append(known)
    return found


def _equal(row: ExportRow) -> EqualRow:
    return EqualRow(row.approved, row.record.seconds, row.content)


def _statement(
    row: ExportRow | Unreadable, number: int, position: int, delivery: Delivery
) -> Statement:
    if isinstance(row, Unreadable):
        return placed(row, position, delivery.lines)
    source_id = identity_of(row.key, number)
    if not row.approved:
        return Withdrawal(source_id, "submitted", None, None)
    return msgspec.structs.replace(row.record, id=source_id)


def write_identities(
    session: Session, export: ReadExport, numbers: Mapping[str, int]
) -> None:
    """Write what names the entries that are new."""
    new = [
        (one, numbers[name]) for name, one in export.fresh.items() if name in numbers
    ]
    connection_no = export.read.delivery.connection_no
    session.load(
        "exported_entry",
        {
            "connection_no": np.full(len(new), connection_no, np.int32),
            "layout": [export.layout] * len(new),
            "key_hash": [one.key_hash for one, _ in new],
            "number": [one.number for one, _ in new],
            "worked_on": [one.worked_on for one, _ in new],
            "entry_no": [entry_no for _, entry_no in new],
        },
    )


def note_coverage(
    session: Session,
    delivery_no: int,
    coverage: Coverage,
    *,
    layout: str,
    stated: StatedCoverage,
) -> None:
    """Note which days an export covers, with each delivery of it."""
    session.run(
        QUERIES["note_coverage"],
        delivery_no=delivery_no,
        layout=layout,
        first_day=coverage.first_day,
        last_day=coverage.last_day,
        stated=stated.first_day is not None,
        covers=coverage.covers,
    )


def find_gone(
    session: Session,
    survey: Survey,
    coverage: Coverage,
    *,
    connection_no: int,
    layout: str,
    delivery_nos: Sequence[int],
) -> list[StandingEntry]:
    """Return the entries in force that a file covers and does not hold any more."""
    standing = session.all(
        QUERIES["standing_entries"],
        StandingEntry,
        connection_no=connection_no,
        layout=layout,
        first_day=coverage.first_day,
        last_day=coverage.last_day,
        delivery_nos=list(delivery_nos),
    )
    return gone_entries(
        standing,
        covers=coverage.covers,
        pairs=survey.pairs,
        doubtful=survey.doubtful,
    )


def left_standing(
    session: Session, entry_nos: Sequence[int], *, delivery_nos: Sequence[int]
) -> set[int]:
    """Return those of the entries that are in force and were not spoken of."""
    found = session.tuples(
        QUERIES["left_standing"],
        entry_nos=list(entry_nos),
        delivery_nos=list(delivery_nos),
    )
    return {entry_no for (entry_no,) in found}


def recalling(
    part: Delivery, gone: Sequence[StandingEntry], *, delivery_no: int
) -> Delivery:
    """Return the delivery that recalls what is gone: a record for each entry.

    It stands beside the last part of the file, delivery `delivery_no`, and names it:
    a file that is read anew may recall once more what came back in between.
    """
    file_id = part.delivery_id.rpartition("-")[0]
    records = [
        msgspec.json.encode(
            {
                "id": one.source_id,
                "status": "recalled",
                "gone_from": f"delivery {delivery_no}",
            }
        )
        for one in gone
    ]
    return replace(
        part,
        delivery_id=f"{file_id}-gone",
        records=records,
        whole=b"".join(records),
        cells=False,
        lines=None,
        totals={},
    )


def revised(session: Session, superseded: Sequence[Superseded]) -> list[Revised]:
    """Return the time of what stopped counting, before and after."""
    if not superseded:
        return []
    return session.all(
        QUERIES["revised_versions"],
        Revised,
        entry_nos=[one.entry_no for one in superseded],
        revisions=[one.revision for one in superseded],
        by_revisions=[one.by_revision for one in superseded],
    )


def has_exports(session: Session, connection_no: int) -> bool:
    """Say whether entries of a connection are named by the keys of its exports."""
    found = session.value(QUERIES["has_exports"], bool, connection_no=connection_no)
    return bool(found)
