"""Generate what departments of a firm's entities charge each other, from a seed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from hourline.master.model import CrossCharge, CrossChargeModel
from tests.oracle.some_entries import _day

_MODELS: tuple[tuple[CrossChargeModel, tuple[str, ...]], ...] = (
    ("cost_rate", ("0",)),
    ("unit_price", ("0", "80", "117.0000005", "999999999.9999999")),
    ("cost_plus_percent", ("0", "-100", "12.5", "33.3333333", "1000")),
)
_PAIRS: tuple[tuple[str | None, str | None], ...] = (
    (None, None),
    ("CC", None),
    (None, "CD"),
    ("CC", "CD"),
    ("gone", "CD"),
)


def some_charges(seed: int) -> Iterator[tuple[str, CrossCharge, date]]:
    """Yield rows with their ids and first days, of some pairs or of none."""
    chance = Random(f"charging {seed}")
    for number, (own, theirs) in enumerate(_PAIRS):
        model, values = chance.choice(_MODELS)
        row = CrossCharge(
            entity=chance.choice(["E0", "E0", "E0", "E1", "gone"]),
            person_cost_centre=own,
            project_cost_centre=theirs,
            model=model,
            value=Decimal(chance.choice(values)),
        )
        start = chance.choice([date.min, _day(chance)])
        if chance.randrange(100) < 50:
            yield f"charge{number}", row, start
