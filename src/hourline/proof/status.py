"""Answer where a project stands: worked, billed, open, and what stops it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hourline.infra.database import Session
from hourline.kernel.codes import Fate
from hourline.kernel.money import (
    Currency,
    Rounding,
    currency_numbered,
    round_fraction,
)
from hourline.kernel.problems import ProblemCode
from hourline.kernel.quantity import value_of
from hourline.master.snapshot import (
    ContractInForce,
    LineInForce,
    ProjectInForce,
    Snapshot,
)
from hourline.proof.trace import QUERIES

# The one reason that is no problem of anybody: there is nothing left to bill.
NOTHING_OPEN = "nothing_open"


@dataclass(frozen=True, slots=True)
class Work:
    """Hold an amount of work: seconds, and minor units of the contract's currency."""

    seconds: int
    amount: int


@dataclass(frozen=True, slots=True)
class Milestones:
    """Hold a contract line's milestones in minor units."""

    reached: int
    billed: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Say why a project is not ready to be billed, and how many entries it is about."""

    code: str
    sentence: str
    remedy: str
    entries: int


@dataclass(frozen=True, slots=True)
class NewestEntry:
    """Name the revision that was recorded last."""

    source: str
    source_id: str
    revision: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Hold a project with the contract it bills through, as they hold now."""

    project: ProjectInForce
    line: LineInForce | None
    contract: ContractInForce | None
    rounding: Rounding

    @property
    def currency(self) -> Currency | None:
        """Give the contract's currency."""
        if self.contract is None:
            return None
        return currency_numbered(self.contract.currency)


@dataclass(frozen=True, slots=True)
class Budget:
    """Hold a project's budget and what remains of it: seconds and minor units, rounded.

    None where the project has no such budget; what remains may be negative.
    """

    seconds: int | None
    seconds_remaining: int | None
    amount: int | None
    amount_remaining: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatus:
    """Hold where a project stands; amounts in minor units of the contract's currency.

    `approved` is time to bill in force and its value, held work included;
    `worked_seconds` is all decided time.
    """

    place: Place
    worked_seconds: int
    approved: Work
    billed: Work
    open: Work
    waiting_entries: int
    waiting_seconds: int
    milestones: Milestones
    budget: Budget
    reasons: list[Reason]
    change_no: int
    newest: NewestEntry | None

    @property
    def is_ready(self) -> bool:
        """Say whether something is open to bill and nothing of the project waits."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class _Priced:
    fate: int
    rate_amount: int
    rate_seconds: int
    seconds: int
    amount: int
    seconds_billed: int


@dataclass(frozen=True, slots=True)
class _OpenExpense:
    units: int
    unit_numerator: Decimal
    unit_denominator: Decimal

    @property
    def exact(self) -> Fraction:
        worth = Fraction(self.unit_numerator) / Fraction(self.unit_denominator)
        return worth * self.units


@dataclass(frozen=True, slots=True)
class _Billed:
    seconds: int
    net: int


@dataclass(frozen=True, slots=True)
class _Pending:
    state: int
    problems: list[dict[str, Any]]
    worked_seconds: int


@dataclass(frozen=True, slots=True)
class _Item:
    code: str
    sentence: str
    remedy: str


def project_status(
    session: Session, snapshot: Snapshot, project_id: str
) -> ProjectStatus | None:
    """Return where a project stands by its canonical id; None where there is none."""
    project_no = snapshot.number("project", project_id)
    if project_no is None:
        return None
    place = _place(snapshot, project_no)
    refs = _refs(snapshot, project_no)
    priced = session.all(QUERIES["status_portions"], _Priced, project_no=project_no)
    billed = session.one(QUERIES["status_billed"], _Billed, project_no=project_no)
    pending = session.all(QUERIES["status_pending"], _Pending, **refs)
    worked = session.value(QUERIES["status_worked"], int, project_no=project_no) or 0
    milestones = session.one(
        QUERIES["status_milestones"],
        Milestones,
        contract_line_no=place.line and place.line.no,
    )
    expenses = session.all(
        QUERIES["status_expenses"],
        _OpenExpense,
        project_no=project_no,
        billable=Fate.BILLABLE,
    )
    open_work = _open(priced, expenses, place.rounding)
    is_open = (
        bool(open_work.seconds or expenses) or milestones.reached > milestones.billed
    )
    return ProjectStatus(
        place=place,
        worked_seconds=worked,
        approved=Work(*_totals(priced, {Fate.BILLABLE, Fate.HELD, Fate.POSTPONED})),
        billed=Work(billed.seconds, billed.net),
        open=open_work,
        waiting_entries=len(pending),
        waiting_seconds=sum(entry.worked_seconds for entry in pending),
        milestones=milestones,
        budget=_budget(place, worked, priced),
        reasons=_reasons(pending, _stopped(session, place), is_open=is_open),
        change_no=snapshot.change_no,
        newest=session.first(
            QUERIES["status_newest"], NewestEntry, project_no=project_no, **refs
        ),
    )


def _place(snapshot: Snapshot, project_no: int) -> Place:
    project = snapshot.project(project_no)
    if project.contract_line_no is None:
        return Place(project, None, None, Rounding.HALF_UP)
    line = snapshot.contract_line(project.contract_line_no)
    contract = snapshot.contract(line.contract_no)
    return Place(project, line, contract, snapshot.rounding(contract.entity_no))


def _budget(place: Place, worked: int, priced: Iterable[_Priced]) -> Budget:
    content = place.project.content
    seconds, amount = content.budget_seconds, None
    if content.budget_amount is not None and place.currency is not None:
        exact = Fraction(content.budget_amount) * 10**place.currency.decimals
        amount = round_fraction(exact, place.rounding)
    _, used = _totals(priced, {Fate.BILLABLE, Fate.HELD, Fate.POSTPONED, Fate.COVERED})
    return Budget(
        seconds=seconds,
        seconds_remaining=None if seconds is None else seconds - worked,
        amount=amount,
        amount_remaining=None if amount is None else amount - used,
    )


def _stopped(session: Session, place: Place) -> list[_Item]:
    return session.all(
        QUERIES["status_items"],
        _Item,
        contract=place.contract and place.contract.id,
        contract_line=place.line and place.line.id,
    )


def _refs(snapshot: Snapshot, project_no: int) -> dict[str, list[Any]]:
    """Return every id a source uses for a project, with the source's number."""
    projects = snapshot.catalogue.of_kind("project")
    dense = projects.dense_of_no[project_no]
    found = [
        (connection_no, ref)
        for (connection_no, kind), numbers in snapshot.sources.items()
        if kind == "project"
        for ref, number in numbers.items()
        if number == dense
    ]
    return {
        "connection_nos": [connection_no for connection_no, _ in found],
        "refs": [ref for _, ref in found],
    }


def _totals(priced: Iterable[_Priced], fates: set[Fate]) -> tuple[int, int]:
    rows = [row for row in priced if row.fate in fates]
    return sum(row.seconds for row in rows), sum(row.amount for row in rows)


def _open(
    priced: Iterable[_Priced], expenses: Iterable[_OpenExpense], rounding: Rounding
) -> Work:
    """Return what is not billed yet: its exact value, rounded once."""
    seconds, exact = 0, sum((one.exact for one in expenses), Fraction(0))
    for row in priced:
        if row.fate == Fate.BILLABLE:
            left = row.seconds - row.seconds_billed
            seconds += left
            exact += value_of(
                left, rate_amount=row.rate_amount, rate_seconds=row.rate_seconds
            )
    return Work(seconds, round_fraction(exact, rounding))


def _reasons(
    pending: Iterable[_Pending], stopped: Iterable[_Item], *, is_open: bool
) -> list[Reason]:
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for entry in pending:
        # An entry with one problem twice is still one entry.
        for problem in {one["code"]: one for one in entry.problems}.values():
            by_code.setdefault(problem["code"], []).append(problem)
    reasons = [
        Reason(code, found[0]["sentence"], found[0]["remedy"], len(found))
        for code in ProblemCode
        if (found := by_code.get(code))
    ]
    reasons += [Reason(one.code, one.sentence, one.remedy, 0) for one in stopped]
    if reasons or is_open:
        return reasons
    nothing = Reason(
        NOTHING_OPEN,
        "No approved work and no reached milestone is open to bill.",
        "Nothing to do: what is approved from now on opens the project again.",
        0,
    )
    return [nothing]
