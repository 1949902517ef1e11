"""Write invoices and credit notes as files by commands alone."""

from pathlib import Path

import pytest

from hourline.cli.desk import CannotOpen
from hourline.connectors.sdk.changes import MasterChange
from tests.billing.documents.official import broken_rules
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
DOCUMENT = ("billing", "document", "US1-000001")
COMPLETE = (
    MasterChange(
        "legal_entity",
        "US1",
        fields={
            "name": "Hourly Inc.",
            "country": "US",
            "currency": "USD",
            "registration_number": "DE 5550100",
        },
    ),
    MasterChange(
        "customer", "ADATUM", fields={"name": "Adatum Corp.", "country": "US"}
    ),
    MasterChange("tax_rule", "outside", fields={"order": 1, "rate": 0, "code": "O"}),
)


def billed(firm: Firm, *changes: MasterChange) -> None:
    firm.house.change(*changes)
    firm.house.approve()
    assert firm.run("billing", "run", *MARCH).exit_code == 0


def test_an_invoice_is_written_under_its_number(
    firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed(firm)
    monkeypatch.chdir(tmp_path)

    run = firm.run(*DOCUMENT, "--backup", "day")

    content = (tmp_path / "US1-000001.pdf").read_bytes()
    assert run.exit_code == 0, run.output
    assert run.stdout == (
        f"US1-000001 is written to US1-000001.pdf ({len(content):,} bytes).\n"
    )
    assert content.startswith(b"%PDF-1.7")


def test_an_electronic_invoice_is_written_where_it_is_asked_for(
    firm: Firm, tmp_path: Path
) -> None:
    billed(firm, *COMPLETE)
    path = tmp_path / "invoice.xml"

    told = firm.ask(*DOCUMENT, "--format", "ubl", "--out", str(path))

    content = path.read_bytes()
    assert told == {
        "number": "US1-000001",
        "format": "ubl",
        "file": str(path),
        "bytes": len(content),
    }
    assert broken_rules(content, "ubl") == []


def test_what_is_lacking_is_told_and_nothing_is_written(
    firm: Firm, tmp_path: Path
) -> None:
    billed(firm)
    path = tmp_path / "invoice.pdf"

    run = firm.run(*DOCUMENT, "--format", "factur-x", "--out", str(path))
    told = firm.ask(*DOCUMENT, "--format", "factur-x", "--out", str(path), status=1)

    assert run.exit_code == 1
    assert "the name of legal entity US1 (BT-27): field name" in run.stdout
    assert "Add the fields to the master data and ask again." in run.stdout
    assert told["problem"]["code"] == "document_incomplete"
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_said(firm: Firm, tmp_path: Path) -> None:
    billed(firm)

    run = firm.run(*DOCUMENT, "--out", str(tmp_path / "nowhere" / "a.pdf"))

    assert isinstance(run.exception, CannotOpen)
    assert "cannot be written: No such file or directory." in str(run.exception)


def test_an_unknown_number_is_said(firm: Firm) -> None:
    run = firm.run(*DOCUMENT)

    assert isinstance(run.exception, CannotOpen)
    assert str(run.exception) == "No documents have the number US1-000001."
