"""Rule: what a record may not say of itself, whatever else is known."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from hourline.kernel.codes import Role
from hourline.kernel.countries import COUNTRIES
from hourline.master.model import (
    ContractLine,
    Customer,
    FxRate,
    LedgerAccount,
    LegalEntity,
    Record,
    TaxRule,
    Vendor,
)

ROLES = tuple(role.name.lower() for role in Role)
# So much of the largest amount that may be stated fits 64 bits still.
TAX_PERCENT_MAX = 10_000
_PPM_PER_PERCENT = 10_000


class Unusable(NamedTuple):
    """Hold what is wrong with a record, and what to do about it."""

    why: str
    remedy: str


def unusable(record: Record) -> Unusable | None:
    """Return what a record says that it may not, None where nothing is wrong."""
    check = _CHECKS.get(record.kind)
    return None if check is None else check(record)


def _party(party: LegalEntity | Customer | Vendor) -> Unusable | None:
    return _country("country", party.country)


def _country(field: str, said: str | None) -> Unusable | None:
    if said is None or said in COUNTRIES:
        return None
    return Unusable(
        f"{field} {said[:60]!r} is no code of ISO 3166",
        "Write the country's two letters in capitals, such as DE.",
    )


def _tax_rule(rule: TaxRule) -> Unusable | None:
    wrong = _country("entity_country", rule.entity_country) or _country(
        "customer_country", rule.customer_country
    )
    if wrong is not None:
        return wrong
    exact = Fraction(rule.rate) * _PPM_PER_PERCENT
    if 0 <= rule.rate <= TAX_PERCENT_MAX and exact.denominator == 1:
        return None
    return Unusable(
        f"a tax of {rule.rate} percent is not from 0 to {TAX_PERCENT_MAX} with at most"
        " 4 decimals",
        "Correct the rate; write 19 for 19 %.",
    )


def _fx_rate(rate: FxRate) -> Unusable | None:
    if rate.from_currency != rate.to_currency or rate.rate == 1:
        return None
    return Unusable(
        f"a rate of {rate.rate} from {rate.from_currency} to itself is not 1",
        "Correct a currency, or delete the row.",
    )


def _account(account: LedgerAccount) -> Unusable | None:
    if account.role in ROLES:
        return None
    return Unusable(
        f"role {account.role[:60]!r} is no account role",
        f"Write one of: {', '.join(ROLES)}.",
    )


def _line(line: ContractLine) -> Unusable | None:
    remedy = "Correct the contract line."
    for name, amount in (("price", line.price), ("amount", line.amount)):
        if amount is not None and amount < 0:
            return Unusable(f"its {name} {amount} is below nothing", remedy)
    seen = set()
    for one in line.milestones:
        if one.amount <= 0:
            return Unusable(
                f"milestone {one.id} of {one.amount} is not above nothing", remedy
            )
        if one.id in seen:
            return Unusable(f"it has the milestone {one.id} twice", remedy)
        seen.add(one.id)
    return None


_CHECKS: Mapping[str, Callable[..., Unusable | None]] = {
    LegalEntity.kind: _party,
    Customer.kind: _party,
    Vendor.kind: _party,
    TaxRule.kind: _tax_rule,
    FxRate.kind: _fx_rate,
    LedgerAccount.kind: _account,
    ContractLine.kind: _line,
}
CHECKED = tuple(_CHECKS)


def excess_of_milestones(line: ContractLine) -> Decimal:
    """Return by how much the milestones of a line exceed its price, else 0.

    In major units; 0 also for a line without a price.
    """
    if line.price is None:
        return Decimal(0)
    total = sum((one.amount for one in line.milestones), Decimal(0))
    return max(total - line.price, Decimal(0))
