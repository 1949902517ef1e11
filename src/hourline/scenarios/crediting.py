"""Propose credits and approve them, as two persons of a firm do."""

from contextlib import suppress
from datetime import date

from hourline.billing.model import Because
from hourline.flow.proposals import proposals_about
from hourline.flow.rebilling.proposing import (
    ACTION,
    approve_credit,
    propose_rebill,
    wanted_from,
)
from hourline.flow.rebilling.rebill import Rebill as Outcome
from hourline.flow.rebilling.waiting import accept_waiting, list_waiting
from hourline.flow.transactions import NotKnown
from hourline.infra.approvals import NotApprovable
from hourline.scenarios.firm import Firm
from hourline.scenarios.format.added_steps import ApproveCredit, Rebill


def rebill(firm: Firm, action: Rebill, because: Because) -> None:
    """Propose to bill a contract's work anew; nothing where it is as it should be."""
    with suppress(NotKnown):
        propose_rebill(
            firm.database,
            firm.tenant,
            contract=action.contract,
            dated=action.dated,
            because=because,
            starts=action.starts or date.min,
            ends=action.ends or date.max,
        )


def approve_credits(firm: Firm, action: ApproveCredit) -> None:
    """Approve what was proposed of a contract, and what its sources corrected."""
    place = (firm.database, firm.tenant)
    for proposal in proposals_about(*place, (ACTION,)):
        if wanted_from(proposal).contract == action.contract:
            with suppress(NotApprovable):
                approve_credit(
                    *place,
                    proposal.proposal_no,
                    approver=action.by,
                    shown_hash=proposal.content_hash,
                )
    for one in list_waiting(*place, dated=action.dated, contract=action.contract):
        if isinstance(one.outcome, Outcome):
            accept_waiting(
                *place,
                contract=one.contract,
                approver=action.by,
                shown=one.outcome.fingerprint.hex(),
                dated=action.dated,
            )
