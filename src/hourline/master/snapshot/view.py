"""Hold master data as known at one change, for whole columns and for single records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hourline.kernel.codes import BillingMethod, Role
from hourline.kernel.columns import NOTHING, ints, rows_where
from hourline.kernel.effective import day_number, day_of
from hourline.kernel.money import (
    Rounding,
    currency_numbered,
    currency_of,
    round_fraction,
)
from hourline.kernel.subledgers import Subledger
from hourline.master.model import Customer, Record, TaxRule, Vendor
from hourline.master.snapshot.allotting import ContractTerms
from hourline.master.snapshot.bill_rates import BillRates
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.cost_rates import CostRates
from hourline.master.snapshot.cross_charges import CrossCharges
from hourline.master.snapshot.fx import FxRates
from hourline.master.snapshot.hour_types import HourTypes
from hourline.master.snapshot.missing import FxRateMissing, NoOpenPeriod, NoTable
from hourline.master.snapshot.people import Assignments, PersonColumns
from hourline.master.snapshot.periods import NO_MONTH, PostingPeriods
from hourline.master.snapshot.places import (
    ContractColumns,
    CustomerColumns,
    EntityColumns,
    LineColumns,
    ProjectColumns,
)
from hourline.master.snapshot.records import (
    ContractInForce,
    EntityInForce,
    InForce,
    LineInForce,
    PersonInForce,
    ProjectInForce,
    RecordNotKnown,
    in_force,
    number_of,
)
from hourline.master.snapshot.severities import Severities
from hourline.master.snapshot.shares import NOT_SHARED, ContractShares
from hourline.master.snapshot.tax import (
    INTERCOMPANY,
    Profile,
    TaxTable,
    matches,
    names_both,
    tax_group,
    tried_in_order,
)
from hourline.master.snapshot.time_rounding import TimeRoundings
from hourline.master.snapshot.transfer_prices import TransferPrices


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold the tables that whole columns of entries are decided with."""

    entities: EntityColumns
    customers: CustomerColumns
    contracts: ContractColumns
    lines: LineColumns
    projects: ProjectColumns
    people: PersonColumns
    assignments: Assignments
    hour_types: HourTypes
    time_roundings: TimeRoundings
    bill_rates: BillRates
    cost_rates: CostRates
    transfer_prices: TransferPrices
    cross_charges: CrossCharges
    tax: TaxTable
    fx: FxRates
    periods: PostingPeriods
    shares: dict[str, ContractShares]
    severities: Severities


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold the master data of a tenant as known at `change_no`; never changed.

    `sources` finds dense ids by connection, kind and the id the connection uses;
    `roles` and `activities` number the codes that master data names
    (None, "not stated", is NOTHING). `allotting` has the limits and prepaid hours of
    contracts by number, of those that have any. Records are
    returned as they hold `on` a day, without a day as they were recorded last.
    """

    change_no: int
    catalogue: Catalogue
    columns: Columns
    sources: dict[tuple[int, str], dict[str, int]]
    roles: dict[str | None, int]
    activities: dict[str | None, int]
    allotting: Mapping[int, ContractTerms]

    def entity(self, no: int, *, on: date | None = None) -> EntityInForce:
        """Return a legal entity; raise RecordNotKnown."""
        found = in_force(self.catalogue.entities, no, on)
        currency = currency_of(found.content.currency).number
        return EntityInForce(
            no, found.id, found.change_no, found.content, currency=currency
        )

    def customer(self, no: int, *, on: date | None = None) -> InForce[Customer]:
        """Return a customer; raise RecordNotKnown."""
        return in_force(self.catalogue.customers, no, on)

    def contract(self, no: int, *, on: date | None = None) -> ContractInForce:
        """Return a contract with its parties; raise RecordNotKnown, also for them."""
        found = in_force(self.catalogue.contracts, no, on)
        entity_no = number_of(self.catalogue.entities, found.content.entity)
        customer_no = number_of(self.catalogue.customers, found.content.customer)
        if entity_no is None or customer_no is None:
            msg = f"contract {found.id} names an entity or customer that is not known"
            raise RecordNotKnown(msg)
        if found.content.currency is None:
            currency = self.entity(entity_no, on=on).currency
        else:
            currency = currency_of(found.content.currency).number
        return ContractInForce(
            no,
            found.id,
            found.change_no,
            found.content,
            entity_no=entity_no,
            customer_no=customer_no,
            currency=currency,
        )

    def contract_line(self, no: int, *, on: date | None = None) -> LineInForce:
        """Return a contract line with its contract; raise RecordNotKnown."""
        found = in_force(self.catalogue.lines, no, on)
        contract_no = number_of(self.catalogue.contracts, found.content.contract)
        if contract_no is None:
            msg = f"contract line {found.id} is of a contract that is not known"
            raise RecordNotKnown(msg)
        return LineInForce(
            no, found.id, found.change_no, found.content, contract_no=contract_no
        )

    def lines_of_method(
        self, method: BillingMethod, *, contract_no: int | None = None
    ) -> list[LineInForce]:
        """Return the contract lines of a method, all or those of one contract, by id.

        As they were recorded last; a line of a contract that is not known is left out.
        """
        columns, kept = self.columns.lines, self.catalogue.lines
        held = columns.method == method
        if contract_no is not None:
            contract = self.catalogue.contracts.dense_of_no.get(contract_no, NOTHING)
            held &= columns.contract == contract
        held &= columns.contract != NOTHING
        nos = {kept.nos[kept.spans[row].dense] for row in rows_where(held)}
        lines = [self.contract_line(no) for no in nos]
        return sorted(
            (
                line
                for line in lines
                if line.content.method == method.name.lower()
                and contract_no in (None, line.contract_no)
            ),
            key=lambda line: line.id,
        )

    def shares(self, contract_no: int) -> ContractShares:
        """Return how several customers share a contract; raise RecordNotKnown."""
        contract = in_force(self.catalogue.contracts, contract_no, None)
        return self.columns.shares.get(contract.id, NOT_SHARED)

    def lines_billed_by(
        self, method: BillingMethod, contract_no: int | None = None
    ) -> list[int]:
        """Return the lines that are, or once were, billed by a method, by number.

        Of one contract where it is named, else of all.
        """
        columns, lines = self.columns.lines, self.catalogue.lines
        wanted = columns.method == method
        if contract_no is not None:
            dense = self.catalogue.contracts.dense_of_no.get(contract_no, NOTHING)
            wanted &= columns.contract == dense
        rows = rows_where(wanted).tolist()
        return sorted({lines.nos[lines.spans[row].dense] for row in rows})

    def project(self, no: int, *, on: date | None = None) -> ProjectInForce:
        """Return a project with its dimensions; raise RecordNotKnown."""
        found = in_force(self.catalogue.projects, no, on)
        return ProjectInForce(
            no,
            found.id,
            found.change_no,
            found.content,
            contract_line_no=number_of(
                self.catalogue.lines, found.content.contract_line
            ),
            cost_centre_no=number_of(
                self.catalogue.cost_centres, found.content.cost_centre
            ),
            service_line_no=number_of(
                self.catalogue.service_lines, found.content.service_line
            ),
        )

    def person(self, no: int, *, on: date | None = None) -> PersonInForce:
        """Return a person with entities and department; raise RecordNotKnown."""
        found = in_force(self.catalogue.people, no, on)
        return PersonInForce(
            no,
            found.id,
            found.change_no,
            found.content,
            entity_no=number_of(self.catalogue.entities, found.content.entity),
            resourcing_entity_no=number_of(
                self.catalogue.entities, found.content.resourcing
            ),
            cost_centre_no=number_of(
                self.catalogue.cost_centres, found.content.cost_centre
            ),
        )

    def vendor(self, no: int, *, on: date | None = None) -> InForce[Vendor]:
        """Return a vendor; raise RecordNotKnown."""
        return in_force(self.catalogue.vendors, no, on)

    def tax_rule(self, no: int, *, on: date | None = None) -> InForce[TaxRule]:
        """Return a row of the tax table; raise RecordNotKnown."""
        return in_force(self.catalogue.tax_rules, no, on)

    def record(self, kind: str, no: int, *, on: date | None = None) -> InForce[Record]:
        """Return a record of any kind; raise KeyError or RecordNotKnown."""
        return in_force(self.catalogue.of_kind(kind), no, on)

    def number(self, kind: str, canonical_id: str) -> int | None:
        """Return the number of a record by its canonical id, None where unknown."""
        return number_of(self.catalogue.of_kind(kind), canonical_id)

    def account(
        self,
        entity_no: int,
        role: Role,
        service_line_no: int | None = None,
        *,
        on: date | None = None,
    ) -> str | None:
        """Return the account number of a role: the service line's own, else the plain.

        None where the chart of accounts has neither.
        """
        entity = in_force(self.catalogue.entities, entity_no, None).id
        lines, service_line = self.catalogue.service_lines, None
        if service_line_no is not None:
            service_line = in_force(lines, service_line_no, None).id
        return self.catalogue.account_number(
            entity, role.name.lower(), service_line=service_line, on=on
        )

    def accounting_date(
        self, entity_no: int, day: date, ledger: Subledger | None
    ) -> date:
        """Return the day, or the first day of the next open month; raise NoOpenPeriod.

        By the months of a subledger, or of the books as a whole for what is in none.
        """
        dense = self.catalogue.entities.dense_of_no.get(entity_no, NOTHING)
        booked, month = self.columns.periods.accounting_days(
            ints([dense]), ints([day_number(day)]), ledger
        )
        if month[0] == NO_MONTH:
            name = self.entity(entity_no).id
            msg = f"no month of {name} is open in the two years after {day}"
            raise NoOpenPeriod(msg)
        return day_of(int(booked[0]))

    def fx(self, from_currency: int, to_currency: int, day: date) -> Fraction:
        """Return what a major unit is worth in another currency, by ISO numbers.

        Raises FxRateMissing where neither direction has a rate.
        """
        decimals = [
            currency_numbered(number).decimals
            for number in (from_currency, to_currency)
        ]
        scale = Fraction(10) ** (decimals[0] - decimals[1])
        return self.minor_fx(from_currency, to_currency, day) * scale

    def minor_fx(self, from_currency: int, to_currency: int, day: date) -> Fraction:
        """Return what a minor unit is worth in minor units; raise FxRateMissing."""
        if from_currency == to_currency:
            return Fraction(1)
        row, up, down = self.columns.fx.at(
            ints([from_currency]), ints([to_currency]), ints([day_number(day)])
        )
        if row[0] == NOTHING:
            names = [
                currency_numbered(number).code
                for number in (from_currency, to_currency)
            ]
            msg = f"there is no rate from {names[0]} to {names[1]} on {day}"
            raise FxRateMissing(msg)
        return Fraction(int(up[0]), int(down[0]))

    def translate(
        self,
        amount: int,
        currencies: tuple[int, int],
        day: date,
        *,
        rounding: Rounding = Rounding.HALF_UP,
    ) -> int:
        """Return minor units of the first currency in the second; FxRateMissing."""
        return round_fraction(amount * self.minor_fx(*currencies, day), rounding)

    def rounding(self, entity_no: int) -> Rounding:
        """Return how an entity rounds half a minor unit; raise RecordNotKnown."""
        return Rounding[self.entity(entity_no).content.money_rounding.upper()]

    def tax_rule_for(
        self,
        entity_no: int,
        customer_no: int,
        contract_line_no: int,
        day: date,
    ) -> InForce[TaxRule] | NoTable | None:
        """Return the first rule whose given fields all match on a day.

        NoTable where the tenant has no rules at all, None where none of them matches.
        Raises RecordNotKnown for an entity, customer or line that does not hold then.
        """
        rules = self.catalogue.tax_rules
        if not rules.spans:
            return NoTable.NO_TABLE
        customer = self.customer(customer_no, on=day)
        line = self.contract_line(contract_line_no, on=day)
        profile = Profile(
            tax_group(self.entity(entity_no, on=day).content),
            tax_group(customer.content),
            line.id,
            customer.id,
            line.content.tax_service,
        )
        return self._first_rule(
            row for row in tried_in_order(rules) if self._rule_holds(row, profile, day)
        )

    def intercompany_tax_rule(
        self, lender_no: int, borrower_no: int, contract_line_no: int, day: date
    ) -> InForce[TaxRule] | None:
        """Return the rule of what one entity invoices another, None where none is.

        Only a row that names both countries and the service `intercompany` counts.
        Raises RecordNotKnown for an entity that does not hold then.
        """
        rules = self.catalogue.tax_rules
        borrower = self.entity(borrower_no, on=day).content
        profile = Profile(
            tax_group(self.entity(lender_no, on=day).content),
            (borrower.country, bool(borrower.tax_id)),
            self.contract_line(contract_line_no).id,
            None,
            INTERCOMPANY,
        )
        return self._first_rule(
            row
            for row in tried_in_order(rules)
            if names_both(rules.spans[row].content)
            and self._rule_holds(row, profile, day)
        )

    def _rule_holds(self, row: int, profile: Profile, day: date) -> bool:
        span = self.catalogue.tax_rules.spans[row]
        dated = span.effective_from <= day < span.effective_until
        return dated and matches(span.content, profile)

    def _first_rule(self, rows: Iterable[int]) -> InForce[TaxRule] | None:
        rules = self.catalogue.tax_rules
        for row in rows:
            span = rules.spans[row]
            no = rules.nos[span.dense]
            return InForce(no, rules.id_of(span), span.change_no, span.content)
        return None
