"""Read and append master data: identities, versions and cross-references."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from hourline.infra.database import Session
from hourline.infra.json import decode_json, encode_json
from hourline.infra.queries import load_queries
from hourline.master.model import (
    KIND_BY_NAME,
    CrossReference,
    MasterVersion,
    Record,
)

QUERIES = load_queries(__package__)

# A kind and an id.
Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """Hold the number and canonical id of a record."""

    master_no: int
    kind: str
    id: str
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """Hold a version as stored: references are record numbers.

    From the date of a `withdrawn` one on, the record says nothing.
    """

    effective_from: date
    effective_until: date
    content: dict[str, Any]
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """Hold a configured link to one of the firm's systems."""

    connection_no: int
    name: str
    connector: str
    states_revisions: bool
    settings: dict[str, Any]

    @property
    def is_called(self) -> bool:
        """Say whether Hourline calls the system; some only send."""
        return "address" in self.settings


@dataclass(frozen=True, slots=True)
class MasterState:
    """Hold everything known of a tenant's master data at one change."""

    change_no: int
    versions: list[MasterVersion]
    references: list[CrossReference]


def latest_change(session: Session) -> int:
    """Return the number of the newest change; 0 before the first."""
    return session.value(QUERIES["latest_change"], int) or 0


def load_state(session: Session, *, known_at: int | None = None) -> MasterState:
    """Return all versions and references as known at a change (default: now)."""
    change_no = latest_change(session) if known_at is None else known_at
    versions = _versions(session, change_no, kinds=None)
    references = session.all(QUERIES["references"], CrossReference, change_no=change_no)
    return MasterState(change_no, versions, references)


def load_versions(session: Session, kinds: Sequence[str]) -> list[MasterVersion]:
    """Return all versions of records of some kinds as known now."""
    return _versions(session, latest_change(session), kinds=list(kinds))


def _versions(
    session: Session, change_no: int, *, kinds: list[str] | None
) -> list[MasterVersion]:
    identities = {
        row.master_no: row for row in session.all(QUERIES["identities"], Identity)
    }
    return [
        MasterVersion(
            master_no=survivor(identities, master_no).master_no,
            change_no=change,
            id=survivor(identities, master_no).id,
            effective_from=effective_from,
            effective_until=effective_until,
            content=_record(kind, content, identities),
            withdrawn=withdrawn,
        )
        for (
            master_no,
            change,
            kind,
            _id,
            effective_from,
            effective_until,
            content,
            withdrawn,
        ) in session.tuples(QUERIES["versions"], change_no=change_no, kinds=kinds)
        if identities[master_no].merged_into is None
    ]


def survivor(identities: Mapping[int, Identity], master_no: int) -> Identity:
    """Return the record a number stands for after all merges."""
    identity = identities[master_no]
    while identity.merged_into is not None:
        identity = identities[identity.merged_into]
    return identity


def _record(
    kind: str, content: dict[str, Any], identities: Mapping[int, Identity]
) -> Record:
    record_type = KIND_BY_NAME[kind]
    fields = dict(content)
    for name in record_type.references:
        if fields.get(name) is not None:
            fields[name] = survivor(identities, fields[name]).id
    return msgspec.convert(fields, record_type, strict=False)


def stored_content(record: Record, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a record as stored: the given reference fields replaced by numbers."""
    fields: dict[str, Any] = decode_json(encode_json(record))
    return {name: numbers.get(name, value) for name, value in fields.items()}


def find_identity(session: Session, kind: str, canonical_id: str) -> Identity | None:
    """Return the record of a kind with a canonical id."""
    return session.first(QUERIES["identity_of"], Identity, kind=kind, id=canonical_id)


def find_reference(
    session: Session, connection_no: int | None, kind: str, source_id: str
) -> int | None:
    """Return the record that an id means when a connection writes it.

    The connection's own ids come first, then canonical ids, then an id that only one
    record has in any other system.
    """
    own = session.value(
        QUERIES["referenced_by_connection"],
        int,
        connection_no=connection_no,
        kind=kind,
        source_id=source_id,
    )
    if own is not None:
        return own
    identity = find_identity(session, kind, source_id)
    if identity is not None:
        return identity.merged_into or identity.master_no
    others = session.tuples(
        QUERIES["referenced_by_any"], kind=kind, source_id=source_id
    )
    return int(others[0][0]) if len(others) == 1 else None


def numbers_of(session: Session, named: Sequence[Named]) -> dict[Named, int]:
    """Return the record of each kind and canonical id, the merged one's survivor."""
    return _by_name(session, "numbers_of", named)


def referred_by(
    session: Session, connection_no: int | None, named: Sequence[Named]
) -> dict[Named, int]:
    """Return the record that a connection means by each kind and id of its own."""
    if connection_no is None:
        return {}
    return _by_name(session, "referred_by", named, connection_no=connection_no)


def referred_by_one(session: Session, named: Sequence[Named]) -> dict[Named, int]:
    """Return the record of each kind and id that all systems using it mean by it."""
    return _by_name(session, "referred_by_one", named)


def _by_name(
    session: Session, query: str, named: Sequence[Named], **parameters: object
) -> dict[Named, int]:
    if not named:
        return {}
    kinds, ids = [kind for kind, _ in named], [id_ for _, id_ in named]
    rows = session.tuples(QUERIES[query], kinds=kinds, ids=ids, **parameters)
    return {(kind, id_): master_no for kind, id_, master_no in rows}


def current_versions(
    session: Session, numbers: Sequence[int]
) -> dict[int, StoredVersion]:
    """Return what was recorded last of each record of which anything was."""
    if not numbers:
        return {}
    rows = session.tuples(QUERIES["current_versions"], numbers=list(numbers))
    return {number: StoredVersion(*fields) for number, *fields in rows}


def published_tables(session: Session) -> frozenset[str]:
    """Return the tables that rulebooks have published."""
    return frozenset(name for (name,) in session.tuples(QUERIES["published_tables"]))


def own_ids(
    session: Session, connection_no: int, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return what a system calls records named by kind and canonical id.

    Where it has several ids for one, the one it told last; what it never named is
    left out.
    """
    rows = session.tuples(
        QUERIES["own_ids"],
        connection_no=connection_no,
        kinds=[kind for kind, _ in wanted],
        ids=[id_ for _, id_ in wanted],
    )
    return {(kind, id_): own_id for kind, id_, own_id in rows}


def current_version(session: Session, master_no: int) -> StoredVersion | None:
    """Return what was recorded last of a record."""
    return session.first(QUERIES["current_version"], StoredVersion, master_no=master_no)


def says_so_already(session: Session, master_no: int, version: StoredVersion) -> bool:
    """Return whether a version is recorded and still holds throughout."""
    found = session.value(
        QUERIES["says_so_already"],
        bool,
        master_no=master_no,
        effective_from=version.effective_from,
        effective_until=version.effective_until,
        content=Jsonb(version.content),
        withdrawn=version.withdrawn,
    )
    return bool(found)


def set_connection(
    session: Session,
    *,
    name: str,
    connector: str,
    states_revisions: bool = True,
    settings: Mapping[str, object] | None = None,
) -> int:
    """Configure a connection by its name and return its number."""
    number = session.value(
        QUERIES["set_connection"],
        int,
        name=name,
        connector=connector,
        states_revisions=states_revisions,
        settings=Jsonb(settings or {}),
    )
    assert number is not None  # noqa: S101 - RETURNING always gives the row
    return number


def connections(session: Session) -> list[Connection]:
    """Return every configured connection in the order of their numbers."""
    return session.all(QUERIES["connections"], Connection)


def sync_position(session: Session, connection_no: int, stream: str) -> str | None:
    """Return where a sync that broke off goes on in a stream, None for its start."""
    return session.value(
        QUERIES["sync_position"],
        str,
        connection_no=connection_no,
        stream=_position_name(stream),
    )


def keep_sync_position(
    session: Session, connection_no: int, stream: str, cursor: str | None
) -> None:
    """Remember how far a stream has been applied; None lets it begin anew."""
    name = _position_name(stream)
    if cursor is None:
        session.run(
            QUERIES["drop_sync_position"], connection_no=connection_no, stream=name
        )
    else:
        session.run(
            QUERIES["keep_sync_position"],
            connection_no=connection_no,
            stream=name,
            cursor=cursor,
        )


def _position_name(stream: str) -> str:
    # A connection's feed of time entries may bear the same name.
    return f"master/{stream}"
