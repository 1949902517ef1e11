"""Prove that what is refused is kept, changes nothing and is answered the same."""

import pytest

from hourline.infra.database import Database
from hourline.intake.service import (
    receive_all_or_nothing,
    refuse,
)
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem, ProblemCode
from tests.intake.deliveries import (
    WIRE,
    connect,
    deliver,
    delivery,
    in_force,
    record,
    rows,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def firm(database: Database, tenant: int) -> int:
    connect(database, tenant)
    return tenant


def test_good_records_go_through_beside_refused_ones(
    database: Database, firm: int
) -> None:
    received = deliver(
        database,
        firm,
        delivery(
            record(), b"{oops", b'{"id": "\xff\x00"}', record(id="te-2", seconds=-1)
        ),
    )

    assert received.outcomes == [Outcome.ACCEPTED] + [Outcome.REFUSED] * 3
    assert [(one.position, one.problem.code) for one in received.problems] == [
        (1, ProblemCode.RECORD_MALFORMED),
        (2, ProblemCode.RECORD_MALFORMED),
        (3, ProblemCode.DURATION_OUT_OF_RANGE),
    ]
    assert rows(
        database,
        firm,
        "SELECT body, problems -> 0 ->> 'code' FROM hourline.source_record"
        " WHERE outcome = 5 ORDER BY position LIMIT 2",
    ) == [
        ("{oops", "record_malformed"),
        ("base64:eyJpZCI6ICL/ACJ9", "record_malformed"),
    ]


def test_an_empty_delivery_is_a_delivery(database: Database, firm: int) -> None:
    received = deliver(database, firm, delivery())

    assert received.outcomes == []
    assert rows(database, firm, "SELECT records FROM hourline.delivery") == [(0,)]


def test_a_refused_delivery_is_kept_and_answered_the_same_again(
    database: Database, firm: int
) -> None:
    problem = Problem(ProblemCode.RECORD_MALFORMED, "No JSON.", "Send JSON.")
    arrived = delivery(b"<xml/>")

    with database.tenant(firm) as session:
        first = refuse(session, arrived, [problem])
    with database.tenant(firm) as session:
        again = refuse(session, arrived, [problem])

    assert (first.refused, first.known_before) == (True, False)
    assert (again.refused, again.known_before) == (True, True)
    assert first.outcomes == again.outcomes == [Outcome.REFUSED]
    assert [one.problem for one in again.problems] == [problem]
    assert rows(
        database,
        firm,
        "SELECT body, refusal -> 0 ->> 'sentence'"
        " FROM hourline.delivery JOIN hourline.source_record USING (delivery_no)",
    ) == [("<xml/>", "No JSON.")]


def test_all_or_nothing_takes_all(database: Database, firm: int) -> None:
    with database.tenant(firm) as session:
        received = receive_all_or_nothing(session, delivery(record()), WIRE)

    assert received.outcomes == [Outcome.ACCEPTED]
    assert not received.refused


def test_all_or_nothing_takes_nothing_where_one_record_is_wrong(
    database: Database, firm: int
) -> None:
    arrived = delivery(record(), record(id="te-2", seconds=-1))
    with database.tenant(firm) as session:
        received = receive_all_or_nothing(session, arrived, WIRE)

    assert received.refused
    assert received.outcomes == [Outcome.REFUSED, Outcome.REFUSED]
    assert [(one.position, one.problem.code) for one in received.problems] == [
        (None, ProblemCode.FILE_REFUSED),
        (1, ProblemCode.DURATION_OUT_OF_RANGE),
    ]
    assert received.problems[0].problem.sentence == (
        "1 of 2 records cannot be taken, and the delivery is to be taken as a whole or"
        " not at all."
    )
    assert in_force(database, firm) == []
