"""Write opening files of an acquired unit and take them over, as two people would."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from hourline.flow.opening_reversals import (
    REVERSE,
    approve_opening_reversal,
    propose_opening_reversal,
)
from hourline.flow.openings import (
    TAKE_OVER,
    OpeningChecked,
    OpeningFile,
    TakenOver,
    approve_opening,
    check_opening,
    propose_opening,
)
from hourline.flow.proposals import proposals_about
from hourline.intake.opening_manifest import OpeningManifest
from hourline.intake.rules.opening_rows import COLUMNS
from hourline.kernel.problems import ProblemCode
from tests.flow.house import House

CUT_OVER = date(2025, 3, 1)


def open_work(**changes: str) -> dict[str, str]:
    """Give two hours of ann in February, at 150 an hour in the old system."""
    return {
        "kind": "open_work",
        "reference": "t1",
        "person": "ann",
        "project": "P1",
        "date": "2025-02-20",
        "hours": "2",
        "rate": "150",
        "currency": "USD",
        **changes,
    }


def open_amount(**changes: str) -> dict[str, str]:
    """Give an amount without hours that the old system did not bill."""
    return {
        "kind": "open_amount",
        "reference": "A-1",
        "contract_line": "C1.1",
        "date": "2025-02-28",
        "amount": "1000",
        "currency": "USD",
        "description": "Kick-off, as agreed",
        **changes,
    }


def deferred(**changes: str) -> dict[str, str]:
    """Give what a customer paid before it was earned."""
    return {
        "kind": "deferred",
        "reference": "D-1",
        "contract": "C1",
        "amount": "400",
        "currency": "USD",
        **changes,
    }


def recognised(**changes: str) -> dict[str, str]:
    """Give the revenue of a contract line to date."""
    return {
        "kind": "recognised",
        "reference": "R-1",
        "contract_line": "C1.1",
        "amount": "9000",
        "currency": "USD",
        **changes,
    }


def as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    """Give rows as a CSV file with every column."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def unit_file(
    house: House,
    *rows: dict[str, str],
    manifest: OpeningManifest | None = None,
    to_book: bool = False,
    cut_over: date = CUT_OVER,
) -> OpeningFile:
    """Give rows as the file of a unit whose old system is the connection `psa`."""
    return OpeningFile(
        connection_no=house.psa,
        name="unit.csv",
        content=as_csv(rows),
        source="Old PSA",
        cut_over=cut_over,
        to_book=to_book,
        manifest=manifest,
    )


def check(house: House, *rows: dict[str, str]) -> OpeningChecked:
    """Check rows without changing anything."""
    return check_opening(house.database, house.tenant, unit_file(house, *rows))


def faults(checked: OpeningChecked) -> list[tuple[int | None, str | None, ProblemCode]]:
    """Give line, column and code of everything that is wrong."""
    return [(one.line, one.column, one.problem.code) for one in checked.problems]


def take_over(house: House, *rows: dict[str, str], to_book: bool = False) -> TakenOver:
    """Propose rows as one person and approve them as another."""
    file = unit_file(house, *rows, to_book=to_book)
    return take_file_over(house, file)


def take_file_over(house: House, file: OpeningFile) -> TakenOver:
    """Propose a file as one person and approve it as another."""
    checked, number = propose_opening(
        house.database, house.tenant, file, actor="olga", reason="unit acquired"
    )
    assert number is not None, checked
    return approve_opening(
        house.database,
        house.tenant,
        number,
        approver="peter",
        shown_hash=_shown(house, number, TAKE_OVER),
    )


def take_back(house: House, batch_no: int, *rows: int) -> None:
    """Propose a reversal as one person and approve it as another."""
    number = propose_opening_reversal(
        house.database,
        house.tenant,
        batch_no,
        rows=rows or None,
        actor="olga",
        reason="wrong in the old list",
    )
    approve_opening_reversal(
        house.database,
        house.tenant,
        number,
        approver="peter",
        shown_hash=_shown(house, number, REVERSE),
    )


def _shown(house: House, number: int, action: str) -> bytes:
    waiting = proposals_about(house.database, house.tenant, (action,))
    [shown] = [one for one in waiting if one.proposal_no == number]
    return shown.content_hash
