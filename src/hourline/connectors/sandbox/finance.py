"""Invent the firm's prices, taxes, accounts, posting periods and exchange rates."""

from datetime import date, timedelta
from random import Random

from hourline.connectors.sandbox.engagements import TIME_AND_MATERIALS, YEAR_START
from hourline.connectors.sandbox.model import (
    BillRate,
    Contract,
    FxRate,
    LedgerAccount,
    Person,
    PostingPeriod,
    TaxRule,
)
from hourline.connectors.sandbox.organisation import ENTITIES, MONTH_START, is_joiner
from hourline.kernel.codes import Role

# No price for designers in GBP: those hours must wait for one, never cost 0.
_STANDARD_MINOR = {
    "USD": {
        "consultant": 16500,
        "senior": 21000,
        "principal": 29000,
        "developer": 18500,
        "designer": 17000,
    },
    "GBP": {
        "consultant": 12000,
        "senior": 15500,
        "principal": 22000,
        "developer": 14000,
    },
    "EUR": {
        "consultant": 13000,
        "senior": 17000,
        "principal": 24000,
        "developer": 15000,
        "designer": 14000,
    },
}
_EU_NEIGHBOURS = ("AT", "BE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PL", "SE")
# Role, number in the shortest chart, name.
_ACCOUNTS = (
    (Role.CASH, "1000", "Bank"),
    (Role.RECEIVABLE, "1200", "Trade receivables"),
    (Role.RETAINAGE, "1220", "Retainage receivable"),
    (Role.IC_RECEIVABLE, "1250", "Intercompany receivables"),
    (Role.WIP, "1400", "Work in progress"),
    (Role.IC_WIP, "1450", "Work in progress, intercompany"),
    (Role.CONTRACT_ASSET, "1500", "Contract assets"),
    (Role.EXPENSE_CLEARING, "1600", "Expense clearing"),
    (Role.INPUT_TAX, "1650", "Input tax"),
    (Role.IC_PAYABLE, "2050", "Intercompany payables"),
    (Role.VENDOR_PAYABLE, "2060", "Subcontractor payables"),
    (Role.TAX_PAYABLE, "2200", "Sales tax payable"),
    (Role.CONTRACT_LIABILITY, "2400", "Contract liabilities"),
    (Role.ONEROUS_PROVISION, "2500", "Provisions for onerous contracts"),
    (Role.OPENING_BALANCE, "3900", "Opening balances"),
    (Role.REVENUE, "4000", "Service revenue"),
    (Role.ACCRUED_REVENUE, "4100", "Accrued revenue"),
    (Role.IC_REVENUE, "4200", "Intercompany revenue"),
    (Role.IC_ACCRUED_REVENUE, "4250", "Accrued intercompany revenue"),
    (Role.COST, "5000", "Cost of labour"),
    (Role.IC_COST, "5100", "Intercompany cost"),
    (Role.EXPENSE_COST, "5200", "Project expenses"),
    (Role.ONEROUS_COST, "5300", "Onerous contracts"),
    (Role.CROSS_CHARGE, "5400", "Charged by other departments"),
    (Role.CROSS_CHARGE_RECOVERY, "5450", "Charged to other departments"),
    (Role.PAYROLL_ALLOCATION, "5900", "Payroll allocation"),
    (Role.WRITE_OFF, "6900", "Write-offs"),
    (Role.FX_GAIN_LOSS, "7500", "Exchange gains and losses"),
    (Role.ROUNDING, "7900", "Rounding differences"),
)
_FX_MICRO = (("GBP", "USD", 1_312_500), ("EUR", "USD", 1_141_000))
# For what GB1 and DE1 do for each other; a rate is never taken through a third.
_FX_MICRO_EUROPE = ("GBP", "EUR", 1_150_300)
# For what people pay abroad; nobody invoices in these.
_FX_MICRO_TRAVEL = (
    ("CHF", "EUR", 1_064_000),
    ("JPY", "USD", 6_610),
    ("JPY", "EUR", 5_790),
)


def build_bill_rates(
    rng: Random, people: tuple[Person, ...], contracts: tuple[Contract, ...]
) -> tuple[BillRate, ...]:
    """Return the standard card of each currency and its overrides.

    Every designer of GB1 but the joiner has a price of the own.
    """
    standard = [
        BillRate(currency, rate_minor, YEAR_START, role=role)
        for currency, card in _STANDARD_MINOR.items()
        for role, rate_minor in card.items()
    ]
    hourly = [c for c in contracts if c.lines[0].method == TIME_AND_MATERIALS]
    by_contract = [
        BillRate(
            contract.currency,
            _STANDARD_MINOR[contract.currency]["senior"] * 95 // 100,
            MONTH_START + timedelta(days=15 * (position % 2)),
            role="senior",
            contract=contract.contract,
        )
        for position, contract in enumerate(rng.sample(hourly, 4))
    ]
    by_person = [
        BillRate(
            "GBP", 13500, YEAR_START, role=None, employee_number=person.employee_number
        )
        for person in people
        if (person.entity, person.role) == ("GB1", "designer") and not is_joiner(person)
    ]
    return (*standard, *by_contract, *by_person)


def build_tax_rules() -> tuple[TaxRule, ...]:
    """Return tax rows in order; each entity's last row matches any customer."""
    return (
        TaxRule("US", 0, "O", "services not subject to sales tax"),
        TaxRule("GB", 20, "S", "domestic", customer_country="GB"),
        TaxRule("GB", 0, "G", "export of services"),
        TaxRule("DE", 19, "S", "domestic", customer_country="DE"),
        *(
            TaxRule("DE", 0, "AE", "reverse charge", country, customer_has_tax_id=True)
            for country in _EU_NEIGHBOURS
        ),
        *(
            TaxRule("DE", 19, "S", "customer without tax id", customer_country=country)
            for country in _EU_NEIGHBOURS
        ),
        TaxRule("DE", 0, "G", "export of services"),
    )


def build_accounts() -> tuple[LedgerAccount, ...]:
    """Return each entity's chart; the charts number the same roles differently."""
    return tuple(
        LedgerAccount(entity.entity, number + "0" * position, name, role)
        for position, entity in enumerate(ENTITIES)
        for role, number, name in _ACCOUNTS
    )


def build_periods() -> tuple[PostingPeriod, ...]:
    """Return the month before (closed), the month itself and the next (open)."""
    return tuple(
        PostingPeriod(entity.entity, period, status)
        for entity in ENTITIES
        for period, status in (
            ("2026-09", "closed"),
            ("2026-10", "open"),
            ("2026-11", "open"),
        )
    )


def build_fx_rates(rng: Random) -> tuple[FxRate, ...]:
    """Return weekly rates of the month for every pair, exact to a millionth."""
    pairs = [(week, pair) for week in range(5) for pair in _FX_MICRO]
    pairs += [(week, _FX_MICRO_EUROPE) for week in range(5)]
    pairs += [(week, pair) for week in range(5) for pair in _FX_MICRO_TRAVEL]
    return tuple(_fx_rate(rng, week, pair) for week, pair in pairs)


def _fx_rate(rng: Random, week: int, pair: tuple[str, str, int]) -> FxRate:
    currency, into, micro = pair
    spread = min(9_000, micro // 100)
    rate_micro = micro + rng.randrange(-spread, spread + 1)
    return FxRate(
        currency,
        into,
        date(2026, 10, 1) + timedelta(weeks=week),
        f"{rate_micro // 1_000_000}.{rate_micro % 1_000_000:06d}",
    )
