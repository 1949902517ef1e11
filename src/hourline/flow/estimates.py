"""Give a fixed price a new estimate at completion, or a modified price."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from hourline.billing.milestones import refuse_price
from hourline.billing.store import lock_contracts
from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.milestones import resume_milestones
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
from hourline.ledger.recognition import RESTARTING
from hourline.ledger.store_recognition import (
    NewRestart,
    read_last_recognition,
    write_restart,
)
from hourline.master import service as master
from hourline.master.snapshot import LineInForce, Snapshot, UnusableRecord

_SUBJECT = "estimate"
_FIELDS = ("estimate_hours", "estimate_cost", "price")
Treatment: TypeAlias = Literal["catch_up", "prospective"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Hold what is new of a fixed price: hours, cost, price; what is None stays.

    The cost is in major units of the entity's currency, the price of the contract's. A
    price is caught up to date, or prospective: then what was recognised stays, and the
    rest of the price is earned by the rest of the work.
    """

    contract_line: str
    estimate_hours: Decimal | None = None
    estimate_cost: Decimal | None = None
    price: Decimal | None = None
    treatment: Treatment = "catch_up"

    def __post_init__(self) -> None:
        """Refuse an estimate that says nothing, or is prospective without a price."""
        if not self.fields:
            raise ValueError("An estimate says hours, cost or a price.")
        if self.treatment == "prospective" and self.price is None:
            raise ValueError("Only a modified price is prospective.")

    @property
    def fields(self) -> dict[str, Decimal]:
        """Return what is said, by the name of its field."""
        said = {name: getattr(self, name) for name in _FIELDS}
        return {name: figure for name, figure in said.items() if figure is not None}

    @property
    def said(self) -> dict[str, object]:
        """Return all of it in words, as the audit chain and a proposal keep it."""
        fields = {name: f"{figure:f}" for name, figure in self.fields.items()}
        return {
            "contract_line": self.contract_line,
            **fields,
            "treatment": self.treatment,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Hold who decided something and why, and who approved it where two did."""

    actor: str
    reason: str
    approver: str | None = None


def revise_estimate(
    database: Database, tenant: int, estimate: Estimate, decision: Decision
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
        outcome = apply_estimate(session, estimate, decision)
        return queued(session, outcome, kind=_SUBJECT, key=key)

    try:
        return in_one_transaction(database, tenant, run)
    except UnusableRecord as unusable:
        problem = unusable_estimate(unusable)
        with database.tenant(tenant) as session:
            exceptions.open_items(
                session, [(Subject(_SUBJECT, key), problem)], at=now()
            )
        return problem


def apply_estimate(
    session: Session, estimate: Estimate, decision: Decision
) -> Problem | None:
    """Record an estimate within a transaction; see `revise_estimate`.

    Raises UnusableRecord where no decision could be made with it.
    """
    snapshot = snapshot_of(session)
    line_no = number_of(snapshot, "contract_line", estimate.contract_line)
    line = snapshot.contract_line(line_no)
    lock_contracts(session, [line.contract_no])
    refusal = _refusal(session, snapshot, line, estimate)
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
    if estimate.treatment == "prospective":
        _restart(session, line, decision)
    _record(session, estimate, decision)
    resume_milestones(session, contract_line_no=line_no)
    return None


def _refusal(
    session: Session, snapshot: Snapshot, line: LineInForce, estimate: Estimate
) -> Problem | None:
    if line.content.method != "fixed_price":
        return _no_fixed_price(line.id)
    if estimate.price is None:
        return None
    prospective = estimate.treatment == "prospective"
    if prospective and line.content.recognition not in RESTARTING:
        return _nothing_to_restart(line)
    return refuse_price(session, snapshot, line, price=estimate.price)


def _restart(session: Session, line: LineInForce, decision: Decision) -> None:
    last = read_last_recognition(session, line.no)
    if last is None:
        # Nothing was earned that could stay.
        return
    restart = NewRestart(
        contract_no=line.contract_no,
        contract_line_no=line.no,
        kind="prospective",
        settled=last.earned,
        done=last.done,
        recognition_no=last.recognition_no,
        actor=decision.actor,
        approver=decision.approver,
        reason=decision.reason,
    )
    write_restart(session, restart)


def _record(session: Session, estimate: Estimate, decision: Decision) -> None:
    change = ManualChange(
        actor=decision.actor,
        action="estimate.revised",
        subject=f"contract line {estimate.contract_line}",
        reason=decision.reason,
        after=estimate.said,
        approver=decision.approver,
    )
    record_change(session, change)


def _nothing_to_restart(line: LineInForce) -> Problem:
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"The revenue of contract line {line.id} is not earned by a share of its work"
        f" ({line.content.recognition}), so a new price cannot concern only the rest.",
        "State the price to be caught up, or change the recognition of the line.",
        {"contract_line": line.id},
    )


def _no_fixed_price(contract_line: str) -> Problem:
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"Contract line {contract_line} has no fixed price, so it has no estimate.",
        "Correct the contract line that the estimate names.",
        {"contract_line": contract_line},
    )


def unusable_estimate(unusable: UnusableRecord) -> Problem:
    """Return the problem of an estimate with which nothing could be decided."""
    return Problem(
        ProblemCode.MASTER_RECORD_INVALID,
        f"The estimate of {unusable.kind.replace('_', ' ')} {unusable.record_id} was"
        f" not taken over: {unusable.why}.",
        f"{unusable.remedy} Then state the estimate again.",
        {"kind": unusable.kind, "id": unusable.record_id},
    )
