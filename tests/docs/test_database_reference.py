"""Hold the reference of the database to the catalogue of a migrated one."""

import re

import psycopg
import pytest

from hourline.infra.database import Database
from tests.docs.pages import page
from tools import database_reference


@pytest.mark.integration
def test_every_table_and_column_has_its_entry(
    database: Database,  # noqa: ARG001 - asked for because it migrates
    database_url: str,
) -> None:
    written = page(database_reference.PAGE).text

    assert written == database_reference.page(database_url), (
        "run: python -m tools.database_reference"
    )


@pytest.mark.integration
def test_a_new_table_changes_the_page(
    database: Database,  # noqa: ARG001 - asked for because it migrates
    database_url: str,
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE hourline.planted (tenant integer PRIMARY KEY)")
        connection.execute(
            "COMMENT ON TABLE hourline.planted IS '[fact by tenant] Planted by a test.'"
        )
        try:
            written = database_reference.page(database_url)
        finally:
            connection.execute("DROP TABLE hourline.planted")

    assert "| [planted](#planted) | fact | tenant | Planted by a test. |" in written
    assert "| **tenant** | integer | yes |  |" in written.partition("## planted")[2]


def test_the_overview_lists_each_table_that_has_an_entry() -> None:
    reference = page(database_reference.PAGE)
    listed = re.findall(r"^\| \[(\w+)\]\(#\1\) \|", reference.text, re.MULTILINE)
    entries = reference.titles[2:]

    assert listed == entries
    assert "journal_line" in listed
