"""Provide for contracts that are expected to cost more than they bring (IAS 37)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.infra.database import Session
from hourline.kernel.carried_position import CarriedPosition
from hourline.kernel.codes import BillingMethod
from hourline.kernel.money import Currency, currency_numbered, round_fraction
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import Subledger
from hourline.ledger.rules.onerous import (
    EstimatedLine,
    NewProvision,
    Provided,
    provide,
)
from hourline.ledger.store_onerous import (
    EarnedByInvoices,
    Figures,
    LastProvision,
    read_figures,
    read_last_provisions,
    run_of_transaction,
    write_provision,
)
from hourline.ledger.store_recognition import Booking
from hourline.master.snapshot import FxRateMissing, LineInForce, Snapshot

_NOTHING = CarriedPosition()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedProvision:
    """Hold what a run provided for a contract, in minor units of the entity's currency.

    `provision` is to date, `amount` what is new of it, below zero where it falls.
    """

    provision: int
    used: int
    amount: int
    entity_currency: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    session: Session
    snapshot: Snapshot
    entity_no: int
    through: date
    accounting_date: date
    figures: Figures
    last: Mapping[int, LastProvision]

    @property
    def currency(self) -> Currency:
        """Return the currency of the entity's books."""
        return currency_numbered(self.snapshot.entity(self.entity_no).currency)


def lines_with_estimate(
    session: Session, snapshot: Snapshot, entity_no: int
) -> dict[int, list[LineInForce]]:
    """Return the lines of an entity's contracts that state price and estimate of cost.

    By contract number; a contract that is still provided for, though no line of it has
    an estimate any more, has none.
    """
    found: dict[int, list[LineInForce]] = {
        contract_no: []
        for contract_no, last in read_last_provisions(session, entity_no).items()
        if last.provision
    }
    for line in snapshot.lines_of_method(BillingMethod.FIXED_PRICE):
        of = line.content
        if of.estimate_cost is None or of.price is None:
            continue
        contract = snapshot.contract(line.contract_no)
        if contract.entity_no == entity_no:
            found.setdefault(contract.no, []).append(line)
    return {
        contract_no: sorted(found[contract_no], key=lambda line: line.id)
        for contract_no in sorted(found)
    }


def provide_for_losses(
    session: Session,
    snapshot: Snapshot,
    entity_no: int,
    lines: Mapping[int, Sequence[LineInForce]],
    *,
    through: date,
    positions: Mapping[int, CarriedPosition],
) -> dict[int, BookedProvision | Problem]:
    """Provide for the losses of contracts as of a day, by contract number.

    `lines` are those with an estimate, by contract; the revenue through that day is
    recognised before. Only what changed is recorded, so twice is once, and a contract
    that a later run looked at stays as it is. Raises NoOpenPeriod; returns for a
    contract, with nothing of it booked, the problem `fx_rate_not_found`.
    """
    all_lines = [line for of in lines.values() for line in of]
    run = _Run(
        session=session,
        snapshot=snapshot,
        entity_no=entity_no,
        through=through,
        accounting_date=snapshot.accounting_date(entity_no, through, Subledger.REVENUE),
        figures=read_figures(
            session,
            contract_nos=list(lines),
            contract_line_nos=[line.no for line in all_lines],
            deferred=[line.no for line in all_lines if line.content.is_deferred],
            through=through,
        ),
        last=read_last_provisions(session, entity_no),
    )
    found: dict[int, BookedProvision | Problem] = {}
    for contract_no, of in lines.items():
        if _is_past(run, contract_no, of):
            continue
        outcome = _provided(run, contract_no, of, positions.get(contract_no, _NOTHING))
        if outcome is not None:
            found[contract_no] = outcome
    return found


def _is_past(run: _Run, contract_no: int, lines: Sequence[LineInForce]) -> bool:
    """Tell whether a later day was looked at already, of the contract or a line."""
    runs = [run.figures.in_runs.get(line.no) for line in lines]
    looked_at = [run.last.get(contract_no), *runs]
    return any(one is not None and one.through > run.through for one in looked_at)


def _provided(
    run: _Run,
    contract_no: int,
    lines: Sequence[LineInForce],
    position: CarriedPosition,
) -> BookedProvision | Problem | None:
    last = run.last.get(contract_no)
    contract = run.snapshot.contract(contract_no)
    try:
        new = provide(
            [_estimated(run, line, contract.currency) for line in lines],
            position,
            _translation(run, contract.currency),
            run.snapshot.rounding(run.entity_no),
            before=last.provided if last else Provided(),
        )
    except FxRateMissing as error:
        return _no_rate(run, contract.id, error)
    if not _is_news(run, last, new):
        return None
    write_provision(run.session, _booking(run, contract_no, contract.currency), new)
    return BookedProvision(
        provision=new.provision,
        used=new.used,
        amount=new.amount,
        entity_currency=run.currency.number,
    )


def _is_news(run: _Run, last: LastProvision | None, new: NewProvision) -> bool:
    """Tell whether a run is kept: for what it found, or because it goes further."""
    if last is None:
        return new.provision > 0
    return bool(new.amount or new.used) or last.through < run.through


def _estimated(run: _Run, line: LineInForce, currency: int) -> EstimatedLine:
    figures, of = run.figures, line.content
    decimals = currency_numbered(currency).decimals
    nothing = EarnedByInvoices(contract_line_no=line.no)
    invoiced = figures.by_invoices.get(line.no, nothing)
    earned = invoiced.earned + figures.taken_over.get(line.no, 0)
    revenue = invoiced.revenue
    recognised = figures.in_runs.get(line.no)
    if recognised is not None:
        earned = recognised.earned
        revenue += recognised.revenue
    return EstimatedLine(
        contract_line_no=line.no,
        method=of.recognition,
        estimate=(of.estimate_cost or Decimal(0)) * 10**run.currency.decimals,
        cost=figures.cost.get(line.no, 0),
        price=round_fraction(
            Fraction(of.price or 0) * 10**decimals, run.snapshot.rounding(run.entity_no)
        ),
        earned=earned,
        revenue=revenue,
    )


def _translation(run: _Run, currency: int) -> Callable[[int], int]:
    def translate(amount: int) -> int:
        return run.snapshot.translate(
            amount,
            (currency, run.currency.number),
            run.accounting_date,
            rounding=run.snapshot.rounding(run.entity_no),
        )

    return translate


def _booking(run: _Run, contract_no: int, currency: int) -> Booking:
    return Booking(
        run_no=run_of_transaction(
            run.session,
            entity_no=run.entity_no,
            through=run.through,
            accounting_date=run.accounting_date,
            change_no=run.snapshot.change_no,
        ),
        entity_no=run.entity_no,
        contract_no=contract_no,
        currency=currency,
        entity_currency=run.currency.number,
        through=run.through,
        accounting_date=run.accounting_date,
    )


def _no_rate(run: _Run, contract: str, error: FxRateMissing) -> Problem:
    return Problem(
        ProblemCode.FX_RATE_NOT_FOUND,
        f"What is left of the price of contract {contract} cannot be valued on"
        f" {run.accounting_date}: {error}.",
        "Add the rate of exchange, then recognise the revenue again.",
        {"contract": contract, "date": run.accounting_date.isoformat()},
    )
