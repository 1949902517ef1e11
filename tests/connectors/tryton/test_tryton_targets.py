"""What Tryton is told of an invoice or a journal, and how its answers are read."""

import base64
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hourline.connectors.sdk.documents import InvoiceDocument, LedgerLine
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import (
    AlreadyThere,
    Ask,
    Receipt,
    Refusal,
    request_for,
)
from hourline.connectors.tryton import CONNECTOR
from hourline.connectors.tryton.invoices import Invoices
from hourline.connectors.tryton.journals import Journals
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.kernel.problems import QUEUE_OF
from hourline.posting.problems import problem_of
from tests.connectors.tryton.recorded import (
    answered,
    invoice,
    journal,
    line,
    refusal,
    told_invoice,
    told_move,
)

KEY = "H1" + "A" * 26


def targets() -> tuple[Invoices, Journals]:
    invoices = CONNECTOR.targets[DocumentKind.INVOICE]
    journals = CONNECTOR.targets[DocumentKind.JOURNAL]
    assert isinstance(invoices, Invoices)
    assert isinstance(journals, Journals)
    return invoices, journals


INVOICES, JOURNALS = targets()


def sent(ask: Ask) -> Any:  # noqa: ANN401 - JSON
    request = request_for("https://erp.test/db", ask, deadline=timedelta(seconds=1))
    return json.loads(request.body)


def context(ask: Ask) -> object:
    return json.loads(base64.urlsafe_b64decode(ask.headers["X-Tryton-Context"]))


def booked(document: InvoiceDocument) -> Any:  # noqa: ANN401 - JSON
    return sent(INVOICES.book(document, KEY))


def test_an_invoice_is_a_draft_that_carries_number_and_key_as_its_reference() -> None:
    ask = INVOICES.book(invoice(), KEY)

    told = sent(ask)
    assert (ask.method, ask.path) == ("POST", ("rest", "model", "account.invoice"))
    assert told["reference"] == f"DE-000001 {KEY}"
    assert (told["company"], told["party"], told["type"]) == (2, 8, "out")
    assert told["invoice_date"]["day"] == 24
    assert told["payment_term_date"]["month"] == 12
    assert context(ask) == {"company": 2}


def test_hours_and_price_are_told_where_they_give_the_net_amount() -> None:
    (_, (told,)), *_ = booked(invoice(line(quantity="7.5", net="750.00")))["lines"]

    assert told["quantity"] == 7.5
    assert told["unit_price"] == {"__class__": "Decimal", "decimal": "100"}
    assert "unit" in told


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [
        ("0.33333", "100", "33.33"),  # more decimals than Tryton's hours have
        ("1.5", "33.33", "49.99"),  # 49.995, rounded another way than Tryton does
        ("2", "100", "199.99"),  # written down by a cent
        ("0", "750", "750.00"),  # a milestone has no hours
    ],
)
def test_any_other_line_is_one_piece_at_its_net_amount(
    quantity: str, price: str, net: str
) -> None:
    billed = line(quantity=quantity, unit_price=price, net=net)

    (_, (told,)), *_ = booked(invoice(billed))["lines"]

    assert told["quantity"] == 1
    assert told["unit_price"]["decimal"] == net
    assert "unit" not in told


def test_a_credited_line_has_a_negative_quantity_and_a_positive_price() -> None:
    billed = line(quantity="0", unit_price="-750", net="-750.00", tax="-142.50")

    told = booked(invoice(billed))

    assert told["lines"][0][1][0]["quantity"] == -1
    assert told["lines"][0][1][0]["unit_price"]["decimal"] == "750.00"


def test_the_tax_is_told_per_rate_as_hourline_rounded_it() -> None:
    told = booked(invoice(line(tax="38.01"), line(tax="37.99"), line(tax_code="")))

    ((_, (tax,)),) = told["taxes"]
    assert tax["base"]["decimal"] == "400.00"
    assert tax["amount"]["decimal"] == "76.00"
    assert tax["manual"] is False


def test_an_invoice_without_tax_asks_for_no_tax_and_no_account_of_it() -> None:
    untaxed = invoice(line(tax_code="", tax="0.00"), tax_account="")

    told = booked(untaxed)

    assert told["taxes"] == [["create", []]]
    assert not any("20600" in name for name in untaxed.references)


def test_a_dimension_goes_to_the_axis_that_the_company_has_and_no_other() -> None:
    dimensions = {"service_line": "ADVISORY", "cost_centre": "NORTH"}
    document = journal(
        lines=(
            LedgerLine(
                account="50000", debit="100.00", credit="0", dimensions=dimensions
            ),
            LedgerLine(account="50900", debit="0", credit="100.00"),
        )
    )
    wanted = {one.name: one.only_with for one in JOURNALS.references(document)}
    known = {
        **document.references,
        "target_record axis DE service_line": "analytic_account.account,31",
    }
    known.pop("target_record analytic DE cost_centre NORTH")
    document = msgspec.structs.replace(document, references=known)

    first, second = sent(JOURNALS.book(document, KEY))["lines"][0][1]

    axis = wanted["target_record analytic DE cost_centre NORTH"]
    assert axis is not None
    assert axis.name == "target_record axis DE cost_centre"
    ((_, (analytic,)),) = first["analytic_lines"]
    assert analytic["debit"]["decimal"] == "100.00"
    assert "analytic_lines" not in second


def test_posting_confirms_what_tryton_would_ask_a_person() -> None:
    ask = INVOICES.post(invoice(), "10")

    assert ask.path[-2:] == ("10", "post")
    assert sent(ask) == {}
    assert context(ask) == {"company": 2, "_skip_warnings": True}


def test_a_draft_and_a_posted_invoice_are_told_apart() -> None:
    draft = INVOICES.read(answered(told_invoice()))
    posted = INVOICES.read(answered(told_invoice(state="posted", number="2026-1")))

    assert isinstance(draft, Receipt)
    assert isinstance(posted, Receipt)
    assert (draft.draft, draft.external_id, draft.number) == (True, "10", None)
    assert (posted.draft, posted.number) == (False, "2026-1")
    assert INVOICES.content(invoice()).differences(posted.content) == []


def test_an_invoice_cancelled_there_is_not_taken_for_booked() -> None:
    found = INVOICES.found(answered([told_invoice(state="cancelled", number="2026-1")]))

    (receipt,) = found
    assert not receipt.draft
    assert INVOICES.content(invoice()).differences(receipt.content) == [
        "total is 0, not 238.00"
    ]


def test_a_move_is_compared_by_company_currency_debits_and_lines() -> None:
    receipt = JOURNALS.read(answered(told_move(state="posted", number="9")))

    assert isinstance(receipt, Receipt)
    assert receipt.content.total == Decimal("100.00")
    assert JOURNALS.content(journal()).differences(receipt.content) == []


def test_a_lookup_asks_for_the_whole_mark_in_its_company() -> None:
    ask = JOURNALS.find(journal(), KEY)

    domain = json.loads(base64.urlsafe_b64decode(dict(ask.query)["d"]))
    assert domain == [
        ["company", "=", 2],
        ["description", "=", f"DE-J5 cost 2026-11-20, part 1 {KEY}"],
    ]


def test_with_a_unique_key_tryton_is_asked_for_the_key_alone() -> None:
    target = CONNECTOR.targets_in("unique_key")[DocumentKind.INVOICE]
    assert isinstance(target, Invoices)

    told = sent(target.book(invoice(), KEY))
    domain = json.loads(
        base64.urlsafe_b64decode(dict(target.find(invoice(), KEY).query)["d"])
    )

    assert (told["reference"], told["external_key"]) == ("DE-000001", KEY)
    assert domain[-1] == ["external_key", "=", KEY]


# Every sentence as Tryton 8.2.1 said it on 2026-11-25: reason, code, queue, sentence.
REFUSALS = [
    tuple(row.split("\t"))
    for row in (Path(__file__).parent / "refusals.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("reason", "code", "queue", "sentence"), REFUSALS)
def test_every_refusal_of_tryton_leads_to_a_queue_and_says_what_to_do(
    reason: str, code: str, queue: str, sentence: str
) -> None:
    reading = INVOICES.read(refusal(sentence))

    assert reading == Refusal(reason=reason, sentence=sentence)
    problem = problem_of(
        IntentState.REJECTED,
        name="invoice DE-000001",
        refusal={"reason": reason, "sentence": sentence},
    )
    assert problem is not None
    assert (problem.code, QUEUE_OF[problem.code]) == (code, queue)
    assert sentence in problem.sentence
    assert problem.remedy.endswith(".")


def test_refusals_reach_all_who_can_help() -> None:
    assert {(code, queue) for _, code, queue, _ in REFUSALS} == {
        ("posting_period_closed", "period"),
        ("posting_record_refused", "master_data"),
        ("posting_tax_refused", "tax"),
        ("posting_refused", "posting"),
    }


def test_a_right_that_is_missing_is_told_to_those_who_connect_systems() -> None:
    page = HttpReply(status=403, headers={}, body=b"<h1>Forbidden</h1>")

    reading = JOURNALS.read(page)

    assert isinstance(reading, Refusal)
    problem = problem_of(
        IntentState.REJECTED,
        name="journal DE-J5",
        refusal={"reason": reading.reason, "sentence": reading.sentence},
    )
    assert problem is not None
    assert problem.code == "posting_not_permitted"
    assert QUEUE_OF[problem.code] == "connectivity"


@pytest.mark.parametrize(
    "reply",
    [
        refusal('You can not call "post" on "1 [DE-000001]" of "Account Invoice".'),
        refusal("Another document has this external key."),
        HttpReply(status=404, headers={}, body=b"<h1>Not Found</h1>"),
    ],
)
def test_what_may_be_there_already_is_looked_up_instead_of_refused(
    reply: HttpReply,
) -> None:
    assert INVOICES.read(reply) == AlreadyThere()
