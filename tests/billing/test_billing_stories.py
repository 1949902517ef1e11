"""Follow work from approval to invoice, credit and cash, with the books each time."""

from datetime import date
from typing import TypeAlias

import pytest

from hourline.billing.model import CreditLine, Issued, NothingToBill
from hourline.billing.payments import Due
from hourline.billing.service import (
    amounts_due,
    bill,
    credit,
    issue_draft,
    open_draft,
    open_items,
    preview,
    preview_draft,
    reach_milestone,
    record_payment,
)
from hourline.infra.database import Database, Session
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.service import balances, unbalanced
from hourline.master.snapshot import Snapshot
from tests.billing.books import CONTRACT, ENTITY, HOUR, LINE, TAX, Firm, approve

pytestmark = pytest.mark.integration
Books: TypeAlias = dict[Role, int]


def books(session: Session) -> Books:
    assert unbalanced(session) == []
    return {
        role: amount
        for role, amount in balances(session).get(ENTITY, {}).items()
        if amount
    }


def billed(
    session: Session,
    snapshot: Snapshot,
    *,
    through: date,
    dated: date | None = None,
) -> Issued:
    outcome = bill(
        session, snapshot, CONTRACT, through=through, invoice_date=dated or through
    )
    assert isinstance(outcome, Issued)
    return outcome


def amounts(issued: Issued | Problem | NothingToBill) -> tuple[int, int, int]:
    assert isinstance(issued, Issued)
    return issued.net, issued.tax, issued.total


def open_work(session: Session, snapshot: Snapshot) -> tuple[int, int]:
    assembled = preview(
        session,
        snapshot,
        CONTRACT,
        through=date(9999, 1, 1),
        invoice_date=date(2025, 12, 31),
    )
    assert not isinstance(assembled, Problem)
    return assembled.seconds, assembled.net


def test_two_quarter_hours_bill_what_one_half_hour_would(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        for entry_no, day in ((1, 3), (2, 4)):
            approve(
                session,
                entry_no=entry_no,
                worked_on=date(2025, 2, day),
                seconds=900,
                hourly_cents=2_750,
            )

        first = billed(session, snapshot, through=date(2025, 2, 3))
        second = billed(session, snapshot, through=date(2025, 2, 4))

        assert (first.net, second.net) == (688, 687)
        assert books(session) == {Role.RECEIVABLE: 1_375, Role.REVENUE: -1_375}


def test_a_draft_changes_nothing_and_two_credited_hours_open_again(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        open_draft(
            session,
            snapshot,
            CONTRACT,
            through=date(2025, 3, 31),
            invoice_date=date(2025, 3, 31),
        )
        draft = preview_draft(session, snapshot, CONTRACT)
        assert draft is not None
        assert not isinstance(draft, Problem)
        assert draft.net == 160_000
        assert books(session) == {Role.WIP: 160_000, Role.ACCRUED_REVENUE: -160_000}

        invoice = issue_draft(session, snapshot, CONTRACT)

        assert isinstance(invoice, Issued)
        assert (invoice.number, invoice.lines) == ("US1-000001", 1)
        assert preview_draft(session, snapshot, CONTRACT) is None
        assert open_work(session, snapshot) == (0, 0)
        assert books(session) == {Role.RECEIVABLE: 160_000, Role.REVENUE: -160_000}

        note = credit(
            session,
            snapshot,
            invoice.document_no,
            lines=[CreditLine(entry_no=1, seconds=2 * HOUR)],
            credit_date=date(2025, 4, 2),
            reason="agreed",
        )

        assert amounts(note) == (-40_000, 0, -40_000)
        assert open_work(session, snapshot) == (2 * HOUR, 40_000)
        assert books(session) == {
            Role.WIP: 40_000,
            Role.ACCRUED_REVENUE: -40_000,
            Role.RECEIVABLE: 120_000,
            Role.REVENUE: -120_000,
        }
        assert amounts_due(session, invoice.document_no) == Due(
            160_000, 0, 160_000, 120_000, 0
        )


def test_after_a_credit_of_julys_hours_only_those_are_billed_again(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(country="BE", currency="EUR").snapshot()
    with database.tenant(tenant) as session:
        work = ((1, date(2025, 6, 15), 16_200), (2, date(2025, 7, 23), 12_600))
        for entry_no, day, seconds in work:
            approve(
                session,
                entry_no=entry_no,
                worked_on=day,
                seconds=seconds,
                hourly_cents=8_000,
                currency="EUR",
                entity_currency="EUR",
            )
        first = billed(session, snapshot, through=date(2025, 7, 25))
        note = credit(
            session,
            snapshot,
            first.document_no,
            lines=[CreditLine(entry_no=2, seconds=12_600)],
            credit_date=date(2025, 7, 28),
            reason="disputed",
        )
        approve(
            session,
            entry_no=3,
            worked_on=date(2025, 7, 31),
            seconds=HOUR,
            hourly_cents=8_000,
            currency="EUR",
            entity_currency="EUR",
        )

        assert amounts(first) == (64_000, 0, 64_000)
        assert amounts(note) == (-28_000, 0, -28_000)
        assert open_work(session, snapshot) == (16_200, 36_000)
        again = billed(session, snapshot, through=date(2025, 7, 31))
        assert (again.net, again.lines) == (36_000, 2)
        assert open_work(session, snapshot) == (0, 0)
        assert books(session) == {Role.RECEIVABLE: 72_000, Role.REVENUE: -72_000}


def test_an_accrual_reverses_at_its_own_rate_and_the_payment_leaves_a_loss(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(
        contract_currency="EUR",
        fx=(
            (date(2025, 1, 1), "1.10"),
            (date(2025, 2, 1), "1.12"),
            (date(2025, 3, 1), "1.08"),
        ),
    ).snapshot()
    with database.tenant(tenant) as session:
        approve(
            session,
            worked_on=date(2025, 1, 10),
            seconds=10 * HOUR,
            hourly_cents=10_000,
            currency="EUR",
            fx_rate="1.10",
        )
        assert books(session) == {Role.WIP: 110_000, Role.ACCRUED_REVENUE: -110_000}

        invoice = billed(
            session, snapshot, through=date(2025, 1, 31), dated=date(2025, 2, 5)
        )
        assert amounts(invoice) == (100_000, 0, 100_000)
        assert books(session) == {Role.RECEIVABLE: 112_000, Role.REVENUE: -112_000}

        paid = record_payment(
            session,
            snapshot,
            invoice.document_no,
            amount=100_000,
            paid_on=date(2025, 3, 10),
            reference="bank 1",
        )

        assert paid is True
        assert books(session) == {
            Role.REVENUE: -112_000,
            Role.CASH: 108_000,
            Role.FX_GAIN_LOSS: 4_000,
        }
        assert amounts_due(session, invoice.document_no).due == 0


@pytest.mark.parametrize(
    ("policy", "tax"), [("per_invoice", 1_145), ("per_line", 1_144)]
)
def test_tax_is_rounded_once_on_the_invoice_or_on_every_line(
    database: Database, tenant: int, policy: str, tax: int
) -> None:
    snapshot = Firm(
        country="NZ",
        currency="NZD",
        tax_rounding=policy,
        tax_rate="15",
        method="fixed_price",
        price="76.30",
        milestones=(("m1", "25.06"), ("m2", "25.61"), ("m3", "25.63")),
    ).snapshot()
    with database.tenant(tenant) as session:
        for milestone in ("m1", "m2", "m3"):
            refusal = reach_milestone(
                session,
                snapshot,
                LINE,
                milestone=milestone,
                reached_on=date(2025, 8, 1),
            )
            assert refusal is None

        invoice = billed(session, snapshot, through=date(2025, 8, 31))

        assert (*amounts(invoice), invoice.lines) == (7_630, tax, 7_630 + tax, 3)
        assert books(session) == {
            Role.RECEIVABLE: 7_630 + tax,
            Role.REVENUE: -7_630,
            Role.TAX_PAYABLE: -tax,
        }
        everything = credit(session, snapshot, invoice.document_no, reason="error")
        assert amounts(everything) == (-7_630, -tax, -7_630 - tax)
        assert books(session) == {}


def test_credits_of_single_lines_take_back_the_tax_to_the_last_cent(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(tax_rate="15").snapshot()
    with database.tenant(tenant) as session:
        for entry_no, cents in ((1, 2_506), (2, 2_561), (3, 2_563)):
            approve(
                session,
                entry_no=entry_no,
                seconds=HOUR,
                hourly_cents=cents,
                tax_rule_no=TAX,
            )
        invoice = billed(session, snapshot, through=date(2025, 3, 31))
        assert amounts(invoice) == (7_630, 1_145, 8_775)

        taxes = [
            amounts(
                credit(
                    session,
                    snapshot,
                    invoice.document_no,
                    lines=[CreditLine(entry_no=entry_no)],
                    reason="error",
                )
            )[1]
            for entry_no in (3, 1, 2)
        ]

        assert taxes == [-384, -376, -385]
        assert amounts_due(session, invoice.document_no).due == 0
        assert books(session) == {Role.WIP: 7_630, Role.ACCRUED_REVENUE: -7_630}


def test_a_milestone_is_billed_and_its_credit_opens_it_again(
    database: Database, tenant: int
) -> None:
    snapshot = Firm(
        method="fixed_price", price="5000", milestones=(("m1", "5000"),)
    ).snapshot()
    with database.tenant(tenant) as session:
        reach_milestone(
            session, snapshot, LINE, milestone="m1", reached_on=date(2025, 6, 30)
        )
        assert open_work(session, snapshot) == (0, 500_000)
        invoice = billed(session, snapshot, through=date(2025, 6, 30))
        assert books(session) == {Role.RECEIVABLE: 500_000, Role.REVENUE: -500_000}

        note = credit(
            session,
            snapshot,
            invoice.document_no,
            lines=[CreditLine(milestone="m1", amount=500_000)],
            credit_date=date(2025, 7, 2),
            reason="not accepted",
        )

        assert isinstance(note, Issued)
        assert (note.number, note.net) == ("US1-CN-000001", -500_000)
        assert open_work(session, snapshot) == (0, 500_000)
        assert books(session) == {}


def test_a_credit_beyond_the_invoice_changes_nothing(
    database: Database, tenant: int
) -> None:
    snapshot = Firm().snapshot()
    with database.tenant(tenant) as session:
        approve(session)
        invoice = billed(session, snapshot, through=date(2025, 3, 31))

        refusal = credit(
            session,
            snapshot,
            invoice.document_no,
            lines=[CreditLine(entry_no=1, seconds=8 * HOUR + 1)],
            reason="too much",
        )

        assert isinstance(refusal, Problem)
        assert refusal.code is ProblemCode.CREDIT_EXCEEDS_INVOICE
        assert refusal.sentence == (
            "Invoice US1-000001 does not have 8:00:01 h of entry 1 left to credit."
        )
        assert amounts_due(session, invoice.document_no).due == 160_000
        assert _open(session) == []


def _open(session: Session) -> list[object]:
    return list(open_items(session, CONTRACT, through=date(9999, 1, 1)))
