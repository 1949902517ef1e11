"""Name the checks of what is provided for onerous contracts."""

from hourline.kernel.codes import Role

CHECKS = ("provision_differs_from_figures", "provision_differs_from_ledger")
CODES = {
    "onerous_cost": Role.ONEROUS_COST,
    "onerous_provision": Role.ONEROUS_PROVISION,
}
