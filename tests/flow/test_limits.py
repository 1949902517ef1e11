"""Limits and prepaid hours hold in whatever order things arrive, and are proven."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count, pairwise
from random import Random
from threading import Thread
from typing import TypeAlias

import pytest

from hourline import flow
from hourline.billing.model import Because, Issued
from hourline.billing.service import earn_expired_blocks
from hourline.cli.allotment_shown import allotted
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.infra.tenants import create_tenant
from hourline.kernel.codes import Fate, Role
from hourline.kernel.problems import ProblemCode
from tests.flow.house import HOUR, MARCH_END, House, approved, found_house

pytestmark = pytest.mark.integration

Record: TypeAlias = dict[str, object]
_FIRMS = count(1)
_ACTS = Query(
    "acts",
    "How much was written about allotments and earnings.",
    "SELECT (SELECT count(*) FROM hourline.allotment_act)"
    " + (SELECT count(*) FROM hourline.block_use)"
    " + (SELECT count(*) FROM hourline.block_earning)"
    " + (SELECT count(*) FROM hourline.journal_line)",
)
TOO_FINE: Record = {"person_day_limit_hours": Decimal("0.0001")}
WHY = Because(actor="M. Ito", reason="any")


def contract(**fields: object) -> MasterChange:
    """Give a change of contract C1."""
    return MasterChange("contract", "C1", fields=fields)


def prepaid(block: str = "B1", **changes: object) -> MasterChange:
    """Give a block of ten prepaid hours of line C1.1 for all of 2025."""
    fields: dict[str, object] = {
        "contract_line": "C1.1",
        "hours": Decimal(10),
        "purchased": date(2025, 1, 1),
        "expires": date(2025, 12, 31),
        **changes,
    }
    return MasterChange("prepaid_block", block, fields=fields)


def parts(house: House, entry: str = "t1") -> dict[Fate, tuple[int, int]]:
    """Give seconds and cents by fate, of the revision in force; zeros left out."""
    story = house.status(entry).story
    newest = max(one.revision for one in story.versions)
    return {
        Fate(one.fate): (one.seconds, one.amount)
        for one in story.portions
        if one.revision == newest and one.seconds
    }


def written(house: House) -> int:
    """Give how many facts there are about allotments, and journal lines."""
    with house.database.tenant(house.tenant) as session:
        return session.value(_ACTS, int) or 0


def earn_expired(house: House, through: date) -> None:
    """Earn what expired of the firm's blocks."""
    with house.database.tenant(house.tenant) as session:
        snapshot = flow.snapshot_of(session)
        entity_no = snapshot.number("legal_entity", "US1")
        assert entity_no is not None
        assert earn_expired_blocks(session, snapshot, entity_no, through) is None


def limited(database: Database) -> House:
    """Found a firm whose contract has limits, its line's too, and two blocks."""
    tenant = create_tenant(database, slug=f"limits-{next(_FIRMS)}", name="Limits")
    house = found_house(database, tenant)
    limits = {"limit": Decimal("900.01"), "person_day_limit_hours": Decimal("1.75")}
    line = MasterChange("contract_line", "C1.1", fields=limits)
    applied = house.change(
        contract(limit=Decimal(1_000), month_limit=Decimal(880)),
        line,
        prepaid("B1", hours=Decimal(2), price=Decimal(100)),
        prepaid("B2", hours=Decimal(1), expires=date(2025, 3, 10)),
    )
    assert applied.refusals == []
    house.bill()
    return house


def work(random: Random) -> list[Record]:
    """Give entries of odd lengths and days, one of them in two revisions."""
    records = [
        approved(
            id=f"t{number}",
            seconds=random.randint(2_000, 9_000),
            date=f"2025-03-{random.randint(1, 20):02}",
        )
        for number in range(8)
    ]
    return [*records, {**records[0], "revision": 2, "seconds": 4_321}]


def deliveries(records: Sequence[Record], random: Random) -> list[list[Record]]:
    """Give the records in another order, in deliveries of any size."""
    shuffled = random.sample(list(records), len(records))
    cuts = sorted(random.sample(range(1, len(records)), 3))
    return [shuffled[a:b] for a, b in pairwise([0, *cuts, len(records)])]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_and_any_delivery_leave_the_same_books(
    database: Database, seed: int
) -> None:
    random = Random(seed)
    records = work(random)
    results = []

    for _ in range(3):
        house = limited(database)
        for delivery in deliveries(records, random):
            # Within a delivery a revision that comes before its elder is stale.
            house.deliver(*sorted(delivery, key=lambda one: str(one["revision"])))
        assert house.unproven() == []
        found = {str(one["id"]): parts(house, str(one["id"])) for one in records}
        results.append((found, house.balances()))

    assert results[1:] == results[:-1]
    assert any(Fate.OVER_LIMIT in one for one in results[0][0].values())


def test_workers_at_once_leave_the_books_of_one(database: Database) -> None:
    records = work(Random(7))[:-1]
    alone, together = limited(database), limited(database)
    alone.deliver(*records)

    workers = [Thread(target=together.deliver, args=(one,)) for one in records]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    ids = [str(one["id"]) for one in records]
    assert [parts(together, one) for one in ids] == [parts(alone, one) for one in ids]
    assert together.balances() == alone.balances()
    assert together.unproven() == []


def test_what_is_as_before_writes_nothing(house: House) -> None:
    house.change(contract(limit=Decimal(300)), prepaid(hours=Decimal(1)))
    house.approve(seconds=4 * HOUR)
    before = written(house)

    house.change(contract(name="renamed"))
    house.change(contract(limit=Decimal("300.00")))
    flow.hold_entry(house.database, house.tenant, flow.EntryName("t1"), WHY)
    flow.retry_pending(house.database, house.tenant)

    assert written(house) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (contract(limit=Decimal(-1)), "its limit -1 is below nothing"),
        (contract(limit=Decimal("1.001")), "1.001 has more decimals than USD (2)"),
        (
            MasterChange("contract_line", "C1.1", fields={"limit": Decimal(-1)}),
            "its limit -1 is below nothing",
        ),
        (contract(month_limit=Decimal(-1)), "its month_limit -1 is below nothing"),
        (
            MasterChange("contract_line", "C1.1", fields=TOO_FINE),
            "its person_day_limit_hours 0.0001 is no whole number of seconds",
        ),
        (
            contract(month_limit_hours=Decimal(-2)),
            "its month_limit_hours -2 is not from 0 to 1000000",
        ),
        (prepaid(hours=Decimal(0)), "it has 0 hours"),
        (prepaid(hours=Decimal("0.0001")), "0.0001 hours are no whole seconds"),
        (
            prepaid(expires=date(2024, 12, 31)),
            "it expires on 2024-12-31, before its purchase 2025-01-01",
        ),
        (prepaid(price=Decimal(-1)), "its price -1 is below nothing"),
        (prepaid(contract_line="C1.F"), "contract line C1.F is not billed by time"),
    ],
)
def test_terms_that_nothing_could_be_allotted_by_are_refused(
    house: House, change: MasterChange, why: str
) -> None:
    fixed = {"contract": "C1", "method": "fixed_price", "price": Decimal(1)}
    house.change(MasterChange("contract_line", "C1.F", fields=fixed))

    refused = house.change(change).refusals

    assert [one.problem.code for one in refused] == [ProblemCode.MASTER_RECORD_INVALID]
    assert why in refused[0].problem.sentence
    assert refused[0].problem.remedy


def test_a_limit_is_not_lowered_below_what_is_invoiced(house: House) -> None:
    house.approve(seconds=2 * HOUR)
    house.bill()

    lowered = house.change(contract(limit=Decimal("399.99"))).refusals
    line = MasterChange("contract_line", "C1.1", fields={"limit": Decimal(1)})
    of_line = house.change(line).refusals

    assert lowered[0].problem.sentence == (
        "contract C1 was not taken over: its limit of 399.99 USD is below the 400.00"
        " USD invoiced already."
    )
    assert "C1.1 was not taken over: its limit of 1.00 USD" in (
        of_line[0].problem.sentence
    )
    assert house.change(contract(limit=Decimal(400))).refusals == []
    assert house.unproven() == []


def test_what_expired_is_earned_once_and_stays_earned(house: House) -> None:
    house.change(prepaid(price=Decimal(1_000), expires=date(2025, 3, 15)))
    house.bill()
    house.approve(seconds=4 * HOUR)

    earn_expired(house, date(2025, 3, 14))
    assert house.balances()[Role.REVENUE] == -40_000
    earn_expired(house, date(2025, 3, 15))
    before = written(house)
    earn_expired(house, date(2025, 4, 30))

    assert written(house) == before
    assert house.balances()[Role.REVENUE] == -100_000
    assert Role.CONTRACT_LIABILITY not in house.balances()
    house.recall("t1")
    assert house.balances()[Role.REVENUE] == -100_000
    assert house.unproven() == []


def test_a_block_whose_expiry_is_put_off_is_earned_by_the_hour_again(
    house: House,
) -> None:
    house.change(prepaid(price=Decimal(1_000), expires=date(2025, 3, 15)))
    house.bill()
    earn_expired(house, date(2025, 3, 31))

    house.change(prepaid(price=Decimal(1_000), expires=date(2025, 6, 30)))
    house.approve(seconds=HOUR)

    assert house.balances()[Role.REVENUE] == -10_000
    assert house.balances()[Role.CONTRACT_LIABILITY] == -90_000
    assert house.unproven() == []


def test_a_run_bills_a_contract_that_has_nothing_but_a_block(house: House) -> None:
    house.change(prepaid(price=Decimal(1_000)))

    outcomes = flow.bill_due(
        house.database, house.tenant, through=MARCH_END, invoice_date=MARCH_END
    )

    assert [one.net for one in outcomes if isinstance(one, Issued)] == [100_000]


def test_a_block_waits_for_its_row_of_the_tax_table(house: House) -> None:
    rule = {"order": 1, "rate": Decimal(19), "code": "S", "entity_country": "DE"}
    house.change(MasterChange("tax_rule", "german", fields=rule))
    house.change(prepaid(price=Decimal(1_000)))

    flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )

    assert house.codes() == ["tax_not_determined"]


def test_the_trace_says_which_block_and_which_limit(house: House) -> None:
    line = MasterChange("contract_line", "C1.1", fields={"limit": Decimal(600)})
    house.change(contract(limit=Decimal(400)), line, prepaid(hours=Decimal(1)))

    house.approve(seconds=5 * HOUR)
    house.approve(revision=2, seconds=HOUR // 2)

    said = [allotted(step) for step in house.status().story.allotments]
    assert [one.split(": ", 1)[1].rsplit(", by", 1)[0] for one in said] == [
        (
            "1 h more prepaid by block B1;"
            " 1 h more over the limit of contract line C1.1;"
            " 1 h more over the limit of contract C1"
        ),
        (
            "1 h less prepaid by block B1;"
            " 1 h less over the limit of contract line C1.1;"
            " 1 h less over the limit of contract C1"
        ),
        "0.5 h more prepaid by block B1",
    ]


def test_an_expense_over_a_limit_is_told_in_money(house: House) -> None:
    house.change(contract(limit=Decimal(100)))
    house.deliver(
        {
            **approved(id="x1", seconds=None),
            "kind": "expense",
            "cost": "140.25",
            "currency": "USD",
        }
    )

    [step] = house.status("x1").story.allotments

    assert "40.25 USD more over the limit of contract C1" in allotted(step)
    assert house.unproven() == []


def test_a_block_is_billed_once(house: House) -> None:
    house.change(prepaid(price=Decimal(1_000)))
    house.bill()

    again = flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )

    assert not isinstance(again, Issued)
    assert house.balances()[Role.CONTRACT_LIABILITY] == -100_000
