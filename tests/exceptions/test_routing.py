"""Every problem has a queue, every queue one owner and a time by which it is done."""

from datetime import UTC, datetime

import pytest

from hourline.exceptions.rules.routing import OWNER_OF, due_at, owner_of, queue_of
from hourline.kernel.problems import QUEUE_OF, WAITED_FOR, ProblemCode, Queue

AT = datetime(2025, 3, 31, 22, 0, tzinfo=UTC)


def test_every_code_has_a_queue_and_every_queue_an_owner() -> None:
    assert set(QUEUE_OF) == set(ProblemCode)
    assert set(OWNER_OF) == set(Queue)


@pytest.mark.parametrize(
    ("code", "queue", "owner", "due"),
    [
        (
            ProblemCode.PRICE_NOT_FOUND,
            Queue.PRICING,
            "pricing controller",
            datetime(2025, 4, 1, 22, 0, tzinfo=UTC),
        ),
        (
            ProblemCode.POSTING_QUARANTINED,
            Queue.POSTING,
            "ledger accountant",
            datetime(2025, 4, 1, 6, 0, tzinfo=UTC),
        ),
        (
            ProblemCode.SOURCE_UNREACHABLE,
            Queue.CONNECTIVITY,
            "integration engineer",
            datetime(2025, 4, 1, 2, 0, tzinfo=UTC),
        ),
    ],
)
def test_a_problem_is_routed_with_its_due_time(
    code: ProblemCode, queue: Queue, owner: str, due: datetime
) -> None:
    assert queue_of(code) is queue
    assert owner_of(queue) == owner
    assert due_at(queue, AT) == due


def test_only_records_that_are_missing_are_waited_for() -> None:
    assert {str(code) for code in WAITED_FOR} == {
        "person_not_known",
        "project_not_known",
        "contract_line_not_known",
    }
