"""Name the checks of what is invoiced and credited by approval only."""

from hourline.kernel.codes import DocumentKind

CHECKS = (
    "invoiced_without_approval",
    "approval_used_elsewhere",
    "credited_without_approval",
)
CODES = {
    "kind_invoice": DocumentKind.INVOICE,
    "kind_credit_note": DocumentKind.CREDIT_NOTE,
}
