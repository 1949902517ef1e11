"""Read what is open to bill; keep drafts; let one bill of a contract run at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hourline.billing.model import (
    WHOLE_PPM,
    Adjustment,
    AmountKind,
    Because,
    OpenItem,
    Terms,
)
from hourline.billing.rules.running_total import RunningTotal
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect, Fate, Role
from hourline.kernel.quantity import value_of

QUERIES = load_queries("hourline.billing")
CODES = {
    "cause_entry": int(Cause.ENTRY),
    "cause_invoice": int(Cause.INVOICE),
    "cause_credit_note": int(Cause.CREDIT_NOTE),
    "cause_payment": int(Cause.PAYMENT),
    "cause_drawdown": int(Cause.DRAWDOWN),
    "cause_write_off": int(Cause.WRITE_OFF),
    "cause_release": int(Cause.RETAINAGE_RELEASE),
    "effects_accrual": [
        int(Effect.ACCRUAL),
        int(Effect.OPENING),
        int(Effect.OPENING_TO_BOOK),
    ],
    "effect_sale": int(Effect.SALE),
    "effect_tax": int(Effect.TAX),
    "effect_retainage": int(Effect.RETAINAGE),
    "fate_billable": int(Fate.BILLABLE),
    "kind_retainer": int(AmountKind.RETAINER),
    "role_receivable": int(Role.RECEIVABLE),
    "role_retainage": int(Role.RETAINAGE),
    "role_liability": int(Role.CONTRACT_LIABILITY),
}


@dataclass(frozen=True, slots=True)
class _BilledToDate:
    contract_line_no: int
    by_amount: bool
    rate_amount: int
    rate_seconds: int
    share_ppm: int
    seconds: int
    net: int


def lock_contracts(session: Session, contract_nos: Iterable[int]) -> None:
    """Make every other bill or credit of these contracts wait for this transaction."""
    session.run(QUERIES["lock_contracts"], contract_nos=sorted(set(contract_nos)))


def read_open_items(
    session: Session, contract_no: int, through: date
) -> list[OpenItem]:
    """Return unbilled portions and milestones of a contract dated up to a day."""
    terms = {"contract_no": contract_no, "through": through, **CODES}
    return [
        item
        for name in ("open_portions", "open_milestones")
        for item in session.all(QUERIES[name], OpenItem, **terms)
    ]


def read_contracts_with_open_items(session: Session, through: date) -> list[int]:
    """Return the numbers of contracts that have something to bill, in order."""
    rows = session.tuples(
        QUERIES["contracts_with_open_items"], through=through, **CODES
    )
    return [contract_no for (contract_no,) in rows]


def read_totals(
    session: Session, contract_no: int, contract_line_nos: Iterable[int]
) -> dict[int, RunningTotal]:
    """Return what contract lines were billed to date, exactly and rounded."""
    rows = session.all(
        QUERIES["billed_to_date"],
        _BilledToDate,
        contract_no=contract_no,
        contract_line_nos=sorted(set(contract_line_nos)),
    )
    totals: dict[int, RunningTotal] = {}
    for row in rows:
        before = totals.get(row.contract_line_no, RunningTotal())
        totals[row.contract_line_no] = RunningTotal(
            before.exact + _exact(row), before.billed + row.net
        )
    return _with_expenses(session, contract_no, totals)


def _with_expenses(
    session: Session, contract_no: int, totals: dict[int, RunningTotal]
) -> dict[int, RunningTotal]:
    """Return the totals with the exact worth of expenses, which have no rate."""
    rows = session.tuples(
        QUERIES["expenses_billed_to_date"],
        contract_no=contract_no,
        contract_line_nos=sorted(totals),
    )
    for line_no, numerator, denominator in rows:
        before = totals[line_no]
        exact = before.exact + Fraction(numerator) / Fraction(denominator)
        totals[line_no] = replace(before, exact=exact)
    return totals


def _exact(row: _BilledToDate) -> Fraction:
    if row.by_amount:
        return Fraction(row.net)
    whole = value_of(
        row.seconds, rate_amount=row.rate_amount, rate_seconds=row.rate_seconds
    )
    return whole * row.share_ppm / WHOLE_PPM


def put_draft(session: Session, terms: Terms) -> None:
    """Open a contract's draft, or replace the open one."""
    session.run(
        QUERIES["put_draft"],
        contract_no=terms.contract_no,
        through=terms.through,
        invoice_date=terms.invoice_date,
    )
    session.run(QUERIES["drop_draft_adjustments"], contract_no=terms.contract_no)
    if terms.adjustments:
        session.run(
            QUERIES["put_draft_adjustments"],
            contract_no=terms.contract_no,
            entry_no=[one.entry_no for one in terms.adjustments],
            seconds=[one.seconds for one in terms.adjustments],
            amount=[one.amount for one in terms.adjustments],
            actor=[one.because.actor for one in terms.adjustments],
            reason=[one.because.reason for one in terms.adjustments],
        )


def read_draft(session: Session, contract_no: int) -> Terms | None:
    """Return the terms of a contract's open draft."""
    terms = session.first(QUERIES["draft"], Terms, contract_no=contract_no)
    if terms is None:
        return None
    rows = session.tuples(QUERIES["draft_adjustments"], contract_no=contract_no)
    adjustments = tuple(
        Adjustment(
            entry_no=entry_no,
            seconds=seconds,
            amount=amount,
            because=Because(actor=actor, reason=reason),
        )
        for entry_no, seconds, amount, actor, reason in rows
    )
    return replace(terms, adjustments=adjustments)


def drafts_of(session: Session, contract_nos: Iterable[int]) -> list[int]:
    """Return which of these contracts have an open draft."""
    rows = session.tuples(QUERIES["drafts_of"], contract_nos=list(contract_nos))
    return [contract_no for (contract_no,) in rows]


def drop_draft(session: Session, contract_no: int) -> None:
    """Close a contract's draft, if one is open."""
    session.run(QUERIES["drop_draft"], contract_no=contract_no)
