"""Share a contract among customers by records that always make a whole."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.master.model import ContractCustomer
from hourline.master.snapshot import UnusableRecord
from tests.builders import Firm, customer, firm

JANUARY, APRIL = date(2025, 1, 1), date(2025, 4, 1)


def share(
    customer_id: str, percent: str, *, order: int, rounding: bool = False
) -> ContractCustomer:
    return ContractCustomer(
        contract="C1",
        customer=customer_id,
        share=Decimal(percent),
        order=order,
        rounding=rounding,
    )


def shared_firm(**shares: ContractCustomer) -> Firm:
    built = firm()
    for id_ in ("A", "B", "C"):
        built.add(id_, customer())
    for id_, record in shares.items():
        built.add(id_, record)
    return built


def numbers(built: Firm, day: date = APRIL) -> list[tuple[str, int, bool]]:
    snapshot = built.snapshot()
    contract_no = snapshot.number("contract", "C1")
    assert contract_no is not None
    return [
        (snapshot.customer(one.customer_no).id, one.share_ppm, one.takes_difference)
        for one in snapshot.shares(contract_no).on(day)
    ]


def test_customers_come_in_their_order_and_the_last_takes_the_difference() -> None:
    built = shared_firm(
        a=share("A", "33.33", order=2),
        b=share("B", "33.34", order=1),
        c=share("C", "33.33", order=3),
    )

    assert numbers(built) == [
        ("B", 333_400, False),
        ("A", 333_300, False),
        ("C", 333_300, True),
    ]


def test_the_one_that_is_marked_takes_the_difference() -> None:
    built = shared_firm(
        a=share("A", "50", order=1, rounding=True), b=share("B", "50", order=2)
    )

    assert numbers(built) == [("A", 500_000, True), ("B", 500_000, False)]


def test_a_contract_without_shares_has_none() -> None:
    assert numbers(shared_firm()) == []


def test_shares_hold_from_their_day_on_and_a_share_of_0_is_none() -> None:
    built = shared_firm(a=share("A", "50", order=1), b=share("B", "50", order=2))
    built.add("a", share("A", "0", order=1), effective_from=APRIL)
    built.add("b", share("B", "20", order=1), effective_from=APRIL)
    built.add("c", share("C", "80", order=2), effective_from=APRIL)

    assert [(one, ppm) for one, ppm, _ in numbers(built, JANUARY)] == [
        ("A", 500_000),
        ("B", 500_000),
    ]
    assert [(one, ppm) for one, ppm, _ in numbers(built, APRIL)] == [
        ("B", 200_000),
        ("C", 800_000),
    ]


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        (
            (share("A", "50", order=1), share("B", "49.5", order=2)),
            r"contract C1: the shares of its customers total 99.5 percent, not 100",
        ),
        (
            (
                share("A", "50", order=1, rounding=True),
                share("B", "50", order=2, rounding=True),
            ),
            "contract C1: several of its customers take the difference",
        ),
        (
            (share("A", "50", order=1), share("A", "50", order=2)),
            "contract C1: one of its customers has two shares",
        ),
        (
            (share("A", "101", order=1), share("B", "-1", order=2)),
            "contract_customer b: a share of -1 percent is below 0",
        ),
        (
            (share("A", "33.33333", order=1), share("B", "66.66667", order=2)),
            "contract_customer a: a share of 33.33333 percent is .* finer than 0.0001",
        ),
        (
            (share("A", "50", order=1), share("Z", "50", order=2)),
            "contract_customer b: customer Z is not known",
        ),
    ],
)
def test_shares_that_make_no_whole_are_refused(
    shares: tuple[ContractCustomer, ContractCustomer], why: str
) -> None:
    built = shared_firm(a=shares[0], b=shares[1])

    with pytest.raises(UnusableRecord, match=why) as refused:
        built.snapshot()

    assert refused.value.remedy in str(refused.value)
