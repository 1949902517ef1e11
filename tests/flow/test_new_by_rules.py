"""A legal entity, a service line and a pricing model come by tables and master data."""

import pytest

from hourline import flow
from hourline.billing.model import Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.explain import explain_entry
from hourline.infra.database import Session
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.ledger.service import account_of, balances
from tests.flow.house import MARCH_END, House
from tests.flow.rules import files, publish

pytestmark = pytest.mark.integration

_TAX = Query("taxes", "The tax of invoices.", "SELECT tax FROM hourline.invoice")


def brought_in(house: House) -> None:
    """Let the systems of the firm bring a new entity and its first contract."""
    house.change(
        MasterChange(
            "legal_entity",
            "CH1",
            fields={
                "country": "CH",
                "currency": "CHF",
                "required_dimensions": ["service_line"],
            },
        ),
        MasterChange("service_line", "AUDIT", fields={"name": "Audit"}),
        MasterChange("service_line", "ADVICE", fields={"name": "Advice"}),
        MasterChange("customer", "ALPEN", fields={"country": "CH"}),
        MasterChange("person", "urs", fields={"entity": "CH1", "role": "auditor"}),
        MasterChange("contract", "K1", fields={"customer": "ALPEN", "entity": "CH1"}),
        MasterChange(
            "contract_line",
            "K1.1",
            fields={"contract": "K1", "method": "time_and_materials"},
        ),
        *(
            MasterChange(
                "project",
                f"K-{line}",
                fields={"contract_line": "K1.1", "service_line": line},
            )
            for line in ("AUDIT", "ADVICE")
        ),
    )


def published(house: House) -> None:
    """Publish its rules: day rates, night factor, tax, cost, accounts, owners."""
    publish(
        house,
        files(
            bill_rates="""
                id,currency,rate,per,hours_per_day,entity,role,activity
                standard,USD,200,hour,,,,
                day,CHF,1640,day,8.2,CH1,auditor,
                review,CHF,300,hour,,CH1,auditor,review
            """,
            hour_types="id,bill_factor,cost_factor\nnight,1.25,1.5",
            cost_rates="id,person,rate\nann-cost,ann,100\nurs-cost,urs,80",
            tax="""
                entity_country,customer_country,rate,code
                CH,CH,8.1,N81
                ,,0,Z
            """,
            accounts="""
                entity,role,service_line,number
                CH1,cost,,5000
                CH1,payroll_allocation,,5900
                CH1,wip,,1400
                CH1,accrued_revenue,,4900
                CH1,receivable,,1100
                CH1,revenue,,3400
                CH1,revenue,AUDIT,3410
                CH1,tax_payable,,2200
            """,
            exception_routes="entity,owner,due_hours\nCH1,Treuhand Zürich,12",
        ),
    )


def account(session: Session, role: Role, project: str) -> object:
    snapshot = flow.snapshot_of(session)
    entity, project_no = (
        snapshot.number("legal_entity", "CH1"),
        snapshot.number("project", project),
    )
    assert entity is not None
    return account_of(snapshot, entity, role, project_no=project_no)


def work(house: House) -> None:
    """Approve a day and a night of audit, an hour of advice and of review."""
    urs = {"person": "urs", "approved_at": "2025-03-20T08:00:00Z"}
    house.approve(id="day", project="K-AUDIT", seconds=29_520, **urs)
    house.approve(id="night", project="K-AUDIT", hour_type="night", **urs)
    house.approve(id="advice", project="K-ADVICE", **urs)
    house.approve(id="review", project="K-ADVICE", activity="review", **urs)


def test_a_new_entity_bills_by_the_day_with_tables_and_master_data_alone(
    house: House,
) -> None:
    brought_in(house)
    published(house)

    work(house)
    issued = flow.bill_contract(
        house.database,
        house.tenant,
        contract="K1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )

    assert isinstance(issued, Issued)
    # A day of 8.2 h is 1,640, a night hour 200 x 1.25, an hour 200, a review 300.
    assert issued.net == 164_000 + 25_000 + 20_000 + 30_000
    with house.database.tenant(house.tenant) as session:
        (tax,) = session.tuples(_TAX)[0]
        entity_no = flow.snapshot_of(session).number("legal_entity", "CH1")
        assert entity_no is not None
        held = balances(session, entity_no=entity_no)[entity_no]
        assert account(session, Role.REVENUE, "K-AUDIT") == "3410"
        assert account(session, Role.REVENUE, "K-ADVICE") == "3400"
        assert explain_entry(session, "night").broken == []
    # 8.1 % of 2,390.00 is 193.59.
    assert tax == 19_359
    # The day, the night hour at 80 x 1.5, the hour of advice and that of review.
    assert held[Role.COST] == 65_600 + 12_000 + 8_000 + 8_000
    assert held[Role.RECEIVABLE] == 239_000 + 19_359
    assert house.unproven() == []


def test_what_the_new_entity_lacks_waits_for_its_own_owner(house: House) -> None:
    brought_in(house)
    published(house)
    house.change(
        MasterChange("person", "eva", fields={"entity": "CH1", "role": "partner"})
    )

    house.approve(person="eva", project="K-AUDIT")

    (item,) = house.items()
    assert (item.code, item.owner) == ("price_not_found", "Treuhand Zürich")
    assert house.state() == "exception"
