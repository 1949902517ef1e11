"""Hold what departments of an entity charge each other for the work of a batch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hourline.kernel.columns import Ints, ints


@dataclass(frozen=True, slots=True)
class CrossCharged:
    """Hold which entries one department did for another of its entity.

    `row` is the position in the batch, `terms` the row of the price table, the cost
    centres are dense ids, `amount` is in minor units of the entity's currency.
    """

    row: Ints
    terms: Ints
    person_cost_centre: Ints
    project_cost_centre: Ints
    amount: Ints


_NONE = ints([])
NO_CROSS_CHARGES = CrossCharged(_NONE, _NONE, _NONE, _NONE, _NONE)


@dataclass(frozen=True, slots=True)
class CrossChargeColumns:
    """Hold charges of accepted revisions: the columns of table cross_charge."""

    entry_no: Ints
    revision: NDArray[np.int32]
    contract_no: NDArray[np.int32]
    entity_no: NDArray[np.int32]
    person_cost_centre_no: NDArray[np.int32]
    project_cost_centre_no: NDArray[np.int32]
    rule_no: NDArray[np.int32]
    seconds: Ints
    currency: NDArray[np.int16]
    amount: Ints
