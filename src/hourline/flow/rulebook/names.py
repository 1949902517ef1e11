"""Name the records of two rulebooks by their ids, each looked up once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np

from hourline.decide.again import Outcome
from hourline.kernel.columns import NOTHING, Ints, ints
from hourline.kernel.effective import day_of
from hourline.master.snapshot import RecordNotKnown, Snapshot

_PERCENT = 100
# The kinds of rules that decisions name, in the order of `rules_of`.
RULES = ("bill_rate", "tax_rule", "time_rounding", "transfer_price", "cross_charge")


@dataclass(slots=True)
class Names:
    """Give ids, entities and tax rates by the numbers of one snapshot.

    `rates` are the rates of tax met so far, as parts of one.
    """

    snapshot: Snapshot
    _ids: dict[tuple[str, int], str] = field(default_factory=dict)
    _entities: dict[int, str] = field(default_factory=dict)
    rates: list[Fraction] = field(default_factory=list)
    _taxed: dict[tuple[int, int], int] = field(default_factory=dict)

    def id_of(self, kind: str, number: int) -> str | None:
        """Return the id of a record, None for no number."""
        if number == NOTHING:
            return None
        if (kind, number) not in self._ids:
            self._ids[kind, number] = self._looked_up(kind, number)
        return self._ids[kind, number]

    def _looked_up(self, kind: str, number: int) -> str:
        try:
            return self.snapshot.record(kind, number).id
        except RecordNotKnown:
            return f"{kind} {number}, withdrawn"

    def entity_of(self, contract_no: int) -> str:
        """Return the id of the entity whose contract it is."""
        if contract_no not in self._entities:
            entity_no = self.snapshot.contract(contract_no).entity_no
            self._entities[contract_no] = self.snapshot.entity(entity_no).id
        return self._entities[contract_no]

    def tax_rates(self, numbers: Ints, days: Ints) -> Ints:
        """Return the place in `rates` of what each row of tax says of a day."""
        keys = np.stack([numbers, days], axis=1)
        known, place = np.unique(keys, axis=0, return_inverse=True)
        found = [self._tax_rate(number, day) for number, day in known.tolist()]
        return ints(found)[place.reshape(-1)]

    def _tax_rate(self, number: int, day: int) -> int:
        if (number, day) not in self._taxed:
            rate = self._looked_up_rate(number, day_of(day))
            if rate not in self.rates:
                self.rates.append(rate)
            self._taxed[number, day] = self.rates.index(rate)
        return self._taxed[number, day]

    def _looked_up_rate(self, number: int, day: date) -> Fraction:
        if number == NOTHING:
            return Fraction(0)
        try:
            rule = self.snapshot.tax_rule(number, on=day)
        except RecordNotKnown:
            # It holds no more then; what it said last is what an invoice charges.
            rule = self.snapshot.tax_rule(number)
        return Fraction(rule.content.rate) / _PERCENT


def ids_of(
    names: tuple[Names, Names], kind: str, numbers: tuple[int, int]
) -> tuple[str | None, str | None]:
    """Return the ids of a record before and after."""
    return names[0].id_of(kind, numbers[0]), names[1].id_of(kind, numbers[1])


def rules_of(before: Outcome, after: Outcome) -> Iterator[tuple[str, Ints, Ints]]:
    """Yield each kind of rules with the numbers used before and after."""
    pairs = (
        (before.bill_rate, after.bill_rate),
        (before.tax_rule, after.tax_rule),
        (before.time_rounding, after.time_rounding),
        (before.transfer.rule, after.transfer.rule),
        (before.cross_charge.rule, after.cross_charge.rule),
    )
    for kind, (first, second) in zip(RULES, pairs, strict=True):
        yield kind, first, second
