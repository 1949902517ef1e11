"""Decide entries within a session, try again what waited, and take back revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

from hourline.decide.encode import encode
from hourline.decide.kernel import decide
from hourline.decide.mirroring import mirror_lines
from hourline.decide.model import Deciding
from hourline.decide.person_days import PersonDay, days_of, lock_days, round_days
from hourline.decide.store import (
    QUERIES,
    forget_pending,
    keep_pending,
    pending_entries,
    pending_of,
    read_revision,
    refusing_entity,
    store_decided,
    store_journal,
)
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.entries import EntryColumns
from hourline.master.snapshot import Snapshot

__all__ = [
    "PersonDay",
    "StillInvoiced",
    "Superseded",
    "days_of",
    "decide_entries",
    "lock_days",
    "pending_entries",
    "pending_of",
    "read_revision",
    "refusing_entity",
    "round_days",
    "supersede",
    "supersede_all",
]


class StillInvoiced(Exception):
    """Say that a revision cannot stop counting while an invoice line bills it."""

    def __init__(self, entry_no: int, revision: int) -> None:
        super().__init__(
            f"entry {entry_no} revision {revision} stands on a live invoice line;"
            " credit it first"
        )
        self.entry_no = entry_no
        self.revision = revision


class Superseded(Protocol):
    """Be a revision that stops counting: replaced, or recalled where by is None."""

    @property
    def entry_no(self) -> int:
        """Give the number of the entry."""

    @property
    def revision(self) -> int:
        """Give the revision that stops counting."""

    @property
    def by_revision(self) -> int | None:
        """Give the revision that replaces it."""


@dataclass(frozen=True, slots=True)
class _Superseded:
    entry_no: int
    revision: int
    by_revision: int | None


def decide_entries(
    session: Session,
    snapshot: Snapshot,
    entries: EntryColumns,
    *,
    recorded_at: datetime,
) -> Deciding:
    """Decide revisions and store what follows; keep what is refused as pending."""
    if not len(entries):
        return Deciding(entries.entry_no, entries.revision, [], [])
    decided = decide(encode(entries, snapshot), snapshot)
    accepted = decided.decisions
    store_decided(session, decided, recorded_at=recorded_at)
    forget_pending(session, (accepted.entry_no.tolist(), accepted.revision.tolist()))
    keep_pending(
        session,
        entries,
        decided.refusals,
        change_no=snapshot.change_no,
        recorded_at=recorded_at,
    )
    return Deciding(
        accepted.entry_no,
        accepted.revision,
        decided.refusals,
        decided.warnings,
        frozenset(np.unique(accepted.contract_no).tolist()),
    )


def supersede(
    session: Session,
    snapshot: Snapshot,
    *,
    entry_no: int,
    revision: int,
    by_revision: int | None,
    recorded_at: datetime,
) -> None:
    """Let one revision stop counting; see `supersede_all`."""
    supersede_all(
        session,
        snapshot,
        [_Superseded(entry_no, revision, by_revision)],
        recorded_at=recorded_at,
    )


def supersede_all(
    session: Session,
    snapshot: Snapshot,
    stopped: Sequence[Superseded],
    *,
    recorded_at: datetime,
) -> None:
    """Let revisions stop counting: mirror all they still have in the books.

    Cost is mirrored always, an accrual by what invoices, credits, reviews and limits
    left of it. A mirror keeps the accounting date while its month is open, else it
    goes to the first day of the next open one. Raises StillInvoiced before anything is
    written, and NoOpenPeriod.
    """
    if not stopped:
        return
    keys = {
        "entry_nos": [item.entry_no for item in stopped],
        "revisions": [item.revision for item in stopped],
    }
    for entry_no, revision, _ in session.tuples(QUERIES["still_invoiced"], **keys):
        raise StillInvoiced(entry_no, revision)
    session.run(
        QUERIES["supersede"],
        by_revisions=[item.by_revision for item in stopped],
        recorded_at=recorded_at,
        **keys,
    )
    rows = session.tuples(
        QUERIES["lines_to_mirror"],
        entry_cause=int(Cause.ENTRY),
        document_causes=[int(Cause.INVOICE), int(Cause.CREDIT_NOTE)],
        review_cause=int(Cause.REVIEW),
        allotment_cause=int(Cause.ALLOTMENT),
        accrual=int(Effect.ACCRUAL),
        own_accruals=[
            int(Effect.ACCRUAL),
            int(Effect.OPENING),
            int(Effect.OPENING_TO_BOOK),
        ],
        reversal=int(Effect.ACCRUAL_REVERSAL),
        **keys,
    )
    if rows:
        store_journal(session, mirror_lines(rows, snapshot), recorded_at=recorded_at)
    forget_pending(session, (keys["entry_nos"], keys["revisions"]))
