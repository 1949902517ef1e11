"""Say what waits for a second person, whatever it is about."""

from collections.abc import Mapping

from hourline.flow.transactions import now
from hourline.infra.approvals import Proposal, open_proposals
from hourline.infra.database import Database, Session


def proposals_about(
    database: Database, tenant: int, actions: tuple[str, ...]
) -> list[Proposal]:
    """Return the proposals of some actions that a second person can still decide."""
    with database.tenant(tenant) as session:
        return open_about(session, actions)


def open_about(session: Session, actions: tuple[str, ...]) -> list[Proposal]:
    """Return the same within a transaction."""
    at = now()
    return [
        proposal
        for proposal in open_proposals(session)
        if proposal.action in actions and proposal.expires_at > at
    ]


def waiting_like(
    session: Session, action: str, content: Mapping[str, object]
) -> int | None:
    """Return the number of a proposal of the same that waits, None for none."""
    for proposal in open_about(session, (action,)):
        if proposal.content == content:
            return proposal.proposal_no
    return None
