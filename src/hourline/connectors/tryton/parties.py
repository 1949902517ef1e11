"""Read from Tryton who there is: companies, parties that can be billed, employees.

A company and a party are known by the code of the party; where Tryton's code is not
the firm's own id, the record is renamed or merged in Hourline, once.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.tryton.records import (
    COMPANY,
    Records,
    Told,
    day_of,
    entity_of,
    own_record,
)
from hourline.connectors.tryton.references import address_name


def _company(told: Told) -> Iterator[MasterChange]:
    party = told["party"]
    fields = {
        "name": party["name"],
        "currency": told["currency"]["code"],
        "tax_id": _code(party["tax_identifier"]),
        **_country(party["addresses"]),
    }
    yield MasterChange("legal_entity", str(told["id"]), party["code"], fields=fields)


def _party(told: Told) -> Iterator[MasterChange]:
    if not told["addresses"]:
        return  # an employee or a bank, say: nobody who can be billed
    fields = {
        "name": told["name"],
        "tax_id": _code(told["tax_identifier"]),
        **_country(told["addresses"]),
    }
    yield MasterChange("customer", str(told["id"]), told["code"], fields=fields)
    name = address_name(told["code"])
    yield own_record(told["addresses"][0], "address", name, code=told["code"])


def _employee(told: Told) -> Iterator[MasterChange]:
    party, employee_id = told["party"], str(told["id"])
    fields = {"entity": str(told["company"]["id"]), "name": party["name"]}
    yield MasterChange(
        "person",
        employee_id,
        party["code"],
        fields=fields,
        entity=entity_of(told),
    )
    prices = sorted(told["cost_prices"], key=lambda price: price["date"])
    ends = [day_of(after["date"]) for _, after in pairwise(prices)]
    for price, effective_until in zip(prices, [*ends, date.max], strict=True):
        yield MasterChange(
            "cost_rate",
            str(price["id"]),
            f"{party['code']} from {price['date']}",
            fields={"person": employee_id, "rate": price["cost_price"]},
            effective_from=day_of(price["date"]),
            effective_until=effective_until,
            entity=entity_of(told),
        )


def _code(identifier: Told | None) -> str | None:
    return identifier["code"] if identifier else None


def _country(addresses: list[Told]) -> dict[str, object]:
    codes = [one["country"]["code"] for one in addresses if one["country"]]
    return {"country": codes[0]} if codes else {}


PARTIES = {
    "companies": Records(
        kinds=("legal_entity",),
        model="company.company",
        fields=(
            "currency.code",
            "party.code",
            "party.name",
            "party.tax_identifier.code",
            "party.addresses.country.code",
        ),
        changes=_company,
    ),
    "parties": Records(
        kinds=("customer", "target_record"),
        model="party.party",
        fields=(
            "code",
            "name",
            "tax_identifier.code",
            "addresses.country.code",
        ),
        domain=(["code", "!=", None],),
        changes=_party,
    ),
    "employees": Records(
        kinds=("person", "cost_rate"),
        model="company.employee",
        fields=(
            *COMPANY,
            "party.code",
            "party.name",
            "cost_prices.date",
            "cost_prices.cost_price",
        ),
        changes=_employee,
    ),
}
