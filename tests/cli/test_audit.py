"""The audit chain is checked and listed by commands."""

import psycopg
import pytest

from hourline.infra.audit import ManualChange, record_change
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration


def decide(firm: Firm, number: int) -> None:
    change = ManualChange(
        actor="M. Ito", action="tested", subject=f"subject {number}", reason="a test"
    )
    with firm.house.database.tenant(firm.house.tenant) as session:
        record_change(session, change)


def test_an_untouched_chain_holds_and_names_its_head(firm: Firm) -> None:
    decide(firm, 1)
    decide(firm, 2)

    told = firm.run("audit", "verify")
    asked = firm.ask("audit", "verify")
    listed = firm.ask("audit", "list")

    assert told.exit_code == 0
    assert told.stdout.startswith("The chain holds: 2 records.\n")
    assert (asked["holds"], asked["records"], asked["tampering"]) == (True, 2, None)
    assert [one["subject"] for one in listed] == ["subject 1", "subject 2"]
    assert asked["head"] == listed[-1]["hash"]
    assert "M. Ito" in firm.run("audit", "list").stdout


def test_an_empty_chain_holds(firm: Firm) -> None:
    assert firm.run("audit", "verify").stdout == "The chain holds: 0 records.\n"


def test_a_changed_record_is_named(firm: Firm, database_url: str) -> None:
    for number in (1, 2, 3):
        decide(firm, number)
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "SELECT set_config('hourline.tenant', %s, true)", [str(firm.house.tenant)]
        )
        owner.execute(
            "UPDATE hourline.audit_record SET reason = 'another'"
            " WHERE tenant = %s AND sequence = 2",
            [firm.house.tenant],
        )

    told = firm.run("audit", "verify")
    asked = firm.ask("audit", "verify", status=1)

    assert told.exit_code == 1
    assert told.stdout == "The chain does not hold at record 2: a field was changed.\n"
    assert asked["tampering"] == {"sequence": 2, "finding": "a field was changed"}
