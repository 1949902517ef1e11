"""Read master data from the firm's systems, and settle which system owns what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.patience import PATIENCE, Patience
from hourline.connectors.sdk.registry import connector
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.connections import Connections
from hourline.flow.masters import change_master
from hourline.flow.transactions import now
from hourline.infra.database import Database
from hourline.infra.secrets import CannotUnseal
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master import store
from hourline.master.sync import ConnectedStream, StreamSynced, Synced, sync_streams

# What reaching a connection raises where it is not set up to its end.
NOT_SET_UP = (LookupError, ValueError, CannotUnseal)


class _Scope(msgspec.Struct, frozen=True):
    """Say which legal entities a system speaks for; none means all."""

    entities: frozenset[str] = frozenset()


def own_kinds(database: Database, tenant: int) -> None:
    """Make each connection the owner of the kinds that its connector alone declares.

    Where several systems declare a kind, as two ERPs do, none owns it for the whole
    firm: the setting `entities` of each says which legal entities it speaks for.
    """
    with database.tenant(tenant) as session:
        claims = [
            (kind, found.connection_no)
            for found in store.connections(session)
            for kind in connector(found.connector).owns
        ]
        claimed = Counter(kind for kind, _ in claims)
        for kind, connection_no in claims:
            if claimed[kind] == 1:
                master.own_field(session, kind, "*", connection_no)
            else:
                master.share_field(session, kind, "*")


def sync_master(
    database: Database,
    tenant: int,
    connections: Connections,
    *,
    patience: Patience = PATIENCE,
) -> Synced:
    """Read master data of every connection; what cannot be read waits in its queue."""
    streams, unreached = _streams(database, tenant, connections)

    def apply(connection_no: int, changes: Sequence[MasterChange]) -> master.Applied:
        return change_master(
            database, tenant, changes, connection_no=connection_no, as_page=True
        )

    synced = sync_streams(
        streams, apply, positions=_Positions(database, tenant), patience=patience
    )
    _queue(database, tenant, synced.streams, unreached)
    return Synced((*unreached, *synced.streams))


def _streams(
    database: Database, tenant: int, connections: Connections
) -> tuple[list[ConnectedStream], list[StreamSynced]]:
    """Return the streams of every connection, and the connections without any way."""
    with database.tenant(tenant) as session:
        configured = store.connections(session)
    streams: list[ConnectedStream] = []
    unreached = []
    for found in configured:
        try:
            declared = connector(found.connector)
            if declared.masters and found.is_called:
                scope = msgspec.convert(found.settings, _Scope)
                reached = connections.reach(tenant, found.connection_no)
                streams += [
                    ConnectedStream(
                        found.connection_no,
                        found.name,
                        name,
                        port,
                        owns=declared.owns,
                        entities=scope.entities,
                    )
                    for name, port in reached.masters().items()
                ]
        except NOT_SET_UP as fault:
            unreached.append(
                StreamSynced(
                    found.connection_no, found.name, "*", problem=_not_set_up(fault)
                )
            )
    return streams, unreached


@dataclass(frozen=True, slots=True)
class _Positions:
    """Keep the positions of a tenant's streams in its database."""

    database: Database
    tenant: int

    def read(self, stream: ConnectedStream) -> str:
        with self.database.tenant(self.tenant) as session:
            kept = store.sync_position(session, stream.connection_no, stream.name)
        return kept or ""

    def keep(self, stream: ConnectedStream, cursor: str | None) -> None:
        with self.database.tenant(self.tenant) as session:
            store.keep_sync_position(session, stream.connection_no, stream.name, cursor)


def _not_set_up(fault: Exception) -> Problem:
    return Problem(
        ProblemCode.SOURCE_UNREACHABLE,
        f"The connection is not set up: {fault}",
        "Complete its settings and its secret; the next sync reads it.",
    )


def _queue(
    database: Database,
    tenant: int,
    read: Sequence[StreamSynced],
    unreached: Sequence[StreamSynced],
) -> None:
    at = now()
    failed = [
        (stream_subject(found.connection_no, found.stream), found.problem)
        for found in (*read, *unreached)
        if found.problem is not None
    ]
    named = [
        stream_subject(found.connection_no, name)
        for found in read
        for name in (found.stream, "*")
    ]
    well = [subject for subject in named if subject not in dict(failed)]
    with database.tenant(tenant) as session:
        exceptions.resolve_subjects(session, well, resolution="read again", at=at)
        exceptions.open_items(session, failed, at=at)


def stream_subject(connection_no: int, stream: str) -> Subject:
    """Return what an exception about a stream of a connection is about."""
    return Subject("stream", f"{connection_no}/{stream}")
