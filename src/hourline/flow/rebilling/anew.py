"""Credit invoiced work and decide it anew under the terms in force, all or none.

As when its source corrects it: what stands on invoices is credited, what the decision
caused is mirrored at its stored figures, and the next revision is open to bill.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.decide.again import Work
from hourline.exceptions.model import Subject
from hourline.flow.correcting.figures import QUERIES, Figures, read_figures
from hourline.flow.correcting.otherwise import booked_otherwise
from hourline.flow.correcting.redeciding import Anew, Refused, redecide, standing_of
from hourline.flow.correcting.selecting import ENTRIES_MAX, TooMany
from hourline.flow.transactions import CannotReplace, now
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.kernel.codes import Redecision
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Say who wants something and why, who approved it, and by which proposal."""

    because: Because
    approver: str
    proposal_no: int | None = None


def rebilled_entries(
    session: Session, snapshot: Snapshot, contract_no: int, dates: tuple[date, date]
) -> list[int]:
    """Return the invoiced entries of a contract that are decided otherwise by now.

    Of days from inclusive, until exclusive. Where only the cost is another, no invoice
    would be, so that a repricing corrects it. Raises TooMany.
    """
    found: list[int] = []
    work = Work(contract_no=contract_no)
    for one in booked_otherwise(session, snapshot, work, dates):
        concerned = one.apart_from_cost & one.standing.invoiced
        found += one.standing.entries.entry_no[concerned].tolist()
    if len(found) > ENTRIES_MAX:
        msg = (
            f"{len(found):,} entries are more than the {ENTRIES_MAX:,} that can be"
            " billed anew at once; take some days at a time."
        )
        raise TooMany(msg)
    return sorted(found)


def bill_anew(
    session: Session, snapshot: Snapshot, entry_nos: Sequence[int], agreed: Agreed
) -> None:
    """Credit entries and decide each anew; raise CannotReplace where one cannot be."""
    before = {one: read_figures(session, one) for one in entry_nos}
    with _as_cannot_replace():
        standing = {one: standing_of(session, one).revision for one in entry_nos}
        credited = billing.credit_replaced(
            session, snapshot, list(standing.items()), reason=agreed.because.reason
        )
        if isinstance(credited, Problem):
            raise Refused(credited)
        for entry_no in entry_nos:
            _decide_anew(session, entry_no, agreed)
    if agreed.proposal_no is not None:
        _keep_items(session, agreed.proposal_no, before)


def _decide_anew(session: Session, entry_no: int, agreed: Agreed) -> None:
    anew = Anew(
        kind=Redecision.REPRICE,
        because=agreed.because,
        proposal_no=agreed.proposal_no,
    )
    outcome = redecide(session, entry_no, anew)
    if isinstance(outcome, Problem):
        raise Refused(outcome)
    if not outcome.changed:
        raise Refused(_same(entry_no))


@contextmanager
def _as_cannot_replace() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise CannotReplace(Subject("credit", "rebill"), refusal.problem) from None


def _keep_items(
    session: Session, proposal_no: int, before: dict[int, Figures | None]
) -> None:
    """Keep what was billed anew, as the entries of a bulk correction are kept."""
    for entry_no, stood in before.items():
        stands = read_figures(session, entry_no)
        figures = {
            "before": None if stood is None else asdict(stood),
            "after": None if stands is None else asdict(stands),
        }
        key = {"proposal_no": proposal_no, "entry_no": entry_no}
        session.run(QUERIES["add_item"], figures=encode_json(figures).decode(), **key)
        session.run(
            QUERIES["settle_item"], state="applied", problem=None, at=now(), **key
        )


def _same(entry_no: int) -> Problem:
    return Problem(
        ProblemCode.REVIEW_EXCEEDS_OPEN,
        f"Entry {entry_no} is billed as the terms in force have it.",
        "Look again at what would be billed anew, and propose that.",
    )
