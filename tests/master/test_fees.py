"""The fee of a month is what the version in force on its first day says."""

from datetime import date
from decimal import Decimal

import msgspec

from hourline.kernel.codes import BillingMethod
from hourline.master.model import ContractLine
from hourline.master.snapshot import fee_on
from tests.builders import contract, contract_line, firm

FEE = ContractLine(
    contract="C1",
    method="recurring",
    amount=Decimal(10),
    every="month",
    start=date(2025, 1, 1),
    end=date(2025, 12, 31),
)


def test_a_version_from_july_on_raises_the_fee_of_july_not_that_of_june() -> None:
    built = firm()
    no = built.add("S1", FEE)
    built.add(
        "S1",
        msgspec.structs.replace(FEE, amount=Decimal(12)),
        effective_from=date(2025, 7, 1),
    )
    snapshot = built.snapshot()
    line = snapshot.contract_line(no)

    assert fee_on(snapshot, line, date(2025, 6, 1)) == 10
    assert fee_on(snapshot, line, date(2025, 7, 1)) == 12


def test_before_the_first_version_the_last_one_says_the_fee() -> None:
    built = firm()
    no = built.add("S1", FEE, effective_from=date(2025, 7, 1))
    snapshot = built.snapshot()

    assert fee_on(snapshot, snapshot.contract_line(no), date(2025, 1, 1)) == 10


def test_lines_are_found_by_method_and_contract_as_they_were_recorded_last() -> None:
    built = firm()
    built.add("C2", contract())
    built.add("S2", msgspec.structs.replace(FEE, contract="C2"))
    built.add("S1", FEE)
    built.add("S9", msgspec.structs.replace(FEE, contract="nowhere"))
    built.add("S3", FEE)
    built.add("S3", contract_line())
    snapshot = built.snapshot()
    contract_no = snapshot.number("contract", "C2")

    def found(contract_no: int | None = None) -> list[str]:
        lines = snapshot.lines_of_method(
            BillingMethod.RECURRING, contract_no=contract_no
        )
        return [line.id for line in lines]

    assert found() == ["S1", "S2"]
    assert found(contract_no) == ["S2"]
    assert found(-7) == []
