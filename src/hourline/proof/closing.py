"""Name the checks of locked days and of months that are closed or soft-closed."""

from hourline.kernel.codes import Outcome

CHECKS = (
    "locked_but_not_kept",
    "kept_record_differs_from_effect",
    "booked_into_shut_month",
)
CODES = {"locked": Outcome.LOCKED, "accepted": Outcome.ACCEPTED}
