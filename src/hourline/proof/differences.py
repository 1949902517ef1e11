"""List every difference between time, billing and ledger; none is the proof."""

from dataclasses import dataclass
from decimal import Decimal

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect, Fate, Redecision, ReviewAct, Role
from hourline.kernel.money import CURRENCIES
from hourline.kernel.openings import OpeningKind
from hourline.proof.advances import CHECKS as ADVANCE_CHECKS
from hourline.proof.advances import CODES as ADVANCE_CODES
from hourline.proof.approvals import CHECKS as APPROVAL_CHECKS
from hourline.proof.approvals import CODES as APPROVAL_CODES
from hourline.proof.closing import CHECKS as CLOSING_CHECKS
from hourline.proof.closing import CODES as CLOSING_CODES
from hourline.proof.corrections import CHECKS as CORRECTION_CHECKS
from hourline.proof.corrections import CODES as CORRECTION_CODES
from hourline.proof.costs import CHECKS as COST_CHECKS
from hourline.proof.costs import CODES as COST_CODES
from hourline.proof.cross_charges import CHECKS as CROSS_CHARGE_CHECKS
from hourline.proof.cross_charges import CODES as CROSS_CHARGE_CODES
from hourline.proof.intercompany import CODES as INTERCOMPANY_CODES
from hourline.proof.onerous import CHECKS as ONEROUS_CHECKS
from hourline.proof.onerous import CODES as ONEROUS_CODES
from hourline.proof.openings import CODES as OPENING_CODES
from hourline.proof.payments import CHECKS as PAYMENT_CHECKS
from hourline.proof.payments import CODES as PAYMENT_CODES
from hourline.proof.retainage import CHECKS as RETAINAGE_CHECKS
from hourline.proof.retainage import CODES as RETAINAGE_CODES
from hourline.proof.tax_engine import CHECKS as TAX_ENGINE_CHECKS
from hourline.proof.two_books import CHECKS as TWO_BOOKS_CHECKS
from hourline.proof.two_books import CODES as TWO_BOOKS_CODES

QUERIES = load_queries(__package__)

# In the order of an hour's way; each is a query that returns what does not fit.
CHECKS = (
    "entries_without_fate",
    "redecided_otherwise",
    "redecided_without_approval",
    "parts_differ_from_whole",
    "worked_differs_from_portions",
    "sold_differs_from_rounding",
    "billed_twice_or_uncounted",
    "given_up_without_act",
    "allotted_without_act",
    "held_without_act",
    "replaced_but_billed",
    "replaced_but_allotted",
    "invoiced_above_limit",
    "invoiced_above_span_limit",
    "invoiced_above_customer_limit",
    "block_used_up_twice",
    "earned_without_invoice",
    "earning_differs_from_ledger",
    "accrual_differs_from_open_work",
    "cost_differs_from_decisions",
    "expenses_differ_from_decisions",
    "input_tax_differs_from_decisions",
    "document_differs_from_lines",
    "document_differs_from_ledger",
    "lent_without_transfer",
    "ic_accrual_differs_from_open_transfers",
    "ic_line_differs_from_transfer",
    "ic_invoice_differs_from_lines",
    "ic_invoice_differs_from_ledger",
    "ic_receivable_differs_from_payable",
    "journal_differs_from_members",
    "sent_though_offset",
    "revaluation_differs_from_ledger",
    "vendor_match_differs_from_ledger",
    "matched_but_replaced",
    "opening_differs_from_ledger",
    "opening_sent_twice",
    "position_differs_from_documents",
    "position_differs_from_ledger",
    "asset_and_liability_open",
    "revenue_differs_from_recognition",
    "earned_differs_from_figures",
    "fee_differs_from_days",
    "rulebook_without_approval",
)
_CODES = {
    "billable": Fate.BILLABLE,
    "wip": Role.WIP,
    "cost": Role.COST,
    "expense_cost": Role.EXPENSE_COST,
    "input_tax": Role.INPUT_TAX,
    "receivable": Role.RECEIVABLE,
    "cause_entry": Cause.ENTRY,
    "cause_invoice": Cause.INVOICE,
    "cause_credit_note": Cause.CREDIT_NOTE,
    "cause_earning": Cause.EARNING,
    "currencies": [currency.number for currency in CURRENCIES],
    "decimals": [currency.decimals for currency in CURRENCIES],
    "cause_revaluation": Cause.REVALUATION,
    "cause_vendor_match": Cause.VENDOR_MATCH,
    "vendor_payable": Role.VENDOR_PAYABLE,
    "payroll_allocation": Role.PAYROLL_ALLOCATION,
    "sale": Effect.SALE,
    "tax": Effect.TAX,
    "liability": Role.CONTRACT_LIABILITY,
    "asset": Role.CONTRACT_ASSET,
    "revenue": Role.REVENUE,
    "cause_recognition": Cause.RECOGNITION,
    "recognition": Effect.RECOGNITION,
    "fx": Effect.FX,
    "deferred": int(OpeningKind.DEFERRED),
    **OPENING_CODES,
    **ADVANCE_CODES,
    **CORRECTION_CODES,
    **CLOSING_CODES,
    **COST_CODES,
    **CROSS_CHARGE_CODES,
    **ONEROUS_CODES,
    **RETAINAGE_CODES,
    **PAYMENT_CODES,
    **APPROVAL_CODES,
    **INTERCOMPANY_CODES,
    **TWO_BOOKS_CODES,
    "hold": ReviewAct.HOLD,
    "release": ReviewAct.RELEASE,
    "postpone": ReviewAct.POSTPONE,
    "resume": ReviewAct.RESUME,
    "write_off": ReviewAct.WRITE_OFF,
    "leave_out": ReviewAct.LEAVE_OUT,
    "reprice": Redecision.REPRICE,
    "split": Redecision.SPLIT,
}


_MORE_CHECKS = (
    *ADVANCE_CHECKS,
    *CORRECTION_CHECKS,
    *COST_CHECKS,
    *ONEROUS_CHECKS,
    *CROSS_CHARGE_CHECKS,
    *CLOSING_CHECKS,
    *RETAINAGE_CHECKS,
    *PAYMENT_CHECKS,
    *TAX_ENGINE_CHECKS,
    *APPROVAL_CHECKS,
    *TWO_BOOKS_CHECKS,
)


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
        for check in (*CHECKS, *_MORE_CHECKS)
        for subject, expected, found in session.tuples(QUERIES[check], **_CODES)
    ]
