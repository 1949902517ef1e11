"""Read the catalogue and fail for any table that breaks tenancy or immutability."""

import re
from collections.abc import Iterator
from typing import TypeAlias

import psycopg
import pytest

from hourline.infra.database import Database
from hourline.infra.migrate import migrate
from hourline.infra.tenants import create_tenant

pytestmark = pytest.mark.integration

TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       coalesce(obj_description(c.oid), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'hourline' AND c.relkind IN ('r', 'p')
"""
KEYS = """
SELECT c.relname, k.conname, k.contype,
       (SELECT array_agg(a.attname::text ORDER BY u.ord)
        FROM unnest(k.conkey) WITH ORDINALITY AS u(num, ord)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.num),
       k.confrelid::regclass::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'hourline' AND k.contype IN ('p', 'u', 'f')
"""
UNIQUE_INDEXES = """
SELECT i.indexrelid::regclass::text, a.attname::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE n.nspname = 'hourline' AND i.indisunique
"""
# Partial ones cannot serve the check of a foreign key.
INDEXES_OF_REFERENCED = """
SELECT i.indexrelid::regclass::text, a.attname::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE n.nspname = 'hourline' AND NOT i.indisunique AND i.indpred IS NULL
  AND EXISTS (SELECT FROM pg_constraint f WHERE f.confrelid = c.oid AND f.contype = 'f')
"""
COLUMNS = """
SELECT table_name::text, column_name::text, is_nullable::text, column_default::text
FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'hourline' AND table_type = 'BASE TABLE'
"""
VIEWS = """
SELECT c.relname, coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'hourline' AND c.relkind IN ('v', 'm')
ORDER BY c.relname
"""
GRANTS = """
SELECT table_name::text, privilege_type::text FROM information_schema.table_privileges
WHERE table_schema = 'hourline' AND grantee = 'hourline_app'
"""
LOADER_GRANTS = """
SELECT table_name::text, column_name::text, privilege_type::text
FROM information_schema.column_privileges
WHERE table_schema = 'hourline' AND grantee = 'hourline_loader'
"""
POLICIES = """
SELECT tablename::text, qual::text, with_check::text FROM pg_policies
WHERE schemaname = 'hourline'
"""
KIND = re.compile(r"^\[(fact|version|state) by (tenant|contract|entity)\] [A-Z].+\.$")
# The column that says to which unit of parallel work a row belongs.
PARTITION_COLUMNS = {
    "contract": {"contract_no", "contract_line_no", "entry_no", "document_no"},
    "entity": {"entity_no", "line_no", "intent_no", "connection_no", "document_no"},
    "tenant": {"tenant"},
}


Catalogue: TypeAlias = psycopg.Cursor[tuple[object, ...]]


@pytest.fixture
def migrated(database_url: str) -> str:
    migrate(database_url)
    return database_url


@pytest.fixture
def catalogue(migrated: str) -> Iterator[Catalogue]:
    with psycopg.connect(migrated) as connection:
        yield connection.cursor()


def rows(catalogue: Catalogue, query: str) -> list[tuple[object, ...]]:
    return catalogue.execute(query.encode()).fetchall()


def test_every_table_says_what_it_is_and_how_it_is_partitioned(
    catalogue: Catalogue,
) -> None:
    columns: dict[object, set[object]] = {}
    for table, column, *_ in rows(catalogue, COLUMNS):
        columns.setdefault(table, set()).add(column)

    for table, _enabled, _forced, comment in rows(catalogue, TABLES):
        match = KIND.match(str(comment))
        assert match, f"{table}: {comment}"
        assert PARTITION_COLUMNS[match[2]] & columns[table], table


def test_every_table_forces_row_level_security(
    catalogue: Catalogue,
) -> None:
    found = rows(catalogue, TABLES)

    assert len(found) > 25
    assert [row[0] for row in found if not (row[1] and row[2])] == []


def test_every_policy_checks_what_is_read_and_what_is_written(
    catalogue: Catalogue,
) -> None:
    expected = "(tenant = ( SELECT control.current_tenant() AS current_tenant))"

    policies = {row[0]: row[1:] for row in rows(catalogue, POLICIES)}

    for table, *_ in rows(catalogue, TABLES):
        assert policies[table] == (expected, expected), table


def test_the_tenant_is_first_in_every_key_and_in_every_foreign_key(
    catalogue: Catalogue,
) -> None:
    for table, name, kind, columns, target in rows(catalogue, KEYS):
        if kind == "f" and target == "control.tenant":
            continue
        assert isinstance(columns, list)
        assert columns[0] == "tenant", f"{table}.{name}"


def test_no_check_of_a_foreign_key_can_be_planned_by_the_tenant_alone(
    catalogue: Catalogue,
) -> None:
    found = rows(catalogue, INDEXES_OF_REFERENCED)

    assert len(found) > 10
    assert [index for index, first in found if first == "tenant"] == []


def test_the_tenant_is_first_in_every_unique_index(
    catalogue: Catalogue,
) -> None:
    found = rows(catalogue, UNIQUE_INDEXES)

    assert {first for _, first in found} == {"tenant"}


def test_the_tenant_column_fills_itself_and_is_never_null(
    catalogue: Catalogue,
) -> None:
    tenants = [row for row in rows(catalogue, COLUMNS) if row[1] == "tenant"]

    assert len(tenants) == len(rows(catalogue, TABLES))
    assert {row[2:] for row in tenants} == {("NO", "control.current_tenant()")}


def test_a_view_reads_with_the_rights_of_its_reader(catalogue: Catalogue) -> None:
    found = rows(catalogue, VIEWS)

    assert found == [("portion_part", True), ("shut_month", True)]


def test_facts_and_versions_are_append_only_for_the_application(
    catalogue: Catalogue,
) -> None:
    grants: dict[object, set[object]] = {}
    for table, privilege in rows(catalogue, GRANTS):
        grants.setdefault(table, set()).add(privilege)

    for table, _enabled, _forced, comment in rows(catalogue, TABLES):
        append_only = not str(comment).startswith("[state")
        allowed = {"SELECT", "INSERT"} | (
            set() if append_only else {"UPDATE", "DELETE"}
        )
        assert grants[table] == allowed, table


def test_the_loader_may_only_insert_and_never_names_the_tenant(
    catalogue: Catalogue,
) -> None:
    grants = rows(catalogue, LOADER_GRANTS)

    assert {privilege for *_, privilege in grants} == {"INSERT"}
    assert "tenant" not in {column for _, column, _ in grants}


def test_versions_are_valid_from_a_date_and_known_from_an_instant(
    catalogue: Catalogue,
) -> None:
    columns: dict[object, set[object]] = {}
    for table, column, *_ in rows(catalogue, COLUMNS):
        columns.setdefault(table, set()).add(column)

    for table, _enabled, _forced, comment in rows(catalogue, TABLES):
        if str(comment).startswith("[version"):
            assert "recorded_at" in columns[table], table
            assert {"effective_from", "work_date"} & columns[table], table


def test_a_tenant_sees_and_writes_only_its_own_rows(
    database: Database, tenant: int, database_url: str
) -> None:
    other = create_tenant(database, slug=f"other-{tenant}", name="Other firm")
    with psycopg.connect(database_url) as connection:
        connection.execute("SET ROLE hourline_app")
        connection.execute(
            "SELECT set_config('hourline.tenant', %s, false)", (str(tenant),)
        )
        connection.execute(
            "INSERT INTO hourline.connection (connection_no, name, connector)"
            " VALUES (1, 'psa', 'sandbox_psa')"
        )
        connection.execute(
            "SELECT set_config('hourline.tenant', %s, false)", (str(other),)
        )

        seen = connection.execute("SELECT * FROM hourline.connection").fetchall()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO hourline.connection (tenant, connection_no, name,"
                " connector) VALUES (%s, 2, 'crm', 'sandbox_crm')",
                (tenant,),
            )

    assert seen == []


def test_without_a_tenant_nothing_is_read_and_nothing_is_written(
    migrated: str,
) -> None:
    with psycopg.connect(migrated) as connection:
        connection.execute("SET ROLE hourline_app")
        connection.execute("SELECT set_config('hourline.tenant', '', false)")

        seen = connection.execute("SELECT * FROM hourline.time_entry").fetchall()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO hourline.connection (connection_no, name, connector)"
                " VALUES (1, 'psa', 'sandbox_psa')"
            )

    assert seen == []


def test_the_loader_cannot_name_another_tenant(tenant: int, migrated: str) -> None:
    with psycopg.connect(migrated) as connection:
        connection.execute("SET ROLE hourline_loader")
        connection.execute(
            "SELECT set_config('hourline.tenant', %s, false)", (str(tenant),)
        )

        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connection.cursor().copy(
                "COPY hourline.connection (tenant, connection_no, name, connector)"
                " FROM STDIN"
            ) as copy,
        ):
            copy.write_row((tenant + 1, 1, "psa", "sandbox_psa"))
