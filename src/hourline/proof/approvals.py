"""Name the checks of invoices that are issued from approved drafts only."""

from hourline.kernel.codes import DocumentKind

CHECKS = ("invoiced_without_approval", "approval_used_elsewhere")
CODES = {"kind_invoice": DocumentKind.INVOICE}
