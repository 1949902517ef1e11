"""Read what the losses of contracts follow from, and record what is provided for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Role
from hourline.kernel.openings import OpeningKind
from hourline.ledger.rules.onerous import NewProvision, Provided
from hourline.ledger.store import QUERIES
from hourline.ledger.store_recognition import Booking, open_run


@dataclass(frozen=True, slots=True, kw_only=True)
class LastProvision:
    """Hold what a contract is provided for by its last run, in minor units."""

    contract_no: int
    provision: int
    realised: int
    through: date

    @property
    def provided(self) -> Provided:
        """Return the figures that the next run goes on from."""
        return Provided(provision=self.provision, realised=self.realised)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedInRuns:
    """Hold what a line had earned at its last run, and what all runs booked of it."""

    contract_line_no: int
    earned: int
    through: date
    revenue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedByInvoices:
    """Hold what invoices of a line were revenue at once, in both currencies."""

    contract_line_no: int
    earned: int = 0
    revenue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Hold what lines cost and earned through a day, by the line's number.

    `cost` is in minor units of the entity's currency, `taken_over` what other books had
    recognised, of the contract's.
    """

    cost: Mapping[int, int]
    in_runs: Mapping[int, EarnedInRuns]
    by_invoices: Mapping[int, EarnedByInvoices]
    taken_over: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProvision:
    """Hold what a contract was provided for by a run, with its figures.

    In minor units: `price_left` of the contract's currency, the rest of the entity's.
    """

    provision_no: int
    run_no: int
    entity: str
    contract: str
    through: date
    accounting_date: date
    currency: int
    price_left: int
    entity_currency: int
    cost_left: Decimal
    revenue_left: int
    realised: int
    provision: int
    used: int
    amount: int
    recorded_at: datetime

    @property
    def added(self) -> int:
        """Return what new estimates added; below zero: what they released."""
        return self.amount + self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """Hold the figures of a contract line that a provision follows from."""

    provision_no: int
    contract_line: str
    method: str
    estimate: Decimal
    cost: int
    price: int
    earned: int
    revenue: int


def read_last_provisions(session: Session, entity_no: int) -> dict[int, LastProvision]:
    """Return what every contract of an entity is provided for, by its number."""
    rows = session.all(QUERIES["last_provisions"], LastProvision, entity_no=entity_no)
    return {row.contract_no: row for row in rows}


def read_figures(
    session: Session,
    *,
    contract_nos: Sequence[int],
    contract_line_nos: Sequence[int],
    deferred: Sequence[int],
    through: date,
) -> Figures:
    """Return what contract lines cost and earned; `deferred` are those of runs."""
    asked = {
        "contract_nos": list(contract_nos),
        "contract_line_nos": list(contract_line_nos),
        "deferred": list(deferred),
        "through": through,
        "invoice": int(Cause.INVOICE),
        "credit_note": int(Cause.CREDIT_NOTE),
        "revenue": int(Role.REVENUE),
        "recognised": int(OpeningKind.RECOGNISED),
    }
    runs = session.all(QUERIES["earned_in_runs"], EarnedInRuns, **asked)
    invoices = session.all(QUERIES["earned_by_invoices"], EarnedByInvoices, **asked)
    return Figures(
        cost=dict(session.tuples(QUERIES["cost_to_date"], **asked)),
        in_runs={row.contract_line_no: row for row in runs},
        by_invoices={row.contract_line_no: row for row in invoices},
        taken_over={
            line_no: amount
            for line_no, amount, _ in session.tuples(QUERIES["taken_over"], **asked)
        },
    )


def run_of_transaction(
    session: Session,
    *,
    entity_no: int,
    through: date,
    accounting_date: date,
    change_no: int,
) -> int:
    """Return the run this transaction records for an entity, opened where it has none.

    Revenue and provisions that are found together are one run.
    """
    found = session.value(
        QUERIES["run_of_transaction"], int, entity_no=entity_no, through=through
    )
    return found or open_run(
        session,
        entity_no=entity_no,
        through=through,
        accounting_date=accounting_date,
        change_no=change_no,
        at_approval=False,
    )


def write_provision(session: Session, booking: Booking, new: NewProvision) -> None:
    """Record what a contract is provided for, its figures and its journal line."""
    number = session.value(
        QUERIES["insert_provision"],
        int,
        run_no=booking.run_no,
        entity_no=booking.entity_no,
        contract_no=booking.contract_no,
        through=booking.through,
        currency=booking.currency,
        price_left=new.price_left,
        entity_currency=booking.entity_currency,
        cost_left=new.cost_left,
        revenue_left=new.revenue_left,
        realised=new.realised,
        provision=new.provision,
        used=new.used,
        amount=new.amount,
    )
    _write_lines(session, int(number or 0), new)
    if new.amount:
        _write_journal(session, booking, int(number or 0), new.amount)


def _write_lines(session: Session, provision_no: int, new: NewProvision) -> None:
    lines, count = new.lines, len(new.lines)
    session.load(
        "onerous_line",
        {
            "provision_no": [provision_no] * count,
            "contract_line_no": [line.contract_line_no for line in lines],
            "method": [line.method for line in lines],
            "estimate": [f"{line.estimate:f}" for line in lines],
            "cost": [line.cost for line in lines],
            "price": [line.price for line in lines],
            "earned": [line.earned for line in lines],
            "revenue": [line.revenue for line in lines],
        },
    )


def _write_journal(
    session: Session, booking: Booking, provision_no: int, amount: int
) -> None:
    debit, credit = Role.ONEROUS_COST, Role.ONEROUS_PROVISION
    if amount < 0:
        debit, credit = credit, debit
    session.load(
        "journal_line",
        {
            "cause": [int(Cause.PROVISION)],
            "cause_no": [provision_no],
            "cause_revision": [0],
            "part": [0],
            "effect": [int(Effect.PROVISION)],
            "mirror": [False],
            "entity_no": [booking.entity_no],
            "contract_no": [booking.contract_no],
            "debit": [int(debit)],
            "credit": [int(credit)],
            "currency": [booking.entity_currency],
            "amount": [abs(amount)],
            "entity_currency": [booking.entity_currency],
            "entity_amount": [abs(amount)],
            "accounting_date": [booking.accounting_date],
            "document_date": [booking.through],
            "recorded_at": [session.value(QUERIES["transaction_time"], datetime)],
        },
    )


def read_provisions(
    session: Session, *, entity: str | None = None, contract: str | None = None
) -> list[tuple[ListedProvision, list[ListedLine]]]:
    """Return what was provided for, each with the figures of its lines."""
    found = session.all(
        QUERIES["provisions_listed"], ListedProvision, entity=entity, contract=contract
    )
    lines = session.all(
        QUERIES["provided_lines"],
        ListedLine,
        provision_nos=[one.provision_no for one in found],
    )
    return [
        (one, [line for line in lines if line.provision_no == one.provision_no])
        for one in found
    ]
