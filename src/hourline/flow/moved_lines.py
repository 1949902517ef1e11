"""Refuse to move a contract line with what is booked of it into other books."""

from itertools import product

from hourline.billing import service as billing
from hourline.billing.store_standing import StandingOfLine, read_standing_of_lines
from hourline.flow.other_books import (
    BookedElsewhere,
    books_of,
    cost_lines,
    stop_at,
)
from hourline.infra.database import Session
from hourline.kernel.columns import NOTHING
from hourline.master.model import Contract, ContractLine
from hourline.master.snapshot import Snapshot


def refuse_moved_lines(
    session: Session, before: Snapshot | None, after: Snapshot
) -> None:
    """Raise BookedElsewhere for a line that goes to a contract with other books.

    A line of which nothing stands may go. Waits for whatever works with the lines as
    they were, where one goes.
    """
    moved = {} if before is None else _moved(before, after)
    if before is None or not moved:
        return
    billing.lock_terms_to_change(session)
    billing.lock_contracts(session, moved.values())
    standing = read_standing_of_lines(session, moved, cost_lines(after))
    stop_at([_booked(after, one, moved[one.contract_line_no]) for one in standing])


def _booked(after: Snapshot, one: StandingOfLine, contract_no: int) -> BookedElsewhere:
    was = after.contract(contract_no).id
    now = after.contract_line(one.contract_line_no).content.contract
    return BookedElsewhere(
        after,
        (ContractLine.kind, one.contract_line_no),
        why=f"it cannot go from contract {was} to {now}, which has another legal entity"
        f" or currency: of its work, amounts and revenue {one.count} stand",
        remedy=f"Leave it with contract {was}. Make a contract line of its own with"
        f" contract {now}, with projects for what comes next.",
    )


def _moved(before: Snapshot, after: Snapshot) -> dict[int, int]:
    """Return the contract that each line had which has one of other books now."""
    kept, found = after.catalogue.lines, dict[int, int]()
    touched = {
        kept.nos[span.dense]
        for span in kept.spans
        if span.change_no > before.change_no
        and kept.nos[span.dense] in before.catalogue.lines.dense_of_no
    }
    for line_no in touched:
        pairs = product(_contracts(before, line_no), _contracts(after, line_no))
        left = [
            was
            for was, now in pairs
            if was != now and books_of(before, was) != books_of(after, now)
        ]
        if left:
            found[line_no] = left[0]
    return found


def _contracts(snapshot: Snapshot, line_no: int) -> list[int]:
    """Return every contract that a line is of on any day."""
    kept = snapshot.catalogue.lines
    spans = kept.of(kept.dense_of_no.get(line_no, NOTHING))
    ids = sorted({span.content.contract for span in spans})
    numbers = [snapshot.number(Contract.kind, id_) for id_ in ids]
    return [number for number in numbers if number is not None]
