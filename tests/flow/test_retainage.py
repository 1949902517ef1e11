"""What is withheld of invoices, from a person's word to the ERP, trace and files."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.documents.read import read_customer_document
from hourline.billing.model import Because
from hourline.billing.retaining import Released
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.audit import read_chain
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.proof.trace import find_entries
from tests.flow.advances import RETAINER
from tests.flow.house import House, chart
from tests.flow.ledgers import connect, journals, plan, post, route
from tests.flow.office import Office
from tests.flow.test_explain import explained

pytestmark = pytest.mark.integration
TENTH = MasterChange("contract", "C1", fields={"retainage_percent": Decimal(10)})
ACCOUNT = MasterChange(
    "ledger_account",
    "US1-retainage",
    fields={"entity": "US1", "role": "retainage", "number": "1220"},
)
JOURNALS = Query(
    "journals",
    "What the ERP calls the journals.",
    "SELECT external_id FROM hourline.posting_intent WHERE kind = 3 ORDER BY 1",
)


def release(house: House, amount: int | None = None) -> Released:
    released = flow.release_retainage(
        house.database,
        house.tenant,
        contract="C1",
        because=Because(actor="M. Ito", reason="accepted"),
        dated=date(2025, 4, 30),
        amount=None if amount is None else Decimal(amount),
    )
    assert isinstance(released, Released)
    return released


def test_the_erp_gets_what_is_withheld_and_released_and_both_lead_to_the_work(
    house: House,
) -> None:
    connect(house)
    house.change(TENTH, *chart(), ACCOUNT, route(journal_type="retainage"))
    house.approve()
    issued = house.bill()
    released = release(house, 5)

    plan(house)
    post(house)

    assert [(part.number, part.amount) for part in released.parts] == [
        ("US1-000001", 5_00)
    ]
    assert journals(house) == [
        ("retainage 2025-03-31, part 1", "20.00"),
        ("retainage 2025-04-30, part 1", "5.00"),
    ]
    with house.database.tenant(house.tenant) as session:
        for (journal,) in session.tuples(JOURNALS):
            assert len(find_entries(session, journal)) == 1
        [said] = [one for one in read_chain(session) if "released" in one.action]
        document = read_customer_document(session, issued.document_no)
    assert (said.actor, said.reason) == ("M. Ito", "accepted")
    # What the customer gets stays as it was issued.
    assert (document.payable, document.retained, document.due_now) == (
        200_00,
        20_00,
        180_00,
    )
    assert house.unproven() == []


def test_a_recall_of_work_that_was_withheld_of_leaves_nothing(house: House) -> None:
    house.change(TENTH)
    house.approve()
    house.bill()
    release(house, 5)

    house.recall()

    left = {role: amount for role, amount in house.balances().items() if amount}
    assert Role.RETAINAGE not in left
    assert Role.RECEIVABLE not in left
    assert house.unproven() == []


def test_what_is_withheld_and_given_back_is_told(house: House) -> None:
    house.change(TENTH)
    house.approve()
    house.bill()
    house.approve(revision=2, note="again")

    told = explained(house, revision=1)

    assert [step.sentences[0] for step in told.steps if step.about == "retainage"] == [
        (
            "Of the 200.00 USD with tax of line 1 of US1-000001, 20.00 USD are withheld"
            " until they are released; rounded on the running total of the contract,"
            " and no more than retainers leave to be paid."
        ),
        (
            "US1-CN-000001 credits 200.00 USD of US1-000001; the share of it that was"
            " withheld, 20.00 USD, is withheld no longer."
        ),
    ]
    assert told.broken == []


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_billed_credited_drawn_and_released_the_books_agree(
    house: House, seed: int
) -> None:
    house.change(
        MasterChange("contract", "C1", fields={"retainage_percent": Decimal("7.5")}),
        RETAINER,
    )
    office = Office(house, seed)

    def release_some() -> None:
        amount = office.random.choice([None, "0.01", "3.33", "25"])
        flow.release_retainage(
            house.database,
            house.tenant,
            contract="C1",
            because=Because(actor="M. Ito", reason="accepted"),
            dated=date(2025, 4, 30),
            amount=None if amount is None else Decimal(amount),
        )

    office.deliver()
    acts = [office.deliver, office.bill, office.credit, office.recall, office.close]
    office.work([*acts, office.deliver, office.bill, release_some, release_some])
