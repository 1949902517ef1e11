"""A price set by hand is read exactly, by both readers, and is content."""

import json
from dataclasses import dataclass

import pytest

from hourline.intake.model import SourceReading, TimeRecord, Unreadable
from hourline.intake.reading import read_statements
from hourline.intake.rules.content import content_hash
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import WIRE, delivery, record

COMMA = SourceReading(decimal_mark=",")


@dataclass(frozen=True)
class Read:
    """Read a price in the wire shape, and as a cell with a decimal comma."""

    price: object

    def wire(self) -> int | None:
        found = read_statements(delivery(record(price=self.price)), WIRE)[0]
        assert isinstance(found, TimeRecord), found
        return found.price_scaled

    def cell(self) -> int | None:
        row = json.loads(record()) | {"price": self.price}
        cells = {name: str(value) for name, value in row.items()}
        body = json.dumps(cells).encode()
        found = read_statements(delivery(body, cells=True), COMMA)[0]
        assert isinstance(found, TimeRecord), found
        return found.price_scaled


@pytest.mark.parametrize(
    ("price", "scaled"),
    [
        ("180", 1_800_000),
        ("180.50", 1_805_000),
        ("0", 0),
        ("0.0001", 1),
        ("99999999.9999", 999_999_999_999),
        (" 7 ", 70_000),
        (180.5, 1_805_000),
        (12, 120_000),
        (None, None),
    ],
)
def test_a_price_is_exact_as_text_or_number(price: object, scaled: int | None) -> None:
    assert Read(price).wire() == scaled


def test_a_cell_has_the_decimal_mark_of_its_source() -> None:
    assert Read("180,5").cell() == 1_805_000
    assert Read("").cell() is None


@pytest.mark.parametrize(
    "price",
    ["-1", -1, "100000000", 100_000_000, "1.00001", 1.00001, "many", True, [1], "1e3"],
)
def test_what_is_no_price_is_refused(price: object) -> None:
    [refused] = read_statements(delivery(record(price=price)), WIRE)

    assert isinstance(refused, Unreadable)
    [problem] = refused.problems
    assert (problem.code, problem.detail["field"]) == (
        ProblemCode.FIELD_INVALID,
        "price",
    )


def test_numbers_of_any_size_are_refused_at_once() -> None:
    for digits in (b"1e999999", b"1e-999999", b"1.00000000000000000000000000001"):
        body = record(price=0).replace(b'"price": 0', b'"price": ' + digits)
        assert digits in body
        [refused] = read_statements(delivery(body), WIRE)
        assert isinstance(refused, Unreadable)


def test_another_price_is_other_content_and_other_digits_are_not() -> None:
    plain, same, digits, other = (
        read_statements(delivery(record(price=price)), WIRE)[0]
        for price in (None, "180", "180.00", "181")
    )

    assert isinstance(plain, TimeRecord)
    assert isinstance(same, TimeRecord)
    assert isinstance(digits, TimeRecord)
    assert isinstance(other, TimeRecord)
    assert content_hash(same) == content_hash(digits)
    assert len({content_hash(one) for one in (plain, same, other)}) == 3
