"""Keep the audit chain and the four eyes honest."""

import psycopg
import pytest

from hourline.infra.approvals import (
    NotApprovable,
    approve_change,
    open_proposals,
    propose_change,
    reject_change,
)
from hourline.infra.audit import ManualChange, record_change, verify_chain
from hourline.infra.database import Database

pytestmark = pytest.mark.integration

CHANGE = ManualChange(
    actor="ines", action="exception.resolved", subject="item 7", reason="duplicate"
)


def test_a_chain_of_changes_verifies(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        numbers = [record_change(session, CHANGE) for _ in range(3)]

        found = verify_chain(session)

    assert numbers == [1, 2, 3]
    assert found is None


@pytest.mark.parametrize(
    ("tampering", "sequence", "finding"),
    [
        (
            "UPDATE hourline.audit_record SET reason = 'x' WHERE sequence = 2",
            2,
            "a field was changed",
        ),
        (
            "DELETE FROM hourline.audit_record WHERE sequence = 2",
            2,
            "a record is missing",
        ),
        (
            "UPDATE hourline.audit_record SET hash = previous_hash WHERE sequence = 1",
            1,
            "a field was changed",
        ),
    ],
)
def test_tampering_by_the_owner_of_the_database_is_found(
    database: Database,
    tenant: int,
    database_url: str,
    tampering: str,
    sequence: int,
    finding: str,
) -> None:
    with database.tenant(tenant) as session:
        for _ in range(3):
            record_change(session, CHANGE)

    with psycopg.connect(database_url) as owner:
        owner.execute(f"{tampering} AND tenant = {tenant}".encode())

    with database.tenant(tenant) as session:
        found = verify_chain(session)
    assert found is not None
    assert (found.sequence, found.finding) == (sequence, finding)


def test_the_application_cannot_edit_the_chain(
    tenant: int, database: Database, database_url: str
) -> None:
    with database.tenant(tenant) as session:
        record_change(session, CHANGE)

    with psycopg.connect(database_url) as connection:
        connection.execute("SET ROLE hourline_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE hourline.audit_record SET reason = 'x'")


def test_the_proposer_cannot_approve(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        number = propose_change(
            session,
            action="period.reopen",
            content={"period": "2026-10"},
            reason="late invoice",
            proposer="Ines",
        )
        shown = open_proposals(session)[0].content_hash

        with pytest.raises(NotApprovable, match="cannot decide it"):
            approve_change(session, number, approver="ines", shown_hash=shown)


def test_the_database_itself_refuses_an_approver_who_proposed(
    database: Database, tenant: int, database_url: str
) -> None:
    with database.tenant(tenant) as session:
        propose_change(
            session, action="period.reopen", content={}, reason="r", proposer="Ines"
        )

    with (
        psycopg.connect(database_url) as owner,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        owner.execute(
            "UPDATE hourline.proposal SET state = 'approved', approver = 'INES'"
            " WHERE tenant = %s",
            (tenant,),
        )


def test_an_approval_binds_what_was_shown(database: Database, tenant: int) -> None:
    with database.tenant(tenant) as session:
        number = propose_change(
            session,
            action="period.reopen",
            content={"period": "2026-10"},
            reason="late invoice",
            proposer="ines",
        )

        with pytest.raises(NotApprovable, match="not what is proposed"):
            approve_change(session, number, approver="omar", shown_hash=b"\x00" * 32)


def test_an_approved_change_carries_both_names_in_the_audit_chain(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        number = propose_change(
            session,
            action="period.reopen",
            content={"period": "2026-10"},
            reason="late invoice",
            proposer="ines",
        )
        shown = open_proposals(session)[0].content_hash

        approved = approve_change(session, number, approver="omar", shown_hash=shown)

        assert approved.content == {"period": "2026-10"}
        assert verify_chain(session) is None
        with pytest.raises(NotApprovable, match="was approved before"):
            reject_change(session, number, approver="omar")
