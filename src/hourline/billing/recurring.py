"""Open the months of recurring fees to billing, and keep those that were billed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from hourline.billing.model import AmountKind, Assembled, OpenItem
from hourline.billing.parties import currency_of_contract, tax_rule_on
from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import BillingMethod
from hourline.kernel.fee_months import FeeMonth, fee_months, fees_in_steps
from hourline.kernel.money import Currency, currency_of, minor_units
from hourline.kernel.problems import Problem
from hourline.master.snapshot import LineInForce, Snapshot, fee_on


def begun_fees(
    session: Session, snapshot: Snapshot, contract_no: int, *, through: date
) -> list[OpenItem] | Problem:
    """Return the months of a contract's fees that begin through a day, never billed.

    What was billed once is a milestone, and open again where it was credited. Returns
    the problem `tax_not_determined` where no row of the tax table matches.
    """
    lines = snapshot.lines_of_method(BillingMethod.RECURRING, contract_no=contract_no)
    recorded = _recorded(session, lines)
    items = []
    for line in lines:
        for item in _items(snapshot, line, through, recorded):
            rule_no = tax_rule_on(snapshot, line, _month(item).tax_point)
            if isinstance(rule_no, Problem):
                return rule_no
            items.append(replace(item, tax_rule_no=rule_no))
    return [item for item in items if item.amount_open]


def contracts_with_fees(
    session: Session, snapshot: Snapshot, *, through: date
) -> list[int]:
    """Return the contracts of which a month that was never billed begins by a day."""
    lines = snapshot.lines_of_method(BillingMethod.RECURRING)
    recorded = _recorded(session, lines)
    return sorted(
        {
            line.contract_no
            for line in lines
            if any(
                (line.no, month.id) not in recorded for month in _months(line, through)
            )
        }
    )


def record_fees(session: Session, assembled: Assembled) -> None:
    """Record the months on an invoice, so that they can be billed and credited.

    The amount is that of the month, whatever part of it the invoice bills.
    """
    # A month that several customers share is one month.
    fees = {line.item.work: line.item for line in reversed(assembled.lines)}
    items = [item for item in fees.values() if item.fee_from is not None]
    months = [_month(item) for item in items]
    if items:
        session.run(
            QUERIES["insert_months"],
            contract_no=assembled.terms.contract_no,
            kind=AmountKind.RECURRING_MONTH,
            currency=currency_of(assembled.currency).number,
            contract_line_no=[item.contract_line_no for item in items],
            milestone=[item.milestone for item in items],
            first_day=[month.first_day for month in months],
            last_day=[month.last_day for month in months],
            month_days=[month.month_days for month in months],
            monthly_amount=[item.fee_monthly for item in items],
            amount=[item.amount_total for item in items],
            tax_rule_no=[item.tax_rule_no for item in items],
        )


def _month(item: OpenItem) -> FeeMonth:
    assert item.fee_from is not None  # noqa: S101 - a fee has both days
    assert item.fee_through is not None  # noqa: S101 - a fee has both days
    return FeeMonth(item.fee_from, item.fee_through)


def _recorded(
    session: Session, lines: Iterable[LineInForce]
) -> dict[tuple[int, str], int]:
    """Return the months that were billed once, with the fee of a whole month then."""
    nos = [line.no for line in lines]
    if not nos:
        return {}
    rows = session.tuples(QUERIES["recorded_months"], contract_line_nos=nos)
    return {(line_no, milestone): monthly for line_no, milestone, monthly in rows}


def _months(line: LineInForce, through: date) -> Iterable[FeeMonth]:
    terms = line.content
    if terms.start is None or terms.end is None:  # pragma: no cover - refused before
        return ()
    return fee_months(terms.start, terms.end, through=through)


def _items(
    snapshot: Snapshot,
    line: LineInForce,
    through: date,
    recorded: Mapping[tuple[int, str], int],
) -> Iterator[OpenItem]:
    currency = currency_of_contract(snapshot, line.contract_no)
    months = []
    for month in _months(line, through):
        monthly = recorded.get((line.no, month.id))
        if monthly is None:
            monthly = minor_units(fee_on(snapshot, line, month.first_day), currency)
        months.append((month, monthly))
    entity_no = snapshot.contract(line.contract_no).entity_no
    fees = fees_in_steps(months, snapshot.rounding(entity_no))
    for (month, monthly), fee in zip(months, fees, strict=True):
        if (line.no, month.id) not in recorded:
            yield _item(line, month, currency, monthly=monthly, amount=fee)


def _item(
    line: LineInForce, month: FeeMonth, currency: Currency, *, monthly: int, amount: int
) -> OpenItem:
    return OpenItem(
        contract_line_no=line.no,
        entry_no=None,
        revision=None,
        part=None,
        milestone=month.id,
        kind=AmountKind.RECURRING_MONTH,
        dated=month.first_day,
        approved_at=datetime.combine(month.first_day, time(), tzinfo=UTC),
        source_id=month.id,
        project_no=None,
        person_no=None,
        tax_rule_no=None,
        currency=currency.number,
        seconds_total=0,
        seconds_billed=0,
        rate_amount=0,
        rate_seconds=1,
        amount_open=amount,
        accrued=0,
        accrued_entity=0,
        amount_total=amount,
        fee_from=month.first_day,
        fee_through=month.last_day,
        fee_monthly=monthly,
    )
