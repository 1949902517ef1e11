"""Let a person with the right book into a soft-closed month, by an act that is kept.

Everything else, also what follows of such an act by itself, takes a soft-closed month
for a closed one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hourline.flow.transactions import now
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot, has_right, into_soft_closed

RIGHT = "post_into_soft_closed"


@dataclass(frozen=True, slots=True)
class IntoSoftClosed:
    """Say who books into soft-closed months on purpose, and why."""

    actor: str
    reason: str


def books_for(
    snapshot: Snapshot, into: IntoSoftClosed | None, entity_no: int
) -> Snapshot | Problem:
    """Return what to book with: an act may go into the entity's soft-closed months.

    Returns the problem `right_missing` where its actor may not.
    """
    if into is None:
        return snapshot
    entity = snapshot.entity(entity_no).id
    if has_right(snapshot, RIGHT, user=into.actor, entity=entity, on=now().date()):
        return into_soft_closed(snapshot, entity_no)
    return right_missing(into.actor, RIGHT, entity)


def right_missing(actor: str, right: str, entity: str | None) -> Problem:
    """Return the problem of somebody who may not do what was asked."""
    where = "every entity" if entity is None else entity
    return Problem(
        ProblemCode.RIGHT_MISSING,
        f"{actor} has not the right {right} for {where}.",
        "Let somebody who has it do it, or give the right; nothing was changed.",
        {"user": actor, "right": right}
        | ({} if entity is None else {"entity": entity}),
    )


def record_act(
    session: Session,
    into: IntoSoftClosed | None,
    subject: str,
    after: Mapping[str, object],
) -> None:
    """Put an act into the audit chain, in its own transaction; none says nothing."""
    if into is not None:
        change = ManualChange(
            actor=into.actor,
            action="period.booked_into_soft_closed",
            subject=subject,
            reason=into.reason,
            after=after,
        )
        record_change(session, change)
