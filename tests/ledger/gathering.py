"""Gather journal lines as routes would ask for them; every default takes all lines."""

from datetime import date

from hourline.infra.database import Session
from hourline.ledger.model import Gathering, Grain
from hourline.ledger.service import assemble_journals
from hourline.master.snapshot import RouteScope
from hourline.master.store import set_connection


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
