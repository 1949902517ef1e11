"""An entry waits for what it lacks, is told every refusal at once, and goes on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions.service import resolve_by_person
from hourline.exceptions.store import waiting_entries
from hourline.flow.transactions import now
from hourline.infra.database import Database
from hourline.kernel.codes import Role
from hourline.kernel.problems import ProblemCode
from hourline.master.service import apply_changes
from hourline.proof.entry_status import EntryState
from tests.flow.house import (
    LINE,
    MASTER,
    PERSON,
    PROJECT,
    House,
    found_house,
)

pytestmark = pytest.mark.integration

GB1 = MasterChange("legal_entity", "GB1", fields={"country": "GB", "currency": "GBP"})
BOB = MasterChange("person", "bob", fields={"entity": "GB1", "role": "consultant"})
CLOSED = {"status": "closed"}
ZOE = MasterChange("person", "zoe", fields=PERSON.fields)
P9 = MasterChange("project", "P9", fields=PROJECT.fields)
WITH_LATE_LINE = [
    replace(one, effective_from=date(2025, 7, 1)) if one is LINE else one
    for one in MASTER
]


def months(*, entity: str = "US1") -> list[MasterChange]:
    """Close March 2025 and more months after it than are looked at."""
    return [
        MasterChange(
            "posting_period",
            f"{entity}-{2025 + month // 12}-{month % 12 + 1:02d}",
            fields={
                "entity": entity,
                "period": f"{2025 + month // 12}-{month % 12 + 1:02d}",
                "status": "closed",
            },
        )
        for month in range(2, 30)
    ]


@pytest.mark.parametrize(
    ("master", "entry", "late", "code"),
    [
        (MASTER, {"person": "zoe"}, ZOE, ProblemCode.PERSON_NOT_KNOWN),
        (MASTER, {"project": "P9"}, P9, ProblemCode.PROJECT_NOT_KNOWN),
        (WITH_LATE_LINE, {}, LINE, ProblemCode.CONTRACT_LINE_NOT_KNOWN),
    ],
)
def test_an_entry_waits_for_what_is_not_known_yet_and_goes_on_by_itself(
    database: Database,
    tenant: int,
    master: Sequence[MasterChange],
    entry: dict[str, object],
    late: MasterChange,
    code: ProblemCode,
) -> None:
    house = found_house(database, tenant, master)
    house.approve(**entry)
    waited = house.status()
    with database.tenant(tenant) as session:
        (waiting,) = waiting_entries(session)
    asked = house.codes()

    house.change(late)

    assert waited.state is EntryState.WAITING
    assert waited.version is not None
    assert [one["code"] for one in waited.version.problems or []] == [code]
    assert (waiting.source_id, waiting.owner) == ("t1", "master data steward")
    assert waiting.due_at - waiting.since == timedelta(hours=24)
    assert asked == []
    assert house.state() == "open_to_bill"
    assert house.balances()[Role.WIP] == 20_000
    assert house.unproven() == []


def break_everything(house: House) -> list[MasterChange]:
    """Break all that an entry of bob needs, and give what mends all but the months."""
    broken = [
        GB1,
        BOB,
        MasterChange(
            "legal_entity", "US1", fields={"required_dimensions": ["cost_centre"]}
        ),
        MasterChange("contract", "C1", fields={"currency": "EUR"}),
        MasterChange(
            "project",
            "P1",
            fields={
                "status": "closed",
                "assigned_only": True,
                "activities": [{"id": "dev"}],
            },
        ),
        MasterChange(
            "tax_rule",
            "vat",
            fields={
                "order": 1,
                "rate": Decimal(19),
                "code": "S",
                "entity_country": "DE",
            },
        ),
        *months(),
        *months(entity="GB1"),
    ]
    assert not house.change(*broken).refusals
    return [
        MasterChange("legal_entity", "US1", fields={"required_dimensions": []}),
        MasterChange("person", "bob", fields={"entity": "US1"}),
        MasterChange(
            "project",
            "P1",
            fields={"status": "open", "assigned_only": False, "activities": []},
        ),
        MasterChange("hour_type", "night", fields={"bill_factor": Decimal("1.5")}),
        MasterChange("contract", "C1", fields={"currency": "USD"}),
        MasterChange("tax_rule", "vat", fields={"entity_country": "US"}),
    ]


def told(house: House) -> list[tuple[str, str, int]]:
    """Give code, owner and hours until due of every open item."""
    return [
        (item.code, item.owner, (item.due_at - item.opened_at) // timedelta(hours=1))
        for item in house.items()
    ]


def test_every_refusal_of_an_entry_is_told_at_once_with_owner_and_due_time(
    house: House,
) -> None:
    mended = break_everything(house)
    house.approve(person="bob", activity="paint", hour_type="night")
    state_before, told_before = house.state(), told(house)
    sentences = {item.code: item.sentence for item in house.items()}

    house.change(*mended)
    house.reopen()
    house.reopen(entity="GB1")

    assert state_before == "exception"
    assert told_before == [
        ("period_closed", "finance lead", 8),
        ("project_closed", "master data steward", 24),
        ("not_assigned", "master data steward", 24),
        ("activity_not_allowed", "master data steward", 24),
        ("hour_type_not_known", "master data steward", 24),
        ("dimension_missing", "master data steward", 24),
        ("transfer_price_not_found", "pricing controller", 24),
    ]
    assert sentences["project_closed"] == (
        "1 h of bob on project P1 on 2025-03-05 is refused: the project is closed."
    )
    assert house.state() == "open_to_bill"
    assert house.codes() == []
    assert house.codes(state="resolved") == sorted(code for code, _, _ in told_before)
    assert house.unproven() == []


def test_what_arrives_closes_its_own_item_and_leaves_the_others_as_they_are(
    house: House,
) -> None:
    euros = MasterChange("contract", "C1", fields={"currency": "EUR"})
    vat = {"order": 1, "rate": Decimal(19), "code": "S", "entity_country": "DE"}
    house.change(euros, MasterChange("tax_rule", "vat", fields=vat))
    house.approve()
    first = told(house)
    opened = house.items()
    in_euros = {"currency": "EUR", "rate": Decimal(180)}
    house.change(MasterChange("bill_rate", "euros", fields=in_euros))
    still_open = house.items()

    fx = {"from_currency": "EUR", "to_currency": "USD", "rate": Decimal("1.1")}
    house.change(
        MasterChange("fx_rate", "eur-usd", fields=fx),
        MasterChange("tax_rule", "vat", fields={"entity_country": "US"}),
    )

    assert first == [
        ("price_not_found", "pricing controller", 24),
        ("tax_not_determined", "tax accountant", 24),
        ("fx_rate_not_found", "pricing controller", 24),
    ]
    assert still_open == opened[1:]
    assert house.codes() == []
    assert house.balances()[Role.WIP] == 19_800
    assert house.unproven() == []


def test_a_change_that_does_not_help_puts_off_no_due_time(house: House) -> None:
    house.change(MasterChange("project", "P1", fields={"status": "closed"}))
    house.approve()
    (before,) = house.items()

    house.change(MasterChange("customer", "ADATUM", fields={"name": "Adatum Corp"}))
    house.change(MasterChange("customer", "ADATUM", fields={"name": "Adatum"}))

    (after,) = house.items()
    assert after == before
    assert house.codes(state="resolved") == []


def test_a_closed_item_opens_anew_when_a_retry_finds_the_same(house: House) -> None:
    house.change(MasterChange("project", "P1", fields={"status": "closed"}))
    house.approve()
    (item,) = house.items()
    with house.database.tenant(house.tenant) as session:
        seen = resolve_by_person(
            session, item.item_no, actor="kim", reason="asked the PM", at=now()
        )
        again = resolve_by_person(
            session, item.item_no, actor="kim", reason="asked twice", at=now()
        )

    gone_on = flow.retry_pending(house.database, house.tenant)

    (opened,) = house.items()
    assert seen is not None
    assert (seen.state, seen.resolution) == ("resolved", "asked the PM")
    assert again is None
    assert gone_on == 0
    assert (opened.code, opened.item_no > item.item_no) == ("project_closed", True)


def test_a_retry_lets_go_on_what_has_all_it_needs(house: House) -> None:
    house.approve(person="zoe")
    house.approve(id="t2", person="zoe", revision=3)
    with house.database.tenant(house.tenant) as session:
        # As a stage that decides elsewhere would: the change, and nothing after it.
        apply_changes(session, house.psa, [ZOE])

    gone_on = flow.retry_pending(house.database, house.tenant)

    assert gone_on == 2
    assert (house.state("t1"), house.state("t2")) == ("open_to_bill", "open_to_bill")
    assert flow.retry_pending(house.database, house.tenant) == 0
    assert flow.resume_pending(house.database, house.tenant) == 0


def test_a_correction_of_an_entry_in_exception_closes_its_items(house: House) -> None:
    house.change(MasterChange("project", "P2", fields={**CLOSED, **PROJECT.fields}))
    house.approve(project="P2")
    before = house.codes()

    house.approve(project="P1", revision=2)

    assert before == ["project_closed"]
    assert house.codes() == []
    (resolved,) = house.items(state="resolved")
    assert resolved.resolution == "replaced or recalled at the source"
    assert house.state() == "open_to_bill"
