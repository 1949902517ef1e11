"""Book a best guess of revenue as work is approved; the period's end corrects it.

For contract lines that ask for it. A plan that changes is no reason to guess anew: it
counts with the next work, or at the period's end.
"""

from collections.abc import Iterable
from datetime import date

from hourline.billing.positions import read_positions
from hourline.billing.store import lock_contracts
from hourline.flow.transactions import queued
from hourline.infra.database import Session
from hourline.kernel.codes import BillingMethod
from hourline.kernel.problems import Problem
from hourline.ledger import recognition as ledger
from hourline.ledger.rules.guessed_month import guessed_through
from hourline.ledger.store_recognition import read_guessing
from hourline.master.snapshot import LineInForce, Snapshot


def guess_revenue(
    session: Session, snapshot: Snapshot, contract_nos: Iterable[int]
) -> None:
    """Recognise what lines of contracts have earned so far, where they ask for it.

    What cannot be booked waits in its queue under the contract, as at a period's end;
    once all of its work is taken back, it waits no more.
    """
    asked = {
        contract_no: lines
        for contract_no in sorted(set(contract_nos))
        if (lines := _lines_to_guess(snapshot, contract_no))
    }
    if not asked:
        return
    lock_contracts(session, asked)
    for contract_no, lines in asked.items():
        months = _by_month(session, contract_no, lines)
        for through, of_month in months.items():
            _guess(session, snapshot, contract_no, of_month, through=through)
        if not months and _is_all_guessed(snapshot, contract_no):
            _queue(session, snapshot, contract_no, None)


def _lines_to_guess(snapshot: Snapshot, contract_no: int) -> list[LineInForce]:
    lines = snapshot.lines_of_method(BillingMethod.FIXED_PRICE, contract_no=contract_no)
    return [line for line in lines if line.content.recognise_at == "approval"]


def _is_all_guessed(snapshot: Snapshot, contract_no: int) -> bool:
    """Tell whether no line of a contract waits for the run of a period's end."""
    return all(
        line.content.recognise_at == "approval"
        for method in (BillingMethod.FIXED_PRICE, BillingMethod.RECURRING)
        for line in snapshot.lines_of_method(method, contract_no=contract_no)
        if line.content.is_deferred
    )


def _by_month(
    session: Session, contract_no: int, lines: list[LineInForce]
) -> dict[date, list[LineInForce]]:
    by_no = {line.no: line for line in lines}
    months: dict[date, list[LineInForce]] = {}
    for one in read_guessing(session, contract_no, list(by_no)):
        through = guessed_through(one)
        if through is not None:
            months.setdefault(through, []).append(by_no[one.contract_line_no])
    return months


def _guess(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    lines: list[LineInForce],
    *,
    through: date,
) -> None:
    contract = snapshot.contract(contract_no)
    outcomes = ledger.recognise_revenue(
        session,
        snapshot,
        contract.entity_no,
        through=through,
        positions=read_positions(session, [contract_no]),
        guessed={contract_no: lines},
    )
    outcome = outcomes if isinstance(outcomes, Problem) else outcomes.get(contract_no)
    _queue(session, snapshot, contract_no, outcome)


def _queue(
    session: Session, snapshot: Snapshot, contract_no: int, outcome: object
) -> None:
    contract = snapshot.contract(contract_no)
    queued(session, outcome, kind="recognition", key=f"contract {contract.id}")
