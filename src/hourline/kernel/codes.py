"""Fix the small numbers the database stores for fates, roles and states."""

from enum import IntEnum


class Method(IntEnum):
    """Name the ways in which a delivery arrives."""

    WEBHOOK = 1
    POLL = 2
    BATCH = 3
    FILE = 4
    EVENT = 5


class Outcome(IntEnum):
    """Say what became of one source record."""

    ACCEPTED = 1
    DUPLICATE = 2
    STALE = 3
    CONFLICT = 4
    REFUSED = 5
    NOT_APPROVED = 6
    RECALL = 7
    TOTALS = 8
    RUNNING = 9
    KEPT = 10


class PendingState(IntEnum):
    """Say why a revision is not decided yet."""

    RECEIVED = 1
    WAITING = 2
    EXCEPTION = 3


class Fate(IntEnum):
    """Name what becomes of a portion of an entry's time."""

    BILLABLE = 1
    NON_BILLABLE = 2
    COVERED = 3
    PREPAID = 4
    OVER_LIMIT = 5
    HELD = 6
    WRITTEN_OFF = 7
    POSTPONED = 8


class BillingMethod(IntEnum):
    """Name how a contract line is billed."""

    TIME_AND_MATERIALS = 1
    FIXED_PRICE = 2
    NON_BILLABLE = 3
    RETAINER = 4
    RECURRING = 5


class TransferModel(IntEnum):
    """Name how a lender's price of an hour is worked out."""

    UNIT_PRICE = 1
    COST_PLUS_AMOUNT = 2
    COST_PLUS_PERCENT = 3
    PERCENT_OF_BILL_RATE = 4
    BILL_RATE_LESS_AMOUNT = 5
    CONTRIBUTION_RATIO = 6


class Role(IntEnum):
    """Name the account roles of scenarios/FORMAT.md; a chart of accounts maps each."""

    COST = 1
    PAYROLL_ALLOCATION = 2
    WIP = 3
    ACCRUED_REVENUE = 4
    RECEIVABLE = 5
    REVENUE = 6
    TAX_PAYABLE = 7
    EXPENSE_COST = 8
    EXPENSE_CLEARING = 9
    CONTRACT_LIABILITY = 10
    CONTRACT_ASSET = 11
    IC_WIP = 12
    IC_ACCRUED_REVENUE = 13
    IC_RECEIVABLE = 14
    IC_REVENUE = 15
    IC_COST = 16
    IC_PAYABLE = 17
    FX_GAIN_LOSS = 18
    ROUNDING = 19
    CASH = 20
    WRITE_OFF = 21
    OPENING_BALANCE = 22
    INPUT_TAX = 23
    VENDOR_PAYABLE = 24
    ONEROUS_COST = 25
    ONEROUS_PROVISION = 26
    CROSS_CHARGE = 27
    CROSS_CHARGE_RECOVERY = 28
    RETAINAGE = 29


class Cause(IntEnum):
    """Name what a journal line was caused by; cause_no counts within it."""

    ENTRY = 1
    INVOICE = 2
    CREDIT_NOTE = 3
    PAYMENT = 4
    REVIEW = 20
    ALLOTMENT = 21
    RECOGNITION = 22
    EARNING = 23
    DRAWDOWN = 24
    INTERCOMPANY_INVOICE = 25
    REVALUATION = 27
    VENDOR_MATCH = 28
    WRITE_OFF = 29
    PROVISION = 33
    RETAINAGE_RELEASE = 34
    OPENING = 40


class Effect(IntEnum):
    """Name what a journal line does; part of its key, so each exists once per cause."""

    COST = 1
    ACCRUAL = 2
    ACCRUAL_REVERSAL = 3
    SALE = 4
    TAX = 5
    PAYMENT = 6
    FX = 7
    IC_ACCRUAL = 8
    IC_ACCRUAL_REVERSAL = 9
    IC_SALE = 10
    IC_COST = 11
    IC_TAX = 12
    RECOGNITION = 13
    DRAWDOWN = 14
    EARNING = 15
    WRITE_OFF = 16
    PROVISION = 17
    CROSS_CHARGE = 18
    RETAINAGE = 19
    # Balances taken over: what the ERP has already, and what it is still to book.
    OPENING = 40
    OPENING_TO_BOOK = 41


class ReviewAct(IntEnum):
    """Name what a person decides of work before it is billed."""

    HOLD = 1
    RELEASE = 2
    WRITE_OFF = 3
    LEAVE_OUT = 4
    SET_AMOUNT = 5
    POSTPONE = 6
    RESUME = 7


class Redecision(IntEnum):
    """Name why an entry is decided anew though its source says nothing new."""

    REPRICE = 1
    TRANSFER = 2
    SPLIT = 3


class DocumentKind(IntEnum):
    """Name what an intent books or sends."""

    INVOICE = 1
    CREDIT_NOTE = 2
    JOURNAL = 3
    WRITE_BACK = 4


class IntentState(IntEnum):
    """Name the states of a posting intent (facts: effectively-once posting)."""

    PLANNED = 1
    READY = 2
    CALLING = 3
    AMBIGUOUS = 4
    PROBING = 5
    CONFIRMED = 6
    REJECTED = 7
    MISMATCH = 8
    QUARANTINED = 9
    CANCELLED = 10
    DRAFTED = 14
    SHADOWED = 20
