"""Propose a rulebook, let a second person publish it: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hourline.flow.allotting import allot_by_new_terms, terms_so_far
from hourline.flow.entries import resume_pending
from hourline.flow.masters import follow_routes
from hourline.flow.proposals import waiting_like
from hourline.flow.rulebook.drafts import Draft, draft_of_book, draft_of_files
from hourline.flow.rulebook.files import RulebookFile
from hourline.flow.transactions import (
    CannotReplace,
    in_one_transaction,
    snapshot_of,
)
from hourline.infra.approvals import (
    NotApprovable,
    Proposal,
    approve_change,
    propose_change,
)
from hourline.infra.database import Database, Session
from hourline.infra.json import decode_json, encode_json
from hourline.master.model import TargetRoute
from hourline.master.rulebook.differences import RowDifference, compare, current_book
from hourline.master.rulebook.model import Book, Finding, Place, error
from hourline.master.rulebook.store import (
    RulebookVersion,
    add_version,
    book_hash,
    keep_book,
    kept_book,
    lock_tables,
    publish,
    rulebook_versions,
)
from hourline.master.rulebook.tables import PREPAID_BLOCKS, TABLE_BY_NAME
from hourline.master.snapshot import Snapshot, UnusableRecord
from hourline.master.store import latest_change

PUBLISH = "rulebook.publish"


class CannotPublish(Exception):
    """Carry what is wrong with a rulebook; all of it is undone."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(one.sentence for one in findings[:3]))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Published:
    """Say which version was published, what changed, and how many entries went on."""

    version_no: int
    counts: dict[str, dict[str, int]]
    gone_on: int


def propose_rulebook(
    database: Database,
    tenant: int,
    files: Sequence[RulebookFile],
    *,
    effective_on: date,
    actor: str,
    reason: str,
) -> tuple[Draft, int | None]:
    """Propose a rulebook to a second person; return the check and a proposal's number.

    No number where something is wrong with it or it changes nothing. The same rulebook
    proposed again in the same way, while it waits, is the same proposal.
    """

    def work(session: Session) -> tuple[Draft, int | None]:
        draft = draft_of_files(session, files, effective_on=effective_on)
        if draft.errors or not draft.differences:
            return draft, None
        keep_book(session, draft.book)
        content = decode_json(encode_json(_content(session, draft)))
        waiting = waiting_like(session, PUBLISH, content)
        if waiting is not None:
            return draft, waiting
        return draft, propose_change(
            session, action=PUBLISH, content=content, reason=reason, proposer=actor
        )

    return in_one_transaction(database, tenant, work)


def _content(session: Session, draft: Draft) -> dict[str, object]:
    versions = rulebook_versions(session)
    return {
        "sha256": book_hash(draft.book).hex(),
        "base_sha256": book_hash(draft.base).hex(),
        "based_on": versions[0].version_no if versions else None,
        "effective_on": draft.effective_on,
        "tables": {name: len(rows) for name, rows in draft.book.items()},
        "changes": draft.counts,
    }


def proposed_differences(
    database: Database, tenant: int, proposal: Proposal
) -> list[RowDifference]:
    """Return what a proposed rulebook would change as things stand."""
    with database.tenant(tenant) as session:
        book = kept_book(session, bytes.fromhex(proposal.content["sha256"]))
        base = current_book(snapshot_of(session), list(book))
    day = date.fromisoformat(proposal.content["effective_on"])
    return compare(base, book, effective_on=day)


def approve_rulebook(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> Published:
    """Approve a rulebook as it was shown and publish it; then what waited goes on.

    Raises NotApprovable as `approve_change`, and where the tables changed since it was
    proposed; CannotPublish where it does not fit master data any more. Then nothing of
    it is published.
    """

    def work(session: Session) -> tuple[int, dict[str, dict[str, int]]]:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        if proposal.action != PUBLISH:
            msg = f"Proposal {proposal_no} is not about a rulebook."
            raise NotApprovable(msg)
        return _publish(session, proposal, approver=approver)

    version_no, counts = in_one_transaction(database, tenant, work)
    return Published(version_no, counts, resume_pending(database, tenant))


def _publish(
    session: Session, proposal: Proposal, *, approver: str
) -> tuple[int, dict[str, dict[str, int]]]:
    # From here to the end of the transaction the tables stay as they are compared.
    lock_tables(session)
    content = proposal.content
    draft_hash = bytes.fromhex(content["sha256"])
    book = kept_book(session, draft_hash)
    draft = draft_of_book(
        session, book, [], effective_on=date.fromisoformat(content["effective_on"])
    )
    if book_hash(draft.base).hex() != content["base_sha256"]:
        msg = (
            "The tables changed since the rulebook was proposed; look at the difference"
            " and propose it again."
        )
        raise NotApprovable(msg)
    if draft.errors:
        raise CannotPublish(draft.errors)
    before = latest_change(session)
    snapshot = _recorded(session, draft)
    versions = rulebook_versions(session)
    based_on = versions[0] if versions else None
    version_no = 1 if based_on is None else based_on.version_no + 1
    whole = _whole(session, snapshot, book, based_on)
    add_version(
        session,
        RulebookVersion(
            version_no=version_no,
            based_on=None if based_on is None else based_on.version_no,
            draft_hash=draft_hash,
            content_hash=keep_book(session, whole),
            effective_on=draft.effective_on,
            proposal_no=proposal.proposal_no,
            reason=proposal.reason,
            proposer=proposal.proposer,
            approver=approver,
            first_change_no=before + 1,
            change_no=snapshot.change_no,
            recorded_at=datetime.now(UTC),
        ),
    )
    return version_no, draft.counts


def _recorded(session: Session, draft: Draft) -> Snapshot:
    """Record the changes and return the master data they give; all or nothing."""
    before = terms_so_far(session)
    publish(session, draft.differences)
    try:
        snapshot = snapshot_of(session)
        allot_by_new_terms(session, before, snapshot)
    except UnusableRecord as refusal:
        place = Place("master data")
        raise CannotPublish(
            [error(refusal.kind, place, f"{refusal.why}.", refusal.remedy)]
        ) from refusal
    except CannotReplace as refusal:
        place, problem = Place("master data"), refusal.problem
        raise CannotPublish(
            [error(PREPAID_BLOCKS.name, place, problem.sentence, problem.remedy)]
        ) from refusal
    kinds = {TABLE_BY_NAME[one.table].kind for one in draft.differences}
    if TargetRoute in kinds:
        follow_routes(session)
    return snapshot


def _whole(
    session: Session,
    snapshot: Snapshot,
    book: Book,
    based_on: RulebookVersion | None,
) -> Book:
    """Return every table that was ever published, as it holds after a publication."""
    names = set(book)
    if based_on is not None:
        names |= set(kept_book(session, based_on.content_hash))
    return current_book(snapshot, sorted(names))
