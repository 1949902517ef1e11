"""Transfer a part of an entry: both are decided anew, and what the source says ends it.

The part becomes an entry of its own, and the rest the next revision of the entry it is
taken from. A correction or recall of the whole reverses both; a corrected one is then
divided as it was before, where it still names the project it named and has more time
than its parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.allotting import working_snapshot
from hourline.flow.correcting.redeciding import (
    Refused,
    carry_write_off,
    decide_revision,
    project_at_source,
    standing_of,
    take_back,
)
from hourline.flow.deciding import go_through_contracts
from hourline.flow.transactions import CannotReplace, now
from hourline.flow.vendor_bills import match_in
from hourline.infra.database import Session
from hourline.intake.redeciding import RedecisionAct, StandingVersion, lock_standing
from hourline.intake.rules.split import has_share
from hourline.intake.splitting import (
    PartInForce,
    Share,
    Split,
    keep_split,
    lock_origin,
    read_content,
)
from hourline.kernel.codes import Redecision, ReviewAct
from hourline.kernel.money import currency_numbered, major_units, minor_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWanted:
    """Say what of an entry goes to a project, by its canonical id: time or money.

    `seconds` are of time, `amount` is what an expense cost, in major units of its
    currency.
    """

    project: str
    seconds: int | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a part that is neither or both."""
        if (self.seconds is None) == (self.amount is None):
            raise ValueError("A part is so much time, or so much of an expense.")


def split_entry(
    session: Session, entry_no: int, wanted: PartWanted, because: Because
) -> int | Problem:
    """Put a part of an entry on a project, and return the number of its own entry.

    On the project of the entry it can be held, postponed or given up by itself. With a
    problem, nothing was changed. Raises AmountTooFine.
    """
    snapshot = working_snapshot(session)
    lock_origin(session, entry_no)
    try:
        with session.savepoint():
            standing = standing_of(session, entry_no)
            project = project_at_source(snapshot, standing, wanted.project)
            share = _share(session, standing, wanted, project)
            made = _divided(session, snapshot, standing, share, because=because)
    except (Refused, CannotReplace) as refusal:
        return refusal.problem
    return made.part[0]


def carry_parts(session: Session, ended: Sequence[PartInForce]) -> None:
    """Divide corrected entries as they were, in the caller's transaction.

    `ended` are the parts that their corrections ended. One that cannot be taken out
    again stays with its entry, and a person is told.
    """
    found = []
    for part in ended:
        standing = lock_standing(session, part.of_entry_no)
        if standing is None or standing.named_project != part.named_project:
            continue
        problem = _carried(session, standing, part)
        if problem is not None:
            subject = Subject("entry", str(part.of_entry_no), part.of_entry_no)
            found.append((subject, _back_again(standing, part, problem)))
    if found:
        exceptions.open_items(session, found, at=now())


def _carried(
    session: Session, standing: StandingVersion, part: PartInForce
) -> Problem | None:
    snapshot = working_snapshot(session)
    share = Share(
        project=part.project,
        seconds=part.worked_seconds,
        cost=part.cost or 0,
        part=part,
    )
    because = Because(actor=part.actor, reason=part.reason)
    try:
        with session.savepoint():
            _divided(session, snapshot, standing, share, because=because)
    except (Refused, CannotReplace) as refusal:
        return refusal.problem
    return None


def _share(
    session: Session, standing: StandingVersion, wanted: PartWanted, project: str
) -> Share:
    if wanted.amount is None:
        return Share(project=project, seconds=wanted.seconds or 0)
    currency = read_content(session, standing).currency
    if currency is None:
        raise Refused(_no_money(standing))
    cost = minor_units(wanted.amount, currency_numbered(currency))
    return Share(project=project, cost=cost)


def _divided(
    session: Session,
    snapshot: Snapshot,
    standing: StandingVersion,
    share: Share,
    *,
    because: Because,
) -> Split:
    before = (standing.entry_no, standing.revision)
    left = billing.read_contracts_of(session, [before])
    billing.lock_contracts(session, left)
    settled = billing.read_settled(session, *before)
    refusal = billing.why_not_replaced(standing.source_id, settled)
    refusal = refusal or _why_not_divided(session, standing, share)
    if refusal is not None:
        raise Refused(refusal)
    at = now()
    act = RedecisionAct(
        kind=Redecision.SPLIT,
        project=standing.project,
        actor=because.actor,
        reason=because.reason,
    )
    made = keep_split(session, standing, act, share, recorded_at=at)
    take_back(session, snapshot, standing, by_revision=made.rest[1], at=at)
    affected = decide_revision(session, snapshot, made.rest, replaces=[before], at=at)
    affected |= decide_revision(session, snapshot, made.part, replaces=[], at=at)
    if share.part is None:
        _hold_as(session, snapshot, made, because)
    go_through_contracts(session, snapshot, {*left, *affected})
    gone = settled.seconds_written_off
    kept = carry_write_off(session, snapshot, standing.entry_no, because, seconds=gone)
    if kept < gone:
        raise Refused(_given_up(standing))
    match_in(session, snapshot, [made.rest[0], made.part[0]])
    return made


def _hold_as(
    session: Session, snapshot: Snapshot, made: Split, because: Because
) -> None:
    """Hold or postpone a new part where the entry it is of is held or postponed."""
    held = billing.how_held(session, made.rest[0])
    if held is ReviewAct.HOLD:
        billing.hold(session, snapshot, made.part[0], because)
    elif held is ReviewAct.POSTPONE:
        billing.postpone(session, snapshot, made.part[0], because)


def _why_not_divided(
    session: Session, standing: StandingVersion, share: Share
) -> Problem | None:
    content = read_content(session, standing)
    if has_share(content, seconds=share.seconds, cost=share.cost):
        return None
    has = spoken_hours(content.worked_seconds)
    wanted = spoken_hours(share.seconds)
    if content.cost is not None and content.currency is not None:
        currency = currency_numbered(content.currency)
        has = f"{major_units(content.cost, currency)} {currency.code}"
        if share.cost:
            wanted = f"{major_units(share.cost, currency)} {currency.code}"
    return _not_divided(
        standing,
        f"has {has}; {wanted} of it cannot go to another project while something stays",
        "Transfer less than there is, or the whole entry.",
    )


def _no_money(standing: StandingVersion) -> Problem:
    return _not_divided(
        standing,
        "is no expense; no amount of it can be transferred",
        "Say how many hours of it go to the other project.",
    )


def _given_up(standing: StandingVersion) -> Problem:
    return _not_divided(
        standing,
        "would keep less than was written off of it",
        "Transfer no more than is still to be billed.",
    )


def _back_again(
    standing: StandingVersion, part: PartInForce, problem: Problem
) -> Problem:
    return Problem(
        ProblemCode.REVIEW_EXCEEDS_OPEN,
        f"Time entry {standing.source_id} was corrected at its source, and its part"
        f" {part.source_id} is with it again: {problem.sentence}",
        "Transfer the part again where it still belongs to another project.",
        {"source_id": standing.source_id, "part": part.source_id},
    )


def _not_divided(standing: StandingVersion, why: str, remedy: str) -> Problem:
    return Problem(
        ProblemCode.REVIEW_EXCEEDS_OPEN,
        f"Time entry {standing.source_id} {why}.",
        remedy,
        {"source_id": standing.source_id},
    )
