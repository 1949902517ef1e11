"""Refuse an opening file whole, with row, column and remedy of each fault."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.openings import (
    TAKE_OVER,
    CannotTakeOver,
    OpeningFile,
    approve_opening,
    check_opening,
    propose_opening,
)
from hourline.flow.proposals import proposals_about
from hourline.infra.approvals import NotApprovable
from hourline.infra.audit import read_chain, verify_chain
from hourline.intake.opening_manifest import ControlTotal, OpeningManifest
from hourline.intake.rules.opening_rows import COLUMNS
from hourline.kernel.codes import Role
from hourline.kernel.problems import ProblemCode
from tests.flow.house import House
from tests.flow.unit import (
    as_csv,
    check,
    deferred,
    faults,
    open_amount,
    open_work,
    recognised,
    take_back,
    take_file_over,
    take_over,
    unit_file,
)

pytestmark = pytest.mark.integration

INVALID = ProblemCode.FIELD_INVALID


def _change(house: House, kind: str, id_: str, **fields: object) -> None:
    assert not house.change(MasterChange(kind, id_, fields=fields)).refusals


def test_a_sound_file_is_counted_by_kind_and_currency(house: House) -> None:
    checked = check(
        house,
        open_work(),
        open_work(reference="t2", rate="", amount="99.50"),
        open_amount(),
        deferred(),
        recognised(contract_liability="50"),
    )

    assert faults(checked) == []
    assert [
        (one.kind, one.rows, one.seconds, one.amount) for one in checked.totals
    ] == [
        ("open_work", 2, 14_400, 399_50),
        ("open_amount", 1, 0, 1_000_00),
        ("deferred", 1, 0, 400_00),
        ("recognised", 1, 0, 9_000_00),
    ]
    assert house.balances() == {}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (open_work(kind="hours"), "kind", INVALID),
        (open_work(kind=""), "kind", ProblemCode.FIELD_MISSING),
        (open_work(currency="XXL"), "currency", INVALID),
        (open_work(currency=""), "currency", ProblemCode.FIELD_MISSING),
        (open_work(currency="EUR"), "currency", INVALID),
        (open_work(reference=""), "reference", ProblemCode.FIELD_MISSING),
        (open_work(person=""), "person", ProblemCode.FIELD_MISSING),
        (open_work(person="zoe"), "person", ProblemCode.PERSON_NOT_KNOWN),
        (open_work(project="P9"), "project", ProblemCode.PROJECT_NOT_KNOWN),
        (open_work(contract="C1"), "contract", INVALID),
        (open_work(hours="0"), "hours", INVALID),
        (open_work(hours="-1"), "hours", ProblemCode.DURATION_OUT_OF_RANGE),
        (open_work(rate=""), "amount", ProblemCode.FIELD_MISSING),
        (open_work(amount="5"), "rate", INVALID),
        (open_work(rate="1.0000001"), "rate", INVALID),
        (open_work(rate="0.001", hours="0:01"), "rate", INVALID),
        (open_work(rate="99999999999999"), "rate", INVALID),
        (open_work(date="20.2.2025"), "date", INVALID),
        (open_work(date="2025-03-01"), "date", ProblemCode.DATE_OUT_OF_RANGE),
        (open_amount(amount="-5"), "amount", INVALID),
        (open_amount(amount="5.001"), "amount", INVALID),
        (open_amount(date=""), "date", ProblemCode.FIELD_MISSING),
        (
            open_amount(contract_line="C9.1"),
            "contract_line",
            ProblemCode.CONTRACT_LINE_NOT_KNOWN,
        ),
        (open_amount(entity_amount="999"), "entity_amount", INVALID),
        (open_amount(entity_amount="1.001"), "entity_amount", INVALID),
        (deferred(contract="C9"), "contract", ProblemCode.MASTER_REFERENCE_MISSING),
        (deferred(hours="1"), "hours", INVALID),
        (recognised(contract_asset="x"), "contract_asset", INVALID),
    ],
)
def test_a_fault_is_told_with_its_row_and_column(
    house: House, row: dict[str, str], column: str, code: ProblemCode
) -> None:
    checked = check(house, open_amount(reference="sound"), row)

    assert faults(checked) == [(3, column, code)]
    assert all(one.problem.remedy for one in checked.problems)


def test_every_fault_is_told_at_once_and_nothing_is_proposed(house: House) -> None:
    file = unit_file(
        house, open_work(person="zoe"), open_amount(amount=""), deferred(contract="C9")
    )

    checked, number = propose_opening(
        house.database, house.tenant, file, actor="olga", reason="unit acquired"
    )

    assert number is None
    assert [one.line for one in checked.problems] == [2, 3, 4]
    assert proposals_about(house.database, house.tenant, (TAKE_OVER,)) == []


def test_a_position_counts_once_in_a_file_and_ever(house: House) -> None:
    take_over(house, open_amount())

    checked = check(house, open_amount(amount="2000"), deferred(), deferred())

    assert faults(checked) == [
        (2, "reference", ProblemCode.OPENING_DUPLICATE),
        (4, "reference", ProblemCode.OPENING_DUPLICATE),
    ]


def test_a_contract_has_one_side_only(house: House) -> None:
    checked = check(house, deferred(), recognised(contract_asset="50"))
    both = check(house, recognised(contract_asset="5", contract_liability="5"))

    assert faults(checked) == [(3, "contract_asset", ProblemCode.OPENING_NOT_NET)]
    assert faults(both) == [(2, "contract_asset", ProblemCode.OPENING_NOT_NET)]


def test_a_closed_month_opens_nothing(house: House) -> None:
    _change(
        house, "posting_period", "mar", entity="US1", period="2025-03", status="closed"
    )

    assert faults(check(house, open_work())) == [(2, None, ProblemCode.PERIOD_CLOSED)]
    assert faults(check(house, recognised())) == []


def test_a_line_brings_along_only_what_its_method_bills(house: House) -> None:
    for id_, method in (("C1.2", "fixed_price"), ("C1.3", "non_billable")):
        _change(house, "contract_line", id_, contract="C1", method=method)
    _change(house, "project", "P2", contract_line="C1.2")

    checked = check(
        house,
        open_work(project="P2"),
        open_amount(contract_line="C1.2"),
        open_amount(reference="A-2", contract_line="C1.3"),
        recognised(contract_line="C1.3"),
    )

    assert faults(checked) == [(2, "project", INVALID), (4, "contract_line", INVALID)]


def test_work_that_no_row_taxes_is_refused(house: House) -> None:
    _change(
        house,
        "tax_rule",
        "german",
        order=1,
        rate=Decimal(19),
        code="S",
        entity_country="DE",
    )

    assert faults(check(house, open_amount())) == [
        (2, "contract_line", ProblemCode.TAX_NOT_DETERMINED)
    ]


def test_a_foreign_balance_is_translated_at_the_cut_over_or_as_the_books_have_it(
    house: House,
) -> None:
    _change(house, "contract", "C1", currency="EUR")
    assert faults(check(house, open_amount(currency="EUR"))) == [
        (2, "currency", ProblemCode.FX_RATE_NOT_FOUND)
    ]
    _change(
        house,
        "fx_rate",
        "eur",
        from_currency="EUR",
        to_currency="USD",
        rate=Decimal("1.1"),
    )

    take_over(
        house,
        open_amount(currency="EUR"),
        open_amount(reference="A-2", currency="EUR", entity_amount="1234"),
    )

    assert house.balances() == {
        Role.WIP: 2_334_00,
        Role.OPENING_BALANCE: -2_334_00,
    }
    assert house.bill().net == 2_000_00
    assert Role.WIP not in house.balances()
    assert house.unproven() == []


def test_the_manifest_s_rows_and_totals_must_be_the_file_s(house: House) -> None:
    def differs(manifest: OpeningManifest) -> list[ProblemCode]:
        file = unit_file(house, open_work(), open_amount(), manifest=manifest)
        checked = check_opening(house.database, house.tenant, file)
        return [one.problem.code for one in checked.problems]

    def total(kind: str, amount: str, rows: int | None = None) -> ControlTotal:
        return ControlTotal(
            kind=kind, currency="USD", amount=Decimal(amount), rows=rows
        )

    amount = total("open_amount", "1000", rows=1)
    wrong = ProblemCode.CONTROL_TOTAL_WRONG
    work = ControlTotal(
        kind="open_work", currency="USD", amount=Decimal(300), hours=Decimal(2)
    )

    assert differs(OpeningManifest(rows=2, totals=(work, amount))) == []
    assert differs(OpeningManifest(rows=3)) == [ProblemCode.ROW_COUNT_WRONG]
    assert differs(OpeningManifest(sha256="00")) == [ProblemCode.FILE_REFUSED]
    assert differs(OpeningManifest(totals=(work,))) == [wrong]
    assert differs(OpeningManifest(totals=(work, total("open_amount", "999")))) == [
        wrong
    ]
    assert differs(
        OpeningManifest(totals=(work, amount, total("deferred", "0.001")))
    ) == [wrong]


def test_what_is_no_table_of_ours_is_refused(house: House) -> None:
    def fault(name: str, content: bytes) -> list[ProblemCode]:
        file = OpeningFile(
            connection_no=house.psa,
            name=name,
            content=content,
            source="Old PSA",
            cut_over=date(2025, 3, 1),
        )
        checked = check_opening(house.database, house.tenant, file)
        return [one.problem.code for one in checked.problems]

    sound = as_csv([open_work()])
    assert fault("unit.txt", sound) == [ProblemCode.FILE_REFUSED]
    assert fault("unit.csv", as_csv([])) == [ProblemCode.ROW_COUNT_WRONG]
    assert fault("unit.csv", sound.replace(b"contract_asset", b"asset")) == [
        ProblemCode.COLUMNS_WRONG
    ]
    assert fault("unit.csv", sound.replace(b",amount,", b",description2,")) == [
        ProblemCode.COLUMNS_WRONG
    ]
    assert fault("unit.csv", sound + b"open_work,t2\n") == [
        ProblemCode.RECORD_MALFORMED
    ]


def test_a_workbook_is_read_like_csv_and_its_formulas_are_refused(
    house: House,
) -> None:
    rows = [open_work(), open_amount(amount="=500+500")]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)):
        sheet.append(list(cells))
    content = BytesIO()
    book.save(content)
    file = OpeningFile(
        connection_no=house.psa,
        name="unit.xlsx",
        content=content.getvalue(),
        source="Old PSA",
        cut_over=date(2025, 3, 1),
    )

    checked = check_opening(house.database, house.tenant, file)

    assert checked.rows == 2
    assert faults(checked) == [(3, "amount", ProblemCode.FORMULA_REFUSED)]


def test_the_same_file_again_changes_nothing(house: House) -> None:
    file = unit_file(house, open_work(), deferred())
    first = propose_opening(
        house.database, house.tenant, file, actor="olga", reason="unit acquired"
    )
    again = propose_opening(
        house.database, house.tenant, file, actor="olga", reason="unit acquired"
    )
    taken = take_file_over(house, file)
    later, number = propose_opening(
        house.database, house.tenant, file, actor="olga", reason="unit acquired"
    )

    assert first[1] == again[1]
    assert (later.problems, later.batches, number) == ([], [taken.batch_no], None)
    take_back(house, taken.batch_no)
    assert take_file_over(house, file).batch_no == 2
    assert house.unproven() == []


def test_the_second_person_approves_what_was_shown_and_is_another(house: House) -> None:
    file = unit_file(house, open_work())
    _, number = propose_opening(
        house.database, house.tenant, file, actor="olga", reason="unit acquired"
    )
    assert number is not None
    [shown] = proposals_about(house.database, house.tenant, (TAKE_OVER,))

    def approve(approver: str, shown_hash: bytes) -> None:
        approve_opening(
            house.database,
            house.tenant,
            number,
            approver=approver,
            shown_hash=shown_hash,
        )

    with pytest.raises(NotApprovable, match="cannot decide it"):
        approve("olga", shown.content_hash)
    with pytest.raises(NotApprovable, match="not what is proposed"):
        approve("peter", bytes(32))
    approve("peter", shown.content_hash)

    assert shown.content["sha256"] == file.sha256
    with house.database.tenant(house.tenant) as session:
        actions = [record.action for record in read_chain(session)]
        assert verify_chain(session) is None
    assert actions == ["opening.take_over.proposed", "opening.take_over.approved"]


def test_a_file_that_does_not_fit_any_more_is_not_decided(house: House) -> None:
    _, number = propose_opening(
        house.database,
        house.tenant,
        unit_file(house, open_work()),
        actor="olga",
        reason="unit acquired",
    )
    assert number is not None
    [shown] = proposals_about(house.database, house.tenant, (TAKE_OVER,))
    house.approve(date="2025-02-20")

    with pytest.raises(CannotTakeOver, match="came by the connection"):
        approve_opening(
            house.database,
            house.tenant,
            number,
            approver="peter",
            shown_hash=shown.content_hash,
        )

    assert proposals_about(house.database, house.tenant, (TAKE_OVER,)) == [shown]
