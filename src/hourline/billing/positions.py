"""Keep what a contract was invoiced less what it earned, under the contract's lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hourline.billing.model import Assembled, AssembledLine, CreditedLine, OpenItem
from hourline.billing.parties import Exchange
from hourline.billing.rules.deferral import Deferral, defer_credit, defer_invoice
from hourline.billing.store import QUERIES
from hourline.billing.store_documents import Booking
from hourline.infra.database import Session
from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionChange,
    position_of,
)
from hourline.kernel.codes import Cause
from hourline.kernel.money import Rounding
from hourline.master.snapshot import Snapshot

# Their revenue is netted per contract; retainers and prepaid hours are apart.
_NETTED = ("fixed_price", "recurring")


@dataclass(frozen=True, slots=True)
class _ChangeRow:
    contract_no: int
    amount: int
    entity_amount: int
    own_rate: bool


def with_deferral(snapshot: Snapshot, items: Iterable[OpenItem]) -> list[OpenItem]:
    """Return open items, those marked whose revenue is recognised apart.

    What an acquired unit brought along was earned in its old books.
    """
    return [
        replace(item, deferred=True)
        if item.milestone is not None
        and item.opening is None
        and snapshot.contract_line(item.contract_line_no).content.is_deferred
        else item
        for item in items
    ]


def read_positions(
    session: Session, contract_nos: Sequence[int]
) -> dict[int, CarriedPosition]:
    """Return the position of every contract, by its number; lock them before."""
    rows = session.all(
        QUERIES["position_changes"],
        _ChangeRow,
        contract_nos=list(contract_nos),
        at_own_rate=[int(Cause.CREDIT_NOTE), int(Cause.OPENING)],
    )
    changes: dict[int, list[PositionChange]] = {no: [] for no in contract_nos}
    for row in rows:
        changes[row.contract_no].append(
            PositionChange(row.amount, row.entity_amount, own_rate=row.own_rate)
        )
    return {no: position_of(of_contract) for no, of_contract in changes.items()}


def deferral_of_invoice(
    session: Session, snapshot: Snapshot, assembled: Assembled, exchange: Exchange
) -> Deferral:
    """Return what an invoice to be does to its contract's position."""
    contract_no = assembled.terms.contract_no
    lines = [line for line in assembled.lines if _is_netted(snapshot, line)]
    if not lines:
        return Deferral(CarriedPosition(), (), CarriedPosition())
    position = read_positions(session, [contract_no])[contract_no]
    return defer_invoice(lines, position, exchange.translate, exchange.rounding)


def _is_netted(snapshot: Snapshot, line: AssembledLine) -> bool:
    if not line.item.deferred:
        return False
    of = snapshot.contract_line(line.item.contract_line_no).content
    return of.method in _NETTED


def deferral_of_credit(
    session: Session,
    contract_no: int,
    credited: Sequence[CreditedLine],
    rounding: Rounding,
) -> Deferral:
    """Return what a credit note to be, its lines in order, does to the position."""
    lines = [
        (line_no, credit)
        for line_no, credit in enumerate(credited, start=1)
        if credit.line.in_position
    ]
    if not lines:
        return Deferral(CarriedPosition(), (), CarriedPosition())
    position = read_positions(session, [contract_no])[contract_no]
    return defer_credit(lines, position, rounding)


def write_position(session: Session, booking: Booking, deferral: Deferral) -> None:
    """Record what the lines of a document did to the position."""
    lines, count = deferral.lines, len(deferral.lines)
    session.load(
        "position_change",
        {
            "cause": [int(booking.cause)] * count,
            "cause_no": [booking.cause_no] * count,
            "part": [line.line_no for line in lines],
            "contract_no": [booking.contract_no] * count,
            "contract_line_no": [line.contract_line_no for line in lines],
            "currency": [booking.currency] * count,
            "amount": [line.amount for line in lines],
            "entity_currency": [booking.entity_currency] * count,
            "entity_amount": [line.entity_amount for line in lines],
            "entity_residue": [line.entity_residue for line in lines],
        },
    )
