"""Fix the order of the stages: what runs in one transaction, what each hands on.

This package alone may call several stages; stages never call each other.
"""

from hourline.billing.rules.payable import StatedPayment
from hourline.flow.accepting import accept_late_work, accept_price
from hourline.flow.correcting.splitting import PartWanted
from hourline.flow.correcting.transfers import (
    Transferred,
    transfer_entry,
    transfer_part,
)
from hourline.flow.crediting import Credit, issue_credit
from hourline.flow.drilldown import show_document
from hourline.flow.entries import (
    drain_inbox,
    receive,
    receive_in,
    receive_page,
    resume_pending,
    retry_pending,
)
from hourline.flow.estimates import Decision, Estimate, revise_estimate
from hourline.flow.files import receive_file, try_file
from hourline.flow.intercompany import invoice_intercompany
from hourline.flow.invoices import (
    bill_contract,
    bill_due,
    issue_draft,
    open_draft,
)
from hourline.flow.kept_records import override_entry_lock
from hourline.flow.masters import change_master
from hourline.flow.milestones import (
    hold_milestone,
    reach_milestone,
    release_milestone,
)
from hourline.flow.payments import (
    Paid,
    queue_payment,
    record_payment_in,
    record_payments,
)
from hourline.flow.polling import poll_all, poll_entries
from hourline.flow.postings import plan_postings, post_due
from hourline.flow.rebilling.proposing import Proposed, credit_or_propose
from hourline.flow.recognition import recognise_revenue
from hourline.flow.retainage import release_retainage
from hourline.flow.revaluations import revalue_receivables
from hourline.flow.reviews import (
    Adjusting,
    Billed,
    EntryName,
    hold_entry,
    postpone_entry,
    release_entry,
    write_off_entry,
)
from hourline.flow.rulings import (
    approve_ruling,
    propose_ruling,
    reject_ruling,
    resubmit_intent,
    ruling_proposals,
)
from hourline.flow.shadow import (
    explain_difference,
    shadow_reports,
    stored_reports,
)
from hourline.flow.soft_closed import IntoSoftClosed
from hourline.flow.sources import own_kinds, sync_master
from hourline.flow.transactions import (
    CannotReplace,
    NotKnown,
    in_one_transaction,
    snapshot_of,
)
from hourline.flow.vendor_bills import (
    StatedBill,
    StatedLine,
    match_vendor_bills,
    receive_vendor_bills,
)
from hourline.flow.windows import set_posting_window
from hourline.flow.writing_off import write_off_invoice

__all__ = [
    "Adjusting",
    "Billed",
    "CannotReplace",
    "Credit",
    "Decision",
    "EntryName",
    "Estimate",
    "IntoSoftClosed",
    "NotKnown",
    "Paid",
    "PartWanted",
    "Proposed",
    "StatedBill",
    "StatedLine",
    "StatedPayment",
    "Transferred",
    "accept_late_work",
    "accept_price",
    "approve_ruling",
    "bill_contract",
    "bill_due",
    "change_master",
    "credit_or_propose",
    "drain_inbox",
    "explain_difference",
    "hold_entry",
    "hold_milestone",
    "in_one_transaction",
    "invoice_intercompany",
    "issue_credit",
    "issue_draft",
    "match_vendor_bills",
    "open_draft",
    "override_entry_lock",
    "own_kinds",
    "plan_postings",
    "poll_all",
    "poll_entries",
    "post_due",
    "postpone_entry",
    "propose_ruling",
    "queue_payment",
    "reach_milestone",
    "receive",
    "receive_file",
    "receive_in",
    "receive_page",
    "receive_vendor_bills",
    "recognise_revenue",
    "record_payment_in",
    "record_payments",
    "reject_ruling",
    "release_entry",
    "release_milestone",
    "release_retainage",
    "resubmit_intent",
    "resume_pending",
    "retry_pending",
    "revalue_receivables",
    "revise_estimate",
    "ruling_proposals",
    "set_posting_window",
    "shadow_reports",
    "show_document",
    "snapshot_of",
    "stored_reports",
    "sync_master",
    "transfer_entry",
    "transfer_part",
    "try_file",
    "write_off_entry",
    "write_off_invoice",
]
