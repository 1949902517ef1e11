"""Turn the rows of `given` into changes of master data, in the order they depend."""

from collections.abc import Iterable
from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange
from hourline.scenarios.contract_changes import (
    customer_change,
    line_customer_change,
)
from hourline.scenarios.dated_records import Dated, DatedRecords
from hourline.scenarios.format.contract_rows import ContractRow
from hourline.scenarios.format.given import (
    CrossChargeRow,
    Given,
    HourTypeRow,
    IntercompanyRow,
    MasterRow,
    RateRow,
    TaxRow,
)
from hourline.scenarios.row_changes import (
    by_year,
    change,
    changes_of,
    cross_charge_fields,
    time_rounding_change,
)
from hourline.scenarios.rule_fields import (
    rate_fields,
    tax_fields,
    transfer_price_fields,
)

# The one kind of hour there is where a scenario lists none.
REGULAR = HourTypeRow(id="regular")
ROUTED = ("invoice", "credit_note", "journal")


class MasterRows:
    """Give each row of a scenario its record of master data."""

    def __init__(self, *, receiving_connection: str) -> None:
        """Send every document to the connection of this name."""
        self._receiving_connection = receiving_connection
        self._rates: DatedRecords[RateRow] = DatedRecords("rate")
        self._tax: DatedRecords[TaxRow] = DatedRecords("tax")
        self._tax_order: dict[str, int] = {}
        self._customers: dict[str, set[str]] = {}
        self._customer_limits: dict[str, set[tuple[str, str]]] = {}
        self._transfers: DatedRecords[IntercompanyRow] = DatedRecords("transfer-price")
        self._charges: DatedRecords[CrossChargeRow] = DatedRecords("cross-charge")

    def of_given(self, given: Given) -> list[MasterChange]:
        """Return all a scenario starts with but rights, which take two persons."""
        types = given.hour_types
        if REGULAR.id not in {row.id for row in types}:
            types = (REGULAR, *types)
        rows: tuple[Iterable[MasterRow], ...] = (
            given.groups,
            given.entities,
            given.customers,
            given.vendors,
            given.people,
            given.contracts,
            given.prepaid,
            given.projects,
            types,
            given.fx,
            given.intercompany,
            given.entry_locks,
            given.cross_charges,
        )
        changes = [self._route(document) for document in ROUTED]
        for kind in rows:
            for row in kind:
                changes += self.of_row(row)
        for rule in given.tax:
            changes += self._as_rules(self._first_wins(rule))
        changes += [
            time_rounding_change(rule, number)
            for number, rule in enumerate(given.time_rounding, start=1)
        ]
        for rate in given.rates:
            changes += self.of_rate(rate)
        for period in given.periods:
            changes += self.of_row(period)
        return changes

    def of_row(self, row: MasterRow) -> list[MasterChange]:
        """Return the changes that make a row known, whether it is new or not."""
        if isinstance(row, TaxRow):
            return self._as_rules(self._newest_wins(row))
        if isinstance(row, ContractRow):
            return [*changes_of(row), *self._taken_out(row)]
        if isinstance(row, IntercompanyRow):
            return self._as_transfer_prices(row)
        if isinstance(row, CrossChargeRow):
            return self._as_cross_charges(row)
        return changes_of(row)

    def of_rate(self, row: RateRow) -> list[MasterChange]:
        """Return the changes that publish a bill rate; an equal older row ends."""
        return [
            change(
                "bill_rate",
                one.record_id,
                rate_fields(one.row),
                starts=one.starts,
                ends=one.ends,
            )
            for yearly in by_year(row)
            for one in self._rates.place(
                row.key, yearly, starts=yearly.starts, ends=yearly.ends
            )
        ]

    def _taken_out(self, row: ContractRow) -> list[MasterChange]:
        """Return the changes that end what a row no longer says of customers."""
        now = {one.id for one in row.customers}
        before = self._customers.get(row.id, set())
        self._customers[row.id] = now
        limited = {
            (line.id, one.customer)
            for line in row.lines
            for one in line.customer_limits
        }
        limited_before = self._customer_limits.get(row.id, set())
        self._customer_limits[row.id] = limited
        return [
            *(
                customer_change(row.id, customer, share=Decimal(0))
                for customer in sorted(before - now)
            ),
            *(
                line_customer_change(line, customer, limit=None)
                for line, customer in sorted(limited_before - limited)
            ),
        ]

    def _first_wins(self, row: TaxRow) -> list[Dated[TaxRow]]:
        return self._tax.fill(row.key, row, starts=row.starts, ends=row.ends)

    def _newest_wins(self, row: TaxRow) -> list[Dated[TaxRow]]:
        return self._tax.place(row.key, row, starts=row.starts, ends=row.ends)

    def _as_rules(self, placed: list[Dated[TaxRow]]) -> list[MasterChange]:
        return [
            change(
                "tax_rule",
                one.record_id,
                {**tax_fields(one.row), "order": self._order(one.record_id)},
                starts=one.starts,
                ends=one.ends,
            )
            for one in placed
        ]

    def _as_transfer_prices(self, row: IntercompanyRow) -> list[MasterChange]:
        placed = self._transfers.place(row.key, row, starts=row.starts, ends=row.ends)
        return [
            change(
                "transfer_price",
                one.record_id,
                transfer_price_fields(one.row),
                starts=one.starts,
                ends=one.ends,
            )
            for one in placed
        ]

    def _as_cross_charges(self, row: CrossChargeRow) -> list[MasterChange]:
        placed = self._charges.place(row.key, row, starts=row.starts, ends=row.ends)
        return [
            change(
                "cross_charge",
                one.record_id,
                cross_charge_fields(one.row),
                starts=one.starts,
                ends=one.ends,
            )
            for one in placed
        ]

    def _order(self, record_id: str) -> int:
        return self._tax_order.setdefault(record_id, len(self._tax_order) + 1)

    def _route(self, document: str) -> MasterChange:
        connection = self._receiving_connection
        fields: dict[str, object] = {"document": document, "connection": connection}
        return change("target_route", document, fields)
