"""Keep the content of an entry once more, so that it can be decided anew.

Its source said nothing new: the content, its hash and the record it came with are the
same, and so is the source's revision. Only the project may be another, where a person
transferred the entry.
"""

from dataclasses import dataclass
from datetime import datetime

from hourline.infra.database import Session
from hourline.intake.reading import QUERIES
from hourline.intake.store import lock_entries
from hourline.kernel.codes import Redecision


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingVersion:
    """Hold the content of an entry that counts: its revision as it is kept.

    `project` is the one it is on, `named_project` the one its source names; both are
    ids of its connection. `is_opening` says that the entry was taken over.
    """

    entry_no: int
    revision: int
    connection_no: int
    source_id: str
    source: str
    project: str
    named_project: str
    is_opening: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedecisionAct:
    """Say why an entry is decided anew, on which project, and who wants it."""

    kind: Redecision
    project: str
    actor: str
    reason: str
    proposal_no: int | None = None


def lock_standing(session: Session, entry_no: int) -> StandingVersion | None:
    """Return the content of an entry that counts, None where none does.

    No other transaction changes what is known of the entry until this one ends.
    """
    lock_entries(session, [entry_no])
    return session.first(
        QUERIES["standing_version"], StandingVersion, entry_no=entry_no
    )


def keep_redecision(
    session: Session,
    standing: StandingVersion,
    act: RedecisionAct,
    *,
    recorded_at: datetime,
) -> int:
    """Keep the content as the next revision; return that."""
    keys = {"entry_no": standing.entry_no, "revision": standing.revision}
    session.run(
        QUERIES["repeat_version"], project=act.project, recorded_at=recorded_at, **keys
    )
    session.run(QUERIES["repeat_expense"], **keys)
    record_redecision(session, standing, act, recorded_at=recorded_at)
    return standing.revision + 1


def record_redecision(
    session: Session,
    standing: StandingVersion,
    act: RedecisionAct,
    *,
    recorded_at: datetime,
) -> None:
    """Record that the next revision, which is kept, is this one decided anew."""
    session.run(
        QUERIES["keep_redecision"],
        kind=int(act.kind),
        actor=act.actor,
        reason=act.reason,
        proposal_no=act.proposal_no,
        recorded_at=recorded_at,
        entry_no=standing.entry_no,
        revision=standing.revision,
    )
