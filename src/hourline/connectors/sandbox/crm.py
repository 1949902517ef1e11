"""Serve the customers and contracts of the firm, as its CRM does."""

from hourline.connectors.sandbox.calls import Call, Operation, page
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import Contract, ContractLine, Customer
from hourline.connectors.sandbox.terms import RECURRING
from hourline.connectors.sandbox.wire import day, major


def crm_operations(firm: Firm) -> tuple[Operation, ...]:
    """Return the operations of the CRM."""
    customers = [_customer(customer) for customer in firm.customers]
    contracts = [_contract(contract) for contract in firm.contracts]

    return (
        Operation(
            "list_customers",
            "GET",
            "/api/customers",
            lambda call: page(customers, call),
        ),
        Operation(
            "list_contracts",
            "GET",
            "/api/contracts",
            lambda call: page(_of_customer(contracts, call), call),
        ),
    )


def _of_customer(
    contracts: list[dict[str, object]], call: Call
) -> list[dict[str, object]]:
    wanted = call.query.get("customer")
    return [c for c in contracts if wanted is None or c["customer"] == wanted]


def _customer(customer: Customer) -> dict[str, object]:
    return {
        "id": customer.customer,
        "name": customer.name,
        "country": customer.country,
        "tax_id": customer.tax_id,
        "payment_days": customer.payment_days,
        "internal": customer.internal,
    }


def _contract(contract: Contract) -> dict[str, object]:
    return {
        "id": contract.contract,
        "title": contract.title,
        "customer": contract.customer,
        "entity": contract.entity,
        "currency": contract.currency,
        "effective_from": day(contract.effective_from),
        "effective_until": day(contract.effective_until),
        "limit": _amount(contract.limit_minor),
        "terms": _said(
            month_limit=_amount(contract.month_limit_minor),
            person_day_limit_hours=contract.person_day_limit_hours,
            retainage_percent=contract.retainage_percent,
        ),
        "lines": [_line(line) for line in contract.lines],
    }


def _line(line: ContractLine) -> dict[str, object]:
    return {
        "id": line.line,
        "method": line.method,
        "service_line": line.service_line,
        "price": _amount(line.price_minor),
        "milestones": [
            {
                "id": milestone.milestone,
                "name": milestone.name,
                "amount": major(milestone.amount_minor),
                "due_on": day(milestone.due_on),
            }
            for milestone in line.milestones
        ],
        "terms": _said(
            recognition=line.recognition,
            estimate_hours=line.estimate_hours,
            estimate_cost=_amount(line.estimate_cost_minor),
            amount=_amount(line.amount_minor),
            every="month" if line.method == RECURRING else None,
            discount_percent=line.discount_percent,
            cost_plus_percent=line.cost_plus_percent,
            starts_on=day(line.starts_on),
            ends_on=day(line.ends_on),
        ),
    }


def _said(**terms: object) -> dict[str, object]:
    """Return the terms that are agreed; most contracts and lines say nothing."""
    return {name: said for name, said in terms.items() if said is not None}


def _amount(minor: int | None) -> str | None:
    return None if minor is None else major(minor)
