"""Some people of the invented firm belong to vendors, which bill for them."""

from collections import Counter

import pytest

from hourline.connectors.sandbox.subcontracting import vendor_bills_file
from hourline.flow.vendor_bill_file import read_vendor_bills
from tests.connectors.sandbox.firms import firm_of


@pytest.mark.parametrize("seed", range(3))
def test_vendors_bill_for_their_people_and_one_line_is_too_long(seed: int) -> None:
    firm = firm_of(seed)
    last = {e.id: e for e in firm.approved_entries()}
    last |= {e.id: e for e in (*firm.time.corrections, *firm.time.recalls)}
    numbers = {p.psa_id: p.employee_number for p in firm.people}
    worked = Counter[tuple[str, str]]()
    for entry in last.values():
        if entry.status == "approved":
            worked[numbers[entry.person], entry.project] += entry.seconds

    lines = firm.vendor_bills()
    longer = [
        36 * line.hours_hundredths - worked[line.employee_number, line.project]
        for line in lines
    ]

    assert Counter(p.vendor for p in firm.people if p.vendor) == {
        "CODEWORKS": 2,
        "NORDLICHT": 1,
    }
    assert [hours for hours in longer if abs(hours) > 18] == [
        pytest.approx(8 * 3_600, abs=18)
    ]


def test_a_bill_is_the_file_that_is_taken_in() -> None:
    content = vendor_bills_file(firm_of(2026).vendor_bills())

    rows = content.decode().splitlines()
    bills = read_vendor_bills(content)

    assert rows[1] == (
        "CODEWORKS,CO-2026-10,US1,2026-10-31,USD,E-1018,p-10,2026-10-01,2026-11-01,"
        "44.49,60.25"
    )
    assert [(bill.vendor, len(bill.lines)) for bill in bills] == [
        ("CODEWORKS", 7),
        ("NORDLICHT", 6),
    ]
