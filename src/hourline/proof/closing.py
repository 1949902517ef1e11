"""Name the checks of records kept apart and of months that are shut, also softly."""

from hourline.kernel.codes import Outcome
from hourline.kernel.subledgers import SUBLEDGER_OF, Subledger

CHECKS = (
    "kept_record_lost",
    "kept_record_differs_from_effect",
    "booked_into_shut_month",
    "line_in_shut_subledger",
    "document_in_closed_month",
)
CODES = {
    "kept": Outcome.KEPT,
    "accepted": Outcome.ACCEPTED,
    "work_in_progress": Subledger.WORK_IN_PROGRESS,
    "receivables": Subledger.RECEIVABLES,
    "effects": [int(effect) for effect in SUBLEDGER_OF],
    "ledgers": [str(ledger) for ledger in SUBLEDGER_OF.values()],
}
