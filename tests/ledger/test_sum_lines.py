"""Sum moves to journal lines that balance."""

from hypothesis import given
from hypothesis import strategies as st

from hourline.ledger.model import Dimensions, DocumentLine, Moved
from hourline.ledger.rules.sum_lines import drill_down, sum_lines

ADVISORY = Dimensions("advisory", "cc1")


def line(
    account: str, *, debit: int = 0, credit: int = 0, at: Dimensions = ADVISORY
) -> DocumentLine:
    return DocumentLine(account, at, debit=debit, credit=credit)


def test_moves_of_one_account_and_project_become_one_line_per_side() -> None:
    moves = [Moved("5000", "5900", ADVISORY, amount) for amount in (800, 200)]

    assert sum_lines(moves) == (
        line("5000", debit=1_000),
        line("5900", credit=1_000),
    )


def test_a_mirror_stands_beside_what_it_mirrors() -> None:
    moves = [Moved("1200", "4100", ADVISORY, 100), Moved("4100", "1200", ADVISORY, 30)]

    assert sum_lines(moves) == (
        line("1200", debit=100),
        line("4100", debit=30),
        line("1200", credit=30),
        line("4100", credit=100),
    )


def test_dimensions_keep_lines_apart_and_zero_is_left_out() -> None:
    plain = Dimensions()
    moves = [
        Moved("1", "2", ADVISORY, 5),
        Moved("1", "2", plain, 7),
        Moved("3", "4", plain, 0),
    ]

    assert sum_lines(moves) == (
        line("1", debit=7, at=plain),
        line("1", debit=5),
        line("2", credit=7, at=plain),
        line("2", credit=5),
    )


def test_a_sum_below_zero_changes_its_side() -> None:
    assert sum_lines([Moved("1", "2", ADVISORY, -5)]) == (
        line("2", debit=5),
        line("1", credit=5),
    )


MOVES = st.lists(
    st.builds(
        Moved,
        st.sampled_from("123"),
        st.sampled_from("123"),
        st.sampled_from([ADVISORY, Dimensions()]),
        st.integers(-100, 100),
    )
)


@given(MOVES)
def test_debits_equal_credits_whatever_is_moved(moves: list[Moved]) -> None:
    lines = sum_lines(moves)

    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    assert all((line.debit > 0) != (line.credit > 0) for line in lines)


@given(MOVES)
def test_every_line_is_exactly_the_sum_of_its_shares(moves: list[Moved]) -> None:
    drilled = drill_down(moves)

    assert tuple(one.line for one in drilled) == sum_lines(moves)
    for one in drilled:
        accounts = [
            {moves[share.move].debit_account, moves[share.move].credit_account}
            for share in one.shares
        ]
        signed = sum(share.amount for share in one.shares)
        assert signed == one.line.debit - one.line.credit
        assert all(one.line.account in found for found in accounts)
