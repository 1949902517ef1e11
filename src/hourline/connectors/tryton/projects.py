"""Read projects and their tasks from Tryton: contract, contract line, project, price.

Tryton's project is both the agreement with a party and where time is recorded: it
becomes a contract with one contract line, and each of its tasks a project of that
line. A project without a party is nobody's and is passed over.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.tryton.records import Records

# How time is sold in Tryton; by any other method a price agreed there covers it.
_BY_TIME = "timesheet"


def _work(told: Mapping[str, Any]) -> Iterator[MasterChange]:
    entity = told["company"]["party"]["code"]
    root = int(told["path"].split("/")[0]) if told["path"] else told["id"]
    name = f"{entity}-{told['number'] or told['id']}"
    own_id = f"project.work,{told['id']}"
    if told["type"] == "project" and told["party"] and root == told["id"]:
        yield from _agreement(told, own_id, name)
    elif told["type"] == "project" and root == told["id"]:
        return
    fields = {"contract_line": f"project.work,{root}", "name": told["name"]}
    yield MasterChange("project", own_id, name, fields=fields, entity=entity)
    if told["list_price"] is not None:
        price = {
            "currency": told["company"]["currency"]["code"],
            "rate": told["list_price"],
            "project": own_id,
        }
        yield MasterChange("bill_rate", own_id, name, fields=price, entity=entity)


def _agreement(
    told: Mapping[str, Any], own_id: str, name: str
) -> Iterator[MasterChange]:
    entity = told["company"]["party"]["code"]
    contract = {
        "customer": str(told["party"]["id"]),
        "entity": str(told["company"]["id"]),
        "name": told["name"],
    }
    yield MasterChange("contract", own_id, name, fields=contract, entity=entity)
    by_time = told["project_invoice_method"] == _BY_TIME
    line = {
        "contract": own_id,
        "method": "time_and_materials" if by_time else "fixed_price",
        "name": told["name"],
    }
    yield MasterChange("contract_line", own_id, name, fields=line, entity=entity)


PROJECTS = Records(
    kinds=("contract", "contract_line", "project", "bill_rate"),
    model="project.work",
    fields=(
        "company.id",
        "company.party.code",
        "company.currency.code",
        "number",
        "name",
        "type",
        "path",
        "party.id",
        "list_price",
        "project_invoice_method",
    ),
    changes=_work,
)
