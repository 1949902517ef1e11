"""Write single rows of a scenario as changes of master data; every field is named."""

from datetime import date
from decimal import Decimal
from functools import singledispatch

import msgspec

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_of
from hourline.kernel.subledgers import Subledger
from hourline.master.rules.escalation import escalated
from hourline.scenarios.format.figures import Figure
from hourline.scenarios.format.given import (
    CrossChargeRow,
    CustomerRow,
    EntityRow,
    EntryLockRow,
    FxRow,
    HourTypeRow,
    MasterRow,
    PeriodRow,
    PersonRow,
    PrepaidRow,
    ProjectRow,
    RateRow,
    RightRow,
    TimeRoundingRow,
    VendorRow,
)
from hourline.scenarios.format.group_rows import GroupRow

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
def _group(row: GroupRow) -> list[MasterChange]:
    fields: Fields = {
        "currency": str(row.currency),
        "money_rounding": row.money_rounding,
    }
    return [change("entity_group", row.id, fields)]


@changes_of.register
def _entity(row: EntityRow) -> list[MasterChange]:
    fields: Fields = {
        "country": row.country,
        "currency": str(row.currency),
        "tax_id": row.tax_id,
        "tax_id_check": row.tax_id_check,
        "tax_rounding": row.tax_rounding,
        "money_rounding": row.money_rounding,
        "receipts_above": plain(row.receipts_above),
        "vendor_hours_tolerance": plain(row.vendor_hours_tolerance),
        "vendor_percent_tolerance": plain(row.vendor_percent_tolerance),
        "late_days_max": row.late_days_max,
        "late_amount_max": plain(row.late_amount_max),
        "price_right": row.price_right,
        "invoice_approval": row.invoice_approval,
        "credit_approval": row.credit_approval,
        "intercompany_tax_recoverable_percent": plain(
            row.intercompany_tax_recoverable_percent
        ),
        "required_dimensions": list(row.required_dimensions),
        "group": row.group,
    }
    accounts = [_account(row.id, role.name.lower()) for role in Role]
    return [change("legal_entity", row.id, fields), *accounts]


def _account(entity: str, role: str) -> MasterChange:
    """Return the chart of accounts of a scenario: each role is an account."""
    fields: Fields = {"entity": entity, "role": role, "number": role}
    return change("ledger_account", f"{entity}:{role}", fields)


@changes_of.register
def _customer(row: CustomerRow) -> list[MasterChange]:
    fields: Fields = {
        "country": row.country,
        "tax_id": row.tax_id,
        "tax_id_check": row.tax_id_check,
    }
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
    fields: Fields = {
        "entity": row.entity,
        "resourcing_entity": row.resourcing_entity,
        "role": row.role,
        "vendor": row.vendor,
        "cost_centre": row.department,
    }
    return [
        *_dimension("cost_centre", row.department),
        change("person", row.id, fields),
        *_cost_rates(row),
    ]


def _dimension(kind: str, record_id: str | None) -> list[MasterChange]:
    """Return what makes a dimension known that a row names."""
    return [] if record_id is None else [change(kind, record_id, {"name": record_id})]


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
def _prepaid(row: PrepaidRow) -> list[MasterChange]:
    fields: Fields = {
        "contract_line": row.contract_line,
        "hours": plain(row.hours),
        "purchased": row.purchased,
        "expires": row.expires,
        "price": plain(row.price),
    }
    return [change("prepaid_block", row.id, fields)]


@changes_of.register
def _project(row: ProjectRow) -> list[MasterChange]:
    activities = [{"id": one.id, "billable": one.billable} for one in row.activities]
    fields: Fields = {
        "contract_line": row.contract_line,
        "billable": row.billable,
        "status": row.status,
        "activities": activities,
        "cost_centre": row.department,
        "service_line": row.service_line,
    }
    return [
        *_dimension("cost_centre", row.department),
        *_dimension("service_line", row.service_line),
        change("project", row.id, fields),
    ]


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


def period_change(
    entity: str, period: str, *, status: str, ledger: Subledger | None
) -> MasterChange:
    """Return the change that opens, closes or soft-closes a posting period."""
    fields: Fields = {
        "entity": entity,
        "period": str(period),
        "status": "closed" if status == "closed" else "open",
        "soft_closed": status == "soft_closed",
        "ledger": ledger,
    }
    record_id = ":".join(filter(None, (entity, period, ledger)))
    return change("posting_period", record_id, fields)


@changes_of.register
def _period(row: PeriodRow) -> list[MasterChange]:
    status, ledger = row.status, row.ledger
    return [period_change(row.entity, row.period, status=status, ledger=ledger)]


@changes_of.register
def _entry_lock(row: EntryLockRow) -> list[MasterChange]:
    fields: Fields = {
        "through": row.through.isoformat(),
        "grace_days": row.grace_days,
        "time_zone": row.time_zone,
        "role": row.role,
        "entity": row.entity,
    }
    return [change("entry_lock", row.id, fields)]


@changes_of.register
def _right(row: RightRow) -> list[MasterChange]:
    fields: Fields = {"user": row.user, "right": row.right, "entity": row.entity}
    record_id = f"{row.right}:{row.user}:{row.entity or '*'}"
    return [change("user_right", record_id, fields)]


def time_rounding_change(row: TimeRoundingRow, number: int) -> MasterChange:
    """Return the change that adds a row of time rounding as the next one tried."""
    fields: Fields = {
        "order": number,
        "increment_minutes": plain(row.increment),
        "minimum_minutes": plain(row.minimum),
        "mode": row.mode,
        "scope": row.scope,
        "factor": plain(row.factor),
        "contract": row.contract,
        "project": row.project,
        "customer": row.customer,
        "activity": row.activity,
    }
    return change("time_rounding", f"time-rounding-{number}", fields)


def by_year(row: RateRow) -> list[RateRow]:
    """Return a rate as it is published: a row for each year where it escalates."""
    if row.escalation_percent is None:
        return [row]
    return [
        msgspec.structs.replace(
            row,
            rate=Figure(one.rate),
            starts=one.starts,
            ends=one.ends,
            escalation_percent=None,
            escalation_every=None,
        )
        for one in escalated(
            row.rate,
            row.escalation_percent,
            (row.starts, row.ends),
            currency_of(str(row.currency)),
        )
    ]


def cross_charge_fields(row: CrossChargeRow) -> Fields:
    """Return the fields of what departments charge each other."""
    return {
        "entity": row.entity,
        "person_cost_centre": row.person_department,
        "project_cost_centre": row.project_department,
        "model": row.model,
        "value": plain(row.value or Figure(0)),
    }


def plain(figure: Decimal | None) -> Decimal | None:
    """Return a figure of a file as an ordinary decimal, which master data takes."""
    return None if figure is None else Decimal(figure)
