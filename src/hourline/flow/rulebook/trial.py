"""Try a rulebook on the work of the past: what would be other than it was decided.

Nothing is recorded. What is decided stays as it is when a rulebook is published; the
trial says what a credit and a new bill would change, or what the next month will be.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hourline.decide.again import (
    Standing,
    decide_again,
    standing_entries,
    waiting_again,
)
from hourline.decide.again_by_day import standing_days
from hourline.decide.model import Refusal
from hourline.flow.rulebook.accounts import AccountMove, account_moves
from hourline.flow.rulebook.books import BookMove, Books
from hourline.flow.rulebook.changed_rows import ChangedRows
from hourline.flow.rulebook.changes import Changes, Taking, TrialEntry
from hourline.flow.rulebook.days import Days, DayTotals, Tried
from hourline.flow.rulebook.drafts import Draft, draft_of_files
from hourline.flow.rulebook.files import RulebookFile
from hourline.flow.rulebook.groups import Groups, TrialGroup, TrialTotal, totals_of
from hourline.flow.rulebook.losses import Uncovered
from hourline.flow.rulebook.names import Names
from hourline.flow.rulebook.transfers import TransferMove, TransferSums
from hourline.flow.rulebook.uncompared import not_compared
from hourline.flow.transactions import snapshot_of
from hourline.infra.database import Database, Session
from hourline.master.rulebook.differences import RowDifference
from hourline.master.snapshot import Snapshot

# So many entries are in memory at once, whatever the history is.
AT_ONCE = 20_000
_NAMED_MAX = 100


@dataclass(slots=True)
class Trial:
    """Hold what a rulebook would change.

    `entries` were decided again under what is in force, and under that with the draft;
    `changed` of them differ, which only the draft brings about: no figure is one that
    is stored. Of these `invoiced` are on invoices, and `booked_only` differ in nothing
    but what the books say in the entity's currency. `drifted` differ from what was
    decided also without it: by what was published or settled since. `refused` counts
    new exceptions by code, `refused_anyway` those of work that could not be decided
    again without the draft, so that nothing of it is compared; `resumed` what waits
    and would go on.
    `differences` are the rows that the draft changes, `largest` the largest changes of
    each entity and currency, `books` what approval would book otherwise, `accounts`
    what is booked on another account. `uncovered` is what has a row now and none on
    later days, with how much of the history is like it.
    """

    entries: int = 0
    changed: int = 0
    invoiced: int = 0
    booked_only: int = 0
    drifted: int = 0
    resumed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    refused_entries: list[str] = field(default_factory=list)
    refused_anyway: dict[str, int] = field(default_factory=dict)
    differences: list[RowDifference] = field(default_factory=list)
    groups: list[TrialGroup] = field(default_factory=list)
    totals: list[TrialTotal] = field(default_factory=list)
    largest: list[TrialEntry] = field(default_factory=list)
    transfers: list[TransferMove] = field(default_factory=list)
    cross_charges: list[TransferMove] = field(default_factory=list)
    days: DayTotals = field(default_factory=DayTotals)
    books: list[BookMove] = field(default_factory=list)
    accounts: list[AccountMove] = field(default_factory=list)
    uncovered: list[Uncovered] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)


def try_rulebook(
    database: Database,
    tenant: int,
    files: Sequence[RulebookFile],
    *,
    effective_on: date,
    dates: tuple[date, date],
    top: int = 20,
    take: Taking | None = None,
) -> tuple[Draft, Trial | None]:
    """Return a rulebook as checked, and what it changes of work of some dates.

    No trial where something is wrong with the rulebook. `dates` are from inclusive,
    until exclusive. So many changes as `top` are kept of each entity and currency;
    `take` is handed each entry that changes.
    """
    with database.tenant(tenant, one_view=True) as session:
        draft = draft_of_files(session, files, effective_on=effective_on)
        if draft.snapshot is None:
            return draft, None
        trying = _Trying(draft, snapshot_of(session), draft.snapshot, (top, take))
        return draft, trying.trial(session, dates)


class _Trying:
    """Try a draft page by page."""

    def __init__(
        self,
        draft: Draft,
        now: Snapshot,
        after: Snapshot,
        listing: tuple[int, Taking | None],
    ) -> None:
        self._draft, self._now, self._after = draft, now, after
        names = Names(now), Names(after)
        self._rows = ChangedRows(draft.differences, now, after)
        self._groups = Groups(self._rows, names)
        self._changes = Changes(names, top=listing[0], take=listing[1])
        self._books = Books(now, after)
        self._lent, self._crossed = TransferSums(), TransferSums()
        self._days = Days(now, after)
        self._refused: Counter[str] = Counter()
        self._refused_anyway: Counter[str] = Counter()
        self._trial = Trial(differences=draft.differences, uncovered=draft.uncovered)

    def trial(self, session: Session, dates: tuple[date, date]) -> Trial:
        """Return what the draft changes of work of some dates."""
        if self._days.gathered:
            pages = standing_days(session, dates, at_once=AT_ONCE)
        else:
            pages = standing_entries(session, dates, limit=AT_ONCE)
        for page in pages:
            self._add(session, page)
        now, after, trial = self._now, self._after, self._trial
        trial.resumed = _resumed(session, dates, now, after)
        trial.refused = dict(sorted(self._refused.items()))
        trial.refused_anyway = dict(sorted(self._refused_anyway.items()))
        trial.groups = self._groups.named()
        trial.totals = totals_of(trial.groups)
        trial.largest = self._changes.largest()
        trial.transfers = self._lent.moves(now, "legal_entity")
        trial.cross_charges = self._crossed.moves(now, "cost_centre")
        trial.days = self._days.totals
        trial.books = self._books.moves()
        trial.accounts = account_moves(
            session, self._draft.differences, (now, after), dates
        )
        trial.not_compared = not_compared(self._draft.counts)
        return trial

    def _add(self, session: Session, page: Standing) -> None:
        standing, before, after = self._days.round(
            session,
            page,
            (
                decide_again(page.entries, self._now, booked=page.booked),
                decide_again(page.entries, self._after, booked=page.booked),
            ),
        )
        entries, trial, outcome = standing.entries, self._trial, after.outcome
        books_otherwise = self._books.add(entries, standing.invoiced, (before, after))
        decided_otherwise = outcome.differs(before.outcome)
        decided_otherwise |= self._rows.taxed_otherwise(entries, outcome)
        # Without the draft there is nothing to compare with.
        decided_otherwise &= before.outcome.accepted
        changed = decided_otherwise | books_otherwise
        trial.entries += len(entries)
        trial.changed += int(changed.sum())
        trial.invoiced += int((changed & standing.invoiced).sum())
        trial.booked_only += int((changed & ~decided_otherwise).sum())
        trial.drifted += int(before.outcome.differs(standing.outcome).sum())
        # Not what is stored: what other changes made of it is none of the draft's.
        as_now = replace(standing, outcome=before.outcome)
        self._groups.add(as_now, outcome, decided_otherwise)
        self._changes.add(as_now, outcome, decided_otherwise)
        self._lent.add(before.outcome.transfer, outcome.transfer, decided_otherwise)
        self._crossed.add(
            before.outcome.cross_charge, outcome.cross_charge, decided_otherwise
        )
        self._note_refused(standing, before, after)

    def _note_refused(self, standing: Standing, before: Tried, after: Tried) -> None:
        named = self._trial.refused_entries
        for refusal in before.decided.refusals:
            self._refused_anyway.update(_codes(refusal))
        for refusal in after.decided.refusals:
            if not before.outcome.accepted[refusal.index]:
                continue
            self._refused.update(_codes(refusal))
            if len(named) < _NAMED_MAX:
                named.append(standing.entries.source_id[refusal.index])


def _codes(refusal: Refusal) -> set[str]:
    return {str(problem.code) for problem in refusal.problems}


def _resumed(
    session: Session, dates: tuple[date, date], now: Snapshot, after: Snapshot
) -> int:
    resumed = 0
    for waiting in waiting_again(session, dates, at_once=AT_ONCE):
        stays, _ = decide_again(waiting, now)
        goes_on, _ = decide_again(waiting, after)
        resumed += int((goes_on.accepted & ~stays.accepted).sum())
    return resumed
