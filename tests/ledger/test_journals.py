"""Put each journal line on one journal, once; late lines open the next."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from hourline.billing.model import Issued
from hourline.billing.service import bill, credit
from hourline.infra.database import Database, Session
from hourline.kernel.codes import Cause, DocumentKind, Effect, Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.model import Dimensions, DocumentLine, JournalDocument
from hourline.ledger.service import (
    balances,
    document_lines,
    journal_document,
    journal_members,
    unbalanced,
)
from tests.billing.books import CONTRACT, ENTITY, TAX, Firm, approve, insert_line
from tests.ledger.gathering import gather

pytestmark = pytest.mark.integration
MARCH_3 = date(2025, 3, 3)
CHART = (
    ("wip", "1200", None),
    ("accrued_revenue", "4100", None),
    ("receivable", "1100", None),
    ("revenue", "4000", None),
    ("revenue", "4010", "advisory"),
    ("tax_payable", "2200", None),
)
ADVISORY = Dimensions("advisory", "cc1")


def document(session: Session, journal_no: int, firm: Firm) -> JournalDocument:
    found = journal_document(session, firm.snapshot(), journal_no)
    assert isinstance(found, JournalDocument)
    return found


def cost(session: Session, cause_no: int, **changes: int | date) -> None:
    insert_line(
        session,
        cause_no=cause_no,
        effect=Effect.COST,
        debit=Role.COST,
        credit=Role.PAYROLL_ALLOCATION,
        **changes,  # type: ignore[arg-type]  # amounts, numbers and days by name
    )


def test_lines_are_gathered_by_entity_effect_and_accounting_date(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        cost(session, 1, amount=100)
        cost(session, 2, amount=50)
        cost(session, 3, amount=7, day=date(2025, 3, 4))
        cost(session, 4, amount=9, entity_no=77)
        insert_line(session, cause_no=1, amount=300)

        journals = gather(session)

        members = [
            sorted(member.entity_amount for member in journal_members(session, number))
            for number in journals
        ]
        assert members == [[50, 100], [300], [7], [9]]
        assert gather(session) == []


def test_one_entity_can_be_assembled_without_the_others(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        cost(session, 1)
        cost(session, 2, entity_no=77)

        assert len(gather(session, entity_no=77)) == 1
        assert len(gather(session)) == 1


def test_a_late_line_opens_the_next_sequence_and_the_first_journal_stays(
    database: Database, tenant: int
) -> None:
    firm = Firm(accounts=CHART)
    with database.tenant(tenant) as session:
        insert_line(session, cause_no=1, amount=300)
        [first] = gather(session)
        before = document(session, first, firm)
        insert_line(session, cause_no=2, amount=40)

        [second] = gather(session)

        late = document(session, second, firm)
        assert (before.sequence, late.sequence) == (1, 2)
        assert (before.total, late.total) == (300, 40)
        assert document(session, first, firm) == before
        assert before.content_hash != late.content_hash


def test_a_journal_names_accounts_and_the_dimensions_of_the_project(
    database: Database, tenant: int
) -> None:
    firm = Firm(accounts=CHART)
    with database.tenant(tenant) as session:
        insert_line(session, cause_no=1, amount=300)
        insert_line(session, cause_no=2, amount=40)
        insert_line(session, cause_no=3, amount=5, project_no=None)
        [journal_no] = gather(session)

        journal = document(session, journal_no, firm)

        assert (journal.effect, journal.currency) == (Effect.ACCRUAL, "USD")
        assert (journal.entity_no, journal.accounting_date) == (ENTITY, MARCH_3)
        assert journal.lines == (
            DocumentLine("1200", Dimensions(), debit=5, credit=0),
            DocumentLine("1200", ADVISORY, debit=340, credit=0),
            DocumentLine("4100", Dimensions(), debit=0, credit=5),
            DocumentLine("4100", ADVISORY, debit=0, credit=340),
        )


@pytest.mark.parametrize("missing", ["wip", "accrued_revenue"])
def test_a_role_without_an_account_is_a_problem_that_names_it(
    database: Database, tenant: int, missing: str
) -> None:
    chart = tuple(row for row in CHART if row[0] != missing)
    snapshot = Firm(accounts=chart).snapshot()
    with database.tenant(tenant) as session:
        insert_line(session)
        [journal_no] = gather(session)

        problem = journal_document(session, snapshot, journal_no)

        assert isinstance(problem, Problem)
        assert problem.code is ProblemCode.ACCOUNT_NOT_FOUND
        assert problem.sentence == (
            f"The chart of accounts of US1 has no account for the role {missing}."
        )


def test_sale_and_tax_travel_with_their_document(
    database: Database, tenant: int
) -> None:
    firm = Firm(accounts=CHART, tax_rate="19")
    snapshot = firm.snapshot()
    with database.tenant(tenant) as session:
        approve(session, seconds=3_600, hourly_cents=10_000, tax_rule_no=TAX)
        invoice = bill(
            session,
            snapshot,
            CONTRACT,
            through=date(2025, 3, 31),
            invoice_date=date(2025, 3, 31),
        )
        assert isinstance(invoice, Issued)
        note = credit(session, snapshot, invoice.document_no)
        assert isinstance(note, Issued)

        journals = [document(session, number, firm) for number in gather(session)]

        assert [journal.effect for journal in journals] == [
            Effect.ACCRUAL,
            Effect.ACCRUAL,
            Effect.ACCRUAL_REVERSAL,
        ]
        assert document_lines(
            session, snapshot, invoice.document_no, kind=DocumentKind.INVOICE
        ) == (
            DocumentLine("1100", Dimensions(), debit=1_900, credit=0),
            DocumentLine("1100", ADVISORY, debit=10_000, credit=0),
            DocumentLine("2200", Dimensions(), debit=0, credit=1_900),
            DocumentLine("4010", ADVISORY, debit=0, credit=10_000),
        )
        assert document_lines(
            session, snapshot, note.document_no, kind=DocumentKind.CREDIT_NOTE
        ) == (
            DocumentLine("2200", Dimensions(), debit=1_900, credit=0),
            DocumentLine("4010", ADVISORY, debit=10_000, credit=0),
            DocumentLine("1100", Dimensions(), debit=0, credit=1_900),
            DocumentLine("1100", ADVISORY, debit=0, credit=10_000),
        )


def test_a_document_that_does_not_exist_has_no_lines(
    database: Database, tenant: int
) -> None:
    with (
        database.tenant(tenant) as session,
        pytest.raises(LookupError, match="no document 5"),
    ):
        document_lines(session, Firm().snapshot(), 5, kind=DocumentKind.INVOICE)


def test_two_assemblies_at_once_put_each_line_on_one_journal(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        for number in range(200):
            cost(session, number)

    def assemble(_: int) -> list[int]:
        with database.tenant(tenant) as session:
            return gather(session)

    with ThreadPoolExecutor(4) as pool:
        made = [number for found in pool.map(assemble, range(4)) for number in found]

    with database.tenant(tenant) as session:
        assert sum(len(journal_members(session, number)) for number in made) == 200


def test_a_drill_down_tells_what_caused_each_line(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        insert_line(session, cause_no=42, cause_revision=3, amount=300)
        [journal_no] = gather(session)

        [member] = journal_members(session, journal_no)

        assert (member.cause, member.cause_no, member.cause_revision) == (
            Cause.ENTRY,
            42,
            3,
        )
        assert (member.amount, member.entity_amount) == (300, 300)


def test_a_mirror_brings_its_roles_back_to_zero(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        insert_line(session, amount=300, entity_amount=330, currency="EUR")
        insert_line(
            session,
            mirror=True,
            debit=Role.ACCRUED_REVENUE,
            credit=Role.WIP,
            amount=300,
            entity_amount=330,
            currency="EUR",
        )
        cost(session, 9, amount=5, entity_no=77)

        assert balances(session) == {
            ENTITY: {Role.WIP: 0, Role.ACCRUED_REVENUE: 0},
            77: {Role.COST: 5, Role.PAYROLL_ALLOCATION: -5},
        }
        assert balances(session, entity_no=77) == {
            77: {Role.COST: 5, Role.PAYROLL_ALLOCATION: -5}
        }
        assert unbalanced(session) == []


def test_a_line_without_a_credit_side_is_found(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        insert_line(session, amount=300, credit=0)  # type: ignore[arg-type]  # no role

        [found] = unbalanced(session)

        assert (found.entity_no, found.period) == (ENTITY, date(2025, 3, 1))
        assert (found.debit, found.credit) == (300, None)
