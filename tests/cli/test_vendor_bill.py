"""A person takes subcontractors' bills in by file and sees what they match."""

from pathlib import Path

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.vendor_bill_file import BillFileRefused, read_vendor_bills
from tests.cli.firm import Firm

HEAD = "vendor,bill,entity,date,currency,person,project,from,until,hours,rate,amount\n"
LINE = "CODEWORKS,V-1,US1,2025-03-31,USD,ann,P1,2025-03-01,2025-04-01,1,100,\n"


@pytest.fixture
def employing(firm: Firm) -> Firm:
    """Give a firm for which ann works as a subcontractor, at 100.00 an hour."""
    firm.house.change(
        MasterChange("vendor", "CODEWORKS", fields={"country": "US"}),
        MasterChange("person", "ann", fields={"vendor": "CODEWORKS"}),
    )
    return firm


def bills(folder: Path, *rows: str) -> str:
    file = folder / "bills.csv"
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    return str(file)


@pytest.mark.integration
def test_a_bill_that_fits_is_shown_with_its_entries(
    employing: Firm, tmp_path: Path
) -> None:
    employing.house.approve()

    told = employing.run("vendor-bill", "import", bills(tmp_path, LINE))

    assert told.exit_code == 0, told.output
    assert "1 bills, 1 of them new." in told.stdout
    row = next(line for line in told.stdout.splitlines() if "V-1" in line)
    for word in ("CODEWORKS", "ann", "1 h", "100.00 USD", "t1"):
        assert word in row


@pytest.mark.integration
def test_a_line_that_differs_is_told_and_waits(employing: Firm, tmp_path: Path) -> None:
    file = bills(tmp_path, LINE)

    told = employing.ask("vendor-bill", "import", file, status=1)
    tried = employing.run("vendor-bill", "match")

    assert [one["matched"] for one in told["lines"]] == [False]
    assert tried.exit_code == 1
    assert "0 lines are matched now." in tried.stdout
    assert "0 h are approved and cost 0.00 USD" in tried.stdout


@pytest.mark.integration
def test_the_trace_of_an_entry_tells_the_bill_it_is_matched_with(
    employing: Firm, tmp_path: Path
) -> None:
    employing.house.approve()
    employing.run("vendor-bill", "import", bills(tmp_path, LINE))

    told = employing.run("trace", "t1")

    assert (
        "cost by vendor match: Dr payroll allocation / Cr vendor payable 100.00 USD"
        in told.stdout
    )


@pytest.mark.integration
def test_lists_are_of_all_vendors_or_of_one(employing: Firm, tmp_path: Path) -> None:
    empty = employing.run("vendor-bill", "list")
    employing.run("vendor-bill", "import", bills(tmp_path, LINE))

    of_one = employing.ask("vendor-bill", "list", "--vendor", "CODEWORKS")
    of_another = employing.ask("vendor-bill", "list", "--vendor", "OTHERS")
    shown = employing.run("vendor-bill", "list")

    assert "No vendor has billed anything yet." in empty.stdout
    assert [one["bill"] for one in of_one] == ["V-1"]
    assert of_another == []
    assert "nothing yet" in shown.stdout


@pytest.mark.integration
def test_a_known_bill_with_other_content_is_told(
    employing: Firm, tmp_path: Path
) -> None:
    employing.house.approve()
    employing.run("vendor-bill", "import", bills(tmp_path, LINE))

    told = employing.run(
        "vendor-bill", "import", bills(tmp_path, LINE.replace(",100,", ",90,"))
    )

    assert told.exit_code == 1
    assert "is recorded with other content" in told.stdout
    assert "What waits for whom" in told.stdout


def test_rows_of_one_bill_are_its_lines() -> None:
    other = LINE.replace("V-1", "V-2").replace(",100,", ",,75.50")

    first, second = read_vendor_bills((HEAD + LINE + other + LINE).encode())

    assert [line.rate for line in first.lines] == [100, 100]
    assert (str(second.lines[0].amount), second.lines[0].seconds) == ("75.50", 3_600)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"vendor,bill\n", "lacks the columns entity, date, person"),
        (HEAD + LINE.replace("ann", ""), "Row 2 .*: person is empty"),
        (HEAD + LINE.replace(",100,", ",100,100"), "a rate or an amount"),
        (HEAD + LINE.replace(",1,100", ",x,100"), "hours 'x' is no number"),
        (HEAD + LINE.replace(",1,100", ",0.0001,100"), "no whole seconds"),
        (HEAD + LINE.replace("2025-03-31", "31.3."), "date '31.3.' is no day"),
        (HEAD + LINE.replace("2025-04-01", "2025-03-01"), "until is not after from"),
        (HEAD + LINE + LINE.replace("US1", "US2"), "Row 3 .* another entity"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_row(
    content: str | bytes, why: str
) -> None:
    with pytest.raises(BillFileRefused, match=why):
        read_vendor_bills(content if isinstance(content, bytes) else content.encode())
