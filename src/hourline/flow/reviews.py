"""Follow what a person decides of an entry before it is billed, in the audit chain."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from hourline.billing import service as billing
from hourline.billing.model import Adjustment, Because
from hourline.billing.reviewing import Reviewed
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.allotting import allot, working_snapshot
from hourline.flow.transactions import NotKnown, in_one_transaction, now
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.money import currency_numbered, minor_units
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot

Review = Callable[[Session, Snapshot, int], Reviewed | Problem]


@dataclass(frozen=True, slots=True)
class EntryName:
    """Name a time entry: its id, and its source where several use the same id."""

    source_id: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Billed:
    """Say what is billed of an entry: so many seconds, or all of it for an amount.

    The amount is in major units of the contract's currency.
    """

    entry: EntryName
    seconds: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Adjusting:
    """Hold what a person adjusts on one invoice, and why."""

    entries: tuple[Billed, ...]
    because: Because


class NotOne(LookupError):
    """Say that several sources use an id, so that one of them must be named."""


class _Tried(Exception):
    """Undo a review that was only tried, carrying what it found."""

    def __init__(self, outcome: Reviewed | Problem) -> None:
        super().__init__("tried only")
        self.outcome = outcome


def hold_entry(
    database: Database,
    tenant: int,
    entry: EntryName,
    because: Because,
    *,
    try_only: bool = False,
) -> Reviewed | Problem:
    """Take an entry out of billing until it is released.

    With `try_only` nothing of it stays. Raises NotKnown and NotOne.
    """

    def review(session: Session, snapshot: Snapshot, entry_no: int) -> Reviewed:
        return billing.hold(session, snapshot, entry_no, because)

    said = _Said("held", because, try_only)
    return _review(database, tenant, entry, review, said=said)


def postpone_entry(
    database: Database,
    tenant: int,
    entry: EntryName,
    because: Because,
    *,
    try_only: bool = False,
) -> Reviewed | Problem:
    """Leave an entry out of the next invoice of its contract; as `hold_entry`."""

    def review(session: Session, snapshot: Snapshot, entry_no: int) -> Reviewed:
        return billing.postpone(session, snapshot, entry_no, because)

    said = _Said("postponed", because, try_only)
    return _review(database, tenant, entry, review, said=said)


def release_entry(
    database: Database,
    tenant: int,
    entry: EntryName,
    because: Because,
    *,
    try_only: bool = False,
) -> Reviewed | Problem:
    """Put a held entry back into billing; otherwise as `hold_entry`."""

    def review(session: Session, snapshot: Snapshot, entry_no: int) -> Reviewed:
        return billing.release(session, snapshot, entry_no, because)

    said = _Said("released", because, try_only)
    return _review(database, tenant, entry, review, said=said)


def write_off_entry(
    database: Database,
    tenant: int,
    entry: EntryName,
    because: Because,
    *,
    seconds: int | None = None,
    try_only: bool = False,
) -> Reviewed | Problem:
    """Give up what of an entry is not billed, or so many seconds of it.

    A refusal changes nothing and waits in its queue; otherwise as `hold_entry`.
    """

    def review(
        session: Session, snapshot: Snapshot, entry_no: int
    ) -> Reviewed | Problem:
        return billing.write_off(session, snapshot, entry_no, because, seconds=seconds)

    said = _Said("written_off", because, try_only)
    return _review(database, tenant, entry, review, said=said)


def entry_no_of(session: Session, entry: EntryName) -> int:
    """Return the number of an entry; raise NotKnown, or NotOne for several."""
    found = billing.find_named(session, entry.source_id, entry.source)
    if not found:
        raise NotKnown(f"There is no time entry {entry.source_id}.")
    if len(found) > 1:
        sources = ", ".join(one.source for one in found)
        msg = f"Several sources have a time entry {entry.source_id}: {sources}."
        raise NotOne(msg)
    return found[0].entry_no


def adjustments_of(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    adjusting: Adjusting | None,
) -> tuple[Adjustment, ...]:
    """Return adjustments by numbers and minor units.

    Raises NotKnown and NotOne for an entry, AmountTooFine for an amount.
    """
    if adjusting is None:
        return ()
    currency = currency_numbered(snapshot.contract(contract_no).currency)
    return tuple(
        Adjustment(
            entry_no=entry_no_of(session, one.entry),
            seconds=one.seconds,
            amount=None if one.amount is None else minor_units(one.amount, currency),
            because=adjusting.because,
        )
        for one in adjusting.entries
    )


def record_adjusting(
    session: Session, contract: str, adjusting: Adjusting | None, *, action: str
) -> None:
    """Tell the audit chain what was adjusted on an invoice or a draft, and why."""
    if adjusting is None:
        return
    change = ManualChange(
        actor=adjusting.because.actor,
        action=action,
        subject=f"contract {contract}",
        reason=adjusting.because.reason,
        after={"billed": [_billed(one) for one in adjusting.entries]},
    )
    record_change(session, change)


def _billed(one: Billed) -> dict[str, object]:
    amount = None if one.amount is None else str(one.amount)
    return {"entry": one.entry.source_id, "seconds": one.seconds, "amount": amount}


@dataclass(frozen=True, slots=True)
class _Said:
    """Hold what the audit chain is told of a review, if it is more than tried."""

    action: str
    because: Because
    try_only: bool


def _review(
    database: Database, tenant: int, entry: EntryName, review: Review, *, said: _Said
) -> Reviewed | Problem:
    def work(session: Session) -> Reviewed | Problem:
        entry_no = entry_no_of(session, entry)
        snapshot = working_snapshot(session)
        outcome = review(session, snapshot, entry_no)
        if isinstance(outcome, Reviewed) and outcome.contract_no is not None:
            allot(session, snapshot, [outcome.contract_no])
        if said.try_only:
            raise _Tried(outcome)
        if isinstance(outcome, Problem):
            subject = Subject("entry", str(entry_no), entry_no)
            exceptions.open_items(session, [(subject, outcome)], at=now())
        elif outcome.changed:
            record_change(session, _change(entry, outcome, said))
        return outcome

    try:
        return in_one_transaction(database, tenant, work)
    except _Tried as tried:
        return tried.outcome


def _change(entry: EntryName, outcome: Reviewed, said: _Said) -> ManualChange:
    after: dict[str, object] = {"entry": entry.source_id, "seconds": outcome.seconds}
    if outcome.currency is not None:
        currency = currency_numbered(outcome.currency).code
        after |= {"amount": outcome.amount, "currency": currency}
    return ManualChange(
        actor=said.because.actor,
        action=f"entry.{said.action}",
        subject=f"entry {outcome.entry_no}",
        reason=said.because.reason,
        after=after,
    )
