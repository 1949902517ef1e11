"""Billing through the flow: refusals wait in a queue and are closed when it goes on."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import Assembled, CreditLine, Issued, NothingToBill
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow import NotKnown
from hourline.flow.transactions import CannotReplace
from hourline.kernel.codes import Role
from hourline.kernel.problems import Problem, ProblemCode
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House

pytestmark = pytest.mark.integration


def close(house: House) -> None:
    """Close March 2025 and all months that are looked at after it."""
    periods = [f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(2, 30)]
    applied = house.change(
        *(
            MasterChange(
                "posting_period",
                f"US1-{period}",
                fields={"entity": "US1", "period": period, "status": "closed"},
            )
            for period in periods
        )
    )
    assert not applied.refusals


def bill(house: House, contract: str = "C1") -> Issued | NothingToBill | Problem:
    return flow.bill_contract(
        house.database,
        house.tenant,
        contract=contract,
        through=MARCH_END,
        invoice_date=MARCH_END,
    )


def credit(house: House, document_no: int, line: CreditLine) -> Issued | Problem:
    return credit_invoice(
        house.database,
        house.tenant,
        document_no=document_no,
        lines=[line],
        reason="agreed with the customer",
        actor="M. Ito",
    )


def test_a_bill_that_no_month_can_take_waits_and_is_closed_when_it_goes_on(
    house: House,
) -> None:
    house.approve()
    close(house)

    refused = bill(house)
    (item,) = house.items()
    house.reopen()
    issued = bill(house)

    assert isinstance(refused, Problem)
    assert (item.code, item.subject_kind, item.subject_key) == (
        "period_closed",
        "contract",
        "C1",
    )
    assert isinstance(issued, Issued)
    assert house.codes() == []
    assert house.items(state="resolved")[0].resolution == "went on"
    assert house.unproven() == []


def test_a_run_bills_every_contract_and_queues_the_one_it_cannot(house: House) -> None:
    house.change(
        MasterChange(
            "contract",
            "C2",
            fields={"customer": "ADATUM", "entity": "US1", "currency": "EUR"},
        ),
        MasterChange(
            "contract_line",
            "C2.1",
            fields={
                "contract": "C2",
                "method": "fixed_price",
                "price": Decimal(1000),
                "milestones": [{"id": "m", "amount": 1000, "date": "2025-03-01"}],
            },
        ),
    )
    house.approve()
    reached = flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C2.1",
        milestone="m",
        reached_on=date(2025, 3, 1),
    )

    outcomes = flow.bill_due(
        house.database, house.tenant, through=MARCH_END, invoice_date=MARCH_END
    )

    assert reached is None
    assert [type(one).__name__ for one in outcomes] == ["Issued", "Problem"]
    (item,) = house.items()
    assert (item.code, item.subject_key) == ("fx_rate_not_found", "C2")
    assert house.unproven() == []


def test_a_milestone_the_line_does_not_have_waits_in_its_queue(house: House) -> None:
    refused = flow.reach_milestone(
        house.database,
        house.tenant,
        contract_line="C1.1",
        milestone="m9",
        reached_on=date(2025, 3, 1),
    )

    (item,) = house.items()
    assert isinstance(refused, Problem)
    assert item.code == ProblemCode.MASTER_REFERENCE_MISSING
    assert item.subject_key == "C1.1/m9"


def test_a_draft_follows_its_entries_and_is_issued_once(house: House) -> None:
    house.approve()
    draft = flow.open_draft(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )
    house.approve(id="t2")

    issued = flow.issue_draft(house.database, house.tenant, contract="C1")

    assert isinstance(draft, Assembled)
    assert draft.net == 20_000
    assert isinstance(issued, Issued)
    assert issued.net == 40_000
    with pytest.raises(LookupError, match="no open draft"):
        flow.issue_draft(house.database, house.tenant, contract="C1")
    assert isinstance(bill(house), NothingToBill)


def test_an_unknown_contract_is_named(house: House) -> None:
    with pytest.raises(NotKnown, match="There is no contract C9"):
        bill(house, "C9")


def test_a_credit_that_goes_too_far_waits_until_a_person_has_seen_it(
    house: House,
) -> None:
    house.approve()
    invoice = house.bill()
    entry_no = house.status().story.entry_no

    refused = credit(house, invoice.document_no, CreditLine(entry_no=99_999))
    credited = credit(
        house, invoice.document_no, CreditLine(entry_no=entry_no, seconds=900)
    )

    (item,) = house.items()
    assert isinstance(refused, Problem)
    assert isinstance(credited, Issued)
    assert credited.net == -5_000
    assert (item.code, item.subject_key) == (
        "credit_exceeds_invoice",
        str(invoice.document_no),
    )
    assert house.unproven() == []


@pytest.mark.parametrize("billed", [True, False])
def test_a_correction_no_month_can_take_is_undone_and_waits(
    house: House, *, billed: bool
) -> None:
    house.approve()
    if billed:
        house.bill()
    before = house.balances()
    close(house)

    with pytest.raises(CannotReplace, match="US1 is open in the two years"):
        house.approve(revision=2, seconds=7_200)
    (item,) = house.items()
    booked_meanwhile = house.balances()
    house.reopen()
    house.approve(revision=2, seconds=7_200)

    assert (item.code, item.owner) == ("period_closed", "finance lead")
    assert item.entry_no == house.status().story.entry_no
    assert booked_meanwhile == before
    assert house.codes() == []
    assert house.balances()[Role.WIP] == 40_000
    assert house.unproven() == []


def test_a_milestone_without_a_tax_row_waits_and_goes_on_once_there_is_one(
    house: House,
) -> None:
    house.change(
        MasterChange(
            "contract_line",
            "C1.2",
            fields={
                "contract": "C1",
                "method": "fixed_price",
                "price": Decimal(1000),
                "milestones": [{"id": "m", "amount": 1000, "date": "2025-03-01"}],
            },
        ),
        MasterChange(
            "tax_rule",
            "vat",
            fields={
                "order": 1,
                "rate": Decimal(19),
                "code": "S",
                "entity_country": "DE",
            },
        ),
    )

    def reach() -> Problem | None:
        return flow.reach_milestone(
            house.database,
            house.tenant,
            contract_line="C1.2",
            milestone="m",
            reached_on=date(2025, 3, 1),
        )

    refused = reach()
    waiting = [(item.code, item.subject_key) for item in house.items()]
    house.change(MasterChange("tax_rule", "vat", fields={"entity_country": "US"}))

    assert isinstance(refused, Problem)
    assert waiting == [("tax_not_determined", "C1.2/m")]
    assert house.codes() == []
    assert reach() is None
    assert house.bill().total == 119_000
    assert house.unproven() == []
