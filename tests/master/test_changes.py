"""Change master data the way the firm's systems do."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database, Session
from hourline.kernel.problems import ProblemCode
from hourline.master.model import Contract, Customer, EntryLock
from hourline.master.service import (
    apply_changes,
    merge_records,
    own_field,
    rename_record,
)
from hourline.master.store import load_state, set_connection

pytestmark = pytest.mark.integration

ENTITY = MasterChange(
    "legal_entity", "US1", fields={"country": "US", "currency": "USD"}
)
ACME = MasterChange("customer", "0015A", "ACME", {"country": "US", "name": "Acme"})
CONTRACT = MasterChange("contract", "C1", fields={"customer": "0015A", "entity": "US1"})


def contract_in(session: Session, contract_id: str) -> Contract:
    state = load_state(session)
    found = [version.content for version in state.versions if version.id == contract_id]
    contract = found[-1]
    assert isinstance(contract, Contract)
    return contract


def customer_names(session: Session) -> dict[str, str]:
    return {
        version.id: version.content.name
        for version in load_state(session).versions
        if isinstance(version.content, Customer)
    }


def test_the_same_change_again_changes_nothing(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
        first = apply_changes(session, crm, [ENTITY, ACME, CONTRACT])

        again = apply_changes(session, crm, [ENTITY, ACME, CONTRACT])

    assert (first.changed, first.unchanged) == (3, 0)
    assert (again.changed, again.unchanged) == (0, 3)


def test_a_field_that_is_not_named_stays_as_it_was(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
        terms = MasterChange("customer", "0015A", fields={"payment_days": 14})
        apply_changes(session, crm, [ACME, terms])

        names = customer_names(session)

    assert names == {"ACME": "Acme"}


def test_a_write_by_a_system_that_does_not_own_the_field_is_refused(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
        psa = set_connection(session, name="psa", connector="sandbox_psa")
        own_field(session, "customer", "*", crm)
        apply_changes(session, crm, [ACME])

        refused = apply_changes(
            session, psa, [MasterChange("customer", "7", "ACME", {"name": "Acme AG"})]
        )
        same = apply_changes(
            session, psa, [MasterChange("customer", "7", "ACME", {"name": "Acme"})]
        )
        names = customer_names(session)

    assert [item.problem.code for item in refused.refusals] == [
        ProblemCode.NOT_THE_OWNER
    ]
    assert refused.refusals[0].problem.detail["field"] == "name"
    assert (same.changed, same.refusals) == (1, [])  # psa's id 7 is a new reference
    assert names == {"ACME": "Acme"}


def test_a_record_that_refers_to_an_unknown_one_names_what_is_missing(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")

        applied = apply_changes(session, crm, [ENTITY, CONTRACT])

    problem = applied.refusals[0].problem
    assert problem.code == ProblemCode.MASTER_REFERENCE_MISSING
    assert problem.sentence == (
        "contract C1 refers to customer 0015A, which is not known yet."
    )


def test_a_reference_that_is_said_to_be_none_is_none_where_a_record_needs_none(
    database: Database, tenant: int
) -> None:
    lock = {"through": "2025-03-31", "entity": "US1"}
    nobody = MasterChange("contract", "C1", fields={"customer": None})
    with database.tenant(tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
        apply_changes(session, crm, [ENTITY, ACME, CONTRACT])
        apply_changes(session, None, [MasterChange("entry_lock", "A", fields=lock)])

        wider = MasterChange("entry_lock", "A", fields={**lock, "entity": None})
        applied = apply_changes(session, None, [wider, nobody])
        said = [version.content for version in load_state(session).versions]

    assert (applied.changed, applied.refusals) == (1, [])
    assert [one.entity for one in said if isinstance(one, EntryLock)] == ["US1", None]
    assert {one.customer for one in said if isinstance(one, Contract)} == {"ACME"}


def test_a_malformed_record_names_the_field(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        wrong = MasterChange("customer", "X", fields={"contry": "US"})

        applied = apply_changes(session, None, [wrong])

    assert applied.refusals[0].problem.code == ProblemCode.MASTER_RECORD_INVALID
    assert "contry" in applied.refusals[0].problem.sentence


def test_references_survive_a_rename_and_a_merge(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
        twin = MasterChange("customer", "0016", "ACME-2", {"country": "US"})
        apply_changes(session, crm, [ENTITY, ACME, twin])
        second = MasterChange(
            "contract", "C2", fields={"customer": "0016", "entity": "US1"}
        )
        apply_changes(session, crm, [CONTRACT, second])
        before = load_state(session).change_no

        rename_record(session, "customer", "ACME", "ACME-GROUP")
        merge_records(session, "customer", "ACME-2", "ACME-GROUP")

        state = load_state(session)
        ids = {
            reference.source_id: reference.master_no
            for reference in state.references
            if reference.kind == "customer"
        }
        assert contract_in(session, "C1").customer == "ACME-GROUP"
        assert contract_in(session, "C2").customer == "ACME-GROUP"
        assert ids["0015A"] == ids["0016"]
        assert state.change_no > before


def test_what_was_known_at_an_earlier_change_can_be_read_again(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        apply_changes(session, None, [ENTITY, ACME])
        known = load_state(session).change_no
        renamed = MasterChange(
            "customer",
            "ACME",
            fields={"name": "Acme AG"},
            effective_from=date(2025, 7, 1),
        )
        apply_changes(session, None, [renamed])

        then = load_state(session, known_at=known)
        today = load_state(session)

    assert [
        v.content.name for v in then.versions if isinstance(v.content, Customer)
    ] == ["Acme"]
    assert len(today.versions) == len(then.versions) + 1


def test_amounts_keep_every_digit(database: Database, tenant: int) -> None:
    rate = MasterChange(
        "bill_rate", "R1", fields={"currency": "USD", "rate": Decimal("107.3500")}
    )
    with database.tenant(tenant) as session:
        apply_changes(session, None, [rate])

        content = load_state(session).versions[0].content

    assert str(getattr(content, "rate", None)) == "107.3500"
