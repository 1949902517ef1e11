"""Write the contracts of a scenario as changes of master data; every field is named."""

from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange
from hourline.scenarios.format.contract_rows import ContractRow, LineRow
from hourline.scenarios.format.figures import Figure
from hourline.scenarios.row_changes import Fields, change, changes_of, plain


@changes_of.register
def _contract(row: ContractRow) -> list[MasterChange]:
    # The contract's own customer is the first of several.
    fields: Fields = {
        "customer": row.customer or row.customers[0].id,
        "entity": row.entity,
        "currency": None if row.currency is None else str(row.currency),
        **_limits(row),
        "invoice_by": row.invoice_by,
        "purchase_order": row.purchase_order,
        "retainage_percent": plain(row.retainage_percent),
    }
    lines = [change("contract_line", line.id, _line(row, line)) for line in row.lines]
    of_customers = [one for line in row.lines for one in _line_customers(line)]
    return [change("contract", row.id, fields), *_customers(row), *lines, *of_customers]


def _limits(row: ContractRow | LineRow) -> Fields:
    return {
        "limit": plain(row.limit),
        "over_limit": row.over_limit,
        "month_limit": plain(row.month_limit),
        "month_limit_hours": plain(row.month_limit_hours),
        "person_day_limit": plain(row.person_day_limit),
        "person_day_limit_hours": plain(row.person_day_limit_hours),
    }


def _customers(row: ContractRow) -> list[MasterChange]:
    return [
        customer_change(
            row.id,
            one.id,
            share=one.share,
            rounding=one.rounding,
            order=order,
            limit=one.limit,
        )
        for order, one in enumerate(row.customers, start=1)
    ]


def customer_change(
    contract: str,
    customer: str,
    *,
    share: Decimal,
    rounding: bool = False,
    order: int = 0,
    limit: Figure | None = None,
) -> MasterChange:
    """Return the change that gives a customer its share; one of 0 takes it out."""
    fields: Fields = {
        "contract": contract,
        "customer": customer,
        "share": plain(share),
        "rounding": rounding,
        "order": order,
        "limit": plain(limit),
    }
    return change("contract_customer", f"{contract}:{customer}", fields)


def _line_customers(line: LineRow) -> list[MasterChange]:
    return [
        line_customer_change(line.id, one.customer, limit=one.limit)
        for one in line.customer_limits
    ]


def line_customer_change(
    line: str, customer: str, *, limit: Figure | None
) -> MasterChange:
    """Return the change that limits what a customer is billed of a line, or ends it."""
    fields: Fields = {
        "contract_line": line,
        "customer": customer,
        "limit": plain(limit),
    }
    return change("line_customer_limit", f"{line}:{customer}", fields)


def _line(contract: ContractRow, line: LineRow) -> Fields:
    milestones = [
        {"id": one.id, "amount": plain(one.amount), "date": one.due_on}
        for one in line.milestones
    ]
    return {
        "contract": contract.id,
        "method": line.method,
        "accrue": line.accrue,
        "discount_percent": plain(line.discount_percent or Figure(0)),
        "fee_percent": plain(line.fee_percent or Figure(0)),
        "cost_plus_percent": plain(line.cost_plus_percent),
        "price": plain(line.price),
        "amount": plain(line.amount),
        "milestones": milestones,
        "recognition": line.recognition,
        "recognise_at": line.recognise_at,
        "estimate_hours": plain(line.estimate_hours),
        "estimate_cost": plain(line.estimate_cost),
        "every": line.every,
        "start": line.start,
        "end": line.end,
        **_limits(line),
        "purchase_order": line.purchase_order,
        "retainage_percent": plain(line.retainage_percent),
        "tax_service": line.tax_service,
    }
