"""Book what an acquired unit brings along against the opening balance, and back.

Open work and amounts: Dr wip. A contract asset: Dr contract_asset. What was billed
before it was earned: Cr contract_liability. The other side is opening_balance.
"""

from hourline.billing.model import Movement
from hourline.kernel.codes import Effect, Role
from hourline.kernel.openings import OpeningPosition


def opening_movement(position: OpeningPosition, *, to_book: bool) -> Movement | None:
    """Return the journal line of a position; None where it has no balance.

    `to_book` says that the ERP is still to book it; else the ERP was opened with it.
    """
    if position.booked == 0:
        return None
    debit, credit = _roles(position)
    return Movement(
        part=0,
        effect=Effect.OPENING_TO_BOOK if to_book else Effect.OPENING,
        debit=debit,
        credit=credit,
        amount=position.booked,
        entity_amount=position.entity_amount,
        project_no=position.project_no,
        person_no=position.person_no,
    )


def _roles(position: OpeningPosition) -> tuple[Role, Role]:
    if position.accrued:
        return Role.WIP, Role.OPENING_BALANCE
    if position.row.contract_asset:
        return Role.CONTRACT_ASSET, Role.OPENING_BALANCE
    return Role.OPENING_BALANCE, Role.CONTRACT_LIABILITY
