"""Propose a bulk correction; once a second person agrees, do it entry by entry.

Each entry is a transaction of its own: one that fails waits in its queue and stops no
other. What was done stays done, so an interrupted correction goes on where it was.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import msgspec

from hourline.billing.model import Because
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.correcting.acts import DONE, Act, Wish, perform, shown_facts
from hourline.flow.correcting.figures import QUERIES, Figures, read_figures
from hourline.flow.correcting.previews import Changed, Preview, preview_bulk
from hourline.flow.correcting.selecting import Selection
from hourline.flow.correcting.telling import told_preview
from hourline.flow.proposals import waiting_like
from hourline.flow.transactions import in_one_transaction, now
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.infra.json import decode_json, encode_json
from hourline.kernel.problems import Problem, ProblemCode

CORRECT = "work.correct"


@dataclass(frozen=True, slots=True)
class BulkItem:
    """Hold an entry of a bulk correction: what was shown, and what became of it."""

    entry_no: int
    entry: str
    source: str
    figures: object
    state: str
    problem: object
    settled_at: datetime | None

    @property
    def shown(self) -> "ShownFigures":
        """Return what was shown of the entry."""
        return msgspec.convert(self.figures, ShownFigures)


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """Hold what stood of an entry and what was to stand, as it was shown."""

    before: Figures | None
    after: Figures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Count the entries of a bulk correction by what became of them."""

    applied: int
    unchanged: int
    refused: int


class _Refused(Exception):
    """Undo what was done to one entry, carrying why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def propose_bulk(
    database: Database,
    tenant: int,
    wish: Wish,
    selection: Selection,
    *,
    because: Because,
) -> tuple[Preview, int | None]:
    """Propose a bulk correction; return its preview and the proposal's number.

    No number where it would change nothing. The same one proposed again, while it
    waits, is the same proposal. Raises as `preview_bulk`.
    """
    preview = preview_bulk(database, tenant, wish, selection)
    if not preview.changed:
        return preview, None

    def work(session: Session) -> int:
        items = [_figures(one) for one in preview.changed]
        told = {**told_preview(preview, selection), "items_sha256": _hash(items)}
        content = decode_json(encode_json(told))
        waiting = waiting_like(session, CORRECT, content)
        if waiting is not None:
            return waiting
        proposal_no = propose_change(
            session,
            action=CORRECT,
            content=content,
            reason=because.reason,
            proposer=because.actor,
        )
        rows = [
            {
                "proposal_no": proposal_no,
                "entry_no": one.named.entry_no,
                "figures": encode_json(figures).decode(),
            }
            for one, figures in zip(preview.changed, items, strict=True)
        ]
        session.run_many(QUERIES["add_item"], rows)
        return proposal_no

    return preview, in_one_transaction(database, tenant, work)


def approve_bulk(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> Applied:
    """Approve a bulk correction as it was shown, and do it entry by entry.

    Raises NotApprovable as `approve_change`; then nothing is done.
    """

    def work(session: Session) -> None:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        items = read_items(session, proposal_no)
        if proposal.action != CORRECT:
            msg = f"Proposal {proposal_no} is not about a bulk correction."
            raise NotApprovable(msg)
        if _hash([one.figures for one in items]) != proposal.content["items_sha256"]:
            msg = f"The entries of proposal {proposal_no} were altered."
            raise NotApprovable(msg)

    in_one_transaction(database, tenant, work)
    return continue_bulk(database, tenant, proposal_no)


def continue_bulk(database: Database, tenant: int, proposal_no: int) -> Applied:
    """Do what is left of an approved bulk correction, and count all of it.

    Raises NotApprovable where it is not approved.
    """
    with database.tenant(tenant) as session:
        proposal = session.first(
            QUERIES["proposal_of_bulk"], Proposal, proposal_no=proposal_no
        )
        if (
            proposal is None
            or proposal.action != CORRECT
            or proposal.state != "approved"
        ):
            msg = f"There is no approved bulk correction {proposal_no}."
            raise NotApprovable(msg)
        items = read_items(session, proposal_no)
    for item in items:
        if item.state == "open":
            _settle(database, tenant, proposal, item)
    with database.tenant(tenant) as session:
        states = [one.state for one in read_items(session, proposal_no)]
    return Applied(
        applied=states.count("applied"),
        unchanged=states.count("unchanged"),
        refused=states.count("refused"),
    )


def read_items(session: Session, proposal_no: int) -> list[BulkItem]:
    """Return the entries of a bulk correction in the order of their numbers."""
    return session.all(QUERIES["items"], BulkItem, proposal_no=proposal_no)


def wish_of(proposal: Proposal) -> Wish:
    """Return what a proposal wants to be done to every entry."""
    return Wish(
        act=Act(proposal.content["act"]), project=proposal.content["to_project"]
    )


def _settle(
    database: Database, tenant: int, proposal: Proposal, item: BulkItem
) -> None:
    """Do it to one entry, unless another process did meanwhile."""

    def work(session: Session) -> None:
        key = {"proposal_no": proposal.proposal_no, "entry_no": item.entry_no}
        if not session.tuples(QUERIES["lock_item"], **key):
            return
        try:
            with session.savepoint():
                state = _done(session, proposal, item)
            problem = None
        except _Refused as refusal:
            state, problem = "refused", refusal.problem
            subject = Subject("entry", str(item.entry_no), item.entry_no)
            exceptions.open_items(session, [(subject, problem)], at=now())
        session.run(
            QUERIES["settle_item"],
            state=state,
            problem=None if problem is None else encode_json(problem).decode(),
            at=now(),
            **key,
        )

    in_one_transaction(database, tenant, work)


def _done(session: Session, proposal: Proposal, item: BulkItem) -> str:
    wish, shown = wish_of(proposal), item.shown
    because = Because(actor=proposal.proposer, reason=proposal.reason)
    if _revision(read_figures(session, item.entry_no)) != _revision(shown.before):
        raise _Refused(_not_as_approved(item))
    outcome = perform(
        session, wish, item.entry_no, because, proposal_no=proposal.proposal_no
    )
    if isinstance(outcome, Problem):
        raise _Refused(outcome)
    after = read_figures(session, item.entry_no)
    if shown_facts(wish, after) != shown_facts(wish, shown.after):
        raise _Refused(_not_as_approved(item))
    if not outcome:
        return "unchanged"
    record_change(session, _change(proposal, wish, item))
    return "applied"


def _change(proposal: Proposal, wish: Wish, item: BulkItem) -> ManualChange:
    after: dict[str, object] = {
        "entry": item.entry,
        "proposal": proposal.proposal_no,
    }
    if wish.project is not None:
        after["project"] = wish.project
    return ManualChange(
        actor=proposal.proposer,
        approver=proposal.approver,
        action=f"entry.{DONE[wish.act]}",
        subject=f"entry {item.entry_no}",
        reason=proposal.reason,
        after=after,
    )


def _revision(figures: Figures | None) -> int | None:
    return None if figures is None else figures.revision


def _figures(one: Changed) -> object:
    shown = {
        "before": None if one.before is None else asdict(one.before),
        "after": None if one.after is None else asdict(one.after),
    }
    return decode_json(encode_json(shown))


def _hash(items: Sequence[object]) -> str:
    return hashlib.sha256(encode_json(items)).hexdigest()


def _not_as_approved(item: BulkItem) -> Problem:
    return Problem(
        ProblemCode.NOT_AS_APPROVED,
        f"Time entry {item.entry} would not become what was approved: it or the terms"
        " changed since.",
        "Look at the entry, and propose the correction of it again.",
        {"source_id": item.entry},
    )
