"""Decide an entry anew though its source says nothing new, in the caller's transaction.

Everything its decision caused is mirrored at the stored figures, as a correction of the
source does it; then the same content is decided under the master data now in force, as
the next revision. The source's own revision stays what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.decide import service as decide
from hourline.decide.again import Work
from hourline.exceptions import store as exceptions
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.correcting.otherwise import booked_otherwise
from hourline.flow.deciding import (
    ACCEPTABLE,
    accepted_pairs,
    decide_in,
    go_through_contracts,
)
from hourline.flow.person_days import round_days
from hourline.flow.transactions import CannotReplace, now
from hourline.flow.vendor_bills import match_in
from hourline.infra.database import Session
from hourline.intake.model import Superseded
from hourline.intake.redeciding import (
    RedecisionAct,
    StandingVersion,
    keep_redecision,
    lock_standing,
)
from hourline.kernel.codes import Redecision
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.vendor_bills import end_matches
from hourline.master.snapshot import NoOpenPeriod, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """Say why an entry is to be decided anew, and who wants it.

    A transfer names the project by its canonical id.
    """

    kind: Redecision
    because: Because
    project: str | None = None
    proposal_no: int | None = None


@dataclass(frozen=True, slots=True)
class Redecided:
    """Say that an entry was decided anew; not `changed` where that is what stands."""

    entry_no: int
    changed: bool


class Refused(Exception):
    """Undo what was begun, carrying why an entry cannot be decided anew."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def redecide(session: Session, entry_no: int, anew: Anew) -> Redecided | Problem:
    """Decide an entry anew; with a problem, nothing was changed."""
    snapshot = working_snapshot(session)
    try:
        with session.savepoint():
            return _redecided(session, snapshot, entry_no, anew)
    except Refused as refusal:
        return refusal.problem
    except CannotReplace as refusal:
        return refusal.problem


def _redecided(
    session: Session, snapshot: Snapshot, entry_no: int, anew: Anew
) -> Redecided:
    standing = standing_of(session, entry_no)
    before = (entry_no, standing.revision)
    left = billing.read_contracts_of(session, [before])
    billing.lock_contracts(session, left)
    settled = billing.read_settled(session, entry_no, standing.revision)
    refusal = billing.why_not_replaced(standing.source_id, settled)
    if refusal is not None:
        raise Refused(refusal)
    project = project_at_source(snapshot, standing, anew.project)
    # What is given up is open to nobody, so that new terms have nothing to price.
    if anew.kind is Redecision.REPRICE and billing.is_given_up(
        session, entry_no, settled
    ):
        return Redecided(entry_no, changed=False)
    if _is_as_wanted(session, snapshot, standing, anew, project=project):
        return Redecided(entry_no, changed=False)
    at = now()
    after = _replace(session, snapshot, standing, _act(anew, project), at=at)
    affected = decide_revision(session, snapshot, after, replaces=[before], at=at)
    go_through_contracts(session, snapshot, {*left, *affected})
    carry_write_off(
        session,
        snapshot,
        entry_no,
        anew.because,
        seconds=settled.seconds_written_off,
    )
    match_in(session, snapshot, [entry_no])
    return Redecided(entry_no, changed=True)


def standing_of(session: Session, entry_no: int) -> StandingVersion:
    """Return the content of an entry that counts, locked; raise Refused without one."""
    standing = lock_standing(session, entry_no)
    if standing is None or standing.is_opening:
        raise Refused(_not_there(entry_no, standing))
    return standing


def _is_as_wanted(
    session: Session,
    snapshot: Snapshot,
    standing: StandingVersion,
    anew: Anew,
    *,
    project: str,
) -> bool:
    if anew.kind is Redecision.TRANSFER:
        known = snapshot.sources.get((standing.connection_no, "project"), {})
        return known.get(project) == known.get(standing.project)
    of, ever = Work(entry_nos=(standing.entry_no,)), (date.min, date.max)
    found = list(booked_otherwise(session, snapshot, of, ever))
    if not found:
        raise Refused(undecided(standing))
    return not found[0].whole.any()


def _act(anew: Anew, project: str) -> RedecisionAct:
    return RedecisionAct(
        kind=anew.kind,
        project=project,
        actor=anew.because.actor,
        reason=anew.because.reason,
        proposal_no=anew.proposal_no,
    )


def _replace(
    session: Session,
    snapshot: Snapshot,
    standing: StandingVersion,
    act: RedecisionAct,
    *,
    at: datetime,
) -> tuple[int, int]:
    """Take back what the entry caused; return its next (entry, revision)."""
    entry_no = standing.entry_no
    revision = keep_redecision(session, standing, act, recorded_at=at)
    take_back(session, snapshot, standing, by_revision=revision, at=at)
    return entry_no, revision


def take_back(
    session: Session,
    snapshot: Snapshot,
    standing: StandingVersion,
    *,
    by_revision: int,
    at: datetime,
) -> None:
    """Mirror what a revision caused, which the next one replaces.

    Raises Refused where no month is open to book that in.
    """
    ended = Superseded(standing.entry_no, standing.revision, by_revision)
    try:
        end_matches(session, snapshot, [standing.entry_no])
        decide.supersede_all(session, snapshot, [ended], recorded_at=at)
    except NoOpenPeriod as error:
        raise Refused(no_open_period(standing, error)) from None


def carry_write_off(
    session: Session,
    snapshot: Snapshot,
    entry_no: int,
    because: Because,
    *,
    seconds: int,
) -> int:
    """Write off again what was written off before; return how much of it was there.

    Raises Refused where that cannot be booked.
    """
    carried = billing.carry_write_off(
        session, snapshot, entry_no, because, seconds=seconds
    )
    if isinstance(carried, Problem):
        raise Refused(carried)
    if carried is None:
        return 0
    if carried.contract_no is not None:
        allot(session, snapshot, [carried.contract_no])
    return carried.seconds


def decide_revision(
    session: Session,
    snapshot: Snapshot,
    after: tuple[int, int],
    *,
    replaces: Sequence[tuple[int, int]],
    at: datetime,
) -> set[int]:
    """Decide an (entry, revision) pair; return the contracts affected.

    `replaces` are the pairs that stopped counting by it. What was asked of its decision
    is answered by that; what was asked of its source is not. Raises Refused where it is
    not accepted.
    """
    exceptions.resolve_entries(
        session,
        [after[0]],
        resolution="decided anew",
        at=at,
        keep_codes=(ProblemCode.CONFLICTING_DUPLICATE,),
    )
    entries = decide.read_revision(session, *after)
    # It was let in before, however late it is by now, and at its price.
    deciding = decide_in(session, snapshot, entries, at=at, accepted=ACCEPTABLE)
    for refusal in deciding.refusals:
        raise Refused(refusal.problems[0])
    rounded = round_days(
        session, snapshot, [*replaces, *accepted_pairs(deciding)], at=at
    )
    return {*rounded, *deciding.contracts}


def project_at_source(
    snapshot: Snapshot, standing: StandingVersion, project: str | None
) -> str:
    """Return what an entry's source calls the project it is to be on.

    By the canonical id; None is the one it is on. Raises Refused without a name.
    """
    if project is None:
        return standing.project
    dense = snapshot.catalogue.projects.dense_of.get(project)
    names = snapshot.sources.get((standing.connection_no, "project"), {})
    called = sorted(name for name, found in names.items() if found == dense)
    if dense is None or not called:
        raise Refused(_not_named(standing, project))
    for preferred in (standing.named_project, project):
        if preferred in called:
            return preferred
    return called[0]


def _not_named(standing: StandingVersion, project: str) -> Problem:
    return Problem(
        ProblemCode.PROJECT_NOT_KNOWN,
        f"Time entry {standing.source_id} cannot be transferred: its source"
        f" {standing.source} has no project {project}.",
        "Name a project of the same source, or tell Hourline what the source calls it.",
        {"project": project},
    )


def _not_there(entry_no: int, standing: StandingVersion | None) -> Problem:
    if standing is None:
        why = f"Entry {entry_no} is not approved, so there is nothing to decide anew."
        remedy = "Wait until its source approves it."
    else:
        why = f"Entry {standing.source_id} was taken over with the figures it brought."
        remedy = "Reverse the opening position, and take it over as it should be."
    return Problem(ProblemCode.REVIEW_EXCEEDS_OPEN, why, remedy)


def undecided(standing: StandingVersion) -> Problem:
    """Say that what came last of an entry is not decided."""
    return Problem(
        ProblemCode.REVIEW_EXCEEDS_OPEN,
        f"Time entry {standing.source_id} is not decided yet.",
        "It is decided by itself when what it lacks arrives.",
    )


def no_open_period(standing: StandingVersion, error: NoOpenPeriod) -> Problem:
    """Say that no month is open to book in what a decision anew takes."""
    return Problem(
        ProblemCode.PERIOD_CLOSED,
        f"Time entry {standing.source_id} cannot be decided anew: {error}.",
        "Open a posting period of the entity, and ask for it again.",
    )
