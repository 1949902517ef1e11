"""Keep months closed, days locked and rights few, whatever one person or system says.

Closing and locking more, and taking rights away, is free for whoever may write the
records. What would open a month, unlock days or give a right is refused until two
persons have agreed to it; see flow/closing.py.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress

from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions import store as exceptions
from hourline.flow.transactions import now
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master.model import EntryLock, PostingPeriod, UserRight
from hourline.master.rules.loosening import Loosened, is_as_open, loosened
from hourline.master.rules.rights import gained, is_held
from hourline.master.rules.sound import readable
from hourline.master.service import Applied, Refusal
from hourline.master.snapshot.catalogue import Catalogue, catalogue_of
from hourline.master.store import load_versions

_GUARDED = (PostingPeriod.kind, EntryLock.kind, UserRight.kind)
_REOPENING = ProblemCode.REOPENING_NOT_APPROVED


class _Stopped(Exception):
    """Undo changes that would open or unlock something, or give a right."""

    def __init__(self, found: list[Loosened]) -> None:
        super().__init__("undone")
        self.found = found


def shut(session: Session) -> Catalogue:
    """Return months, locks and rights as the transaction sees them, nothing else."""
    return catalogue_of(load_versions(session, _GUARDED))


def apply_guarded(
    session: Session, connection_no: int | None, changes: Sequence[MasterChange]
) -> Applied:
    """Apply changes of master data, but those that would let anybody do more.

    A set is looked at as a whole first, so that its order does not matter; where that
    loosens something, each change alone, and only what does is refused. The caller
    holds the changes. Raises UnusableRecord for entry locks that tie.
    """
    if not any(_is_guarded(change) for change in changes):
        return master.apply_changes(session, connection_no, changes)
    guard = _Guard(session, connection_no)
    outcome = guard.apply(changes)
    if isinstance(outcome, Applied):
        return outcome
    changed = unchanged = 0
    refusals = []
    for change in changes:
        alone = guard.apply([change])
        if isinstance(alone, Applied):
            changed += alone.changed
            unchanged += alone.unchanged
            refusals += alone.refusals
        else:
            refusals.append(Refusal(change, _problem(change, alone)))
    return Applied(changed, unchanged, refusals)


def would_loosen(session: Session, changes: Sequence[MasterChange]) -> bool:
    """Say whether changes would let anybody do more; nothing of them stays.

    Raises ValueError for what cannot be recorded, and UnusableRecord.
    """
    before, found = shut(session), list[Loosened]()
    with suppress(_Stopped), session.savepoint():
        applied = master.apply_changes(session, None, changes)
        if applied.refusals:
            raise ValueError(applied.refusals[0].problem.sentence)
        found = _loosened(before, shut(session))
        raise _Stopped(found)
    return bool(found)


def resolve_agreed(session: Session, locks: Collection[str], *, by: str) -> None:
    """Close the items about what two persons agreed to: months, locks and rights."""
    after, today = shut(session), now().date()
    reopenings = exceptions.list_items(session, code=_REOPENING)
    rights = exceptions.list_items(session, code=ProblemCode.RIGHT_NOT_APPROVED)
    agreed = [
        *(
            item
            for item in reopenings
            if item.detail.get("entry_lock") in locks or is_as_open(after, item.detail)
        ),
        *(item for item in rights if is_held(after, item.detail, today=today)),
    ]
    for item in agreed:
        exceptions.resolve_item(
            session, item.item_no, resolution=f"approved by {by}", at=now()
        )


class _Guard:
    """Apply changes one set after another, knowing what is shut before each."""

    def __init__(self, session: Session, connection_no: int | None) -> None:
        self._session = session
        self._connection_no = connection_no
        self._before = shut(session)

    def apply(self, changes: Sequence[MasterChange]) -> Applied | list[Loosened]:
        """Apply a set, or leave all as it is and return what it would loosen."""
        try:
            with self._session.savepoint():
                applied = master.apply_changes(
                    self._session, self._connection_no, changes
                )
                if applied.changed and any(_is_guarded(change) for change in changes):
                    self._go_on()
        except _Stopped as stopped:
            return stopped.found
        return applied

    def _go_on(self) -> None:
        after = shut(self._session)
        found = _loosened(self._before, after)
        if found:
            raise _Stopped(found)
        self._before = after


def _is_guarded(change: MasterChange) -> bool:
    return change.kind in _GUARDED


def _loosened(before: Catalogue, after: Catalogue) -> list[Loosened]:
    at = now()
    return [
        *loosened(before, after, now=at),
        *gained(before, after, today=at.date()),
    ]


def _problem(change: MasterChange, found: Sequence[Loosened]) -> Problem:
    what = "; ".join(one.sentence for one in found)
    is_right = change.kind == UserRight.kind
    code = ProblemCode.RIGHT_NOT_APPROVED if is_right else _REOPENING
    propose = "hourline closing grant" if is_right else "hourline closing"
    return Problem(
        code,
        f"{change.kind} {readable(change.source_id)} was not taken over: {what}, and"
        " no second person has agreed to that.",
        f"Propose it with {propose}, which a second person approves; or let the"
        " system that sent it say what Hourline does.",
        {"id": readable(change.source_id), **found[0].subject},
    )
