"""What is in a soft-closed month is sent; the ERP's own months leave it soft-closed."""

from datetime import date

import pytest

from hourline import flow
from hourline.billing.model import Because, Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetRight
from hourline.infra.audit import read_chain
from hourline.kernel.problems import Problem
from hourline.posting.groups import read_groups
from tests.flow.house import MARCH_END, House, chart
from tests.flow.ledgers import connect, plan, post, route

pytestmark = pytest.mark.integration
INTO = flow.IntoSoftClosed(actor="Carla", reason="last invoice of March")
CARLA = SetRight(user="Carla", right="post_into_soft_closed", entity="US1")


def march(**fields: object) -> MasterChange:
    said = {"entity": "US1", "period": "2025-03", **fields}
    return MasterChange("posting_period", "US1:2025-03", fields=said)


def billed(house: House) -> Issued:
    outcome = flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
        into=INTO,
    )
    assert isinstance(outcome, Issued)
    return outcome


def test_an_act_is_in_the_audit_chain_with_who_why_and_what(house: House) -> None:
    house.agree(CARLA)
    house.change(march(soft_closed=True))
    house.approve()

    issued = billed(house)
    flow.write_off_invoice(
        house.database,
        house.tenant,
        document_no=issued.document_no,
        because=Because(actor="Carla", reason="agreed"),
        dated=MARCH_END,
        amount=50_00,
        into=flow.IntoSoftClosed(actor="Carla", reason="agreed"),
    )

    with house.database.tenant(house.tenant) as session:
        acts = [
            one
            for one in read_chain(session)
            if one.action == "period.booked_into_soft_closed"
        ]
    assert [(one.actor, one.subject, one.reason) for one in acts] == [
        ("Carla", "contract C1", "last invoice of March"),
        ("Carla", f"document {issued.document_no}", "agreed"),
    ]
    assert acts[0].after == {
        "invoices": ["US1-000001"],
        "net": 200_00,
        "tax": 0,
        "currency": "USD",
    }


def test_revaluation_and_recognition_without_the_right_book_nothing(
    house: House,
) -> None:
    house.change(march(soft_closed=True))
    revalued = flow.revalue_receivables(
        house.database, house.tenant, entity="US1", through=MARCH_END, into=INTO
    )
    recognised = flow.recognise_revenue(
        house.database, house.tenant, entity="US1", through=MARCH_END, into=INTO
    )

    assert isinstance(revalued, Problem)
    assert recognised == [revalued]
    assert house.codes() == ["right_missing", "right_missing"]


def test_a_group_of_a_soft_closed_month_is_sent(house: House) -> None:
    connect(house)
    house.change(route("invoice", group="end"), route("journal", group="end"), *chart())
    house.approve()
    house.bill()
    house.change(march(soft_closed=True))

    plan(house)
    post(house)

    assert house.codes() == []
    with house.database.tenant(house.tenant) as session:
        states = [one.state for one in read_groups(session, "held", "confirmed")]
    assert states == ["confirmed"]


def test_a_system_that_says_the_month_is_open_leaves_it_soft_closed(
    house: House,
) -> None:
    house.change(march(soft_closed=True))
    house.change(march(status="open"))

    house.approve(date="2025-03-05")

    [version] = house.status().story.versions
    assert (version.accounting_date, version.late) == (date(2025, 4, 1), True)
    assert house.unproven() == []
