"""Recognise revenue at the end of a period: what is earned and was not booked yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from hourline.infra.database import Session
from hourline.kernel.carried_position import CarriedPosition
from hourline.kernel.codes import BillingMethod
from hourline.kernel.fee_months import FeeMonth, fee_months, fees_in_steps
from hourline.kernel.money import (
    Currency,
    Rounding,
    currency_numbered,
    minor_units,
    round_fraction,
)
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.kernel.subledgers import Subledger
from hourline.ledger.onerous import BookedProvision
from hourline.ledger.rules.earned import Earned
from hourline.ledger.rules.earned_after_restart import (
    Restart,
    earned_after_restart,
    earned_with_settled,
)
from hourline.ledger.rules.earned_by_days import earned_by_days
from hourline.ledger.rules.earned_by_milestones import (
    earned_by_milestones,
    earned_when_completed,
)
from hourline.ledger.rules.earned_by_months import earned_by_months
from hourline.ledger.rules.earned_by_percent import earned_by_percent
from hourline.ledger.rules.recognise import LineEarned, NewRevenue, recognise
from hourline.ledger.store_recognition import (
    Booking,
    Progress,
    open_run,
    read_progress,
    write_revenue,
)
from hourline.master.snapshot import (
    FxRateMissing,
    LineInForce,
    NoOpenPeriod,
    Snapshot,
    fee_on,
)

_METHODS = (BillingMethod.FIXED_PRICE, BillingMethod.RECURRING)
# A price earned by a share can be earned anew by the rest of the work.
RESTARTING = ("percent_hours", "percent_cost", "straight_line")
_NOTHING = CarriedPosition()
LinesByContract: TypeAlias = Mapping[int, Sequence[LineInForce]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedLine:
    """Hold what a run recognised of a contract line, in minor units.

    `earned` is earned to date, `amount` what is new of it in the contract's currency,
    `entity_amount` in the entity's.
    """

    contract_line_no: int
    method: str
    earned: int
    amount: int
    currency: int
    entity_amount: int
    entity_currency: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Hold what a run recognised of one contract; no lines: nothing was new.

    `provision` is what was provided for its loss, None where that is as it was.
    """

    contract_no: int
    accounting_date: date
    lines: tuple[RecognisedLine, ...]
    provision: BookedProvision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    session: Session
    snapshot: Snapshot
    entity_no: int
    through: date
    accounting_date: date
    progress: Progress
    at_approval: bool

    @property
    def currency(self) -> Currency:
        """Return the currency of the entity's books."""
        return currency_numbered(self.snapshot.entity(self.entity_no).currency)

    @property
    def rounding(self) -> Rounding:
        """Return how the entity rounds."""
        return self.snapshot.rounding(self.entity_no)


def lines_to_recognise(
    snapshot: Snapshot, entity_no: int
) -> dict[int, list[LineInForce]]:
    """Return the lines whose revenue an entity recognises, by contract number."""
    found: dict[int, list[LineInForce]] = {}
    for method in _METHODS:
        for line in snapshot.lines_of_method(method):
            contract = snapshot.contract(line.contract_no)
            if line.content.is_deferred and contract.entity_no == entity_no:
                found.setdefault(contract.no, []).append(line)
    return {
        contract_no: sorted(found[contract_no], key=lambda line: line.id)
        for contract_no in sorted(found)
    }


def recognise_revenue(
    session: Session,
    snapshot: Snapshot,
    entity_no: int,
    *,
    through: date,
    positions: Mapping[int, CarriedPosition],
    guessed: LinesByContract | None = None,
) -> dict[int, Recognised | Problem] | Problem:
    """Recognise the revenue of an entity's contracts up to a day, by contract number.

    `positions` are those of the contracts, which are locked. Cumulative: what a line
    has earned by that day less what was recognised of it. A line that was recognised
    through a later day stays as it is, so a run never goes back. With `guessed` it is a
    best guess of these lines alone, and not the run of a period's end.
    Returns the problem `period_closed` where no month is open to book it in; for a
    contract, with nothing of it booked, `fx_rate_not_found`.
    """
    lines = guessed or lines_to_recognise(snapshot, entity_no)
    try:
        booked_on = snapshot.accounting_date(entity_no, through, Subledger.REVENUE)
    except NoOpenPeriod as error:
        return _closed(through, error)
    run = _Run(
        session=session,
        snapshot=snapshot,
        entity_no=entity_no,
        through=through,
        accounting_date=booked_on,
        progress=read_progress(
            session,
            contract_nos=list(lines),
            contract_line_nos=[line.no for of in lines.values() for line in of],
            through=through,
        ),
        at_approval=guessed is not None,
    )
    planned = {
        contract_no: _planned(run, of, positions.get(contract_no, _NOTHING))
        for contract_no, of in lines.items()
    }
    return _recorded(run, planned)


def _planned(
    run: _Run, lines: Sequence[LineInForce], position: CarriedPosition
) -> list[NewRevenue] | Problem:
    contract = run.snapshot.contract(lines[0].contract_no)
    found = [_line_earned(run, line) for line in lines if not _is_past(run, line)]
    try:
        new = recognise(
            found, position, _translation(run, contract.currency), run.rounding
        )
    except FxRateMissing as error:
        return Problem(
            ProblemCode.FX_RATE_NOT_FOUND,
            f"Revenue of contract {contract.id} booked on {run.accounting_date} cannot"
            f" be translated: {error}.",
            "Add the rate of exchange, then recognise the revenue again.",
            {"contract": contract.id, "date": run.accounting_date.isoformat()},
        )
    return [one for one in new if one.amount or _is_further(run, one)]


def _is_past(run: _Run, line: LineInForce) -> bool:
    before = run.progress.recognised.get(line.no)
    return before is not None and before.through > run.through


def _is_further(run: _Run, new: NewRevenue) -> bool:
    """Tell whether a period's end goes further than before, or confirms a best guess.

    Then it is kept for later, also where nothing is new.
    """
    before = run.progress.recognised.get(new.line.contract_line_no)
    if before is None or run.at_approval:
        return False
    return before.through < run.through or before.at_approval


def _translation(run: _Run, currency: int) -> Callable[[int], int]:
    def translate(amount: int) -> int:
        pair = (currency, run.currency.number)
        rate = run.snapshot.minor_fx(*pair, run.accounting_date)
        return round_fraction(amount * rate, run.rounding)

    return translate


def _recorded(
    run: _Run, planned: Mapping[int, list[NewRevenue] | Problem]
) -> dict[int, Recognised | Problem]:
    outcomes: dict[int, Recognised | Problem] = {}
    run_no: int | None = None
    for contract_no, new in planned.items():
        if isinstance(new, Problem):
            outcomes[contract_no] = new
            continue
        if new:
            run_no = run_no or _opened(run)
            write_revenue(run.session, _booking(run, run_no, contract_no), new)
        outcomes[contract_no] = Recognised(
            contract_no=contract_no,
            accounting_date=run.accounting_date,
            lines=tuple(_told(run, contract_no, one) for one in new),
        )
    return outcomes


def _opened(run: _Run) -> int:
    return open_run(
        run.session,
        entity_no=run.entity_no,
        through=run.through,
        accounting_date=run.accounting_date,
        change_no=run.snapshot.change_no,
        at_approval=run.at_approval,
    )


def _booking(run: _Run, run_no: int, contract_no: int) -> Booking:
    return Booking(
        run_no=run_no,
        entity_no=run.entity_no,
        contract_no=contract_no,
        currency=run.snapshot.contract(contract_no).currency,
        entity_currency=run.currency.number,
        through=run.through,
        accounting_date=run.accounting_date,
    )


def _told(run: _Run, contract_no: int, new: NewRevenue) -> RecognisedLine:
    return RecognisedLine(
        contract_line_no=new.line.contract_line_no,
        method=new.line.earned.method,
        earned=new.earned,
        amount=new.amount,
        currency=run.snapshot.contract(contract_no).currency,
        entity_amount=new.entity_amount,
        entity_currency=run.currency.number,
    )


def _line_earned(run: _Run, line: LineInForce) -> LineEarned:
    before = run.progress.recognised.get(line.no)
    return LineEarned(
        contract_line_no=line.no,
        earned=_earned(run, line),
        recognised=before.amount if before else 0,
        recognised_entity=before.entity_amount if before else 0,
        booked_elsewhere=_taken_over(run, line) + run.progress.invoiced.get(line.no, 0),
    )


def _taken_over(run: _Run, line: LineInForce) -> int:
    taken = run.progress.taken_over.get(line.no)
    return taken.amount if taken else 0


def _earned(run: _Run, line: LineInForce) -> Earned:
    if line.content.method == "recurring":
        earned = earned_by_months(_fees(run, line), through=run.through)
        return earned_with_settled(earned, _taken_over(run, line))
    currency = currency_numbered(run.snapshot.contract(line.contract_no).currency)
    price = minor_units(_stated(line.content.price), currency)
    if line.content.recognition in RESTARTING:
        earned = _by_share(run, line, price)
        restart = run.progress.restarts.get(line.no) or _at_cut_over(run, line)
        return earned if restart is None else earned_after_restart(earned, restart)
    reached = run.progress.milestones.get(line.no, {})
    listed = {milestone.id for milestone in line.content.milestones}
    completed = line.content.recognition == "completed"
    by = earned_when_completed if completed else earned_by_milestones
    return earned_with_settled(
        by(price, reached, listed=listed), _taken_over(run, line)
    )


def _at_cut_over(run: _Run, line: LineInForce) -> Restart | None:
    """Return from where the rest of a price that was taken over is earned here.

    Days count on from the cut-over; of hours and cost the estimate is of what is left.
    """
    taken = run.progress.taken_over.get(line.no)
    if taken is None:
        return None
    done = 0
    if line.content.recognition == "straight_line":
        start, end = _term(line)
        before = taken.cut_over - timedelta(days=1)
        done = earned_by_days(1, start, end, through=before).done
    return Restart(contract_line_no=line.no, settled=taken.amount, done=Decimal(done))


def _by_share(run: _Run, line: LineInForce, price: int) -> Earned:
    method = line.content.recognition
    if method == "straight_line":
        start, end = _term(line)
        return earned_by_days(price, start, end, through=run.through)
    if method == "percent_hours":
        estimate = _stated(line.content.estimate_hours) * HOUR_SECONDS
        done = run.progress.worked.get(line.no, 0)
    else:
        estimate = _stated(line.content.estimate_cost) * 10**run.currency.decimals
        done = run.progress.cost.get(line.no, 0)
    return earned_by_percent(method, price=price, done=done, estimate=estimate)


def _fees(run: _Run, line: LineInForce) -> list[tuple[FeeMonth, int]]:
    """Return the months that have begun, in order; a billed one keeps its fee."""
    currency = currency_numbered(run.snapshot.contract(line.contract_no).currency)
    billed = run.progress.fees.get(line.no, {})
    months = {
        month.id: (
            month,
            minor_units(fee_on(run.snapshot, line, month.first_day), currency),
        )
        for month in fee_months(*_term(line), through=run.through)
    }
    months |= {id_: (one.month, one.monthly) for id_, one in billed.items()}
    ordered = [months[id_] for id_ in sorted(months)]
    fees = fees_in_steps(ordered, run.rounding)
    return [
        (month, billed[month.id].amount if month.id in billed else fee)
        for (month, _), fee in zip(ordered, fees, strict=True)
    ]


def _term(line: LineInForce) -> tuple[date, date]:
    start, end = line.content.start, line.content.end
    if start is None or end is None:  # pragma: no cover - the snapshot refuses it
        raise ValueError(f"contract line {line.id} has no start or end")
    return start, end


def _stated(figure: Decimal | None) -> Decimal:
    return Decimal(0) if figure is None else figure


def _closed(through: date, error: NoOpenPeriod) -> Problem:
    return Problem(
        ProblemCode.PERIOD_CLOSED,
        f"Revenue through {through} cannot be booked: {error}.",
        "Open a posting period of the entity, then recognise the revenue again.",
        {"date": through.isoformat()},
    )
