"""Read what of a contract may be allotted, and record what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor

from hourline.billing.model_allotted import (
    Allotted,
    Invoiced,
    Level,
    PartAmounts,
    PortionKey,
    Work,
)
from hourline.billing.open_item import WHOLE_PPM
from hourline.billing.rules.accrual import Accrual, worth_of_time
from hourline.billing.store import CODES, QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Role
from hourline.kernel.quantity import PRICE_SCALE, value_of

# In the order of the query `allotted_over`.
_OVER = {
    Level.LINE_DAY: "over_line_day",
    Level.CONTRACT_DAY: "over_contract_day",
    Level.LINE_MONTH: "over_line_month",
    Level.LINE_CUSTOMER: "over_line_customer",
    Level.LINE: "over_line",
    Level.CONTRACT_MONTH: "over_contract_month",
    Level.CONTRACT_CUSTOMER: "over_contract_customer",
    Level.CONTRACT: "over_contract",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allottable:
    """Hold a billable portion with its balance, in its measure, as it stands.

    Time counts in seconds, an expense in units. `ended` says that the revision counts
    no longer, `shared` that several customers are billed; what is open for some of them
    only is `weight_uneven`, by their shares, in millionths.
    """

    contract_line_no: int
    entry_no: int
    revision: int
    part: int
    dated: date
    approved_at: datetime
    source_id: str
    entity_no: int
    accounting_date: date
    project_no: int
    person_no: int
    currency: int
    rate_amount: int
    rate_seconds: int
    seconds_total: int
    units_total: int
    billed: int
    given_up: int
    unit_numerator: Decimal
    unit_denominator: Decimal
    accrued: int
    accrued_entity: int
    ended: bool
    amount_prepaid: int
    amount_over: int
    weight_uneven: int
    shared: bool = False

    @property
    def key(self) -> PortionKey:
        """Return what names the portion."""
        return self.entry_no, self.revision, self.part

    @property
    def whole(self) -> int:
        """Return all of the portion in its measure."""
        return self.seconds_total + self.units_total

    @property
    def accrual(self) -> Accrual:
        """Return what the whole portion accrued."""
        return Accrual(
            amount=self.accrued,
            entity=self.accrued_entity,
            whole=self.whole,
            exact=worth_of_time(
                self.seconds_total,
                rate_amount=self.rate_amount,
                rate_seconds=self.rate_seconds,
            ),
            shared=self.shared,
        )

    @property
    def settled(self) -> Fraction | int:
        """Return what accrues no longer, billed or given up, but for what is allotted.

        What is open for some customers counts by their shares.
        """
        return self.billed + self.given_up - Fraction(self.weight_uneven, WHOLE_PPM)

    @property
    def work(self) -> Work:
        """Return what of it may be allotted."""
        left = self.whole - self.billed - self.given_up
        return Work(
            contract_line_no=self.contract_line_no,
            entry_no=self.entry_no,
            revision=self.revision,
            part=self.part,
            person_no=self.person_no,
            dated=self.dated,
            approved_at=self.approved_at,
            source_id=self.source_id,
            seconds=0 if self.units_total else left,
            units=left if self.units_total else 0,
            second_worth=value_of(
                1, rate_amount=self.rate_amount, rate_seconds=self.rate_seconds
            ),
            unit_worth=Fraction(self.unit_numerator) / Fraction(self.unit_denominator),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold how the allotment of a portion changes, and where that is booked.

    The accruals are what is taken back, below zero what accrues again, in the
    contract's currency and in the entity's.
    """

    allotment_no: int
    of: Allottable
    before: Allotted
    after: Allotted
    amounts: PartAmounts
    accrual: int
    accrual_entity: int
    accounting_date: date

    @property
    def used(self) -> list[tuple[int, int]]:
        """Return by how many seconds more or less each block is used."""
        more = dict(self.after.prepaid)
        for block_no, seconds in self.before.prepaid:
            more[block_no] = more.get(block_no, 0) - seconds
        return [(block_no, seconds) for block_no, seconds in more.items() if seconds]


def read_allottable(session: Session, contract_no: int) -> list[Allottable]:
    """Return the portions of a contract that may be allotted or are."""
    return session.all(
        QUERIES["allottable_work"], Allottable, contract_no=contract_no, **CODES
    )


def read_allotted(session: Session, contract_no: int) -> dict[PortionKey, Allotted]:
    """Return what is allotted of the portions of a contract, as the facts say."""
    over = {
        (entry_no, revision, part): tuple(
            (level, quantity)
            for level, quantity in zip(_OVER, quantities, strict=True)
            if quantity
        )
        for entry_no, revision, part, *quantities in session.tuples(
            QUERIES["allotted_over"], contract_no=contract_no
        )
    }
    used: dict[PortionKey, list[tuple[int, int]]] = {}
    for entry_no, revision, part, block_no, seconds in session.tuples(
        QUERIES["blocks_used"], contract_no=contract_no
    ):
        used.setdefault((entry_no, revision, part), []).append((block_no, seconds))
    return {
        key: Allotted(
            prepaid=tuple(sorted(used.get(key, ()))),
            over_limits=over.get(key, ()),
        )
        for key in {*over, *used}
    }


def read_invoiced_work(session: Session, contract_no: int) -> dict[int, Invoiced]:
    """Return what stands on invoices for the work of each line of a contract."""
    lines: dict[int, Invoiced] = {}
    for line_no, *price, seconds, units, by_hand, net in session.tuples(
        QUERIES["work_invoiced"], contract_no=contract_no, **CODES
    ):
        worth = Fraction(seconds * price[0], price[1] * PRICE_SCALE)
        _add(lines, line_no, Invoiced(worth, worth + units, by_hand, net))
    for line_no, numerator, denominator in session.tuples(
        QUERIES["expenses_invoiced"], contract_no=contract_no
    ):
        worth = Fraction(numerator) / Fraction(denominator)
        _add(lines, line_no, Invoiced(worth))
    return lines


def _add(lines: dict[int, Invoiced], line_no: int, more: Invoiced) -> None:
    before = lines.get(line_no, Invoiced())
    lines[line_no] = Invoiced(
        before.exact + more.exact,
        before.counted + more.counted,
        before.by_hand + more.by_hand,
        before.net + more.net,
    )


def read_net_invoiced(session: Session, contract_no: int) -> dict[int, int]:
    """Return what was invoiced less credits for the work of each line, net."""
    return dict(session.tuples(QUERIES["net_invoiced"], contract_no=contract_no))


def read_net_kept(session: Session, contract_no: int) -> dict[int, int]:
    """Return what is or may be on invoices for the work of each line, net.

    What was credited to one of several customers, and stands for others, is open to
    bill to that one, whatever the limits say by then.
    """
    nets = read_net_invoiced(session, contract_no)
    kept = {
        line_no: floor(line.exact) + line.by_hand
        for line_no, line in read_invoiced_work(session, contract_no).items()
    }
    return {
        line_no: max(nets.get(line_no, 0), kept.get(line_no, 0))
        for line_no in {*nets, *kept}
    }


def new_numbers(session: Session, count: int) -> list[int]:
    """Return numbers for so many acts."""
    rows = session.tuples(QUERIES["allotment_numbers"], count=count)
    return [number for (number,) in rows]


def record_changes(
    session: Session,
    contract_no: int,
    changes: Sequence[Change],
    *,
    change_no: int,
    entity_currencies: Mapping[int, int],
) -> None:
    """Record what changed: the acts, the blocks used, the balances and the accruals.

    `change_no` says which master data the limits and blocks were taken from.
    """
    _record_acts(session, contract_no, changes, change_no)
    _keep_balances(session, changes)
    _book(session, contract_no, changes, entity_currencies)


def _record_acts(
    session: Session, contract_no: int, changes: Sequence[Change], change_no: int
) -> None:
    keys = {
        "entry_no": [one.of.entry_no for one in changes],
        "revision": [one.of.revision for one in changes],
        "part": [one.of.part for one in changes],
    }
    before_after = [(one.before, one.after) for one in changes]
    session.load(
        "allotment_act",
        {
            "allotment_no": [one.allotment_no for one in changes],
            "contract_no": [contract_no] * len(changes),
            **keys,
            "prepaid": [b.prepaid_seconds - a.prepaid_seconds for a, b in before_after],
            **{
                column: [b.over_of(level) - a.over_of(level) for a, b in before_after]
                for level, column in _OVER.items()
            },
            "amount_prepaid": [
                one.amounts.prepaid - one.of.amount_prepaid for one in changes
            ],
            "amount_over": [one.amounts.over - one.of.amount_over for one in changes],
            "accrual_reversed": [one.accrual for one in changes],
            "change_no": [change_no] * len(changes),
        },
    )
    used = [(one, *use) for one in changes for use in one.used]
    session.load(
        "block_use",
        {
            "allotment_no": [one.allotment_no for one, _, _ in used],
            "block_no": [block_no for _, block_no, _ in used],
            "contract_no": [contract_no] * len(used),
            "entry_no": [one.of.entry_no for one, _, _ in used],
            "revision": [one.of.revision for one, _, _ in used],
            "part": [one.of.part for one, _, _ in used],
            "seconds": [seconds for _, _, seconds in used],
        },
    )


def _keep_balances(session: Session, changes: Sequence[Change]) -> None:
    session.run(
        QUERIES["keep_allotted"],
        entry_no=[one.of.entry_no for one in changes],
        revision=[one.of.revision for one in changes],
        part=[one.of.part for one in changes],
        seconds=[one.of.seconds_total for one in changes],
        units=[one.of.units_total for one in changes],
        seconds_prepaid=[one.after.prepaid_seconds for one in changes],
        amount_prepaid=[one.amounts.prepaid for one in changes],
        seconds_over=[0 if one.of.units_total else one.after.over for one in changes],
        amount_over=[one.amounts.over for one in changes],
    )


def _book(
    session: Session,
    contract_no: int,
    changes: Sequence[Change],
    entity_currencies: Mapping[int, int],
) -> None:
    booked = [one for one in changes if (one.accrual, one.accrual_entity) != (0, 0)]
    back = [(one.accrual, one.accrual_entity) > (0, 0) for one in booked]
    wip, accrued = int(Role.WIP), int(Role.ACCRUED_REVENUE)
    effects = {True: int(Effect.ACCRUAL_REVERSAL), False: int(Effect.ACCRUAL)}
    now = session.value(QUERIES["transaction_time"], datetime)
    count = len(booked)
    session.load(
        "journal_line",
        {
            "cause": [int(Cause.ALLOTMENT)] * count,
            "cause_no": [one.allotment_no for one in booked],
            "cause_revision": [0] * count,
            "part": [0] * count,
            "effect": [effects[is_back] for is_back in back],
            "mirror": [False] * count,
            "entity_no": [one.of.entity_no for one in booked],
            "contract_no": [contract_no] * count,
            "project_no": [one.of.project_no for one in booked],
            "person_no": [one.of.person_no for one in booked],
            "debit": [accrued if is_back else wip for is_back in back],
            "credit": [wip if is_back else accrued for is_back in back],
            "currency": [one.of.currency for one in booked],
            "amount": [abs(one.accrual) for one in booked],
            "entity_currency": [entity_currencies[one.of.entity_no] for one in booked],
            "entity_amount": [abs(one.accrual_entity) for one in booked],
            "accounting_date": [one.accounting_date for one in booked],
            "document_date": [one.of.dated for one in booked],
            "recorded_at": [now] * count,
        },
    )
