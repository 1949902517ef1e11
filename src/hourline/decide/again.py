"""Decide the work of the past again, and lay beside it what was decided; store nothing.

Everything is by columns: a hundred thousand entries are a few arrays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from hourline.decide.encode import encode
from hourline.decide.kernel import decide
from hourline.decide.model import (
    BookingDays,
    Decided,
    DecisionColumns,
    PortionColumns,
    TransferColumns,
)
from hourline.decide.model_charges import CrossChargeColumns
from hourline.decide.rules.accounting_period import as_booked, as_recosted
from hourline.decide.store import PENDING_COLUMNS, QUERIES, entry_columns
from hourline.infra.database import Session
from hourline.kernel.codes import Fate
from hourline.kernel.columns import NOTHING, Flags, Ints, ints
from hourline.kernel.entries import EntryColumns
from hourline.master.snapshot import Snapshot

AT_ONCE = 100_000
_FATES = max(Fate) + 1
_NOTHING = ints([])


@dataclass(frozen=True, slots=True)
class TransferOutcome:
    """Hold what entities, or departments of one, charge each other, by position.

    Lender and borrower are entities, or the cost centres of person and project.
    `amount` is in minor units of `currency`; all is NOTHING where nobody was lent.
    """

    rule: Ints
    lender: Ints
    borrower: Ints
    currency: Ints
    amount: Ints

    def is_between_others(self, other: "TransferOutcome") -> Flags:
        """Say of which entries others charge, or others are charged."""
        differs: Flags = (self.lender != other.lender) | (
            self.borrower != other.borrower
        )
        return differs

    def differs(self, other: "TransferOutcome") -> Flags:
        """Say of which entries the price, its rule, currency or parties differ."""
        differs: Flags = (
            (self.rule != other.rule)
            | self.is_between_others(other)
            | (self.currency != other.currency)
            | (self.amount != other.amount)
        )
        return differs


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what was or would be decided of entries, by their position.

    `seconds` and `amount` are by entry and fate, in minor units of `currency`;
    rule numbers are NOTHING where no rule was used, as is all of what is refused.
    `bearer` is the entity in whose books the cost is.
    `price` is by entry the exact price of its time, as the portions keep it, and what
    accrues.
    """

    accepted: Flags
    contract: Ints
    contract_line: Ints
    bill_rate: Ints
    tax_rule: Ints
    cost: Ints
    bearer: Ints
    currency: Ints
    time_rounding: Ints
    transfer: TransferOutcome
    cross_charge: TransferOutcome
    seconds: Ints
    amount: Ints
    price: Ints

    def differs(self, other: "Outcome") -> Flags:
        """Say of which entries anything but the contract differs."""
        differs: Flags = (
            (self.accepted != other.accepted)
            | (self.bill_rate != other.bill_rate)
            | (self.tax_rule != other.tax_rule)
            | self.costs_otherwise(other)
            | (self.time_rounding != other.time_rounding)
            | self.transfer.differs(other.transfer)
            | self.cross_charge.differs(other.cross_charge)
            | (self.seconds != other.seconds).any(axis=1)
            | (self.amount != other.amount).any(axis=1)
        )
        return differs

    def costs_otherwise(self, other: "Outcome") -> Flags:
        """Say of which entries the cost differs, or the entity that bears one."""
        bears = (self.cost != 0) & (self.bearer != other.bearer)
        differs: Flags = (self.cost != other.cost) | bears
        return differs

    def books_otherwise(self, other: "Outcome") -> Flags:
        """Say of which entries a figure, a tax or the contract line differs.

        Another rule that gives the same figures is no difference.
        """
        differs: Flags = self.costs_otherwise(other) | self.differs_but_in_cost(other)
        return differs

    def differs_but_in_cost(self, other: "Outcome") -> Flags:
        """Say of which entries something differs that is not what its time costs.

        As `books_otherwise`; that another entity bears a cost is among it.
        """
        transfer, their_transfer = self.transfer, other.transfer
        charge, their_charge = self.cross_charge, other.cross_charge
        differs: Flags = (
            (self.accepted != other.accepted)
            | (self.contract_line != other.contract_line)
            | (self.currency != other.currency)
            | (self.tax_rule != other.tax_rule)
            | ((self.cost != 0) & (self.bearer != other.bearer))
            | transfer.is_between_others(their_transfer)
            | (transfer.currency != their_transfer.currency)
            | (transfer.amount != their_transfer.amount)
            | charge.is_between_others(their_charge)
            | (charge.amount != their_charge.amount)
            | (self.seconds != other.seconds).any(axis=1)
            | (self.amount != other.amount).any(axis=1)
            | (self.price != other.price).any(axis=1)
        )
        return differs

    @property
    def billable(self) -> Ints:
        """Give the amount of each entry's billable portion."""
        column: Ints = self.amount[:, Fate.BILLABLE]
        return column


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Name work in force by what it was decided on; None does not narrow it."""

    contract_no: int | None = None
    project_no: int | None = None
    person_no: int | None = None
    entry_nos: tuple[int, ...] | None = None


_EVERYTHING = Work()


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold entries in force, what was decided of them, when booked, who is invoiced.

    `costs_booked` is as `booked`, with the days on which corrected costs stand.
    """

    entries: EntryColumns
    outcome: Outcome
    booked: BookingDays
    costs_booked: BookingDays
    invoiced: Flags


def standing_entries(
    session: Session,
    dates: tuple[date, date],
    *,
    of: Work = _EVERYTHING,
    limit: int = AT_ONCE,
) -> Iterator[Standing]:
    """Yield the entries in force of work dates, from inclusive, until exclusive.

    Taken-over opening work is left out: its figures are given, not decided.
    """
    after = 0
    while True:
        rows = session.tuples(
            QUERIES["entries_in_force"],
            after_entry_no=after,
            since=dates[0],
            until=dates[1],
            contract_no=of.contract_no,
            project_no=of.project_no,
            person_no=of.person_no,
            entry_nos=None if of.entry_nos is None else list(of.entry_nos),
            limit=limit,
        )
        if rows:
            after = rows[-1][0]
            yield _standing(session, rows)
        if len(rows) < limit:
            return


def _standing(session: Session, rows: list[tuple[object, ...]]) -> Standing:
    entries = entry_columns(rows)
    decided = [list(column) for column in zip(*rows, strict=True)][PENDING_COLUMNS:]
    portions = _stored_portions(session, entries)
    numbers = [
        ints([NOTHING if one is None else int(str(one)) for one in column])
        for column in decided[:21]
    ]
    outcome = Outcome(
        accepted=np.ones(len(rows), dtype=np.bool_),
        contract=numbers[0],
        contract_line=numbers[1],
        bill_rate=numbers[2],
        tax_rule=numbers[3],
        cost=numbers[4],
        bearer=numbers[5],
        currency=numbers[6],
        time_rounding=numbers[7],
        transfer=TransferOutcome(*numbers[8:13]),
        cross_charge=TransferOutcome(*numbers[13:18]),
        **portions,
    )
    booked = as_booked(numbers[18], numbers[19])
    return Standing(
        entries,
        outcome,
        booked,
        as_recosted(booked, numbers[20]),
        np.array(decided[21], dtype=np.bool_),
    )


class _Portions(TypedDict):
    seconds: Ints
    amount: Ints
    price: Ints


def _stored_portions(session: Session, entries: EntryColumns) -> _Portions:
    rows = session.tuples(
        QUERIES["portions_of_entries"],
        entry_nos=entries.entry_no.tolist(),
        revisions=entries.revision.tolist(),
    )
    columns = [ints(list(column)) for column in zip(*rows, strict=True)]
    entry_no, fate, *figures = columns or [_NOTHING] * 7
    return _by_fate(entries, entry_no, fate, figures)


def _by_fate(
    entries: EntryColumns, entry_no: Ints, fate: Ints, of: Sequence[Ints]
) -> _Portions:
    """Return what portions of these entries are by entry and fate."""
    count = len(entries.entry_no)
    seconds, amount = np.zeros((2, count, _FATES), dtype=np.int64)
    price = np.zeros((count, len(of) - 2), dtype=np.int64)
    place = entries.entry_no.searchsorted(entry_no)
    np.add.at(seconds, (place, fate), of[0])
    np.add.at(amount, (place, fate), of[1])
    for column, figure in enumerate(of[2:]):
        np.maximum.at(price[:, column], place, figure)
    return {"seconds": seconds, "amount": amount, "price": price}


def waiting_again(
    session: Session, dates: tuple[date, date], *, at_once: int
) -> Iterator[EntryColumns]:
    """Yield the revisions of work dates that are not decided yet, so many at once."""
    for rows in session.stream(
        QUERIES["entries_waiting"], at_once=at_once, since=dates[0], until=dates[1]
    ):
        yield entry_columns(rows)


def decide_again(
    entries: EntryColumns, snapshot: Snapshot, *, booked: BookingDays | None = None
) -> tuple[Outcome, Decided]:
    """Return what would be decided of entries with some master data, and all of it.

    Entries come in the order of their numbers. Those in force are `booked` on the days
    they are booked on: that a month is closed since changes no term.
    """
    decided = decide(encode(entries, snapshot), snapshot, booked=booked)
    return outcome_of(entries, decided), decided


def outcome_of(entries: EntryColumns, decided: Decided) -> Outcome:
    """Return what was decided of entries by their position, in order of number."""
    made = decided.decisions
    place = entries.entry_no.searchsorted(made.entry_no)
    count = len(entries.entry_no)

    def laid_out(column: Ints, nothing: int = NOTHING) -> Ints:
        whole = np.full(count, nothing, dtype=np.int64)
        whole[place] = column
        return whole

    accepted = np.zeros(count, dtype=np.bool_)
    accepted[place] = True
    portions = _decided_portions(entries, decided.portions)
    return Outcome(
        accepted=accepted,
        contract=laid_out(made.contract_no.astype(np.int64)),
        contract_line=laid_out(made.contract_line_no.astype(np.int64)),
        bill_rate=laid_out(made.bill_rate_no.astype(np.int64)),
        tax_rule=laid_out(made.tax_rule_no.astype(np.int64)),
        cost=laid_out(made.cost_amount, 0),
        bearer=laid_out(_bearers(entries, made)),
        currency=laid_out(made.currency.astype(np.int64)),
        time_rounding=laid_out(made.time_rounding_no.astype(np.int64)),
        transfer=_decided_transfers(entries, decided.transfers),
        cross_charge=_decided_cross_charges(entries, decided.cross_charges),
        **portions,
    )


def _bearers(entries: EntryColumns, made: DecisionColumns) -> Ints:
    """Return who bears the cost: of an expense who has the contract."""
    expenses = entries.entry_no[entries.expenses.row]
    is_expense = np.isin(made.entry_no, expenses)
    bearers = np.where(is_expense, made.entity_no, made.resourcing_entity_no)
    return bearers.astype(np.int64)


def _decided_transfers(
    entries: EntryColumns, transfers: TransferColumns
) -> TransferOutcome:
    return _charges(
        entries,
        transfers.entry_no,
        transfers.rule_no,
        transfers.lender_no,
        transfers.borrower_no,
        transfers.currency,
        transfers.amount,
    )


def _decided_cross_charges(
    entries: EntryColumns, charges: CrossChargeColumns
) -> TransferOutcome:
    return _charges(
        entries,
        charges.entry_no,
        charges.rule_no,
        charges.person_cost_centre_no,
        charges.project_cost_centre_no,
        charges.currency,
        charges.amount,
    )


def _charges(
    entries: EntryColumns, entry_no: Ints, *columns: NDArray[np.signedinteger]
) -> TransferOutcome:
    """Return columns of charges by the position of their entries."""
    place = entries.entry_no.searchsorted(entry_no)
    laid_out = np.full((len(columns), len(entries.entry_no)), NOTHING, dtype=np.int64)
    for whole, column in zip(laid_out, columns, strict=True):
        whole[place] = column
    return TransferOutcome(*laid_out)


def _decided_portions(entries: EntryColumns, portions: PortionColumns) -> _Portions:
    return _by_fate(
        entries,
        portions.entry_no,
        portions.fate.astype(np.int64),
        (
            portions.seconds,
            portions.amount,
            portions.rate_amount,
            portions.rate_seconds,
            portions.accrued_amount,
        ),
    )
