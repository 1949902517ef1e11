"""Whatever is billed, credited and reversed of an opening, nothing of it is lost."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hourline import flow
from hourline.billing.model import CreditLine, Issued
from hourline.billing.store_listing import list_lines
from hourline.billing.store_openings import read_positions
from hourline.proof.openings import opening_sums
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House
from tests.flow.unit import CUT_OVER, open_amount, open_work, take_back, take_over

pytestmark = pytest.mark.integration

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Fate:
    """Say what becomes of a row: days before the cut-over, minutes, cents, credit."""

    age: int
    minutes: int
    cents: int
    has_hours: bool
    credited: int


FATES = st.lists(
    st.builds(
        Fate,
        age=st.integers(1, 20),
        minutes=st.integers(1, 600),
        cents=st.integers(1, 99_999),
        has_hours=st.booleans(),
        credited=st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)


def _row(fate: Fate) -> dict[str, str]:
    dated = (CUT_OVER - timedelta(days=fate.age)).isoformat()
    money = f"{fate.cents // 100}.{fate.cents % 100:02}"
    reference = f"ref-{next(_NUMBERS)}"
    if fate.has_hours:
        hours = f"{fate.minutes // 60}:{fate.minutes % 60:02}"
        return open_work(
            reference=reference, date=dated, hours=hours, rate="", amount=money
        )
    return open_amount(reference=reference, date=dated, amount=money)


def _bill(house: House, through: date) -> Issued | None:
    issued = flow.bill_contract(
        house.database,
        house.tenant,
        contract="C1",
        through=through,
        invoice_date=MARCH_END,
    )
    return issued if isinstance(issued, Issued) else None


def _credit(house: House, issued: Issued, fates: list[Fate]) -> None:
    """Credit a share of each line that has one: nothing, a part, or all of it."""
    with house.database.tenant(house.tenant) as session:
        lines = list_lines(session, issued.document_no)
    asked = []
    for line, fate in zip(lines, fates, strict=False):
        amount = line.net * fate.credited // 3
        if amount > 0:
            asked.append(
                CreditLine(
                    entry_no=line.entry_no,
                    milestone=line.milestone,
                    amount=amount,
                )
            )
    if asked:
        note = credit_invoice(
            house.database,
            house.tenant,
            document_no=issued.document_no,
            lines=asked,
            reason="disputed",
            actor="olga",
        )
        assert isinstance(note, Issued), note


@given(fates=FATES, through=st.integers(0, 20))
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_openings_are_billed_open_or_reversed(
    house: House, fates: list[Fate], through: int
) -> None:
    taken = take_over(house, *(_row(fate) for fate in fates))

    issued = _bill(house, CUT_OVER - timedelta(days=through))
    if issued is not None:
        _credit(house, issued, fates)
    with house.database.tenant(house.tenant) as session:
        positions = read_positions(session, taken.batch_no)
    free = [one.row_no for one in positions if not one.is_billed]
    if free[1:]:
        take_back(house, taken.batch_no, *free[1:])

    with house.database.tenant(house.tenant) as session:
        [sums] = opening_sums(session)
    assert sums.opening == sums.accounted
    assert house.unproven() == []
