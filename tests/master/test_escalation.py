"""A rate that escalates is published as a row for each year, and stays as published."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.kernel.money import currency_of
from hourline.master.model import BillRate
from hourline.master.publishing import published
from hourline.master.rules.escalation import NoEscalation, escalated
from hourline.master.service import apply_changes
from hourline.master.store import load_state

FOREVER = date.max
RATE = MasterChange(
    "bill_rate",
    "card",
    fields={
        "currency": "USD",
        "rate": Decimal("99.995"),
        "escalation_percent": Decimal(3),
        "escalation_every": "year",
    },
    effective_from=date(2024, 2, 29),
    effective_until=date(2026, 6, 1),
)


def changed(**fields: object) -> MasterChange:
    return MasterChange(
        RATE.kind,
        RATE.source_id,
        fields={**RATE.fields, **fields},
        effective_from=RATE.effective_from,
    )


def test_each_year_compounds_exactly_and_is_rounded_once() -> None:
    rows = escalated(
        Decimal("99.995"),
        Decimal(3),
        (date(2024, 2, 29), date(2026, 6, 1)),
        currency_of("USD"),
    )

    # 102.99485, 106.0846955
    assert [(row.starts, row.ends, row.rate) for row in rows] == [
        (date(2024, 2, 29), date(2025, 3, 1), Decimal("99.995")),
        (date(2025, 3, 1), date(2026, 3, 1), Decimal("102.99")),
        (date(2026, 3, 1), date(2026, 6, 1), Decimal("106.08")),
    ]


def test_the_thirtieth_row_holds_without_end() -> None:
    rows = escalated(
        Decimal(100), Decimal(10), (date(2000, 1, 1), FOREVER), currency_of("JPY")
    )

    assert len(rows) == 30
    assert (rows[-1].starts, rows[-1].ends) == (date(2029, 1, 1), FOREVER)
    assert rows[2].rate == Decimal(121)


def test_another_change_is_published_as_it_is() -> None:
    plain = MasterChange("bill_rate", "card", fields={"rate": Decimal(1)})
    none = changed(escalation_percent=None, escalation_every=None)

    assert published(plain) == [plain]
    assert [dict(row.fields) for row in published(none)] == [
        {"currency": "USD", "rate": Decimal("99.995")}
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (changed(escalation_every="month"), "by escalation_percent every year"),
        (changed(escalation_percent=None), "by escalation_percent every year"),
        (changed(escalation_percent="-100"), "-100 is no percentage above -100"),
        (changed(escalation_percent="101"), "101 is no percentage above -100"),
        (changed(escalation_percent="much"), "'much' is no decimal number"),
        (changed(rate="NaN"), "'NaN' is no decimal number"),
        (changed(currency="EURO"), "'EURO' is no currency"),
        (
            MasterChange("bill_rate", "card", fields=RATE.fields),
            "says from which day on it holds",
        ),
    ],
)
def test_what_cannot_escalate_says_why(change: MasterChange, why: str) -> None:
    with pytest.raises(NoEscalation, match=why):
        published(change)


@pytest.mark.integration
def test_publishing_again_adds_nothing_and_a_fault_is_refused_with_its_record(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        first = apply_changes(session, None, [RATE])
        again = apply_changes(session, None, [RATE])
        refused = apply_changes(session, None, [changed(escalation_every="day")])
        versions = [
            (version.effective_from, version.effective_until, version.content.rate)
            for version in load_state(session).versions
            if isinstance(version.content, BillRate)
        ]

    assert (first.changed, again.changed, again.unchanged) == (1, 0, 1)
    assert versions == [
        (date(2024, 2, 29), date(2025, 3, 1), Decimal("99.995")),
        (date(2025, 3, 1), date(2026, 3, 1), Decimal("102.99")),
        (date(2026, 3, 1), date(2026, 6, 1), Decimal("106.08")),
    ]
    [refusal] = refused.refusals
    assert "bill_rate card was not taken over: a rate escalates" in (
        refusal.problem.sentence
    )
