"""Reach milestones of fixed prices, so that they may be billed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.billing.model import AmountKind, Because
from hourline.billing.parties import currency_of_contract, tax_rule_on
from hourline.billing.store import QUERIES, lock_contracts
from hourline.infra.database import Session
from hourline.kernel.money import (
    Currency,
    major_units,
    minor_units,
)
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.model import ContractLine, Milestone
from hourline.master.snapshot import LineInForce, Snapshot


@dataclass(frozen=True, slots=True)
class WaitingMilestone:
    """Hold what was reported: which milestone was reached, and on which day."""

    contract_line_no: int
    milestone: str
    reached_on: date


def reach_milestone(
    session: Session,
    snapshot: Snapshot,
    contract_line_no: int,
    *,
    milestone: str,
    reached_on: date,
) -> Problem | None:
    """Record that a milestone is reached and may be billed; twice is once.

    Returns the problem `milestone_exceeds_price` where the milestones reached would
    be more than the price, `master_reference_missing` for one the contract line does
    not have, `tax_not_determined` where no row of the tax table matches.
    """
    line = snapshot.contract_line(contract_line_no)
    lock_contracts(session, [line.contract_no])
    stated = _find(line.content, milestone)
    if stated is None:
        return _not_known(line, milestone)
    currency = currency_of_contract(snapshot, line.contract_no)
    amount = minor_units(stated.amount, currency)
    refusal = _exceeds(session, line, stated, amount=amount, currency=currency)
    if refusal is not None:
        return refusal
    tax_rule_no = tax_rule_on(snapshot, line, reached_on)
    if isinstance(tax_rule_no, Problem):
        return tax_rule_no
    session.run(
        QUERIES["insert_milestone"],
        contract_line_no=contract_line_no,
        milestone=milestone,
        kind=AmountKind.MILESTONE,
        contract_no=line.contract_no,
        reached_on=reached_on,
        amount=amount,
        currency=currency.number,
        tax_rule_no=tax_rule_no,
    )
    return None


def hold_milestone(
    session: Session, contract_line_no: int, milestone: str, because: Because
) -> bool:
    """Take a reached milestone out of billing until it is released; say if that is new.

    What of it is invoiced stays. Raises LookupError where it is not reached.
    """
    key = _lock_reached(session, contract_line_no, milestone)
    said = {"actor": because.actor, "reason": because.reason}
    return session.run(QUERIES["hold_milestone"], **key, **said) == 1


def release_milestone(session: Session, contract_line_no: int, milestone: str) -> bool:
    """Put a held milestone back into billing; say whether it was held.

    Raises LookupError where it is not reached.
    """
    key = _lock_reached(session, contract_line_no, milestone)
    return session.run(QUERIES["release_milestone"], **key) == 1


def _lock_reached(
    session: Session, contract_line_no: int, milestone: str
) -> dict[str, int | str]:
    key: dict[str, int | str] = {
        "contract_line_no": contract_line_no,
        "milestone": milestone,
    }
    contract_no = session.value(QUERIES["reached_of_contract"], int, **key)
    if contract_no is None:
        raise LookupError(f"milestone {milestone} is not reached")
    lock_contracts(session, [contract_no])
    return key


def waiting_milestones(
    session: Session, snapshot: Snapshot, *, contract_line_no: int | None
) -> list[WaitingMilestone]:
    """Return what was refused by older master data, in one order for all that try it.

    Of one contract line, or of all where it is None.
    """
    return session.all(
        QUERIES["waiting_milestones"],
        WaitingMilestone,
        older_than_change_no=snapshot.change_no,
        contract_line_no=contract_line_no,
    )


def settle_milestone(
    session: Session, snapshot: Snapshot, reported: WaitingMilestone, *, waits: bool
) -> None:
    """Keep a milestone that was refused for another try; end the wait of the others."""
    key = {
        "contract_line_no": reported.contract_line_no,
        "milestone": reported.milestone,
    }
    if waits:
        session.run(
            QUERIES["let_milestone_wait"],
            **key,
            reached_on=reported.reached_on,
            change_no=snapshot.change_no,
        )
    else:
        session.run(QUERIES["end_wait_of_milestone"], **key)


def refuse_price(
    session: Session, snapshot: Snapshot, line: LineInForce, *, price: Decimal
) -> Problem | None:
    """Return the problem `milestone_exceeds_price` of a price below what is reached.

    The price is in major units of the contract's currency.
    """
    currency = currency_of_contract(snapshot, line.contract_no)
    reached = session.value(
        QUERIES["reached_amount"], int, contract_line_no=line.no, milestone=""
    )
    total = major_units(reached or 0, currency)
    if total <= price:
        return None
    return Problem(
        ProblemCode.MILESTONE_EXCEEDS_PRICE,
        f"A price of {price} {currency.code} for contract line {line.id} would be below"
        f" its milestones reached, {total} {currency.code}.",
        "Correct the price, or credit and correct the milestones first.",
        {"contract_line": line.id},
    )


def _find(line: ContractLine, milestone: str) -> Milestone | None:
    return next((stated for stated in line.milestones if stated.id == milestone), None)


def _exceeds(
    session: Session,
    line: LineInForce,
    milestone: Milestone,
    *,
    amount: int,
    currency: Currency,
) -> Problem | None:
    reached = session.value(
        QUERIES["reached_amount"],
        int,
        contract_line_no=line.no,
        milestone=milestone.id,
    )
    total = major_units((reached or 0) + amount, currency)
    if line.content.price is None or total <= line.content.price:
        return None
    return Problem(
        ProblemCode.MILESTONE_EXCEEDS_PRICE,
        f"Milestone {milestone.id} would bring what is reached of contract line"
        f" {line.id} to {total} {currency.code}, above its price of"
        f" {line.content.price} {currency.code}.",
        "Correct the milestone or raise the price in the contract; the milestone then"
        " goes on by itself.",
        {"contract_line": line.id, "milestone": milestone.id},
    )


def _not_known(line: LineInForce, milestone: str) -> Problem:
    return Problem(
        ProblemCode.MASTER_REFERENCE_MISSING,
        f"Contract line {line.id} has no milestone {milestone}.",
        "Add the milestone to the contract, or correct its id in the report.",
        {"contract_line": line.id, "milestone": milestone},
    )
