"""Decisions of before there were resourcing entities were borne by who employs."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hourline.infra import migrate as migrating
from hourline.infra.migrate import migrate, migrations

pytestmark = pytest.mark.integration
RESOURCING = "0062_resourcing_entity"
# What a decision refers to does not matter here.
BEFORE = """
SET session_replication_role = replica;
INSERT INTO control.tenant (slug, name) VALUES ('old', 'Old firm');
SET hourline.tenant = '1';
INSERT INTO hourline.decision (entry_no, revision, contract_no, contract_line_no,
    project_no, person_no, entity_no, employing_entity_no, work_date, accounting_date,
    late, worked_seconds, uplift_seconds, currency, cost_amount, change_no, approved_at,
    recorded_at)
SELECT n, 1, 1, 1, 1, 1, 10, 10 + n, '2025-03-05', '2025-03-05', false, 3600, 0, 840,
       5000, 1, now(), now()
FROM generate_series(0, 1) AS n;
"""


def test_who_employed_is_who_provided(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE before_resourcing")
    url = make_conninfo(database_url, dbname="before_resourcing")
    every = migrations()
    older = [one for one in every if one.name < RESOURCING]
    monkeypatch.setattr(migrating, "migrations", lambda: older)
    migrate(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BEFORE)
    upgraded = [one for one in every if one.name <= RESOURCING]
    monkeypatch.setattr(migrating, "migrations", lambda: upgraded)

    migrate(url)

    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT entity_no, employing_entity_no, resourcing_entity_no"
            " FROM hourline.decision ORDER BY entry_no"
        ).fetchall()
    assert found == [(10, 10, 10), (10, 11, 11)]
