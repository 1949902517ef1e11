"""Name the checks of costs that were corrected by later terms."""

from hourline.kernel.codes import Effect

CHECKS = (
    "cost_correction_out_of_place",
    "corrected_cost_differs_from_ledger",
    "cost_corrected_without_approval",
)
CODES = {"effect_cost": Effect.COST}
