"""Do one act of a bulk correction to one entry, in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.billing.reviewing import Reviewed
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.correcting.figures import Figures
from hourline.flow.correcting.recosting import reprice
from hourline.flow.correcting.redeciding import Anew, redecide
from hourline.flow.transactions import CannotReplace
from hourline.infra.database import Session
from hourline.kernel.codes import Fate, Redecision
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot

_Review = Callable[[Session, Snapshot, int, Because], Reviewed | Problem]


class Act(StrEnum):
    """Name what can be done to many entries at once."""

    REPRICE = "reprice"
    TRANSFER = "transfer"
    WRITE_OFF = "write_off"
    HOLD = "hold"
    POSTPONE = "postpone"
    RELEASE = "release"


# What the audit chain says was done to an entry.
DONE = {
    Act.REPRICE: "repriced",
    Act.TRANSFER: "transferred",
    Act.WRITE_OFF: "written_off",
    Act.HOLD: "held",
    Act.POSTPONE: "postponed",
    Act.RELEASE: "released",
}
_REDECISIONS = {
    Act.REPRICE: Redecision.REPRICE,
    Act.TRANSFER: Redecision.TRANSFER,
}
_REVIEWS: dict[Act, _Review] = {
    Act.WRITE_OFF: billing.write_off,
    Act.HOLD: billing.hold,
    Act.POSTPONE: billing.postpone,
    Act.RELEASE: billing.release,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Say what is to be done to every entry; a transfer is to a project, by its id."""

    act: Act
    project: str | None = None

    def __post_init__(self) -> None:
        """Refuse a transfer to nowhere, and a project for anything else."""
        if (self.act is Act.TRANSFER) != (self.project is not None):
            msg = "A transfer needs a project to go to, and nothing else has one."
            raise ValueError(msg)


def perform(
    session: Session,
    wish: Wish,
    entry_no: int,
    because: Because,
    *,
    proposal_no: int | None = None,
) -> bool | Problem:
    """Do it to one entry and say whether that changed it; nobody is told.

    With a problem, nothing was changed.
    """
    kind = _REDECISIONS.get(wish.act)
    if kind is not None:
        anew = Anew(
            kind=kind,
            because=because,
            project=wish.project,
            proposal_no=proposal_no,
        )
        do = reprice if wish.act is Act.REPRICE else redecide
        outcome = do(session, entry_no, anew)
        return outcome if isinstance(outcome, Problem) else outcome.changed
    try:
        with session.savepoint():
            return _reviewed(session, _REVIEWS[wish.act], entry_no, because)
    except CannotReplace as refusal:
        return refusal.problem


def _reviewed(
    session: Session, review: _Review, entry_no: int, because: Because
) -> bool | Problem:
    snapshot = working_snapshot(session)
    outcome = review(session, snapshot, entry_no, because)
    if isinstance(outcome, Problem):
        return outcome
    if outcome.contract_no is not None:
        allot(session, snapshot, [outcome.contract_no])
    return outcome.changed


def shown_facts(wish: Wish, after: Figures | None) -> list[object]:
    """Return the figures an entry must get when the act is done, as approved.

    How its time divides among limits is not among them: that depends on other work.
    """
    if after is None or wish.act in (Act.HOLD, Act.POSTPONE, Act.RELEASE):
        return []
    if wish.act is Act.WRITE_OFF:
        return list(after.of_fate(Fate.WRITTEN_OFF))
    return [
        after.project,
        after.contract_line,
        after.currency,
        after.rate_amount,
        after.rate_seconds,
        after.worth,
        after.cost,
        after.bearer_no,
        after.tax_rule_no,
        after.transfer,
        after.transfer_currency,
        after.lender_no,
    ]
