"""Refuse what cannot be billed, credited or paid, and leave the books as they were."""

from datetime import date

import psycopg
import pytest

from hourline.billing.model import CreditLine, Issued, NothingToBill, Terms
from hourline.billing.service import (
    amounts_due,
    bill,
    credit,
    issue_draft,
    open_draft,
    preview_draft,
    reach_milestone,
    record_payment,
)
from hourline.billing.store import QUERIES, read_draft
from hourline.infra.database import Database, Session
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.service import balances
from hourline.master.snapshot import Snapshot
from tests.billing.books import (
    CONTRACT,
    ENTITY,
    HOUR,
    LINE,
    TAX,
    Firm,
    approve,
    supersede,
)

pytestmark = pytest.mark.integration
MARCH = date(2025, 3, 31)
_BOOKED_ON = Query(
    "booked_on",
    "When a document's journal lines are booked.",
    "SELECT DISTINCT accounting_date FROM hourline.journal_line"
    " WHERE cause = 2 AND cause_no = %(document_no)s AND effect = 4",
)
FIXED = Firm(
    method="fixed_price",
    price="100",
    milestones=(("m1", "60"), ("m2", "60")),
)


def billed(session: Session, snapshot: Snapshot) -> Issued:
    outcome = bill(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)
    assert isinstance(outcome, Issued)
    return outcome


def code(outcome: object) -> ProblemCode:
    assert isinstance(outcome, Problem)
    return outcome.code


def reach(session: Session, milestone: str) -> Problem | None:
    return reach_milestone(
        session, FIXED.snapshot(), LINE, milestone=milestone, reached_on=MARCH
    )


def test_milestones_beyond_the_price_are_refused(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        assert reach(session, "m1") is None
        assert reach(session, "m1") is None

        refusal = reach(session, "m2")

        assert code(refusal) is ProblemCode.MILESTONE_EXCEEDS_PRICE
        assert refusal is not None
        assert refusal.sentence == (
            "Milestone m2 would bring what is reached of contract line C1.1 to"
            " 120.00 USD, above its price of 100 USD."
        )


def test_a_milestone_the_contract_does_not_have_is_refused(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        assert code(reach(session, "m9")) is ProblemCode.MASTER_REFERENCE_MISSING


def test_a_milestone_no_tax_row_matches_is_refused(
    database: Database, tenant: int
) -> None:
    firm = Firm(
        method="fixed_price",
        price="100",
        milestones=(("m1", "60"),),
        tax_rate="19",
        tax_country="FR",
    )
    with database.tenant(tenant) as session:
        refusal = reach_milestone(
            session, firm.snapshot(), LINE, milestone="m1", reached_on=MARCH
        )

        assert code(refusal) is ProblemCode.TAX_NOT_DETERMINED


def test_a_tax_row_withdrawn_since_still_taxes_what_was_decided_by_it(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(tax_rate="19", tax_since=date(2026, 1, 1)).snapshot()
    with database.tenant(tenant) as session:
        approve(session, tax_rule_no=TAX)

        assert billed(session, snapshot).tax == 30_400


def test_an_emptied_draft_stays_open_until_something_is_in_it(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        open_draft(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)
        supersede(session, entry_no=1, revision=1)

        assert issue_draft(session, snapshot, CONTRACT) == NothingToBill(
            CONTRACT, MARCH
        )

        assert read_draft(session, CONTRACT) == Terms(
            contract_no=CONTRACT, through=MARCH, invoice_date=MARCH
        )


def test_work_without_an_fx_rate_is_not_billed(database: Database, tenant: int) -> None:
    snapshot = Firm(contract_currency="EUR").snapshot()
    with database.tenant(tenant) as session:
        approve(session, currency="EUR", accrued=0)

        refusal = bill(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)

        assert code(refusal) is ProblemCode.FX_RATE_NOT_FOUND
        assert balances(session) == {}


def test_work_in_a_currency_the_contract_left_is_not_billed(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session, currency="EUR", accrued=0)

        refusal = open_draft(
            session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH
        )

        billing = bill(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)
        assert code(refusal) is ProblemCode.MASTER_RECORD_INVALID
        assert code(billing) is ProblemCode.MASTER_RECORD_INVALID
        assert preview_draft(session, snapshot, CONTRACT) is None


def test_a_contract_without_open_work_gets_no_invoice_and_no_number(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    nothing = NothingToBill(CONTRACT, MARCH)
    with database.tenant(tenant) as session:
        draft = open_draft(
            session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH
        )
        invoice = bill(session, snapshot, CONTRACT, through=MARCH, invoice_date=MARCH)
        assert draft == invoice == nothing
        with pytest.raises(LookupError, match="no open draft"):
            issue_draft(session, snapshot, CONTRACT)

        approve(session)

        assert billed(session, snapshot).number == "US1-000001"


def test_a_document_of_a_closed_month_is_booked_in_the_next_open_one(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(closed=("2025-03", "2025-04")).snapshot()
    with database.tenant(tenant) as session:
        approve(session)

        invoice = billed(session, snapshot)

        [row] = session.tuples(QUERIES["document"], document_no=invoice.document_no)
        assert MARCH in row
        booked = session.tuples(_BOOKED_ON, document_no=invoice.document_no)
        assert booked == [(date(2025, 5, 1),)]


def test_nothing_is_booked_while_every_month_is_closed(
    database: Database, tenant: int
) -> None:
    months = tuple(
        f"{year}-{month:02}" for year in (2025, 2026, 2027) for month in range(1, 13)
    )
    snapshot = Firm().snapshot()
    shut = Firm(closed=months).snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        refusal = bill(session, shut, CONTRACT, through=MARCH, invoice_date=MARCH)
        assert code(refusal) is ProblemCode.PERIOD_CLOSED

        invoice = billed(session, snapshot)
        refused_credit = credit(session, shut, invoice.document_no)
        refused_payment = record_payment(
            session,
            shut,
            invoice.document_no,
            amount=1,
            paid_on=MARCH,
            reference="bank 1",
        )

        assert code(refused_credit) is ProblemCode.PERIOD_CLOSED
        assert code(refused_payment) is ProblemCode.PERIOD_CLOSED
        assert amounts_due(session, invoice.document_no).due == 160_000


@pytest.mark.parametrize(
    ("lines", "phrase"),
    [
        ([CreditLine(entry_no=1, amount=160_001)], "1600.01 USD of entry 1"),
        ([CreditLine(entry_no=1, seconds=9 * HOUR)], "9 h of entry 1"),
        ([CreditLine(milestone="m1")], "milestone m1"),
    ],
)
def test_a_credit_names_what_is_not_there(
    database: Database, tenant: int, lines: list[CreditLine], phrase: str
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        invoice = billed(session, snapshot)

        refusal = credit(session, snapshot, invoice.document_no, lines=lines)

        assert code(refusal) is ProblemCode.CREDIT_EXCEEDS_INVOICE
        assert isinstance(refusal, Problem)
        assert phrase in refusal.sentence


def test_an_invoice_credited_in_full_cannot_be_credited_again(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        invoice = billed(session, snapshot)
        note = credit(session, snapshot, invoice.document_no)
        assert isinstance(note, Issued)

        refusal = credit(session, snapshot, invoice.document_no)

        assert code(refusal) is ProblemCode.CREDIT_EXCEEDS_INVOICE
        with pytest.raises(ValueError, match="cannot be credited"):
            credit(session, snapshot, note.document_no)
        with pytest.raises(ValueError, match="cannot be paid"):
            record_payment(
                session,
                snapshot,
                note.document_no,
                amount=1,
                paid_on=MARCH,
                reference="bank 1",
            )
        assert amounts_due(session, note.document_no).due == 0


def test_a_payment_reported_twice_is_booked_once_and_one_that_changed_is_refused(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        invoice = billed(session, snapshot)

        outcomes = [
            record_payment(
                session,
                snapshot,
                invoice.document_no,
                amount=amount,
                paid_on=MARCH,
                reference="bank 1",
            )
            for amount in (60_000, 60_000, 70_000)
        ]

        assert outcomes[:2] == [True, False]
        assert code(outcomes[2]) is ProblemCode.CONFLICTING_DUPLICATE
        assert amounts_due(session, invoice.document_no).due == 100_000
        assert balances(session)[ENTITY][Role.CASH] == 60_000


def test_the_database_refuses_to_bill_a_portion_twice(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    once_more = {
        "entry_no": [1],
        "revision": [1],
        "part": [0],
        "seconds": [8 * HOUR],
        "added": [1],
        "units": [0],
        "units_added": [0],
    }
    with database.tenant(tenant) as session:
        approve(session)
        billed(session, snapshot)

        with pytest.raises(psycopg.errors.CheckViolation), session.savepoint():
            session.run(QUERIES["bill_portions"], **once_more)
