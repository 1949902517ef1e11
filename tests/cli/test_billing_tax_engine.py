"""Let a tax engine decide, by commands alone; its key is sealed and never shown."""

import pytest

from hourline.connectors.sdk.changes import MasterChange
from tests.cli.firm import Firm
from tests.flow.lent import LENDER, LENT
from tests.flow.tax_server import tax_server
from tests.flow.taxed_firm import ASKS, CALIFORNIA

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
LOOPBACK = ("--network", "127.0.0.0/8", "--plain-http")


def test_a_run_is_taxed_by_the_engine_once_it_has_its_key(firm: Firm) -> None:
    firm.house.change(CALIFORNIA, ASKS)
    firm.house.approve()
    with tax_server() as engine:
        engine_at = ("--connector", "tax_engine", "--address", engine.url)
        firm.run("connection", "set", "vertax", *engine_at, *LOOPBACK)
        without = firm.run("billing", "run", *MARCH)
        firm.run("secret", "set", "vertax", "client_secret", told="engine-key\n")
        billed = firm.run("billing", "run", *MARCH)

    assert without.exit_code == 1
    assert "Connection vertax has no client secret" in without.output
    assert billed.exit_code == 0, billed.output
    shown = firm.ask("billing", "show", "US1-000001")
    assert (shown["net"], shown["tax"]) == ("200.00", "18.00")
    assert "engine-key" not in without.output + billed.output
    [headers] = engine.headers
    assert headers["Authorization"] == "Bearer engine-key"


def test_what_one_entity_invoices_another_is_taxed_by_the_lenders_engine(
    firm: Firm,
) -> None:
    lender = {**LENDER.fields, "intercompany_tax_engine": "vertax"}
    firm.house.change(
        *LENT, CALIFORNIA, MasterChange("legal_entity", "GB1", fields=lender)
    )
    firm.house.approve(person="bob")
    with tax_server() as engine:
        engine_at = ("--connector", "tax_engine", "--address", engine.url)
        firm.run("connection", "set", "vertax", *engine_at, *LOOPBACK)
        firm.run("secret", "set", "vertax", "client_secret", told="engine-key\n")
        charged = firm.run("intercompany", "invoice", "GB1", "US1", *MARCH)

    assert charged.exit_code == 0, charged.output
    # 9 percent of 120.00 are 10.80.
    assert "GB1-IC-000001 of GB1 to US1: 1 lines, 130.80 USD" in charged.output
