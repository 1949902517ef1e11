"""Write single rows of a scenario as changes of master data; every field is named."""

from datetime import date
from decimal import Decimal
from functools import singledispatch

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Role
from hourline.scenarios.format.given import (
    ContractRow,
    CustomerRow,
    EntityRow,
    FxRow,
    HourTypeRow,
    LineRow,
    MasterRow,
    PeriodRow,
    PersonRow,
    ProjectRow,
    RateRow,
    TaxRow,
    VendorRow,
)

Fields = dict[str, object]


def change(
    kind: str,
    record_id: str,
    fields: Fields,
    *,
    starts: date = date.min,
    ends: date = date.max,
) -> MasterChange:
    """Return the change of a record that is called the same everywhere."""
    return MasterChange(
        kind,
        record_id,
        record_id,
        fields=fields,
        effective_from=starts,
        effective_until=ends,
    )


@singledispatch
def changes_of(row: MasterRow) -> list[MasterChange]:
    """Return the changes that make a row known, whether it is new or not."""
    raise NotImplementedError(f"{type(row).__name__} is refused on reading")


@changes_of.register
def _entity(row: EntityRow) -> list[MasterChange]:
    fields: Fields = {
        "country": row.country,
        "currency": str(row.currency),
        "tax_id": row.tax_id,
        "tax_rounding": row.tax_rounding,
        "money_rounding": row.money_rounding,
        "receipts_above": plain(row.receipts_above),
        "vendor_hours_tolerance": plain(row.vendor_hours_tolerance),
        "vendor_percent_tolerance": plain(row.vendor_percent_tolerance),
    }
    accounts = [_account(row.id, role.name.lower()) for role in Role]
    return [change("legal_entity", row.id, fields), *accounts]


def _account(entity: str, role: str) -> MasterChange:
    """Return the chart of accounts of a scenario: each role is an account."""
    fields: Fields = {"entity": entity, "role": role, "number": role}
    return change("ledger_account", f"{entity}:{role}", fields)


@changes_of.register
def _customer(row: CustomerRow) -> list[MasterChange]:
    fields: Fields = {"country": row.country, "tax_id": row.tax_id}
    return [change("customer", row.id, fields)]


@changes_of.register
def _vendor(row: VendorRow) -> list[MasterChange]:
    fields: Fields = {
        "country": row.country,
        "currency": None if row.currency is None else str(row.currency),
        "tax_id": row.tax_id,
    }
    return [change("vendor", row.id, fields)]


@changes_of.register
def _person(row: PersonRow) -> list[MasterChange]:
    fields: Fields = {"entity": row.entity, "role": row.role, "vendor": row.vendor}
    return [change("person", row.id, fields), *_cost_rates(row)]


def _cost_rates(row: PersonRow) -> list[MasterChange]:
    dated = [(rate.rate, rate.starts, rate.ends) for rate in row.cost_rates]
    if row.cost_rate is not None:
        dated = [(row.cost_rate, date.min, date.max)]
    # A version recorded later ends what began after it, so the earliest goes first.
    return [
        change(
            "cost_rate",
            row.id,
            {"person": row.id, "rate": plain(rate)},
            starts=starts,
            ends=ends,
        )
        for rate, starts, ends in sorted(dated, key=lambda one: one[1])
    ]


@changes_of.register
def _contract(row: ContractRow) -> list[MasterChange]:
    fields: Fields = {
        "customer": row.customer,
        "entity": row.entity,
        "currency": None if row.currency is None else str(row.currency),
    }
    lines = [change("contract_line", line.id, _line(row, line)) for line in row.lines]
    return [change("contract", row.id, fields), *lines]


def _line(contract: ContractRow, line: LineRow) -> Fields:
    milestones = [
        {"id": one.id, "amount": plain(one.amount), "date": one.due_on}
        for one in line.milestones
    ]
    return {
        "contract": contract.id,
        "method": line.method,
        "accrue": line.accrue,
        "price": plain(line.price),
        "milestones": milestones,
    }


@changes_of.register
def _project(row: ProjectRow) -> list[MasterChange]:
    activities = [{"id": one.id, "billable": one.billable} for one in row.activities]
    fields: Fields = {
        "contract_line": row.contract_line,
        "billable": row.billable,
        "status": row.status,
        "activities": activities,
    }
    return [change("project", row.id, fields)]


@changes_of.register
def _hour_type(row: HourTypeRow) -> list[MasterChange]:
    fields: Fields = {
        "bill_factor": plain(row.bill_factor),
        "cost_factor": plain(row.cost_factor),
    }
    return [change("hour_type", row.id, fields)]


@changes_of.register
def _fx(row: FxRow) -> list[MasterChange]:
    fields: Fields = {
        "from_currency": str(row.from_currency),
        "to_currency": str(row.to_currency),
        "rate": plain(row.rate),
    }
    # A record of its own for each day: of two that hold, the one that began later wins.
    record_id = f"{row.from_currency}-{row.to_currency}:{row.starts}"
    return [change("fx_rate", record_id, fields, starts=row.starts)]


def period_change(entity: str, period: str, *, status: str) -> MasterChange:
    """Return the change that opens or closes a posting period."""
    fields: Fields = {"entity": entity, "period": str(period), "status": status}
    return change("posting_period", f"{entity}:{period}", fields)


def period_row_change(row: PeriodRow) -> MasterChange:
    """Return the change that says of a posting period what its row says."""
    return period_change(row.entity, row.period, status=row.status)


def rate_fields(row: RateRow) -> Fields:
    """Return the fields of a bill rate."""
    return {
        "currency": str(row.currency),
        "rate": plain(row.rate),
        "per": row.per,
        "hours_per_day": plain(row.hours_per_day),
        "contract_line": row.contract_line,
        "contract": row.contract,
        "project": row.project,
        "customer": row.customer,
        "entity": row.entity,
        "person": row.person,
        "role": row.role,
        "activity": row.activity,
    }


def tax_fields(row: TaxRow) -> Fields:
    """Return the fields of a tax rule, all but its place in the order."""
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


def plain(figure: Decimal | None) -> Decimal | None:
    """Return a figure of a file as an ordinary decimal, which master data takes."""
    return None if figure is None else Decimal(figure)
