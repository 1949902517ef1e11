"""Let a balance an acquired unit brings along join its contract's position."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hourline.billing.positions import read_positions, write_position
from hourline.billing.rules.deferral import Deferral, DeferredLine, defer_at_own_rate
from hourline.billing.store_documents import Booking, write_movements
from hourline.billing.store_openings import BookedLine
from hourline.infra.database import Session
from hourline.kernel.carried_position import CarriedPosition
from hourline.kernel.codes import Cause, Role

_TAKEN_OVER, _TAKEN_BACK = 0, 1
_BALANCES = {int(Role.CONTRACT_ASSET), int(Role.CONTRACT_LIABILITY)}


def join_positions(session: Session, lines: Iterable[BookedLine]) -> None:
    """Put taken over contract assets and liabilities into their contracts' positions.

    `lines` are the journal lines of the opening positions; their contracts are locked.
    """
    _move(session, lines, part=_TAKEN_OVER)


def leave_positions(session: Session, lines: Iterable[BookedLine]) -> None:
    """Take them out again, at what they brought along, on the days of their mirrors."""
    _move(session, lines, part=_TAKEN_BACK)


def _move(session: Session, lines: Iterable[BookedLine], *, part: int) -> None:
    by_contract: dict[int, list[BookedLine]] = {}
    for line in lines:
        if {line.debit, line.credit} & _BALANCES:
            by_contract.setdefault(line.contract_no, []).append(line)
    for contract_no, of_contract in by_contract.items():
        _move_contract(session, contract_no, of_contract, part=part)


def _move_contract(
    session: Session, contract_no: int, lines: Sequence[BookedLine], *, part: int
) -> None:
    for line in lines:
        position = read_positions(session, [contract_no])[contract_no]
        deferral = _deferral(line, position, part=part)
        booking = Booking(
            cause=Cause.OPENING,
            cause_no=line.cause_no,
            entity_no=line.entity_no,
            contract_no=contract_no,
            currency=line.currency,
            entity_currency=line.entity_currency,
            accounting_date=line.accounting_date,
            document_date=line.document_date,
        )
        # What the balance itself moved has part 0, so its netting has one for each way.
        netting = [replace(one, part=part) for one in deferral.movements]
        write_movements(session, booking, netting)
        write_position(session, booking, deferral)


def _deferral(line: BookedLine, position: CarriedPosition, *, part: int) -> Deferral:
    is_asset = line.debit == Role.CONTRACT_ASSET
    way = 1 if part == _TAKEN_OVER else -1
    sign = -way if is_asset else way
    moved = DeferredLine(
        line_no=part,
        contract_line_no=None,
        amount=sign * line.amount,
        entity_amount=sign * line.entity_amount,
    )
    on_asset = (way * line.amount, way * line.entity_amount) if is_asset else (0, 0)
    return replace(defer_at_own_rate([moved], position), asset_moved=on_asset)
