"""Say what the firm decides in Hourline itself: prices, taxes, accounts, FX, terms."""

from datetime import date
from decimal import Decimal

from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import BillRate, TaxRule
from hourline.connectors.sdk.changes import MasterChange
from hourline.demo.firm_agreements import firm_agreements
from hourline.kernel.money import currency_of, major_units


def firm_rules(firm: Firm) -> list[MasterChange]:
    """Return rate card, tax table, charts by role, FX rates and agreements."""
    return [
        *(
            _service_line(found.service_line, found.name)
            for found in firm.service_lines
        ),
        *(_bill_rate(found) for found in firm.bill_rates),
        *(_tax_rule(number, found) for number, found in enumerate(firm.tax_rules)),
        *(
            MasterChange(
                "ledger_account",
                f"{found.entity} {found.role.name.lower()}",
                fields={
                    "entity": found.entity,
                    "role": found.role.name.lower(),
                    "number": found.number,
                },
            )
            for found in firm.accounts
        ),
        *(
            MasterChange(
                "fx_rate",
                f"{found.from_currency}>{found.to_currency} {found.effective_from}",
                fields={
                    "from_currency": found.from_currency,
                    "to_currency": found.to_currency,
                    "rate": Decimal(found.rate),
                },
                effective_from=found.effective_from,
            )
            for found in firm.fx_rates
        ),
        *firm_agreements(firm),
    ]


def _service_line(name: str, title: str) -> MasterChange:
    return MasterChange("service_line", name, fields={"name": title})


def _bill_rate(found: BillRate) -> MasterChange:
    fields: dict[str, object] = {
        "currency": found.currency,
        "rate": major_units(found.rate_minor, currency_of(found.currency)),
    }
    if found.role is not None:
        fields["role"] = found.role
    if found.contract is not None:
        fields["contract"] = found.contract
    if found.employee_number is not None:
        fields["person"] = found.employee_number
    if found.blended:
        fields["blended"] = True
    whose = found.contract or found.employee_number or "standard"
    return MasterChange(
        "bill_rate",
        f"{whose} {found.role or 'any role'}, {found.currency} from"
        f" {found.effective_from}",
        fields=fields,
        effective_from=found.effective_from,
        effective_until=found.effective_until or date.max,
    )


def _tax_rule(number: int, found: TaxRule) -> MasterChange:
    fields: dict[str, object] = {
        "order": number + 1,
        "rate": found.rate_percent,
        "code": found.code,
        "reason": found.reason,
        "entity_country": found.entity_country,
    }
    if found.customer_country is not None:
        fields["customer_country"] = found.customer_country
    if found.customer_has_tax_id is not None:
        fields["customer_has_tax_id"] = found.customer_has_tax_id
    name = (
        f"{found.entity_country} {found.code} {found.rate_percent} %, row {number + 1}"
    )
    return MasterChange("tax_rule", name, fields=fields)
