"""Compare what would have been posted with what a system has in its books."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hourline.connectors.sdk.patience import PATIENCE, Patience
from hourline.flow.booked import Shadowed, compare_seen, read_books, seen_books
from hourline.flow.connections import Connections
from hourline.flow.postings import gather_journals, keep_compared, routes_of
from hourline.flow.transactions import NotKnown, in_one_transaction, snapshot_of
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem
from hourline.master import store as master
from hourline.master.snapshot import Snapshot
from hourline.posting import shadow as kept
from hourline.proof import shadow as proof
from hourline.proof.model import Asked, Compared, Explanation, Listed, ShadowReport
from hourline.proof.rules.name_difference import name_difference
from hourline.proof.rules.readiness import readiness
from hourline.proof.rules.total_up import total_accounts, total_kinds

_DAY = timedelta(days=1)
_Problems = Mapping[DocumentKind, Problem | None]


def shadow_reports(
    database: Database,
    tenant: int,
    connections: Connections,
    asked: Asked,
    *,
    names: Sequence[str] = (),
    patience: Patience = PATIENCE,
) -> list[ShadowReport]:
    """Read the books of each named connection (default: all) and compare them.

    What would be sent is assembled anew first, so that corrected master data shows.
    Nothing is sent but the questions; books that cannot be read are compared as they
    were read last. Raises NotKnown for a name that nothing is compared with.
    """

    def assemble(session: Session) -> list[Shadowed]:
        snapshot = snapshot_of(session)
        gather_journals(session, routes_of(session, snapshot)[0])
        found = _shadowed(session, snapshot, names)
        for one in found:
            _assemble(session, snapshot, one, asked)
        return found

    reports = []
    for one in in_one_transaction(database, tenant, assemble):
        with database.tenant(tenant) as session:
            days = _days(session, one, asked)
        margin = timedelta(days=asked.tolerance.days)
        problems = {
            kind: read_books(
                database,
                tenant,
                connections,
                one,
                kind=kind,
                days=(days[0] - margin, days[1] + margin),
                at=asked.at,
                patience=patience,
            )
            for kind in one.kinds
            if one.shows(kind)
        }
        with database.tenant(tenant) as session:
            reports.append(_report(session, one, asked, problems))
    return reports


def stored_reports(
    database: Database, tenant: int, asked: Asked, *, names: Sequence[str] = ()
) -> list[ShadowReport]:
    """Compare as the books were read last; asks no system anything."""
    with database.tenant(tenant) as session:
        found = _shadowed(session, snapshot_of(session), names)
        return [_report(session, one, asked, {}) for one in found]


def explain_difference(
    database: Database,
    tenant: int,
    asked: Asked,
    difference: str,
    *,
    actor: str,
    reason: str,
) -> Listed:
    """Say why a difference is right as it is, with the reason in the audit chain.

    Raises NotKnown where no comparison shows it now, or it is explained already.
    """
    with database.tenant(tenant) as session:
        for one in _shadowed(session, snapshot_of(session), ()):
            report = _report(session, one, asked, {})
            found = next((x for x in report.listed if x.difference == difference), None)
            if found is not None and found.is_open:
                _explain(session, one, found, actor=actor, reason=reason)
                return found
    raise NotKnown(f"No comparison shows an unexplained difference {difference}.")


def _explain(
    session: Session, one: Shadowed, listed: Listed, *, actor: str, reason: str
) -> None:
    compared = listed.compared
    assert listed.difference is not None  # noqa: S101 - only differences are explained
    said = Explanation(listed.difference, actor, reason)
    proof.explain(session, one.connection_no, said)
    change = ManualChange(
        actor=actor,
        action="shadow.explained",
        subject=f"difference {listed.difference} to connection {one.connection_no}",
        reason=reason,
        before={
            "result": compared.result.value,
            "ours": [document.external_id for document in compared.ours],
            "theirs": [document.external_id for document in compared.theirs],
            "breaks": [f"{b.name}: {b.ours} / {b.theirs}" for b in compared.breaks],
        },
    )
    record_change(session, change)


def _shadowed(
    session: Session, snapshot: Snapshot, names: Sequence[str]
) -> list[Shadowed]:
    compares = [route for route in routes_of(session, snapshot)[0] if route.compares]
    found = [
        Shadowed(
            connection_no=one.connection_no,
            name=one.name,
            connector=one.connector,
            routes=tuple(r for r in compares if r.connection_no == one.connection_no),
        )
        for one in master.connections(session)
        if any(route.connection_no == one.connection_no for route in compares)
    ]
    for name in names:
        if name not in {one.name for one in found}:
            raise NotKnown(f"No route compares documents with '{name}'.")
    return [one for one in found if not names or one.name in names]


def _assemble(
    session: Session, snapshot: Snapshot, one: Shadowed, asked: Asked
) -> None:
    """Keep what is new, then what of the days asked for would be sent otherwise now."""
    for route in one.routes:
        keep_compared(session, snapshot, route)
    since, until = _days(session, one, asked)
    margin = timedelta(days=asked.tolerance.days)
    for route in one.routes:
        scope = replace(
            route.scope,
            effective_from=max(route.scope.effective_from, since - margin),
            effective_until=min(route.scope.effective_until, until + margin),
        )
        asked_for = replace(route, scope=scope)
        keep_compared(session, snapshot, asked_for, again=True)


def _days(session: Session, one: Shadowed, asked: Asked) -> tuple[date, date]:
    """Return the days asked for, within those that the routes compare."""
    told = kept.shadow_since(session, one.connection_no)
    today = asked.at.date()
    first = (told.first_day or today).replace(day=1)
    last = max(told.last_day or today, today) + _DAY
    since = max(asked.since or first, min(r.scope.effective_from for r in one.routes))
    until = min(asked.until or last, max(r.scope.effective_until for r in one.routes))
    return since, max(until, since + _DAY)


def _report(
    session: Session, one: Shadowed, asked: Asked, problems: _Problems
) -> ShadowReport:
    since, until = _days(session, one, asked)
    snapshot = snapshot_of(session)
    margin = timedelta(days=asked.tolerance.days)
    seen = [
        seen_books(session, one, kind, days=(since, until), margin=margin)
        for kind in one.kinds
    ]
    compared = [
        found
        for books in seen
        if books.read_at is not None
        for found in compare_seen(
            session, snapshot, one, seen=books, tolerance=asked.tolerance
        )
    ]
    said = proof.explanations(session, one.connection_no)
    ours = [document for found in compared for document in found.ours]
    theirs = [document for found in compared for document in found.theirs]
    return ShadowReport(
        connection=one.name,
        kept_since=kept.shadow_since(session, one.connection_no).recorded_at,
        since=since,
        until=until,
        books=tuple(replace(books, problem=problems.get(books.kind)) for books in seen),
        listed=tuple(_listed(found, said) for found in compared),
        kinds=total_kinds(ours, theirs),
        accounts=total_accounts(ours, theirs),
        standing=readiness(
            compared, said.keys(), as_of=asked.at.date(), days=asked.ready_days
        ),
    )


def _listed(compared: Compared, said: Mapping[str, Explanation]) -> Listed:
    if compared.agrees:
        return Listed(compared=compared, difference=None, explanation=None)
    name = name_difference(compared)
    return Listed(compared=compared, difference=name, explanation=said.get(name))
