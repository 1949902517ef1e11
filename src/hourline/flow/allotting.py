"""Allot contracts anew after whatever may have changed what is prepaid or over limits.

Limits and blocks of prepaid hours stay as they are while a transaction works with them
(`working_snapshot`); contracts are locked in the order of their numbers. What a
contract's work is allotted depends on nothing but its work, so it is the same in
whatever order and on however many workers things happen.
"""

from collections.abc import Iterable, Mapping

from hourline.billing import service as billing
from hourline.exceptions.model import Subject
from hourline.flow.lowered_limits import refuse_lowered
from hourline.flow.transactions import CannotReplace, snapshot_of
from hourline.infra.database import Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import ContractTerms, Snapshot, UnusableRecord

Terms = Mapping[int, ContractTerms]


def working_snapshot(session: Session) -> Snapshot:
    """Return the master data; its limits and blocks hold until the transaction ends."""
    billing.lock_terms_to_use(session)
    return snapshot_of(session)


def allot(session: Session, snapshot: Snapshot, contract_nos: Iterable[int]) -> None:
    """Allot contracts anew, those that have a limit or prepaid hours.

    Raises CannotReplace where a difference cannot be booked.
    """
    affected = {no for no in contract_nos if no in snapshot.allotting}
    if affected:
        _allot(session, snapshot, affected)


def terms_so_far(session: Session) -> Terms:
    """Return the limits and blocks before a change of master data is applied.

    There are none where the master data cannot be used as it is; then a change that
    mends it allots every contract anew.
    """
    try:
        return snapshot_of(session).allotting
    except UnusableRecord:
        return {}


def allot_by_new_terms(session: Session, before: Terms, snapshot: Snapshot) -> None:
    """Allot every contract whose limits or blocks are not as before.

    Raises UnusableRecord for a limit that was lowered below what is invoiced already.
    """
    after = snapshot.allotting
    changed = {no for no in {*before, *after} if before.get(no) != after.get(no)}
    if not changed:
        return
    billing.lock_terms_to_change(session)
    billing.lock_contracts(session, changed)
    for contract_no in sorted(changed & after.keys()):
        refuse_lowered(session, before.get(contract_no), (contract_no, snapshot))
    _allot(session, snapshot, changed)


def _allot(session: Session, snapshot: Snapshot, contract_nos: Iterable[int]) -> None:
    ordered = sorted(contract_nos)
    billing.lock_contracts(session, ordered)
    for contract_no in ordered:
        problem = billing.allot_contract(session, snapshot, contract_no)
        if isinstance(problem, Problem):
            contract = snapshot.contract(contract_no).id
            raise CannotReplace(Subject("contract", contract), problem)
