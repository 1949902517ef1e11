"""Hold the tax table: rows are tried in order, the first whose fields match wins."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, TypeVar

from hourline.kernel.columns import NOTHING, Ints, ended, ints
from hourline.kernel.effective import DAY_MAX, DAY_MIN, Effective, day_number, effective
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.master.model import Contract, ContractLine, Customer, LegalEntity, TaxRule
from hourline.master.rules.tax_ids import has_tax_id
from hourline.master.snapshot.timelines import Timeline

# What entities of one group invoice each other is a service of its own.
INTERCOMPANY = "intercompany"
K = TypeVar("K")
V = TypeVar("V")


class Profile(NamedTuple):
    """Hold what a tax rule can ask of a contract line's work.

    The group of a party is its country and whether it has a tax id that counts.
    """

    entity_group: tuple[str, bool]
    customer_group: tuple[str, bool]
    contract_line: str | None
    customer: str | None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class TaxTable:
    """Find the tax rule of work by the versions it is done under.

    `lines` and `customers` are 0 where no rule names the record.
    """

    any_rules: bool
    entity_groups: Ints
    customer_groups: Ints
    lines: Ints
    customers: Ints
    profiles: KeyIndex
    spans: Effective
    no: Ints

    def at(
        self,
        rows: tuple[Ints, Ints],
        records: tuple[Ints, Ints],
        days: Ints,
    ) -> Ints:
        """Return the row of the rule by (entity, customer) rows and (line, customer).

        Rows are positions of versions, records are dense ids.
        """
        profiles = self.profiles.of(
            [
                self.entity_groups[rows[0]],
                self.customer_groups[rows[1]],
                self.lines[records[0]],
                self.customers[records[1]],
            ]
        )
        return self.spans.at(profiles, days)


@dataclass(frozen=True, slots=True)
class TaxedRecords:
    """Hold the records whose fields the tax table asks for."""

    entities: Timeline[LegalEntity]
    customers: Timeline[Customer]
    contracts: Timeline[Contract]
    lines: Timeline[ContractLine]


def matches(rule: TaxRule, profile: Profile) -> bool:
    """Say whether every field the rule gives is that of the profile.

    A rule for a service matches nothing but that service; plain time has none.
    """
    return (
        rule.entity_country in {None, profile.entity_group[0]}
        and rule.entity_has_tax_id in {None, profile.entity_group[1]}
        and rule.customer_country in {None, profile.customer_group[0]}
        and rule.customer_has_tax_id in {None, profile.customer_group[1]}
        and rule.contract_line in {None, profile.contract_line}
        and rule.customer in {None, profile.customer}
        and rule.service == profile.service
    )


def names_both(rule: TaxRule) -> bool:
    """Say whether a rule names the countries of both parties."""
    return rule.entity_country is not None and rule.customer_country is not None


def tried_in_order(rules: Timeline[TaxRule]) -> list[int]:
    """Return the positions of the rules' spans in the order they are tried."""
    spans = rules.spans
    return sorted(
        range(len(spans)), key=lambda row: (spans[row].content.order, spans[row].dense)
    )


def tax_table(rules: Timeline[TaxRule], records: TaxedRecords) -> TaxTable:
    """Return the table over every combination that contract lines can reach."""
    sellers = _numbered(tax_group(span.content) for span in records.entities.spans)
    groups = _numbered(tax_group(span.content) for span in records.customers.spans)
    lines = _numbered(span.content.contract_line for span in rules.spans)
    customers = _numbered(span.content.customer for span in rules.spans)
    reached = (
        list(dict.fromkeys(_reached(records, lines, customers))) if rules.spans else []
    )
    index, positions = key_index(
        [
            ints([sellers[profile.entity_group] for profile, _, _ in reached]),
            ints([groups[profile.customer_group] for profile, _, _ in reached]),
            ints([line for _, line, _ in reached]),
            ints([customer for _, _, customer in reached]),
        ],
        [len(sellers), len(groups), len(lines) + 1, len(customers) + 1],
    )
    profiles = [profile for profile, _, _ in reached]
    return TaxTable(
        any_rules=bool(rules.spans),
        entity_groups=ended(
            [sellers[tax_group(span.content)] for span in records.entities.spans]
        ),
        customer_groups=ended(
            [groups[tax_group(span.content)] for span in records.customers.spans]
        ),
        lines=ended([_named(lines, id_) for id_ in records.lines.ids], 0),
        customers=ended([_named(customers, id_) for id_ in records.customers.ids], 0),
        profiles=index,
        spans=_first_matches(rules, profiles, positions),
        no=ended([rules.nos[span.dense] for span in rules.spans]),
    )


def tax_group(party: LegalEntity | Customer) -> tuple[str, bool]:
    """Return what tax rules ask of a party: its country, and if it has a tax id."""
    return party.country, has_tax_id(party.tax_id, party.country, party.tax_id_check)


def _numbered(keys: Iterable[K]) -> dict[K, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _named(numbers: Mapping[str | None, int], id_: str) -> int:
    # 0 stands for "no rule names it"; None among the keys only leaves a number unused.
    return numbers.get(id_, NOTHING) + 1


def _reached(
    records: TaxedRecords,
    lines: Mapping[str | None, int],
    customers: Mapping[str | None, int],
) -> Iterator[tuple[Profile, int, int]]:
    sellers_of = _grouped(
        (records.entities.id_of(span), tax_group(span.content))
        for span in records.entities.spans
    )
    groups_of = _grouped(
        (records.customers.id_of(span), tax_group(span.content))
        for span in records.customers.spans
    )
    parties = _grouped(
        (records.contracts.id_of(span), (span.content.entity, span.content.customer))
        for span in records.contracts.spans
    )
    for span in records.lines.spans:
        line_id = records.lines.id_of(span)
        for entity_id, customer_id in parties.get(span.content.contract, ()):
            for seller, group in product(
                sellers_of.get(entity_id, ()), groups_of.get(customer_id, ())
            ):
                line, customer = _named(lines, line_id), _named(customers, customer_id)
                yield (
                    Profile(
                        seller,
                        group,
                        line_id if line else None,
                        customer_id if customer else None,
                    ),
                    line,
                    customer,
                )


def _grouped(pairs: Iterable[tuple[str, V]]) -> dict[str, set[V]]:
    grouped: dict[str, set[V]] = {}
    for key, value in pairs:
        grouped.setdefault(key, set()).add(value)
    return grouped


def _first_matches(
    rules: Timeline[TaxRule], profiles: Sequence[Profile], positions: Ints
) -> Effective:
    found: list[tuple[int, int, int, int]] = []
    order = tried_in_order(rules)
    by_country: dict[str, list[int]] = {}
    for profile, position in zip(profiles, positions.tolist(), strict=True):
        country, _ = profile.entity_group
        if country not in by_country:
            by_country[country] = [
                row
                for row in order
                if rules.spans[row].content.entity_country in {None, country}
            ]
        found.extend(
            (position, start, end, row)
            for start, end, row in _held(rules, profile, by_country[country])
        )
    columns = [ints([row[part] for row in found]) for part in range(4)]
    return effective(
        columns[0], (columns[1], columns[2]), columns[3], key_count=len(profiles)
    )


def _held(
    rules: Timeline[TaxRule], profile: Profile, order: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    free = [(DAY_MIN, DAY_MAX)]
    for row in order:
        span = rules.spans[row]
        if not matches(span.content, profile):
            continue
        start, end = day_number(span.effective_from), day_number(span.effective_until)
        still_free = []
        for low, high in free:
            inside = max(low, start), min(high, end)
            if inside[0] >= inside[1]:
                still_free.append((low, high))
                continue
            yield (*inside, row)
            still_free += [
                gap for gap in ((low, inside[0]), (inside[1], high)) if gap[0] < gap[1]
            ]
        free = still_free
        if not free:
            return
