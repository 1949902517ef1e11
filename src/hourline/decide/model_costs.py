"""Hold at what rates of exchange the cost of people comes into the books."""

from collections.abc import Mapping
from dataclasses import dataclass

from hourline.kernel.columns import Ints, ints, rows_where


@dataclass(frozen=True, slots=True)
class CostExchange:
    """Hold what minor units of cost rates are worth in the books that bear the cost.

    `row` is the position in the batch, rising, of entries whose cost rate is in another
    currency than those books. A ratio is 1 where there is no rate: `lacks` says for a
    position in the batch between which currencies, and on which day.
    """

    row: Ints
    numerator: Ints
    denominator: Ints
    lacks: Mapping[int, str]

    def among(self, entry: Ints) -> tuple[Ints, Ints]:
        """Return the places of the entries that are exchanged, and each one's here.

        Entries are positions in the batch.
        """
        if not self.row.size:
            return self.row, self.row
        places = self.row.searchsorted(entry)
        places[places == len(self.row)] = 0
        exchanged = rows_where(self.row[places] == entry)
        return exchanged, places[exchanged]


NO_COST_EXCHANGE = CostExchange(ints([]), ints([]), ints([]), {})
