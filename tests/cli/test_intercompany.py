"""Lent work is invoiced, listed and matched at a terminal."""

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.closing import SetRight
from hourline.infra.audit import read_chain
from tests.cli.firm import Firm
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE

pytestmark = pytest.mark.integration

INVOICE = ("intercompany", "invoice", "GB1", "US1", "--through", "2025-03-31")


@pytest.fixture
def lending(firm: Firm) -> Firm:
    """Give a firm whose entity US1 borrows bob of GB1; an hour of his is open."""
    assert not firm.house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE).refusals
    firm.house.approve(person="bob")
    return firm


def test_what_is_open_is_invoiced_once(lending: Firm) -> None:
    told = lending.run(*INVOICE, "--date", "2025-03-31")
    again = lending.run(*INVOICE, "--date", "2025-03-31")
    asked = lending.ask(*INVOICE, "--date", "2025-03-31")

    assert told.exit_code == again.exit_code == 0, told.output
    assert told.stdout == ("invoice GB1-IC-000001 of GB1 to US1: 1 lines, 120.00 USD\n")
    assert again.stdout == "GB1 has nothing to invoice US1 through 2025-03-31.\n"
    assert asked == {"issued": [], "problem": None}


def test_a_refusal_is_told_with_its_remedy_and_waits(lending: Firm) -> None:
    told = lending.run(*INVOICE, "--date", "2024-12-31")
    asked = lending.ask(*INVOICE, "--date", "2024-12-31", status=1)

    assert told.exit_code == 1
    assert "there is no rate from USD to GBP on 2024-12-31" in told.stderr
    assert asked["problem"]["code"] == "fx_rate_not_found"
    assert lending.house.codes() == ["fx_rate_not_found"]


def test_finance_invoices_into_a_soft_closed_month_by_right_and_reason(
    lending: Firm,
) -> None:
    fields = {"entity": "US1", "period": "2025-03", "soft_closed": True}
    lending.house.change(MasterChange("posting_period", "US1-2025-03", fields=fields))
    act = (*INVOICE, "--date", "2025-03-31", "--into-soft-closed", "March")
    by_carla = (*act, "--actor", "Carla")

    refused = lending.ask(*by_carla, status=1)
    lending.house.agree(SetRight(user="Carla", right="post_into_soft_closed"))
    half = lending.run(*act)
    issued = lending.ask(*by_carla)["issued"]
    again = lending.ask(*by_carla)["issued"]

    assert refused["problem"]["code"] == "right_missing"
    assert "--into-soft-closed and --actor go together" in half.output
    assert ([one["number"] for one in issued], again) == (["GB1-IC-000001"], [])
    [listed] = lending.ask("intercompany", "list")
    assert (listed["lender_date"], listed["borrower_date"]) == ("2025-03-31",) * 2
    assert lending.house.codes() == []
    with lending.house.database.tenant(lending.house.tenant) as session:
        acts = [one for one in read_chain(session) if "soft_closed" in one.action]
    assert [(one.actor, one.subject, one.reason, one.after) for one in acts] == [
        (
            "Carla",
            "entities GB1 to US1",
            "March",
            {
                "documents": ["GB1-IC-000001"],
                "totals": [120_00],
                "currencies": ["USD"],
            },
        )
    ]


def test_documents_are_shown_as_both_entities_booked_them(lending: Firm) -> None:
    issued = lending.ask(*INVOICE, "--date", "2025-03-31")["issued"]

    told = lending.run("intercompany", "list", "--lender", "GB1")
    asked = lending.ask("intercompany", "list", "--borrower", "US1")
    none = lending.ask("intercompany", "list", "--lender", "US1")

    assert [one["number"] for one in issued] == ["GB1-IC-000001"]
    assert "96.00 GBP on 2025-03-31" in told.stdout
    assert "120.00 USD on 2025-03-31" in told.stdout
    assert [(one["number"], one["lender_total"]) for one in asked] == [
        ("GB1-IC-000001", 9_600)
    ]
    assert none == []


def test_an_entity_that_is_not_known_is_refused(lending: Firm) -> None:
    listed = lending.run("intercompany", "list", "--lender", "XX")
    days = ("--through", "2025-03-31", "--date", "2025-03-31")
    itself = lending.run("intercompany", "invoice", "US1", "US1", *days)

    assert "There is no legal entity XX." in str(listed.exception)
    assert "US1 cannot invoice itself." in str(itself.exception)


def test_the_report_matches_both_sides_and_lists_eliminations(lending: Firm) -> None:
    lending.ask(*INVOICE, "--date", "2025-03-31")
    lending.house.approve(id="t2", person="bob")

    told = lending.run("intercompany", "report")
    asked = lending.ask("intercompany", "report")

    assert told.exit_code == 0, told.output
    assert "none" in told.stdout
    assert "to invoice" in told.stdout
    assert "ic receivable" in told.stdout
    assert [month["matches"] for month in asked["months"]] == [True]
    assert [one["role"] for one in asked["eliminations"]] == [
        "ic_revenue",
        "ic_cost",
        "ic_payable",
        "ic_receivable",
    ]
    assert asked["open"][0]["amount"] == 12_000


def test_months_that_do_not_match_end_with_status_1(lending: Firm) -> None:
    closed = MasterChange(
        "posting_period",
        "US1-2025-04",
        fields={"entity": "US1", "period": "2025-04", "status": "closed"},
    )
    lending.house.change(closed)
    lending.ask(*INVOICE, "--date", "2025-04-30")

    told = lending.run("intercompany", "report")

    assert told.exit_code == 1
    assert "120.00 USD / 120.00 USD" in told.stdout


def test_a_story_tells_what_was_charged(lending: Firm) -> None:
    lending.ask(*INVOICE, "--date", "2025-03-31")

    told = lending.run("trace", "GB1-IC-000001")

    assert (
        "lent     revision 1 by GB1 to US1: 1 h, 120.00 USD by row 'GB1-US1'"
        " (unit price), accrued 96.00 GBP; GB1-IC-000001"
    ) in told.stdout
