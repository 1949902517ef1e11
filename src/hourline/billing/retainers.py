"""Find the retainers that a bill takes up: each is billed once, in advance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from hourline.billing.model import AmountKind, OpenItem
from hourline.billing.parties import currency_of_contract
from hourline.billing.store import CODES, QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import BillingMethod
from hourline.kernel.money import minor_units
from hourline.master.snapshot import LineInForce, RecordNotKnown, Snapshot


@dataclass(frozen=True, slots=True)
class _Reached:
    contract_line_no: int
    milestone: str
    amount: int
    currency: int
    amount_billed: int


def retainers_to_bill(
    session: Session, snapshot: Snapshot, contract_no: int, day: date
) -> list[OpenItem]:
    """Return the retainers of a contract that are not billed, or credited again.

    They are dated on the day of the invoice, which is their tax point. One that was
    billed before keeps its amount.
    """
    reached = {
        one.contract_line_no: one
        for one in session.all(
            QUERIES["retainers_reached"], _Reached, contract_no=contract_no, **CODES
        )
    }
    items = []
    for line in _in_force(snapshot, contract_no, day):
        before = reached.get(line.no) or _first(snapshot, line)
        if before.amount > before.amount_billed:
            items.append(_item(before, line, day))
    return items


def contracts_with_retainers(
    session: Session, snapshot: Snapshot, day: date
) -> list[int]:
    """Return the contracts of which a retainer was never billed."""
    begun = {
        line_no
        for (line_no,) in session.tuples(
            QUERIES["retainers_begun"], kind_retainer=int(AmountKind.RETAINER)
        )
    }
    return sorted(
        {
            line.contract_no
            for line in _in_force(snapshot, None, day)
            if line.no not in begun
        }
    )


def begin_retainers(
    session: Session, contract_no: int, items: Iterator[OpenItem]
) -> None:
    """Record the retainers that are billed; one that was billed before stays."""
    for item in items:
        session.run(
            QUERIES["insert_milestone"],
            contract_line_no=item.contract_line_no,
            milestone=item.milestone,
            kind=item.kind,
            contract_no=contract_no,
            reached_on=item.dated,
            amount=item.amount_total,
            currency=item.currency,
            tax_rule_no=item.tax_rule_no,
        )


def _in_force(
    snapshot: Snapshot, contract_no: int | None, day: date
) -> Iterator[LineInForce]:
    """Yield the retainers that hold on a day, of one contract or of all."""
    for line_no in snapshot.lines_billed_by(BillingMethod.RETAINER, contract_no):
        try:
            line = snapshot.contract_line(line_no, on=day)
        except RecordNotKnown:
            continue
        if line.content.method == "retainer":
            yield line


def _first(snapshot: Snapshot, line: LineInForce) -> _Reached:
    currency = currency_of_contract(snapshot, line.contract_no)
    stated = line.content.amount
    if stated is None:
        raise ValueError(f"retainer {line.id} has no amount; no snapshot holds one so")
    return _Reached(line.no, line.id, minor_units(stated, currency), currency.number, 0)


def _item(reached: _Reached, line: LineInForce, day: date) -> OpenItem:
    return OpenItem(
        contract_line_no=line.no,
        entry_no=None,
        revision=None,
        part=None,
        milestone=reached.milestone,
        kind=AmountKind.RETAINER,
        dated=day,
        approved_at=datetime.combine(day, time(), tzinfo=UTC),
        source_id=line.id,
        project_no=None,
        person_no=None,
        tax_rule_no=None,
        currency=reached.currency,
        seconds_total=0,
        seconds_billed=0,
        rate_amount=0,
        rate_seconds=1,
        amount_open=reached.amount - reached.amount_billed,
        amount_total=reached.amount,
        accrued=0,
        accrued_entity=0,
        deferred=True,
    )
