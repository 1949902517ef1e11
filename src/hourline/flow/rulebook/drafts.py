"""Check a rulebook against itself, master data and what could not be decided with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.flow.rulebook.coverage import uncovered
from hourline.flow.rulebook.files import RulebookFile, source_tables
from hourline.flow.rulebook.limits import check_limits
from hourline.flow.rulebook.losses import Uncovered, as_findings
from hourline.flow.transactions import snapshot_of
from hourline.infra.database import Database, Session
from hourline.master.rulebook.agreements import check_agreements
from hourline.master.rulebook.checking import (
    check_book,
    check_places,
    check_what_ends,
)
from hourline.master.rulebook.differences import RowDifference, compare, current_book
from hourline.master.rulebook.drafting import try_to_build
from hourline.master.rulebook.model import Book, Finding, Place, Severity, error
from hourline.master.rulebook.reading import read_book
from hourline.master.rulebook.store import (
    kept_book,
    owned_kinds,
    rulebook_version,
)
from hourline.master.rulebook.tables import (
    CONTRACT_CUSTOMERS,
    TABLE_BY_NAME,
    TABLES,
)
from hourline.master.snapshot import Snapshot
from hourline.master.store import MasterState, load_state

_WHOLE = frozenset({CONTRACT_CUSTOMERS.name})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Hold a rulebook as checked: its rows, what is wrong, what it would change.

    `base` is what holds in its tables now, `snapshot` the master data it would give:
    None where something is wrong. `uncovered` is what has a row now and none then.
    """

    book: Book
    base: Book
    findings: list[Finding]
    differences: list[RowDifference]
    effective_on: date
    state: MasterState
    snapshot: Snapshot | None
    uncovered: list[Uncovered]

    @property
    def errors(self) -> list[Finding]:
        """Give the findings that stop a publication."""
        return _errors(self.findings)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Count what changes, by table and word."""
        counted: dict[str, Counter[str]] = {}
        for one in self.differences:
            counted.setdefault(one.table, Counter())[one.word] += 1
        return {table: dict(words) for table, words in counted.items()}


def check_rulebook(
    database: Database,
    tenant: int,
    files: Sequence[RulebookFile],
    *,
    effective_on: date,
) -> Draft:
    """Return a rulebook of files as checked; nothing is changed by looking."""
    with database.tenant(tenant) as session:
        return draft_of_files(session, files, effective_on=effective_on)


def draft_of_files(
    session: Session, files: Sequence[RulebookFile], *, effective_on: date
) -> Draft:
    """Return the same within a transaction."""
    tables, findings = source_tables(files)
    in_order = [table.name for table in TABLES if table.order]
    standing = current_book(snapshot_of(session), in_order)
    book, faults = read_book(tables, standing)
    findings += faults
    if not book and not findings:
        place = Place(files[0].name if files else "the folder")
        findings.append(
            error("", place, "There is no table.", "Put one table into each file.")
        )
    return draft_of_book(session, book, findings, effective_on=effective_on)


def draft_of_book(
    session: Session, book: Book, findings: list[Finding], *, effective_on: date
) -> Draft:
    """Return a rulebook as checked against what holds now.

    Rows with a fault are left out already, so the tables are tried without them.
    """
    state = load_state(session)
    known = snapshot_of(session)
    base = current_book(known, list(book))
    unreadable = _errors(findings)
    findings = [*findings, *_owned(session, book), *check_book(book, known)]
    differences = compare(base, book, effective_on=effective_on)
    findings += check_places(book, base, differences)
    # Rows with a fault are left out of the book, but they are not gone.
    faulty = {one.table for one in _errors(findings)}
    whole = {name: rows for name, rows in book.items() if name not in faulty}
    findings += check_what_ends(whole, base, differences, effective_on=effective_on)
    findings += check_agreements(whole, differences)
    snapshot = None
    if len(_errors(findings)) == len(unreadable):
        # What else could not be decided with is told at once. Shares hold together
        # only as a whole, so they are not tried without a row that cannot be read.
        tried = [one for one in differences if one.table not in faulty & _WHOLE]
        built, refused = try_to_build(state, tried, book)
        findings += refused
        if built is not None:
            findings += check_limits(session, book, (known, built))
        snapshot = None if _errors(findings) else built
    lost = []
    if snapshot is not None:
        lost = uncovered(
            session, differences, (known, snapshot), effective_on=effective_on
        )
        findings += as_findings(book, lost)
    return Draft(
        book=book,
        base=base,
        findings=findings,
        differences=differences,
        effective_on=effective_on,
        state=state,
        snapshot=snapshot,
        uncovered=lost,
    )


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]


def _owned(session: Session, book: Book) -> list[Finding]:
    kinds = {TABLE_BY_NAME[name].kind.kind: name for name in book}
    return [
        error(
            kinds[kind],
            book[kinds[kind]][0].place if book[kinds[kind]] else Place(kinds[kind]),
            f"Another system owns {kinds[kind]}: the connection {connection}.",
            "Change the rows there, and leave the table out of the rulebook.",
        )
        for kind, connection in owned_kinds(session, list(kinds)).items()
    ]


def export_book(
    database: Database, tenant: int, *, version_no: int | None = None
) -> Book:
    """Return the tables as they hold now, or as a version published them.

    Tables without a row are left out. Raises LookupError for a version there is not.
    """
    with database.tenant(tenant) as session:
        if version_no is not None:
            version = rulebook_version(session, version_no)
            return kept_book(session, version.content_hash)
        names = [table.name for table in TABLES]
        book = current_book(snapshot_of(session), names)
    return {name: rows for name, rows in book.items() if rows}


def compare_versions(
    database: Database, tenant: int, first: int, second: int
) -> list[RowDifference]:
    """Return what the second of two versions says otherwise; raise LookupError."""
    before = export_book(database, tenant, version_no=first)
    after = export_book(database, tenant, version_no=second)
    whole: Book = {name: after.get(name, []) for name in {**before, **after}}
    return compare(before, whole, effective_on=date.min)
