"""Keep what a system's books showed, and what people said of the differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind
from hourline.proof.model import Explanation

QUERIES = load_queries(__package__)
_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")
_decoder = msgspec.json.Decoder(BookedDocument)


@dataclass(frozen=True, slots=True)
class Reading:
    """Say when books were read, and for which days; `until` is exclusive."""

    reading_no: int
    kind: int
    since: date
    until: date
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBooks:
    """Hold the documents of one kind that a system showed for some days."""

    connection_no: int
    kind: DocumentKind
    since: date
    until: date
    read_at: datetime
    documents: Sequence[BookedDocument]


def keep_reading(session: Session, books: ReadBooks) -> None:
    """Keep books that were read to their end; earlier readings of the days go."""
    place = {
        "connection_no": books.connection_no,
        "kind": int(books.kind),
        "since": books.since,
        "until": books.until,
        "read_at": books.read_at,
    }
    reading_no = session.value(QUERIES["add_reading"], int, **place)
    by_id = {document.external_id: document for document in books.documents}
    session.run_many(
        QUERIES["add_booked_document"],
        [
            {
                "reading_no": reading_no,
                "external_id": external_id,
                "payload": _encoder.encode(document).decode(),
            }
            for external_id, document in sorted(by_id.items())
        ],
    )
    session.run(QUERIES["drop_covered_readings"], reading_no=reading_no, **place)


def best_reading(
    session: Session, connection_no: int, kind: DocumentKind, *days: date
) -> Reading | None:
    """Return the reading that covers most between two days, None before the first."""
    since, until = days
    return session.first(
        QUERIES["best_reading"],
        Reading,
        connection_no=connection_no,
        kind=int(kind),
        since=since,
        until=until,
    )


def booked_documents(session: Session, reading: Reading) -> list[BookedDocument]:
    """Return the documents a reading showed."""
    rows = session.tuples(QUERIES["booked_documents"], reading_no=reading.reading_no)
    return [_decoder.decode(payload) for (payload,) in rows]


def explain(session: Session, connection_no: int, explanation: Explanation) -> bool:
    """Keep why a difference is right as it is; False where that is said already."""
    kept = session.run(
        QUERIES["explain_difference"],
        connection_no=connection_no,
        difference=explanation.difference,
        actor=explanation.actor,
        reason=explanation.reason,
    )
    return kept > 0


def explanations(session: Session, connection_no: int) -> dict[str, Explanation]:
    """Return what people said, by difference."""
    rows = session.all(
        QUERIES["explanations"], Explanation, connection_no=connection_no
    )
    return {row.difference: row for row in rows}
