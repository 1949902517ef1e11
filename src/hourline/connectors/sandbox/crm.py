"""Serve the customers and contracts of the firm, as its CRM does."""

from hourline.connectors.sandbox.calls import Call, Operation, page
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import Contract, ContractLine, Customer
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
        "lines": [_line(line) for line in contract.lines],
    }


def _line(line: ContractLine) -> dict[str, object]:
    return {
        "id": line.line,
        "method": line.method,
        "service_line": line.service_line,
        "price": None if line.price_minor is None else major(line.price_minor),
        "milestones": [
            {
                "id": milestone.milestone,
                "name": milestone.name,
                "amount": major(milestone.amount_minor),
                "due_on": day(milestone.due_on),
            }
            for milestone in line.milestones
        ],
    }
