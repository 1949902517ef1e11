"""Issued documents come over the API as the files that customers get."""

from datetime import date

import pytest

from hourline import flow
from hourline.billing.model import Issued
from hourline.infra.api_keys import Scope
from tests.api.firm import ApiFirm, time_entry

pytestmark = pytest.mark.integration
PATH = "/v1/documents/US1-000001"


@pytest.fixture
def billed(firm: ApiFirm) -> ApiFirm:
    """Give a firm with one invoice of an hour."""
    assert firm.send_entries(time_entry()).status_code == 200
    issued = flow.bill_contract(
        firm.database,
        firm.tenant,
        contract="C1",
        through=date(2026, 12, 31),
        invoice_date=date(2026, 12, 31),
    )
    assert isinstance(issued, Issued)
    return firm


def test_an_invoice_comes_as_a_pdf_under_its_number(billed: ApiFirm) -> None:
    reply = billed.call("GET", f"{PATH}?backup=person", Scope.BILLING_READ)

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/pdf"
    named = reply.headers["content-disposition"]
    assert named == 'attachment; filename="US1-000001.pdf"'
    assert reply.content.startswith(b"%PDF-1.7")


def test_the_same_call_gives_the_same_bytes(billed: ApiFirm) -> None:
    first, second = (billed.call("GET", PATH, Scope.BILLING_READ) for _ in range(2))

    assert first.content == second.content


def test_the_backup_comes_as_a_table(billed: ApiFirm) -> None:
    reply = billed.call("GET", f"{PATH}?format=csv&backup=day", Scope.BILLING_READ)

    assert reply.headers["content-type"].startswith("text/csv")
    head, row, end = reply.text.split("\r\n")
    assert head.startswith("document,group,line,date,person")
    assert row.startswith("US1-000001,")
    assert end == ""


def test_what_an_electronic_invoice_lacks_is_named(billed: ApiFirm) -> None:
    reply = billed.call("GET", f"{PATH}?format=ubl", Scope.BILLING_READ)

    assert reply.status_code == 422
    [finding] = reply.json()["findings"]
    assert finding["code"] == "document_incomplete"
    assert "(BT-44): field name" in finding["sentence"]


@pytest.mark.parametrize("query", ["format=docx", "backup=month", "lines=all"])
def test_an_unknown_choice_is_refused(billed: ApiFirm, query: str) -> None:
    reply = billed.call("GET", f"{PATH}?{query}", Scope.BILLING_READ)

    assert (reply.status_code, reply.json()["code"]) == (422, "refused")


def test_a_number_that_nobody_got_is_not_found(billed: ApiFirm) -> None:
    reply = billed.call("GET", "/v1/documents/US1-000002", Scope.BILLING_READ)

    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
