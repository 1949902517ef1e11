"""Tryton's books are read as it tells them, and ours as it would tell them."""

import base64
import json
from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.booked import BookedSpan, BookedStream
from hourline.connectors.sdk.documents import LedgerLine
from hourline.connectors.sdk.target import Ask
from hourline.connectors.tryton import CONNECTOR, wire
from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind
from hourline.proof.rules.compare_pair import compare_pair
from tests.connectors.tryton.recorded import answered, day, invoice, journal, money

SPAN = BookedSpan(date(2026, 11, 1), date(2026, 12, 1))
KEY = "H15SR4CZSPB6QRCTWMB4JGI5DHQE"


def stream(kind: DocumentKind) -> BookedStream:
    return CONNECTOR.booked[kind]


def line(account: str, debit: str, credit: str) -> dict[str, object]:
    return {
        "__name__": "account.move.line",
        "account": {"__name__": "account.account", "id": 9, "code": account},
        "debit": money(debit),
        "credit": money(credit),
        "description": None,
    }


def told_invoice(**changes: object) -> dict[str, object]:
    return {
        "__name__": "account.invoice",
        "id": 10,
        "number": "I2026-1",
        "reference": f"DE-000001 {KEY}",
        "total_amount": money("238.00"),
        "untaxed_amount": money("200.00"),
        "tax_amount": money("38.00"),
        "currency": {"__name__": "currency.currency", "id": 1, "code": "EUR"},
        "party": {"__name__": "party.party", "id": 8},
        "company": {"__name__": "company.company", "id": 2},
        "move": {
            "__name__": "account.move",
            "id": 33,
            "date": day(2026, 11, 24),
            "lines": [
                line("1.2.1", "238.00", "0"),
                line("40000", "0", "120.00"),
                line("40000", "0", "80.00"),
                line("20600", "0", "38.00"),
            ],
        },
        **changes,
    }


def told_move(**changes: object) -> dict[str, object]:
    currency = {"__name__": "currency.currency", "id": 1, "code": "EUR"}
    return {
        "__name__": "account.move",
        "id": 7,
        "number": "M2026-3",
        "date": day(2026, 11, 20),
        "description": f"DE-J5 cost 2026-11-20, part 1 {KEY}",
        "company": {"__name__": "company.company", "id": 2, "currency": currency},
        "lines": [line("50000", "100.00", "0.00"), line("50900", "0.00", "100.00")],
        **changes,
    }


def read(kind: DocumentKind, *told: object) -> tuple[BookedDocument, ...]:
    return stream(kind).read(answered(list(told))).documents


def domain_of(ask: Ask) -> list[object]:
    query = dict(ask.query)
    content: list[object] = json.loads(base64.urlsafe_b64decode(query["d"]))
    return content


def test_an_invoice_is_read_with_what_it_did_to_the_ledger() -> None:
    (shown,) = read(DocumentKind.INVOICE, told_invoice())

    assert (shown.external_id, shown.number) == ("10", "I2026-1")
    assert shown.references == (f"DE-000001 {KEY}", "DE-000001", KEY)
    assert (shown.entity, shown.party, shown.currency) == ("2", "8", "EUR")
    assert shown.booked_on == date(2026, 11, 24)
    assert (shown.total, shown.net, shown.tax) == (
        Decimal("238.00"),
        Decimal("200.00"),
        Decimal("38.00"),
    )
    assert [one.account for one in shown.lines] == ["1.2.1", "40000", "40000", "20600"]


def test_an_invoice_of_ours_is_what_tryton_would_show() -> None:
    ours = stream(DocumentKind.INVOICE).expected(
        invoice(
            ledger_lines=(
                LedgerLine(account="1.2.1", debit="238.00", credit="0"),
                LedgerLine(account="40000", debit="0", credit="200.00"),
                LedgerLine(account="20600", debit="0", credit="38.00"),
            )
        )
    )

    (theirs,) = read(DocumentKind.INVOICE, told_invoice())

    assert ours.party == "C-2001"
    assert [found.name for found in compare_pair((ours,), (theirs,))] == ["party"]


def test_what_is_below_zero_is_a_credit_note_and_nothing_else() -> None:
    credited = told_invoice(id=11, total_amount=money("-238.00"))

    invoices = read(DocumentKind.INVOICE, told_invoice(), credited)
    credits_read = read(DocumentKind.CREDIT_NOTE, told_invoice(), credited)

    assert [one.external_id for one in invoices] == ["10"]
    assert [(one.external_id, one.kind) for one in credits_read] == [
        ("11", DocumentKind.CREDIT_NOTE)
    ]


def test_a_journal_is_read_and_only_its_key_names_it() -> None:
    (shown,) = read(DocumentKind.JOURNAL, told_move())
    (theirs,) = read(DocumentKind.JOURNAL, told_move(description=None))
    ours = stream(DocumentKind.JOURNAL).expected(journal())

    assert (shown.references, theirs.references) == ((KEY,), ())
    assert (shown.total, shown.currency) == (Decimal("100.00"), "EUR")
    assert compare_pair((ours,), (shown,)) == ()
    assert stream(DocumentKind.INVOICE).expected(journal()) == ours


@pytest.mark.parametrize(
    ("kind", "field"),
    [(DocumentKind.INVOICE, "move.date"), (DocumentKind.JOURNAL, "date")],
)
def test_the_accounting_date_and_the_last_id_narrow_a_page(
    kind: DocumentKind, field: str
) -> None:
    first = domain_of(stream(kind).page("", SPAN))
    behind = domain_of(stream(kind).page("41", SPAN))

    assert [field, ">=", day(2026, 11, 1)] in first
    assert [field, "<", day(2026, 12, 1)] in first
    assert behind == [*first, ["id", ">", 41]]


def test_a_full_page_goes_on_behind_its_last_document() -> None:
    full = [told_move(id=number) for number in range(1, wire.PAGE_RECORDS + 1)]

    page = stream(DocumentKind.JOURNAL).read(answered(full))
    last = stream(DocumentKind.JOURNAL).read(answered(full[:3]))

    assert page.next_cursor == str(wire.PAGE_RECORDS)
    assert last.next_cursor is None


def test_a_field_without_the_right_to_read_it_makes_the_page_unreadable() -> None:
    told = told_invoice()
    del told["party"]

    with pytest.raises(KeyError, match="party"):
        read(DocumentKind.INVOICE, told)
