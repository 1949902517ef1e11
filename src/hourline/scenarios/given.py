"""Turn the rows of `given` into changes of master data, in the order they depend."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from hourline.kernel.codes import Role
from hourline.master.service import MasterChange
from hourline.scenarios.dated_records import Dated, DatedRecords
from hourline.scenarios.format.given import (
    ContractRow,
    CustomerRow,
    EntityRow,
    FxRow,
    Given,
    HourTypeRow,
    IntercompanyRow,
    LineRow,
    MasterRow,
    PeriodRow,
    PersonRow,
    PrepaidRow,
    ProjectRow,
    RateRow,
    TaxRow,
)

# The one kind of hour there is where a scenario lists none.
REGULAR = HourTypeRow(id="regular")
ROUTED = ("invoice", "credit_note", "journal")


class MasterRows:
    """Give each row of a scenario its record of master data."""

    def __init__(self, *, receiving_connection: str) -> None:
        """Send every document to the connection of this name."""
        self._receiving_connection = receiving_connection
        self._rates: DatedRecords[RateRow] = DatedRecords("rate")
        self._tax: DatedRecords[TaxRow] = DatedRecords("tax")
        self._tax_order: dict[str, int] = {}

    def of_given(self, given: Given) -> list[MasterChange]:
        """Return everything a scenario starts with."""
        types = given.hour_types
        if REGULAR.id not in {row.id for row in types}:
            types = (REGULAR, *types)
        changes = [self._route(document) for document in ROUTED]
        rows: tuple[Iterable[MasterRow], ...] = (
            given.entities,
            given.customers,
            given.people,
            given.contracts,
            given.projects,
            types,
            given.tax,
            given.fx,
        )
        for kind in rows:
            for row in kind:
                changes += self.of_row(row)
        for rate in given.rates:
            changes += self.of_rate(rate)
        return [*changes, *(_period(row) for row in given.periods)]

    def of_row(self, row: MasterRow) -> list[MasterChange]:
        """Return the changes that make a row known, whether it is new or not."""
        match row:
            case EntityRow():
                return _entity(row)
            case CustomerRow():
                fields = {"country": row.country, "tax_id": row.tax_id}
                return [_change("customer", row.id, fields)]
            case PersonRow():
                return _person(row)
            case ContractRow():
                return _contract(row)
            case ProjectRow():
                return [_project(row)]
            case HourTypeRow():
                factors = {"bill_factor": row.bill_factor}
                factors["cost_factor"] = row.cost_factor
                return [_change("hour_type", row.id, factors)]
            case TaxRow():
                return self._tax_rule(row)
            case FxRow():
                return [_fx(row)]
            case IntercompanyRow() | PrepaidRow():
                raise NotImplementedError(f"{type(row).__name__} is refused on reading")

    def of_rate(self, row: RateRow) -> list[MasterChange]:
        """Return the changes that publish a bill rate; an equal older row ends."""
        placed = self._rates.place(row.key, row, starts=row.starts, ends=row.ends)
        return [_dated("bill_rate", one, _rate_fields(one.row)) for one in placed]

    def _tax_rule(self, row: TaxRow) -> list[MasterChange]:
        placed = self._tax.place(row.key, row, starts=row.starts, ends=row.ends)
        return [
            _dated("tax_rule", one, {**_tax_fields(one.row), "order": self._order(one)})
            for one in placed
        ]

    def _order(self, placed: Dated[TaxRow]) -> int:
        return self._tax_order.setdefault(placed.record_id, len(self._tax_order) + 1)

    def _route(self, document: str) -> MasterChange:
        fields = {"document": document, "connection": self._receiving_connection}
        return _change("target_route", document, fields)


def period_change(entity: str, period: str, *, status: str) -> MasterChange:
    """Return the change that opens or closes a posting period."""
    fields = {"entity": entity, "period": period, "status": status}
    return _change("posting_period", f"{entity}:{period}", fields)


def _period(row: PeriodRow) -> MasterChange:
    return period_change(row.entity, row.period, status=row.status)


def _change(
    kind: str,
    record_id: str,
    fields: dict[str, object],
    *,
    starts: date = date.min,
    ends: date = date.max,
) -> MasterChange:
    return MasterChange(
        kind,
        record_id,
        record_id,
        fields=fields,
        effective_from=starts,
        effective_until=ends,
    )


def _dated(
    kind: str, placed: Dated[RateRow] | Dated[TaxRow], fields: dict[str, object]
) -> MasterChange:
    return _change(
        kind, placed.record_id, fields, starts=placed.starts, ends=placed.ends
    )


def _entity(row: EntityRow) -> list[MasterChange]:
    fields: dict[str, object] = {
        "country": row.country,
        "currency": row.currency,
        "tax_id": row.tax_id,
        "tax_rounding": row.tax_rounding,
        "money_rounding": row.money_rounding,
    }
    # The chart of accounts of a scenario: each role is an account of its own.
    accounts = [
        _change(
            "ledger_account",
            f"{row.id}:{role.name.lower()}",
            {
                "entity": row.id,
                "role": role.name.lower(),
                "number": role.name.lower(),
            },
        )
        for role in Role
    ]
    return [_change("legal_entity", row.id, fields), *accounts]


def _person(row: PersonRow) -> list[MasterChange]:
    person = _change("person", row.id, {"entity": row.entity, "role": row.role})
    dated: list[tuple[Decimal, date, date]] = [
        (rate.rate, rate.starts, rate.ends)
        for rate in sorted(row.cost_rates, key=lambda rate: rate.starts)
    ]
    if row.cost_rate is not None:
        dated = [(row.cost_rate, date.min, date.max)]
    return [
        person,
        *(
            _change(
                "cost_rate",
                row.id,
                {"person": row.id, "rate": plain(rate)},
                starts=starts,
                ends=ends,
            )
            for rate, starts, ends in dated
        ),
    ]


def _contract(row: ContractRow) -> list[MasterChange]:
    contract = {
        "customer": row.customer,
        "entity": row.entity,
        "currency": row.currency,
    }
    lines = [_change("contract_line", line.id, _line(row, line)) for line in row.lines]
    return [_change("contract", row.id, dict(contract)), *lines]


def _line(contract: ContractRow, line: LineRow) -> dict[str, object]:
    return {
        "contract": contract.id,
        "method": line.method,
        "accrue": line.accrue,
        "price": None if line.price is None else plain(line.price),
        "milestones": [
            {
                "id": milestone.id,
                "amount": plain(milestone.amount),
                "date": milestone.due_on,
            }
            for milestone in line.milestones
        ],
    }


def _project(row: ProjectRow) -> MasterChange:
    fields = {
        "contract_line": row.contract_line,
        "billable": row.billable,
        "status": row.status,
        "activities": [
            {"id": activity.id, "billable": activity.billable}
            for activity in row.activities
        ],
    }
    return _change("project", row.id, fields)


def _rate_fields(row: RateRow) -> dict[str, object]:
    hours = row.hours_per_day
    return {
        "currency": row.currency,
        "rate": plain(row.rate),
        "per": row.per,
        "hours_per_day": None if hours is None else plain(hours),
        "contract_line": row.contract_line,
        "contract": row.contract,
        "project": row.project,
        "customer": row.customer,
        "entity": row.entity,
        "person": row.person,
        "role": row.role,
        "activity": row.activity,
    }


def _tax_fields(row: TaxRow) -> dict[str, object]:
    return {
        "rate": plain(row.rate),
        "code": row.code,
        "reason": row.reason,
        "entity_country": row.entity_country,
        "customer_country": row.customer_country,
        "customer_has_tax_id": row.customer_has_tax_id,
        "contract_line": row.contract_line,
        "service": row.service,
        "customer": row.customer,
    }


def _fx(row: FxRow) -> MasterChange:
    fields: dict[str, object] = {
        "from_currency": row.from_currency,
        "to_currency": row.to_currency,
        "rate": plain(row.rate),
    }
    # A record of its own for each day: of two that hold, the one that began later wins.
    record_id = f"{row.from_currency}-{row.to_currency}:{row.starts}"
    return _change("fx_rate", record_id, fields, starts=row.starts)


def plain(figure: Decimal) -> Decimal:
    """Return a figure of a file as an ordinary decimal."""
    return Decimal(figure)
