"""Hold what work is done for, as columns: entities, customers, contracts, projects.

Each table has a row per version; `rows.at(dense id, day)` finds the row in force, and
the last row stands for "not known", so a gather by NOTHING stays harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.codes import BillingMethod
from hourline.kernel.columns import NOTHING, Flags, Ints, ended, flags
from hourline.kernel.effective import Effective
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.kernel.money import (
    AmountTooFine,
    Currency,
    CurrencyNotKnown,
    Rounding,
    currency_of,
    minor_units,
)
from hourline.master.model import (
    Contract,
    ContractLine,
    CostCentre,
    Customer,
    LegalEntity,
    Project,
    ServiceLine,
)
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

_METHODS = {
    "time_and_materials": BillingMethod.TIME_AND_MATERIALS,
    "fixed_price": BillingMethod.FIXED_PRICE,
    "retainer": BillingMethod.RETAINER,
    "recurring": BillingMethod.RECURRING,
    "non_billable": BillingMethod.NON_BILLABLE,
}
_BILLED_BY_AMOUNT = {"retainer", "recurring"}
# A tolerance beyond these would accept any bill.
_HOURS_MAX, _PERCENT_MAX = 744, 100
# More than anything can cost.
_AMOUNT_MAX = 2**62
# More days than lie between any two that can be written.
_NEVER_LATE = 10**6
_ROUNDINGS = {rounding.name.lower(): rounding for rounding in Rounding}


@dataclass(frozen=True, slots=True)
class EntityColumns:
    """Hold legal entities by version.

    `late_days_max` is beyond every day but in master data that arrivals are decided
    with, where it is `late_days_stated`; see `holding_late_work`. `late_amount_max` is
    in minor units, NOTHING where no amount is asked, and there likewise. `price_right`
    says where prices set by hand wait, in the master data of `holding_prices` alone.
    """

    no: Ints
    rows: Effective
    currency: Ints
    decimals: Ints
    rounding: Ints
    requires_cost_centre: Flags
    requires_service_line: Flags
    receipts_above: Ints
    late_days_max: Ints
    late_days_stated: Ints
    late_amount_max: Ints
    late_amount_stated: Ints
    price_right: Flags
    price_right_stated: Flags


@dataclass(frozen=True, slots=True)
class CustomerColumns:
    """Hold customers by version."""

    no: Ints
    rows: Effective


@dataclass(frozen=True, slots=True)
class ContractColumns:
    """Hold contracts by version; entity and customer are dense ids.

    `currency` is the stated ISO number, NOTHING where the entity's currency holds.
    """

    no: Ints
    rows: Effective
    entity: Ints
    customer: Ints
    currency: Ints


@dataclass(frozen=True, slots=True)
class LineColumns:
    """Hold contract lines by version; contract is a dense id.

    Numerator and denominator are what prices are multiplied with. `cost_plus_ppm` is
    a price in millionths of the cost, NOTHING where it is by bill rate.
    """

    no: Ints
    rows: Effective
    contract: Ints
    method: Ints
    accrues: Flags
    price_numerator: Ints
    price_denominator: Ints
    cost_plus_ppm: Ints


@dataclass(frozen=True, slots=True)
class ProjectColumns:
    """Hold projects by version; line is a dense id, `allowed` row and activity."""

    no: Ints
    rows: Effective
    line: Ints
    billable: Flags
    closed: Flags
    assigned_only: Flags
    cost_centre: Ints
    service_line: Ints
    lists_activities: Flags
    allowed: KeyIndex
    allowed_billable: Flags


def entity_currency(id_: str, entity: LegalEntity) -> Currency:
    """Return the currency of an entity's books; raise UnusableRecord."""
    return stated_currency("legal_entity", id_, entity.currency)


def stated_currency(kind: str, id_: str, code: str) -> Currency:
    """Return the currency a record states; raise UnusableRecord naming it."""
    try:
        return currency_of(code)
    except CurrencyNotKnown as error:
        raise UnusableRecord(
            kind,
            id_,
            why=f"currency {error}",
            remedy="Correct the currency of the record in the system that owns it.",
        ) from None


def entity_columns(entities: Timeline[LegalEntity]) -> EntityColumns:
    """Return entities as columns."""
    spans = entities.spans
    for span in spans:
        _refuse_tolerances(entities.id_of(span), span.content)
    money = [entity_currency(entities.id_of(span), span.content) for span in spans]
    required = [span.content.required_dimensions for span in spans]
    return EntityColumns(
        no=entities.no_column(),
        rows=entities.rows(),
        currency=ended([currency.number for currency in money]),
        decimals=ended([currency.decimals for currency in money], 0),
        rounding=ended(
            [_ROUNDINGS[span.content.money_rounding] for span in spans],
            Rounding.HALF_UP,
        ),
        requires_cost_centre=flags(["cost_centre" in names for names in required]),
        requires_service_line=flags(["service_line" in names for names in required]),
        receipts_above=ended(
            [
                _receipts_above(entities.id_of(span), span.content, currency)
                for span, currency in zip(spans, money, strict=True)
            ],
            _AMOUNT_MAX,
        ),
        late_days_max=ended([_NEVER_LATE] * len(spans), _NEVER_LATE),
        late_days_stated=ended(
            [_late_days_max(entities.id_of(span), span.content) for span in spans],
            _NEVER_LATE,
        ),
        late_amount_max=ended([NOTHING] * len(spans)),
        late_amount_stated=ended(
            [
                _late_amount_max(entities.id_of(span), span.content, currency)
                for span, currency in zip(spans, money, strict=True)
            ]
        ),
        price_right=flags([False for _ in spans]),
        price_right_stated=flags([span.content.price_right for span in spans]),
    )


def _late_days_max(id_: str, entity: LegalEntity) -> int:
    """Return how many days late work may be to be booked by itself."""
    stated = entity.late_days_max
    if stated is None:
        return _NEVER_LATE
    if 0 <= stated < _NEVER_LATE:
        return stated
    raise UnusableRecord(
        "legal_entity",
        id_,
        why=f"late_days_max of {stated} is not between 0 and {_NEVER_LATE - 1}",
        remedy="Correct it, or leave it out where late work is always booked.",
    )


def _late_amount_max(id_: str, entity: LegalEntity, currency: Currency) -> int:
    """Return how many minor units are booked late by themselves, NOTHING for any."""
    stated = entity.late_amount_max
    if stated is None:
        return NOTHING
    return _amount(
        id_,
        ("late_amount_max", stated, currency),
        why=f"late_amount_max of {stated}",
        else_out="any amount is booked late",
    )


def _refuse_tolerances(id_: str, entity: LegalEntity) -> None:
    """Raise UnusableRecord for a tolerance below nothing or above any line."""
    for name, stated, most in (
        ("vendor_hours_tolerance", entity.vendor_hours_tolerance, _HOURS_MAX),
        ("vendor_percent_tolerance", entity.vendor_percent_tolerance, _PERCENT_MAX),
    ):
        if not 0 <= stated <= most:
            raise UnusableRecord(
                "legal_entity",
                id_,
                why=f"{name} of {stated} is not between 0 and {most}",
                remedy=f"Correct {name}, or leave it out where nothing may differ.",
            )


def _receipts_above(id_: str, entity: LegalEntity, currency: Currency) -> int:
    """Return up to which minor units an expense needs no receipt."""
    stated = entity.receipts_above
    if stated is None:
        return _AMOUNT_MAX
    return _amount(
        id_,
        ("receipts_above", stated, currency),
        why=f"receipts above {stated}",
        else_out="no expense needs a receipt",
    )


def _amount(
    id_: str, of: tuple[str, Decimal, Currency], *, why: str, else_out: str
) -> int:
    """Return what a field states in minor units; raise UnusableRecord for no amount."""
    field, stated, currency = of
    try:
        amount = minor_units(stated, currency)
    except AmountTooFine:
        amount = -1
    if 0 <= amount < _AMOUNT_MAX:
        return amount
    raise UnusableRecord(
        "legal_entity",
        id_,
        why=f"{why} is no amount of {currency.code} from 0",
        remedy=f"State {field} with {currency.decimals} decimals at most, or leave it"
        f" out where {else_out}.",
    )


def contract_columns(
    contracts: Timeline[Contract],
    *,
    entities: Timeline[LegalEntity],
    customers: Timeline[Customer],
) -> ContractColumns:
    """Return contracts as columns."""
    spans = contracts.spans
    return ContractColumns(
        no=contracts.no_column(),
        rows=contracts.rows(),
        entity=ended([entities.find(span.content.entity) for span in spans]),
        customer=ended([customers.find(span.content.customer) for span in spans]),
        currency=ended(
            [
                NOTHING
                if span.content.currency is None
                else stated_currency(
                    "contract", contracts.id_of(span), span.content.currency
                ).number
                for span in spans
            ]
        ),
    )


def line_columns(
    lines: Timeline[ContractLine],
    contracts: Timeline[Contract],
    *,
    price_factors: Sequence[Fraction],
    cost_plus: list[int],
) -> LineColumns:
    """Return contract lines as columns; raise UnusableRecord for a fee without one."""
    spans = lines.spans
    for span in spans:
        _refuse_no_amount(lines.id_of(span), span.content)
    return LineColumns(
        no=lines.no_column(),
        rows=lines.rows(),
        contract=ended([contracts.find(span.content.contract) for span in spans]),
        method=ended([_METHODS[span.content.method] for span in spans]),
        accrues=flags([span.content.accrue for span in spans]),
        price_numerator=ended([factor.numerator for factor in price_factors], 1),
        price_denominator=ended([factor.denominator for factor in price_factors], 1),
        cost_plus_ppm=ended(cost_plus),
    )


def _refuse_no_amount(id_: str, line: ContractLine) -> None:
    if line.method in _BILLED_BY_AMOUNT and not (line.amount and line.amount > 0):
        raise UnusableRecord(
            "contract_line",
            id_,
            why=f"a {line.method} line needs an amount above 0",
            remedy="Give the line its amount, or another method.",
        )


def project_columns(
    projects: Timeline[Project],
    *,
    lines: Timeline[ContractLine],
    cost_centres: Timeline[CostCentre],
    service_lines: Timeline[ServiceLine],
    activities: dict[str | None, int],
) -> ProjectColumns:
    """Return projects as columns; activities are numbered by the given codes."""
    contents = [span.content for span in projects.spans]
    listed = [
        (row, activities[activity.id], activity.billable)
        for row, content in enumerate(contents)
        for activity in content.activities
    ]
    allowed, positions = key_index(
        [
            ended([row for row, _, _ in listed])[:-1],
            ended([code for _, code, _ in listed])[:-1],
        ],
        [len(contents), len(activities)],
    )
    billable = [False] * allowed.count
    for position, (_, _, is_billable) in zip(positions, listed, strict=True):
        billable[position] = is_billable
    return ProjectColumns(
        no=projects.no_column(),
        rows=projects.rows(),
        line=ended([lines.find(content.contract_line) for content in contents]),
        billable=flags([content.billable for content in contents]),
        closed=flags([content.status == "closed" for content in contents]),
        assigned_only=flags([content.assigned_only for content in contents]),
        cost_centre=ended([cost_centres.find(item.cost_centre) for item in contents]),
        service_line=ended(
            [service_lines.find(item.service_line) for item in contents]
        ),
        lists_activities=flags([bool(content.activities) for content in contents]),
        allowed=allowed,
        allowed_billable=flags(billable),
    )
