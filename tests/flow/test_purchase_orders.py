"""Which order of the customer an invoice names, and what a split bill looks like."""

from dataclasses import replace

import pytest

from hourline import flow
from hourline.billing.documents.read import read_customer_document
from hourline.billing.model import Assembled, Issued
from hourline.connectors.sdk.changes import MasterChange
from tests.flow.house import CONTRACT, CUSTOMER, LINE, MARCH_END, PROJECT, House

pytestmark = pytest.mark.integration
SECOND_LINE = replace(LINE, source_id="C1.2")
SECOND_PROJECT = replace(PROJECT, source_id="P2", fields={"contract_line": "C1.2"})


def ordered(change: MasterChange, **fields: str) -> MasterChange:
    return replace(change, fields={**change.fields, **fields})


def order_of(house: House, issued: Issued) -> str | None:
    with house.database.tenant(house.tenant) as session:
        return read_customer_document(session, issued.document_no).purchase_order


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ([ordered(CUSTOMER, purchase_order="K")], "K"),
        (
            [
                ordered(CUSTOMER, purchase_order="K"),
                ordered(CONTRACT, purchase_order="C"),
            ],
            "C",
        ),
        (
            [
                ordered(CONTRACT, purchase_order="C"),
                ordered(LINE, purchase_order="L"),
                ordered(SECOND_LINE, purchase_order="L"),
            ],
            "L",
        ),
        (
            [
                ordered(CONTRACT, purchase_order="C"),
                ordered(LINE, purchase_order="L"),
                SECOND_LINE,
            ],
            None,
        ),
    ],
)
def test_an_invoice_names_the_order_its_lines_agree_on(
    house: House, changes: list[MasterChange], order: str | None
) -> None:
    assert not house.change(SECOND_LINE, SECOND_PROJECT).refusals
    assert not house.change(*changes).refusals
    house.approve(id="t1")
    house.approve(id="t2", project="P2")

    assert order_of(house, house.bill()) == order


def test_a_split_bill_shows_which_invoice_a_line_is_on_and_gives_them_in_order(
    house: House,
) -> None:
    house.change(
        SECOND_LINE, SECOND_PROJECT, ordered(CONTRACT, invoice_by="contract_line")
    )
    house.approve(id="t2", project="P2")
    house.approve(id="t1")

    draft = flow.open_draft(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )
    assert isinstance(draft, Assembled)
    issued = house.bill()

    assert draft.is_split
    assert [(draft.invoice_of(one), one.item.source_id) for one in draft.lines] == [
        (1, "t1"),
        (2, "t2"),
    ]
    assert [one.number for one in issued.all] == ["US1-000001", "US1-000002"]
    assert [one.total for one in issued.all] == [200_00, 200_00]
    assert house.unproven() == []


def test_what_a_contract_is_not_invoiced_by_is_refused(house: House) -> None:
    refused = house.change(ordered(CONTRACT, invoice_by="person"))

    [refusal] = refused.refusals
    assert refusal.problem.code == "master_record_invalid"
    house.approve()
    assert house.bill().total == 200_00
