"""Journals of before there were ledgers belong to the systems that they went to."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hourline.infra import migrate as migrating
from hourline.infra.migrate import Migration, migrate, migrations

pytestmark = pytest.mark.integration
LEDGERS = "0010_ledger_detail"
BEFORE = """
INSERT INTO control.tenant (slug, name) VALUES ('old', 'Old firm');
SET hourline.tenant = '1';
INSERT INTO hourline.connection (connection_no, name, connector)
VALUES (1, 'first', 'sandbox_atlas'), (2, 'second', 'sandbox_atlas');
INSERT INTO hourline.journal_line (line_no, cause, cause_no, cause_revision, part,
    effect, mirror, entity_no, debit, credit, currency, amount, entity_currency,
    entity_amount, accounting_date, document_date, recorded_at)
SELECT n, 1, n, 1, 0, 1, false, 1, 1, 2, 840, 100, 840, 100,
       '2025-03-05', '2025-03-05', now()
FROM generate_series(1, 3) AS n;
INSERT INTO hourline.journal (journal_no, entity_no, kind, accounting_date, sequence,
    currency, total, content_hash)
SELECT 10 + n, 1, 1, '2025-03-05', n, 840, 100, sha256('')
FROM generate_series(1, 3) AS n;
INSERT INTO hourline.journal_member (line_no, journal_no)
SELECT n, 10 + n FROM generate_series(1, 3) AS n;
INSERT INTO hourline.posting_intent (connection_no, kind, document_no, key, payload,
    payload_hash, state)
VALUES (1, 3, 11, 'a', '{}', sha256(''), 6), (2, 3, 11, 'b', '{}', sha256(''), 6),
       (2, 3, 12, 'c', '{}', sha256(''), 6);
"""


@pytest.fixture
def before(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a database of the release before, with journals at one and two systems."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE before_ledgers")
    url = make_conninfo(database_url, dbname="before_ledgers")
    older = [one for one in migrations() if one.name < LEDGERS]
    monkeypatch.setattr(migrating, "migrations", lambda: older)
    migrate(url)
    monkeypatch.setattr(migrating, "migrations", lambda: [*older, _ledgers()])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BEFORE)
    return url


def _ledgers() -> Migration:
    [found] = [one for one in migrations() if one.name == LEDGERS]
    return found


def test_each_system_keeps_the_lines_it_got_and_what_nobody_got_is_open(
    before: str,
) -> None:
    migrate(before)

    with psycopg.connect(before, autocommit=True) as connection:
        journals = connection.execute(
            "SELECT journal_no, connection_no, grain, group_key FROM hourline.journal"
            " ORDER BY 1"
        ).fetchall()
        members = connection.execute(
            "SELECT line_no, connection_no, journal_no FROM hourline.journal_member"
            " ORDER BY 1, 2"
        ).fetchall()
    assert journals == [(11, 1, "day", "2025-03-05"), (12, 2, "day", "2025-03-05")]
    assert members == [(1, 1, 11), (1, 2, 11), (2, 2, 12)]
