"""Work that another transaction got in the way of is run again, but not for ever."""

from collections.abc import Callable

import pytest
from psycopg.errors import UniqueViolation

from hourline.exceptions.model import Subject
from hourline.flow.transactions import (
    CannotReplace,
    in_one_transaction,
    queued,
    tried,
)
from hourline.infra.database import AmountTooLarge, Session
from hourline.infra.queries import Query
from hourline.kernel.problems import Problem, ProblemCode
from tests.flow.house import House

pytestmark = pytest.mark.integration

PROBLEM = Problem(ProblemCode.PERIOD_CLOSED, "No month is open.", "Open one.")


def test_work_that_came_second_is_run_again(house: House) -> None:
    tries: list[int] = []

    def work(session: Session) -> str:
        tries.append(session.tenant)
        if len(tries) < 3:
            raise UniqueViolation
        return "done"

    assert in_one_transaction(house.database, house.tenant, work) == "done"
    assert tries == [house.tenant] * 3


def test_work_that_always_comes_second_is_given_up_after_five_tries(
    house: House,
) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(session.tenant)
        raise UniqueViolation

    with pytest.raises(UniqueViolation):
        in_one_transaction(house.database, house.tenant, work)

    assert len(tries) == 5


def test_what_cannot_be_replaced_undoes_all_and_waits_in_a_queue(house: House) -> None:
    def work(session: Session) -> None:
        queued(session, PROBLEM, kind="contract", key="C1")
        raise CannotReplace(Subject("entry", "7", 7, 1), PROBLEM)

    with pytest.raises(CannotReplace, match="No month is open"):
        in_one_transaction(house.database, house.tenant, work)

    assert [(item.code, item.subject_key) for item in house.items()] == [
        ("period_closed", "7")
    ]


@pytest.mark.parametrize("door", [in_one_transaction, tried])
def test_an_amount_beyond_64_bits_is_a_sentence(
    house: House, door: Callable[..., object]
) -> None:
    doubled = Query("doubled", "More than 64 bits hold.", "SELECT %(one)s::bigint * 2")

    def work(session: Session) -> object:
        return session.value(doubled, int, one=2**63 - 1)

    with pytest.raises(AmountTooLarge, match="larger than books can hold"):
        door(house.database, house.tenant, work)
