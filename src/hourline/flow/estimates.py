"""Give a fixed price a new estimate at completion, or a modified price."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.billing.milestones import refuse_price
from hourline.billing.store import lock_contracts
from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.transactions import (
    in_one_transaction,
    now,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master.snapshot import UnusableRecord

_SUBJECT = "estimate"
_FIELDS = ("estimate_hours", "estimate_cost", "price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Hold what is new of a fixed price: hours, cost, price; what is None stays.

    The cost is in major units of the entity's currency, the price of the contract's.
    """

    contract_line: str
    estimate_hours: Decimal | None = None
    estimate_cost: Decimal | None = None
    price: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse an estimate that says nothing."""
        if not self.fields:
            raise ValueError("An estimate says hours, cost or a price.")

    @property
    def fields(self) -> dict[str, Decimal]:
        """Return what is said, by the name of its field."""
        said = {name: getattr(self, name) for name in _FIELDS}
        return {name: figure for name, figure in said.items() if figure is not None}


def revise_estimate(
    database: Database,
    tenant: int,
    estimate: Estimate,
    *,
    actor: str,
    reason: str,
    approver: str | None = None,
) -> Problem | None:
    """Let an estimate hold from now on, for the whole work; revenue follows later.

    The next recognition catches up what is earned to date. Who said so and why goes
    into the audit chain. Returns the problem `milestone_exceeds_price` where the price
    would be below the milestones reached, `master_record_invalid` where the line is no
    fixed price or the figures do not fit; it waits in its queue and nothing changes.
    Raises NotKnown for an unknown contract line.
    """
    key = estimate.contract_line

    def run(session: Session) -> Problem | None:
        outcome = apply_estimate(session, estimate)
        if outcome is None:
            _record(session, estimate, actor=actor, reason=reason, approver=approver)
        return queued(session, outcome, kind=_SUBJECT, key=key)

    try:
        return in_one_transaction(database, tenant, run)
    except UnusableRecord as unusable:
        problem = _unusable(unusable)
        with database.tenant(tenant) as session:
            exceptions.open_items(
                session, [(Subject(_SUBJECT, key), problem)], at=now()
            )
        return problem


def apply_estimate(session: Session, estimate: Estimate) -> Problem | None:
    """Record an estimate within a transaction; see `revise_estimate`.

    Raises UnusableRecord where no decision could be made with it.
    """
    snapshot = snapshot_of(session)
    line_no = number_of(snapshot, "contract_line", estimate.contract_line)
    line = snapshot.contract_line(line_no)
    lock_contracts(session, [line.contract_no])
    if line.content.method != "fixed_price":
        return _no_fixed_price(estimate.contract_line)
    if estimate.price is not None:
        refusal = refuse_price(session, snapshot, line, price=estimate.price)
        if refusal is not None:
            return refusal
    change = MasterChange(
        "contract_line",
        estimate.contract_line,
        estimate.contract_line,
        fields=estimate.fields,
        effective_from=date.min,
        effective_until=date.max,
    )
    applied = master.apply_changes(session, None, [change])
    if applied.refusals:
        return applied.refusals[0].problem
    snapshot_of(session)
    return None


def _record(
    session: Session,
    estimate: Estimate,
    *,
    actor: str,
    reason: str,
    approver: str | None,
) -> None:
    change = ManualChange(
        actor=actor,
        action="estimate.revised",
        subject=f"contract line {estimate.contract_line}",
        reason=reason,
        after={name: str(figure) for name, figure in estimate.fields.items()},
        approver=approver,
    )
    record_change(session, change)


def _no_fixed_price(contract_line: str) -> Problem:
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"Contract line {contract_line} has no fixed price, so it has no estimate.",
        "Correct the contract line that the estimate names.",
        {"contract_line": contract_line},
    )


def _unusable(unusable: UnusableRecord) -> Problem:
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"The estimate of {unusable.kind.replace('_', ' ')} {unusable.record_id} was"
        f" not taken over: {unusable.why}.",
        f"{unusable.remedy} Then state the estimate again.",
        {"kind": unusable.kind, "id": unusable.record_id},
    )
