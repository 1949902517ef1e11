"""Break the sandbox in every way it offers, and count what stands in its books."""

import pytest

from hourline.connectors.sandbox.admin import fault_counts, set_fault
from hourline.connectors.sdk.documents import Document
from tests.posting.desk import (
    ATLAS,
    BILLING,
    BOREALIS,
    SERVER_OF,
    Desk,
    invoice,
    journal,
)

pytestmark = pytest.mark.integration

OPERATIONS = {
    BILLING: ("create_invoice",),
    ATLAS: ("create_document",),
    BOREALIS: ("create_document", "post_document"),
}
FAULTS = (
    "rate_limit_429",
    "timeout_before_effect",
    "timeout_after_effect",
    "error_500_before",
    "error_500_after",
    "truncated_body",
    "token_expired",
)
COMBINATIONS = [
    (connection_no, operation, fault)
    for connection_no, operations in OPERATIONS.items()
    for operation in operations
    for fault in FAULTS
]


def document(connection_no: int, number: int) -> Document:
    if connection_no == BILLING:
        return invoice(number)
    return journal(number, entity="DE1" if connection_no == BOREALIS else "US1")


@pytest.mark.parametrize(("connection_no", "operation", "fault"), COMBINATIONS)
def test_each_document_is_booked_once_under_each_fault(
    desk: Desk, connection_no: int, operation: str, fault: str
) -> None:
    vendor = desk.sandbox.servers[SERVER_OF[connection_no]]
    before = fault_counts(vendor).get(operation, {}).get(fault, 0)
    for number in range(1, 6):
        desk.plan(connection_no, number, document(connection_no, number))

    set_fault(vendor, operation, fault, every_nth=3, seed=1)
    desk.run_until_rested()

    assert fault_counts(vendor)[operation][fault] > before
    assert desk.states() == {"CONFIRMED": 5}
    assert sorted(desk.booked(connection_no).values()) == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("fault", ["error_500_after", "truncated_body"])
def test_drafts_of_lost_calls_are_swept_once_all_is_settled(
    desk: Desk, fault: str
) -> None:
    for number in (1, 2, 3):
        desk.plan(BOREALIS, number, journal(number, entity="DE1"))

    set_fault(desk.sandbox.servers["borealis"], "create_document", fault, times=2)
    desk.run_until_settled()

    assert desk.states() == {"CONFIRMED": 3}
    assert desk.drafts() == 0
