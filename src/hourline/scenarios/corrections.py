"""Let two people of a scenario correct many entries: one proposes, one agrees."""

from hourline import flow
from hourline.billing.model import Because
from hourline.flow.correcting.acts import Wish
from hourline.flow.correcting.bulk import approve_bulk, propose_bulk
from hourline.flow.correcting.selecting import Selection
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.added_steps import Correct, Reprice
from hourline.scenarios.two_persons import shown_of

_SECOND_PERSON = "second person of the scenario"


def correct(firm: Firm, wish: Wish, selection: Selection, because: Because) -> None:
    """Propose a correction and approve it; nothing where it would change nothing."""
    _, proposal_no = propose_bulk(
        firm.database, firm.tenant, wish, selection, because=because
    )
    if proposal_no is not None:
        approve_bulk(
            firm.database,
            firm.tenant,
            proposal_no,
            approver=_SECOND_PERSON,
            shown_hash=shown_of(firm.database, firm.tenant, proposal_no),
        )


def selection_of(action: Reprice) -> Selection:
    """Return the work that an action names."""
    named = action.entries if isinstance(action, Correct) else None
    return Selection(
        contract=action.contract,
        project=action.project,
        person=action.person,
        since=action.starts,
        until=action.ends,
        entries=None if named is None else tuple(map(flow.EntryName, named)),
    )
