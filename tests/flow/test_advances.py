"""Retainers and customers that share a contract, from master data to the ERP."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from hourline import flow
from hourline.billing.model import Issued, NothingToBill
from hourline.billing.store_listing import ListedDocument, list_documents
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem
from hourline.proof.trace import find_entries
from tests.flow.advances import KIEL, RETAINER, shares
from tests.flow.credits import credit_invoice
from tests.flow.house import HOUR, MARCH_END, House, chart, routed
from tests.flow.ledgers import connect, invoices, journals, plan, post, route

pytestmark = pytest.mark.integration
_OVERDRAW = Query(
    "overdraw",
    "Draw a cent more than there is.",
    "UPDATE hourline.retainer_balance SET gross_drawn = gross_drawn + 1",
)
_BILL_AGAIN = Query(
    "bill_again",
    "Bill a customer a second it was billed already.",
    "UPDATE hourline.portion_share SET seconds_billed = seconds_billed + 1"
    " WHERE takes_difference",
)
_MORE_OF_A_PART = Query(
    "more_of_a_part",
    "Bill a customer a cent more than its part of an amount.",
    "UPDATE hourline.milestone_share SET amount_billed = amount_billed + 1"
    " WHERE takes_difference",
)


def listed(house: House) -> list[ListedDocument]:
    with house.database.tenant(house.tenant) as session:
        return list_documents(session)


def run(house: House) -> list[Issued | NothingToBill | Problem]:
    return flow.bill_due(
        house.database, house.tenant, through=MARCH_END, invoice_date=MARCH_END
    )


def test_a_run_bills_a_retainer_once_though_nothing_is_open(house: House) -> None:
    house.change(RETAINER)

    [issued] = run(house)

    assert isinstance(issued, Issued)
    assert (issued.net, issued.further) == (300_00, ())
    assert run(house) == []
    assert house.unproven() == []


def test_a_drawdown_lowers_what_is_due_and_is_listed(house: House) -> None:
    house.change(RETAINER)
    house.bill()
    house.approve()
    house.bill()

    retainer, invoice = listed(house)

    assert (retainer.total, retainer.drawn, retainer.due) == (300_00, 0, 300_00)
    assert (invoice.total, invoice.drawn, invoice.due) == (200_00, 200_00, 0)
    assert house.balances()[Role.CONTRACT_LIABILITY] == -100_00
    assert house.unproven() == []


def test_the_erp_gets_the_advance_as_a_liability_and_the_drawdown_as_a_journal(
    house: House,
) -> None:
    connect(house)
    house.change(
        RETAINER,
        *chart(),
        replace(
            chart()[0],
            source_id="US1-contract_liability",
            fields={"entity": "US1", "role": "contract_liability", "number": "2400"},
        ),
        *routed("invoice"),
        route(journal_type="drawdown"),
    )
    house.bill()
    house.approve()
    house.bill()

    plan(house)
    post(house)

    retainer, sale = invoices(house)
    assert [line.account for line in retainer.lines] == ["2400"]
    assert [line.account for line in sale.lines] == ["4000"]
    assert journals(house) == [("drawdown 2025-03-31, part 1", "200.00")]
    with house.database.tenant(house.tenant) as session:
        assert find_entries(session, "US1-J5") == []
        journal = session.value(
            Query(
                "journal",
                "What the ERP calls the journal.",
                "SELECT external_id FROM hourline.posting_intent WHERE kind = 3",
            ),
            str,
        )
        assert len(find_entries(session, journal or "")) == 1


def test_two_customers_get_an_invoice_each_with_their_unit_price(house: House) -> None:
    connect(house)
    house.change(
        KIEL,
        *shares(ADATUM="25", KIEL="75"),
        *chart(),
        route("invoice", detail="detailed"),
    )
    house.approve()

    issued = house.bill()
    plan(house)

    assert [one.net for one in issued.all] == [50_00, 150_00]
    first, second = invoices(house)
    assert (first.customer, second.customer) == ("ADATUM", "KIEL")
    [line] = second.lines
    assert (line.quantity, line.unit_price, line.net) == ("1", "150", "150.00")
    assert line.description == "2025-03-05 ann, P1, 1 h, share 75 %"
    assert house.unproven() == []


def test_work_that_is_open_for_one_customer_is_partly_billed(house: House) -> None:
    house.change(KIEL, *shares(ADATUM="25", KIEL="75"))
    house.approve()
    issued = house.bill()

    credit_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        reason="wrong address",
        actor="M. Ito",
    )

    assert house.state() == "partly_billed"
    assert [one.net for one in run(house) if isinstance(one, Issued)] == [50_00]
    assert house.state() == "billed"
    assert house.unproven() == []


def test_shares_that_do_not_total_100_are_refused_whole(house: House) -> None:
    applied = house.change(KIEL, *shares(ADATUM="25", KIEL="70"))

    assert applied.changed == 0
    assert house.codes() == ["master_record_invalid"]
    [item] = house.items()
    assert "total 95 percent, not 100" in item.sentence


def test_a_retainer_finer_than_its_currency_is_refused(house: House) -> None:
    fields = {**RETAINER.fields, "amount": "300.001"}

    [refusal] = house.change(replace(RETAINER, fields=fields)).refusals

    assert refusal.problem.code == "master_record_invalid"
    assert "300.001 has more decimals than USD" in refusal.problem.sentence
    assert run(house) == []


def test_a_retainer_that_does_not_hold_yet_is_not_billed(house: House) -> None:
    house.change(replace(RETAINER, effective_from=date(2025, 4, 1)))

    assert run(house) == []


def test_a_billed_retainer_keeps_its_amount(house: House) -> None:
    house.change(RETAINER)
    house.bill()

    house.change(replace(RETAINER, fields={**RETAINER.fields, "amount": 500}))

    assert run(house) == []


@pytest.mark.parametrize("forbidden", [_OVERDRAW, _BILL_AGAIN, _MORE_OF_A_PART])
def test_the_database_refuses_to_draw_or_bill_more_than_there_is(
    house: House, forbidden: Query
) -> None:
    house.change(KIEL, RETAINER, *shares(ADATUM="25", KIEL="75"))
    house.bill()
    house.approve(seconds=2 * HOUR)
    house.bill()

    with (
        pytest.raises(psycopg.errors.CheckViolation),
        house.database.tenant(house.tenant) as session,
    ):
        session.run(forbidden)

    assert house.unproven() == []
