"""List every difference between time, billing and ledger; none is the proof."""

from dataclasses import dataclass
from decimal import Decimal

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect, ReviewAct, Role
from hourline.proof.openings import CODES as OPENING_CODES

QUERIES = load_queries(__package__)

# In the order of an hour's way; each is a query that returns what does not fit.
CHECKS = (
    "entries_without_fate",
    "worked_differs_from_portions",
    "billed_twice_or_uncounted",
    "given_up_without_act",
    "held_without_act",
    "replaced_but_billed",
    "accrual_differs_from_open_work",
    "cost_differs_from_decisions",
    "expenses_differ_from_decisions",
    "document_differs_from_lines",
    "document_differs_from_ledger",
    "journal_differs_from_members",
    "sent_though_offset",
    "opening_differs_from_ledger",
    "opening_sent_twice",
    "rulebook_without_approval",
)
_CODES = {
    "wip": Role.WIP,
    "cost": Role.COST,
    "expense_cost": Role.EXPENSE_COST,
    "receivable": Role.RECEIVABLE,
    "cause_invoice": Cause.INVOICE,
    "cause_credit_note": Cause.CREDIT_NOTE,
    "sale": Effect.SALE,
    "tax": Effect.TAX,
    **OPENING_CODES,
    "hold": ReviewAct.HOLD,
    "release": ReviewAct.RELEASE,
    "write_off": ReviewAct.WRITE_OFF,
    "leave_out": ReviewAct.LEAVE_OUT,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Say which check found what, in the unit that the check's purpose names."""

    check: str
    subject: str
    expected: Decimal
    found: Decimal


def differences(session: Session) -> list[Difference]:
    """Return everything that does not fit; an empty list is the proof."""
    return [
        Difference(check, subject, expected, found)
        for check in CHECKS
        for subject, expected, found in session.tuples(QUERIES[check], **_CODES)
    ]
