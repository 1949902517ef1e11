"""Prove what a record says of the tax in an expense, and of its receipt."""

import pytest

from hourline.intake.rules.content import content_hash
from hourline.kernel.problems import ProblemCode
from tests.intake.test_expense_records import RECEIPTS, expense, found, read, taken


def test_tax_is_recoverable_unless_the_source_says_otherwise() -> None:
    stated = taken(expense(tax="28.50", receipt="scan-1"))
    kept = taken(expense(tax=28.5, recoverable=False))

    assert (stated.tax, stated.recoverable_tax, stated.receipt) == (
        2_850,
        2_850,
        "scan-1",
    )
    assert (kept.tax, kept.recoverable_tax, kept.receipt) == (2_850, 0, None)


@pytest.mark.parametrize(
    ("percent", "comes_back"),
    [("50", 1_425), (0, 0), ("33.33", 950), ("100", 2_850), ("0.01", 0)],
)
def test_a_part_of_the_tax_is_rounded_half_up(percent: object, comes_back: int) -> None:
    # A third of 28.50 is 9.499, and half of 0.05 is three cents.
    assert taken(expense(tax="28.50", recoverable_percent=percent)).recoverable_tax == (
        comes_back
    )
    half = taken(expense(tax="0.05", recoverable_percent=50))
    assert half.recoverable_tax == 3


def test_an_expense_that_says_nothing_of_tax_has_none() -> None:
    assert taken(expense()).recoverable_tax == 0


@pytest.mark.parametrize(("said", "comes_back"), [("ja", 1_900), ("Nein", 0)])
def test_a_text_cell_says_in_words_whether_tax_comes_back(
    said: str, comes_back: int
) -> None:
    body = expense(
        cost=None,
        markup_percent=None,
        kind=None,
        amount="119,00",
        tax="19,00",
        recoverable=said,
    )

    record = read(body, RECEIPTS, cells=True)

    assert getattr(record, "recoverable_tax", None) == comes_back


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tax": "180.51"}, "tax"),
        ({"tax": -1}, "tax"),
        ({"tax": "0.001"}, "tax"),
        ({"tax": "much"}, "tax"),
        ({"recoverable": "perhaps"}, "recoverable"),
        ({"recoverable": 1}, "recoverable"),
        ({"recoverable_percent": 101}, "recoverable_percent"),
        ({"recoverable_percent": -1}, "recoverable_percent"),
        ({"recoverable_percent": "50.001"}, "recoverable_percent"),
        ({"recoverable_percent": "half"}, "recoverable_percent"),
        (
            {"recoverable": False, "recoverable_percent": 50},
            "recoverable_percent",
        ),
        ({"receipt": "a\u0000b"}, "receipt"),
    ],
)
def test_what_cannot_be_read_of_them_is_named(
    changes: dict[str, object], field: str
) -> None:
    assert found(expense(**changes)) == [(ProblemCode.FIELD_INVALID, field)]


def test_tax_whether_it_comes_back_and_the_receipt_are_content() -> None:
    bodies = [
        expense(),
        expense(tax=10),
        expense(tax=10, recoverable=False),
        expense(tax=10, recoverable_percent=50),
        expense(tax=11),
        expense(receipt="r-1"),
        expense(receipt="r-2"),
    ]

    hashes = [content_hash(taken(body)) for body in bodies]

    assert len(set(hashes)) == len(bodies)


def test_saying_that_it_comes_back_is_the_content_of_saying_nothing() -> None:
    said = content_hash(taken(expense(tax=10, recoverable=True)))

    assert said == content_hash(taken(expense(tax=10)))


def test_saying_that_all_of_it_comes_back_is_news_as_a_tax_row_may_say_less() -> None:
    said = taken(expense(tax=10, recoverable_percent=100))

    assert content_hash(said) != content_hash(taken(expense(tax=10)))
    assert said.recovery_stated
    assert taken(expense(tax=10, recoverable=False)).recovery_stated
    assert not taken(expense(tax=10, recoverable=True)).recovery_stated


def test_saying_that_there_is_no_tax_is_the_content_of_saying_nothing() -> None:
    said = content_hash(taken(expense(tax=0, recoverable=False)))

    assert said == content_hash(taken(expense()))
