"""Generate small firms full of edges, and entries for them, from a seed."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal, TypeVar, get_args

from hourline.kernel.subledgers import Subledger
from hourline.master.model import (
    Activity,
    BillRate,
    Contract,
    ContractLine,
    CostCentre,
    Customer,
    FxRate,
    HourType,
    LegalEntity,
    Person,
    PostingPeriod,
    Project,
    Record,
    ServiceLine,
    TaxRule,
    TimeRounding,
    TransferPrice,
    TransferPriceModel,
    ValidationSeverity,
)
from hourline.master.snapshot.severities import CAN_BE_ACCEPTED
from tests.builders import Firm, assignment, cost_rate
from tests.oracle.ids import (
    ACTIVITIES,
    CONTRACTS,
    CURRENCIES,
    CUSTOMERS,
    DAYS,
    DIMENSIONS,
    ENTITIES,
    LINES,
    MONTHS,
    PEOPLE,
    PROJECTS,
    ROLES,
    START,
)
from tests.oracle.some_charges import some_charges
from tests.oracle.some_entries import _day
from tests.oracle.untied import untied

T = TypeVar("T")
_METHODS: tuple[
    Literal[
        "time_and_materials", "fixed_price", "retainer", "recurring", "non_billable"
    ],
    ...,
] = (
    "time_and_materials",
    "time_and_materials",
    "time_and_materials",
    "fixed_price",
    "retainer",
    "recurring",
    "non_billable",
)
_MODELS: tuple[TransferPriceModel, ...] = get_args(TransferPriceModel)
_DAY_HOURS = ("8", "7.5", "7.33337")
_NO_DIMENSIONS = ((None,), (None,), (None,))


def some_firm(seed: int) -> Firm:
    """Return a firm in which nearly everything can be missing or dated."""
    return untied(_Generator(seed).firm())


class _Generator:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        # Apart, so that firms are else what they were before there was any of it.
        self.withdrawing = Random(-1 - seed)
        self.providing = Random(1_000_000 + seed)
        self.selling = Random(2_000_000 + seed)
        # How rough the firm is: a tidy one accepts most, a rough one next to nothing.
        self.rough = self.random.choice([0, 0, 30, 100])
        # Whether people of one entity mostly work for the other.
        self.lends = self.random.choice([True, False])
        self.made = Firm()
        self.spans: dict[tuple[object, ...], list[tuple[date, date]]] = {}

    def one(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def roughly(self, percent: int) -> bool:
        return self.random.randrange(10_000) < percent * self.rough

    def known(self, ids: Sequence[str]) -> str:
        return "gone" if self.roughly(20) else self.random.choice(ids)

    def firm(self) -> Firm:
        self.add_parties()
        self.add_work()
        self.add_prices()
        self.add_tables()
        self.add_time_rounding()
        for kind, id_ in list(self.made.numbers):
            if self.chance(60):
                self.made.refer(kind, id_, id_, connection=2)
        self.add_severities()
        for id_, charge, start in some_charges(self.seed):
            self.made.add(id_, charge, effective_from=start)
        return self.made

    def add(self, id_: str, record: Record) -> None:
        """Record it from the beginning mostly, else dated; now and then withdraw it."""
        start, end = date.min, date.max
        if self.roughly(15):
            start = _day(self.random)
        if self.roughly(10):
            end = max(start, START) + timedelta(days=self.random.randrange(1, DAYS))
        self.made.add(id_, record, effective_from=start, effective_until=end)
        if self.withdrawing.randrange(100) * 100 < 3 * self.rough:
            day = _day(self.withdrawing)
            self.made.add(id_, record, effective_from=day, withdrawn=True)

    def add_severities(self) -> None:
        """Let some of what is broken pass, in all entities or in one."""
        chance = self.withdrawing
        for code in CAN_BE_ACCEPTED:
            for entity in (None, *ENTITIES):
                if chance.randrange(100) < 15:
                    row = ValidationSeverity(
                        code=code,
                        severity=chance.choice(["warning", "warning", "error"]),
                        entity=entity,
                    )
                    start = chance.choice([date.min, _day(chance)])
                    self.made.add(f"{code} {entity}", row, effective_from=start)

    def add_parties(self) -> None:
        for id_ in ("CC", "CD"):
            self.made.add(id_, CostCentre())
        self.made.add("SL", ServiceLine())
        for id_ in ENTITIES:
            for _ in range(self.one([1, 1, 2])):
                self.add(id_, self.entity())
        for id_ in CUSTOMERS:
            for _ in range(self.one([1, 1, 2])):
                customer = Customer(
                    country=self.one(["US", "DE", "FR"]),
                    tax_id=self.one([None, "X1", "FR40303265045", "DE987654321"]),
                    tax_id_check=self.one(["as_stated", "format", "check_digits"]),
                )
                self.add(id_, customer)
        for id_ in PEOPLE:
            for _ in range(self.one([1, 1, 2])):
                usual = "E1" if self.lends and self.chance(60) else "E0"
                person = Person(
                    entity=self.one(ENTITIES) if self.roughly(50) else usual,
                    resourcing_entity=self.providing.choice([None] * 3 + [*ENTITIES]),
                    role=self.one([None, *ROLES]),
                    cost_centre=None if self.roughly(40) else self.known(["CC"]),
                )
                self.add(id_, person)

    def entity(self) -> LegalEntity:
        return LegalEntity(
            country=self.one(["US", "DE"]),
            tax_id="X1",
            currency=self.one(CURRENCIES),
            money_rounding=self.one(["half_up", "half_up", "half_even", "half_down"]),
            required_dimensions=self.one(
                [(), (), ("cost_centre",), ("service_line", "cost_centre")]
            ),
            receipts_above=self.one([None, None, Decimal(0), Decimal(33)]),
        )

    def add_work(self) -> None:
        for id_ in CONTRACTS:
            for _ in range(self.one([1, 1, 2])):
                contract = Contract(
                    customer=self.known(CUSTOMERS),
                    entity=self.known(ENTITIES if self.roughly(50) else ["E0"]),
                    currency=self.one([None, *CURRENCIES]),
                )
                self.add(id_, contract)
        for id_ in LINES:
            for _ in range(self.one([1, 1, 2])):
                self.add(id_, self.line())
        for id_ in PROJECTS:
            for _ in range(self.one([1, 1, 2])):
                self.add(id_, self.project())

    def line(self) -> ContractLine:
        method = self.one(_METHODS)
        by_time = method == "time_and_materials" and self.chance(30)
        by_month = method == "recurring"
        return ContractLine(
            contract=self.known(CONTRACTS),
            method=method,
            accrue=self.chance(80),
            discount_percent=Decimal(
                self.one(["0", "7.5", "50", "100"]) if by_time else 0
            ),
            fee_percent=Decimal(self.one(["0", "25", "100"]) if by_time else 0),
            cost_plus_percent=self.cost_plus() if by_time else None,
            amount=Decimal(1_000) if method in {"retainer", "recurring"} else None,
            every="month" if by_month else None,
            start=date(2025, 1, 1) if by_month else None,
            end=date(2027, 12, 31) if by_month else None,
            tax_service=self.selling.choice([None, "training", "training", "books"]),
        )

    def cost_plus(self) -> Decimal | None:
        percent = self.one([None, None, "0", "33.3333", "-100"])
        return None if percent is None else Decimal(percent)

    def project(self) -> Project:
        listed = self.random.sample(ACTIVITIES, self.one([0, 0, 2, 3]))
        return Project(
            contract_line=self.known(LINES),
            billable=self.chance(85),
            status="closed" if self.roughly(20) else "open",
            activities=tuple(
                Activity(id=name, billable=self.chance(70)) for name in listed
            ),
            assigned_only=self.roughly(30),
            cost_centre=self.one([None, "CC", "CD", "gone"]),
            service_line=None if self.roughly(40) else self.known(["SL"]),
        )

    def add_prices(self) -> None:
        if not self.roughly(100):
            for currency in CURRENCIES:
                self.made.add(
                    f"standard {currency}",
                    BillRate(currency=currency, rate=Decimal(self.one([0, 7, 150]))),
                )
                self.spans[currency, None, None, None] = [(date.min, date.max)]
        for number in range(self.one([2, 10, 40])):
            self.add_rate(number)
        for number in range(self.one([0, 4, 12])):
            self.add_transfer_price(number)
        for number in range(6):
            amount = f"{self.random.randrange(200_000)}e-{self.random.randrange(4)}"
            rate = cost_rate(person=self.one([*PEOPLE, "gone"]), rate=amount)
            self.add(f"cost{self.one([number, 0])}", rate)
        self.add("overtime", self.hour_type())
        if self.chance(40):
            self.add(self.one(["overtime", "regular"]), self.hour_type())

    def hour_type(self) -> HourType:
        factors = ["0", "1", "1.5", "0.35", "2"]
        return HourType(
            bill_factor=Decimal(self.one(factors)),
            cost_factor=Decimal(self.one(factors)),
        )

    def add_rate(self, number: int) -> None:
        scope = self.one(
            [
                {},
                {},
                {"contract_line": self.one([*LINES, "gone"])},
                {"contract": self.one(CONTRACTS)},
                {"project": self.one(PROJECTS)},
                {"customer": self.one(CUSTOMERS)},
                {"entity": self.one(ENTITIES)},
            ]
        )
        by_day = self.chance(30)
        of_agreement = "contract_line" in scope or "contract" in scope
        blended = of_agreement and self.chance(25)
        named = _NO_DIMENSIONS if blended else DIMENSIONS
        rate = BillRate(
            currency=self.one(CURRENCIES),
            rate=Decimal(self.random.randrange(30_000)).scaleb(self.one([-2, 0])),
            per="day" if by_day else "hour",
            hours_per_day=Decimal(self.one(_DAY_HOURS)) if by_day else None,
            person=self.one(named[0]),
            role=self.one(named[1]),
            activity=self.one(named[2]),
            blended=blended,
            contract_line=scope.get("contract_line"),
            contract=scope.get("contract"),
            project=scope.get("project"),
            customer=scope.get("customer"),
            entity=scope.get("entity"),
        )
        start = self.one([date.min, _day(self.random)])
        end = self.one([date.max, _day(self.random)])
        key = (*scope.items(), rate.currency, rate.person, rate.role, rate.activity)
        key += ("blended",) * blended
        taken = self.spans.setdefault(key, [])
        if start < end and all(end <= low or high <= start for low, high in taken):
            taken.append((start, end))
            self.made.add(
                f"rate{number}", rate, effective_from=start, effective_until=end
            )

    def add_transfer_price(self, number: int) -> None:
        lender, borrower = self.random.sample(ENTITIES, 2)
        price = TransferPrice(
            lender=lender,
            borrower=self.known([borrower]),
            model=self.one(_MODELS),
            value=Decimal(self.one(["0", "0.05", "12.5", "80", "100", "117"])),
            currency=self.one([None, *CURRENCIES]),
            role=self.one([None, None, *ROLES]),
            person=self.one([None, None, *PEOPLE]),
            accrue=self.chance(70),
        )
        key = (price.lender, price.borrower, price.role, price.person)
        if key not in self.spans:
            self.spans[key] = [(date.min, date.max)]
            self.add(f"transfer{number}", price)

    def add_tables(self) -> None:
        for number in range(self.one([0, 0, 3, 8])):
            rule = TaxRule(
                order=self.random.randrange(5),
                rate=Decimal(19),
                code="S",
                entity_country=self.one([None, "US", "DE"]),
                customer_country=self.one([None, "US", "DE"]),
                customer_has_tax_id=self.one([None, None, True, False]),
                entity_has_tax_id=(None, None, True, False)[number % 4],
                contract_line=self.one([None, None, None, *LINES]),
                customer=self.one([None, None, None, *CUSTOMERS]),
                service=self.one([None, None, "training", "intercompany"]),
                recoverable_percent=self.selling.choice([None, Decimal("33.33")]),
            )
            self.add(f"tax{number}", rule)
        if not self.roughly(60):
            self.made.add("other tax", TaxRule(order=9, rate=Decimal(0), code="O"))
        if self.chance(60):
            self.add_every_fx()
        for number in range(10):
            pair = self.random.sample(CURRENCIES, 2)
            rate = FxRate(
                from_currency=pair[0],
                to_currency=pair[1],
                rate=Decimal(self.random.randrange(1, 300_000)).scaleb(-3),
            )
            self.add(f"fx{self.one([number, 1])}", rate)
        for number in range(self.one([0, 3, 8])):
            period = PostingPeriod(
                entity=self.one(ENTITIES),
                period=self.one(MONTHS),
                status=self.one(["closed", "closed", "open"]),
                ledger=self.one([None, None, None, *Subledger]),
            )
            self.made.add(f"period{number}", period)
        if self.chance(8):
            self.close_everything()
        for number in range(6):
            self.add(
                f"assigned{number}",
                assignment(person=self.one(PEOPLE), project=self.one(PROJECTS)),
            )

    def add_time_rounding(self) -> None:
        for number in range(self.one([0, 2, 6, 12])):
            rule = TimeRounding(
                order=self.random.randrange(4),
                increment_minutes=Decimal(self.one(["0", "6", "15", "0.05", "45"])),
                minimum_minutes=Decimal(self.one(["0", "0", "30", "1440"])),
                mode=self.one(["up", "nearest", "down"]),
                scope=self.one(["entry", "entry", "person_day", "none"]),
                factor=Decimal(self.one(["1", "1", "0.5", "1.3333", "0", "3"])),
                contract=self.one([None] * 20 + [*CONTRACTS, "gone"]),
                project=self.one([None] * 20 + [*PROJECTS]),
                customer=self.one([None] * 20 + [*CUSTOMERS]),
                activity=self.one([None] * 12 + [*ACTIVITIES]),
            )
            self.add(f"rounding{self.one([number, 0])}", rule)

    def add_every_fx(self) -> None:
        for number, code in enumerate(CURRENCIES):
            for other in CURRENCIES[:number]:
                rate = FxRate(
                    from_currency=code, to_currency=other, rate=Decimal("1.2345")
                )
                self.made.add(f"fx {code} {other}", rate)

    def close_everything(self) -> None:
        for number in range(40):
            period = PostingPeriod(
                entity="E0",
                period=f"{2025 + number // 12}-{number % 12 + 1:02}",
                status="closed",
            )
            self.made.add(f"shut{number}", period)
