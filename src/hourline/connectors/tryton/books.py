"""Read from Tryton what documents name: accounts, taxes, periods, journals, units."""

from collections.abc import Iterator

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.tryton.records import (
    COMPANY,
    Records,
    Told,
    day_of,
    entity_of,
    own_record,
)
from hourline.connectors.tryton.references import (
    account_name,
    analytic_name,
    axis_name,
    period_name,
    tax_name,
)

_PERIOD_STATES = {"open": "open", "closed": "closed", "locked": "closed"}


def _account(told: Told) -> Iterator[MasterChange]:
    entity = entity_of(told)
    name = account_name(entity, told["code"])
    yield own_record(told, "account", name, code=told["code"], entity=entity)


def _tax(told: Told) -> Iterator[MasterChange]:
    entity = entity_of(told)
    name = tax_name(entity, told["name"])
    yield own_record(told, "tax", name, code=told["name"], entity=entity)


def _period(told: Told) -> Iterator[MasterChange]:
    entity, first = entity_of(told), day_of(told["start_date"])
    month = f"{first:%Y-%m}"
    name = period_name(entity, first)
    yield MasterChange(
        "posting_period",
        str(told["id"]),
        f"{entity}:{month}",
        fields={
            "entity": str(told["company"]["id"]),
            "period": month,
            "status": _PERIOD_STATES[told["state"]],
        },
        entity=entity,
    )
    yield own_record(told, "period", name, code=month, entity=entity)


def _analytic(told: Told) -> Iterator[MasterChange]:
    entity = entity_of(told)
    if told["type"] == "root":
        axis = _axis(told)
        yield own_record(
            told, "axis", axis_name(entity, axis), code=axis, entity=entity
        )
    elif told["root"] and told["code"]:
        name = analytic_name(entity, _axis(told["root"]), told["code"])
        yield own_record(told, "analytic", name, code=told["code"], entity=entity)


def _axis(root: Told) -> str:
    """Return what an axis is called here: "Cost centre" is cost_centre."""
    return str(root["code"] or "_".join(root["name"].lower().split()))


def _journal(told: Told) -> Iterator[MasterChange]:
    yield own_record(told, "journal", f"journal {told['code']}", code=told["code"])


def _currency(told: Told) -> Iterator[MasterChange]:
    yield own_record(told, "currency", f"currency {told['code']}", code=told["code"])


def _unit(told: Told) -> Iterator[MasterChange]:
    yield own_record(told, "unit", f"unit {told['name']}", code=told["name"])


BOOKS = {
    "accounts": Records(
        kinds=("target_record",),
        model="account.account",
        fields=(*COMPANY, "code", "name"),
        domain=(["closed", "!=", True], ["type", "!=", None], ["code", "!=", None]),
        changes=_account,
    ),
    "taxes": Records(
        kinds=("target_record",),
        model="account.tax",
        fields=(*COMPANY, "name"),
        domain=(["parent", "=", None],),
        changes=_tax,
    ),
    "periods": Records(
        kinds=("posting_period", "target_record"),
        model="account.period",
        fields=(*COMPANY, "start_date", "state"),
        domain=(["type", "=", "standard"],),
        changes=_period,
    ),
    "analytic_accounts": Records(
        kinds=("target_record",),
        model="analytic_account.account",
        fields=(*COMPANY, "code", "name", "type", "root.code", "root.name"),
        domain=(["type", "in", ["root", "normal"]],),
        changes=_analytic,
    ),
    "journals": Records(
        kinds=("target_record",),
        model="account.journal",
        fields=("code", "name"),
        domain=(["code", "!=", None],),
        changes=_journal,
    ),
    "currencies": Records(
        kinds=("target_record",),
        model="currency.currency",
        fields=("code", "name"),
        changes=_currency,
    ),
    "units": Records(
        kinds=("target_record",),
        model="product.uom",
        fields=("name",),
        changes=_unit,
    ),
}
