"""Name the checks of what customers paid of their invoices."""

from hourline.kernel.codes import Cause, Role

CHECKS = ("payment_differs_from_ledger", "paid_but_left_over")
CODES = {"cause_payment": Cause.PAYMENT, "role_cash": Role.CASH}
