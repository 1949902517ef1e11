"""The books are proven by a command, and what does not hold ends it with status 1."""

import psycopg
import pytest

from tests.cli.firm import Firm

pytestmark = pytest.mark.integration


def test_books_that_agree_are_proven(firm: Firm) -> None:
    firm.house.approve()
    firm.house.bill()

    told = firm.run("reconcile")
    asked = firm.ask("reconcile")

    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[-1] == "Everything is proven."
    assert "200.00 USD" in told.stdout
    assert asked["proven"] is True
    assert asked["differences"] == []
    assert len(asked["statement"]["equations"]) > 3
    assert all(one["holds"] for one in asked["statement"]["equations"])


def test_an_empty_firm_is_proven(firm: Firm) -> None:
    assert firm.run("reconcile").exit_code == 0


def test_a_line_that_was_tampered_with_is_found(firm: Firm, database_url: str) -> None:
    firm.house.approve()
    firm.house.bill()
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "SELECT set_config('hourline.tenant', %s, true)", [str(firm.house.tenant)]
        )
        owner.execute(
            "UPDATE hourline.invoice_line SET seconds = 7200 WHERE tenant = %s",
            [firm.house.tenant],
        )

    told = firm.run("reconcile")
    asked = firm.ask("reconcile", status=1)

    assert told.exit_code == 1
    assert "Something does not hold" in told.stdout
    assert asked["proven"] is False
    assert {one["check"] for one in asked["differences"]} >= {
        "billed_twice_or_uncounted"
    }
