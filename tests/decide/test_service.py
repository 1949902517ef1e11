"""Decisions are stored whole, refused work waits, what stops counting is undone."""

from dataclasses import fields
from datetime import date, datetime

import pytest
from psycopg.errors import UniqueViolation

from hourline.decide.service import (
    StillInvoiced,
    decide_entries,
    pending_entries,
    supersede,
    supersede_all,
)
from hourline.infra.database import Database
from hourline.intake.model import Superseded
from hourline.kernel.codes import Cause, PendingState
from hourline.kernel.entries import EntryColumns, ExpenseColumns
from tests.builders import (
    bill_rate,
    contract,
    cost_rate,
    firm,
    fx_rate,
    posting_period,
    tax_rule,
)
from tests.decide.entries import (
    RECORDED_AT,
    bill,
    numbered,
    receive,
    receive_and_decide,
    rows,
    run,
    same_columns,
)
from tests.entries import Entry, entry_columns, expense

pytestmark = pytest.mark.integration

_LINES = (
    "SELECT effect, mirror, debit, credit, amount, entity_amount,"
    " accounting_date::text, document_date::text FROM hourline.journal_line"
    " ORDER BY cause_no, effect, mirror"
)


def test_an_accepted_entry_is_stored_with_portions_and_lines(
    database: Database, tenant: int
) -> None:
    built = firm()
    rate = built.numbers["bill_rate", "standard"]
    cost = built.add("ann's cost", cost_rate(rate="100"))
    with database.tenant(tenant) as session:
        known = receive_and_decide(
            session, built.snapshot(), Entry(seconds=7_200, billable_seconds=3_600)
        )

        assert rows(
            session,
            "SELECT entry_no, revision, work_date::text, accounting_date::text, late,"
            " worked_seconds, currency, cost_amount, bill_rate_no, cost_rate_no,"
            " tax_rule_no, change_no, approved_at::text, recorded_at::text"
            " FROM hourline.decision",
        ) == [
            (
                *(known[0].entry_no, 1, "2025-03-05", "2025-03-05", False),
                *(7_200, 840, 20_000, rate, cost, None, 8),
                *("2025-03-05 00:00:00+00", "2025-06-01 08:30:00+00"),
            )
        ]
        assert rows(
            session,
            "SELECT part, fate, seconds, rate_amount, rate_seconds, amount,"
            " accrued_amount FROM hourline.portion ORDER BY part",
        ) == [
            (0, 1, 3_600, 200_000_000, 3_600, 20_000, 20_000),
            (1, 2, 3_600, 200_000_000, 3_600, 20_000, 0),
        ]
        assert rows(session, _LINES) == [
            (1, False, 1, 2, 20_000, 20_000, "2025-03-05", "2025-03-05"),
            (2, False, 3, 4, 20_000, 20_000, "2025-03-05", "2025-03-05"),
        ]


def test_rule_numbers_are_null_where_no_rule_was_used(
    database: Database, tenant: int
) -> None:
    built = firm(rate=None)
    tax = built.add("tax", tax_rule())
    rate = built.add("role", bill_rate(role="lead"))
    with database.tenant(tenant) as session:
        receive_and_decide(
            session,
            built.snapshot(),
            Entry(billable_seconds=0),
            Entry(role="lead"),
            Entry(role="lead", billable_seconds=0),
        )

        assert rows(
            session,
            "SELECT bill_rate_no, cost_rate_no, tax_rule_no FROM hourline.decision"
            " ORDER BY entry_no",
        ) == [(None, None, None), (rate, None, tax), (rate, None, None)]


def test_nothing_to_decide_is_nothing_done(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        deciding = decide_entries(
            session, firm().snapshot(), entry_columns([]), recorded_at=RECORDED_AT
        )

        assert (deciding.accepted.tolist(), deciding.refusals) == ([], [])


def test_an_instant_without_a_zone_is_refused(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session, pytest.raises(ValueError, match="no zone"):
        decide_entries(
            session,
            firm().snapshot(),
            entry_columns([Entry()]),
            recorded_at=datetime(2025, 1, 1),  # noqa: DTZ001 - the point of the test
        )


def test_a_refused_entry_waits_and_goes_on_when_what_it_lacks_arrives(
    database: Database, tenant: int
) -> None:
    built = firm(rate=None)
    before = built.snapshot()
    built.add("standard", bill_rate(rate="130"))
    after = built.snapshot()
    with database.tenant(tenant) as session:
        known = numbered(session, Entry(), Entry(person="bob", seconds=60))
        receive(session, known)
        refused = decide_entries(
            session, before, entry_columns(known), recorded_at=RECORDED_AT
        )

        assert [refusal.state for refusal in refused.refusals] == [
            PendingState.EXCEPTION,
            PendingState.WAITING,
        ]
        assert rows(
            session,
            "SELECT state, change_no, problems->0->>'code', since::text"
            " FROM hourline.pending_entry ORDER BY entry_no",
        ) == [
            (3, before.change_no, "price_not_found", "2025-06-01 08:30:00+00"),
            (2, before.change_no, "person_not_known", "2025-06-01 08:30:00+00"),
        ]
        untouched = pending_entries(
            session, older_than_change_no=before.change_no, limit=10
        )
        assert len(untouched) == 0

        tried = pending_entries(session, older_than_change_no=after.change_no, limit=10)
        deciding = decide_entries(
            session, after, tried, recorded_at=RECORDED_AT.replace(month=7)
        )

        assert deciding.accepted.tolist() == [known[0].entry_no]
        assert rows(session, "SELECT amount FROM hourline.portion") == [(13_000,)]
        assert rows(
            session,
            "SELECT entry_no, change_no, since::text FROM hourline.pending_entry",
        ) == [(known[1].entry_no, after.change_no, "2025-06-01 08:30:00+00")]


def test_pending_entries_come_back_as_the_source_wrote_them(
    database: Database, tenant: int
) -> None:
    snapshot = firm().snapshot()
    odd = Entry(
        person="nobody ☃",
        activity="dev\tops",
        hour_type="night",
        role="lead",
        seconds=61,
        billable_seconds=0,
        work_date=date(1999, 12, 31),
        approved_at=RECORDED_AT.replace(microsecond=123_456),
    )
    with database.tenant(tenant) as session:
        dear = expense(12_345, "KWD", markup_ppm=-7, person="nobody")
        known = numbered(session, odd, Entry(person="nobody"), dear)
        receive(session, known)
        given = entry_columns(known)
        decide_entries(session, snapshot, given, recorded_at=RECORDED_AT)

        found = pending_entries(session, older_than_change_no=10**9, limit=5)

        names = [field.name for field in fields(EntryColumns)]
        names.remove("expenses")
        assert same_columns(
            found, given, [name for name in names if name != "approved_at"]
        )
        assert found.approved_at[0] == given.approved_at[0]
        of_expense = [field.name for field in fields(ExpenseColumns)]
        assert found.expenses.row.tolist() == [2]
        assert same_columns(found.expenses, given.expenses, of_expense)
        one = pending_entries(session, older_than_change_no=10**9, limit=1)
        assert one.entry_no.tolist() == [known[0].entry_no]


def test_two_workers_never_take_the_same_pending_entry(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        known = numbered(session, Entry(person="nobody"))
        receive(session, known)
        decide_entries(
            session,
            firm().snapshot(),
            entry_columns(known),
            recorded_at=RECORDED_AT,
        )
    with database.tenant(tenant) as first, database.tenant(tenant) as second:
        taken = pending_entries(first, older_than_change_no=10**9, limit=5)
        left = pending_entries(second, older_than_change_no=10**9, limit=5)

    assert (len(taken), len(left)) == (1, 0)


def test_a_later_revision_that_waits_is_not_overwritten_by_an_earlier_one(
    database: Database, tenant: int
) -> None:
    snapshot = firm().snapshot()
    with database.tenant(tenant) as session:
        known = numbered(session, Entry(person="nobody"))
        second = Entry(
            entry_no=known[0].entry_no,
            source_id=known[0].source_id,
            revision=2,
            person="nobody",
        )
        receive(session, [*known, second])
        for entry in (second, known[0]):
            decide_entries(
                session, snapshot, entry_columns([entry]), recorded_at=RECORDED_AT
            )

        assert rows(session, "SELECT revision FROM hourline.pending_entry") == [(2,)]


def test_a_superseded_revision_is_mirrored_to_the_cent(
    database: Database, tenant: int
) -> None:
    built = firm()
    built.add("ann's cost", cost_rate(rate="33.35"))
    snapshot = built.snapshot()
    with database.tenant(tenant) as session:
        known = receive_and_decide(session, snapshot, Entry(seconds=900))
        supersede(
            session,
            snapshot,
            entry_no=known[0].entry_no,
            revision=1,
            by_revision=None,
            recorded_at=RECORDED_AT,
        )

        assert rows(session, _LINES) == [
            (1, False, 1, 2, 834, 834, "2025-03-05", "2025-03-05"),
            (1, True, 2, 1, 834, 834, "2025-03-05", "2025-03-05"),
            (2, False, 3, 4, 5_000, 5_000, "2025-03-05", "2025-03-05"),
            (2, True, 4, 3, 5_000, 5_000, "2025-03-05", "2025-03-05"),
        ]
        assert rows(
            session, "SELECT revision, by_revision FROM hourline.supersession"
        ) == [(1, None)]


def test_a_mirror_keeps_rate_and_day_unless_the_month_is_closed(
    database: Database, tenant: int
) -> None:
    built = firm(rate=None)
    built.add("C1", contract(currency="EUR"))
    built.add("rate", bill_rate(rate="100", currency="EUR"))
    built.add("eur", fx_rate(rate="1.10"))
    before = built.snapshot()
    built.add("march", posting_period(period="2025-03"))
    built.add("eur", fx_rate(rate="2"))
    after = built.snapshot()
    with database.tenant(tenant) as session:
        known = receive_and_decide(
            session, before, Entry(), Entry(work_date=date(2025, 2, 5))
        )
        supersede_all(
            session,
            after,
            [Superseded(entry.entry_no, 1, 2) for entry in known],
            recorded_at=RECORDED_AT,
        )

        mirrors = (
            "SELECT amount, entity_amount, accounting_date::text, document_date::text"
        )
        assert rows(
            session,
            f"{mirrors} FROM hourline.journal_line WHERE mirror ORDER BY cause_no",
        ) == [
            (10_000, 11_000, "2025-04-01", "2025-03-05"),
            (10_000, 11_000, "2025-02-05", "2025-02-05"),
        ]


def test_a_waiting_revision_stops_waiting_once_superseded(
    database: Database, tenant: int
) -> None:
    snapshot = firm().snapshot()
    with database.tenant(tenant) as session:
        known = receive_and_decide(session, snapshot, Entry(person="nobody"))
        supersede_all(
            session,
            snapshot,
            [Superseded(known[0].entry_no, 1, None)],
            recorded_at=RECORDED_AT,
        )
        supersede_all(session, snapshot, [], recorded_at=RECORDED_AT)

        assert rows(session, "SELECT entry_no FROM hourline.pending_entry") == []
        assert rows(session, _LINES) == []


def test_a_revision_is_superseded_once(database: Database, tenant: int) -> None:
    snapshot = firm().snapshot()
    with database.tenant(tenant) as session:
        known = receive_and_decide(session, snapshot, Entry())
        stopped = [Superseded(known[0].entry_no, 1, None)]
        supersede_all(session, snapshot, stopped, recorded_at=RECORDED_AT)

        with pytest.raises(UniqueViolation), session.savepoint():
            supersede_all(session, snapshot, stopped, recorded_at=RECORDED_AT)


def test_work_on_a_live_invoice_line_cannot_be_superseded(
    database: Database, tenant: int
) -> None:
    snapshot = firm().snapshot()
    with database.tenant(tenant) as session:
        known = receive_and_decide(session, snapshot, Entry())
        run(
            session,
            "INSERT INTO hourline.billed_portion"
            " (entry_no, revision, part, seconds, seconds_billed, live_lines)"
            " SELECT entry_no, revision, part, seconds, seconds, 1"
            " FROM hourline.portion",
        )

        with pytest.raises(StillInvoiced, match="credit it first") as refused:
            supersede(
                session,
                snapshot,
                entry_no=known[0].entry_no,
                revision=1,
                by_revision=2,
                recorded_at=RECORDED_AT,
            )

        assert (refused.value.entry_no, refused.value.revision) == (
            known[0].entry_no,
            1,
        )
        assert rows(session, "SELECT entry_no FROM hourline.supersession") == []


@pytest.mark.parametrize(
    ("accrued_again", "mirrored"), [(0, []), (20_000, [20_000]), (5_000, [5_000])]
)
def test_of_an_accrual_only_what_is_still_accrued_is_mirrored(
    database: Database, tenant: int, accrued_again: int, mirrored: list[int]
) -> None:
    snapshot = firm().snapshot()
    with database.tenant(tenant) as session:
        known = receive_and_decide(session, snapshot, Entry())
        bill(session, document_no=1, kind=Cause.INVOICE, reversed_accrual=20_000)
        bill(session, document_no=2, kind=Cause.CREDIT_NOTE, accrual=accrued_again)
        supersede_all(
            session,
            snapshot,
            [Superseded(known[0].entry_no, 1, None)],
            recorded_at=RECORDED_AT,
        )

        found = rows(session, "SELECT amount FROM hourline.journal_line WHERE mirror")
        assert [amount for (amount,) in found] == mirrored
