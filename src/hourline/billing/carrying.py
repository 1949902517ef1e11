"""Carry what people decided of an entry over to the decision that replaces it."""

from dataclasses import dataclass

from hourline.billing.model import Because
from hourline.billing.reviewing import Reviewed, write_off
from hourline.billing.store import QUERIES
from hourline.billing.store_reviews import read_reviewable, read_standing
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Hold what of a revision is not open any more; units are of an expense.

    `live_lines` are the invoice lines it stands on, `left_out` what an invoice made
    non-billable of it.
    """

    live_lines: int
    seconds_written_off: int
    units_written_off: int
    left_out: int


def read_settled(session: Session, entry_no: int, revision: int) -> Settled:
    """Return what of a revision is invoiced, written off or left out."""
    return session.one(
        QUERIES["settled_of_revision"], Settled, entry_no=entry_no, revision=revision
    )


def why_not_replaced(source_id: str, settled: Settled) -> Problem | None:
    """Return why a decision cannot be replaced by another; None where it can."""
    if settled.live_lines:
        why = "stands on an invoice"
        remedy = "Credit it first; what was credited can be decided anew."
    elif settled.left_out or settled.units_written_off:
        why = "was in part made non-billable by an invoice, or is an expense given up"
        remedy = "Correct it at its source: a correction starts the entry anew."
    else:
        return None
    return Problem(
        ProblemCode.REVIEW_EXCEEDS_OPEN,
        f"Time entry {source_id} {why}; it cannot be decided anew.",
        remedy,
        {"source_id": source_id},
    )


def is_given_up(session: Session, entry_no: int, settled: Settled) -> bool:
    """Say whether people wrote all of an entry off that there was to bill."""
    if not settled.seconds_written_off:
        return False
    standing = read_standing(session, entry_no)
    return standing is not None and not read_reviewable(session, standing, freed=True)


def carry_write_off(
    session: Session,
    snapshot: Snapshot,
    entry_no: int,
    because: Because,
    *,
    seconds: int,
) -> Reviewed | Problem | None:
    """Write off again what was written off of the decision before.

    As much of it as there is to bill now; None where that is nothing.
    """
    standing = read_standing(session, entry_no)
    if standing is None or not seconds:
        return None
    open_now = sum(
        item.seconds for item in read_reviewable(session, standing, freed=True)
    )
    if not open_now:
        return None
    return write_off(
        session, snapshot, entry_no, because, seconds=min(seconds, open_now)
    )
