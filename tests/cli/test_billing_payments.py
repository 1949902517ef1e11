"""A person records payments, one by hand or those of a file, and sees them."""

from pathlib import Path

import pytest

from hourline.cli.desk import CannotOpen
from hourline.infra.audit import read_chain
from tests.cli.firm import Firm

pytestmark = pytest.mark.integration
MARCH = ("--through", "2025-03-31", "--date", "2025-03-31")
HEAD = "number,date,amount,currency,reference\n"
FIRST = "US1-000001,2025-04-10,50.00,USD,bank-1\n"
REST = "US1-000001,2025-04-20,150.00,USD,bank-2\n"


@pytest.fixture
def billed(firm: Firm) -> Firm:
    """Give a firm with an invoice of 200.00 USD."""
    firm.house.approve()
    firm.run("billing", "run", *MARCH)
    return firm


def pay(amount: str, *more: str, number: str = "US1-000001") -> tuple[str, ...]:
    dated = ("--date", "2025-04-10", "--reference", "bank-1")
    return ("billing", "pay", number, "--amount", amount, *dated, *more)


def payments(folder: Path, *rows: str, head: str = HEAD) -> tuple[str, ...]:
    file = folder / "bank.csv"
    file.write_text(head + "".join(rows), encoding="utf-8")
    return ("billing", "payments", str(file))


def test_a_payment_by_hand_is_recorded_once_and_the_invoice_shows_it(
    billed: Firm,
) -> None:
    first = billed.run(*pay("50", "--actor", "M. Ito"))
    again = billed.ask(*pay("50.00"))
    shown = billed.run("billing", "show", "US1-000001")
    told = billed.ask("billing", "show", "US1-000001")

    assert first.stdout == (
        "50.00 USD of invoice US1-000001 is recorded as payment bank-1;"
        " 150.00 USD is due.\n"
    )
    assert (again["outcome"], again["due"]) == ("known_before", "150.00")
    [row] = [line for line in shown.stdout.splitlines() if "bank-1" in line]
    assert "2025-04-10" in row
    assert "50.00 USD" in row
    assert "paid   50.00 USD" in shown.stdout
    assert (told["paid"], told["due"]) == ("50.00", "150.00")
    [payment] = told["payments"]
    assert payment["recorded_at"]
    assert {name: payment[name] for name in ("date", "reference", "amount")} == {
        "date": "2025-04-10",
        "reference": "bank-1",
        "amount": "50.00",
    }


def test_who_recorded_it_by_hand_is_in_the_audit_chain_once(billed: Firm) -> None:
    billed.run(*pay("50", "--actor", "M. Ito"))
    billed.run(*pay("50", "--actor", "M. Ito"))

    with billed.house.database.tenant(billed.house.tenant) as session:
        records = [
            one for one in read_chain(session) if one.action == "payment.recorded"
        ]

    [record] = records
    assert (record.actor, record.reason) == ("M. Ito", "recorded by hand")
    assert record.after == {
        "invoice": "US1-000001",
        "reference": "bank-1",
        "date": "2025-04-10",
        "amount": "50.00",
        "currency": "USD",
    }


def test_other_content_under_a_known_reference_ends_with_its_words(
    billed: Firm,
) -> None:
    billed.run(*pay("50"))

    other = billed.run(*pay("60"))

    assert other.exit_code == 1
    assert (
        "Payment bank-1 of invoice US1-000001 is recorded with 50.00 USD on 2025-04-10;"
        " now it says 60.00 on 2025-04-10." in other.stdout
    )
    assert "What waits for whom" in other.stdout
    assert billed.house.codes() == ["conflicting_duplicate"]


def test_no_credit_note_is_paid_and_an_unknown_number_is_a_wrong_call(
    billed: Firm,
) -> None:
    why = ("--reason", "wrong customer", "--actor", "M. Ito")
    billed.run("billing", "cancel", "US1-000001", *why)

    note = billed.ask(*pay("50", number="US1-CN-000001"), status=1)
    unknown = billed.run(*pay("50", number="US1-000009"))
    nothing = billed.run(*pay("0"))

    assert note["problem"]["code"] == "payment_refused"
    assert isinstance(unknown.exception, CannotOpen)
    assert str(unknown.exception) == "No documents have the number US1-000009."
    assert nothing.exit_code == 2
    assert "0 is not above zero" in nothing.stderr


def test_a_file_is_recorded_and_running_it_again_changes_nothing(
    billed: Firm, tmp_path: Path
) -> None:
    file = payments(tmp_path, FIRST, REST)

    first = billed.run(*file)
    again = billed.run(*file)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout == "2 rows: 2 recorded, 0 known before, 0 wrong.\n"
    assert again.stdout == "2 rows: 0 recorded, 2 known before, 0 wrong.\n"
    assert billed.ask("billing", "show", "US1-000001")["due"] == "0.00"
    with billed.house.database.tenant(billed.house.tenant) as session:
        reasons = [one.reason for one in read_chain(session)]
    assert reasons == ["recorded from the file bank.csv"] * 2
    assert billed.house.unproven() == []


def test_every_wrong_row_is_told_with_file_row_and_remedy_and_good_ones_are_taken(
    billed: Firm, tmp_path: Path
) -> None:
    file = payments(
        tmp_path,
        "US1-000009,2025-04-10,50.00,USD,bank-1\n",
        FIRST.replace("USD", "EUR"),
        FIRST.replace("50.00", "1.200:50").replace("2025-04-10", "10.4.25"),
        FIRST.replace("50.00", "1,200.50"),
        FIRST.replace("bank-1", ""),
        FIRST.replace("50.00", "-50.00"),
        REST,
    )

    told = billed.run(*file)

    assert told.exit_code == 1
    found = told.stdout.splitlines()
    for line, (row, why) in zip(
        found,
        [
            (2, "no issued document has that number. Correct the number, or issue"),
            (3, "it is in EUR, and the invoice in USD. State in USD how much"),
            (4, "Amount '1.200:50' is no number such as 1200.50; date '10.4.25' is"),
            (5, "The row has more cells than the header. Write 1200.50 without"),
            (6, "Reference is empty. Correct the row and run the file again"),
            (7, "its amount -50.00 is not above zero. Correct the amount"),
        ],
        strict=False,
    ):
        assert line.startswith(f"{file[2]}, row {row}: ")
        assert why in line
    assert found[6] == "7 rows: 1 recorded, 0 known before, 6 wrong."
    assert billed.ask("billing", "show", "US1-000001")["paid"] == "150.00"
    # Rows 3 and 7 are of one payment: whoever asks about it is asked once.
    assert sorted(one.subject_key for one in billed.house.items()) == [
        "US1-000001/bank-1",
        "US1-000009/bank-1",
    ]


@pytest.mark.parametrize(
    "wrong", ["US1-9,2025-04-10,1,USD,b\n", "US1-000001,x,1,USD,b\n"]
)
def test_all_or_nothing_records_nothing_for_one_wrong_row(
    billed: Firm, tmp_path: Path, wrong: str
) -> None:
    file = (*payments(tmp_path, FIRST, wrong), "--all-or-nothing")

    told = billed.run(*file)
    as_json = billed.ask(*file, status=1)

    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == (
        "2 rows: 1 are wrong, so nothing was recorded."
    )
    assert (as_json["new"], as_json["wrong"]) == (0, 1)
    assert [one["outcome"] for one in as_json["rows"]] == ["undone", "refused"]
    assert billed.ask("billing", "show", "US1-000001")["payments"] == []
    assert billed.house.items() == []


def test_a_file_is_read_as_spreadsheets_write_it(billed: Firm, tmp_path: Path) -> None:
    head = "\ufeffReceived by;" + HEAD.replace(",", ";")
    row = "M. Ito;" + FIRST.replace(",", ";").replace("50.00", " 50.00 ")

    told = billed.ask(*payments(tmp_path, row, head=head))

    assert told["new"] == 1
    assert told["rows"][0]["row"] == "2"


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("number,date,amount\n", "Columns are missing: currency, reference."),
        (f"number,{HEAD}", "Columns are there twice: number."),
    ],
)
def test_what_is_no_such_file_is_refused_whole(
    billed: Firm, tmp_path: Path, head: str, why: str
) -> None:
    refused = billed.run(*payments(tmp_path, FIRST, head=head))

    assert isinstance(refused.exception, CannotOpen)
    assert f"bank.csv: {why} Give the file a header with number, date" in str(
        refused.exception
    )
