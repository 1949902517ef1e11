"""Add a tool by a file alone, and refuse a file that declares none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import hourline.intake.layouts
from hourline.intake.layout import layouts
from hourline.intake.model import ExportReading
from tests.intake.exports import only, table

TOOL = '''
"""Declare the export of a tool that exists in this test only."""

from hourline.intake.rules.columns import Layout

LAYOUT = Layout(
    name="planted",
    title="Planted",
    columns={
        "person_name": (("Who",),),
        "project": (("What",),),
        "task": (("How",),),
        "date": (("When",),),
        "seconds": (("Long",),),
        "billable": (("Paid",),),
    },
)
'''


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder whose files count as declared layouts."""
    path = [*hourline.intake.layouts.__path__, str(tmp_path)]
    monkeypatch.setattr(hourline.intake.layouts, "__path__", path)
    layouts.cache_clear()
    yield tmp_path
    layouts.cache_clear()


def test_a_tool_is_added_by_its_file_alone(tools: Path) -> None:
    (tools / "planted_tool.py").write_text(TOOL)
    reading = ExportReading(layout="planted", person_key="name", approval="every_row")

    row = only(
        table("Who,What,How,When,Long,Paid", "Ann,Website,,2025-03-05,2,no"), reading
    )

    assert sorted(layouts()) == ["clockify", "harvest", "planted", "toggl"]
    assert row.key == "planted|ann|2025-03-05|website||"
    assert (row.record.seconds, row.record.billable_seconds) == (7_200, 0)


def test_a_file_without_a_layout_is_refused_by_name(tools: Path) -> None:
    (tools / "planted_nothing.py").write_text('"""Declare nothing."""\n')

    with pytest.raises(TypeError, match="planted_nothing declares no LAYOUT"):
        layouts()
