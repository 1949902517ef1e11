"""Build valid records and entries for tests: every argument by name, all with defaults.

The defaults fit together: `ann`, consultant of `US1`, works on project `P1`, which
bills by contract line `C1.1` of contract `C1` to customer `ADATUM`, 200 USD an hour.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from hourline.kernel.subledgers import Subledger
from hourline.master.model import (
    Activity,
    Assignment,
    BillRate,
    Contract,
    ContractLine,
    CostRate,
    CrossReference,
    Customer,
    FxRate,
    HourType,
    LegalEntity,
    MasterVersion,
    Milestone,
    Person,
    PostingPeriod,
    Project,
    Record,
    TaxRule,
    TransferPrice,
    TransferPriceModel,
)
from hourline.master.snapshot import Snapshot, build_snapshot

CONNECTION = 1


def legal_entity(
    *,
    country: str = "US",
    currency: str = "USD",
    tax_id: str | None = None,
    money_rounding: Literal["half_up", "half_even", "half_down"] = "half_up",
    tax_rounding: Literal["per_invoice", "per_line"] = "per_invoice",
    required_dimensions: tuple[Literal["cost_centre", "service_line"], ...] = (),
    receipts_above: str | None = None,
    vendor_hours_tolerance: str = "0",
    vendor_percent_tolerance: str = "0",
) -> LegalEntity:
    return LegalEntity(
        country=country,
        currency=currency,
        tax_id=tax_id,
        money_rounding=money_rounding,
        tax_rounding=tax_rounding,
        required_dimensions=required_dimensions,
        receipts_above=None if receipts_above is None else Decimal(receipts_above),
        vendor_hours_tolerance=Decimal(vendor_hours_tolerance),
        vendor_percent_tolerance=Decimal(vendor_percent_tolerance),
    )


def customer(*, country: str = "US", tax_id: str | None = None) -> Customer:
    return Customer(country=country, tax_id=tax_id)


def person(
    *,
    entity: str = "US1",
    role: str | None = "consultant",
    cost_centre: str | None = None,
    resourcing_entity: str | None = None,
) -> Person:
    return Person(
        entity=entity,
        role=role,
        cost_centre=cost_centre,
        resourcing_entity=resourcing_entity,
    )


def contract(
    *, customer: str = "ADATUM", entity: str = "US1", currency: str | None = None
) -> Contract:
    return Contract(customer=customer, entity=entity, currency=currency)


def contract_line(
    *,
    contract: str = "C1",
    method: Literal[
        "time_and_materials", "fixed_price", "retainer", "recurring", "non_billable"
    ] = "time_and_materials",
    accrue: bool = True,
    price: Decimal | None = None,
    amount: Decimal | None = None,
    milestones: tuple[Milestone, ...] = (),
    tax_service: str | None = None,
) -> ContractLine:
    return ContractLine(
        contract=contract,
        method=method,
        accrue=accrue,
        price=price,
        amount=amount,
        milestones=milestones,
        tax_service=tax_service,
    )


def project(
    *,
    contract_line: str = "C1.1",
    billable: bool = True,
    status: Literal["open", "closed"] = "open",
    activities: tuple[Activity, ...] = (),
    assigned_only: bool = False,
    cost_centre: str | None = None,
    service_line: str | None = None,
) -> Project:
    return Project(
        contract_line=contract_line,
        billable=billable,
        status=status,
        activities=activities,
        assigned_only=assigned_only,
        cost_centre=cost_centre,
        service_line=service_line,
    )


def assignment(*, person: str = "ann", project: str = "P1") -> Assignment:
    return Assignment(person=person, project=project)


def cost_rate(*, person: str = "ann", rate: str = "100") -> CostRate:
    return CostRate(person=person, rate=Decimal(rate))


def bill_rate(
    *,
    rate: str = "200",
    currency: str = "USD",
    hours_per_day: str | None = None,
    contract_line: str | None = None,
    contract: str | None = None,
    project: str | None = None,
    customer: str | None = None,
    entity: str | None = None,
    person: str | None = None,
    role: str | None = None,
    activity: str | None = None,
) -> BillRate:
    """Return a rate per hour, or per day where hours_per_day is given."""
    return BillRate(
        currency=currency,
        rate=Decimal(rate),
        per="hour" if hours_per_day is None else "day",
        hours_per_day=None if hours_per_day is None else Decimal(hours_per_day),
        contract_line=contract_line,
        contract=contract,
        project=project,
        customer=customer,
        entity=entity,
        person=person,
        role=role,
        activity=activity,
    )


def hour_type(*, bill_factor: str = "1.5", cost_factor: str = "1") -> HourType:
    return HourType(bill_factor=Decimal(bill_factor), cost_factor=Decimal(cost_factor))


def tax_rule(
    *,
    order: int = 1,
    rate: str = "0",
    code: str = "O",
    entity_country: str | None = None,
    customer_country: str | None = None,
    customer_has_tax_id: bool | None = None,
    entity_has_tax_id: bool | None = None,
    contract_line: str | None = None,
    customer: str | None = None,
    service: str | None = None,
) -> TaxRule:
    return TaxRule(
        order=order,
        rate=Decimal(rate),
        code=code,
        entity_country=entity_country,
        customer_country=customer_country,
        customer_has_tax_id=customer_has_tax_id,
        entity_has_tax_id=entity_has_tax_id,
        contract_line=contract_line,
        customer=customer,
        service=service,
    )


def transfer_price(
    *,
    lender: str = "GB1",
    borrower: str = "US1",
    model: TransferPriceModel = "unit_price",
    value: str = "120",
    currency: str | None = "USD",
    role: str | None = None,
    person: str | None = None,
    accrue: bool = True,
) -> TransferPrice:
    return TransferPrice(
        lender=lender,
        borrower=borrower,
        model=model,
        value=Decimal(value),
        currency=currency,
        role=role,
        person=person,
        accrue=accrue,
    )


def fx_rate(
    *, from_currency: str = "EUR", to_currency: str = "USD", rate: str = "1.10"
) -> FxRate:
    return FxRate(
        from_currency=from_currency, to_currency=to_currency, rate=Decimal(rate)
    )


def posting_period(
    *,
    entity: str = "US1",
    period: str = "2025-04",
    status: Literal["open", "closed"] = "closed",
    ledger: Subledger | None = None,
) -> PostingPeriod:
    return PostingPeriod(entity=entity, period=period, status=status, ledger=ledger)


@dataclass(slots=True)
class Firm:
    """Collect master data; every record is known to CONNECTION under its own id."""

    versions: list[MasterVersion] = field(default_factory=list)
    references: list[CrossReference] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(
        self,
        record_id: str,
        record: Record,
        *,
        effective_from: date = date.min,
        effective_until: date = date.max,
        withdrawn: bool = False,
    ) -> int:
        """Record a version and return the number of its record."""
        key = (record.kind, record_id)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 101
            self.refer(record.kind, record_id, record_id)
        self.versions.append(
            MasterVersion(
                master_no=self.numbers[key],
                change_no=len(self.versions) + 1,
                id=record_id,
                effective_from=effective_from,
                effective_until=effective_until,
                content=record,
                withdrawn=withdrawn,
            )
        )
        return self.numbers[key]

    def refer(
        self, kind: str, record_id: str, source_id: str, *, connection: int = CONNECTION
    ) -> None:
        """Let a connection use an id of its own for a record."""
        self.references.append(
            CrossReference(
                connection_no=connection,
                kind=kind,
                source_id=source_id,
                master_no=self.numbers[kind, record_id],
            )
        )

    def snapshot(self) -> Snapshot:
        """Return what is known so far."""
        return build_snapshot(
            self.versions, self.references, change_no=len(self.versions)
        )


def firm(*, rate: str | None = "200") -> Firm:
    """Return the smallest firm that can bill an hour; without rate it cannot."""
    built = Firm()
    built.add("US1", legal_entity())
    built.add("ADATUM", customer())
    built.add("ann", person())
    built.add("C1", contract())
    built.add("C1.1", contract_line())
    built.add("P1", project())
    if rate is not None:
        built.add("standard", bill_rate(rate=rate))
    return built
