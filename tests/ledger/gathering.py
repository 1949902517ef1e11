"""Gather journal lines as routes would ask for them; every default takes all lines."""

from datetime import date

from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind, Role
from hourline.ledger.model import Gathering, Grain
from hourline.ledger.service import assemble_journals
from hourline.master.snapshot import RouteScope
from hourline.master.store import set_connection
from hourline.posting.store import insert_intent
from tests.billing.books import insert_line


def scope(
    *,
    entity_no: int | None = None,
    effect: int | None = None,
    effective_from: date = date.min,
    effective_until: date = date.max,
) -> RouteScope:
    """Give what a route covers."""
    return RouteScope(
        entity_no=entity_no,
        effect=effect,
        effective_from=effective_from,
        effective_until=effective_until,
    )


def gathering(
    session: Session,
    *,
    ledger: str = "books",
    grain: Grain = Grain.DAY,
    covers: RouteScope | None = None,
    besides: tuple[RouteScope, ...] = (),
) -> Gathering:
    """Give a gathering for a ledger, which is set up."""
    return Gathering(
        connection_no=set_connection(session, name=ledger, connector="sandbox_atlas"),
        grain=grain,
        scope=covers or scope(),
        besides=besides,
    )


def gather(session: Session, *, entity_no: int | None = None) -> list[int]:
    """Gather the lines of one entity or all for one ledger, day by day."""
    covers = scope(entity_no=entity_no)
    return assemble_journals(session, [gathering(session, covers=covers)])


def accrue(session: Session, number: int, **changes: object) -> None:
    """Insert an accrual caused by the entry of a number."""
    insert_line(session, cause_no=number, **changes)  # type: ignore[arg-type]  # by name


def take_back(session: Session, number: int, **changes: object) -> None:
    """Insert the mirror of such an accrual."""
    sides = {"debit": Role.ACCRUED_REVENUE, "credit": Role.WIP}
    insert_line(session, cause_no=number, mirror=True, **sides, **changes)  # type: ignore[arg-type]  # by name


def plan(session: Session, made: Gathering, journal_no: int) -> None:
    """Plan a journal at the system its lines were gathered for."""
    insert_intent(
        session,
        connection_no=made.connection_no,
        kind=DocumentKind.JOURNAL,
        document_no=journal_no,
        payload="{}",
    )
