"""A document names records by the ids of its system, or waits until they are known."""

import json

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.master.store import set_connection
from tests.flow.house import House, chart, routed

pytestmark = pytest.mark.integration
_PAYLOADS = Query(
    "payloads", "What is to be booked.", "SELECT payload FROM hourline.posting_intent"
)


def connected(house: House) -> int:
    with house.database.tenant(house.tenant) as session:
        return set_connection(session, name="books", connector="tryton")


def told(house: House, connection_no: int, *names: str) -> None:
    """Let the ERP tell its ids: 1, 2, ... in the order of the names."""
    changes = [
        MasterChange("legal_entity", "1", "US1"),
        MasterChange("customer", "1", "ADATUM"),
        *(
            MasterChange(
                "target_record",
                f"some.model,{number}",
                name,
                fields={"type": name.split()[0], "code": name.split()[-1]},
            )
            for number, name in enumerate(names, start=1)
        ),
    ]
    applied = flow.change_master(
        house.database, house.tenant, changes, connection_no=connection_no
    )
    assert applied.refusals == []


def payloads(house: House) -> list[dict[str, object]]:
    with house.database.tenant(house.tenant) as session:
        return [json.loads(payload) for (payload,) in session.tuples(_PAYLOADS)]


def numbers() -> dict[str, str]:
    (receivable,) = [one for one in chart() if one.fields["role"] == "receivable"]
    (revenue,) = [one for one in chart() if one.fields["role"] == "revenue"]
    return {
        "receivable": str(receivable.fields["number"]),
        "revenue": str(revenue.fields["number"]),
    }


def test_a_document_waits_for_the_ids_of_its_system_and_goes_on_by_itself(
    house: House,
) -> None:
    connection_no = connected(house)
    house.change(*chart(), *routed("invoice"))
    house.approve()
    house.bill()
    account = numbers()
    records = [
        "address ADATUM",
        "currency USD",
        "journal REV",
        "unit Hour",
        f"account US1 {account['receivable']}",
    ]
    told(house, connection_no, *records)

    planned = flow.plan_postings(house.database, house.tenant)
    (item,) = [one for one in house.items() if one.code == "reference_not_found"]
    told(house, connection_no, *records, f"account US1 {account['revenue']}")
    again = flow.plan_postings(house.database, house.tenant)

    assert (planned, again) == (0, 1)
    assert item.queue == "master_data"
    assert item.sentence == (
        "books is not known to have target record account US1"
        f" {account['revenue']}, which the document names."
    )
    assert "reference_not_found" not in house.codes()
    (payload,) = payloads(house)
    assert payload["references"] == {
        "legal_entity US1": "1",
        "customer ADATUM": "1",
        **{
            f"target_record {name}": f"some.model,{number}"
            for number, name in enumerate(
                [*records, f"account US1 {account['revenue']}"], start=1
            )
        },
    }


def test_of_several_ids_for_one_record_the_one_told_last_is_used(house: House) -> None:
    connection_no = connected(house)
    house.change(*chart(), *routed("invoice"))
    house.approve()
    house.bill()
    account = numbers()
    told(
        house,
        connection_no,
        "address ADATUM",
        "currency USD",
        "journal REV",
        "unit Hour",
        f"account US1 {account['receivable']}",
        f"account US1 {account['revenue']}",
    )
    moved = MasterChange("customer", "77", "ADATUM")
    flow.change_master(
        house.database, house.tenant, [moved], connection_no=connection_no
    )

    flow.plan_postings(house.database, house.tenant)

    (payload,) = payloads(house)
    references = payload["references"]
    assert isinstance(references, dict)
    assert references["customer ADATUM"] == "77"
