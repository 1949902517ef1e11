"""Build the firm of a seed once for all tests of a process."""

from functools import cache

from hourline.connectors.sandbox.firm import Firm, build_firm


@cache
def firm_of(seed: int) -> Firm:
    """Return the firm of a seed; it is frozen, so nobody can change another's."""
    return build_firm(seed)
