"""Write opening positions with what they bring into the books, and read them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hourline.billing.rules.opening_booking import opening_movement
from hourline.billing.store import QUERIES
from hourline.infra.bulk import Cell
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.openings import OpeningKind, OpeningPosition


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Hold which proposal two people agreed on, and why."""

    proposal_no: int
    reason: str
    proposer: str
    approver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Hold a file that is taken over: from where, as of which day, agreed by whom."""

    batch_no: int
    connection_no: int
    file_hash: bytes
    source: str
    cut_over: date
    to_book: bool
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """Hold a batch with its provenance."""

    batch_no: int
    source: str
    connection: str
    cut_over: date
    to_book: bool
    file: str
    sha256: str
    proposer: str
    approver: str
    reason: str
    recorded_at: datetime
    positions: int
    reversed: int


@dataclass(frozen=True, slots=True)
class ListedPosition:
    """Hold a position with what is billed of it, in seconds or in minor units."""

    position_no: int
    batch_no: int
    row_no: int
    kind: int
    reference: str
    contract: str
    contract_line: str | None
    contract_no: int
    entry_no: int | None
    revision: int | None
    milestone: str | None
    contract_line_no: int | None
    dated: date
    currency: int
    seconds: int
    amount: int
    contract_asset: int
    contract_liability: int
    seconds_billed: int
    amount_billed: int
    live_lines: int
    reversed: bool
    description: str

    @property
    def is_billed(self) -> bool:
        """Say whether something of it stands on an invoice, be it only money."""
        return bool(self.seconds_billed or self.amount_billed or self.live_lines)


@dataclass(frozen=True, slots=True)
class BookedLine:
    """Hold a journal line of a position as it was booked."""

    cause_no: int
    part: int
    effect: int
    entity_no: int
    contract_no: int
    project_no: int | None
    person_no: int | None
    debit: int
    credit: int
    currency: int
    amount: int
    entity_currency: int
    entity_amount: int
    accounting_date: date
    document_date: date


def next_batch_no(session: Session) -> int:
    """Return the number of the next batch; other take-overs wait until the end."""
    session.run(QUERIES["lock_openings"])
    return session.value(QUERIES["next_batch_no"], int) or 1


def write_batch(session: Session, batch: Batch) -> None:
    """Record that a file is taken over."""
    session.run(
        QUERIES["insert_batch"],
        batch_no=batch.batch_no,
        connection_no=batch.connection_no,
        file_hash=batch.file_hash,
        source=batch.source,
        cut_over=batch.cut_over,
        to_book=batch.to_book,
        proposal_no=batch.agreed.proposal_no,
        reason=batch.agreed.reason,
        proposer=batch.agreed.proposer,
        approver=batch.agreed.approver,
    )


def write_positions(
    session: Session,
    batch: Batch,
    positions: Sequence[OpeningPosition],
    entries: Mapping[int, tuple[int, int]],
) -> list[int]:
    """Record positions, what of them can be billed, and their journal lines.

    Returns the numbers of the positions. `entries` has entry and revision of open work
    by the line of its row.
    """
    numbers = session.value(QUERIES["new_position_nos"], list, count=len(positions))
    numbered = list(zip(numbers or [], positions, strict=True))
    amounts = [one for _, one in numbered if one.row.kind is OpeningKind.OPEN_AMOUNT]
    session.load(
        "milestone_reached",
        {
            "contract_line_no": [one.contract_line_no for one in amounts],
            "milestone": [_milestone(batch, one) for one in amounts],
            "contract_no": [one.contract_no for one in amounts],
            "reached_on": [one.dated for one in amounts],
            "amount": [one.amount for one in amounts],
            "currency": [one.row.currency for one in amounts],
            "tax_rule_no": [one.tax_rule_no for one in amounts],
        },
    )
    session.load("opening_position", _columns(batch, numbered, entries))
    _write_lines(session, batch, numbered, entries)
    return [number for number, _ in numbered]


def _milestone(batch: Batch, position: OpeningPosition) -> str | None:
    if position.row.kind is not OpeningKind.OPEN_AMOUNT:
        return None
    return f"opening-{batch.batch_no}-{position.row.line}"


def _description(batch: Batch, position: OpeningPosition) -> str:
    row = position.row
    named = f"{row.description} ({row.reference})" if row.description else row.reference
    return f"opening-{batch.batch_no}-{row.line}: {named}"


def _columns(
    batch: Batch,
    numbered: Sequence[tuple[int, OpeningPosition]],
    entries: Mapping[int, tuple[int, int]],
) -> dict[str, list[Cell]]:
    rows: list[dict[str, Cell]] = []
    for position_no, one in numbered:
        entry_no, revision = entries.get(one.row.line, (None, None))
        rows.append(
            {
                "position_no": position_no,
                "batch_no": batch.batch_no,
                "row_no": one.row.line,
                "kind": int(one.row.kind),
                "connection_no": batch.connection_no,
                "reference": one.row.reference,
                "entity_no": one.entity_no,
                "contract_no": one.contract_no,
                "contract_line_no": one.contract_line_no,
                "entry_no": entry_no,
                "revision": revision,
                "part": None if entry_no is None else 0,
                "milestone": _milestone(batch, one),
                "dated": one.dated,
                "seconds": one.row.seconds,
                "rate_amount": one.rate_amount,
                "rate_seconds": one.rate_seconds,
                "currency": one.row.currency,
                "amount": one.amount,
                "accrued": one.accrued,
                "contract_asset": one.row.contract_asset,
                "contract_liability": one.liability,
                "entity_currency": one.entity_currency,
                "entity_amount": one.entity_amount,
                "description": _description(batch, one),
            }
        )
    return {name: [row[name] for row in rows] for name in rows[0]}


def _write_lines(
    session: Session,
    batch: Batch,
    numbered: Sequence[tuple[int, OpeningPosition]],
    entries: Mapping[int, tuple[int, int]],
) -> None:
    # Open work carries its line as its entry, so that it is mirrored like any other.
    now = session.value(QUERIES["transaction_time"], datetime)
    rows: list[dict[str, Cell]] = []
    for position_no, one in numbered:
        movement = opening_movement(one, to_book=batch.to_book)
        if movement is None:
            continue
        entry = entries.get(one.row.line)
        rows.append(
            {
                "cause": int(Cause.OPENING if entry is None else Cause.ENTRY),
                "cause_no": position_no if entry is None else entry[0],
                "cause_revision": 0 if entry is None else entry[1],
                "part": movement.part,
                "effect": int(movement.effect),
                "mirror": False,
                "entity_no": one.entity_no,
                "contract_no": one.contract_no,
                "project_no": movement.project_no,
                "person_no": movement.person_no,
                "debit": int(movement.debit),
                "credit": int(movement.credit),
                "currency": one.row.currency,
                "amount": movement.amount,
                "entity_currency": one.entity_currency,
                "entity_amount": movement.entity_amount,
                "accounting_date": batch.cut_over,
                "document_date": one.dated,
                "recorded_at": now,
            }
        )
    if rows:
        session.load(
            "journal_line", {name: [row[name] for row in rows] for name in rows[0]}
        )


def read_batches(session: Session) -> list[ListedBatch]:
    """Return every batch, the first one first."""
    return session.all(QUERIES["batches"], ListedBatch)


def read_positions(
    session: Session, batch_no: int, rows: Sequence[int] | None = None
) -> list[ListedPosition]:
    """Return the positions of a batch, those of some rows or all."""
    return session.all(
        QUERIES["positions_listed"],
        ListedPosition,
        batch_no=batch_no,
        rows=None if rows is None else list(rows),
    )


def read_lines(session: Session, position_nos: Sequence[int]) -> list[BookedLine]:
    """Return the journal lines of positions that no entry carries."""
    return session.all(
        QUERIES["lines_of_openings"],
        BookedLine,
        cause_opening=int(Cause.OPENING),
        position_nos=list(position_nos),
        effects=[int(Effect.OPENING), int(Effect.OPENING_TO_BOOK)],
    )
