"""Build a snapshot from recorded versions and cross-references."""

from collections.abc import Iterable, Sequence

from hourline.kernel.columns import NOTHING
from hourline.master.model import CrossReference, MasterVersion
from hourline.master.snapshot.bill_rates import BillRates, bill_rates
from hourline.master.snapshot.catalogue import Catalogue, catalogue_of, sources_of
from hourline.master.snapshot.cost_rates import cost_rates
from hourline.master.snapshot.exception_routes import (
    refuse_unclear_exception_routes,
)
from hourline.master.snapshot.fx import fx_rates
from hourline.master.snapshot.hour_types import HourTypes, hour_type_columns
from hourline.master.snapshot.people import assignments_of, person_columns
from hourline.master.snapshot.periods import periods_of
from hourline.master.snapshot.places import (
    CustomerColumns,
    contract_columns,
    entity_columns,
    line_columns,
    project_columns,
)
from hourline.master.snapshot.routes import refuse_unclear_routes
from hourline.master.snapshot.severities import severities_of
from hourline.master.snapshot.tax import TaxedRecords, tax_table
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
    decision could be made with: unknown currencies, amounts that leave 64 bits, bill
    rates or routes that tie.
    """
    catalogue = catalogue_of(versions)
    refuse_unclear_routes(catalogue)
    refuse_unclear_exception_routes(catalogue.of_kind("exception_route"))
    roles = _codes(
        [
            *(span.content.role for span in catalogue.people.spans),
            *(span.content.role for span in catalogue.bill_rates.spans),
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
        ]
    )
    return Snapshot(
        change_no=change_no,
        catalogue=catalogue,
        columns=_columns(catalogue, roles=roles, activities=activities),
        sources=sources_of(catalogue, references),
        roles=roles,
        activities=activities,
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


def _columns(
    kept: Catalogue,
    *,
    roles: dict[str | None, int],
    activities: dict[str | None, int],
) -> Columns:
    entities = entity_columns(kept.entities)
    hour_types = hour_type_columns(kept.hour_types)
    card = _rate_card(kept, hour_types, roles=roles, activities=activities)
    return Columns(
        entities=entities,
        customers=CustomerColumns(kept.customers.no_column(), kept.customers.rows()),
        contracts=contract_columns(
            kept.contracts, entities=kept.entities, customers=kept.customers
        ),
        lines=line_columns(kept.lines, kept.contracts),
        projects=project_columns(
            kept.projects,
            lines=kept.lines,
            cost_centres=kept.cost_centres,
            service_lines=kept.service_lines,
            activities=activities,
        ),
        people=person_columns(
            kept.people,
            entities=kept.entities,
            cost_centres=kept.cost_centres,
            roles=roles,
        ),
        assignments=assignments_of(
            kept.assignments, people=kept.people, projects=kept.projects
        ),
        hour_types=hour_types,
        bill_rates=card,
        cost_rates=cost_rates(
            kept.cost_rates,
            kept.people,
            hour_types=hour_types,
            decimals=set(entities.decimals.tolist()),
        ),
        tax=tax_table(
            kept.tax_rules,
            TaxedRecords(kept.entities, kept.customers, kept.contracts, kept.lines),
        ),
        fx=fx_rates(kept.fx_rates, worth_max=card.worth_max),
        periods=periods_of(kept.periods, kept.entities),
        severities=severities_of(kept.of_kind("validation_severity"), kept.entities),
    )
