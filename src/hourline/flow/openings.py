"""Take over an acquired unit: check its file, propose it, let a second person agree."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hourline.billing import openings as billing
from hourline.billing.opening_places import OpeningTerms, place_openings
from hourline.billing.store_openings import Agreed, Batch, next_batch_no
from hourline.decide.opening_work import store_opening_work
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.proposals import waiting_like
from hourline.flow.transactions import in_one_transaction, now, snapshot_of
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.database import Database, Session
from hourline.infra.json import decode_json, encode_json
from hourline.intake.opening_entries import (
    OpeningDelivery,
    ids_in_force,
    write_opening_entries,
)
from hourline.intake.opening_file import OpeningRead, read_opening
from hourline.intake.opening_manifest import (
    KindTotal,
    OpeningManifest,
    manifest_differences,
)
from hourline.kernel.money import currency_numbered
from hourline.kernel.openings import OpeningKind, OpeningPosition, RowProblem
from hourline.kernel.problems import Problem

TAKE_OVER = "opening.take_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFile:
    """Hold a file to take over: whose ids it uses, from where, as of which day.

    `to_book` says that the ERP is still to book what the unit brings along.
    """

    connection_no: int
    name: str
    content: bytes
    source: str
    cut_over: date
    to_book: bool = False
    manifest: OpeningManifest | None = None

    @property
    def sha256(self) -> str:
        """Give the hash by which the file is known, whatever its name."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class OpeningChecked:
    """Hold what a file would bring along, or everything that is wrong with it.

    `batches` are those in which this very file counts already.
    """

    rows: int
    totals: list[KindTotal]
    problems: list[RowProblem]
    batches: list[int]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Say in which batch a file was taken over, and what it brought along."""

    batch_no: int
    positions: int
    totals: list[KindTotal]


class CannotTakeOver(Exception):
    """Carry why a file cannot be taken over; all of it is undone."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__("; ".join(one.problem.sentence for one in problems[:3]))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Examined:
    read: OpeningRead
    positions: list[OpeningPosition]
    problems: list[RowProblem]
    totals: list[KindTotal]


def check_opening(database: Database, tenant: int, file: OpeningFile) -> OpeningChecked:
    """Return what a file would bring along; nothing is changed by looking."""
    with database.tenant(tenant) as session:
        return _checked(session, file)


def propose_opening(
    database: Database, tenant: int, file: OpeningFile, *, actor: str, reason: str
) -> tuple[OpeningChecked, int | None]:
    """Propose a file to a second person; return the check and the proposal's number.

    No number where something is wrong with the file or it is taken over already. The
    same file proposed again in the same way, while it waits, is the same proposal.
    """
    with database.tenant(tenant) as session:
        checked = _checked(session, file)
        if checked.problems or checked.batches:
            return checked, None
        content = decode_json(encode_json(_content(file, checked)))
        waiting = waiting_like(session, TAKE_OVER, content)
        if waiting is not None:
            return checked, waiting
        billing.keep_opening_file(session, file.name, file.content)
        return checked, propose_change(
            session, action=TAKE_OVER, content=content, reason=reason, proposer=actor
        )


def approve_opening(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> TakenOver:
    """Approve a file as it was shown and take it over, in one transaction.

    Raises NotApprovable as `approve_change`, CannotTakeOver where the file does not fit
    the master data any more; then nothing is decided.
    """

    def work(session: Session) -> TakenOver:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        if proposal.action != TAKE_OVER:
            msg = f"Proposal {proposal_no} is not about a file of opening positions."
            raise NotApprovable(msg)
        return _take_over(session, proposal, approver=approver)

    return in_one_transaction(database, tenant, work)


def _checked(session: Session, file: OpeningFile) -> OpeningChecked:
    file_hash = bytes.fromhex(file.sha256)
    batches = billing.batches_of_file(session, file.connection_no, file_hash)
    examined = _examine(session, file, taken=bool(batches))
    return OpeningChecked(
        len(examined.read.records), examined.totals, examined.problems, batches
    )


def _examine(session: Session, file: OpeningFile, *, taken: bool = False) -> _Examined:
    """Check the file against itself, its manifest, master data and what is here.

    Of a file that is `taken` over already, every position is here, rightly.
    """
    read = read_opening(file.name, file.content)
    terms = OpeningTerms(file.connection_no, file.cut_over)
    positions, problems = place_openings(snapshot_of(session), read.rows, terms)
    problems = [*read.problems, *problems]
    if not taken:
        problems += _taken_before(session, file, read)
    totals = _totals(positions)
    if file.manifest is not None and not problems:
        problems += [
            RowProblem(None, None, problem)
            for problem in _manifest_differs(file, file.manifest, read, totals)
        ]
    problems.sort(key=lambda one: one.line or 0)
    return _Examined(read, positions, problems, totals)


def _manifest_differs(
    file: OpeningFile,
    manifest: OpeningManifest,
    read: OpeningRead,
    totals: list[KindTotal],
) -> list[Problem]:
    return manifest_differences(
        manifest, totals, sha256=file.sha256, rows=len(read.records)
    )


def _taken_before(
    session: Session, file: OpeningFile, read: OpeningRead
) -> list[RowProblem]:
    work = [row.reference for row in read.rows if row.kind is OpeningKind.OPEN_WORK]
    return billing.taken_before(
        session,
        file.connection_no,
        read.rows,
        entries=ids_in_force(session, file.connection_no, work),
    )


def _totals(positions: Iterable[OpeningPosition]) -> list[KindTotal]:
    found: dict[tuple[OpeningKind, int], KindTotal] = {}
    for one in positions:
        key = (one.row.kind, one.row.currency)
        name = one.row.kind.name.lower()
        before = found.get(key, KindTotal(name, one.row.currency, 0, 0, 0))
        found[key] = KindTotal(
            name,
            one.row.currency,
            before.rows + 1,
            before.seconds + one.row.seconds,
            before.amount + one.amount,
        )
    return [found[key] for key in sorted(found)]


def _content(file: OpeningFile, checked: OpeningChecked) -> dict[str, object]:
    return {
        "file": file.name,
        "sha256": file.sha256,
        "connection_no": file.connection_no,
        "source": file.source,
        "cut_over": file.cut_over,
        "to_book": file.to_book,
        "rows": checked.rows,
        "totals": [
            {
                "kind": one.kind,
                "currency": currency_numbered(one.currency).code,
                "rows": one.rows,
                "seconds": one.seconds,
                "amount": one.amount,
            }
            for one in checked.totals
        ],
    }


def _take_over(session: Session, proposal: Proposal, *, approver: str) -> TakenOver:
    batch_no = next_batch_no(session)
    content = proposal.content
    file_hash = bytes.fromhex(content["sha256"])
    _, kept = billing.kept_opening_file(session, file_hash)
    file = OpeningFile(
        connection_no=content["connection_no"],
        name=content["file"],
        content=kept,
        source=content["source"],
        cut_over=date.fromisoformat(content["cut_over"]),
        to_book=content["to_book"],
    )
    examined = _examine(session, file)
    if examined.problems:
        raise CannotTakeOver(examined.problems)
    agreed = Agreed(
        proposal_no=proposal.proposal_no,
        reason=proposal.reason,
        proposer=proposal.proposer,
        approver=approver,
    )
    batch = Batch(
        batch_no=batch_no,
        connection_no=file.connection_no,
        file_hash=file_hash,
        source=file.source,
        cut_over=file.cut_over,
        to_book=file.to_book,
        agreed=agreed,
    )
    entries = _bring_in_work(session, file, examined, batch_no=batch_no)
    billing.record_openings(session, batch, examined.positions, entries)
    allot(
        session,
        working_snapshot(session),
        {one.contract_no for one in examined.positions},
    )
    return TakenOver(batch_no, len(examined.positions), examined.totals)


def _bring_in_work(
    session: Session, file: OpeningFile, examined: _Examined, *, batch_no: int
) -> dict[int, tuple[int, int]]:
    """Record open work as decided entries; return entry and revision by line."""
    positions = [
        one for one in examined.positions if one.row.kind is OpeningKind.OPEN_WORK
    ]
    if not positions:
        return {}
    # A file without problems has a row for every record, in their order.
    records = dict(
        zip(
            (one.row.line for one in examined.positions),
            examined.read.records,
            strict=True,
        )
    )
    at = now()
    opening = OpeningDelivery(
        connection_no=file.connection_no,
        name=f"opening-{batch_no}-{file.sha256}",
        cut_over=file.cut_over,
        rows=[one.row for one in positions],
        records=[records[one.row.line] for one in positions],
    )
    entries = write_opening_entries(session, opening, recorded_at=at)
    store_opening_work(
        session,
        entries,
        positions,
        cut_over=file.cut_over,
        change_no=snapshot_of(session).change_no,
        recorded_at=at,
    )
    keys = zip(entries.entry_no.tolist(), entries.revision.tolist(), strict=True)
    return dict(zip((one.row.line for one in positions), keys, strict=True))
