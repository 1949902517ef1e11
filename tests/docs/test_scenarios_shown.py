"""Run the scenario files that the pages show, through the real pipeline."""

from pathlib import Path

import pytest

from hourline.infra.database import Database
from hourline.scenarios.run import run_files
from tests.docs.pages import blocks_in

SHOWN = [
    (f"{page.place}:{block.line_number}", block.body)
    for page, block in blocks_in("yaml")
    if block.body.startswith("scenario:")
]


def test_pages_show_scenarios() -> None:
    shown_on = {place.partition(":")[0] for place, _ in SHOWN}

    assert {
        "docs/reference/scenario-format.md",
        "docs/tutorials/first-scenario.md",
    } <= shown_on


@pytest.mark.integration
@pytest.mark.parametrize(("place", "body"), SHOWN, ids=[place for place, _ in SHOWN])
def test_the_scenario_on_the_page_passes(
    place: str, body: str, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(body, encoding="utf-8")

    verdicts = list(run_files(database, [file]))

    assert [(v.passed, v.failures) for v in verdicts] == [(True, ())], place
