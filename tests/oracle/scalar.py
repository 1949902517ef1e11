"""Decide one entry at a time, the slow and obvious way: the kernel must agree.

Nothing here is shared with the kernel but the records and the codes: plain loops over
recorded versions, integers and fractions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeVar

import iso4217

from hourline.kernel.codes import Cause, Effect, Fate, PendingState, Role
from hourline.kernel.problems import WAITED_FOR, ProblemCode
from hourline.master.model import (
    Assignment,
    BillRate,
    Contract,
    ContractLine,
    CostRate,
    CrossReference,
    Customer,
    FxRate,
    HourType,
    LegalEntity,
    MasterVersion,
    Person,
    PostingPeriod,
    Project,
    Record,
    TaxRule,
)
from tests.builders import Entry

R = TypeVar("R", bound=Record)
Row = dict[str, object]
_SCOPES = ("contract_line", "contract", "project", "customer", "entity")


@dataclass(frozen=True)
class Held:
    """Hold a record in force with its number."""

    no: int
    id: str
    change_no: int
    start: date
    record: Record


@dataclass
class Answer:
    """Hold what became of one entry."""

    decision: Row | None = None
    portions: list[Row] = field(default_factory=list)
    journal: list[Row] = field(default_factory=list)
    problems: list[ProblemCode] = field(default_factory=list)

    @property
    def state(self) -> PendingState | None:
        if not self.problems:
            return None
        waits = WAITED_FOR.intersection(self.problems)
        return PendingState.WAITING if waits else PendingState.EXCEPTION


class Scalar:
    """Answer for entries from the recorded versions alone."""

    def __init__(
        self,
        versions: Sequence[MasterVersion],
        references: Sequence[CrossReference],
        *,
        change_no: int,
    ) -> None:
        self.versions = sorted(versions, key=lambda version: version.change_no)
        self.references = references
        self.change_no = change_no

    def in_force(self, kind: type[R], on: date) -> Iterator[tuple[Held, R]]:
        """Yield what each record of a kind says on a day."""
        latest: dict[int, MasterVersion] = {}
        for version in self.versions:
            started = version.effective_from <= on
            if isinstance(version.content, kind) and started:
                latest[version.master_no] = version
        for no, version in sorted(latest.items()):
            if on < version.effective_until and isinstance(version.content, kind):
                held = Held(
                    no,
                    version.id,
                    version.change_no,
                    version.effective_from,
                    version.content,
                )
                yield held, version.content

    def by_id(
        self, kind: type[R], id_: str | None, on: date
    ) -> tuple[Held, R] | None:
        return next(
            (pair for pair in self.in_force(kind, on) if pair[0].id == id_), None
        )

    def by_source(
        self, kind: type[R], entry: Entry, source_id: str | None
    ) -> tuple[Held, R] | None:
        number = None
        for reference in self.references:
            same = (reference.connection_no, reference.kind, reference.source_id) == (
                entry.connection_no,
                kind.kind,
                source_id,
            )
            if same:
                number = reference.master_no
        return next(
            (
                pair
                for pair in self.in_force(kind, entry.work_date)
                if pair[0].no == number
            ),
            None,
        )

    def decide(self, entry: Entry) -> Answer:
        """Return what becomes of an entry."""
        return _Decision(self, entry).answer()


class _Decision:
    def __init__(self, masters: Scalar, entry: Entry) -> None:
        self.masters, self.entry = masters, entry
        self.day = entry.work_date
        self.problems: list[ProblemCode] = []

    def answer(self) -> Answer:
        self.find_records()
        self.check()
        if self.problems:
            return Answer(problems=self.problems)
        return self.book()

    def find_records(self) -> None:
        masters, entry, day = self.masters, self.entry, self.day
        self.person = masters.by_source(Person, entry, entry.person)
        self.employer = self.person and masters.by_id(
            LegalEntity, self.person[1].entity, day
        )
        self.project = masters.by_source(Project, entry, entry.project)
        self.line = self.project and masters.by_id(
            ContractLine, self.project[1].contract_line, day
        )
        self.contract = self.line and masters.by_id(
            Contract, self.line[1].contract, day
        )
        self.entity = self.contract and masters.by_id(
            LegalEntity, self.contract[1].entity, day
        )
        self.customer = self.contract and masters.by_id(
            Customer, self.contract[1].customer, day
        )
        self.factor = self.find_hour_type()

    def find_hour_type(self) -> tuple[Fraction, Fraction] | None:
        stated = self.entry.hour_type
        found = self.masters.by_source(HourType, self.entry, stated)
        if found is None and stated in {None, "regular"}:
            found = self.masters.by_id(HourType, "regular", self.day)
            if found is None and not self.ever_regular():
                return Fraction(1), Fraction(1)
        if found is None:
            return None
        return Fraction(found[1].bill_factor), Fraction(found[1].cost_factor)

    def ever_regular(self) -> bool:
        return any(
            isinstance(version.content, HourType) and version.id == "regular"
            for version in self.masters.versions
        )

    def check(self) -> None:
        code = ProblemCode
        if self.employer is None:
            self.problems.append(code.PERSON_NOT_KNOWN)
        if self.project is None:
            self.problems.append(code.PROJECT_NOT_KNOWN)
        elif self.entity is None or self.customer is None:
            self.problems.append(code.CONTRACT_LINE_NOT_KNOWN)
        self.check_project()
        if self.factor is None:
            self.problems.append(code.HOUR_TYPE_NOT_KNOWN)
        self.check_terms()
        order = [*code]
        self.problems.sort(key=order.index)

    def check_project(self) -> None:
        if self.project is None:
            return
        project = self.project[1]
        if project.status == "closed":
            self.problems.append(ProblemCode.PROJECT_CLOSED)
        if project.assigned_only and self.employer and not self.is_assigned():
            self.problems.append(ProblemCode.NOT_ASSIGNED)
        names = [activity.id for activity in project.activities]
        if names and self.entry.activity not in names:
            self.problems.append(ProblemCode.ACTIVITY_NOT_ALLOWED)

    def is_assigned(self) -> bool:
        assert self.person is not None
        assert self.project is not None
        return any(
            (record.person, record.project) == (self.person[0].id, self.project[0].id)
            for _, record in self.masters.in_force(Assignment, self.day)
        )

    def check_terms(self) -> None:
        if self.entity is None or self.customer is None:
            self.rate = None
            return
        code, entity = ProblemCode, self.entity[1]
        assert self.project is not None
        project = self.project[1]
        if self.lacks_dimension(entity, project):
            self.problems.append(code.DIMENSION_MISSING)
        self.booked = self.accounting_date(self.entity[0].id)
        if self.booked is None:
            self.problems.append(code.PERIOD_CLOSED)
        self.seconds = self.split()
        sold = self.seconds[0] > 0
        self.rate = self.find_rate()
        if sold and self.employer and self.rate is None:
            self.problems.append(code.PRICE_NOT_FOUND)
        self.tax = self.find_tax()
        any_rule = any(isinstance(v.content, TaxRule) for v in self.masters.versions)
        if sold and any_rule and self.tax is None:
            self.problems.append(code.TAX_NOT_DETERMINED)
        self.check_money(sold=sold)

    def check_money(self, *, sold: bool) -> None:
        assert self.entity is not None
        assert self.line is not None
        foreign = self.currency() != self.entity[1].currency
        needs_fx = sold and self.line[1].accrue and foreign
        if needs_fx and self.booked and self.fx(self.booked) is None:
            self.problems.append(ProblemCode.FX_RATE_NOT_FOUND)
        if self.employer and self.employer[0].id != self.entity[0].id:
            self.problems.append(ProblemCode.TRANSFER_PRICE_NOT_FOUND)

    def lacks_dimension(self, entity: LegalEntity, project: Project) -> bool:
        required = entity.required_dimensions
        own = self.person[1].cost_centre if self.person else None
        no_centre = (
            "cost_centre" in required
            and self.employer is not None
            and not self.has_record("cost_centre", project.cost_centre)
            and not self.has_record("cost_centre", own)
        )
        return no_centre or (
            "service_line" in required
            and not self.has_record("service_line", project.service_line)
        )

    def has_record(self, kind: str, id_: str | None) -> bool:
        return any(
            version.content.kind == kind and version.id == id_
            for version in self.masters.versions
        )

    def accounting_date(self, entity_id: str) -> date | None:
        status: dict[str, str] = {}
        for version in self.masters.versions:
            period = version.content
            if isinstance(period, PostingPeriod) and period.entity == entity_id:
                status[period.period] = period.status
        year, month = self.day.year, self.day.month
        for step in range(25):
            if status.get(f"{year:04}-{month:02}") != "closed":
                return self.day if step == 0 else date(year, month, 1)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return None

    def split(self) -> tuple[int, int, Fate]:
        assert self.line is not None
        assert self.project is not None
        worked, stated = self.entry.seconds, self.entry.billable_seconds
        project = self.project[1]
        allowed = [a.billable for a in project.activities if a.id == self.entry.activity]
        by_nature = allowed[0] if project.activities and allowed else True
        if project.activities and not allowed:
            by_nature = False
        if not project.billable or self.line[1].method == "non_billable":
            return 0, worked, Fate.NON_BILLABLE
        if self.line[1].method == "fixed_price":
            return 0, worked, Fate.COVERED
        billable = stated if stated is not None else (worked if by_nature else 0)
        rest = max(0, worked - billable)
        empty = worked == 0 and billable == 0 and by_nature
        return billable, rest, Fate.BILLABLE if empty else Fate.NON_BILLABLE

    def currency(self) -> str:
        assert self.contract is not None
        assert self.entity is not None
        return self.contract[1].currency or self.entity[1].currency

    def find_rate(self) -> tuple[int, Fraction, Fraction] | None:
        """Return the row's number, its rate in minor units and its seconds."""
        if self.employer is None:
            return None
        best: tuple[tuple[int, ...], int, BillRate] | None = None
        for held, row in self.masters.in_force(BillRate, self.day):
            rank = self.rank(row)
            if rank is not None and (best is None or rank < best[0]):
                best = (rank, held.no, row)
        if best is None:
            return None
        row = best[2]
        hours = Fraction(1) if row.per == "hour" else Fraction(row.hours_per_day or 0)
        return best[1], Fraction(row.rate) * _minor(row.currency), hours * 3600

    def rank(self, row: BillRate) -> tuple[int, ...] | None:
        assert self.person is not None
        assert self.project is not None
        assert self.line is not None
        assert self.contract is not None
        assert self.customer is not None
        assert self.entity is not None
        ours = {
            "contract_line": self.line[0].id,
            "contract": self.contract[0].id,
            "project": self.project[0].id,
            "customer": self.customer[0].id,
            "entity": self.entity[0].id,
            "person": self.person[0].id,
            "role": self.entry.role or self.person[1].role,
            "activity": self.entry.activity,
        }
        if row.currency != self.currency():
            return None
        for name, value in ours.items():
            if getattr(row, name) not in {None, value}:
                return None
        scope = [i for i, name in enumerate(_SCOPES) if getattr(row, name) is not None]
        return (
            scope[0] if scope else len(_SCOPES),
            row.person is None,
            row.role is None,
            row.activity is None,
        )

    def find_tax(self) -> int | None:
        assert self.entity is not None
        assert self.customer is not None
        assert self.line is not None
        if self.seconds[0] == 0:
            return None
        rules = sorted(
            self.masters.in_force(TaxRule, self.day),
            key=lambda pair: (pair[1].order, pair[0].no),
        )
        for held, rule in rules:
            fields = (
                (rule.entity_country, self.entity[1].country),
                (rule.customer_country, self.customer[1].country),
                (rule.customer_has_tax_id, bool(self.customer[1].tax_id)),
                (rule.contract_line, self.line[0].id),
                (rule.customer, self.customer[0].id),
            )
            if rule.service is None and all(a is None or a == b for a, b in fields):
                return held.no
        return None

    def fx(self, on: date) -> Fraction | None:
        assert self.entity is not None
        source, target = self.currency(), self.entity[1].currency
        scale = Fraction(_minor(target), _minor(source))
        direct = self.fx_row(source, target, on)
        if direct is not None:
            return direct * scale
        inverse = self.fx_row(target, source, on)
        return None if inverse is None else 1 / inverse * scale

    def fx_row(self, source: str, target: str, on: date) -> Fraction | None:
        """Return the row that started last by the day, if it still holds then."""
        spans = [
            (start, change_no, end, rate)
            for start, end, change_no, rate in self.fx_spans(source, target)
            if start <= on
        ]
        if not spans:
            return None
        _, _, end, rate = max(spans)
        return rate if on < end else None

    def fx_spans(
        self, source: str, target: str
    ) -> Iterator[tuple[date, date, int, Fraction]]:
        for version in self.masters.versions:
            row = version.content
            if isinstance(row, FxRate) and (row.from_currency, row.to_currency) == (
                source,
                target,
            ):
                end = version.effective_until
                for later in self.masters.versions:
                    same = later.master_no == version.master_no
                    if same and later.change_no > version.change_no:
                        end = min(end, later.effective_from)
                if version.effective_from < end:
                    yield (
                        version.effective_from,
                        end,
                        version.change_no,
                        Fraction(row.rate),
                    )

    def find_cost(self) -> tuple[int, Fraction] | None:
        assert self.person is not None
        rows = []
        for version in self.masters.versions:
            row = version.content
            if isinstance(row, CostRate) and row.person == self.person[0].id:
                end = version.effective_until
                for later in self.masters.versions:
                    same = later.master_no == version.master_no
                    if same and later.change_no > version.change_no:
                        end = min(end, later.effective_from)
                start = version.effective_from
                if start <= self.day and start < end:
                    rows.append(
                        (start, version.change_no, end, version.master_no, row.rate)
                    )
        if not rows:
            return None
        _, _, end, no, rate = max(rows)
        return (no, Fraction(rate)) if self.day < end else None

    def book(self) -> Answer:
        assert self.entity is not None
        assert self.employer is not None
        assert self.person is not None
        assert self.project is not None
        assert self.line is not None
        assert self.contract is not None
        assert self.factor is not None
        assert self.booked is not None
        entry, billable = self.entry, self.seconds[0]
        cost_rate = self.find_cost()
        cost = 0
        if cost_rate is not None:
            exact = Fraction(entry.seconds, 3600) * cost_rate[1] * self.factor[1]
            cost = _rounded(
                exact * _minor(self.employer[1].currency), self.employer[1]
            )
        places: Row = {
            "contract_no": self.contract[0].no,
            "project_no": self.project[0].no,
            "person_no": self.person[0].no,
        }
        decision: Row = {
            "entry_no": entry.entry_no,
            "revision": entry.revision,
            **places,
            "contract_line_no": self.line[0].no,
            "entity_no": self.entity[0].no,
            "employing_entity_no": self.employer[0].no,
            "work_date": self.day,
            "accounting_date": self.booked,
            "late": self.booked != self.day,
            "worked_seconds": entry.seconds,
            "uplift_seconds": max(0, billable - entry.seconds),
            "currency": iso4217.Currency(self.currency()).number,
            "cost_amount": cost,
            "bill_rate_no": self.rate[0] if self.rate else -1,
            "cost_rate_no": cost_rate[0] if cost_rate else -1,
            "tax_rule_no": -1 if self.tax is None else self.tax,
            "change_no": self.masters.change_no,
        }
        portions = list(self.portions())
        journal = list(self.journal(portions, cost=cost, places=places))
        return Answer(decision, portions, journal)

    def portions(self) -> Iterator[Row]:
        billable, rest, fate = self.seconds
        divided = [(billable, Fate.BILLABLE)] if billable else []
        if rest or not billable:
            divided.append((rest, fate))
        for part, (seconds, kind) in enumerate(divided):
            yield self.portion(part, seconds, kind)

    def portion(self, part: int, seconds: int, fate: Fate) -> Row:
        assert self.entity is not None
        assert self.factor is not None
        assert self.line is not None
        assert self.contract is not None
        price = Fraction(0)
        if self.rate is not None:
            price = self.rate[1] / self.rate[2] * self.factor[0]
        amount = _rounded(price * seconds, self.entity[1])
        accrues = fate == Fate.BILLABLE and self.line[1].accrue
        return {
            "entry_no": self.entry.entry_no,
            "revision": self.entry.revision,
            "part": part,
            "fate": int(fate),
            "contract_no": self.contract[0].no,
            "contract_line_no": self.line[0].no,
            "seconds": seconds,
            "price": price * 10_000,
            "currency": iso4217.Currency(self.currency()).number,
            "amount": amount,
            "accrued_amount": amount if accrues else 0,
        }

    def journal(
        self, portions: Sequence[Row], *, cost: int, places: Row
    ) -> Iterator[Row]:
        assert self.entity is not None
        assert self.employer is not None
        assert self.booked is not None
        shared: Row = {
            "cause": int(Cause.ENTRY),
            "cause_no": self.entry.entry_no,
            "cause_revision": self.entry.revision,
            "mirror": False,
            **places,
            "accounting_date": self.booked,
            "document_date": self.day,
        }
        if cost:
            yield {
                **shared,
                "part": 0,
                "effect": int(Effect.COST),
                "entity_no": self.employer[0].no,
                "debit": int(Role.COST),
                "credit": int(Role.PAYROLL_ALLOCATION),
                "currency": iso4217.Currency(self.employer[1].currency).number,
                "amount": cost,
                "entity_currency": iso4217.Currency(self.employer[1].currency).number,
                "entity_amount": cost,
            }
        for portion in portions:
            accrued = portion["accrued_amount"]
            assert isinstance(accrued, int)
            if accrued:
                books = self.entity[1].currency
                fx = Fraction(1) if books == self.currency() else self.fx(self.booked)
                assert fx is not None
                yield {
                    **shared,
                    "part": portion["part"],
                    "effect": int(Effect.ACCRUAL),
                    "entity_no": self.entity[0].no,
                    "debit": int(Role.WIP),
                    "credit": int(Role.ACCRUED_REVENUE),
                    "currency": portion["currency"],
                    "amount": accrued,
                    "entity_currency": iso4217.Currency(books).number,
                    "entity_amount": _rounded(accrued * fx, self.entity[1]),
                }


def _minor(currency: str) -> int:
    exponent = iso4217.Currency(currency).exponent
    assert exponent is not None
    return int(10**exponent)


def _rounded(exact: Fraction, entity: LegalEntity) -> int:
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    if rest == Fraction(1, 2):
        up = {"half_up": True, "half_down": False, "half_even": whole % 2 == 1}
        return whole + up[entity.money_rounding]
    return whole + (rest > Fraction(1, 2))
