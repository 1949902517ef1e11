"""The receiving system of a scenario books once for a key, and counts its bookings."""

from datetime import date, timedelta

from hourline.connectors.sdk.documents import JournalDocument, LedgerLine
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Receipt
from hourline.kernel.codes import DocumentKind
from hourline.scenarios.receiving_system import ReceivingSystem

JOURNAL = JournalDocument(
    number="US1-J7",
    entity="US1",
    currency="USD",
    accounting_date=date(2025, 3, 3),
    description="cost",
    total="800.00",
    lines=(
        LedgerLine(account="cost", debit="800.00", credit="0"),
        LedgerLine(account="payroll_allocation", debit="0", credit="800.00"),
    ),
)


def book(system: ReceivingSystem, key: str) -> Receipt:
    port = system.port()
    target = port.targets[DocumentKind.JOURNAL]
    ask = target.book(JOURNAL, key)
    reply = port.send(port.request(ask, deadline=timedelta(seconds=1)))
    assert isinstance(reply, HttpReply)
    receipt = target.read(reply)
    assert isinstance(receipt, Receipt)
    return receipt


def test_the_same_key_again_books_nothing_more() -> None:
    system = ReceivingSystem()

    first, again = book(system, "key"), book(system, "key")

    assert first == again
    assert (first.external_id, first.number) == ("R1", "US1-J7")
    assert system.times_booked("US1-J7") == 1


def test_another_key_for_the_same_document_is_a_second_booking() -> None:
    system = ReceivingSystem()

    book(system, "key")
    book(system, "other key")

    assert system.times_booked("US1-J7") == 2
    assert system.times_booked("US1-J8") == 0
