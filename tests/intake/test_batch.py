"""Prove that a batch is an array or lines, within limits, known by its content."""

from hourline.intake.batch import BODY_BYTES_MAX, batch_delivery
from hourline.kernel.codes import Method
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import RECEIVED_AT, record


def test_an_array_gives_its_records_byte_for_byte() -> None:
    body = b" [" + record() + b", " + record(id="te-2") + b"]\n"

    delivery, problems = batch_delivery(1, body, received_at=RECEIVED_AT)

    assert list(delivery.records) == [record(), record(id="te-2")]
    assert delivery.method is Method.BATCH
    assert problems == []


def test_lines_give_a_record_each_and_a_wrong_line_does_not_spoil_the_others() -> None:
    body = record() + b"\r\n\n{oops\n" + record(id="te-2")

    delivery, problems = batch_delivery(1, body, received_at=RECEIVED_AT)

    assert list(delivery.records) == [record(), b"{oops", record(id="te-2")]
    assert problems == []


def test_an_array_that_breaks_off_is_to_be_refused_and_kept() -> None:
    body = b"[" + record() + b","

    delivery, problems = batch_delivery(1, body, received_at=RECEIVED_AT)

    assert [problem.code for problem in problems] == [ProblemCode.RECORD_MALFORMED]
    assert list(delivery.records) == [body]


def test_the_same_body_is_the_same_delivery_unless_the_sender_names_it() -> None:
    one, _ = batch_delivery(1, record(), received_at=RECEIVED_AT)
    same, _ = batch_delivery(1, record(), received_at=RECEIVED_AT)
    named, _ = batch_delivery(
        1, record(), received_at=RECEIVED_AT, delivery_id="october-1"
    )

    assert one.delivery_id == same.delivery_id
    assert one.delivery_id.startswith("sha256:")
    assert named.delivery_id == "october-1"


def test_ten_thousand_records_are_the_most() -> None:
    line = b"{}\n"

    _, fine = batch_delivery(1, line * 10_000, received_at=RECEIVED_AT)
    _, beyond = batch_delivery(1, line * 10_001, received_at=RECEIVED_AT)

    assert fine == []
    assert beyond[0].sentence == "The batch has 10001 records, the most is 10000."


def test_a_huge_body_is_to_be_refused_and_not_kept() -> None:
    body = b" " * (BODY_BYTES_MAX + 1)

    delivery, problems = batch_delivery(1, body, received_at=RECEIVED_AT)

    assert [problem.code for problem in problems] == [ProblemCode.RECORD_MALFORMED]
    assert list(delivery.records) == []
