"""A correction of many entries finds those that change by the day of their person."""

from decimal import Decimal

import pytest

from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.correcting.acts import Act, Wish
from hourline.flow.correcting.bulk import Applied, approve_bulk, propose_bulk
from hourline.flow.correcting.figures import Figures
from hourline.flow.correcting.previews import Preview, preview_bulk
from hourline.flow.correcting.selecting import Selection
from hourline.flow.proposals import proposals_about
from hourline.kernel.codes import Fate
from tests.flow.house import House
from tests.flow.rules import publish
from tests.flow.test_rulebook_trial_days import QUARTERS, increments, work_a_day

pytestmark = pytest.mark.integration
REPRICE = Wish(act=Act.REPRICE)
WHY = Because(actor="M. Ito", reason="half hours from March on")
ALL = Selection()


def rounding(**fields: object) -> MasterChange:
    said = {**QUARTERS.fields, **fields}
    return MasterChange("time_rounding", "quarters", fields=said)


def preview(house: House, of: Selection = ALL) -> Preview:
    return preview_bulk(house.database, house.tenant, REPRICE, of)


def repriced(house: House) -> Applied:
    """Propose all that changes, and let a second person agree."""
    place = (house.database, house.tenant)
    _, number = propose_bulk(*place, REPRICE, ALL, because=WHY)
    [waiting] = [
        one
        for one in proposals_about(*place, ("work.correct",))
        if one.proposal_no == number
    ]
    return approve_bulk(
        *place, waiting.proposal_no, approver="D. Roe", shown_hash=waiting.content_hash
    )


def billable(figures: Figures | None) -> tuple[int, int]:
    assert figures is not None
    return figures.of_fate(Fate.BILLABLE)


def shown(found: Preview) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    return [
        (one.named.entry, billable(one.before), billable(one.after))
        for one in found.changed
    ]


def billed(house: House, entry: str) -> int:
    fates = {Fate(one.fate): one.seconds for one in house.status(entry).portions}
    return fates.get(Fate.BILLABLE, 0)


def test_an_entry_that_changes_by_its_day_alone_is_found_and_repriced(
    house: House,
) -> None:
    work_a_day(house)
    house.approve(id="t3", date="2025-03-06")
    publish(house, increments(30))

    found = preview(house)
    done = repriced(house)

    # Two half hours are 3600 s: t2 has 2600 of them, which at 200 USD are 144.44 USD.
    assert shown(found) == [("t2", (1_700, 9_444), (2_600, 14_444))]
    assert done == Applied(applied=1, unchanged=0, refused=0)
    assert (billed(house, "t1"), billed(house, "t2")) == (1_000, 2_600)
    assert preview(house).changed == []
    assert house.unproven() == []


def test_a_selection_of_a_part_of_a_day_rounds_all_of_it(house: House) -> None:
    house.change(
        MasterChange("project", "P2", fields={"contract_line": "C1.1"}),
    )
    house.change(QUARTERS)
    house.approve(id="t1", seconds=1_000, project="P2")
    house.approve(id="t2", seconds=1_000)
    house.change(rounding(increment_minutes=Decimal(30)))

    assert preview(house, Selection(project="P2")).changed == []
    assert shown(preview(house, Selection(project="P1"))) == [
        ("t2", (1_700, 9_444), (2_600, 14_444))
    ]


def test_what_a_day_takes_of_several_is_shown_of_each(house: House) -> None:
    work_a_day(house)
    house.change(rounding(increment_minutes=Decimal(60), mode="down"))

    found = preview(house)
    done = repriced(house)

    assert shown(found) == [
        ("t1", (1_000, 5_556), (0, 0)),
        ("t2", (1_700, 9_444), (0, 0)),
    ]
    # With t1 the whole day was rounded, so at its turn t2 was as approved already.
    assert done == Applied(applied=1, unchanged=1, refused=0)
    assert (billed(house, "t1"), billed(house, "t2")) == (0, 0)
    assert preview(house).changed == []
    assert house.unproven() == []


def test_an_entry_whose_day_is_gathered_no_longer_lets_go_what_it_carries(
    house: House,
) -> None:
    work_a_day(house)
    house.change(rounding(scope="none"))

    found = preview(house)
    done = repriced(house)

    assert shown(found) == [("t2", (1_700, 9_444), (1_000, 5_556))]
    assert done.applied == 1
    assert (billed(house, "t2"), preview(house).changed) == (1_000, [])


def test_a_day_that_another_row_gathers_is_decided_anew_whole(house: House) -> None:
    work_a_day(house)
    halves = {**QUARTERS.fields, "increment_minutes": Decimal(30), "order": 0}
    house.change(MasterChange("time_rounding", "halves", fields=halves))

    done = repriced(house)

    assert done == Applied(applied=2, unchanged=0, refused=0)
    assert (billed(house, "t1"), billed(house, "t2")) == (1_000, 2_600)
    assert preview(house).changed == []


def test_what_is_invoiced_keeps_its_time_and_nothing_is_proposed(house: House) -> None:
    work_a_day(house)
    house.bill()
    house.change(rounding(increment_minutes=Decimal(30)))

    found = preview(house)

    assert (found.changed, found.invoiced) == ([], 0)
