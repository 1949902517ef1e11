"""What is decided anew is numbered apart, and its source finds its numbers again."""

from datetime import date

from hourline.intake.model import Superseded, TimeRecord, Withdrawal
from hourline.intake.rules.changes import Changes, plan_changes
from hourline.intake.rules.versions import EntryState
from hourline.kernel.codes import Outcome

A, B = b"a" * 32, b"b" * 32
# Revision 1 of the source, decided anew twice, the second time on another project.
REDECIDED = EntryState(
    9, revision=1, content_hash=A, redecided=2, transfer=("p-42", "p-50")
)


def approved(revision: int | None, project: str = "p-42") -> TimeRecord:
    return TimeRecord(
        id="te-1",
        status="approved",
        person="r-7",
        project=project,
        date=date(2026, 10, 6),
        seconds=3_600,
        revision=revision,
    )


def planned(
    *told: TimeRecord | Withdrawal, digest: bytes = B, stated: bool = True
) -> Changes:
    return plan_changes(
        told,
        [digest] * len(told),
        {"te-1": REDECIDED},
        numbers={},
        states_revisions=stated,
    )


def test_a_source_finds_its_numbers_again() -> None:
    assert planned(approved(1), digest=A).outcomes == [Outcome.DUPLICATE]
    assert planned(approved(1)).outcomes == [Outcome.CONFLICT]

    changes = planned(approved(2))

    assert changes.outcomes == [Outcome.ACCEPTED]
    assert changes.revisions == [2]
    assert changes.kept_revision(0) == 4
    assert changes.superseded == [Superseded(9, 3, 4)]


def test_a_recall_ends_what_was_decided_anew() -> None:
    changes = planned(Withdrawal("te-1", "recalled", 1, None))

    assert changes.revisions == [1]
    assert changes.kept_revision(0) == 3
    assert changes.superseded == [Superseded(9, 3, None)]


def test_the_next_content_of_a_source_without_revisions_is_its_next() -> None:
    changes = planned(approved(None), stated=False)

    assert changes.revisions == [2]
    assert changes.superseded == [Superseded(9, 3, 4)]


def test_a_correction_on_the_old_project_follows_the_transfer() -> None:
    assert planned(approved(2)).projects == {0: "p-50"}


def test_a_correction_that_names_another_project_ends_the_transfer() -> None:
    changes = planned(approved(2, "p-7"), approved(3))

    assert changes.outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert changes.projects == {}


def test_a_record_of_no_revision_is_kept_under_none() -> None:
    changes = Changes([Outcome.NOT_APPROVED], [9], [None], redecided={9: 2})

    assert changes.kept_revision(0) is None
