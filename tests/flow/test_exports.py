"""Exports of time tools are taken in, again and again, and become invoices."""

import os
import random
from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hourline.infra.database import Database
from hourline.infra.tenants import create_tenant
from hourline.intake.manifest import Manifest
from hourline.kernel.codes import Outcome
from tests.flow.exporting import EVERYTHING, Tool, house_of, march, tool_of
from tests.flow.house import House
from tests.intake.exports import (
    CLOCKIFY_HEADER,
    TOGGL_HEADER,
    clockify,
    harvest,
    table,
    toggl,
)

pytestmark = pytest.mark.integration
ACCEPTED = Outcome.ACCEPTED
DUPLICATE = Outcome.DUPLICATE
REFUSED = Outcome.REFUSED
RECALL = Outcome.RECALL
NOT_APPROVED = Outcome.NOT_APPROVED
TOTALS = Outcome.TOTALS
RUNNING = Outcome.RUNNING
_FIRMS = count(1)


@pytest.fixture
def house(database: Database, tenant: int) -> House:
    return house_of(database, tenant)


@pytest.fixture
def tool(house: House) -> Tool:
    return tool_of(house)


def test_a_re_export_is_a_duplicate_and_changed_hours_are_a_revision(
    tool: Tool,
) -> None:
    first = tool.became(march(harvest(), harvest(date="2025-03-06")))
    noted = tool.became(march(harvest(notes="x"), harvest(date="2025-03-06")))
    corrected = tool.became(march(harvest(hours="2"), harvest(date="2025-03-06")))

    assert first == [ACCEPTED, ACCEPTED]
    assert noted == [DUPLICATE, DUPLICATE]
    assert corrected == [ACCEPTED, DUPLICATE]
    assert tool.in_force() == [(1, 7_200), (1, 5_400)]
    assert tool.house.unproven() == []


def test_another_spelling_is_nothing_new(tool: Tool) -> None:
    tool.bring(march(harvest()))

    spelled = tool.became(march(harvest(first_name="ANN ", project=" WEBSITE")))
    new = tool.became(march(harvest(first_name="ANN ", project="website", task="X")))

    assert spelled == [DUPLICATE]
    assert new == [ACCEPTED]
    assert tool.house.bill().net == 60_000


def test_equal_rows_keep_their_identities_in_any_order_and_with_one_removed(
    tool: Tool,
) -> None:
    three = [harvest(hours=hours) for hours in ("3", "2", "2")]
    tool.bring(march(*three))
    shuffled = tool.became(march(three[1], three[2], three[0]))
    removed = tool.became(march(three[0], three[2]))
    corrected = tool.became(march(harvest(hours="4"), three[1], three[2]))

    assert shuffled == [DUPLICATE] * 3
    assert removed == [DUPLICATE] * 2
    assert corrected == [ACCEPTED, DUPLICATE, DUPLICATE]
    assert tool.in_force() == [(1, 7_200), (2, 7_200), (3, 14_400)]


def test_every_row_has_one_outcome_in_the_order_of_the_file(tool: Tool) -> None:
    content = march(
        harvest(),
        harvest(hours="some"),
        harvest(**{"approved?": "No"}, task="Build"),
        harvest(),
        harvest(**{"billable?": "No"}, task="Care"),
        "Total,,,,,,6.0,,,,,,,",
    )

    rows = tool.bring(content)

    assert [(row.line, row.outcome) for row in rows] == [
        (2, ACCEPTED),
        (3, REFUSED),
        (4, NOT_APPROVED),
        (5, ACCEPTED),
        (6, ACCEPTED),
        (7, TOTALS),
    ]
    assert tool.house.codes() == ["field_invalid"]


def test_a_row_that_is_approved_no_more_is_recalled(tool: Tool) -> None:
    tool.bring(march(harvest(), harvest(hours="2")))

    withdrawn = tool.became(march(harvest(**{"approved?": "No"}), harvest(hours="2")))
    again = tool.became(march(harvest(notes="again"), harvest(hours="2")))

    assert withdrawn == [RECALL, DUPLICATE]
    assert again == [ACCEPTED, DUPLICATE]
    assert tool.in_force() == [(1, 5_400), (2, 7_200)]


@pytest.mark.parametrize(
    ("total", "codes"),
    [
        ("3.5", []),
        ("3:30", []),
        ("", []),
        ("4.5", ["totals_row_differs"]),
        ("3,5", ["field_invalid"]),
    ],
)
def test_a_row_of_totals_is_compared_and_never_an_entry(
    tool: Tool, total: str, codes: list[str]
) -> None:
    rows = [harvest(), harvest(hours="2"), f'Total,,,,,,"{total}",,,,,,,']

    became = tool.became(march(*rows))

    assert became == [ACCEPTED, ACCEPTED, TOTALS]
    assert tool.house.codes() == codes


def test_what_the_tool_invoiced_is_not_billed_again_unless_that_is_said(
    house: House,
) -> None:
    tool = tool_of(house)
    tool.bring(march(harvest()))
    marked = march(
        harvest(**{"invoiced?": "Yes"}), harvest(**{"invoiced?": "Yes"}, task="Build")
    )

    became = tool.became(marked)
    codes = house.codes()
    tool_of(house, invoiced="take")
    taken = tool.became(marked)

    assert became == [DUPLICATE, REFUSED]
    assert codes == ["invoiced_elsewhere"]
    assert taken == [DUPLICATE, ACCEPTED]


def test_a_row_of_totals_in_the_middle_is_a_row_that_lacks_everything(
    tool: Tool,
) -> None:
    became = tool.became(march("Total,,,,,,1.5,,,,,,,", harvest()))

    assert became == [REFUSED, ACCEPTED]


def test_a_running_entry_waits_for_its_end_and_is_no_exception(house: House) -> None:
    tool = tool_of(house, layout="toggl", person_key="email", approval="every_row")
    running = {"start_time": "11:00:00", "end_date": "", "end_time": ""}
    finished = {"start_time": "11:00:00", "end_time": "12:00:00"}

    first = tool.became(table(TOGGL_HEADER, toggl(), toggl(**running, duration="")))
    later = tool.became(
        table(TOGGL_HEADER, toggl(), toggl(**finished, duration="01:00:00"))
    )

    assert first == [ACCEPTED, RUNNING]
    assert house.codes() == []
    assert later == [DUPLICATE, ACCEPTED]


def test_a_statement_that_the_rows_contradict_refuses_the_file(tool: Tool) -> None:
    content = march(harvest())

    beyond = tool.refusal(content, first_day="2025-04-01", last_day="2025-04-30")
    half = tool.refusal(content, first_day="2025-04-01")
    turned = tool.refusal(content, first_day="2025-04-02", last_day="2025-04-01")

    assert beyond == (
        "The file is said to cover 2025-04-01 to 2025-04-30, and holds rows of"
        " 2025-03-05."
    )
    assert half == "The file is said to cover 2025-04-01 to no day."
    assert turned == "The file is said to cover 2025-04-02 to 2025-04-01."
    assert tool.in_force() == []


def test_a_manifest_is_compared_without_the_rows_of_totals(tool: Tool) -> None:
    content = march(harvest(), harvest(hours="2"), "Total,,,,,,3.5,,,,,,,")
    fits = Manifest(file="march.csv", rows=3, control_total_seconds=12_600)
    wrong = Manifest(file="march.csv", control_total_seconds=1)

    refused = tool.refusal(content, manifest=wrong)
    became = tool.became(content, manifest=fits)

    assert refused == "The total of seconds is 12600, the manifest says 1."
    assert became == [ACCEPTED, ACCEPTED, TOTALS]


def test_all_or_nothing_takes_an_export_with_totals_and_refuses_a_wrong_row(
    tool: Tool,
) -> None:
    whole = Manifest(file="march.csv", all_or_nothing=True, **EVERYTHING)  # type: ignore[arg-type]  # a setting is a text
    good = march(harvest(), "Total,,,,,,1.5,,,,,,,")
    wrong = march(harvest(), harvest(hours="x"))

    taken = tool.became(good, manifest=whole)
    refused = tool.became(wrong, manifest=whole)

    assert taken == [ACCEPTED, TOTALS]
    assert refused == [REFUSED, REFUSED]
    assert len(tool.coverages()) == 1


def test_days_are_stated_for_exports_only(house: House) -> None:
    psa = Tool(house, house.psa)
    content = b"id,revision,status,person,project,date,seconds\n"

    assert psa.refusal(content, first_day="2025-03-01") == (
        "Days or coverage were stated for a file whose connection reads no export."
    )


EQUALS = st.lists(st.sampled_from(["1", "2", "2.5"]), min_size=1, max_size=5)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=EQUALS, second=EQUALS, seed=st.integers(0, 1_000))
def test_any_order_and_repetition_of_exports_leaves_the_same_entries(
    database: Database, first: list[str], second: list[str], seed: int
) -> None:
    left = []
    for shuffled in (False, True):
        slug = f"shuffled-{os.getpid()}-{next(_FIRMS)}"
        tenant = create_tenant(database, slug=slug, name="Shuffled")
        tool = tool_of(house_of(database, tenant), gone="recall", **EVERYTHING)
        for hours in (first, second):
            tool.bring(march(*_rows(hours, seed if shuffled else None)))
            if shuffled:
                again = tool.became(march(*_rows(hours, seed + 1), ""))
                assert set(again) <= {DUPLICATE, ACCEPTED}
        left.append(tool.in_force())
        assert tool.house.unproven() == []

    wanted = sorted(int(float(hours) * 3_600) for hours in second)
    assert left[0] == left[1]
    assert [seconds for _, seconds in left[0]] == wanted


def _rows(hours: Sequence[str], seed: int | None) -> list[str]:
    rows = [harvest(hours=one) for one in hours]
    if seed is not None:
        random.Random(seed).shuffle(rows)
    return rows


def test_a_dirty_file_of_each_tool_becomes_one_invoice(house: House) -> None:
    of_harvest = tool_of(
        house, date_order="day_first", decimal_mark=",", encoding="cp1252"
    )
    of_toggl = tool_of(house, layout="toggl", person_key="email", approval="every_row")
    of_clockify = tool_of(
        house,
        layout="clockify",
        person_key="name",
        approval="every_row",
        date_order="month_first",
    )
    answers = {"billable?": "Ja", "approved?": "Ja", "invoiced?": "Nein"}
    harvested = march(
        harvest(date="05.03.2025", hours="7,5", notes="Küche;\nBad", **answers),
        harvest(date="06.03.2025", hours="0,5", **(answers | {"billable?": "Nein"})),
        'Gesamt,,,,,,"8,0",,,,,,,',
    )
    tracked = b"\xef\xbb\xbf" + table(
        TOGGL_HEADER,
        toggl(
            start_time="11:00 PM",
            end_date="2025-03-06",
            end_time="1:00 AM",
            duration="PT2H",
            billable="はい",
        ),
        toggl(start_time="4:00 PM", end_date="", end_time="", duration=""),
    )
    clocked = table(
        CLOCKIFY_HEADER.replace("Task", "Activity"),
        clockify(
            user="Bob  RAY".title(), start_date="03/07/2025", end_date="03/07/2025"
        ),
        "",
        clockify(project="", start_date="03/07/2025", end_date="03/07/2025"),
    ).replace(b",", b";")

    became = [
        of_harvest.became(harvested.decode().encode("cp1252")),
        of_toggl.became(tracked),
        of_clockify.became(clocked),
    ]
    issued = house.bill()

    assert became == [
        [ACCEPTED, ACCEPTED, TOTALS],
        [ACCEPTED, RUNNING],
        [ACCEPTED, REFUSED],
    ]
    assert house.codes() == ["field_missing"]
    assert issued.net == 220_000
    assert house.billed_lines() == 3
    assert house.unproven() == []
