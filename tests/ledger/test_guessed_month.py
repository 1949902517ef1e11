"""A best guess is of the first month that no period's end has run for."""

from datetime import date

import pytest

from hourline.ledger.rules.guessed_month import Guessing, guessed_through

MARCH_10 = date(2026, 3, 10)
MARCH_END = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("ended", "guessed", "first", "through"),
    [
        (None, None, None, None),
        (None, None, MARCH_10, MARCH_END),
        (MARCH_END, MARCH_END, MARCH_10, date(2026, 4, 30)),
        (date(2026, 3, 15), None, MARCH_10, MARCH_END),
        (date(2025, 12, 31), None, MARCH_10, date(2026, 1, 31)),
        (None, date(2026, 4, 30), MARCH_10, date(2026, 4, 30)),
        (None, MARCH_END, None, MARCH_END),
        (date(2028, 1, 31), None, None, date(2028, 2, 29)),
    ],
    ids=[
        "nothing is earned yet",
        "the first work begins it",
        "a month that has ended is followed by the next",
        "a run within a month leaves it open",
        "a month without work is a month too",
        "it does not go back to an earlier month",
        "what was guessed is taken back where all work is recalled",
        "february has its own end",
    ],
)
def test_a_guess_goes_through_the_end_of_a_month(
    ended: date | None, guessed: date | None, first: date | None, through: date | None
) -> None:
    assert guessed_through(Guessing(7, ended, guessed, first)) == through
