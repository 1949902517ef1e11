"""Decide entries within a transaction, and tell what a person must see of it."""

from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from datetime import datetime

from hourline.decide import service as decide
from hourline.decide.model import Deciding, Refusal
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.allotting import allot
from hourline.flow.best_guess import guess_revenue
from hourline.infra.database import Session
from hourline.kernel.codes import PendingState
from hourline.kernel.entries import EntryColumns
from hourline.kernel.problems import ProblemCode
from hourline.master.snapshot import Snapshot, holding_late_work, holding_prices

# What a person with a right can accept: the right, and master data that holds it.
ACCEPTABLE: dict[ProblemCode, tuple[str, Callable[[Snapshot], Snapshot]]] = {
    ProblemCode.LATE_WORK: ("accept_late_work", holding_late_work),
    ProblemCode.PRICE_NOT_ACCEPTED: ("set_prices", holding_prices),
}


def accepted_pairs(deciding: Deciding) -> list[tuple[int, int]]:
    """Return what was accepted as (entry, revision) pairs."""
    keys = (deciding.accepted.tolist(), deciding.accepted_revisions.tolist())
    return list(zip(*keys, strict=True))


def decide_in(
    session: Session,
    snapshot: Snapshot,
    entries: EntryColumns,
    *,
    at: datetime,
    accepted: Container[ProblemCode] = (),
) -> Deciding:
    """Decide entries and open an item for each problem that a person must see.

    Of what waits until a person accepts it, some may be `accepted`; see ACCEPTABLE.
    """
    known = snapshot
    for code, (_, holding) in ACCEPTABLE.items():
        if code not in accepted:
            known = holding(known)
    deciding = decide.decide_entries(session, known, entries, recorded_at=at)
    found = []
    for refusal in (*deciding.refusals, *map(_passed, deciding.warnings)):
        if refusal.state == PendingState.EXCEPTION:
            entry_no = int(entries.entry_no[refusal.index])
            revision = int(entries.revision[refusal.index])
            subject = Subject("entry", str(entry_no), entry_no, revision)
            found += [(subject, problem) for problem in refusal.problems]
    exceptions.open_items(session, found, at=at)
    return deciding


def go_through_contracts(
    session: Session, snapshot: Snapshot, contract_nos: Iterable[int]
) -> None:
    """Do what follows for contracts whose work was decided or ended.

    Raises CannotReplace where a difference of what is allotted cannot be booked.
    """
    touched = set(contract_nos)
    allot(session, snapshot, touched)
    guess_revenue(session, snapshot, touched)


def _passed(warning: Refusal) -> Refusal:
    return replace(
        warning,
        problems=tuple(
            replace(one, sentence=f"{one.sentence} The rules let it pass: accepted.")
            for one in warning.problems
        ),
    )
