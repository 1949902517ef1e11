"""Keep a part of an entry's work as an entry of its own, so that it can go elsewhere.

The source knows the whole alone. Entry and part together are always what it said: both
have its record, its hash and its day; hours, billable hours, cost and tax are divided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hourline.infra.database import Session
from hourline.intake.model import Superseded
from hourline.intake.reading import QUERIES
from hourline.intake.redeciding import RedecisionAct, StandingVersion, record_redecision
from hourline.intake.rules.split import Content, divide
from hourline.intake.store import lock_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Say what is taken of an entry: seconds of time, or `cost` of an expense.

    `project` is where it goes, by its id at the connection; `part` is the part it was
    before, None for a new one.
    """

    project: str
    seconds: int = 0
    cost: int = 0
    part: "PartInForce | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInForce:
    """Hold a part of an entry that counts, and who took it out of it and why.

    `cost` is of an expense, in minor units of its currency. The projects are ids of
    the connection: the one the source names for the whole, and the one it is on.
    """

    of_entry_no: int
    entry_no: int
    revision: int
    source_id: str
    worked_seconds: int
    cost: int | None
    named_project: str
    project: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Hold the entry its source knows, and the id a next part of it would have."""

    entry_no: int
    source_id: str
    free_id: str


@dataclass(frozen=True, slots=True)
class Split:
    """Hold what a split made, as (entry, revision) pairs."""

    rest: tuple[int, int]
    part: tuple[int, int]


def lock_origin(session: Session, entry_no: int) -> Origin:
    """Return the entry that its source knows, of one that may be a part of it.

    No other transaction changes what is known of it until this one ends.
    """
    origin = session.one(QUERIES["origin_of_entry"], Origin, entry_no=entry_no)
    lock_entries(session, [origin.entry_no])
    return session.one(QUERIES["origin_of_entry"], Origin, entry_no=entry_no)


def read_content(session: Session, standing: StandingVersion) -> Content:
    """Return what of a revision can be divided."""
    return session.one(
        QUERIES["content_of_revision"],
        Content,
        entry_no=standing.entry_no,
        revision=standing.revision,
    )


def keep_split(
    session: Session,
    standing: StandingVersion,
    act: RedecisionAct,
    share: Share,
    *,
    recorded_at: datetime,
) -> Split:
    """Keep the rest of an entry as its next revision, and the share as a part.

    The caller locked the origin and made sure that both are something.
    """
    content = read_content(session, standing)
    taken, left = divide(content, seconds=share.seconds, cost=share.cost)
    rest = (standing.entry_no, standing.revision + 1)
    if share.part is None:
        origin = session.one(
            QUERIES["origin_of_entry"], Origin, entry_no=standing.entry_no
        )
        part = (_add_part(session, origin), 1)
    else:
        part = (share.part.entry_no, share.part.revision + 1)
    for key, content_of, project in (
        (rest, left, standing.project),
        (part, taken, share.project),
    ):
        keys = {
            "entry_no": standing.entry_no,
            "revision": standing.revision,
            "as_entry_no": key[0],
            "as_revision": key[1],
        }
        session.run(
            QUERIES["keep_share"],
            project=project,
            worked_seconds=content_of.worked_seconds,
            billable_seconds=content_of.billable_seconds,
            recorded_at=recorded_at,
            **keys,
        )
        session.run(
            QUERIES["keep_share_of_expense"],
            cost=content_of.cost,
            tax=content_of.tax,
            **keys,
        )
    record_redecision(session, standing, act, recorded_at=recorded_at)
    session.run(
        QUERIES["keep_split"],
        entry_no=rest[0],
        revision=rest[1],
        part_entry_no=part[0],
        part_revision=part[1],
    )
    return Split(rest, part)


def _add_part(session: Session, origin: Origin) -> int:
    entry_no = session.value(
        QUERIES["add_part"], int, of_entry_no=origin.entry_no, part_id=origin.free_id
    )
    if entry_no is None:
        raise LookupError(f"entry {origin.entry_no} is not there")
    return entry_no


def end_parts(
    session: Session, superseded: Sequence[Superseded], *, recorded_at: datetime
) -> list[PartInForce]:
    """End the parts of entries of which a revision stopped counting; return them.

    They are kept as recalled by the record that replaced or recalled the whole.
    """
    last = {one.entry_no: one for one in superseded}
    found = parts_in_force(session, last) if last else []
    if not found:
        return []
    lock_entries(session, [one.entry_no for one in found])
    # What was read before the lock may have changed until the lock was given.
    parts = parts_in_force(session, last)
    for part in parts:
        session.run(
            QUERIES["end_part"],
            entry_no=part.entry_no,
            revision=part.revision,
            of_entry_no=part.of_entry_no,
            by_revision=last[part.of_entry_no].by_revision,
            recorded_at=recorded_at,
        )
    return parts


def parts_in_force(session: Session, entry_nos: Iterable[int]) -> list[PartInForce]:
    """Return the parts of entries that count, in the order they were taken out."""
    return session.all(
        QUERIES["parts_in_force"], PartInForce, entry_nos=list(entry_nos)
    )
