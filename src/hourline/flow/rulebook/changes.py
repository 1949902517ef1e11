"""List the entries that change: all to whoever takes them, and the largest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from hourline.decide.again import Outcome, Standing
from hourline.flow.rulebook.names import Names, ids_of, rules_of
from hourline.kernel.codes import Fate
from hourline.kernel.columns import Flags, Ints, ints
from hourline.kernel.effective import day_of
from hourline.kernel.money import currency_numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEntry:
    """Hold an entry that changes; amounts in minor units of `currency`.

    Person and project are as the source names them. The seconds are those that are
    billed by the hour. Cost is in the books of who bears it. Of what is refused
    after, all figures after are 0 and its rules None.
    """

    entry: str
    work_date: date
    person: str
    project: str
    entity: str
    contract: str
    contract_line: str
    currency: str
    invoiced: bool
    refused: bool
    seconds_before: int
    seconds_after: int
    amount_before: int
    amount_after: int
    cost_before: int
    cost_after: int
    bill_rate: tuple[str | None, str | None]
    tax_rule: tuple[str | None, str | None]
    time_rounding: tuple[str | None, str | None]
    transfer_price: tuple[str | None, str | None]
    cross_charge: tuple[str | None, str | None]

    @property
    def difference(self) -> int:
        """Give what is billable more, in minor units; less is negative."""
        return self.amount_after - self.amount_before


Taking = Callable[[TrialEntry], None]


class Changes:
    """Keep the largest changes of every entity and currency, page by page."""

    def __init__(
        self, names: tuple[Names, Names], *, top: int, take: Taking | None
    ) -> None:
        """Keep so many; where somebody takes them, each entry is handed over."""
        self._names = names
        self._top = top
        self._take = take
        self._kept: dict[tuple[str, str], list[TrialEntry]] = {}

    def add(self, standing: Standing, after: Outcome, changed: Flags) -> None:
        """Add the entries of a page that are `changed`, in the order of the page."""
        rows = np.flatnonzero(changed)
        if self._take is not None:
            for row in rows.tolist():
                self._take(self._entry(standing, after, row))
        moved = np.abs(after.billable - standing.outcome.billable)
        rows = rows[moved[rows] > 0]
        cases = self._cases(standing, rows)
        for case in np.unique(cases).tolist():
            own = rows[cases == case]
            largest = own[np.argsort(-moved[own], kind="stable")[: self._top]]
            self._keep([self._entry(standing, after, row) for row in largest.tolist()])

    def _cases(self, standing: Standing, rows: Ints) -> Ints:
        """Return a number for each entity and currency, by row."""
        keys = standing.outcome.contract[rows], standing.outcome.currency[rows]
        known, place = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
        numbers: dict[tuple[str, int], int] = {}
        found = [
            numbers.setdefault((self._names[0].entity_of(contract), currency), number)
            for number, (contract, currency) in enumerate(known.tolist())
        ]
        return ints(found)[place.reshape(-1)]

    def _keep(self, entries: Iterable[TrialEntry]) -> None:
        for one in entries:
            self._kept.setdefault((one.entity, one.currency), []).append(one)
        for case, kept in self._kept.items():
            kept.sort(key=lambda one: (-abs(one.difference), one.entry))
            self._kept[case] = kept[: self._top]

    def largest(self) -> list[TrialEntry]:
        """Return the largest changes of each entity and currency."""
        return [one for _, kept in sorted(self._kept.items()) for one in kept]

    def _entry(self, standing: Standing, after: Outcome, row: int) -> TrialEntry:
        entries, before, now = standing.entries, standing.outcome, self._names[0]
        contract_no = int(before.contract[row])
        line = now.id_of("contract_line", int(before.contract_line[row]))
        rules = {
            kind: ids_of(self._names, kind, (int(first[row]), int(second[row])))
            for kind, first, second in rules_of(before, after)
        }
        return TrialEntry(
            entry=entries.source_id[row],
            work_date=day_of(int(entries.work_date[row].astype(np.int64))),
            person=entries.person_ref[row],
            project=entries.project_ref[row],
            entity=now.entity_of(contract_no),
            contract=now.id_of("contract", contract_no) or "",
            contract_line=line or "",
            currency=currency_numbered(int(before.currency[row])).code,
            invoiced=bool(standing.invoiced[row]),
            refused=not after.accepted[row],
            seconds_before=int(before.seconds[row, Fate.BILLABLE]),
            seconds_after=int(after.seconds[row, Fate.BILLABLE]),
            amount_before=int(before.billable[row]),
            amount_after=int(after.billable[row]),
            cost_before=int(before.cost[row]),
            cost_after=int(after.cost[row]),
            **rules,
        )
