"""Write rows of rules of a scenario as the fields of master data."""

from hourline.scenarios.format.given import IntercompanyRow, RateRow, TaxRow
from hourline.scenarios.row_changes import Fields, plain


def rate_fields(row: RateRow) -> Fields:
    """Return the fields of a bill rate."""
    return {
        "currency": str(row.currency),
        "rate": plain(row.rate),
        "per": row.per,
        "hours_per_day": plain(row.hours_per_day),
        "contract_line": row.contract_line,
        "contract": row.contract,
        "project": row.project,
        "customer": row.customer,
        "entity": row.entity,
        "person": row.person,
        "role": row.role,
        "activity": row.activity,
        "blended": row.blended,
    }


def tax_fields(row: TaxRow) -> Fields:
    """Return the fields of a tax rule, all but its place in the order."""
    return {
        "rate": plain(row.rate),
        "code": row.code,
        "reason": row.reason,
        "entity_country": row.entity_country,
        "entity_has_tax_id": row.entity_has_tax_id,
        "customer_country": row.customer_country,
        "customer_has_tax_id": row.customer_has_tax_id,
        "contract_line": row.contract_line,
        "service": row.service,
        "customer": row.customer,
        "recoverable_percent": plain(row.recoverable_percent),
    }


def transfer_price_fields(row: IntercompanyRow) -> Fields:
    """Return the fields of a transfer price."""
    return {
        "lender": row.lender,
        "borrower": row.borrower,
        "model": row.model,
        "value": plain(row.value),
        "currency": None if row.currency is None else str(row.currency),
        "role": row.role,
        "person": row.person,
        "accrue": row.accrue,
    }
