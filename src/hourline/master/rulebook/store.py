"""Keep rulebooks by their hash and publish them as versions of master data."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.infra.queries import load_queries
from hourline.master.rulebook.columns import as_record, columns_of, text_of
from hourline.master.rulebook.differences import RowDifference, Steps
from hourline.master.rulebook.drafting import in_order
from hourline.master.rulebook.model import Book, RuleRow
from hourline.master.rulebook.tables import TABLE_BY_NAME
from hourline.master.store import QUERIES as MASTER_QUERIES
from hourline.master.store import Identity, stored_content, survivor

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class RulebookVersion:
    """Hold a published rulebook: what was proposed, and which changes it made."""

    version_no: int
    based_on: int | None
    draft_hash: bytes
    content_hash: bytes
    effective_on: date
    proposal_no: int
    reason: str
    proposer: str
    approver: str
    first_change_no: int
    change_no: int
    recorded_at: datetime


def book_content(book: Book) -> dict[str, list[dict[str, str]]]:
    """Return a rulebook as plain values in one order, for its hash and its keeping."""
    return {
        name: [
            {
                "id": row.id,
                "from": row.starts.isoformat(),
                "until": row.ends.isoformat(),
                **{f"={column}": text for column, text in row.cells},
            }
            for row in sorted(book[name], key=lambda row: (row.id, row.starts))
        ]
        for name in sorted(book)
    }


def book_of(content: Mapping[str, Sequence[Mapping[str, str]]]) -> Book:
    """Return the rulebook that was kept as plain values."""
    return {
        name: [
            RuleRow(
                name,
                row["id"],
                date.fromisoformat(row["from"]),
                date.fromisoformat(row["until"]),
                tuple(
                    (column, row.get(f"={column}", text_of(stated.default)))
                    for column, stated in columns_of(TABLE_BY_NAME[name]).items()
                ),
            )
            for row in rows
        ]
        for name, rows in content.items()
    }


def book_hash(book: Book) -> bytes:
    """Return the hash by which a rulebook is known, whatever its files are."""
    return hashlib.sha256(encode_json(book_content(book))).digest()


def keep_book(session: Session, book: Book) -> bytes:
    """Keep a rulebook and return its hash."""
    content_hash = book_hash(book)
    session.run(
        QUERIES["keep_content"],
        content_hash=content_hash,
        content=Jsonb(book_content(book)),
    )
    return content_hash


def kept_book(session: Session, content_hash: bytes) -> Book:
    """Return a kept rulebook; raise LookupError, also where it was altered since."""
    rows = session.tuples(QUERIES["content"], content_hash=content_hash)
    if not rows:
        raise LookupError(f"there is no rulebook {content_hash.hex()}")
    content: dict[str, Any] = rows[0][0]
    if hashlib.sha256(encode_json(content)).digest() != content_hash:
        raise LookupError(
            f"rulebook {content_hash.hex()} was altered after it was kept"
        )
    return book_of(content)


def rulebook_versions(session: Session) -> list[RulebookVersion]:
    """Return every published rulebook, the newest first."""
    return session.all(QUERIES["versions"], RulebookVersion)


def rulebook_version(session: Session, version_no: int) -> RulebookVersion:
    """Return a published rulebook; raise LookupError."""
    for version in rulebook_versions(session):
        if version.version_no == version_no:
            return version
    raise LookupError(f"there is no version {version_no} of the rulebook")


def add_version(session: Session, version: RulebookVersion) -> None:
    """Record a published rulebook; `recorded_at` is the database's."""
    fields = {
        name: getattr(version, name)
        for name in RulebookVersion.__slots__
        if name != "recorded_at"
    }
    session.run(QUERIES["add_version"], **fields)


def owned_kinds(session: Session, kinds: Sequence[str]) -> dict[str, str]:
    """Return the kinds that a connection owns, with its name."""
    return dict(session.tuples(QUERIES["owned_kinds"], kinds=list(kinds)))


def lock_tables(session: Session) -> None:
    """Let nobody else change master data until the transaction ends."""
    session.run(MASTER_QUERIES["lock_master"])


def publish(session: Session, differences: Sequence[RowDifference]) -> None:
    """Record the versions that make master data say what a rulebook says.

    The caller holds the lock of master data and has checked the rows; they go in by a
    few statements, however many they are. Raises LookupError for a record that a row
    names and nobody knows.
    """
    identities = {
        one.master_no: one
        for one in session.all(MASTER_QUERIES["identities"], Identity)
    }
    numbers = {
        (one.kind, one.id): survivor(identities, one.master_no).master_no
        for one in identities.values()
    }
    steps = in_order(differences)
    last_no = max(identities, default=0)
    new = []
    for one in steps:
        key = (TABLE_BY_NAME[one.table].kind.kind, one.id)
        if key not in numbers:
            last_no += 1
            numbers[key] = last_no
            new.append({"master_no": last_no, "kind": key[0], "id": key[1]})
    session.run_many(MASTER_QUERIES["add_identity"], new)
    session.run_many(
        MASTER_QUERIES["add_version"],
        [version for one in steps for version in _versions(one, numbers)],
    )


def _versions(
    steps: Steps, numbers: Mapping[tuple[str, str], int]
) -> Iterator[dict[str, object]]:
    kind = TABLE_BY_NAME[steps.table].kind
    master_no = numbers[kind.kind, steps.id]
    if steps.withdrawn_from is not None:
        # It says no more from then on; the content is what it said last.
        yield {
            "master_no": master_no,
            "effective_from": steps.withdrawn_from,
            "effective_until": date.max,
            "connection_no": None,
            "content": Jsonb(_content(steps.said_last, numbers)),
            "withdrawn": True,
        }
    for row in steps.rows:
        yield {
            "master_no": master_no,
            "effective_from": row.starts,
            "effective_until": row.ends,
            "connection_no": None,
            "content": Jsonb(_content(row, numbers)),
            "withdrawn": False,
        }


def _content(row: RuleRow, numbers: Mapping[tuple[str, str], int]) -> dict[str, object]:
    table = TABLE_BY_NAME[row.table]
    cells = dict(row.cells)
    try:
        named = {
            name: numbers[kind, cells[name]]
            for name, kind in table.kind.references.items()
            if cells[name]
        }
    except KeyError as missing:
        raise LookupError(f"{row.table} {row.id} names {missing.args[0]}") from None
    return stored_content(as_record(table, cells), named)
