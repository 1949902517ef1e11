"""Bill: preview, review, draft, issue, credit, reach milestones, take payments."""

from hourline.billing.crediting import credit, credit_replaced
from hourline.billing.issuing import bill, bill_due, issue_draft, open_draft
from hourline.billing.milestones import reach_milestone
from hourline.billing.payments import amounts_due, record_payment
from hourline.billing.preview import open_items, preview, preview_draft
from hourline.billing.revaluing import list_revaluations, revalue
from hourline.billing.reviewing import find_named, hold, release, write_off
from hourline.billing.store import drafts_of

__all__ = [
    "amounts_due",
    "bill",
    "bill_due",
    "credit",
    "credit_replaced",
    "drafts_of",
    "find_named",
    "hold",
    "issue_draft",
    "list_revaluations",
    "open_draft",
    "open_items",
    "preview",
    "preview_draft",
    "reach_milestone",
    "record_payment",
    "release",
    "revalue",
    "write_off",
]
