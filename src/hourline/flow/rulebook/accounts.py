"""Say which amounts would be on other accounts with other rows of the chart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import TypeAlias

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_numbered
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.tables import ACCOUNTS
from hourline.master.snapshot import RecordNotKnown, Snapshot

QUERIES = load_queries(__package__)
# An entity, a role, the number of a service line, and a day.
Booked: TypeAlias = tuple[int, Role, int | None, date]
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMove:
    """Hold a role whose account becomes another, and how much is booked on it.

    `amount` is debit less credit, in minor units of the entity's currency.
    """

    entity: str
    role: str
    service_line: str | None
    before: str | None
    after: str | None
    currency: str
    amount: int = 0

    def moving(self, amount: int) -> "AccountMove":
        """Return the move with what it moves."""
        return replace(self, amount=amount)


class Chart:
    """Look up accounts of one snapshot, each case once."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Take the snapshot whose chart of accounts it is."""
        self.snapshot = snapshot
        self._found: dict[Booked, str | None] = {}

    def of(self, wanted: Booked) -> str | None:
        """Return the account of an entity's role and service line on a day."""
        if wanted not in self._found:
            entity_no, role, line_no, day = wanted
            self._found[wanted] = self.snapshot.account(
                entity_no, role, line_no, on=day
            )
        return self._found[wanted]


def account_moves(
    session: Session,
    differences: list[RowDifference],
    snapshots: tuple[Snapshot, Snapshot],
    dates: tuple[date, date],
) -> list[AccountMove]:
    """Return the accounts that differ for what is booked, with the amount of each.

    Everything booked in these accounting dates counts: approvals, invoices, credit
    notes, recognition. `snapshots` are those of before and after.
    """
    wanted = roles_that_change(differences, snapshots[1])
    if not wanted:
        return []
    charts = Chart(snapshots[0]), Chart(snapshots[1])
    line_of = cache(partial(service_line_of, snapshots[1]))
    booked: Counter[tuple[Booked, int]] = Counter()
    for rows in session.stream(
        QUERIES["booked_by_role"],
        at_once=_AT_ONCE,
        entity_nos=[entity_no for entity_no, _ in wanted],
        roles=[int(role) for _, role in wanted],
        since=dates[0],
        until=dates[1],
    ):
        for entity_no, role, project_no, currency, day, amount in rows:
            line_no = None if project_no is None else line_of(project_no)
            booked[(entity_no, Role(role), line_no, day), currency] += amount
    found: Counter[AccountMove] = Counter()
    for (case, currency), amount in booked.items():
        accounts = charts[0].of(case), charts[1].of(case)
        if accounts[0] != accounts[1]:
            found[_move(snapshots[1], case, accounts, currency)] += amount
    moves = [one.moving(amount) for one, amount in found.items()]
    return sorted(moves, key=lambda one: (one.entity, one.role, str(one.service_line)))


def roles_that_change(
    differences: Sequence[RowDifference], after: Snapshot
) -> list[tuple[int, Role]]:
    """Return the entities and roles that changed rows of the chart are for."""
    cases = {
        (row.cell("entity"), row.cell("role"))
        for one in differences
        if one.table == ACCOUNTS.name
        for row in (*one.before, *one.after)
    }
    numbered = [
        (after.number("legal_entity", entity), Role[role.upper()])
        for entity, role in sorted(cases)
    ]
    return [(number, role) for number, role in numbered if number is not None]


def _move(
    snapshot: Snapshot,
    case: Booked,
    accounts: tuple[str | None, str | None],
    currency: int,
) -> AccountMove:
    entity_no, role, line_no, _ = case
    service_line = None
    if line_no is not None:
        service_line = snapshot.record("service_line", line_no).id
    return AccountMove(
        entity=snapshot.entity(entity_no).id,
        role=role.name.lower(),
        service_line=service_line,
        before=accounts[0],
        after=accounts[1],
        currency=currency_numbered(currency).code,
    )


def service_line_of(snapshot: Snapshot, project_no: int) -> int | None:
    """Return the service line of a project, None where it has none or is none."""
    try:
        return snapshot.project(project_no).service_line_no
    except RecordNotKnown:
        return None
