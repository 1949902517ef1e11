"""Build the master data a draft would give, without recording anything."""

from collections.abc import Iterator, Sequence
from datetime import date

from hourline.master.model import KINDS, MasterVersion
from hourline.master.rulebook.columns import as_record
from hourline.master.rulebook.differences import RowDifference, Steps, steps_of
from hourline.master.rulebook.model import Book, Finding, Place, error
from hourline.master.rulebook.tables import TABLE_BY_NAME, TABLES
from hourline.master.snapshot import Snapshot, UnusableRecord, build_snapshot
from hourline.master.store import MasterState

_REFUSALS_MAX = 25
_TABLE_OF_KIND = {table.kind.kind: table.name for table in TABLES}


def in_order(differences: Sequence[RowDifference]) -> list[Steps]:
    """Return what a publication records, in the order kinds depend on each other."""
    places = {kind: place for place, kind in enumerate(KINDS)}
    steps = [steps_of(one) for one in differences]
    return sorted(steps, key=lambda one: places[TABLE_BY_NAME[one.table].kind])


def draft_snapshot(
    state: MasterState, differences: Sequence[RowDifference]
) -> Snapshot:
    """Return the snapshot after a publication; raise UnusableRecord."""
    versions = [*state.versions, *_versions(state, in_order(differences))]
    return build_snapshot(versions, state.references, change_no=state.change_no + 1)


def _versions(state: MasterState, steps: Sequence[Steps]) -> Iterator[MasterVersion]:
    known = {(version.content.kind, version.id): version for version in state.versions}
    new_no = max((version.master_no for version in state.versions), default=0)
    change_no = state.change_no
    for one in steps:
        table = TABLE_BY_NAME[one.table]
        last = known.get((table.kind.kind, one.id))
        if last is None:
            new_no += 1
        master_no = new_no if last is None else last.master_no
        if one.withdrawn_from is not None and last is not None:
            change_no += 1
            yield MasterVersion(
                master_no=master_no,
                change_no=change_no,
                id=one.id,
                effective_from=one.withdrawn_from,
                effective_until=date.max,
                content=last.content,
                withdrawn=True,
            )
        for row in one.rows:
            change_no += 1
            yield MasterVersion(
                master_no=master_no,
                change_no=change_no,
                id=one.id,
                effective_from=row.starts,
                effective_until=row.ends,
                content=as_record(table, dict(row.cells)),
            )


def try_to_build(
    state: MasterState, differences: Sequence[RowDifference], book: Book
) -> tuple[Snapshot | None, list[Finding]]:
    """Return the snapshot after a publication, or every row that it refuses.

    A refused row is left out to find the next, at most 25 of them.
    """
    findings: list[Finding] = []
    left = list(differences)
    while len(findings) < _REFUSALS_MAX:
        try:
            built = draft_snapshot(state, left)
        except UnusableRecord as refusal:
            findings.append(as_finding(refusal, book))
            rest = [one for one in left if not _is_about(one, refusal)]
            if len(rest) == len(left):
                return None, findings
            left = rest
        else:
            return (None if findings else built), findings
    return None, findings


def _is_about(difference: RowDifference, refusal: UnusableRecord) -> bool:
    table = _TABLE_OF_KIND.get(refusal.kind)
    return (difference.table, difference.id) == (table, refusal.record_id)


def _place(refusal: UnusableRecord, table: str, book: Book) -> Place:
    """Return where a refused record stands: its last row, of those that begin by then.

    Rows that say nothing of an id share the one that is made of what they match.
    """
    rows = [row for row in book.get(table, []) if row.id == refusal.record_id]
    starts = refusal.starts
    begun = [row for row in rows if starts is None or row.starts <= starts] or rows
    if not begun:
        return Place("master data")
    return max(begun, key=lambda row: row.starts).place


def as_finding(refusal: UnusableRecord, book: Book) -> Finding:
    """Return what makes a draft unusable as an error, at the row that says so."""
    table = _TABLE_OF_KIND.get(refusal.kind, refusal.kind)
    place = _place(refusal, table, book)
    why = f"{refusal.why[:1].upper()}{refusal.why[1:]}"
    return error(
        table,
        place,
        f"{why} ({refusal.kind} {refusal.record_id}).",
        refusal.remedy,
    )
