"""Prove what deliveries leave behind: each record one outcome, each entry once."""

from datetime import UTC, datetime

import numpy as np
import pytest

from hourline.infra.database import Database
from hourline.intake.model import Superseded
from hourline.intake.reading import reading_of
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import (
    UNVERSIONED,
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


def test_a_new_entry_is_accepted_and_handed_on_as_columns(
    database: Database, firm: int
) -> None:
    received = deliver(database, firm, delivery(record(), record(id="te-2")))

    assert received.outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert received.source_ids == ["te-1", "te-2"]
    assert received.new.source_id == ["te-1", "te-2"]
    assert received.new.person_ref == ["r-7", "r-7"]
    assert received.new.worked_seconds.tolist() == [27_000, 27_000]
    assert received.new.work_date.tolist() == [np.datetime64("2026-10-06").item()] * 2
    assert received.new.approved_at[0] == np.datetime64("2026-10-07T09:00:00")
    assert in_force(database, firm) == [("te-1", 1, 27_000), ("te-2", 1, 27_000)]


def test_what_is_stored_is_what_came(database: Database, firm: int) -> None:
    odd = record(id="\N{HEBREW LETTER ALEF}/'\\ \"", note="tab\tand\nline \\N")
    deliver(database, firm, delivery(odd, record(id="te-2", billable_seconds=None)))

    assert rows(
        database,
        firm,
        "SELECT body FROM hourline.source_record ORDER BY position LIMIT 1",
    ) == [(odd.decode(),)]
    assert rows(
        database,
        firm,
        "SELECT source_id, note, billable_seconds, work_date::text, approved_at,"
        " recorded_at FROM hourline.time_entry JOIN hourline.time_entry_version"
        " USING (entry_no) ORDER BY position",
    ) == [
        (
            "\N{HEBREW LETTER ALEF}/'\\ \"",
            "tab\tand\nline \\N",
            27_000,
            "2026-10-06",
            datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
            datetime(2026, 10, 8, 6, 0, tzinfo=UTC),
        ),
        (
            "te-2",
            "workshop",
            None,
            "2026-10-06",
            datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
            datetime(2026, 10, 8, 6, 0, tzinfo=UTC),
        ),
    ]


def test_one_entry_by_all_five_methods_is_one_entry(
    database: Database, firm: int
) -> None:
    outcomes = [
        deliver(database, firm, delivery(record(), method=method)).outcomes
        for method in Method
    ]

    assert outcomes == [[Outcome.ACCEPTED]] + [[Outcome.DUPLICATE]] * 4
    assert in_force(database, firm) == [("te-1", 1, 27_000)]


def test_the_same_delivery_again_changes_nothing_and_answers_the_same(
    database: Database, firm: int
) -> None:
    arrived = delivery(record(), record(id="te-2", seconds=-1), record())

    first = deliver(database, firm, arrived)
    again = deliver(database, firm, arrived)

    assert not first.known_before
    assert again.known_before
    assert again.delivery_no == first.delivery_no
    assert again.outcomes == first.outcomes
    assert again.source_ids == first.source_ids == ["te-1", "te-2", "te-1"]
    assert again.problems == first.problems
    assert len(again.new) == 0
    assert rows(database, firm, "SELECT count(*) FROM hourline.source_record") == [(3,)]


def test_other_content_under_a_known_delivery_id_is_another_delivery(
    database: Database, firm: int
) -> None:
    deliver(database, firm, delivery(record()))
    other = delivery(record(), record(id="te-2"))

    first = deliver(database, firm, other)
    again = deliver(database, firm, other)

    assert first.outcomes == [Outcome.DUPLICATE, Outcome.ACCEPTED]
    assert again.known_before
    ids = rows(
        database, firm, "SELECT delivery_id FROM hourline.delivery ORDER BY delivery_no"
    )
    assert ids[0] == ("d-1",)
    assert str(ids[1][0]).startswith("d-1#")
    assert len(ids) == 2


def test_a_delivery_read_another_way_is_read_again(
    database: Database, firm: int
) -> None:
    arrived = delivery(record(revision=None))

    refused = deliver(database, firm, arrived, WIRE)
    taken = deliver(database, firm, arrived, UNVERSIONED)

    assert refused.outcomes == [Outcome.REFUSED]
    assert taken.outcomes == [Outcome.ACCEPTED]


def test_a_higher_revision_supersedes_and_a_lower_one_is_stale(
    database: Database, firm: int
) -> None:
    first = deliver(database, firm, delivery(record(revision=2)))
    entry_no = int(first.new.entry_no[0])

    higher = deliver(
        database, firm, delivery(record(revision=5, seconds=60), delivery_id="d-2")
    )
    lower = deliver(
        database, firm, delivery(record(revision=3, seconds=70), delivery_id="d-3")
    )

    assert higher.outcomes == [Outcome.ACCEPTED]
    assert higher.superseded == [Superseded(entry_no, 2, 5)]
    assert lower.outcomes == [Outcome.STALE]
    assert in_force(database, firm) == [("te-1", 5, 60)]


def test_the_same_revision_with_other_content_is_a_conflict_and_the_first_stands(
    database: Database, firm: int
) -> None:
    deliver(database, firm, delivery(record()))

    received = deliver(
        database, firm, delivery(record(seconds=60, note="x"), delivery_id="d-2")
    )

    assert received.outcomes == [Outcome.CONFLICT]
    (found,) = received.problems
    assert (found.position, found.source_id) == (0, "te-1")
    assert found.problem.code is ProblemCode.CONFLICTING_DUPLICATE
    assert found.problem.sentence == (
        "Revision 1 of entry te-1 came before with other content;"
        " the one that came first stands."
    )
    assert in_force(database, firm) == [("te-1", 1, 27_000)]


def test_a_changed_note_or_time_of_approval_is_nothing_new(
    database: Database, firm: int
) -> None:
    deliver(database, firm, delivery(record()))
    changed = record(note="other", approved_at="2026-10-09T09:00:00Z")

    received = deliver(database, firm, delivery(changed, delivery_id="d-2"))

    assert received.outcomes == [Outcome.DUPLICATE]


def test_several_revisions_in_one_delivery_leave_the_highest(
    database: Database, firm: int
) -> None:
    received = deliver(
        database,
        firm,
        delivery(
            record(revision=1),
            record(revision=3, seconds=30),
            record(revision=2, seconds=20),
            record(revision=3, seconds=30),
        ),
    )

    assert received.outcomes == [
        Outcome.ACCEPTED,
        Outcome.ACCEPTED,
        Outcome.STALE,
        Outcome.DUPLICATE,
    ]
    entry_no = int(received.new.entry_no[0])
    assert received.superseded == [Superseded(entry_no, 1, 3)]
    assert received.new.revision.tolist() == [3]
    assert in_force(database, firm) == [("te-1", 3, 30)]


def test_a_recall_takes_back_what_was_approved_and_comes_once(
    database: Database, firm: int
) -> None:
    first = deliver(database, firm, delivery(record()))
    entry_no = int(first.new.entry_no[0])
    gone = record(status="recalled", updated_at="2026-10-08T09:00:00Z")

    recalled = deliver(database, firm, delivery(gone, delivery_id="d-2"))
    twice = deliver(database, firm, delivery(gone, delivery_id="d-3"))
    repeated = deliver(database, firm, delivery(record(), delivery_id="d-4"))

    assert recalled.outcomes == [Outcome.RECALL]
    assert recalled.superseded == [Superseded(entry_no, 1, None)]
    assert twice.outcomes == [Outcome.DUPLICATE]
    assert repeated.outcomes == [Outcome.RECALL]
    assert in_force(database, firm) == []


def test_a_recall_that_comes_first_is_kept_until_a_higher_revision(
    database: Database, firm: int
) -> None:
    early = deliver(
        database, firm, delivery(b'{"id":"te-1","revision":2,"status":"recalled"}')
    )
    late = deliver(database, firm, delivery(record(revision=2), delivery_id="d-2"))
    higher = deliver(database, firm, delivery(record(revision=3), delivery_id="d-3"))

    assert early.outcomes == [Outcome.RECALL]
    assert early.superseded == []
    assert late.outcomes == [Outcome.RECALL]
    assert len(late.new) == 0
    assert higher.outcomes == [Outcome.ACCEPTED]
    assert in_force(database, firm) == [("te-1", 3, 27_000)]


def test_accepted_and_recalled_in_one_delivery_leaves_nothing_to_decide(
    database: Database, firm: int
) -> None:
    received = deliver(
        database,
        firm,
        delivery(record(), record(status="recalled"), record(id="te-2")),
    )

    assert received.outcomes == [Outcome.ACCEPTED, Outcome.RECALL, Outcome.ACCEPTED]
    assert received.new.source_id == ["te-2"]
    assert in_force(database, firm) == [("te-2", 1, 27_000)]


def test_an_entry_that_is_not_approved_changes_nothing_until_it_is(
    database: Database, firm: int
) -> None:
    submitted = record(status="submitted", updated_at="2026-10-06T20:00:00Z")

    waiting = deliver(database, firm, delivery(submitted))
    approved = deliver(database, firm, delivery(record(), delivery_id="d-2"))
    late = deliver(
        database, firm, delivery(submitted, delivery_id="d-3", method=Method.POLL)
    )

    assert waiting.outcomes == [Outcome.NOT_APPROVED]
    assert len(waiting.new) == 0
    assert approved.outcomes == [Outcome.ACCEPTED]
    assert late.outcomes == [Outcome.STALE]
    assert in_force(database, firm) == [("te-1", 1, 27_000)]


def test_an_approval_taken_back_is_a_recall(database: Database, firm: int) -> None:
    deliver(database, firm, delivery(record()))
    rejected = record(status="rejected", updated_at="2026-10-09T09:00:00Z")

    received = deliver(database, firm, delivery(rejected, delivery_id="d-2"))

    assert received.outcomes == [Outcome.RECALL]
    assert in_force(database, firm) == []


def test_an_approval_older_than_the_known_rejection_of_it_is_stale(
    database: Database, firm: int
) -> None:
    rejected = record(status="rejected", updated_at="2026-10-09T09:00:00Z")
    deliver(database, firm, delivery(rejected))

    received = deliver(database, firm, delivery(record(), delivery_id="d-2"))

    assert received.outcomes == [Outcome.STALE]
    assert in_force(database, firm) == []


def test_two_connections_may_use_the_same_ids(database: Database, firm: int) -> None:
    connect(
        database,
        firm,
        connection_no=2,
        states_revisions=False,
        settings='{"reading": {"status": "approved", "duration_unit": "hours"}}',
    )
    with database.tenant(firm) as session:
        reading = reading_of(session, 2)
        default = reading_of(session, 1)

    assert (reading.states_revisions, reading.duration_unit) == (False, "hours")
    assert default == WIRE


def test_a_thousand_corrections_are_taken_in_one_delivery(
    database: Database, firm: int
) -> None:
    first = [record(id=f"te-{number}") for number in range(1_000)]
    second = [
        record(id=f"te-{number}", revision=2, seconds=60) for number in range(1_000)
    ]
    deliver(database, firm, delivery(*first))

    received = deliver(database, firm, delivery(*second, delivery_id="d-2"))

    assert received.outcomes == [Outcome.ACCEPTED] * 1_000
    assert len(received.superseded) == 1_000
    assert {row[2] for row in in_force(database, firm)} == {60}
