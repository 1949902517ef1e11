"""What is booked under a legal entity or a currency keeps its contract there."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.problems import ProblemCode
from tests.flow.advances import RETAINER
from tests.flow.credits import credit_invoice
from tests.flow.house import CONTRACT, ENTITY, LINE, PROJECT, House

pytestmark = pytest.mark.integration

TO_GERMANY = MasterChange("contract", "C1", fields={"entity": "DE1"})
TO_EUROS = MasterChange("contract", "C1", fields={"currency": "EUR"})
BOOKS_IN_EUROS = MasterChange("legal_entity", "US1", fields={"currency": "EUR"})
BECAUSE = Because(actor="M. Ito", reason="any")


@pytest.fixture
def two(house: House) -> House:
    """Give a firm with a second legal entity, which has no contract yet."""
    german = {"country": "DE", "currency": "EUR"}
    lent = {
        "lender": "US1",
        "borrower": "DE1",
        "model": "unit_price",
        "value": Decimal(120),
        "currency": "USD",
    }
    euros = {"from_currency": "EUR", "to_currency": "USD", "rate": Decimal("1.25")}
    assert not house.change(
        MasterChange("legal_entity", "DE1", fields=german),
        MasterChange("transfer_price", "US1-DE1", fields=lent),
        MasterChange("fx_rate", "EUR-USD", fields=euros),
        MasterChange("bill_rate", "euros", fields={"currency": "EUR", "rate": 180}),
    ).refusals
    return house


def refusal(house: House, change: MasterChange) -> str:
    """Give why a change was refused; it waits with its remedy."""
    [refused] = house.change(change).refusals
    [item] = house.items()
    assert item.code == ProblemCode.MASTER_RECORD_INVALID
    assert item.sentence == refused.problem.sentence
    assert item.remedy == refused.problem.remedy
    return refused.problem.sentence


def taken(house: House, change: MasterChange) -> bool:
    """Tell whether a change was made."""
    applied = house.change(change)
    return applied.refusals == [] and applied.changed == 1


def credited(house: House) -> None:
    """Bill the contract and credit the invoice whole."""
    document_no = house.bill().document_no
    credit_invoice(
        house.database,
        house.tenant,
        document_no=document_no,
        reason="any",
        actor="M. Ito",
    )


def test_open_work_keeps_its_contract_with_its_legal_entity(two: House) -> None:
    two.approve()

    sentence = refusal(two, TO_GERMANY)

    assert sentence == (
        "contract C1 was not taken over: its legal entity cannot become DE1, since"
        " under US1 in USD stand 1 entry of approved work and balances of wip,"
        " accrued_revenue."
    )
    assert two.items()[0].remedy == (
        "Leave its legal entity US1 and bill what is open. Make a contract of its own"
        " for DE1, with contract lines and projects for what comes next. Only where its"
        " invoices are credited, and its work is recalled or written off, can it"
        " change. Then send the changes again."
    )
    # What says the same as before is no change, and answers what waits.
    again = two.change(replace(TO_GERMANY, fields={"entity": "US1"}))
    assert (again.changed, again.unchanged) == (0, 1)
    assert two.items() == []
    two.bill()
    assert two.unproven() == []


def test_open_work_keeps_its_contract_in_its_currency(two: House) -> None:
    two.approve()

    assert (
        "its currency cannot become EUR, since under US1 in USD stand 1 entry of"
        " approved work"
    ) in refusal(two, TO_EUROS)


def test_a_currency_that_a_contract_has_by_its_entity_may_be_stated(
    two: House,
) -> None:
    two.approve()

    assert taken(two, replace(TO_EUROS, fields={"currency": "USD"}))


def test_a_contract_in_other_books_from_a_day_on_is_refused(two: House) -> None:
    later = replace(TO_GERMANY, effective_from=date(2025, 7, 1))

    assert (
        "it has one legal entity and currency for all its days, not US1 in USD, then"
        " DE1 in EUR."
    ) in refusal(two, later)
    in_euros = replace(BOOKS_IN_EUROS, effective_from=date(2025, 7, 1))
    [of_entity] = two.change(in_euros).refusals
    assert of_entity.problem.sentence == (
        "legal_entity US1 was not taken over: it has one currency for all its days, not"
        " USD, then EUR."
    )
    assert taken(two, TO_GERMANY)


def test_what_a_credit_opened_again_keeps_the_contract(two: House) -> None:
    two.change(replace(LINE, fields={"accrue": False}))
    two.approve()
    credited(two)

    assert "stand 1 entry of approved work." in refusal(two, TO_GERMANY)
    two.recall()
    assert taken(two, TO_GERMANY)
    two.approve(revision=2)
    assert two.codes() == []
    assert two.unproven() == []


def test_an_invoice_keeps_the_contract(two: House) -> None:
    two.approve()
    two.bill()

    assert (
        "stand 1 entry of approved work, 1 invoice not credited in full and balances"
        " of receivable, revenue."
    ) in refusal(two, TO_GERMANY)


def test_held_work_keeps_the_contract_and_written_off_work_does_not(
    two: House,
) -> None:
    two.approve()
    flow.hold_entry(two.database, two.tenant, flow.EntryName("t1"), BECAUSE)

    assert "stand 1 entry of approved work" in refusal(two, TO_GERMANY)

    flow.release_entry(two.database, two.tenant, flow.EntryName("t1"), BECAUSE)
    flow.write_off_entry(two.database, two.tenant, flow.EntryName("t1"), BECAUSE)
    assert taken(two, TO_GERMANY)
    assert two.unproven() == []


def test_work_that_was_recalled_or_is_not_billable_does_not_keep_the_contract(
    two: House,
) -> None:
    two.approve()
    two.recall()
    two.change(replace(PROJECT, fields={"billable": False}))
    two.approve(id="t2")

    assert taken(two, TO_GERMANY)
    assert taken(two, replace(CONTRACT, fields={"entity": "US1", "currency": "EUR"}))
    assert two.unproven() == []


def test_a_retainer_that_was_credited_is_still_to_bill_as_it_was(two: House) -> None:
    two.change(RETAINER)
    credited(two)

    assert "stand 1 milestone, retainer or fee to bill." in refusal(two, TO_EUROS)


def test_a_legal_entity_keeps_the_currency_of_its_books(two: House) -> None:
    two.approve()
    two.recall()

    assert refusal(two, BOOKS_IN_EUROS) == (
        "legal_entity US1 was not taken over: its currency cannot become EUR, since"
        " its books are kept in USD: they have 4 bookings, of 2025-03-05 to"
        " 2025-03-05."
    )
    assert taken(two, replace(ENTITY, fields={"country": "CA"}))


def test_a_legal_entity_without_bookings_may_change_its_currency(two: House) -> None:
    assert taken(two, BOOKS_IN_EUROS)
    two.approve()
    two.bill()
    assert two.unproven() == []


def test_a_contract_line_with_work_does_not_go_to_other_books(two: House) -> None:
    second = replace(CONTRACT, source_id="C2", fields={**CONTRACT.fields})
    german = replace(
        CONTRACT, source_id="C3", fields={"customer": "ADATUM", "entity": "DE1"}
    )
    assert not two.change(second, german).refusals
    to_germany = replace(LINE, fields={"contract": "C3"})
    assert taken(two, to_germany)
    assert taken(two, LINE)
    two.approve()

    assert refusal(two, to_germany) == (
        "contract_line C1.1 was not taken over: it cannot go from contract C1 to C3,"
        " which has another legal entity or currency: of its work, amounts and revenue"
        " 1 stand."
    )
    assert taken(two, replace(LINE, fields={"contract": "C2"}))


def test_of_a_page_only_what_names_other_books_is_refused(two: House) -> None:
    second = replace(CONTRACT, source_id="C2")
    named = MasterChange("customer", "ADATUM", fields={"name": "Adatum"})
    two.change(second)
    two.approve()

    applied = flow.change_master(
        two.database,
        two.tenant,
        [named, TO_GERMANY, replace(TO_GERMANY, source_id="C2"), BOOKS_IN_EUROS],
        connection_no=two.psa,
        as_page=True,
    )

    assert applied.changed == 2
    assert [one.change for one in applied.refusals] == [BOOKS_IN_EUROS, TO_GERMANY]
    assert two.codes() == ["master_record_invalid", "master_record_invalid"]
