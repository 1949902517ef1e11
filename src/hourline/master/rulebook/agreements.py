"""Check the tables of what was agreed with customers: shares, and prepaid hours."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from hourline.master.rulebook.columns import UNTIL, text_of
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.model import (
    Book,
    Finding,
    RuleRow,
    error,
    warning,
)
from hourline.master.rulebook.tables import CONTRACT_CUSTOMERS, PREPAID_BLOCKS

_ALL_PERCENT = Decimal(100)


def check_agreements(
    book: Book, differences: Sequence[RowDifference]
) -> Iterator[Finding]:
    """Yield shares that do not total 100, and blocks that cannot be what a row says.

    Tables with a fault are left out of the book: without a row no total is right.
    """
    yield from _shares(book.get(CONTRACT_CUSTOMERS.name, []))
    blocks = book.get(PREPAID_BLOCKS.name, [])
    yield from _dated_blocks(blocks)
    yield from _blocks_left_out(blocks, differences)


def _shares(rows: Sequence[RuleRow]) -> Iterator[Finding]:
    by_contract: dict[str, list[RuleRow]] = {}
    for row in rows:
        by_contract.setdefault(row.cell("contract"), []).append(row)
    for contract, of_contract in by_contract.items():
        days = {row.starts for row in of_contract} | {row.ends for row in of_contract}
        for day in sorted(days):
            held = [
                row
                for row in of_contract
                if row.starts <= day < row.ends and Decimal(row.cell("share"))
            ]
            found = list(_of_day(contract, day, held))
            yield from found
            if found:
                break


def _of_day(contract: str, day: date, held: Sequence[RuleRow]) -> Iterator[Finding]:
    total = sum((Decimal(row.cell("share")) for row in held), Decimal(0))
    since = "" if day == date.min else f", from {day} on"
    if held and total != _ALL_PERCENT:
        named = ", ".join(
            f"{row.cell('customer')} {row.cell('share')} in {row.place}" for row in held
        )
        yield error(
            CONTRACT_CUSTOMERS.name,
            held[-1].place,
            f"The shares of contract {contract} total {text_of(total)} percent, not"
            f" 100{since}: {named}.",
            "Change the shares of the contract so that they total 100; the shares of"
            " one that leaves go to the others on the same day.",
            column="share",
        )
    marked = [row for row in held if row.cell("rounding") == "true"]
    for row in marked[1:]:
        yield error(
            CONTRACT_CUSTOMERS.name,
            row.place,
            f"Of contract {contract}, {marked[0].place} takes the difference of"
            f" rounding already{since}.",
            "Mark one customer of the contract for rounding, or none.",
            column="rounding",
        )


def _dated_blocks(rows: Sequence[RuleRow]) -> Iterator[Finding]:
    for row in rows:
        if row.ends != date.max:
            yield warning(
                PREPAID_BLOCKS.name,
                row.place,
                f"The block is used until it expires on {row.cell('expires')}, whatever"
                " until says.",
                "Leave until empty, and let the block expire earlier if that is meant.",
                column=UNTIL,
            )


def _blocks_left_out(
    rows: Sequence[RuleRow], differences: Sequence[RowDifference]
) -> Iterator[Finding]:
    stated: Mapping[str, RuleRow] = {row.id: row for row in rows}
    for one in differences:
        if one.table == PREPAID_BLOCKS.name and one.id not in stated and rows:
            yield error(
                PREPAID_BLOCKS.name,
                rows[0].place,
                f"The block {one.id} is not in the table any more, but it was sold and"
                " its hours are used until it expires.",
                "Add its row; let it expire, or lower its hours, to take some back.",
                column="id",
            )
