"""Say on a line what a customer can check."""

from hourline.billing.rules.describe import describe, describe_credit
from tests.billing.items import milestone, portion


def test_work_is_described_by_day_person_project_and_hours() -> None:
    line = describe(
        portion(seconds=5_400), person="Ann Ash", project="Pier", contract_line="Build"
    )

    assert line == "2025-02-03 Ann Ash, Pier, 1.5 h"


def test_a_milestone_is_described_by_its_contract_line() -> None:
    line = describe(milestone(), person="", project="", contract_line="Build")

    assert line == "2025-08-01 Build, milestone m1"


def test_a_credit_says_what_and_why() -> None:
    assert describe_credit("2025-02-03 Ann", "agreed") == (
        "2025-02-03 Ann - credited: agreed"
    )
    assert describe_credit("2025-02-03 Ann", "") == "2025-02-03 Ann - credited"
