"""Revenue is recognised contract by contract, and two people decide what is by hand."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.documents import InvoiceDocument
from hourline.flow import revenue_decisions as decisions
from hourline.flow.documents import Wanted, document_for
from hourline.flow.proposals import proposals_about
from hourline.flow.transactions import NotKnown
from hourline.infra.approvals import NotApprovable, Proposal, reject_change
from hourline.infra.audit import read_chain
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind, Effect, Role
from hourline.kernel.problems import Problem
from hourline.ledger.model import JournalDocument
from hourline.ledger.recognition import Recognised
from hourline.ledger.service import journal_document
from hourline.ledger.store_recognition import ListedRevenue, read_revenue
from hourline.master.store import set_connection
from tests.flow.house import MASTER, House, chart, found_house, routed

pytestmark = pytest.mark.integration

_JOURNALS = Query(
    "journals_of_effect",
    "The journals of one effect.",
    "SELECT journal_no FROM hourline.journal WHERE kind = %(kind)s",
)
MARCH = date(2025, 3, 31)
SAID = flow.Decision(actor="P. Mori", reason="the steering committee agreed")
LINE = MasterChange(
    "contract_line",
    "C1.1",
    fields={
        "contract": "C1",
        "method": "fixed_price",
        "price": Decimal(1_000),
        "recognition": "percent_hours",
        "estimate_hours": Decimal(10),
        "milestones": [{"id": "m1", "amount": 400, "date": date(2025, 3, 1)}],
    },
)


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    """Give a firm that works ten hours for 1,000 USD."""
    house = found_house(database, tenant, [*MASTER, LINE])
    house.approve(id="t1", seconds=3 * 3_600)
    return house


def recognise(house: House, through: date = MARCH) -> list[Recognised | Problem]:
    return flow.recognise_revenue(
        house.database, house.tenant, entity="US1", through=through
    )


def listed(house: House) -> list[ListedRevenue]:
    with house.database.tenant(house.tenant) as session:
        return read_revenue(session, contract_line="C1.1")


def revenue(house: House) -> int:
    return -house.balances().get(Role.REVENUE, 0)


def test_a_run_keeps_the_figures_that_an_auditor_recomputes_it_from(
    house: House,
) -> None:
    [outcome] = recognise(house)
    [kept] = listed(house)

    assert isinstance(outcome, Recognised)
    assert [(one.amount, one.earned) for one in outcome.lines] == [(30_000, 30_000)]
    assert (kept.method, kept.price, kept.settled) == ("percent_hours", 100_000, 0)
    assert (int(kept.done), int(kept.whole)) == (3 * 3_600, 10 * 3_600)
    assert (kept.earned, kept.amount, kept.through) == (30_000, 30_000, MARCH)


def test_a_run_that_finds_nothing_new_keeps_nothing(house: House) -> None:
    recognise(house)
    [again] = recognise(house)

    assert isinstance(again, Recognised)
    assert again.lines == ()
    assert len(listed(house)) == 1


def test_a_run_that_goes_further_without_revenue_keeps_how_far_it_went(
    house: House,
) -> None:
    recognise(house)
    recognise(house, date(2025, 5, 31))
    house.approve(id="t2", seconds=3_600)
    recognise(house, date(2025, 4, 30))

    assert [(one.through, one.amount) for one in listed(house)] == [
        (MARCH, 30_000),
        (date(2025, 5, 31), 0),
    ]
    recognise(house, date(2025, 5, 31))
    assert revenue(house) == 40_000


def test_where_no_period_is_open_the_run_waits_and_goes_on_when_one_is(
    house: House,
) -> None:
    months = [f"{2025 + no // 12}-{no % 12 + 1:02}" for no in range(2, 28)]
    for month in months:
        assert not house.change(_period(month, "closed")).refusals

    [refused] = recognise(house)
    waiting = house.codes()
    house.reopen("2025-04")
    recognise(house)

    assert isinstance(refused, Problem)
    assert waiting == ["period_closed"]
    assert house.codes() == []
    assert [one.accounting_date for one in listed(house)] == [date(2025, 4, 1)]


def _period(month: str, status: str) -> MasterChange:
    fields = {"entity": "US1", "period": month, "status": status}
    return MasterChange("posting_period", f"US1:{month}", fields=fields)


def test_an_unknown_entity_is_said_to_be_unknown(house: House) -> None:
    with pytest.raises(NotKnown, match="no legal entity XX"):
        flow.recognise_revenue(house.database, house.tenant, entity="XX", through=MARCH)


def test_a_deferred_invoice_and_its_revenue_reach_the_accounts_of_their_roles(
    house: House,
) -> None:
    with house.database.tenant(house.tenant) as session:
        books = set_connection(session, name="books", connector="sandbox_atlas")
    accounts = [
        MasterChange(
            "ledger_account",
            f"US1-{role}",
            fields={"entity": "US1", "role": role, "number": number},
        )
        for role, number in (("contract_liability", "2400"), ("contract_asset", "1500"))
    ]
    house.change(*chart(), *accounts, *routed("invoice", "credit_note", "journal"))
    recognise(house)
    flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C1.1",
        milestone="m1",
        reached_on=date(2025, 3, 1),
    )
    issued = house.bill()
    house.post()

    with house.database.tenant(house.tenant) as session:
        snapshot = flow.snapshot_of(session)
        wanted = Wanted(books, DocumentKind.INVOICE, issued.document_no, detailed=True)
        invoice = document_for(session, snapshot, wanted)
        [(journal_no,)] = session.tuples(_JOURNALS, kind=int(Effect.RECOGNITION))
        journal = journal_document(session, snapshot, journal_no)
    assert isinstance(invoice, InvoiceDocument)
    assert [line.account for line in invoice.lines] == ["2400"]
    assert isinstance(journal, JournalDocument)
    # The run earned 300 before the invoice of 400, on the same day.
    assert [(line.account, line.debit, line.credit) for line in journal.lines] == [
        ("1500", 30_000, 0),
        ("2400", 30_000, 0),
        ("1500", 0, 30_000),
        ("4000", 0, 30_000),
    ]
    assert house.unproven() == []


def revise(house: House, **figures: Decimal) -> Problem | None:
    estimate = flow.Estimate(contract_line="C1.1", **figures)  # type: ignore[arg-type] # figures only
    return flow.revise_estimate(house.database, house.tenant, estimate, SAID)


def test_an_estimate_is_in_the_audit_chain_with_its_reason(house: House) -> None:
    assert revise(house, estimate_hours=Decimal("12.5")) is None

    with house.database.tenant(house.tenant) as session:
        [record] = read_chain(session)
    assert (record.action, record.actor) == ("estimate.revised", "P. Mori")
    assert record.subject == "contract line C1.1"
    assert record.after == {
        "contract_line": "C1.1",
        "estimate_hours": "12.5",
        "treatment": "catch_up",
    }


@pytest.mark.parametrize(
    "figures",
    [{"estimate_hours": Decimal(0)}, {"price": Decimal("1000.001")}],
)
def test_an_estimate_with_which_nothing_can_be_decided_changes_nothing(
    house: House, figures: dict[str, Decimal]
) -> None:
    problem = revise(house, **figures)
    refused = house.codes()
    recognise(house)

    assert isinstance(problem, Problem)
    assert refused == ["master_record_invalid"]
    assert revenue(house) == 30_000
    assert revise(house, price=Decimal(900)) is None
    assert house.codes() == []


def propose(house: House, decided: decisions.Decided) -> int:
    return decisions.propose(
        house.database,
        house.tenant,
        decided,
        actor=SAID.actor,
        reason=SAID.reason,
    )


def waiting(house: House) -> list[Proposal]:
    return proposals_about(house.database, house.tenant, decisions.ACTIONS)


def reject(house: House, proposal: int) -> None:
    with house.database.tenant(house.tenant) as session:
        reject_change(session, proposal, approver="L. Sato")


def approve(house: House, proposal_no: int, approver: str = "L. Sato") -> None:
    [shown] = waiting(house)
    decisions.approve(
        house.database,
        house.tenant,
        proposal_no,
        approver=approver,
        shown_hash=shown.content_hash,
    )


def price(figure: int) -> flow.Estimate:
    return flow.Estimate(
        contract_line="C1.1", price=Decimal(figure), treatment="prospective"
    )


def test_a_modified_price_holds_only_after_a_second_person_approved_it(
    house: House,
) -> None:
    recognise(house)
    proposal = propose(house, price(2_400))
    house.approve(id="t2", seconds=2 * 3_600)

    with pytest.raises(NotApprovable, match="ask someone else"):
        approve(house, proposal, approver="P. Mori")
    approve(house, proposal)
    recognise(house)

    # 300 stay; 2 of the 7 hours left earn their share of the 2,100 left.
    assert revenue(house) == 30_000 + 60_000
    assert house.unproven() == []


def test_revenue_set_by_hand_is_booked_by_the_next_run_and_the_rest_follows(
    house: House,
) -> None:
    recognise(house)
    by_hand = decisions.Override(contract_line="C1.1", earned=Decimal("125.00"))
    approve(house, propose(house, by_hand))

    recognise(house)
    after = revenue(house)
    house.approve(id="t2", seconds=7 * 3_600)
    recognise(house)

    assert after == 12_500
    assert revenue(house) == 100_000
    with house.database.tenant(house.tenant) as session:
        last = read_chain(session)[-1]
    assert (last.action, last.approver) == ("revenue.overridden", "L. Sato")
    assert house.unproven() == []


@pytest.mark.parametrize(
    ("earned", "why"),
    [("1000.01", "not between 0 and the price"), ("0.001", "more decimals than USD")],
)
def test_an_amount_by_hand_that_cannot_be_is_not_proposed(
    house: House, earned: str, why: str
) -> None:
    recognise(house)

    with pytest.raises(decisions.CannotDecide, match=why):
        propose(
            house,
            decisions.Override(contract_line="C1.1", earned=Decimal(earned)),
        )
    assert waiting(house) == []


def test_nothing_is_set_by_hand_before_the_first_run(house: House) -> None:
    with pytest.raises(decisions.CannotDecide, match="not recognised by a share"):
        propose(house, decisions.Override(contract_line="C1.1", earned=Decimal(1)))


def test_a_decision_that_does_not_fit_any_more_is_not_approved(house: House) -> None:
    proposal = propose(house, flow.Estimate(contract_line="C1.1", price=Decimal(399)))
    flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C1.1",
        milestone="m1",
        reached_on=date(2025, 3, 1),
    )

    with pytest.raises(decisions.CannotDecide, match="below its milestones reached"):
        approve(house, proposal)
    reject(house, proposal)

    assert waiting(house) == []


def test_a_proposal_about_something_else_is_not_decided_here(house: House) -> None:
    proposal = propose(house, price(1_200))

    with pytest.raises(NotApprovable, match="There is no proposal"):
        reject(house, proposal + 1)
