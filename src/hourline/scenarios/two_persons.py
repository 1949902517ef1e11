"""Let two persons of a scenario agree to a change, as in the product."""

from hourline.flow.closing import (
    ClosingChange,
    Said,
    SetRight,
    approve_closing,
    change_closing,
)
from hourline.infra.approvals import open_proposals
from hourline.infra.database import Database
from hourline.scenarios.format.given import RightRow

SECOND_PERSON = "second person"


def agree(
    database: Database, tenant: int, change: ClosingChange, *, reason: str
) -> None:
    """Make a change of months, locks or rights; a second person agrees if need be."""
    said = Said("scenario", reason)
    number = change_closing(database, tenant, change, said)
    if number is None:
        return
    shown = shown_of(database, tenant, number)
    approve_closing(database, tenant, number, approver=SECOND_PERSON, shown_hash=shown)


def shown_of(database: Database, tenant: int, proposal_no: int) -> bytes:
    """Return the hash of what the second person is shown of a proposal."""
    with database.tenant(tenant) as session:
        [shown] = [
            one.content_hash
            for one in open_proposals(session)
            if one.proposal_no == proposal_no
        ]
    return shown


def granted(row: RightRow) -> SetRight:
    """Return the change that gives a user what a row says."""
    return SetRight(user=row.user, right=row.right, entity=row.entity)
