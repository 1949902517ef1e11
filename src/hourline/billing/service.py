"""Bill: allot, preview, review, draft, issue, credit, reach milestones, be paid."""

from hourline.billing.allotting import (
    allot_contract,
    free_entry,
    lock_terms_to_change,
    lock_terms_to_use,
)
from hourline.billing.cancelling import cancel
from hourline.billing.carrying import (
    carry_write_off,
    is_given_up,
    read_settled,
    why_not_replaced,
)
from hourline.billing.crediting import credit, credit_replaced
from hourline.billing.drafts import open_draft
from hourline.billing.earning import earn_expired_blocks
from hourline.billing.issuing import bill, bill_due, issue_draft
from hourline.billing.milestones import (
    WaitingMilestone,
    hold_milestone,
    reach_milestone,
    release_milestone,
    settle_milestone,
    waiting_milestones,
)
from hourline.billing.payments import amounts_due, record_payment
from hourline.billing.preview import (
    open_items,
    open_to_bill,
    preview,
    preview_draft,
)
from hourline.billing.retaining import release_retainage
from hourline.billing.revaluing import list_revaluations, revalue
from hourline.billing.reviewing import find_named, hold, postpone, release, write_off
from hourline.billing.store import drafts_of, lock_contracts
from hourline.billing.store_allotments import read_net_kept
from hourline.billing.store_customers import (
    read_billed_to_customers,
    read_net_of_customers,
)
from hourline.billing.store_invoiced import read_contracts_of
from hourline.billing.store_limits import read_all_days_taken
from hourline.billing.store_reviews import how_held
from hourline.billing.writing_off import write_off_invoice

__all__ = [
    "WaitingMilestone",
    "allot_contract",
    "amounts_due",
    "bill",
    "bill_due",
    "cancel",
    "carry_write_off",
    "credit",
    "credit_replaced",
    "drafts_of",
    "earn_expired_blocks",
    "find_named",
    "free_entry",
    "hold",
    "hold_milestone",
    "how_held",
    "is_given_up",
    "issue_draft",
    "list_revaluations",
    "lock_contracts",
    "lock_terms_to_change",
    "lock_terms_to_use",
    "open_draft",
    "open_items",
    "open_to_bill",
    "postpone",
    "preview",
    "preview_draft",
    "reach_milestone",
    "read_all_days_taken",
    "read_billed_to_customers",
    "read_contracts_of",
    "read_net_kept",
    "read_net_of_customers",
    "read_settled",
    "record_payment",
    "release",
    "release_milestone",
    "release_retainage",
    "revalue",
    "settle_milestone",
    "waiting_milestones",
    "why_not_replaced",
    "write_off",
    "write_off_invoice",
]
