"""Let two people agree to price everything anew under the terms in force."""

from hourline.billing.model import Because
from hourline.flow.correcting.acts import Act, Wish
from hourline.flow.correcting.bulk import CORRECT, Applied, approve_bulk, propose_bulk
from hourline.flow.correcting.selecting import Selection
from hourline.flow.proposals import proposals_about
from tests.flow.house import House

REPRICE = Wish(act=Act.REPRICE)
EVERYTHING = Selection()
WHY = Because(actor="M. Ito", reason="final rates of the year")


def repriced(house: House) -> Applied:
    """Propose a repricing of all work, and approve it as another person."""
    place = house.database, house.tenant
    _, number = propose_bulk(*place, REPRICE, EVERYTHING, because=WHY)
    waiting = proposals_about(*place, (CORRECT,))
    [shown] = [one for one in waiting if one.proposal_no == number]
    return approve_bulk(
        *place, shown.proposal_no, approver="R. Sand", shown_hash=shown.content_hash
    )
