"""Say by how much what is booked at approval would be other, by entity and role."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from hourline.decide.model import JournalColumns
from hourline.flow.rulebook.days import Tried
from hourline.kernel.codes import Role
from hourline.kernel.columns import Flags, Ints
from hourline.kernel.effective import day_of
from hourline.kernel.entries import EntryColumns
from hourline.kernel.money import currency_numbered
from hourline.master.snapshot import Snapshot

_ROLES_MAX = max(Role) + 1
_CURRENCIES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMove:
    """Hold by how much a role of an entity would be other, debits less credits.

    In minor units of the entity's currency. `open` is of work that is not invoiced;
    of work that is, `invoiced` would be moved by its credit note and new bill.
    """

    entity: str
    role: str
    currency: str
    open: int
    invoiced: int


@dataclass(frozen=True, slots=True)
class _Lines:
    """Hold journal lines of a page that matter."""

    entry_no: Ints
    entity_no: Ints
    debit: Ints
    credit: Ints
    currency: Ints
    amount: Ints


class Books:
    """Add up, page by page, what approval would book more or less."""

    def __init__(self, now: Snapshot, after: Snapshot) -> None:
        """Take the master data of either."""
        self._snapshots = now, after
        self._sums: defaultdict[tuple[int, int, int], list[int]] = defaultdict(
            lambda: [0, 0]
        )

    def add(
        self, entries: EntryColumns, invoiced: Flags, tried: tuple[Tried, Tried]
    ) -> Flags:
        """Add what differs of a page; return which of its entries book otherwise."""
        by_role = [_by_role(entries, one.decided.journal) for one in tried]
        carried = [
            _carried(entries, one, snapshot)
            for one, snapshot in zip(tried, self._snapshots, strict=True)
        ]
        for sums, own in zip(by_role, carried, strict=True):
            for place, (_, _, amount) in own.items():
                sums[place, Role.WIP] += amount
                sums[place, Role.ACCRUED_REVENUE] -= amount
        otherwise: Flags = (by_role[0] != by_role[1]).any(axis=1)
        # What cannot be decided without the draft has nothing to compare with.
        otherwise &= tried[0].outcome.accepted
        for one, own, sign in zip(tried, carried, (-1, 1), strict=True):
            lines = _of_entries(entries, one.decided.journal, otherwise)
            self._add_lines(lines, (entries, invoiced), sign)
            for place in own.keys() & set(np.flatnonzero(otherwise).tolist()):
                entity_no, currency, amount = own[place]
                case = int(invoiced[place])
                self._sums[entity_no, Role.WIP, currency][case] += amount * sign
                self._sums[entity_no, Role.ACCRUED_REVENUE, currency][case] -= (
                    amount * sign
                )
        return otherwise

    def _add_lines(
        self, lines: _Lines, of: tuple[EntryColumns, Flags], sign: int
    ) -> None:
        entries, invoiced = of
        case = invoiced[entries.entry_no.searchsorted(lines.entry_no)]
        for side, of_side in ((lines.debit, sign), (lines.credit, -sign)):
            keys = (lines.entity_no * _ROLES_MAX + side) * _CURRENCIES_MAX
            known, place = np.unique(
                (keys + lines.currency) * 2 + case, return_inverse=True
            )
            sums = np.zeros(len(known), dtype=np.int64)
            np.add.at(sums, place, lines.amount * of_side)
            for key, amount in zip(known.tolist(), sums.tolist(), strict=True):
                rest, is_invoiced = divmod(key, 2)
                rest, currency = divmod(rest, _CURRENCIES_MAX)
                entity_no, role = divmod(rest, _ROLES_MAX)
                self._sums[entity_no, role, currency][is_invoiced] += amount

    def moves(self) -> list[BookMove]:
        """Return what differs by entity and role."""
        now = self._snapshots[0]
        return [
            BookMove(
                entity=now.entity(entity_no).id,
                role=Role(role).name.lower(),
                currency=currency_numbered(currency).code,
                open=sums[0],
                invoiced=sums[1],
            )
            for (entity_no, role, currency), sums in sorted(self._sums.items())
            if sums[0] or sums[1]
        ]


def _of_entries(
    entries: EntryColumns, journal: JournalColumns, wanted: Flags
) -> _Lines:
    own = wanted[entries.entry_no.searchsorted(journal.cause_no)]
    columns = (
        journal.cause_no,
        journal.entity_no,
        journal.debit,
        journal.credit,
        journal.entity_currency,
        journal.entity_amount,
    )
    return _Lines(*(column[own].astype(np.int64) for column in columns))


def _by_role(entries: EntryColumns, journal: JournalColumns) -> Ints:
    """Return what entries book by role, debits less credits."""
    sums = np.zeros((len(entries.entry_no), _ROLES_MAX), dtype=np.int64)
    place = entries.entry_no.searchsorted(journal.cause_no)
    np.add.at(sums, (place, journal.debit), journal.entity_amount)
    np.add.at(sums, (place, journal.credit), -journal.entity_amount)
    return sums


def _carried(
    entries: EntryColumns, tried: Tried, snapshot: Snapshot
) -> dict[int, tuple[int, int, int]]:
    """Return what carried time accrues besides, by place: entity, currency, amount."""
    outcome, made = tried.outcome, tried.decided.decisions
    found = {}
    for place, moved in tried.moved.items():
        alone = int(outcome.price[place, 2])
        if not moved or not alone:
            continue
        row = made.entry_no.searchsorted(entries.entry_no[place])
        booked = made.accounting_date[row].astype("datetime64[D]")
        contract = snapshot.contract(int(outcome.contract[place]))
        currency = snapshot.entity(contract.entity_no).currency
        rounding = snapshot.rounding(contract.entity_no)
        whole, before = (
            snapshot.translate(
                amount,
                (int(outcome.currency[place]), currency),
                day_of(int(booked.astype(np.int64))),
                rounding=rounding,
            )
            for amount in (alone + moved, alone)
        )
        found[place] = contract.entity_no, currency, whole - before
    return found
