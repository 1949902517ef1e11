"""Bill many contracts, twice at once, and after corrections; numbers leave no gap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from hourline.billing.model import CreditLine, Issued, NothingToBill
from hourline.billing.service import (
    amounts_due,
    bill,
    bill_due,
    credit,
    credit_replaced,
    open_items,
    preview,
    record_payment,
)
from hourline.infra.database import Database, Session
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.service import balances
from hourline.master.snapshot import Snapshot
from tests.billing.books import CONTRACT, ENTITY, HOUR, Firm, approve, supersede

pytestmark = pytest.mark.integration
MARCH = date(2025, 3, 31)
_LIVE = Query(
    "live",
    "What stands of portions on invoices.",
    "SELECT seconds_billed, live_lines FROM hourline.billed_portion",
)


def billed(session: Session, snapshot: Snapshot, *, through: date = MARCH) -> Issued:
    outcome = bill(session, snapshot, CONTRACT, through=through, invoice_date=through)
    assert isinstance(outcome, Issued)
    return outcome


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    start = Barrier(2)

    def together(work: Callable[[], object]) -> object:
        start.wait(timeout=10)
        return work()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(together, (first, second)))


def test_a_run_bills_every_contract_with_open_work(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session, entry_no=1)
        approve(session, entry_no=2, worked_on=date(2025, 4, 1))

        first = bill_due(session, snapshot, through=MARCH, invoice_date=MARCH)
        again = bill_due(session, snapshot, through=MARCH, invoice_date=MARCH)

        assert list(first) == [CONTRACT]
        assert again == {}
        assert _open(session) == [2]


def test_two_runs_at_once_bill_the_work_once(database: Database, tenant: int) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        for entry_no in range(1, 21):
            approve(session, entry_no=entry_no)

    def run() -> object:
        with database.tenant(tenant) as session:
            return bill(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)

    outcomes = at_once(run, run)

    assert {type(outcome) for outcome in outcomes} == {Issued, NothingToBill}
    with database.tenant(tenant) as session:
        assert balances(session)[ENTITY][Role.RECEIVABLE] == 20 * 160_000


def test_a_bill_waits_for_a_correction_and_leaves_out_what_it_replaced(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)

    with ThreadPoolExecutor(1) as pool:
        with database.tenant(tenant) as session:
            assert credit_replaced(session, snapshot, [(1, 1)]) == []
            waiting = pool.submit(_bill_apart, database, tenant, snapshot)
            supersede(session, entry_no=1, revision=1)
            assert not waiting.done()
        outcome = waiting.result(timeout=10)

    assert outcome == NothingToBill(CONTRACT, MARCH)


def _bill_apart(database: Database, tenant: int, snapshot: Snapshot) -> object:
    with database.tenant(tenant) as session:
        return bill(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)


def test_a_correction_credits_what_stands_and_accrues_nothing_again(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session, entry_no=1)
        approve(session, entry_no=2)
        invoice = billed(session, snapshot)
        two_hours = [CreditLine(entry_no=1, seconds=2 * HOUR)]
        credit(session, snapshot, invoice.document_no, lines=two_hours)

        notes = credit_replaced(session, snapshot, [(1, 1)], credit_date=MARCH)
        supersede(session, entry_no=1, revision=1)

        assert not isinstance(notes, Problem)
        assert [(note.net, note.lines) for note in notes] == [(-120_000, 1)]
        assert _open(session) == []
        assert balances(session)[ENTITY] == {
            Role.WIP: 40_000,
            Role.ACCRUED_REVENUE: -40_000,
            Role.RECEIVABLE: 160_000,
            Role.REVENUE: -160_000,
        }


def test_a_correction_that_cannot_be_booked_is_a_problem(
    database: Database, tenant: int
) -> None:
    months = tuple(
        f"{year}-{month:02}" for year in (2025, 2026, 2027) for month in range(1, 13)
    )
    with database.tenant(tenant) as session:
        approve(session)
        billed(session, Firm().snapshot())

        refusal = credit_replaced(session, Firm(closed=months).snapshot(), [(1, 1)])

        assert isinstance(refusal, Problem)
        assert refusal.code is ProblemCode.PERIOD_CLOSED


def test_a_correction_of_work_on_two_invoices_credits_both(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        first = billed(session, snapshot)
        half = [CreditLine(entry_no=1, seconds=4 * HOUR)]
        credit(session, snapshot, first.document_no, lines=half)
        billed(session, snapshot)

        notes = credit_replaced(session, snapshot, [(1, 1)])

        assert not isinstance(notes, Problem)
        assert [(note.number, note.net) for note in notes] == [
            ("US1-CN-000002", -80_000),
            ("US1-CN-000003", -80_000),
        ]


def test_a_line_with_a_cent_and_no_hours_left_is_still_credited_by_a_correction(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session, seconds=10, hourly_cents=360_000)
        invoice = billed(session, snapshot)
        for part in (
            CreditLine(entry_no=1, seconds=9),
            CreditLine(entry_no=1, amount=99),
        ):
            credit(session, snapshot, invoice.document_no, lines=[part])
        assert amounts_due(session, invoice.document_no).due == 1

        notes = credit_replaced(session, snapshot, [(1, 1)])

        assert not isinstance(notes, Problem)
        assert [note.net for note in notes] == [-1]
        assert session.tuples(_LIVE) == [(0, 0)]


def test_a_number_given_to_an_invoice_that_failed_is_given_again(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        with pytest.raises(_Failed, match="US1-000001"):
            _bill_and_fail(session, snapshot)

        assert billed(session, snapshot).number == "US1-000001"
        approve(session, entry_no=2)
        assert billed(session, snapshot).number == "US1-000002"


class _Failed(Exception):
    pass


def _bill_and_fail(session: Session, snapshot: Snapshot) -> None:
    with session.savepoint():
        raise _Failed(billed(session, snapshot).number)


def test_an_amount_credited_is_what_the_next_bill_gives_back(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        invoice = billed(session, snapshot)
        part = [CreditLine(entry_no=1, amount=10_001)]

        note = credit(session, snapshot, invoice.document_no, lines=part)

        assert isinstance(note, Issued)
        assert note.net == -10_001
        assembled = preview(
            session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH
        )
        assert not isinstance(assembled, Problem)
        assert (assembled.seconds, assembled.net) == (1_800, 10_001)


def test_payments_in_parts_at_other_rates_leave_no_receivable(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(
        contract_currency="EUR",
        fx=((date(2025, 1, 1), "1.1111"), (date(2025, 5, 1), "1.2")),
    ).snapshot()
    with database.tenant(tenant) as session:
        approve(session, currency="EUR", hourly_cents=12_345, accrued=0)
        invoice = billed(session, snapshot)
        for part, amount in enumerate((33_333, 33_333, invoice.total - 66_666)):
            record_payment(
                session,
                snapshot,
                invoice.document_no,
                amount=amount,
                paid_on=date(2025, 5, 2),
                reference=f"bank {part}",
            )

        assert invoice.total == 98_760
        assert amounts_due(session, invoice.document_no).due == 0
        assert balances(session)[ENTITY] == {
            Role.RECEIVABLE: 0,
            Role.REVENUE: -109_732,
            Role.CASH: 118_513,
            Role.FX_GAIN_LOSS: -8_781,
        }


def _open(session: Session) -> list[int | None]:
    items = open_items(session, CONTRACT, through=date(9999, 1, 1))
    return [item.entry_no for item in items]
