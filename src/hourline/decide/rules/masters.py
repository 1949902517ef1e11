"""Rule: an entry is decided under the records that hold on its work date."""

import numpy as np

from hourline.decide.model import Batch, Case, Masters
from hourline.kernel.columns import NOTHING, Flags
from hourline.master.snapshot import Snapshot


def masters_of(batch: Batch, snapshot: Snapshot) -> Masters:
    """Return the records each entry stands under, from project up to the customer."""
    tables, days = snapshot.columns, batch.day
    person_row = tables.people.rows.at(batch.person, days)
    employer = tables.people.entity[person_row]
    employer_row = tables.entities.rows.at(employer, days)
    resourcing, resourcing_row = employer, employer_row
    person_known = employer_row != NOTHING
    if tables.people.is_provided_elsewhere:
        resourcing = tables.people.resourcing[person_row]
        resourcing_row = tables.entities.rows.at(resourcing, days)
        person_known &= resourcing_row != NOTHING
    project_row = tables.projects.rows.at(batch.project, days)
    line = tables.projects.line[project_row]
    line_row = tables.lines.rows.at(line, days)
    contract = tables.lines.contract[line_row]
    contract_row = tables.contracts.rows.at(contract, days)
    entity = tables.contracts.entity[contract_row]
    entity_row = tables.entities.rows.at(entity, days)
    customer = tables.contracts.customer[contract_row]
    customer_row = tables.customers.rows.at(customer, days)
    stated = tables.contracts.currency[contract_row]
    return Masters(
        person_row=person_row,
        employer=employer,
        employer_row=employer_row,
        resourcing=resourcing,
        resourcing_row=resourcing_row,
        project_row=project_row,
        line=line,
        line_row=line_row,
        contract=contract,
        contract_row=contract_row,
        entity=entity,
        entity_row=entity_row,
        customer=customer,
        customer_row=customer_row,
        hour_type_row=tables.hour_types.rows.at(
            np.maximum(batch.hour_type, NOTHING), days
        ),
        currency=np.where(
            stated == NOTHING, tables.entities.currency[entity_row], stated
        ),
        person_known=person_known,
        project_known=project_row != NOTHING,
        terms_known=(entity_row != NOTHING) & (customer_row != NOTHING),
    )


def person_not_known(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose person, or who employs or provides them, is not known that day."""
    return ~case.masters.person_known


def project_not_known(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose project is not known on the work date."""
    return ~case.masters.project_known


def contract_line_not_known(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose known project has no contract line, contract or party that holds."""
    return case.masters.project_known & ~case.masters.terms_known
