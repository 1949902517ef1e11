"""Whatever people and sources do under limits and with prepaid hours, it is proven."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.service import allot_contract, lock_contracts
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.money import Rounding, round_ratio
from tests.flow.advances import KIEL, shares
from tests.flow.house import MARCH_END, House
from tests.flow.office import ENTRIES, WHY, Office

pytestmark = pytest.mark.integration
_ACTS = Query("acts", "Allotments.", "SELECT count(*) FROM hourline.allotment_act")
_NET = Query(
    "net",
    "What is invoiced less credits for work, and for everything, in cents.",
    "SELECT coalesce(sum(net) FILTER (WHERE entry_no IS NOT NULL), 0)::bigint,"
    " coalesce(sum(net), 0)::bigint FROM hourline.invoice_line",
)
_USED = Query(
    "used",
    "The used seconds of prepaid hours.",
    "SELECT coalesce(sum(seconds), 0)::bigint FROM hourline.block_use",
)


# What a contract limits besides, and its line in the firm after next.
SPAN_LIMITS: tuple[dict[str, object], ...] = (
    {},
    {"month_limit": Decimal("120.02")},
    {"person_day_limit_hours": Decimal("1.25")},
    {"person_day_limit": Decimal("99.97"), "month_limit_hours": Decimal("1.4")},
)


def limit(house: House, seed: int) -> None:
    """Limit the contract to 150.01 in one way or the other, with 1,440 s prepaid.

    Every second firm also limits a month or a person's day, of the contract or a line,
    and every third one of its two customers to 90.00.
    """
    house.change(
        MasterChange(
            "bill_rate",
            "standard",
            fields={"currency": "USD", "rate": Decimal("99.97")},
        ),
        MasterChange(
            "contract",
            "C1",
            fields={
                "limit": Decimal("150.01"),
                "over_limit": ("split", "block")[seed % 2],
                **SPAN_LIMITS[seed % 4],
            },
        ),
        *(customer_limits() if seed % 3 == 1 else ()),
        MasterChange(
            "contract_line",
            "C1.1",
            fields=SPAN_LIMITS[3 - seed % 4],
        ),
        MasterChange(
            "prepaid_block",
            "B1",
            fields={
                "contract_line": "C1.1",
                "hours": Decimal("0.4"),
                "purchased": date(2025, 1, 1),
                "expires": date(2025, 12, 31),
                "price": Decimal("33.33"),
            },
        ),
    )


def customer_limits() -> list[MasterChange]:
    """Share the contract, with a limit of one customer and of both on the line."""
    first, second = shares(ADATUM="60", KIEL="40")
    limited = replace(first, fields={**first.fields, "limit": Decimal("90.00")})
    of_line = [
        MasterChange(
            "line_customer_limit",
            f"C1.1:{customer}",
            fields={
                "contract_line": "C1.1",
                "customer": customer,
                "limit": Decimal(limit),
            },
        )
        for customer, limit in (("ADATUM", "89.01"), ("KIEL", "59.33"))
    ]
    return [KIEL, limited, second, *of_line]


def allot_once_more(house: House) -> None:
    """Allot the contract again; nothing may differ."""
    with house.database.tenant(house.tenant) as session:
        snapshot = flow.snapshot_of(session)
        number = snapshot.number("contract", "C1")
        assert number is not None
        before = session.value(_ACTS, int)
        lock_contracts(session, [number])
        assert allot_contract(session, snapshot, number) is None
        assert session.value(_ACTS, int) == before


@pytest.mark.parametrize("seed", range(10))
def test_what_is_allotted_is_conserved_whatever_happens(
    house: House, seed: int
) -> None:
    limit(house, seed)
    office = Office(house, seed)
    office.deliver()
    does = [
        *(office.deliver, office.deliver, office.recall, office.hold, office.release),
        *(office.write_off, office.bill, office.bill, office.draft_and_issue),
        *(office.credit, office.credit, office.close),
    ]

    office.work(does, also=allot_once_more)

    finish(house)
    with house.database.tenant(house.tenant) as session:
        [(of_work, of_all)] = session.tuples(_NET)
        used = session.value(_USED, int) or 0
    earned = round_ratio(3_333 * used, 1_440, Rounding.HALF_UP)
    balances = house.balances()
    assert of_work <= 15_001
    assert of_all - of_work == 3_333
    assert Role.WIP not in balances
    assert balances.get(Role.CONTRACT_LIABILITY, 0) == earned - 3_333
    assert balances.get(Role.REVENUE, 0) == -of_work - earned


def finish(house: House) -> None:
    """Release what is held and bill all there is."""
    place = (house.database, house.tenant)
    house.reopen()
    for entry in ENTRIES:
        try:
            flow.release_entry(*place, flow.EntryName(entry), WHY)
        except flow.NotKnown:
            continue
    flow.bill_contract(*place, contract="C1", through=MARCH_END, invoice_date=MARCH_END)
    assert house.unproven() == []
