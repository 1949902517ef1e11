"""Name the checks of invoices that were cancelled, or given up after their issue."""

from hourline.kernel.codes import Cause, Role

CHECKS = (
    "write_off_differs_from_ledger",
    "written_off_beyond_the_invoice",
    "cancelled_but_standing",
)
CODES = {
    "cause_write_off": Cause.WRITE_OFF,
    "role_write_off": Role.WRITE_OFF,
}
