"""Say which subledger of an entity's books a journal line is in, by its effect."""

from collections.abc import Mapping
from enum import StrEnum

from hourline.kernel.codes import Effect


class Subledger(StrEnum):
    """Name the parts of the books whose months can be closed apart from the others."""

    RECEIVABLES = "receivables"
    COSTS = "costs"
    WORK_IN_PROGRESS = "work_in_progress"
    REVENUE = "revenue"
    INTERCOMPANY = "intercompany"


# What was taken over from other books is in none: only the entity's month counts.
SUBLEDGER_OF: Mapping[Effect, Subledger] = {
    Effect.COST: Subledger.COSTS,
    Effect.CROSS_CHARGE: Subledger.COSTS,
    Effect.ACCRUAL: Subledger.WORK_IN_PROGRESS,
    Effect.ACCRUAL_REVERSAL: Subledger.WORK_IN_PROGRESS,
    Effect.SALE: Subledger.RECEIVABLES,
    Effect.TAX: Subledger.RECEIVABLES,
    Effect.PAYMENT: Subledger.RECEIVABLES,
    Effect.FX: Subledger.RECEIVABLES,
    Effect.DRAWDOWN: Subledger.RECEIVABLES,
    Effect.WRITE_OFF: Subledger.RECEIVABLES,
    Effect.RETAINAGE: Subledger.RECEIVABLES,
    Effect.RECOGNITION: Subledger.REVENUE,
    Effect.EARNING: Subledger.REVENUE,
    Effect.PROVISION: Subledger.REVENUE,
    Effect.IC_ACCRUAL: Subledger.INTERCOMPANY,
    Effect.IC_ACCRUAL_REVERSAL: Subledger.INTERCOMPANY,
    Effect.IC_SALE: Subledger.INTERCOMPANY,
    Effect.IC_COST: Subledger.INTERCOMPANY,
    Effect.IC_TAX: Subledger.INTERCOMPANY,
}
