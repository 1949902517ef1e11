"""Hold the timelines of every kind of master data that decisions ask for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from hourline.master.model import (
    KIND_BY_NAME,
    Assignment,
    BillRate,
    Contract,
    ContractCustomer,
    ContractLine,
    CostCentre,
    CostRate,
    CrossCharge,
    CrossReference,
    Customer,
    FxRate,
    HourType,
    LedgerAccount,
    LegalEntity,
    MasterVersion,
    Person,
    PostingPeriod,
    PrepaidBlock,
    Project,
    Record,
    ServiceLine,
    TargetRoute,
    TaxRule,
    TimeRounding,
    TransferPrice,
    Vendor,
)
from hourline.master.snapshot.timelines import Span, Timeline, timeline


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Hold the records of each kind with their versions."""

    entities: Timeline[LegalEntity]
    cost_centres: Timeline[CostCentre]
    service_lines: Timeline[ServiceLine]
    customers: Timeline[Customer]
    vendors: Timeline[Vendor]
    people: Timeline[Person]
    cost_rates: Timeline[CostRate]
    contracts: Timeline[Contract]
    contract_customers: Timeline[ContractCustomer]
    lines: Timeline[ContractLine]
    prepaid_blocks: Timeline[PrepaidBlock]
    projects: Timeline[Project]
    assignments: Timeline[Assignment]
    bill_rates: Timeline[BillRate]
    hour_types: Timeline[HourType]
    transfer_prices: Timeline[TransferPrice]
    cross_charges: Timeline[CrossCharge]
    time_roundings: Timeline[TimeRounding]
    tax_rules: Timeline[TaxRule]
    fx_rates: Timeline[FxRate]
    accounts: Timeline[LedgerAccount]
    periods: Timeline[PostingPeriod]
    routes: Timeline[TargetRoute]
    others: dict[str, Timeline[Record]]

    def each(self) -> Iterator[Timeline[Any]]:
        """Yield every timeline."""
        for name in _NAMES:
            yield getattr(self, name)
        yield from self.others.values()

    def of_kind(self, kind: str) -> Timeline[Any]:
        """Return the timeline of a kind by its name; raise KeyError."""
        for kept in self.each():
            if kept.kind.kind == kind:
                return kept
        msg = f"there is no kind of master data '{kind}'"
        raise KeyError(msg)

    def account_number(
        self, entity: str, role: str, *, service_line: str | None, on: date | None
    ) -> str | None:
        """Return the account of a role, the service line's own before the plain."""
        by_service_line = {
            row.service_line: row.number
            for dense in range(len(self.accounts.ids))
            for row in _contents(self.accounts.of(dense), on)
            if (row.entity, row.role) == (entity, role)
        }
        return by_service_line.get(service_line, by_service_line.get(None))


_NAMES = tuple(field.name for field in fields(Catalogue) if field.name != "others")


def _contents(
    spans: Sequence[Span[LedgerAccount]], on: date | None
) -> list[LedgerAccount]:
    if on is None:
        return [span.content for span in spans[-1:]]
    return [
        span.content
        for span in spans
        if span.effective_from <= on < span.effective_until
    ]


def catalogue_of(versions: Iterable[MasterVersion]) -> Catalogue:
    """Return the versions laid out by kind."""
    by_kind: dict[type[Record], list[MasterVersion]] = {}
    for version in versions:
        by_kind.setdefault(type(version.content), []).append(version)

    def of(kind: type[Any]) -> Timeline[Any]:
        return timeline(kind, by_kind.get(kind, ()))

    named = {name: of(kind) for name, kind in _KIND_OF_FIELD.items()}
    placed = set(_KIND_OF_FIELD.values())
    others = {
        name: of(kind) for name, kind in KIND_BY_NAME.items() if kind not in placed
    }
    return Catalogue(**named, others=others)


_KIND_OF_FIELD: dict[str, type[Record]] = {
    "entities": LegalEntity,
    "cost_centres": CostCentre,
    "service_lines": ServiceLine,
    "customers": Customer,
    "vendors": Vendor,
    "people": Person,
    "cost_rates": CostRate,
    "contracts": Contract,
    "contract_customers": ContractCustomer,
    "lines": ContractLine,
    "prepaid_blocks": PrepaidBlock,
    "projects": Project,
    "assignments": Assignment,
    "bill_rates": BillRate,
    "hour_types": HourType,
    "transfer_prices": TransferPrice,
    "cross_charges": CrossCharge,
    "time_roundings": TimeRounding,
    "tax_rules": TaxRule,
    "fx_rates": FxRate,
    "accounts": LedgerAccount,
    "periods": PostingPeriod,
    "routes": TargetRoute,
}


def sources_of(
    catalogue: Catalogue, references: Sequence[CrossReference]
) -> dict[tuple[int, str], dict[str, int]]:
    """Return dense ids by the id a connection uses; of two the later holds.

    A reference to a record of another kind, or to none, is left out.
    """
    dense_of = {kept.kind.kind: kept.dense_of_no for kept in catalogue.each()}
    found: dict[tuple[int, str], dict[str, int]] = {}
    for reference in references:
        dense = dense_of.get(reference.kind, {}).get(reference.master_no)
        if dense is not None:
            place = (reference.connection_no, reference.kind)
            found.setdefault(place, {})[reference.source_id] = dense
    return found
