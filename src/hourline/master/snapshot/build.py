"""Build a snapshot from recorded versions and cross-references."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil

from hourline.kernel.columns import NOTHING
from hourline.master.model import CrossReference, MasterVersion
from hourline.master.snapshot.allotting import allotting_of
from hourline.master.snapshot.bill_rates import (
    BillRates,
    PriceBounds,
    bill_rates,
    price_bounds,
)
from hourline.master.snapshot.catalogue import Catalogue, catalogue_of, sources_of
from hourline.master.snapshot.closing import entry_locks_of
from hourline.master.snapshot.cost_rates import cost_rates, cost_worth_max
from hourline.master.snapshot.cross_charges import CrossCharges, cross_charges
from hourline.master.snapshot.exception_routes import (
    refuse_unclear_exception_routes,
)
from hourline.master.snapshot.fx import FxRates, fx_rates
from hourline.master.snapshot.groups import refuse_unclear_groups
from hourline.master.snapshot.hour_types import HourTypes, hour_type_columns
from hourline.master.snapshot.line_terms import (
    cost_plus_ppm,
    price_factors,
    refuse_large_terms,
)
from hourline.master.snapshot.people import (
    PersonColumns,
    assignments_of,
    person_columns,
)
from hourline.master.snapshot.periods import periods_of
from hourline.master.snapshot.places import (
    CustomerColumns,
    ProjectColumns,
    contract_columns,
    entity_columns,
    line_columns,
    project_columns,
)
from hourline.master.snapshot.recoverable_tax import refuse_unclear_recoverable_tax
from hourline.master.snapshot.retainage import refuse_unclear_retainage
from hourline.master.snapshot.revenue_terms import refuse_unclear_revenue
from hourline.master.snapshot.routes import refuse_unclear_routes
from hourline.master.snapshot.severities import severities_of
from hourline.master.snapshot.shapes import refuse_ties
from hourline.master.snapshot.shares import refuse_unclear_shares, shares_by_contract
from hourline.master.snapshot.stated_amounts import (
    refuse_unusable_amounts,
    refuse_unusable_records,
    translated_max,
)
from hourline.master.snapshot.tax import TaxedRecords, tax_table
from hourline.master.snapshot.tax_services import refuse_unclear_tax_services
from hourline.master.snapshot.time_rounding import TimeRoundings, time_roundings
from hourline.master.snapshot.transfer_prices import transfer_prices
from hourline.master.snapshot.view import Columns, Snapshot


def build_snapshot(
    versions: Sequence[MasterVersion],
    references: Sequence[CrossReference],
    *,
    change_no: int,
) -> Snapshot:
    """Return master data as known at a change.

    Of one record a version recorded later holds from its own date on, whatever the
    earlier ones say. Raises UnusableRecord, naming record and remedy, for what no
    decision could be made with: unknown currencies, countries or account roles, amounts
    that leave 64 bits or are finer than their currency, rows that tie, revenue terms
    that do not fit together, shares of customers that do not total 100.
    """
    catalogue = catalogue_of(versions)
    refuse_unclear_routes(catalogue)
    refuse_unclear_revenue(catalogue)
    refuse_unclear_shares(catalogue)
    refuse_unclear_retainage(catalogue)
    refuse_unclear_recoverable_tax(catalogue)
    refuse_unclear_tax_services(catalogue)
    refuse_unclear_exception_routes(catalogue.of_kind("exception_route"))
    entry_locks_of(catalogue)
    refuse_unclear_groups(catalogue)
    refuse_unusable_records(catalogue)
    refuse_ties(catalogue)
    roles = _codes(
        [
            *(span.content.role for span in catalogue.people.spans),
            *(span.content.role for span in catalogue.bill_rates.spans),
            *(span.content.role for span in catalogue.transfer_prices.spans),
        ]
    )
    activities = _codes(
        [
            *(
                activity.id
                for span in catalogue.projects.spans
                for activity in span.content.activities
            ),
            *(span.content.activity for span in catalogue.bill_rates.spans),
            *(span.content.activity for span in catalogue.time_roundings.spans),
        ]
    )
    return Snapshot(
        change_no=change_no,
        catalogue=catalogue,
        columns=_columns(catalogue, roles=roles, activities=activities),
        sources=sources_of(catalogue, references),
        roles=roles,
        activities=activities,
        allotting=allotting_of(catalogue),
    )


def _codes(texts: Iterable[str | None]) -> dict[str | None, int]:
    codes: dict[str | None, int] = {None: NOTHING}
    stated = sorted({text for text in texts if text is not None})
    codes.update((text, number) for number, text in enumerate(stated))
    return codes


def _stated(codes: dict[str | None, int]) -> dict[str, int]:
    return {text: number for text, number in codes.items() if text is not None}


def _rate_card(
    kept: Catalogue,
    hour_types: HourTypes,
    *,
    roles: dict[str | None, int],
    activities: dict[str | None, int],
) -> BillRates:
    return bill_rates(
        kept.bill_rates,
        scopes={
            "contract_line": kept.lines.dense_of,
            "contract": kept.contracts.dense_of,
            "project": kept.projects.dense_of,
            "customer": kept.customers.dense_of,
            "entity": kept.entities.dense_of,
        },
        dimensions={
            "person": kept.people.dense_of,
            "role": _stated(roles),
            "activity": _stated(activities),
        },
        hour_types=hour_types,
    )


def _time_rounding(
    kept: Catalogue, bounds: PriceBounds, *, activities: dict[str | None, int]
) -> TimeRoundings:
    return time_roundings(
        kept.time_roundings,
        filters={
            "contract": kept.contracts.dense_of,
            "project": kept.projects.dense_of,
            "customer": kept.customers.dense_of,
            "activity": _stated(activities),
        },
        numerator_max=bounds.numerator,
    )


def _columns(
    kept: Catalogue,
    *,
    roles: dict[str | None, int],
    activities: dict[str | None, int],
) -> Columns:
    entities = entity_columns(kept.entities)
    hour_types = hour_type_columns(kept.hour_types)
    card = _rate_card(kept, hour_types, roles=roles, activities=activities)
    bounds = price_bounds(card, hour_types)
    rounding = _time_rounding(kept, bounds, activities=activities)
    factors = price_factors(kept.lines)
    refuse_large_terms(
        kept.lines, factors, bounds=bounds, seconds_max=rounding.seconds_max
    )
    return Columns(
        entities=entities,
        customers=CustomerColumns(kept.customers.no_column(), kept.customers.rows()),
        contracts=contract_columns(
            kept.contracts, entities=kept.entities, customers=kept.customers
        ),
        lines=line_columns(
            kept.lines,
            kept.contracts,
            price_factors=factors,
            cost_plus=cost_plus_ppm(kept.lines),
        ),
        projects=_projects(kept, activities),
        people=_people(kept, roles),
        assignments=assignments_of(
            kept.assignments, people=kept.people, projects=kept.projects
        ),
        hour_types=hour_types,
        time_roundings=rounding,
        bill_rates=card,
        cost_rates=cost_rates(
            kept.cost_rates,
            kept.people,
            hour_types=hour_types,
            decimals=set(entities.decimals.tolist()),
        ),
        transfer_prices=transfer_prices(
            kept.transfer_prices,
            entities=kept.entities,
            people=kept.people,
            roles=_stated(roles),
        ),
        cross_charges=_departments(kept),
        tax=tax_table(
            kept.tax_rules,
            TaxedRecords(kept.entities, kept.customers, kept.contracts, kept.lines),
        ),
        fx=_exchange(
            kept, hour_types, rounding.worth_max(card.worth_max), factors=factors
        ),
        periods=periods_of(kept.periods, kept.entities),
        shares=shares_by_contract(kept),
        severities=severities_of(kept.of_kind("validation_severity"), kept.entities),
    )


def _departments(kept: Catalogue) -> CrossCharges:
    return cross_charges(
        kept.cross_charges, entities=kept.entities, cost_centres=kept.cost_centres
    )


def _projects(kept: Catalogue, activities: dict[str | None, int]) -> ProjectColumns:
    return project_columns(
        kept.projects,
        lines=kept.lines,
        cost_centres=kept.cost_centres,
        service_lines=kept.service_lines,
        activities=activities,
    )


def _people(kept: Catalogue, roles: dict[str | None, int]) -> PersonColumns:
    return person_columns(
        kept.people,
        entities=kept.entities,
        cost_centres=kept.cost_centres,
        roles=roles,
    )


def _exchange(
    kept: Catalogue,
    hour_types: HourTypes,
    sales: Mapping[int, int],
    *,
    factors: Sequence[Fraction],
) -> FxRates:
    """Return rates that are exact for whatever one entry sells for or costs.

    `sales` is the most minor units of a currency that one is worth at its rate; the
    terms of a line multiply that by one of the `factors`.
    """
    times = max(ceil(max(factors, default=Fraction(1))), 1)
    costs = cost_worth_max(
        kept.cost_rates, kept.people, entities=kept.entities, hour_types=hour_types
    )
    worth_max = {
        currency: max(sales.get(currency, 0) * times, costs.get(currency, 0))
        for currency in {*sales, *costs}
    }
    stated = refuse_unusable_amounts(kept)
    return fx_rates(
        kept.fx_rates,
        worth_max=worth_max,
        translated_max=translated_max(kept, hour_types, stated),
    )
