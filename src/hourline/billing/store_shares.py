"""Keep how much of work and amounts several customers were billed, each its share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hourline.billing.model import (
    WHOLE_PPM,
    AssembledLine,
    CreditedLine,
    OpenItem,
    Party,
)
from hourline.billing.rules.share_out import Parties
from hourline.billing.store import QUERIES
from hourline.infra.database import Session

Work = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class _Moved:
    """Hold by how much a portion or an amount stands more, or less, on live lines."""

    entry_no: int | None
    revision: int | None
    part: int | None
    contract_line_no: int
    milestone: str | None
    seconds: int
    units: int
    amount: int
    lines: int


@dataclass(frozen=True, slots=True)
class _PortionShare:
    entry_no: int
    revision: int
    part: int
    contract_line_no: int
    customer_no: int
    share_ppm: int
    takes_difference: bool
    ahead: int


@dataclass(frozen=True, slots=True)
class _MilestoneShare:
    contract_line_no: int
    milestone: str
    customer_no: int
    share_ppm: int
    takes_difference: bool
    amount_open: int


def read_shares(session: Session, contract_no: int) -> Mapping[Work, Parties]:
    """Return the parties of work and amounts that several customers were billed.

    Only where something of them stands; by what `OpenItem.work` gives.
    """
    found: dict[Work, Parties] = {}
    for row in session.all(
        QUERIES["portion_shares"], _PortionShare, contract_no=contract_no
    ):
        work = (row.entry_no, row.revision, row.part, row.contract_line_no, None)
        party = Party(
            customer_no=row.customer_no,
            share_ppm=row.share_ppm,
            takes_difference=row.takes_difference,
            ahead=row.ahead,
        )
        found[work] = (*found.get(work, ()), party)
    for one in session.all(
        QUERIES["milestone_shares"], _MilestoneShare, contract_no=contract_no
    ):
        amount = (None, None, None, one.contract_line_no, one.milestone)
        party = Party(
            customer_no=one.customer_no,
            share_ppm=one.share_ppm,
            takes_difference=one.takes_difference,
            amount_open=one.amount_open,
        )
        found[amount] = (*found.get(amount, ()), party)
    return found


def keep_shares(
    session: Session, contract_no: int, lines: Iterable[AssembledLine]
) -> None:
    """Keep by which shares the lines of all customers bill their work."""
    shared = [line.item for line in lines if line.item.share_ppm < WHOLE_PPM]
    work = [item for item in shared if item.entry_no is not None]
    if work:
        keys = _portion_keys(work)
        sizes = {
            "seconds": [item.seconds_total for item in work],
            "units": [item.units_total for item in work],
        }
        session.run(QUERIES["drop_portion_shares"], **keys)
        session.run(QUERIES["begin_billed_portions"], **keys, **sizes)
        session.run(
            QUERIES["begin_portion_shares"],
            contract_no=contract_no,
            **keys,
            **sizes,
            **_shares(work),
        )
    amounts = [item for item in shared if item.milestone is not None]
    if amounts:
        names = _milestone_keys(amounts)
        session.run(QUERIES["drop_milestone_shares"], **names)
        open_now = [item.amount_open for item in amounts]
        session.run(
            QUERIES["widen_milestone_shares"],
            customer_no=[item.customer_no for item in amounts],
            amount=open_now,
            **names,
        )
        session.run(
            QUERIES["begin_milestone_shares"],
            contract_no=contract_no,
            amount=open_now,
            **names,
            **_shares(amounts),
        )


def bill_shares(
    session: Session, customer_no: int, lines: Iterable[AssembledLine]
) -> None:
    """Raise what stands of shared work and amounts on live lines of a customer."""
    moved = [
        _Moved(
            item.entry_no,
            item.revision,
            item.part,
            item.contract_line_no,
            item.milestone,
            item.seconds,
            item.units,
            item.amount_open,
            1,
        )
        for item in (line.item for line in lines)
        if item.share_ppm < WHOLE_PPM
    ]
    _move(session, customer_no, moved)


def unbill_shares(
    session: Session, customer_no: int, credited: Iterable[CreditedLine]
) -> None:
    """Lower what stands of shared work and amounts on live lines of a customer."""
    moved = [
        _Moved(
            of.entry_no,
            of.revision,
            of.part,
            of.contract_line_no,
            of.milestone,
            -credit.seconds,
            -credit.units,
            -credit.net,
            -int(credit.ends),
        )
        for credit, of in ((credit, credit.line) for credit in credited)
        if of.share_ppm < WHOLE_PPM
    ]
    _move(session, customer_no, moved)


def _move(session: Session, customer_no: int, moved: Sequence[_Moved]) -> None:
    work = [one for one in moved if one.entry_no is not None]
    if work:
        keys = _portion_keys(work)
        session.run(QUERIES["take_shares_off"], **keys)
        session.run(
            QUERIES["move_portion_shares"],
            customer_no=customer_no,
            seconds=[one.seconds for one in work],
            units=[one.units for one in work],
            **keys,
        )
        session.run(QUERIES["put_shares_on"], lines=[one.lines for one in work], **keys)
    amounts = [one for one in moved if one.milestone is not None]
    if amounts:
        session.run(
            QUERIES["move_milestone_shares"],
            customer_no=customer_no,
            amount=[one.amount for one in amounts],
            **_milestone_keys(amounts),
        )


def _portion_keys(of: Sequence[OpenItem] | Sequence[_Moved]) -> dict[str, object]:
    return {
        "entry_no": [one.entry_no for one in of],
        "revision": [one.revision for one in of],
        "part": [one.part for one in of],
    }


def _milestone_keys(of: Sequence[OpenItem] | Sequence[_Moved]) -> dict[str, object]:
    return {
        "contract_line_no": [one.contract_line_no for one in of],
        "milestone": [one.milestone for one in of],
    }


def _shares(of: Sequence[OpenItem]) -> dict[str, object]:
    # The lines of one customer come after those of another, in the order of issue.
    return {
        "customer_no": [one.customer_no for one in of],
        "position": list(range(1, len(of) + 1)),
        "share_ppm": [one.share_ppm for one in of],
        "takes_difference": [one.takes_difference for one in of],
    }
