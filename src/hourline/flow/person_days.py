"""Round the days of persons that entries belong to, once those are decided."""

from collections.abc import Sequence
from datetime import datetime

from hourline.billing import service as billing
from hourline.decide import service as decide
from hourline.decide.rules.person_day import DayEntry
from hourline.exceptions.model import Subject
from hourline.flow.transactions import CannotReplace
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import FxRateMissing, NoOpenPeriod, Snapshot


def round_days(
    session: Session,
    snapshot: Snapshot,
    revisions: Sequence[tuple[int, int]],
    *,
    at: datetime,
) -> list[int]:
    """Book what differs of the days that (entry, revision) pairs are gathered in.

    The pairs were decided or stopped counting in this transaction. Returns the
    contracts worked for on these days, to be allotted anew. Raises CannotReplace where
    no month is open to book the difference in, or where it cannot be translated.
    """
    days = decide.days_of(session, snapshot, revisions)
    if not days:
        return []
    contract_nos = decide.lock_days(session, days)
    billing.lock_contracts(session, contract_nos)

    def free(entries: Sequence[DayEntry]) -> None:
        for one in entries:
            problem = billing.free_entry(
                session, snapshot, one.contract_no, one.entry_no
            )
            if problem is not None:
                subject = Subject("entry", str(one.entry_no), one.entry_no)
                raise CannotReplace(subject, problem)

    try:
        decide.round_days(
            session, snapshot, days, before_replacing=free, recorded_at=at
        )
    except (NoOpenPeriod, FxRateMissing) as error:
        entry_no, revision = revisions[0]
        subject = Subject("entry", str(entry_no), entry_no, revision)
        raise CannotReplace(subject, _problem(error)) from None
    return contract_nos


def _problem(error: NoOpenPeriod | FxRateMissing) -> Problem:
    what = f"The rounding of a person's day cannot be booked: {error}."
    if isinstance(error, NoOpenPeriod):
        return Problem(
            ProblemCode.PERIOD_CLOSED,
            what,
            "Open a posting period of the entity; the source then delivers it again.",
        )
    return Problem(
        ProblemCode.FX_RATE_NOT_FOUND,
        what,
        "Add the rate of exchange for that day; the source then delivers it again.",
    )
