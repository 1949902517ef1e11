"""What is given up of an invoice, from a person's word to the ERP and the trace."""

import pytest

from hourline import flow
from hourline.billing.model import Because, Issued
from hourline.billing.rules.write_off_due import WrittenOff
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.proof.trace import find_entries
from tests.flow.house import MARCH_END, House, chart
from tests.flow.ledgers import connect, journals, plan, post, route

pytestmark = pytest.mark.integration
WHY = Because(actor="M. Ito", reason="insolvent")
ACCOUNT = MasterChange(
    "ledger_account",
    "US1-write_off",
    fields={"entity": "US1", "role": "write_off", "number": "6900"},
)
JOURNAL = Query(
    "journal",
    "What the ERP calls the journal.",
    "SELECT external_id FROM hourline.posting_intent WHERE kind = 3",
)


def give_up(house: House, issued: Issued, amount: int | None = None) -> WrittenOff:
    written_off = flow.write_off_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        because=WHY,
        dated=MARCH_END,
        amount=amount,
    )
    assert isinstance(written_off, WrittenOff)
    return written_off


def test_the_erp_gets_what_is_given_up_as_a_journal_and_it_leads_to_the_work(
    house: House,
) -> None:
    connect(house)
    house.change(*chart(), ACCOUNT, route(journal_type="write_off"))
    house.approve()
    issued = house.bill()
    give_up(house, issued, 50_00)

    plan(house)
    post(house)

    assert journals(house) == [("write off 2025-03-31, part 1", "50.00")]
    with house.database.tenant(house.tenant) as session:
        journal = session.value(JOURNAL, str)
        assert len(find_entries(session, journal or "")) == 1
    assert house.unproven() == []


def test_a_recall_of_work_that_was_given_up_leaves_nothing(house: House) -> None:
    house.approve()
    give_up(house, house.bill())

    house.recall()

    left = {role: amount for role, amount in house.balances().items() if amount}
    assert Role.WRITE_OFF not in left
    assert Role.RECEIVABLE not in left
    assert house.unproven() == []
