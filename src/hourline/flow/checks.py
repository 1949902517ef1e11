"""Try out connections without changing anything: reachable, authorised, readable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hourline.connectors.sdk.booked import BookedSpan
from hourline.connectors.sdk.ports import Reached
from hourline.connectors.sdk.source import NotRead
from hourline.flow.connections import Connections
from hourline.flow.sources import NOT_SET_UP
from hourline.flow.transactions import NotKnown
from hourline.infra.database import Database
from hourline.master.store import connections as configured_connections

# Books are asked for a day without documents: whether they answer is the question.
_NO_DAYS = BookedSpan(date(1990, 1, 1), date(1990, 1, 2))


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what one check of a connection found."""

    connection: str
    what: str
    found: str
    answers: bool


def check_connections(
    database: Database,
    tenant: int,
    connections: Connections,
    *,
    names: Sequence[str] = (),
) -> list[Checked]:
    """Ask each named connection (default: all) for the first page of every stream.

    A connection that is only written to is asked for any answer at its address. Raises
    NotKnown for a name that no connection has.
    """
    with database.tenant(tenant) as session:
        configured = configured_connections(session)
    known = {found.name: found for found in configured}
    for name in names:
        if name not in known:
            raise NotKnown(f"The tenant has no connection '{name}'.")
    checked: list[Checked] = []
    for name in names or known:
        if not known[name].is_called:
            checked.append(Checked(name, "address", "only sends", answers=True))
            continue
        try:
            reached = connections.reach(tenant, known[name].connection_no)
        except NOT_SET_UP as fault:
            checked.append(Checked(name, "set-up", str(fault), answers=False))
        else:
            checked += [
                Checked(
                    name,
                    what,
                    "answers" if why is None else why.reason,
                    answers=why is None,
                )
                for what, why in _answers(reached)
            ]
    return checked


def _answers(reached: Reached) -> Iterator[tuple[str, NotRead | None]]:
    """Yield each stream with why it cannot be read, None where it can."""
    masters, sources, books = reached.masters(), reached.sources(), reached.booked()
    for name, master in masters.items():
        yield name, _fault(master.fetch_page(""))
    for name, source in sources.items():
        yield name, _fault(source.fetch_page(""))
    for kind, booked in books.items():
        yield f"booked {kind.name.lower()}", _fault(booked.fetch_page("", _NO_DAYS))
    if not (masters or sources or books):
        yield "address", reached.knock()


def _fault(page: object) -> NotRead | None:
    return page if isinstance(page, NotRead) else None
