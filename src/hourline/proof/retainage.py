"""Name the checks of what customers withhold of invoices until it is released."""

from hourline.kernel.codes import Cause, Effect, Role

CHECKS = (
    "withheld_differs_from_ledger",
    "release_differs_from_ledger",
    "withheld_beyond_the_invoice",
    "retainage_left_over",
)
CODES = {
    "cause_release": Cause.RETAINAGE_RELEASE,
    "effect_retainage": Effect.RETAINAGE,
    "role_retainage": Role.RETAINAGE,
}
