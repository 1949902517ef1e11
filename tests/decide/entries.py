"""Put time entries into a tenant's tables as intake does, and read the books."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from hourline.decide.service import decide_entries
from hourline.infra.bulk import Cell
from hourline.infra.database import Session
from hourline.infra.queries import Query
from hourline.kernel.codes import Cause
from hourline.kernel.money import currency_of
from hourline.master.snapshot import Snapshot
from tests.builders import CONNECTION
from tests.entries import Entry, entry_columns

RECORDED_AT = datetime(2025, 6, 1, 8, 30, tzinfo=UTC)
_HASH = b"\0" * 32


def receive(session: Session, entries: Sequence[Entry]) -> None:
    """Store versions with a delivery of their own, and the connection if missing."""
    session.run(
        _query(
            "INSERT INTO hourline.connection (connection_no, name, connector)"
            " VALUES (%(no)s, 'psa', 'sandbox_psa') ON CONFLICT DO NOTHING"
        ),
        no=CONNECTION,
    )
    count = len(entries)
    delivery_no = session.value(
        _query("SELECT nextval('hourline.delivery_no_seq')"), int
    )
    assert delivery_no is not None
    session.load(
        "delivery",
        {
            "delivery_no": [delivery_no],
            "connection_no": [CONNECTION],
            "method": [3],
            "delivery_id": [f"d{delivery_no}"],
            "content_hash": [_HASH],
            "received_at": [RECORDED_AT],
            "records": [count],
        },
    )
    place: dict[str, list[Cell]] = {
        "delivery_no": [delivery_no] * count,
        "position": list(range(count)),
        "content_hash": [_HASH] * count,
    }
    session.load(
        "source_record", {**place, "outcome": [1] * count, "body": ["{}"] * count}
    )
    _load_versions(session, entries, place)


def _load_versions(
    session: Session, entries: Sequence[Entry], place: dict[str, list[Cell]]
) -> None:
    first = [entry for entry in entries if entry.revision == 1]
    session.load(
        "time_entry",
        {
            "entry_no": [entry.entry_no for entry in first],
            "connection_no": [CONNECTION] * len(first),
            "source_id": [entry.source_id for entry in first],
        },
    )
    session.load(
        "time_entry_version",
        {
            **place,
            "entry_no": [entry.entry_no for entry in entries],
            "revision": [entry.revision for entry in entries],
            "person_ref": [entry.person for entry in entries],
            "project_ref": [entry.project for entry in entries],
            "activity_ref": [entry.activity for entry in entries],
            "hour_type_ref": [entry.hour_type for entry in entries],
            "role_ref": [entry.role for entry in entries],
            "work_date": [entry.work_date for entry in entries],
            "worked_seconds": [entry.seconds for entry in entries],
            "billable_seconds": [entry.billable_seconds for entry in entries],
            "approved_at": [
                entry.approved_at or RECORDED_AT.replace(microsecond=7)
                for entry in entries
            ],
            "recorded_at": [RECORDED_AT] * len(entries),
        },
    )
    expenses = [entry for entry in entries if entry.cost is not None]
    session.load(
        "expense_version",
        {
            "entry_no": [entry.entry_no for entry in expenses],
            "revision": [entry.revision for entry in expenses],
            "cost": [entry.cost for entry in expenses],
            "currency": [currency_of(entry.cost_currency).number for entry in expenses],
            "markup_ppm": [entry.markup_ppm for entry in expenses],
            "recovery_stated": [not entry.by_rule for entry in expenses],
        },
    )


def numbered(session: Session, *entries: Entry) -> list[Entry]:
    """Return entries with entry numbers and source ids of the database."""
    found = []
    for entry in entries:
        entry_no = session.value(_query("SELECT nextval('hourline.entry_no_seq')"), int)
        assert entry_no is not None
        found.append(replace(entry, entry_no=entry_no, source_id=f"t{entry_no}"))
    return found


def receive_and_decide(
    session: Session, snapshot: Snapshot, *entries: Entry
) -> list[Entry]:
    """Store new entries and decide them; return them with their numbers."""
    known = numbered(session, *entries)
    receive(session, known)
    decide_entries(session, snapshot, entry_columns(known), recorded_at=RECORDED_AT)
    return known


def bill(
    session: Session,
    *,
    document_no: int,
    kind: Cause,
    reversed_accrual: int = 0,
    accrual: int = 0,
) -> None:
    """Put the only portion on a document that takes its accrual back, or renews it."""
    run(
        session,
        f"""
        INSERT INTO hourline.invoice
            (document_no, kind, number, contract_no, entity_no, customer_no,
             invoice_date, accounting_date, due_date, through, currency, net, tax,
             total, entity_currency, entity_total, change_no)
        SELECT {document_no}, {kind.value}, '{document_no}', contract_no, entity_no, 1,
               work_date, work_date, work_date, work_date, currency, 0, 0, 0,
               currency, 0, 1
        FROM hourline.decision;
        INSERT INTO hourline.invoice_line
            (document_no, line_no, contract_no, contract_line_no, entry_no, revision,
             part, seconds, rate_amount, rate_seconds, net, tax_rate_ppm, tax,
             accrual_reversed, description)
        SELECT {document_no}, 1, contract_no, contract_line_no, entry_no, revision,
               part, seconds, rate_amount, rate_seconds, amount, 0, 0, 0, ''
        FROM hourline.portion;
        INSERT INTO hourline.journal_line
            (cause, cause_no, cause_revision, part, effect, mirror, entity_no, debit,
             credit, currency, amount, entity_currency, entity_amount, accounting_date,
             document_date, recorded_at)
        SELECT {kind.value}, {document_no}, 0, 1, effect, false, entity_no, 3, 4, 840,
               amount, 840, amount, work_date, work_date, recorded_at
        FROM hourline.decision,
             (VALUES (2, {accrual}), (3, {reversed_accrual})) AS line (effect, amount)
        WHERE amount > 0;
        """,  # noqa: S608 - figures of the test
    )


def rows(session: Session, text: str) -> list[tuple[object, ...]]:
    """Return what a statement finds."""
    return session.tuples(_query(text))


def run(session: Session, text: str) -> None:
    """Execute a statement."""
    session.run(_query(text))


def same_columns(left: object, right: object, names: Sequence[str]) -> bool:
    """Say whether columns of two sets of entries are equal."""
    return all(
        np.array_equal(getattr(left, name), getattr(right, name)) for name in names
    )


def _query(text: str) -> Query:
    return Query("test", "Look into the tables.", text)
