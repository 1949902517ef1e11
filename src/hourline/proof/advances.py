"""Name the checks of retainers, and of contracts that several customers share."""

from hourline.kernel.codes import Cause, Effect, Role

CHECKS = (
    "shares_billed_twice_or_uncounted",
    "shares_do_not_make_a_whole",
    "amounts_billed_twice_or_uncounted",
    "retainer_differs_from_its_documents",
    "drawdown_differs_from_ledger",
    "drawn_beyond_the_invoice",
)
CODES = {
    "contract_liability": Role.CONTRACT_LIABILITY,
    "cause_drawdown": Cause.DRAWDOWN,
    "drawdown": Effect.DRAWDOWN,
    # As table milestone_reached says of its column kind.
    "kind_retainer": 2,
}
