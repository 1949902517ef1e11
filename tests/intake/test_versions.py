"""Prove the machine of revisions, duplicates, stale records and recalls."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.intake.model import Status, TimeRecord, Withdrawal
from hourline.intake.rules.versions import (
    NEVER,
    Effect,
    EntryState,
    learned,
    needs_history,
    step,
)
from hourline.kernel.codes import Outcome

A, B = b"a" * 32, b"b" * 32


def at(day: int) -> datetime:
    return datetime(2026, 10, day, tzinfo=UTC)


def approved(
    revision: int | None = 1, changed_at: datetime | None = None
) -> TimeRecord:
    return TimeRecord(
        id="te-1",
        status="approved",
        person="r-7",
        project="p-42",
        date=date(2026, 10, 6),
        seconds=3_600,
        revision=revision,
        updated_at=changed_at,
    )


def withdrawn(
    status: Status, revision: int | None = 1, changed_at: datetime | None = None
) -> Withdrawal:
    return Withdrawal("te-1", status, revision, changed_at)


STORED = EntryState(9, revision=2, content_hash=A)
RECALLED = EntryState(9, revision=2, content_hash=A, recalled_to=2)


@pytest.mark.parametrize(
    ("state", "statement", "digest", "expected"),
    [
        (EntryState(9), approved(1), A, Effect(Outcome.ACCEPTED, 1)),
        (STORED, approved(2), A, Effect(Outcome.DUPLICATE, 2)),
        (STORED, approved(2), B, Effect(Outcome.CONFLICT, 2)),
        (STORED, approved(1), B, Effect(Outcome.STALE, 1)),
        (STORED, approved(3), A, Effect(Outcome.ACCEPTED, 3, 2)),
        (RECALLED, approved(2), A, Effect(Outcome.RECALL, 2)),
        (RECALLED, approved(3), A, Effect(Outcome.ACCEPTED, 3)),
        (
            EntryState(9, changes={1: at(8)}),
            approved(1, at(7)),
            A,
            Effect(Outcome.STALE, 1),
        ),
        (
            EntryState(9, changes={1: at(8)}),
            approved(1, at(8)),
            A,
            Effect(Outcome.ACCEPTED, 1),
        ),
        (
            STORED,
            withdrawn("recalled", 2),
            A,
            Effect(Outcome.RECALL, 2, 2, recalls=True),
        ),
        (
            STORED,
            withdrawn("recalled", 5),
            A,
            Effect(Outcome.RECALL, 5, 2, recalls=True),
        ),
        (STORED, withdrawn("recalled", 1), A, Effect(Outcome.STALE, 1)),
        (RECALLED, withdrawn("recalled", 2), A, Effect(Outcome.DUPLICATE, 2)),
        (
            EntryState(9),
            withdrawn("recalled", 3),
            A,
            Effect(Outcome.RECALL, 3, None, recalls=True),
        ),
        (
            STORED,
            withdrawn("rejected", 2),
            A,
            Effect(Outcome.RECALL, 2, 2, recalls=True),
        ),
        (STORED, withdrawn("submitted", 3), A, Effect(Outcome.NOT_APPROVED, 3)),
        (STORED, withdrawn("submitted", 1), A, Effect(Outcome.STALE, 1)),
        (EntryState(9), withdrawn("submitted", 1), A, Effect(Outcome.NOT_APPROVED, 1)),
        (
            EntryState(9, revision=1, content_hash=A, changes={1: at(8)}),
            withdrawn("submitted", 1, at(7)),
            A,
            Effect(Outcome.STALE, 1),
        ),
        (
            EntryState(9, revision=1, content_hash=A, changes={1: at(8)}),
            withdrawn("submitted", 1, at(8)),
            A,
            Effect(Outcome.STALE, 1),
        ),
    ],
)
def test_a_source_that_states_revisions_is_taken_at_its_word(
    state: EntryState,
    statement: TimeRecord | Withdrawal,
    digest: bytes,
    expected: Effect,
) -> None:
    _, effect = step(state, statement, digest, states_revisions=True)

    assert effect == expected


IN_FORCE = EntryState(9, revision=2, content_hash=A, changes={0: at(8)})
GONE = EntryState(9, revision=2, content_hash=A, recalled_to=2, changes={0: at(8)})


@pytest.mark.parametrize(
    ("state", "statement", "digest", "expected"),
    [
        (EntryState(9), approved(None, at(7)), A, Effect(Outcome.ACCEPTED, 1)),
        (IN_FORCE, approved(None, at(9)), A, Effect(Outcome.DUPLICATE, 2)),
        (IN_FORCE, approved(None, at(9)), B, Effect(Outcome.ACCEPTED, 3, 2)),
        (IN_FORCE, approved(None, at(7)), B, Effect(Outcome.STALE, 2)),
        (IN_FORCE, approved(None), B, Effect(Outcome.ACCEPTED, 3, 2)),
        (GONE, approved(None, at(9)), A, Effect(Outcome.ACCEPTED, 3)),
        (GONE, approved(None, at(8)), A, Effect(Outcome.RECALL, 2)),
        (GONE, approved(None, at(7)), B, Effect(Outcome.RECALL, 2)),
        (GONE, approved(None), A, Effect(Outcome.ACCEPTED, 3)),
        (
            EntryState(9, recalled_to=0, changes={0: at(8)}),
            approved(None, at(7)),
            A,
            Effect(Outcome.RECALL, None),
        ),
        (
            EntryState(9, changes={0: at(8)}),
            approved(None, at(7)),
            A,
            Effect(Outcome.STALE, None),
        ),
        (
            IN_FORCE,
            withdrawn("recalled", None, at(9)),
            A,
            Effect(Outcome.RECALL, 2, 2, recalls=True),
        ),
        (IN_FORCE, withdrawn("recalled", None, at(7)), A, Effect(Outcome.STALE, 2)),
        (
            IN_FORCE,
            withdrawn("recalled", None, at(8)),
            A,
            Effect(Outcome.RECALL, 2, 2, recalls=True),
        ),
        (IN_FORCE, withdrawn("submitted", None, at(8)), A, Effect(Outcome.STALE, 2)),
        (GONE, withdrawn("recalled", None, at(9)), A, Effect(Outcome.DUPLICATE, 2)),
        (GONE, withdrawn("rejected", None), A, Effect(Outcome.NOT_APPROVED, 2)),
        (
            EntryState(9),
            withdrawn("recalled", None),
            A,
            Effect(Outcome.RECALL, 0, None, recalls=True),
        ),
        (
            EntryState(9, recalled_to=0),
            withdrawn("recalled", None),
            A,
            Effect(Outcome.DUPLICATE, None),
        ),
    ],
)
def test_without_stated_revisions_changed_content_is_the_next_one(
    state: EntryState,
    statement: TimeRecord | Withdrawal,
    digest: bytes,
    expected: Effect,
) -> None:
    _, effect = step(state, statement, digest, states_revisions=False)

    assert effect == expected


def test_an_accepted_revision_is_the_one_in_force() -> None:
    state, _ = step(EntryState(9), approved(4, at(7)), A, states_revisions=True)

    assert state == EntryState(9, 4, A, NEVER, {4: at(7)})
    assert state.in_force == 4


def test_a_recall_leaves_nothing_in_force() -> None:
    state, _ = step(STORED, withdrawn("recalled", 2, at(9)), A, states_revisions=True)

    assert state.recalled_to == 2
    assert state.in_force is None


def test_a_conflict_teaches_nothing() -> None:
    state, _ = step(STORED, approved(2, at(9)), B, states_revisions=True)

    assert state == STORED


def test_only_a_later_change_time_is_noted() -> None:
    state = learned(EntryState(9), 0, at(8))

    assert learned(state, 0, at(7)) == state
    assert learned(state, 0, None) == state
    assert learned(state, 0, at(9)).changes == {0: at(9)}


def test_history_is_read_only_where_it_can_matter() -> None:
    def needed(
        statement: TimeRecord | Withdrawal, digest: bytes, *, stated: bool
    ) -> bool:
        return needs_history(STORED, statement, digest, states_revisions=stated)

    assert not needed(approved(2), A, stated=True)
    assert not needed(approved(1), B, stated=True)
    assert needed(approved(3), B, stated=True)
    assert not needed(approved(None), A, stated=False)
    assert needed(approved(None), B, stated=False)
    assert needed(withdrawn("recalled"), A, stated=True)
    assert needs_history(RECALLED, approved(None), A, states_revisions=False)


_STATED = st.one_of(
    st.builds(
        lambda revision: (approved(revision, at(revision)), b"%032d" % revision),
        st.integers(1, 4),
    ),
    st.builds(
        lambda revision: (withdrawn("recalled", revision, at(revision + 10)), b""),
        st.integers(1, 4),
    ),
)


@given(
    st.lists(_STATED, min_size=1, max_size=6).flatmap(
        lambda told: st.tuples(st.permutations(told), st.permutations(told + told))
    )
)
def test_order_and_repetition_do_not_change_what_stated_revisions_leave_in_force(
    orders: tuple[
        list[tuple[TimeRecord | Withdrawal, bytes]],
        list[tuple[TimeRecord | Withdrawal, bytes]],
    ],
) -> None:
    ends = {_end(told, states_revisions=True) for told in orders}

    assert len(ends) == 1


# Ten different moments; what is said at each is fixed, so no two contents share one.
_TIMED = st.integers(1, 10).map(
    lambda day: (
        (withdrawn("recalled", None, at(day)), b"")
        if day % 4 == 0
        else (withdrawn("submitted", None, at(day)), b"")
        if day % 4 == 1
        else (approved(None, at(day)), A if day % 3 else B)
    )
)


@given(
    st.lists(_TIMED, min_size=1, max_size=7).flatmap(
        lambda told: st.tuples(st.permutations(told), st.permutations(told + told))
    )
)
def test_order_and_repetition_do_not_change_what_change_times_leave_in_force(
    orders: tuple[
        list[tuple[TimeRecord | Withdrawal, bytes]],
        list[tuple[TimeRecord | Withdrawal, bytes]],
    ],
) -> None:
    ends = {_end(told, states_revisions=False) for told in orders}

    assert len(ends) == 1


def _end(
    told: list[tuple[TimeRecord | Withdrawal, bytes]], *, states_revisions: bool
) -> bytes | None:
    state = EntryState(9)
    for statement, digest in told:
        state, _ = step(state, statement, digest, states_revisions=states_revisions)
    return state.content_hash if state.in_force is not None else None
