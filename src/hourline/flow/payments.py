"""Record payments as firms report them: by hand, by file or by a program."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hourline.billing import service as billing
from hourline.billing.model import Because
from hourline.billing.rules.payable import Named, StatedPayment, payable
from hourline.billing.store_listing import documents_numbered
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.allotting import working_snapshot
from hourline.flow.transactions import in_one_transaction, now, queued
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.money import currency_numbered, told_amount
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Hold a payment that is recorded, by this report or by one before it.

    `amount` and what is `due` now are minor units of the invoice's currency.
    """

    document_no: int
    is_new: bool
    amount: int
    due: int
    currency: int


class _Undone(Exception):
    """Undo payments that are to be taken all or none, carrying what became of each."""

    def __init__(self, outcomes: list[Paid | Problem]) -> None:
        super().__init__("not all of them can be recorded")
        self.outcomes = outcomes


def record_payments(
    database: Database,
    tenant: int,
    stated: Sequence[StatedPayment | Problem],
    *,
    because: Because | None = None,
    all_or_nothing: bool = False,
) -> list[Paid | Problem]:
    """Record payments in one transaction; say of each what became of it.

    One that is recorded already changes nothing. A refused one waits in its queue and
    stops no other, unless they are to be taken `all_or_nothing`: then nothing changes.
    A problem among them is of one that could not be read: it counts as refused, and is
    in no queue. `because` is of the person who reports them, for the audit chain.
    Problems as `payable` and `billing.record_payment`.
    """
    readable = [one for one in stated if isinstance(one, StatedPayment)]

    def work(session: Session) -> list[Paid | Problem]:
        recorded = iter(_record(session, readable))
        outcomes = [
            one
            if isinstance(one, Problem)
            else _tell(session, one, next(recorded), because)
            for one in stated
        ]
        if all_or_nothing and any(isinstance(one, Problem) for one in outcomes):
            raise _Undone(outcomes)
        return outcomes

    try:
        return in_one_transaction(database, tenant, work)
    except _Undone as undone:
        return undone.outcomes


def record_payment_in(session: Session, stated: StatedPayment) -> Paid | Problem:
    """Record a payment that a program reports; what was refused waits for it no more.

    A problem changes nothing and is in no queue yet: see `queue_payment`.
    """
    [outcome] = _record(session, [stated])
    if isinstance(outcome, Paid):
        _tell(session, stated, outcome, None)
    return outcome


def queue_payment(
    database: Database, tenant: int, stated: StatedPayment, problem: Problem
) -> None:
    """Let the problem of a payment wait in its queue, in a transaction of its own."""

    def work(session: Session) -> None:
        exceptions.open_items(session, [(_subject(stated), problem)], at=now())

    in_one_transaction(database, tenant, work)


def _record(session: Session, stated: Sequence[StatedPayment]) -> list[Paid | Problem]:
    snapshot = working_snapshot(session)
    found = documents_numbered(session, [one.number for one in stated])
    # All at once and in one order, so that two reports never wait for each other.
    billing.lock_contracts(session, [one.contract_no for one in found])
    named: dict[str, list[Named]] = defaultdict(list)
    for document in found:
        named[document.number].append(document)
    return [_pay(session, snapshot, one, named) for one in stated]


def _pay(
    session: Session,
    snapshot: Snapshot,
    stated: StatedPayment,
    named: Mapping[str, Sequence[Named]],
) -> Paid | Problem:
    found = payable(stated, named.get(stated.number, ()))
    if isinstance(found, Problem):
        return found
    invoice, amount = found
    outcome = billing.record_payment(
        session,
        snapshot,
        invoice.document_no,
        amount=amount,
        paid_on=stated.paid_on,
        reference=stated.reference,
    )
    if isinstance(outcome, Problem):
        return outcome
    return Paid(
        document_no=invoice.document_no,
        is_new=outcome,
        amount=amount,
        due=billing.amounts_due(session, invoice.document_no).due,
        currency=invoice.currency,
    )


def _tell(
    session: Session,
    stated: StatedPayment,
    outcome: Paid | Problem,
    because: Because | None,
) -> Paid | Problem:
    """Tell the queues, and of what is new and by hand the audit chain."""
    if isinstance(outcome, Paid) and not outcome.is_new:
        # What differed from it since is no answer of its own, and goes on waiting.
        return outcome
    if isinstance(outcome, Paid) and because is not None:
        record_change(session, _change(stated, outcome, because))
    subject = _subject(stated)
    return queued(session, outcome, kind=subject.kind, key=subject.key)


def _subject(stated: StatedPayment) -> Subject:
    return Subject("payment", f"{stated.number}/{stated.reference}")


def _change(stated: StatedPayment, paid: Paid, because: Because) -> ManualChange:
    return ManualChange(
        actor=because.actor,
        action="payment.recorded",
        subject=f"document {paid.document_no}",
        reason=because.reason,
        after={
            "invoice": stated.number,
            "reference": stated.reference,
            "date": stated.paid_on.isoformat(),
            "amount": told_amount(paid.amount, paid.currency),
            "currency": currency_numbered(paid.currency).code,
        },
    )
