"""Keep the books: balances, their proof, and journals for the ERPs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind, Effect, Role
from hourline.kernel.money import currency_numbered
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger import store
from hourline.ledger.model import (
    Dimensions,
    DocumentLine,
    Gathering,
    Grain,
    JournalDocument,
    JournalMember,
    JournalPart,
    Moved,
    RoleSum,
    Unbalanced,
)
from hourline.ledger.rules.sum_lines import sum_lines
from hourline.master.snapshot import RouteScope, Snapshot


def balances(
    session: Session, *, entity_no: int | None = None, until: date = date.max
) -> dict[int, dict[Role, int]]:
    """Return the balance of every role by entity; debit positive, credit negative.

    In minor units of the entity's currency, of what is booked up to and including a
    day; roles never touched are left out.
    """
    found: dict[int, dict[Role, int]] = {}
    for row in store.read_balances(session, entity_no, until):
        found.setdefault(row.entity_no, {})[Role(row.role)] = row.amount
    return found


def balances_by_dimension(
    session: Session, snapshot: Snapshot, *, entity_no: int
) -> dict[tuple[str, str], dict[Role, int]]:
    """Return the balance of every role of an entity by dimension and its id.

    The dimensions are those that a journal of these lines would state, so a line counts
    in each one it has, and one without a project in none; debit is positive, in minor
    units of the entity's currency.
    """
    found: dict[tuple[str, str], dict[Role, int]] = {}
    for row in store.read_entity_sums(session, entity_no):
        own, on_debit, on_credit = _stated_dimensions(snapshot, row)
        for role, dimensions, amount in (
            (Role(row.debit), on_debit or own, row.amount),
            (Role(row.credit), on_credit or own, -row.amount),
        ):
            for dimension in dimensions.named.items():
                roles = found.setdefault(dimension, {})
                roles[role] = roles.get(role, 0) + amount
    return found


def unbalanced(session: Session) -> list[Unbalanced]:
    """Return entity, currency and month with unequal sides; none is the proof."""
    return store.read_unbalanced(session)


def assemble_journals(session: Session, gatherings: Sequence[Gathering]) -> list[int]:
    """Gather the lines that are on no journal of a ledger yet; return the journals.

    Each line is on one journal of a ledger at most, whatever the gatherings were
    before. Lines that come later open the next sequence; a journal never changes. Sale
    and tax are left out: they travel with their invoice or credit note.

    What a ledger never got need not be taken back there: a line and its mirror that are
    both on no journal of it are recorded as offset, and so is the mirror of a line
    whose journal was cancelled. The mirror of a line that is still on its way waits.
    """
    store.lock_assembly(session)
    routed: dict[int, list[RouteScope]] = {}
    for gathering in gatherings:
        routed.setdefault(gathering.connection_no, []).append(gathering.scope)
    for connection_no, scopes in routed.items():
        store.write_offsets(session, connection_no, scopes)
    return [
        journal_no
        for gathering in gatherings
        for journal_no in store.write_journals(session, gathering)
    ]


def journal_document(
    session: Session, snapshot: Snapshot, journal_no: int
) -> JournalDocument | Problem:
    """Return a journal as an ERP shall book it, summed by account and dimensions.

    Returns the problem `account_not_found` where the chart of accounts lacks a role.
    Raises LookupError for an unknown journal.
    """
    head = store.read_journal(session, journal_no)
    sums = store.read_journal_sums(session, journal_no)
    lines = _lines(snapshot, head.entity_no, sums, on=head.accounting_date)
    if isinstance(lines, Problem):
        return lines
    return JournalDocument(
        journal_no=journal_no,
        entity_no=head.entity_no,
        effect=Effect(head.kind),
        grain=Grain(head.grain),
        group_key=head.group_key,
        accounting_date=head.accounting_date,
        sequence=head.sequence,
        currency=currency_numbered(head.currency).code,
        lines=lines,
        content_hash=head.content_hash,
    )


def journal_identity(session: Session, journal_no: int) -> str:
    """Return what a journal is in the terms of the business, for its key.

    A summary is its group with its members; the journal of one cause is that cause.
    Raises LookupError for an unknown journal.
    """
    head = store.read_journal(session, journal_no)
    effect, members = Effect(head.kind).name, head.content_hash.hex()
    group = f"{head.entity_no}:{effect}:{head.grain}:{head.group_key}:{head.sequence}"
    return group if head.grain == Grain.CAUSE else f"{group}:{members}"


def document_lines(
    session: Session, snapshot: Snapshot, document_no: int, *, kind: DocumentKind
) -> tuple[DocumentLine, ...] | Problem:
    """Return sale and tax of an issued invoice or credit note by account.

    Returns the problem `account_not_found` where the chart of accounts lacks a role.
    Raises LookupError for an unknown document.
    """
    entity_no = store.read_entity_of_document(session, document_no)
    sums = store.read_document_sums(session, document_no, kind)
    booked_on = store.read_date_of_document(session, document_no)
    return _lines(snapshot, entity_no, sums, on=booked_on)


def journal_members(session: Session, journal_no: int) -> list[JournalMember]:
    """Return the lines a journal was summed from, each with what caused it."""
    return store.read_journal_members(session, journal_no)


def journal_parts(
    session: Session, snapshot: Snapshot, journal_no: int
) -> list[JournalPart] | Problem:
    """Return the lines of a journal with the accounts each moves: its drill-down.

    With the master data that the journal's document was made with, they add up to the
    document's lines exactly. Returns and raises as `journal_document`.
    """
    head = store.read_journal(session, journal_no)
    parts = []
    for member in store.read_journal_members(session, journal_no):
        moved = _moved(
            snapshot, head.entity_no, member.role_sum, on=head.accounting_date
        )
        if isinstance(moved, Problem):
            return moved
        parts.append(JournalPart(member, moved))
    return parts


def _lines(
    snapshot: Snapshot, entity_no: int, sums: Iterable[RoleSum], *, on: date
) -> tuple[DocumentLine, ...] | Problem:
    moves = []
    for row in sums:
        moved = _moved(snapshot, entity_no, row, on=on)
        if isinstance(moved, Problem):
            return moved
        moves.append(moved)
    return sum_lines(moves)


def _moved(
    snapshot: Snapshot, entity_no: int, row: RoleSum, *, on: date
) -> Moved | Problem:
    debit = account_of(
        snapshot, entity_no, Role(row.debit), project_no=row.project_no, on=on
    )
    if isinstance(debit, Problem):
        return debit
    credit = account_of(
        snapshot, entity_no, Role(row.credit), project_no=row.project_no, on=on
    )
    if isinstance(credit, Problem):
        return credit
    project, on_debit, on_credit = _stated_dimensions(snapshot, row)
    return Moved(
        debit,
        credit,
        project,
        row.amount,
        debit_dimensions=on_debit,
        credit_dimensions=on_credit,
    )


def _stated_dimensions(
    snapshot: Snapshot, row: RoleSum
) -> tuple[Dimensions, Dimensions | None, Dimensions | None]:
    """Return the project's dimensions, and where it has others the side's own."""
    own = dimensions_of(snapshot, row.project_no)
    if row.person_cost_centre_no is None:
        return own, None, None
    own = replace(own, cost_centre=_department(snapshot, row.project_cost_centre_no))
    other = replace(own, cost_centre=_department(snapshot, row.person_cost_centre_no))
    recovered = Role.CROSS_CHARGE_RECOVERY
    return (
        own,
        other if row.debit == recovered else None,
        other if row.credit == recovered else None,
    )


def _department(snapshot: Snapshot, cost_centre_no: int | None) -> str | None:
    kept = snapshot.catalogue.cost_centres
    dense = kept.dense_of_no.get(cost_centre_no) if cost_centre_no else None
    return None if dense is None else kept.ids[dense]


def entity_of_document(session: Session, document_no: int) -> int:
    """Return in whose books an invoice or credit note stands; raise LookupError."""
    return store.read_entity_of_document(session, document_no)


def date_of_document(session: Session, document_no: int) -> date:
    """Return the accounting date of an invoice or credit note; raise LookupError."""
    return store.read_date_of_document(session, document_no)


def account_of(
    snapshot: Snapshot,
    entity_no: int,
    role: Role,
    *,
    project_no: int | None = None,
    on: date | None = None,
) -> str | Problem:
    """Return the account of a role, for a project that of its service line.

    `on` is the accounting date; without it the account is the one named last.
    Returns the problem `account_not_found` where the chart of accounts has none.
    """
    service_line_no = (
        None if project_no is None else snapshot.project(project_no).service_line_no
    )
    number = snapshot.account(entity_no, role, service_line_no, on=on)
    if number is not None:
        return number
    entity, name = snapshot.entity(entity_no).id, role.name.lower()
    return Problem(
        ProblemCode.ACCOUNT_NOT_FOUND,
        f"The chart of accounts of {entity} has no account for the role {name}.",
        f"Add a ledger account of {entity} for {name}; the document is then sent.",
        {"entity": entity, "role": name},
    )


def dimensions_of(snapshot: Snapshot, project_no: int | None) -> Dimensions:
    """Return the dimensions of what is booked for a project."""
    if project_no is None:
        return Dimensions()
    project = snapshot.project(project_no).content
    return Dimensions(project.service_line, project.cost_centre)
