"""Withhold a part of invoices as retainage, give it back, and release it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.billing.model import (
    AmountKind,
    Assembled,
    AssembledLine,
    Because,
    CreditedLine,
)
from hourline.billing.parties import booking_day, currency_of_contract
from hourline.billing.rules.retain import (
    Carried,
    Retainable,
    Retained,
    retain,
    retainage_movement,
    share_of,
    take_in_order,
)
from hourline.billing.store import CODES, QUERIES, lock_contracts
from hourline.billing.store_documents import Booking, write_movements
from hourline.billing.store_invoiced import Cleared
from hourline.infra.database import Session
from hourline.kernel.codes import Cause
from hourline.kernel.money import Rounding, currency_numbered, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot

_BASIS_POINTS_PER_PERCENT = 100
# What is billed before anything was done for it is not withheld.
_IN_ADVANCE = (AmountKind.RETAINER, AmountKind.PREPAID_BLOCK)


@dataclass(frozen=True, slots=True)
class ReleasedPart:
    """Hold what is due again of one invoice, in minor units of its currency."""

    document_no: int
    number: str
    amount: int


@dataclass(frozen=True, slots=True)
class Released:
    """Hold what of a contract's invoices is no longer withheld, in their order."""

    contract_no: int
    currency: int
    parts: tuple[ReleasedPart, ...]

    @property
    def amount(self) -> int:
        """Return the sum in minor units."""
        return sum(part.amount for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Withheld:
    document_no: int
    number: str
    entity_no: int
    currency: int
    entity_currency: int
    amount: int
    entity_amount: int


def withhold(
    session: Session,
    snapshot: Snapshot,
    part: Assembled,
    *,
    room: int,
    rounding: Rounding,
) -> dict[int, Retained]:
    """Return what the customer withholds of one invoice to be, by its lines' numbers.

    `room` is what retainers leave to be paid of it.
    """
    contract_no = part.terms.contract_no
    [(customer_no, _)] = part.invoices
    asked = [
        Retainable(
            line.line_no,
            line.net + line.tax,
            _basis_points(snapshot, contract_no, line),
        )
        for line in part.lines
    ]
    if not any(one.basis_points for one in asked):
        return {}
    before = session.one(
        QUERIES["retained_to_date"],
        Retained,
        contract_no=contract_no,
        customer_no=customer_no,
    )
    return retain(asked, before=before, room=room, rounding=rounding)


def _basis_points(snapshot: Snapshot, contract_no: int, line: AssembledLine) -> int:
    item = line.item
    if item.milestone is not None and item.kind in _IN_ADVANCE:
        return 0
    percent: Decimal | None = snapshot.contract_line(
        item.contract_line_no
    ).content.retainage_percent
    if percent is None:
        percent = snapshot.contract(contract_no).content.retainage_percent
    return int(percent * _BASIS_POINTS_PER_PERCENT)


def record_withheld(
    session: Session,
    booking: Booking,
    withheld: Mapping[int, Retained],
    *,
    left: Carried,
    rounding: Rounding,
) -> None:
    """Book what is withheld of an issued invoice, of which `left` is to be paid."""
    amount = sum(one.amount for one in withheld.values())
    if amount:
        share = share_of(left, amount, rounding)
        write_movements(session, booking, [retainage_movement(share, withheld=True)])


def plan_no_longer_withheld(
    cleared: Cleared, credited: Sequence[CreditedLine], rounding: Rounding
) -> Carried:
    """Return what a credit makes withheld no longer; `cleared` is from before it."""
    amount = sum(credit.retained for credit in credited)
    return share_of(
        Carried(cleared.retained, cleared.retained_entity), amount, rounding
    )


def record_no_longer_withheld(
    session: Session, booking: Booking, carried: Carried
) -> None:
    """Book what a credit note makes withheld no longer."""
    if carried.amount:
        write_movements(session, booking, [retainage_movement(carried, withheld=False)])


def release_retainage(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    because: Because,
    *,
    dated: date,
    amount: int | None = None,
    customer_no: int | None = None,
) -> Released | Problem:
    """Make due what is withheld of a contract's invoices, by default all of it.

    An amount is in minor units of the contract's currency and is taken of the invoices
    in their order, of one customer's where several share the contract and one is named.
    Each goes back to receivable at what it stands at. Returns the problem
    `release_exceeds_retainage` where so much is not withheld, `period_closed` where no
    month is open to book it in; then nothing changes.
    """
    lock_contracts(session, [contract_no])
    currency = currency_of_contract(snapshot, contract_no)
    withheld = session.all(
        QUERIES["withheld"],
        _Withheld,
        contract_no=contract_no,
        customer_no=customer_no,
        currency=currency.number,
        **CODES,
    )
    there = sum(one.amount for one in withheld)
    wanted = there if amount is None else amount
    if not 0 < wanted <= there:
        return _exceeds(snapshot, contract_no, there=there, amount=amount)
    booked_on = booking_day(
        snapshot, withheld[0].entity_no, dated, Subledger.RECEIVABLES
    )
    if isinstance(booked_on, Problem):
        return booked_on
    taken = take_in_order(
        [Carried(one.amount, one.entity_amount) for one in withheld],
        wanted,
        snapshot.rounding(withheld[0].entity_no),
    )
    parts = []
    for one, carried in zip(withheld, taken, strict=True):
        if carried.amount:
            _release(
                session,
                contract_no,
                one,
                carried,
                because=because,
                days=(dated, booked_on),
            )
            parts.append(ReleasedPart(one.document_no, one.number, carried.amount))
    return Released(contract_no, currency.number, tuple(parts))


def _release(
    session: Session,
    contract_no: int,
    of: _Withheld,
    carried: Carried,
    *,
    because: Because,
    days: tuple[date, date],
) -> None:
    dated, booked_on = days
    release_no = session.value(
        QUERIES["insert_release"],
        int,
        contract_no=contract_no,
        document_no=of.document_no,
        dated=dated,
        currency=of.currency,
        amount=carried.amount,
        entity_amount=carried.entity_amount,
        actor=because.actor,
        reason=because.reason,
    )
    booking = Booking(
        cause=Cause.RETAINAGE_RELEASE,
        cause_no=int(release_no or 0),
        entity_no=of.entity_no,
        contract_no=contract_no,
        currency=of.currency,
        entity_currency=of.entity_currency,
        accounting_date=booked_on,
        document_date=dated,
    )
    write_movements(session, booking, [retainage_movement(carried, withheld=False)])


def _exceeds(
    snapshot: Snapshot, contract_no: int, *, there: int, amount: int | None
) -> Problem:
    contract = snapshot.contract(contract_no)
    currency = currency_numbered(contract.currency)
    wanted = "anything"
    if amount is not None:
        wanted = f"{major_units(amount, currency)} {currency.code}"
    return Problem(
        ProblemCode.RELEASE_EXCEEDS_RETAINAGE,
        f"Contract {contract.id} does not have {wanted} of its invoices withheld to"
        f" release; {major_units(there, currency)} {currency.code} are withheld.",
        "Release no more than what is withheld.",
        {"contract": contract.id},
    )
