"""Hold the tax table: rows are tried in order, the first whose fields match wins."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, TypeVar

from hourline.kernel.columns import NOTHING, Ints, ended, ints
from hourline.kernel.effective import DAY_MAX, DAY_MIN, Effective, day_number, effective
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.kernel.quantity import PPM_PER_PERCENT
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

    `lines` and `customers` are 0 where no rule names the record, `services` where none
    names the service of a version of a contract line; without such rules it is None.
    So is `recovered_ppm` without rules that say what is recovered of the input tax of
    expenses; it is by rule, in millionths, NOTHING where one does not.
    """

    any_rules: bool
    entity_groups: Ints
    customer_groups: Ints
    lines: Ints
    customers: Ints
    services: Ints | None
    profiles: KeyIndex
    spans: Effective
    no: Ints
    recovered_ppm: Ints | None

    def at(
        self,
        rows: tuple[Ints, Ints, Ints],
        records: tuple[Ints, Ints],
        days: Ints,
    ) -> Ints:
        """Return the row of the rule by (entity, customer, line) and (line, customer).

        The first are positions of versions, the second are dense ids.
        """
        keys = [
            self.entity_groups[rows[0]],
            self.customer_groups[rows[1]],
            self.lines[records[0]],
            self.customers[records[1]],
        ]
        if self.services is not None:
            keys.append(self.services[rows[2]])
        return self.spans.at(self.profiles.of(keys), days)


@dataclass(frozen=True, slots=True)
class TaxedRecords:
    """Hold the records whose fields the tax table asks for."""

    entities: Timeline[LegalEntity]
    customers: Timeline[Customer]
    contracts: Timeline[Contract]
    lines: Timeline[ContractLine]


class _Named(NamedTuple):
    """Hold what rules name, each numbered."""

    lines: Mapping[str, int]
    customers: Mapping[str, int]
    services: Mapping[str, int]


def matches(rule: TaxRule, profile: Profile) -> bool:
    """Say whether every field the rule gives is that of the profile.

    A rule that names no service is for every one but `intercompany`.
    """
    return (
        rule.entity_country in {None, profile.entity_group[0]}
        and rule.entity_has_tax_id in {None, profile.entity_group[1]}
        and rule.customer_country in {None, profile.customer_group[0]}
        and rule.customer_has_tax_id in {None, profile.customer_group[1]}
        and rule.contract_line in {None, profile.contract_line}
        and rule.customer in {None, profile.customer}
        and _is_for(rule, profile.service)
    )


def _is_for(rule: TaxRule, service: str | None) -> bool:
    if rule.service is None:
        return service != INTERCOMPANY
    return rule.service == service


def services_named(rules: Timeline[TaxRule]) -> set[str]:
    """Return the services of contract lines that rules are for."""
    named = {span.content.service for span in rules.spans}
    return {service for service in named if service not in {None, INTERCOMPANY}}


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
    named = _Named(
        lines=_numbered(_stated(span.content.contract_line for span in rules.spans)),
        customers=_numbered(_stated(span.content.customer for span in rules.spans)),
        services=_numbered(sorted(services_named(rules))),
    )
    lines, customers, services = named.lines, named.customers, named.services
    profiles = list(dict.fromkeys(_reached(records, named))) if rules.spans else []
    keys = [
        [sellers[profile.entity_group] for profile in profiles],
        [groups[profile.customer_group] for profile in profiles],
        [_number(lines, profile.contract_line) for profile in profiles],
        [_number(customers, profile.customer) for profile in profiles],
    ]
    sizes = [len(sellers), len(groups), len(lines) + 1, len(customers) + 1]
    if services:
        keys.append([_number(services, profile.service) for profile in profiles])
        sizes.append(len(services) + 1)
    index, positions = key_index([ints(key) for key in keys], sizes)
    return TaxTable(
        any_rules=bool(rules.spans),
        entity_groups=ended(
            [sellers[tax_group(span.content)] for span in records.entities.spans]
        ),
        customer_groups=ended(
            [groups[tax_group(span.content)] for span in records.customers.spans]
        ),
        lines=ended([_number(lines, id_) for id_ in records.lines.ids], 0),
        customers=ended([_number(customers, id_) for id_ in records.customers.ids], 0),
        services=_services(services, records.lines) if services else None,
        profiles=index,
        spans=_first_matches(rules, profiles, positions),
        no=ended([rules.nos[span.dense] for span in rules.spans]),
        recovered_ppm=_recovered_ppm([span.content for span in rules.spans]),
    )


def _recovered_ppm(rules: Sequence[TaxRule]) -> Ints | None:
    stated = [
        None if rule.service == INTERCOMPANY else rule.recoverable_percent
        for rule in rules
    ]
    if all(percent is None for percent in stated):
        return None
    return ended(
        [
            NOTHING if percent is None else int(percent * PPM_PER_PERCENT)
            for percent in stated
        ]
    )


def tax_group(party: LegalEntity | Customer) -> tuple[str, bool]:
    """Return what tax rules ask of a party: its country, and if it has a tax id."""
    return party.country, has_tax_id(party.tax_id, party.country, party.tax_id_check)


def _numbered(keys: Iterable[K]) -> dict[K, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _stated(names: Iterable[str | None]) -> Iterator[str]:
    return (name for name in names if name is not None)


def _number(numbers: Mapping[str, int], name: str | None) -> int:
    # 0 stands for "no rule names it".
    return 0 if name is None else numbers.get(name, NOTHING) + 1


def _services(services: Mapping[str, int], lines: Timeline[ContractLine]) -> Ints:
    numbers = [_number(services, span.content.tax_service) for span in lines.spans]
    return ended(numbers, 0)


def _reached(records: TaxedRecords, named: _Named) -> Iterator[Profile]:
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
        line_id, service = records.lines.id_of(span), span.content.tax_service
        for entity_id, customer_id in parties.get(span.content.contract, ()):
            for seller, group in product(
                sellers_of.get(entity_id, ()), groups_of.get(customer_id, ())
            ):
                yield Profile(
                    seller,
                    group,
                    line_id if line_id in named.lines else None,
                    customer_id if customer_id in named.customers else None,
                    service if service in named.services else None,
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
