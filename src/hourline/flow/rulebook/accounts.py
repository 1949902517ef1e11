"""Say which amounts would be on other accounts with other rows of the chart."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hourline.decide.model import JournalColumns
from hourline.kernel.codes import Role
from hourline.kernel.effective import day_of
from hourline.kernel.money import currency_numbered
from hourline.master.snapshot import RecordNotKnown, Snapshot


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
        self._found: dict[tuple[int, Role, int | None, date], str | None] = {}

    def of(self, wanted: tuple[int, Role, int | None, date]) -> str | None:
        """Return the account of an entity's role and service line on a day."""
        if wanted not in self._found:
            entity_no, role, line_no, day = wanted
            self._found[wanted] = self.snapshot.account(
                entity_no, role, line_no, on=day
            )
        return self._found[wanted]


def account_moves(
    journal: JournalColumns, charts: tuple[Chart, Chart]
) -> Counter[AccountMove]:
    """Return the accounts that differ for what is booked, with the amount of each.

    `charts` are those of before and after.
    """
    after = charts[1].snapshot
    found: Counter[AccountMove] = Counter()
    days = journal.accounting_date.astype("datetime64[D]").astype(np.int64)
    for side, sign in ((journal.debit, 1), (journal.credit, -1)):
        keys = np.stack(
            [
                journal.entity_no,
                side,
                journal.project_no,
                journal.entity_currency,
                days,
            ],
            axis=1,
        ).astype(np.int64)
        known, place = np.unique(keys, axis=0, return_inverse=True)
        sums = np.zeros(len(known), dtype=np.int64)
        np.add.at(sums, place.reshape(-1), journal.entity_amount * sign)
        for (entity_no, role, project_no, currency, day), amount in zip(
            known.tolist(), sums.tolist(), strict=True
        ):
            line_no = service_line_of(after, project_no)
            wanted = entity_no, Role(role), line_no, day_of(day)
            accounts = charts[0].of(wanted), charts[1].of(wanted)
            if accounts[0] != accounts[1]:
                move = AccountMove(
                    entity=after.entity(entity_no).id,
                    role=Role(role).name.lower(),
                    service_line=after.project(project_no).content.service_line,
                    before=accounts[0],
                    after=accounts[1],
                    currency=currency_numbered(currency).code,
                )
                found[move] += amount
    return found


def service_line_of(snapshot: Snapshot, project_no: int) -> int | None:
    """Return the service line of a project, None where it has none or is none."""
    try:
        return snapshot.project(project_no).service_line_no
    except RecordNotKnown:
        return None
