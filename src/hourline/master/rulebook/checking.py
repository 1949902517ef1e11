"""Check the rows of a rulebook as tables: ties, hidden rows, gaps, unknown records."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from hourline.kernel.columns import NOTHING
from hourline.kernel.decision_table import (
    HitPolicy,
    TableRow,
    doubled,
    gaps,
    scopes_named,
    ties,
    unreachable,
)
from hourline.master.model import BillRate
from hourline.master.rulebook.columns import as_record, columns_of
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.model import (
    Book,
    Finding,
    Place,
    RuleRow,
    Table,
    as_table_row,
    error,
    warning,
)
from hourline.master.rulebook.tables import (
    BILL_RATES,
    HOUR_TYPES,
    TABLE_BY_NAME,
    TAX,
    TRANSFER_PRICES,
    VALIDATION_SEVERITY,
)
from hourline.master.snapshot import Snapshot
from hourline.master.snapshot.bill_rates import mistaken_as_blended
from hourline.master.snapshot.severities import CAN_BE_ACCEPTED
from hourline.master.snapshot.tax import INTERCOMPANY

_FINDINGS_MAX = 1_000
_REGULAR = "regular"
_PERCENT_MODELS = frozenset(
    {"cost_plus_percent", "percent_of_bill_rate", "contribution_ratio"}
)
_ENDING = frozenset({"ended", "withdrawn"})
# So many rows are not deleted one by one: rather only a part of the table was sent.
_MANY = 10
_WHOLE_PERCENT = 100


def check_book(book: Book, snapshot: Snapshot) -> list[Finding]:
    """Return everything that is wrong with tables: errors, and what to look at."""
    found: list[Finding] = []
    for name, rows in book.items():
        table = TABLE_BY_NAME[name]
        found += _unknown_references(table, rows, snapshot)
        found += _about_its_kind(table, rows, snapshot)
        found += _as_table(table, rows)
    return found[:_FINDINGS_MAX]


def check_places(
    book: Book, base: Book, differences: Sequence[RowDifference]
) -> list[Finding]:
    """Return the rows whose place in order is that of a row that is gone.

    Such a row holds for earlier days still, and nothing would say which is tried first.
    """
    found: list[Finding] = []
    after = {(one.table, one.id): one.after for one in differences}
    for name, rows in book.items():
        table = TABLE_BY_NAME[name]
        if table.order is None:
            continue
        stated = {row.id for row in rows}
        gone = {row.id for row in base[name]} - stated
        kept = [
            row
            for id_ in sorted(gone)
            for row in after.get(
                (name, id_), [one for one in base[name] if one.id == id_]
            )
        ]
        every = [*kept, *rows]
        for first, second in ties(
            table.shape, [as_table_row(table, row) for row in every]
        ):
            if first < len(kept) <= second:
                yielding = every[first]
                found.append(
                    error(
                        name,
                        every[second].place,
                        f"The row has the {table.order} of {yielding.id}, which is not"
                        f" in the table any more but holds until {yielding.ends}.",
                        f"Give the row another {table.order}.",
                        column=table.order,
                    )
                )
    return found


def check_what_ends(
    book: Book,
    base: Book,
    differences: Sequence[RowDifference],
    *,
    effective_on: date,
) -> list[Finding]:
    """Return the tables that would lose all rows that still hold, or most of many."""
    found: list[Finding] = []
    for name, rows in book.items():
        before = {row.id for row in base[name] if row.ends > effective_on}
        ending = [
            one
            for one in differences
            if one.table == name and one.word in _ENDING and one.id in before
        ]
        if not rows and before:
            found.append(
                error(
                    name,
                    Place(name),
                    f"The table has no row, so all {len(before)} rows would end.",
                    "Leave the table out of the rulebook; or keep its rows, each with"
                    " the day it ends as until.",
                )
            )
        elif len(ending) >= _MANY and len(ending) * 2 > len(before):
            found.append(
                warning(
                    name,
                    rows[0].place,
                    f"{len(ending)} of {len(before)} rows end, as they are not in the"
                    " table.",
                    "Add the rows that shall go on: a file is its whole table.",
                )
            )
    return found


def _about_its_kind(
    table: Table, rows: Sequence[RuleRow], snapshot: Snapshot
) -> Iterator[Finding]:
    if table is VALIDATION_SEVERITY:
        yield from _not_acceptable(rows)
    if table is HOUR_TYPES:
        yield from _regular_missing(rows, snapshot)
    if table is BILL_RATES:
        yield from _mistaken_as_blended(rows)
    if table in {BILL_RATES, TRANSFER_PRICES}:
        yield from _roles_of_nobody(table, rows, snapshot)
    if table is TAX:
        yield from _below_one_percent(table, rows, "rate")
        yield from _above_the_whole(table, rows)
        yield from _services_of_no_line(rows, snapshot)
    if table is TRANSFER_PRICES:
        of_percent = [row for row in rows if row.cell("model") in _PERCENT_MODELS]
        yield from _below_one_percent(table, of_percent, "value")


def _mistaken_as_blended(rows: Sequence[RuleRow]) -> Iterator[Finding]:
    for row in rows:
        if row.cell("blended") != "true":
            continue
        rate: BillRate = as_record(BILL_RATES, dict(row.cells))
        mistaken = mistaken_as_blended(rate)
        if mistaken is not None:
            why, remedy = mistaken
            yield error(
                row.table,
                row.place,
                f"{why[:1].upper()}{why[1:]}.",
                remedy,
                column="blended",
            )


def _below_one_percent(
    table: Table, rows: Sequence[RuleRow], column: str
) -> Iterator[Finding]:
    for row in rows:
        percent = Decimal(row.cell(column))
        if 0 < percent < 1:
            yield warning(
                table.name,
                row.place,
                f"The {column} is {percent} %.",
                "Write 19 for 19 %: a cell that a spreadsheet shows as percent holds"
                " 0.19.",
                column=column,
            )


def _above_the_whole(table: Table, rows: Sequence[RuleRow]) -> Iterator[Finding]:
    for row in rows:
        percent = Decimal(row.cell("rate"))
        if percent > _WHOLE_PERCENT:
            yield warning(
                table.name,
                row.place,
                f"The rate is {percent} %, more than the whole.",
                "Write 19 for 19 %.",
                column="rate",
            )


def _regular_missing(rows: Sequence[RuleRow], snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.catalogue.hour_types.find(_REGULAR) == NOTHING:
        return
    if not any(row.id == _REGULAR for row in rows):
        yield error(
            HOUR_TYPES.name,
            rows[0].place if rows else Place(HOUR_TYPES.name),
            f"The row {_REGULAR} is missing, which is the kind of all work that states"
            " none.",
            f"Add the row {_REGULAR}, with factors of 1.",
            column="id",
        )


def _roles_of_nobody(
    table: Table, rows: Sequence[RuleRow], snapshot: Snapshot
) -> Iterator[Finding]:
    known = {span.content.role for span in snapshot.catalogue.people.spans}
    told: set[str] = set()
    for row in rows:
        role = row.cell("role")
        if role and role not in known and role not in told:
            told.add(role)
            yield warning(
                table.name,
                row.place,
                f"No person has the role {role}; only work that states it would match.",
                "Correct the role if it is mistyped.",
                column="role",
            )


def _services_of_no_line(
    rows: Sequence[RuleRow], snapshot: Snapshot
) -> Iterator[Finding]:
    known = {span.content.tax_service for span in snapshot.catalogue.lines.spans}
    for row in rows:
        service = row.cell("service")
        if service and service != INTERCOMPANY and service not in known:
            yield warning(
                TAX.name,
                row.place,
                f"No contract line has the tax service {service}, so the row matches"
                " nothing.",
                "Correct the service if it is mistyped, or state it as tax_service of"
                " the contract lines that sell it.",
                column="service",
            )


def _unknown_references(
    table: Table, rows: Sequence[RuleRow], snapshot: Snapshot
) -> Iterator[Finding]:
    known = {
        name: _ids(snapshot, column.refers_to)
        for name, column in columns_of(table).items()
        if column.refers_to is not None
    }
    for row in rows:
        cells = dict(row.cells)
        for name, ids in known.items():
            if cells[name] and cells[name] not in ids:
                kind = table.kind.references[name].replace("_", " ")
                yield error(
                    table.name,
                    row.place,
                    f"There is no {kind} {cells[name]}.",
                    f"Correct the id, or bring the {kind} into master data first.",
                    column=name,
                )


def _ids(snapshot: Snapshot, kind: str) -> Mapping[str, int]:
    dense_of: Mapping[str, int] = snapshot.catalogue.of_kind(kind).dense_of
    return dense_of


def _not_acceptable(rows: Sequence[RuleRow]) -> Iterator[Finding]:
    for row in rows:
        code = row.cell("code")
        if row.cell("severity") == "warning" and code not in CAN_BE_ACCEPTED:
            yield error(
                row.table,
                row.place,
                f"What is refused as {code} cannot be accepted: nothing could be"
                " priced or booked.",
                "Leave the row out; only these can be a warning:"
                f" {', '.join(CAN_BE_ACCEPTED)}.",
                column="code",
            )


def _as_table(table: Table, rows: Sequence[RuleRow]) -> Iterator[Finding]:
    if not rows:
        return
    laid_out = [as_table_row(table, row) for row in rows]
    yield from _two_scopes(table, rows, laid_out)
    yield from _ties(table, rows, laid_out)
    for first, second in doubled(laid_out):
        yield error(
            table.name,
            rows[second].place,
            f"The id {rows[second].id} is used on the same days by {rows[first].place}"
            " for other cases.",
            "Give one of the rows another id, or end one before the other begins.",
            column="id",
        )
    yield from _hidden(table, rows, laid_out)
    for gap in gaps(laid_out):
        yield warning(
            table.name,
            rows[gap.after].place,
            f"From {gap.starts} until {gap.ends} no row holds for the cases of this row"
            f" and of {rows[gap.before].place}; a less specific one holds, or none.",
            f"Let this row begin on {gap.starts} if that is not meant.",
            column="from",
        )


def _two_scopes(
    table: Table, rows: Sequence[RuleRow], laid_out: Sequence[TableRow]
) -> Iterator[Finding]:
    for row, laid in zip(rows, laid_out, strict=True):
        named = scopes_named(table.shape, laid)
        if len(named) > 1:
            yield error(
                table.name,
                row.place,
                f"The row names {' and '.join(named)}.",
                "Keep one of them; a row has at most one scope.",
                column=named[1],
            )


def _ties(
    table: Table, rows: Sequence[RuleRow], laid_out: Sequence[TableRow]
) -> Iterator[Finding]:
    for first, second in ties(table.shape, laid_out):
        if table.shape.policy is HitPolicy.FIRST:
            remedy = f"Give each row a place of its own in the column {table.order}."
            why = f"has the same {table.order} as {rows[first].place}, and both match"
        else:
            remedy = "End one before the other begins, make one narrower, or delete it."
            why = f"is as specific as {rows[first].place} and matches"
        yield error(
            table.name,
            rows[second].place,
            f"The row {why} the same cases on the same days: nothing says which holds.",
            remedy,
            column=table.order,
        )


def _hidden(
    table: Table, rows: Sequence[RuleRow], laid_out: Sequence[TableRow]
) -> Iterator[Finding]:
    for one in unreachable(table.shape, laid_out):
        hiding = "; ".join(str(rows[place].place) for place in one.hidden_by)
        yield error(
            table.name,
            rows[one.row].place,
            f"The row never holds: what it matches is matched before, by {hiding}.",
            "Move it before those rows, or delete it.",
            column=table.order,
        )
