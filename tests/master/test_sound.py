"""What no record may hold is named, and everything else passes."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.master.model import ContractLine, Milestone
from hourline.master.rules.sound import (
    readable,
    unsound_days,
    unsound_id,
    unsound_number,
    unsound_text,
)


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        (None, None),
        ("x", None),
        ("é" * 300, None),
        ("", "its id has 0 characters, not 1 to 300"),
        ("x" * 301, "its id has 301 characters, not 1 to 300"),
        ("a\x00b", "its id contains a character no text may have"),
        ("a\udfff", "its id contains a character no text may have"),
    ],
)
def test_an_id_is_a_text_of_1_to_300_characters(
    id_: str | None, said: str | None
) -> None:
    assert unsound_id(id_) == said


def test_a_record_holds_for_a_day_at_least() -> None:
    day, next_day = date(2025, 3, 1), date(2025, 3, 2)

    assert unsound_days(day, next_day) is None
    assert unsound_days(day, day) == (
        "it holds until 2025-03-01, which is not after 2025-03-01"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "Müller & Söhne", "terms": 14, "tags": ["a", None]}, None),
        ({"a": 1, "name": "a\x00"}, "name contains a character no text may have"),
        (
            {"tags": [{"x": ("fine", "\ud800")}]},
            "tags contains a character no text may have",
        ),
    ],
)
def test_a_text_that_no_database_keeps_is_named(
    fields: dict[str, object], said: str | None
) -> None:
    assert unsound_text(fields) == said


@pytest.mark.parametrize(
    ("amount", "usable"),
    [
        ("999999999999999.99", True),
        ("0.000000000000001", True),
        ("1e15", False),
        ("1e-16", False),
        ("NaN", False),
        ("-Infinity", False),
    ],
)
def test_a_number_has_at_most_fifteen_digits_on_either_side(
    amount: str, *, usable: bool
) -> None:
    milestone = Milestone(id="m", amount=Decimal(amount), date=date(2025, 3, 1))
    line = ContractLine(
        contract="C1", method="fixed_price", price=Decimal(1), milestones=(milestone,)
    )

    said = unsound_number(line)

    assert said == (None if usable else "milestones is not a usable number")


def test_what_is_quoted_of_a_record_can_be_shown_and_stored() -> None:
    assert readable("a\x00\ud800b" + "c" * 400) == "a\ufffd\ufffdb" + "c" * 296
