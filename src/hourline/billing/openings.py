"""Take over what an acquired unit brings along, and take it back as an exact mirror."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hourline.billing.opening_balances import join_positions, leave_positions
from hourline.billing.store import QUERIES, lock_contracts
from hourline.billing.store_openings import (
    Agreed,
    Batch,
    BookedLine,
    ListedPosition,
    read_lines,
    read_positions,
    write_batch,
    write_positions,
)
from hourline.infra.bulk import Cell
from hourline.infra.database import Session
from hourline.kernel.codes import Cause
from hourline.kernel.openings import (
    OpeningKind,
    OpeningPosition,
    OpeningRow,
    RowProblem,
)
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


def keep_opening_file(session: Session, name: str, content: bytes) -> bytes:
    """Keep a file as it came and return the hash it is known by; twice is once."""
    file_hash = hashlib.sha256(content).digest()
    session.run(
        QUERIES["keep_opening_file"], file_hash=file_hash, name=name, content=content
    )
    return file_hash


def kept_opening_file(session: Session, file_hash: bytes) -> tuple[str, bytes]:
    """Return name and content of a kept file; raise LookupError."""
    for name, content in session.tuples(QUERIES["opening_file"], file_hash=file_hash):
        if hashlib.sha256(content).digest() == file_hash:
            return name, bytes(content)
    raise LookupError(f"there is no file {file_hash.hex()} as it came")


def batches_of_file(
    session: Session, connection_no: int, file_hash: bytes
) -> list[int]:
    """Return the batches in which a file already counts."""
    rows = session.tuples(
        QUERIES["batches_of_file"], connection_no=connection_no, file_hash=file_hash
    )
    return [batch_no for (batch_no,) in rows]


def taken_before(
    session: Session,
    connection_no: int,
    rows: Sequence[OpeningRow],
    *,
    entries: Iterable[str],
) -> list[RowProblem]:
    """Return the rows whose position is here already, or twice in the file.

    `entries` are the ids of entries that came by the connection and are in force.
    """
    stored = session.tuples(
        QUERIES["references_taken"],
        connection_no=connection_no,
        references=[row.reference for row in rows],
    )
    places = {
        (OpeningKind(kind), reference): f"row {row_no} of batch {batch_no}"
        for kind, reference, batch_no, row_no in stored
    }
    work = OpeningKind.OPEN_WORK
    for id_ in entries:
        places.setdefault((work, id_), "a time entry that came by the connection")
    found = []
    for row in rows:
        place = places.setdefault((row.kind, row.reference), f"line {row.line}")
        if place != f"line {row.line}":
            found.append(RowProblem(row.line, "reference", _duplicate(row, place)))
    return found


def _duplicate(row: OpeningRow, place: str) -> Problem:
    return Problem(
        ProblemCode.OPENING_DUPLICATE,
        f"{row.kind.name.lower()} {row.reference} is {place} already.",
        "Leave the row out, or reverse the earlier position first.",
        {"reference": row.reference},
    )


def record_openings(
    session: Session,
    batch: Batch,
    positions: Sequence[OpeningPosition],
    entries: Mapping[int, tuple[int, int]],
) -> None:
    """Record a batch; `entries` has entry and revision of open work by its line."""
    lock_contracts(session, [one.contract_no for one in positions])
    write_batch(session, batch)
    numbers = write_positions(session, batch, positions, entries)
    join_positions(session, read_lines(session, numbers))


def reversible(
    session: Session, batch_no: int, rows: Sequence[int] | None
) -> list[ListedPosition] | list[RowProblem]:
    """Return the positions to take back, or why one of them cannot be; locks them.

    All of a batch that are not reversed by default. Raises LookupError for a row that
    is no position of the batch, or is reversed already, and where nothing is left.
    """
    positions = read_positions(session, batch_no, rows)
    lock_contracts(session, [one.contract_no for one in positions])
    positions = read_positions(session, batch_no, rows)
    named = {one.row_no for one in positions if not one.reversed}
    missing = sorted(set(rows or ()) - named)
    if missing:
        numbers = ", ".join(str(row) for row in missing)
        raise LookupError(f"batch {batch_no} has no position to reverse on {numbers}")
    left = [one for one in positions if not one.reversed]
    if not left:
        raise LookupError(f"batch {batch_no} has no position to reverse")
    billed = [one for one in left if one.is_billed]
    return [RowProblem(one.row_no, None, _billed(one)) for one in billed] or left


def _billed(position: ListedPosition) -> Problem:
    return Problem(
        ProblemCode.OPENING_BILLED,
        f"Position {position.reference} of batch {position.batch_no} stands on an"
        " invoice.",
        "Credit it there first, then reverse it.",
        {"reference": position.reference},
    )


def reverse_openings(
    session: Session,
    snapshot: Snapshot,
    positions: Sequence[ListedPosition],
    *,
    agreed: Agreed,
) -> None:
    """Record that positions are taken back, and mirror what no entry carries.

    Raises NoOpenPeriod where no month is open to mirror in.
    """
    position_nos = [one.position_no for one in positions]
    session.run(
        QUERIES["reverse_positions"],
        position_nos=position_nos,
        proposal_no=agreed.proposal_no,
        reason=agreed.reason,
        proposer=agreed.proposer,
        approver=agreed.approver,
    )
    lines = read_lines(session, position_nos)
    if lines:
        now = session.value(QUERIES["transaction_time"], datetime)
        rows = [_mirror(snapshot, line) | {"recorded_at": now} for line in lines]
        session.load(
            "journal_line", {name: [row[name] for row in rows] for name in rows[0]}
        )
    leave_positions(session, [_on_its_day(snapshot, line) for line in lines])


def _on_its_day(snapshot: Snapshot, line: BookedLine) -> BookedLine:
    day = snapshot.accounting_date(line.entity_no, line.accounting_date, None)
    return replace(line, accounting_date=day)


def _mirror(snapshot: Snapshot, line: BookedLine) -> dict[str, Cell]:
    kept: dict[str, Cell] = {name: getattr(line, name) for name in BookedLine.__slots__}
    return {
        **kept,
        "cause": int(Cause.OPENING),
        "cause_revision": 0,
        "mirror": True,
        "debit": line.credit,
        "credit": line.debit,
        "accounting_date": snapshot.accounting_date(
            line.entity_no, line.accounting_date, None
        ),
    }
