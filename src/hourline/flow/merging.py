"""Let one customer become another once a second person agrees; give records new ids."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import NoReturn

from hourline.billing.service import drafts_of
from hourline.billing.store_listing import list_documents
from hourline.flow.entries import resume_pending
from hourline.flow.transactions import in_one_transaction, now, snapshot_of
from hourline.infra.approvals import NotApprovable, approve_change, propose_change
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.infra.json import decode_json, encode_json
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import service as master
from hourline.master.model import KIND_BY_NAME
from hourline.master.rules.merging import (
    Merging,
    changed_taxes,
    contracts_of,
    rates_of,
    tying_rates,
)
from hourline.master.rules.sound import unsound_id
from hourline.master.snapshot import (
    ContractInForce,
    Snapshot,
    UnusableRecord,
    build_snapshot,
)
from hourline.master.store import find_identity, load_state

MERGE = "master.merge"
_KIND = "customer"


@dataclass(frozen=True, slots=True)
class MergeEffects:
    """Hold what a merge changes: all that the second person must see.

    `contracts` go to the survivor, `rates` then hold for the contracts of both, and
    `documents` keep the customer they were issued to.
    """

    contracts: list[str]
    rates: list[str]
    documents: int


class CannotMerge(Exception):
    """Carry why a customer cannot become another; nothing is changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


class _Tried(Exception):
    """Undo a merge that was only tried, carrying the master data after it."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__("tried only")
        self.snapshot = snapshot


def propose_merge(
    database: Database, tenant: int, merged: str, into: str, *, actor: str, reason: str
) -> tuple[int, MergeEffects]:
    """Propose that a customer becomes another; return the proposal and the effects.

    Raises CannotMerge where prices would tie, taxes change or a draft waits, and
    LookupError where one of them is not known, was merged before, or is the other.
    """
    with database.tenant(tenant) as session:
        effects = _effects(session, merged, into)
        number = propose_change(
            session,
            action=MERGE,
            content={
                "kind": _KIND,
                "merged": merged,
                "into": into,
                "effects": decode_json(encode_json(asdict(effects))),
            },
            reason=reason,
            proposer=actor,
        )
        return number, effects


def approve_merge(
    database: Database,
    tenant: int,
    proposal_no: int,
    *,
    approver: str,
    shown_hash: bytes,
) -> None:
    """Approve a merge as it was shown, and make it in the same transaction.

    Raises NotApprovable as `approve_change` and where it would do something else by
    now, and what `propose_merge` raises; then nothing is decided.
    """

    def work(session: Session) -> None:
        proposal = approve_change(
            session, proposal_no, approver=approver, shown_hash=shown_hash
        )
        if proposal.action != MERGE:
            msg = f"Proposal {proposal_no} is not about a merge."
            raise NotApprovable(msg)
        content = proposal.content
        effects = _effects(session, content["merged"], content["into"])
        if decode_json(encode_json(asdict(effects))) != content["effects"]:
            msg = "What the merge would do has changed since; propose it again."
            raise NotApprovable(msg)
        master.merge_records(session, _KIND, content["merged"], content["into"])
        snapshot_of(session)

    in_one_transaction(database, tenant, work)
    resume_pending(database, tenant)


def rename(
    database: Database,
    tenant: int,
    kind: str,
    *,
    old_id: str,
    new_id: str,
    actor: str,
    reason: str,
) -> None:
    """Give a record another canonical id, with who and why in the audit chain.

    Raises LookupError where there is no such record, ValueError where the new id is
    taken or cannot be one.
    """
    with database.tenant(tenant) as session:
        if kind not in KIND_BY_NAME:
            raise LookupError(f"there is no kind of master data '{kind}'")
        unsound = unsound_id(new_id)
        if unsound is not None:
            raise ValueError(f"{kind} {old_id} keeps its id: {unsound}")
        if find_identity(session, kind, new_id) is not None:
            raise ValueError(f"there is a {kind} {new_id} already")
        master.rename_record(session, kind, old_id, new_id)
        snapshot_of(session)
        change = ManualChange(
            actor=actor,
            action="master.renamed",
            subject=f"{kind} {new_id}",
            reason=reason,
            before={"id": old_id},
            after={"id": new_id},
        )
        record_change(session, change)


def _effects(session: Session, merged: str, into: str) -> MergeEffects:
    merging = _merging(session, merged, into)
    before = snapshot_of(session)
    problems = [_tie(merging, pair) for pair in tying_rates(before, merging)]
    contracts = contracts_of(before, merging.merged_no)
    problems += _drafts(session, contracts, merging)
    if not problems:
        problems += _tried(session, before, merging)
    if problems:
        raise CannotMerge(problems)
    rates = [
        rate_id
        for customer in (merged, into)
        for rate_id, _ in rates_of(before, customer)
    ]
    documents = [one for one in list_documents(session) if one.customer == merged]
    return MergeEffects(
        sorted(contract.id for contract in contracts),
        sorted(set(rates)),
        len(documents),
    )


def _merging(session: Session, merged: str, into: str) -> Merging:
    numbers = []
    for id_ in (merged, into):
        identity = find_identity(session, _KIND, id_)
        if identity is None:
            raise LookupError(f"there is no customer {id_}")
        if identity.merged_into is not None:
            raise LookupError(f"customer {id_} was merged into another before")
        numbers.append(identity.master_no)
    if merged == into:
        raise LookupError(f"{merged} cannot become itself")
    return Merging(merged, numbers[0], into, numbers[1])


def _drafts(
    session: Session, contracts: Iterable[ContractInForce], merging: Merging
) -> list[Problem]:
    ids = {contract.no: contract.id for contract in contracts}
    return [
        _refused(
            f"The draft of contract {ids[no]} is open for {merging.merged}; its invoice"
            f" would go to {merging.into}.",
            "Issue the draft first.",
        )
        for no in drafts_of(session, ids)
    ]


def _tried(session: Session, before: Snapshot, merging: Merging) -> list[Problem]:
    """Merge in a savepoint that is undone; return what it would break."""
    try:
        with session.savepoint():
            _try(session, merging)
    except UnusableRecord as unusable:
        sentence = f"{unusable.kind} {unusable.record_id}: {unusable.why}."
        return [_refused(sentence, unusable.remedy)]
    except _Tried as tried:
        changed = changed_taxes(before, tried.snapshot, merging, now().date())
    return [
        _refused(
            f"Contract line {line} would be taxed otherwise: {old} before, {new} then.",
            "Let country, tax id and tax rows of both customers agree first.",
        )
        for line, old, new in changed
    ]


def _try(session: Session, merging: Merging) -> NoReturn:
    master.merge_records(session, _KIND, merging.merged, merging.into)
    state = load_state(session)
    raise _Tried(
        build_snapshot(state.versions, state.references, change_no=state.change_no)
    )


def _tie(merging: Merging, pair: tuple[str, str]) -> Problem:
    return _refused(
        f"Rate {pair[0]} of {merging.merged} and rate {pair[1]} of {merging.into} would"
        " match the same work on the same days.",
        "End one of them before the other begins, or make one narrower.",
    )


def _refused(sentence: str, remedy: str) -> Problem:
    return Problem(ProblemCode.MERGE_REFUSED, sentence, remedy)
