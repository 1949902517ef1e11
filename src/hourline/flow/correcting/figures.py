"""Read what stands of an entry, and what a correction moved in the books."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from hourline.flow.rulebook.accounts import Chart, service_line_of
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect, Fate, Role
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Hold what stands of an entry; amounts in minor units of `currency`.

    The exact price of a second is `rate_amount` / `rate_seconds` in 1/10000 minor
    units. `cost` is in the books of `bearer_no` and in `cost_currency`, None where it
    never cost anything; `transfer` is in its own currency and charged by `lender_no`:
    None where nobody was lent. Time and value by fate are in
    the order of `fates`.
    """

    entry_no: int
    revision: int
    entry: str
    source: str
    contract: str
    contract_line: str
    project: str
    currency: int
    bearer_no: int
    cost: int
    tax_rule_no: int | None
    transfer: int | None
    transfer_currency: int | None
    lender_no: int | None
    rate_amount: int
    rate_seconds: int
    accrued: int
    fates: list[int]
    seconds: list[int]
    amounts: list[int]
    cost_currency: int | None = None

    @property
    def worth(self) -> int:
        """Return the value of all its time at the bill rate, whatever its fate."""
        return sum(self.amounts)

    def of_fate(self, fate: Fate) -> tuple[int, int]:
        """Return the seconds and the value of a fate."""
        for place, known in enumerate(self.fates):
            if known == fate:
                return self.seconds[place], self.amounts[place]
        return 0, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Hold by how much an account of an entity moved, debits less credits.

    `amount` is in minor units of `currency`, by its ISO number; `account` is None where
    the chart has none for the role.
    """

    entity: str
    role: int
    account: str | None
    currency: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Booked:
    entity: str
    entity_no: int
    role: int
    project_no: int | None
    accounting_date: date
    currency: int
    amount: int


def read_figures(session: Session, entry_no: int) -> Figures | None:
    """Return what stands of an entry; None where nothing is decided."""
    return session.first(
        QUERIES["figures_of_entry"],
        Figures,
        entry_no=entry_no,
        cause_entry=Cause.ENTRY,
        effect_cost=Effect.COST,
    )


def next_line(session: Session) -> int:
    """Return a number above every journal line of this transaction so far."""
    return session.value(QUERIES["next_line"], int) or 0


def moved_since(session: Session, snapshot: Snapshot, line_no: int) -> list[Moved]:
    """Return what journal lines after a number moved, accounts that stay left out.

    In a trial these are the lines of the trial alone.
    """
    chart = Chart(snapshot)
    sums: Counter[tuple[str, int, str | None, int]] = Counter()
    for one in session.all(QUERIES["moved_since"], _Booked, line_no=line_no):
        service_line_no = None
        if one.project_no is not None:
            service_line_no = service_line_of(snapshot, one.project_no)
        account = chart.of(
            (one.entity_no, Role(one.role), service_line_no, one.accounting_date)
        )
        sums[one.entity, one.role, account, one.currency] += one.amount
    return [
        Moved(
            entity=entity,
            role=role,
            account=account,
            currency=currency,
            amount=amount,
        )
        for (entity, role, account, currency), amount in sums.items()
        if amount
    ]
