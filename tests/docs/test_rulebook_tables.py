"""The reference of the tables is the one their declarations give."""

import msgspec

from hourline.master.rulebook.tables import TABLES
from tests.docs.pages import page
from tools import rulebook_reference


def test_the_page_of_the_tables_is_the_one_the_program_writes() -> None:
    written = page(rulebook_reference.PAGE).text

    assert written == rulebook_reference.page(), (
        "run: python -m tools.rulebook_reference"
    )


def test_every_column_a_table_names_is_a_field_of_its_kind() -> None:
    for table in TABLES:
        fields = {field.name for field in msgspec.structs.fields(table.kind)}
        named = {*table.shape.columns, *table.choices, *table.currencies} - {"id"}
        named |= {table.order} if table.order else set()

        assert named <= fields, table.name


def test_tables_have_names_and_kinds_of_their_own() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    assert len({table.kind for table in TABLES}) == len(TABLES)
