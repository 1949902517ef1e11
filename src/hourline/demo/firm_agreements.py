"""Say what the firm agreed beside its systems: transfer prices, shares, blocks."""

from collections.abc import Iterator
from decimal import Decimal

from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import CrossCharge, PrepaidHours
from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.money import currency_of, major_units

# Behind the rows for customers; a row for a service matches nothing else.
_TAX_ORDER = 1000
_TAXED_PAIRS = (("GB", "DE"), ("DE", "GB"))


def firm_agreements(firm: Firm) -> list[MasterChange]:
    """Return what entities, departments and customers agreed beside the systems."""
    return [
        *_transfer_prices(firm),
        *_intercompany_tax(),
        *(_cross_charge(firm, found) for found in firm.cross_charges),
        *_shares(firm),
        *(_block(firm, found) for found in firm.prepaid_hours),
        MasterChange(
            "time_rounding",
            f"{firm.rounded_time.customer} quarters",
            fields={
                "order": 1,
                "customer": firm.rounded_time.customer,
                "increment_minutes": firm.rounded_time.increment_minutes,
                "mode": "up",
            },
        ),
    ]


def _transfer_prices(firm: Firm) -> Iterator[MasterChange]:
    for found in firm.transfer_prices:
        fields: dict[str, object] = {
            "lender": found.lender,
            "borrower": found.borrower,
            "model": found.model,
            "value": Decimal(found.value),
        }
        if found.currency is not None:
            fields["currency"] = found.currency
        yield MasterChange(
            "transfer_price", f"{found.lender} to {found.borrower}", fields=fields
        )


def _intercompany_tax() -> Iterator[MasterChange]:
    """Yield the rows for work that is taxed where the borrower is."""
    for order, (lender, borrower) in enumerate(_TAXED_PAIRS, start=_TAX_ORDER):
        yield MasterChange(
            "tax_rule",
            f"{lender} to {borrower}, intercompany",
            fields={
                "order": order,
                "rate": 0,
                "code": "AE",
                "reason": "taxed where the borrower is, reverse charge",
                "entity_country": lender,
                "customer_country": borrower,
                "service": "intercompany",
            },
        )


def _cross_charge(firm: Firm, found: CrossCharge) -> MasterChange:
    fields: dict[str, object] = {"entity": found.entity}
    if found.cost_centre is not None:
        fields["person_cost_centre"] = found.cost_centre
    if found.price_minor is not None:
        currency = next(e.currency for e in firm.entities if e.entity == found.entity)
        fields["model"] = "unit_price"
        fields["value"] = major_units(found.price_minor, currency_of(currency))
    name = f"{found.entity}, people of {found.cost_centre or 'any department'}"
    return MasterChange("cross_charge", name, fields=fields)


def _shares(firm: Firm) -> Iterator[MasterChange]:
    for found in firm.shares:
        yield MasterChange(
            "contract_customer",
            f"{found.contract} {found.customer}",
            fields={
                "contract": found.contract,
                "customer": found.customer,
                "share": Decimal(found.percent),
                "order": found.order,
                "rounding": found.takes_difference,
            },
        )


def _block(firm: Firm, found: PrepaidHours) -> MasterChange:
    fields: dict[str, object] = {
        "contract_line": found.contract_line,
        "hours": found.hours,
        "purchased": found.purchased_on,
        "expires": found.expires_on,
    }
    if found.price_minor is not None:
        currency = next(
            contract.currency
            for contract in firm.contracts
            for line in contract.lines
            if line.line == found.contract_line
        )
        fields["price"] = major_units(found.price_minor, currency_of(currency))
    return MasterChange("prepaid_block", found.block, fields=fields)
