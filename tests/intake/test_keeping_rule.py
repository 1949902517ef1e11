"""What changes work of a locked day is kept apart; everything else has its effect."""

from datetime import UTC, date, datetime

import pytest

from hourline.intake.model import Statement, TimeRecord, Withdrawal
from hourline.intake.rules.changes import Changes, plan_changes
from hourline.intake.rules.keeping import DayOfWork, KeepCheck
from hourline.intake.rules.versions import EntryState
from hourline.kernel.codes import Outcome
from hourline.master.snapshot import Lock

APRIL = Lock("APRIL", date(2025, 4, 30), datetime(2025, 5, 1, tzinfo=UTC))
LOCKED, OPEN = date(2025, 4, 30), date(2025, 5, 1)
KNOWN = EntryState(7, revision=1, content_hash=b"a")


def lock_of(_person: str, worked_on: date) -> Lock | None:
    return APRIL if worked_on <= APRIL.through else None


def approved(worked_on: date, *, revision: int = 1) -> TimeRecord:
    return TimeRecord(
        id="t1",
        status="approved",
        person="ann",
        project="P1",
        date=worked_on,
        seconds=3_600,
        revision=revision,
    )


def recalled(revision: int = 1) -> Withdrawal:
    return Withdrawal("t1", "recalled", revision, None)


def planned(
    *statements: Statement,
    known: EntryState | None = KNOWN,
    standing: date | None = LOCKED,
) -> Changes:
    """Plan records of one entry that stands on a day, each with another content."""
    work = {} if standing is None else {7: DayOfWork("ann", standing)}
    return plan_changes(
        statements,
        [bytes([98 + place]) for place, _ in enumerate(statements)],
        {} if known is None else {"t1": known},
        numbers={"t1": 7},
        states_revisions=True,
        check=KeepCheck(lock_of, work),
    )


@pytest.mark.parametrize(
    ("statement", "standing"),
    [
        (approved(LOCKED, revision=2), LOCKED),
        (approved(OPEN, revision=2), LOCKED),
        (approved(LOCKED, revision=2), OPEN),
        (recalled(), LOCKED),
    ],
)
def test_a_correction_or_recall_that_touches_a_locked_day_is_kept_apart(
    statement: Statement, standing: date
) -> None:
    changes = planned(statement, standing=standing)

    assert changes.outcomes == [Outcome.KEPT]
    assert (changes.accepted, changes.recalls, changes.superseded) == ([], [], [])
    assert changes.kept[0].lock is APRIL
    assert changes.kept[0].work == DayOfWork("ann", LOCKED)
    assert changes.states["t1"] == KNOWN


@pytest.mark.parametrize(
    ("statement", "standing", "outcome"),
    [
        (approved(OPEN, revision=2), OPEN, Outcome.ACCEPTED),
        (recalled(), OPEN, Outcome.RECALL),
    ],
)
def test_what_touches_only_open_days_has_its_effect(
    statement: Statement, standing: date, outcome: Outcome
) -> None:
    changes = planned(statement, standing=standing)

    assert (changes.outcomes, changes.kept) == ([outcome], {})


def test_new_work_of_a_locked_day_is_kept_apart_and_of_an_open_day_is_taken() -> None:
    locked = planned(approved(LOCKED), known=None, standing=None)
    taken = planned(approved(OPEN), known=None, standing=None)

    assert locked.outcomes == [Outcome.KEPT]
    assert (locked.entry_nos, locked.revisions) == ([7], [1])
    assert taken.outcomes == [Outcome.ACCEPTED]


def test_what_changes_nothing_is_not_kept() -> None:
    same = planned(approved(LOCKED), known=KNOWN._replace(content_hash=b"b"))
    old = planned(approved(LOCKED), known=EntryState(7, revision=2, content_hash=b"b"))
    never_came = planned(recalled(), known=None, standing=None)

    assert same.outcomes == [Outcome.DUPLICATE]
    assert old.outcomes == [Outcome.STALE]
    # Its day is not known, and nothing stands that it could take back.
    assert never_came.outcomes == [Outcome.RECALL]


def test_records_of_one_delivery_see_what_the_ones_before_left() -> None:
    changes = planned(
        approved(OPEN, revision=2),
        approved(LOCKED, revision=3),
        recalled(2),
        approved(OPEN, revision=4),
        standing=OPEN,
    )

    assert changes.outcomes == [
        Outcome.ACCEPTED,
        Outcome.KEPT,
        Outcome.RECALL,
        Outcome.ACCEPTED,
    ]
    assert changes.current == {7: 3}
