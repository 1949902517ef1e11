"""Try a rulebook on the work of the past: what would be other than it was decided.

Nothing is recorded. What is decided stays as it is when a rulebook is published; the
trial says what a credit and a new bill would change, or what the next month will be.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from hourline.decide.again import (
    Outcome,
    Standing,
    decide_again,
    standing_entries,
    waiting_again,
)
from hourline.decide.model import Decided
from hourline.flow.rulebook.accounts import AccountMove, Chart, account_moves
from hourline.flow.rulebook.day_totals import DayTotals, DayWork
from hourline.flow.rulebook.drafts import Draft, draft_of_files
from hourline.flow.rulebook.files import RulebookFile
from hourline.flow.rulebook.transfers import TransferMove, TransferSums
from hourline.flow.transactions import snapshot_of
from hourline.infra.database import Database, Session
from hourline.kernel.columns import NOTHING, Flags, Ints
from hourline.kernel.money import currency_numbered
from hourline.master.rulebook.tables import ACCOUNTS
from hourline.master.snapshot import RecordNotKnown, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGroup:
    """Hold entries that change in the same way; amounts in minor units of `currency`.

    `amount_decided` is what was decided of their billable work, `amount_after` what
    the draft gives; `invoiced` counts those that would take a credit and a new bill.
    Rules are named by their ids, None where none was used.
    """

    contract: str
    contract_line: str
    currency: str
    bill_rate: tuple[str | None, str | None]
    tax_rule: tuple[str | None, str | None]
    time_rounding: tuple[str | None, str | None]
    transfer_price: tuple[str | None, str | None]
    cross_charge: tuple[str | None, str | None]
    entries: int
    invoiced: int
    seconds: int
    amount_decided: int
    amount_after: int
    cost_decided: int
    cost_after: int

    @property
    def difference(self) -> int:
        """Give what is billable more, in minor units; less is negative."""
        return self.amount_after - self.amount_decided


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTotal:
    """Hold the billable amounts of a contract in a currency, before and after."""

    contract: str
    currency: str
    amount_decided: int
    amount_after: int


@dataclass(slots=True)
class Trial:
    """Hold what a rulebook would change.

    `entries` were decided again, `changed` of them would be otherwise because of the
    draft. `drifted` differ from what was decided also without it: by rules published
    since. `transfers` are what entities charge each other for changed entries,
    `cross_charges` what departments of one do, `days` the days of persons whose rounded
    time changes. `refused` counts new exceptions, `resumed` what waits and would go on.
    """

    entries: int = 0
    changed: int = 0
    invoiced: int = 0
    drifted: int = 0
    resumed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    refused_entries: list[str] = field(default_factory=list)
    groups: list[TrialGroup] = field(default_factory=list)
    totals: list[TrialTotal] = field(default_factory=list)
    transfers: list[TransferMove] = field(default_factory=list)
    cross_charges: list[TransferMove] = field(default_factory=list)
    days: DayTotals = field(default_factory=DayTotals)
    accounts: list[AccountMove] = field(default_factory=list)


_NAMED_MAX = 100


def try_rulebook(
    database: Database,
    tenant: int,
    files: Sequence[RulebookFile],
    *,
    effective_on: date,
    dates: tuple[date, date],
) -> tuple[Draft, Trial | None]:
    """Return a rulebook as checked, and what it changes of work of some dates.

    No trial where something is wrong with the rulebook. `dates` are from inclusive,
    until exclusive.
    """
    with database.tenant(tenant, one_view=True) as session:
        draft = draft_of_files(session, files, effective_on=effective_on)
        if draft.snapshot is None:
            return draft, None
        return draft, _tried(session, draft, draft.snapshot, dates)


def _tried(
    session: Session, draft: Draft, after: Snapshot, dates: tuple[date, date]
) -> Trial:
    now = snapshot_of(session)
    charts = Chart(now), Chart(after)
    trial = Trial()
    grouped: dict[tuple[int, ...], list[int]] = {}
    moved: Counter[AccountMove] = Counter()
    refused: Counter[str] = Counter()
    lent, crossed, days = TransferSums(), TransferSums(), DayWork()
    for standing in standing_entries(session, dates):
        unchanged, kept = decide_again(standing.entries, now)
        outcome, decided = decide_again(standing.entries, after)
        changed = outcome.differs(unchanged)
        trial.entries += len(standing.entries)
        trial.changed += int(changed.sum())
        trial.invoiced += int((changed & standing.invoiced).sum())
        trial.drifted += int(unchanged.differs(standing.outcome).sum())
        _group(grouped, standing, outcome, changed & outcome.accepted)
        lent.add(standing.outcome.transfer, outcome.transfer, changed)
        crossed.add(standing.outcome.cross_charge, outcome.cross_charge, changed)
        days.add(kept.decisions, decided.decisions)
        _note_refused(trial, refused, standing, (unchanged, decided))
        if ACCOUNTS.name in draft.counts:
            moved.update(account_moves(decided.journal, charts))
    trial.resumed = _resumed(session, dates, now, after)
    trial.refused = dict(sorted(refused.items()))
    trial.groups = _named(grouped, now, after)
    trial.totals = _totals(trial.groups)
    trial.transfers = lent.moves(now, "legal_entity")
    trial.cross_charges = crossed.moves(now, "cost_centre")
    trial.days = days.totals(now, after)
    trial.accounts = [one.moving(amount) for one, amount in moved.items()]
    return trial


def _group(
    grouped: dict[tuple[int, ...], list[int]],
    standing: Standing,
    after: Outcome,
    changed: Flags,
) -> None:
    rows = np.flatnonzero(changed)
    if not rows.size:
        return
    before = standing.outcome
    keys = np.stack(
        [
            before.contract[rows],
            before.contract_line[rows],
            before.currency[rows],
            before.bill_rate[rows],
            after.bill_rate[rows],
            before.tax_rule[rows],
            after.tax_rule[rows],
            before.time_rounding[rows],
            after.time_rounding[rows],
            before.transfer.rule[rows],
            after.transfer.rule[rows],
            before.cross_charge.rule[rows],
            after.cross_charge.rule[rows],
        ],
        axis=1,
    )
    known, place = np.unique(keys, axis=0, return_inverse=True)
    sums = np.zeros((len(known), 7), dtype=np.int64)
    figures: list[Ints] = [
        np.ones_like(rows),
        standing.invoiced[rows].astype(np.int64),
        after.seconds[rows].sum(axis=1),
        before.billable[rows],
        after.billable[rows],
        before.cost[rows],
        after.cost[rows],
    ]
    np.add.at(sums, place.reshape(-1), np.stack(figures, axis=1))
    for key, figure in zip(known.tolist(), sums.tolist(), strict=True):
        kept = grouped.setdefault(tuple(key), [0] * len(figure))
        grouped[tuple(key)] = [
            one + more for one, more in zip(kept, figure, strict=True)
        ]


def _note_refused(
    trial: Trial,
    refused: Counter[str],
    standing: Standing,
    tried: tuple[Outcome, Decided],
) -> None:
    unchanged, decided = tried
    for refusal in decided.refusals:
        if unchanged.accepted[refusal.index]:
            refused.update(str(problem.code) for problem in refusal.problems)
            if len(trial.refused_entries) < _NAMED_MAX:
                trial.refused_entries.append(standing.entries.source_id[refusal.index])


def _resumed(
    session: Session, dates: tuple[date, date], now: Snapshot, after: Snapshot
) -> int:
    waiting = waiting_again(session, dates)
    if not len(waiting):
        return 0
    stays, _ = decide_again(waiting, now)
    goes_on, _ = decide_again(waiting, after)
    return int((goes_on.accepted & ~stays.accepted).sum())


def _named(
    grouped: Mapping[tuple[int, ...], list[int]], now: Snapshot, after: Snapshot
) -> list[TrialGroup]:
    groups = [
        TrialGroup(
            contract=_id(now, "contract", key[0]) or "",
            contract_line=_id(now, "contract_line", key[1]) or "",
            currency=currency_numbered(key[2]).code,
            bill_rate=_ids(now, after, "bill_rate", key[3:5]),
            tax_rule=_ids(now, after, "tax_rule", key[5:7]),
            time_rounding=_ids(now, after, "time_rounding", key[7:9]),
            transfer_price=_ids(now, after, "transfer_price", key[9:11]),
            cross_charge=_ids(now, after, "cross_charge", key[11:13]),
            entries=sums[0],
            invoiced=sums[1],
            seconds=sums[2],
            amount_decided=sums[3],
            amount_after=sums[4],
            cost_decided=sums[5],
            cost_after=sums[6],
        )
        for key, sums in grouped.items()
    ]
    return sorted(
        groups,
        key=lambda one: (-abs(one.difference), one.contract, one.contract_line),
    )


def _ids(
    now: Snapshot, after: Snapshot, kind: str, numbers: Sequence[int]
) -> tuple[str | None, str | None]:
    return _id(now, kind, numbers[0]), _id(after, kind, numbers[1])


def _id(snapshot: Snapshot, kind: str, number: int) -> str | None:
    if number == NOTHING:
        return None
    try:
        return snapshot.record(kind, number).id
    except RecordNotKnown:
        return f"{kind} {number}, withdrawn"


def _totals(groups: Sequence[TrialGroup]) -> list[TrialTotal]:
    return [
        TrialTotal(
            contract=contract,
            currency=currency,
            amount_decided=sum(one.amount_decided for one in of_contract),
            amount_after=sum(one.amount_after for one in of_contract),
        )
        for (contract, currency), of_contract in _by_contract(groups)
    ]


def _by_contract(
    groups: Sequence[TrialGroup],
) -> Iterator[tuple[tuple[str, str], list[TrialGroup]]]:
    for place in sorted({(one.contract, one.currency) for one in groups}):
        yield (
            place,
            [one for one in groups if (one.contract, one.currency) == place],
        )
