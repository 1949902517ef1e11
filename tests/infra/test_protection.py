"""Every migration ends by protecting what the one before left unprotected."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import Connection

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("database")]
PROTECTION = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text[],
       array(SELECT a.attname || ' ' || a.attacl::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attacl <> '{}' ORDER BY a.attnum),
       array(SELECT p.polname || p.polroles::text || pg_get_expr(p.polqual, c.oid)
                    || pg_get_expr(p.polwithcheck, c.oid)
             FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'hourline' AND c.relkind IN ('r', 'p')
ORDER BY c.relname
"""
EVERY_ROW: LiteralString = """
CREATE POLICY tenant_only ON hourline.posting_intent USING (true) WITH CHECK (true)
"""


@pytest.fixture
def owner(database_url: str) -> Iterator[Connection[Any]]:
    """Give the owner of all tables in a transaction that is undone."""
    with psycopg.connect(database_url) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    "loosening",
    [
        ("ALTER TABLE hourline.decision DISABLE ROW LEVEL SECURITY",),
        ("ALTER TABLE hourline.decision NO FORCE ROW LEVEL SECURITY",),
        ("DROP POLICY tenant_only ON hourline.posting_intent",),
        ("DROP POLICY tenant_only ON hourline.posting_intent", EVERY_ROW),
        ("ALTER POLICY tenant_only ON hourline.decision USING (true)",),
        ("ALTER POLICY tenant_only ON hourline.decision WITH CHECK (true)",),
        ("ALTER POLICY tenant_only ON hourline.decision TO hourline_loader",),
        ("GRANT UPDATE ON hourline.decision TO hourline_app",),
        ("GRANT TRUNCATE ON hourline.posting_intent TO hourline_app",),
        ("GRANT SELECT ON hourline.posting_intent TO hourline_loader",),
        ("GRANT INSERT (tenant) ON hourline.decision TO hourline_loader",),
        ("GRANT UPDATE (entry_no) ON hourline.decision TO hourline_app",),
        ("GRANT SELECT ON hourline.decision TO hourline_app WITH GRANT OPTION",),
        ("REVOKE SELECT ON hourline.decision FROM hourline_app",),
        ("REVOKE DELETE ON hourline.posting_intent FROM hourline_app",),
        ("REVOKE INSERT (entry_no) ON hourline.decision FROM hourline_loader",),
    ],
    ids=" ".join,
)
def test_what_was_loosened_is_protected_again(
    owner: Connection[Any], loosening: tuple[LiteralString, ...]
) -> None:
    before = owner.execute(PROTECTION).fetchall()
    for statement in loosening:
        owner.execute(statement)
    assert owner.execute(PROTECTION).fetchall() != before

    owner.execute("CALL control.protect_tables()")

    assert owner.execute(PROTECTION).fetchall() == before


def test_a_column_that_was_added_can_be_loaded(owner: Connection[Any]) -> None:
    owner.execute("ALTER TABLE hourline.decision ADD COLUMN hue text")

    owner.execute("CALL control.protect_tables()")

    allowed = owner.execute(
        "SELECT has_column_privilege('hourline_loader', 'hourline.decision', 'hue',"
        " 'INSERT')"
    ).fetchone()
    assert allowed == (True,)


def test_what_becomes_a_fact_can_be_changed_no_longer(owner: Connection[Any]) -> None:
    owner.execute("COMMENT ON TABLE hourline.posting_intent IS '[fact by entity] Now.'")

    owner.execute("CALL control.protect_tables()")

    allowed = owner.execute(
        "SELECT has_table_privilege('hourline_app', 'hourline.posting_intent', kind)"
        " FROM unnest('{INSERT,UPDATE,DELETE}'::text[]) AS kind"
    ).fetchall()
    assert allowed == [(True,), (False,), (False,)]
