"""Name the checks of locked days and of months that are closed or soft-closed."""

from hourline.kernel.codes import Outcome
from hourline.kernel.subledgers import SUBLEDGER_OF, Subledger

CHECKS = (
    "locked_but_not_kept",
    "kept_record_differs_from_effect",
    "booked_into_shut_month",
    "line_in_shut_subledger",
    "document_in_closed_month",
)
CODES = {
    "locked": Outcome.LOCKED,
    "accepted": Outcome.ACCEPTED,
    "work_in_progress": Subledger.WORK_IN_PROGRESS,
    "receivables": Subledger.RECEIVABLES,
    "effects": [int(effect) for effect in SUBLEDGER_OF],
    "ledgers": [str(ledger) for ledger in SUBLEDGER_OF.values()],
}
