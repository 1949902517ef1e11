"""Add up, page by page, entries that change in the same way, and name the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import groupby

import numpy as np

from hourline.decide.again import Outcome, Standing
from hourline.flow.rulebook.changed_rows import ChangedRows
from hourline.flow.rulebook.names import RULES, Names, ids_of, rules_of
from hourline.kernel.codes import Fate
from hourline.kernel.columns import NOTHING, Flags, Ints
from hourline.kernel.money import currency_numbered, round_ratio

Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Hold figures before, under what is in force, and after, of entries that change.

    Amounts are in minor units: billable, and the invoiced part of them apart, which
    would take a credit note and a new bill. `billed_otherwise` counts the entries of
    which the billable time or amount is another; seconds are those that are billed by
    the hour. Tax is that of the rows, rounded once for the sum and not by invoice.
    """

    entries: int
    billed_otherwise: int
    invoiced: int
    seconds_before: int
    seconds_after: int
    amount_before: int
    amount_after: int
    invoiced_before: int
    invoiced_after: int
    tax_before: int
    tax_after: int

    @property
    def difference(self) -> int:
        """Give what is billable more, in minor units; less is negative."""
        return self.amount_after - self.amount_before

    @property
    def invoiced_difference(self) -> int:
        """Give the part of the difference that is on invoices."""
        return self.invoiced_after - self.invoiced_before


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGroup(Sums):
    """Hold entries of a contract line that change in the same way.

    Rules are named by their ids, before and after: of those that are others or say
    something else than before, and of tax always; None where none was used.
    """

    entity: str
    contract: str
    contract_line: str
    currency: str
    bill_rate: Pair
    tax_rule: Pair
    time_rounding: Pair
    transfer_price: Pair
    cross_charge: Pair

    @property
    def bills_otherwise(self) -> bool:
        """Tell whether an invoice of it would be other: its time, amounts or tax."""
        return (
            self.billed_otherwise > 0
            or self.tax_before != self.tax_after
            or self.tax_rule[0] != self.tax_rule[1]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTotal(Sums):
    """Hold the sums of a contract in its currency; of an entity where it is None."""

    entity: str
    contract: str | None
    currency: str


_FIGURES = 9
# A key is contract, line, currency and the places of both rates of tax, then before and
# after of each kind of rules.
_FIRST_RULE = 5


class Groups:
    """Gather the groups of pages."""

    def __init__(self, changed: ChangedRows, names: tuple[Names, Names]) -> None:
        """Take the rows that a draft changes."""
        self._changed = changed
        self._names = names
        self._sums: dict[tuple[int, ...], list[int]] = {}

    def add(self, standing: Standing, after: Outcome, changed: Flags) -> None:
        """Add the entries of a page that are `changed` and accepted after."""
        rows = np.flatnonzero(changed & after.accepted)
        if not rows.size:
            return
        before = standing.outcome
        keys = [before.contract, before.contract_line, before.currency]
        keys = [column[rows] for column in keys]
        days = standing.entries.work_date[rows].astype("datetime64[D]")
        keys += [
            names.tax_rates(one.tax_rule[rows], days.astype(np.int64))
            for names, one in zip(self._names, (before, after), strict=True)
        ]
        for kind, *pair in rules_of(before, after):
            keys += self._relevant(kind, *(column[rows] for column in pair))
        is_invoiced = standing.invoiced[rows].astype(np.int64)
        amounts = before.billable[rows], after.billable[rows]
        times = [one.seconds[rows, Fate.BILLABLE] for one in (before, after)]
        otherwise = (times[0] != times[1]) | (amounts[0] != amounts[1])
        figures = [
            np.ones_like(rows),
            otherwise.astype(np.int64),
            is_invoiced,
            *times,
            *amounts,
            *(amount * is_invoiced for amount in amounts),
        ]
        known, place = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
        sums = np.zeros((len(known), _FIGURES), dtype=np.int64)
        np.add.at(sums, place.reshape(-1), np.stack(figures, axis=1))
        for key, figure in zip(known.tolist(), sums.tolist(), strict=True):
            kept = self._sums.setdefault(tuple(key), [0] * _FIGURES)
            kept[:] = [one + more for one, more in zip(kept, figure, strict=True)]

    def _relevant(self, kind: str, before: Ints, after: Ints) -> list[Ints]:
        if kind == "tax_rule":
            return [before, after]
        relevant = self._changed.relevant(kind, before, after)
        return [np.where(relevant, column, NOTHING) for column in (before, after)]

    def named(self) -> list[TrialGroup]:
        """Return the groups by entity and currency, the largest differences first."""
        groups = [self._group(key, sums) for key, sums in self._sums.items()]
        return sorted(
            groups,
            key=lambda one: (
                one.entity,
                one.currency,
                -abs(one.difference),
                one.contract_line,
                one.tax_rule[1] or "",
                one.bill_rate[1] or "",
            ),
        )

    def _group(self, key: tuple[int, ...], sums: Sequence[int]) -> TrialGroup:
        now = self._names[0]
        rules = {
            kind: ids_of(self._names, kind, (key[place], key[place + 1]))
            for kind, place in zip(RULES, range(_FIRST_RULE, len(key), 2), strict=True)
        }
        rates = [
            names.rates[place]
            for names, place in zip(self._names, key[3:_FIRST_RULE], strict=True)
        ]
        return TrialGroup(
            entity=now.entity_of(key[0]),
            contract=now.id_of("contract", key[0]) or "",
            contract_line=now.id_of("contract_line", key[1]) or "",
            currency=currency_numbered(key[2]).code,
            entries=sums[0],
            billed_otherwise=sums[1],
            invoiced=sums[2],
            seconds_before=sums[3],
            seconds_after=sums[4],
            amount_before=sums[5],
            amount_after=sums[6],
            invoiced_before=sums[7],
            invoiced_after=sums[8],
            tax_before=_taxed(sums[5], rates[0]),
            tax_after=_taxed(sums[6], rates[1]),
            **rules,
        )


def _taxed(amount: int, rate: Fraction) -> int:
    return round_ratio(amount * rate.numerator, rate.denominator)


def totals_of(groups: Sequence[TrialGroup]) -> list[TrialTotal]:
    """Return the sums by contract, those of each entity and currency after them."""
    found: list[TrialTotal] = []
    for (entity, currency), of_entity in groupby(
        groups, lambda one: (one.entity, one.currency)
    ):
        billed = [one for one in of_entity if one.bills_otherwise]
        by_contract: dict[str, list[TrialGroup]] = {}
        for one in billed:
            by_contract.setdefault(one.contract, []).append(one)
        cases: list[tuple[str | None, list[TrialGroup]]] = [
            *sorted(by_contract.items())
        ]
        if billed:
            cases.append((None, billed))
        found += [
            TrialTotal(
                entity=entity, contract=contract, currency=currency, **_summed(own)
            )
            for contract, own in cases
        ]
    return found


def _summed(groups: Sequence[Sums]) -> Mapping[str, int]:
    return {
        field.name: sum(getattr(one, field.name) for one in groups)
        for field in fields(Sums)
    }
