"""Hold master data as known at one change, for whole columns and for single records."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from fractions import Fraction
from typing import Literal

from hourline.kernel.codes import Role
from hourline.kernel.columns import NOTHING, Ints, ints
from hourline.kernel.effective import day_number, day_of
from hourline.kernel.money import (
    Rounding,
    currency_numbered,
    currency_of,
    round_fraction,
)
from hourline.master.model import Customer, Record, TaxRule
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.fx import FxRates
from hourline.master.snapshot.people import Assignments, PersonColumns
from hourline.master.snapshot.periods import Periods
from hourline.master.snapshot.places import (
    ContractColumns,
    EntityColumns,
    LineColumns,
    ProjectColumns,
)
from hourline.master.snapshot.prices import BillRates, CostRates, HourTypes
from hourline.master.snapshot.records import (
    ContractInForce,
    EntityInForce,
    InForce,
    LineInForce,
    PersonInForce,
    ProjectInForce,
    RecordNotKnown,
    in_force,
    number_of,
)
from hourline.master.snapshot.tax import Profile, TaxTable, matches, tried_in_order


class NoTable(Enum):
    """Say that the tenant has no tax table, so nothing is taxed."""

    NO_TABLE = auto()


class NoOpenPeriod(LookupError):
    """Say that no month of an entity is open soon enough after a day."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold the tables that whole columns of entries are decided with."""

    entities: EntityColumns
    customers: "CustomerColumns"
    contracts: ContractColumns
    lines: LineColumns
    projects: ProjectColumns
    people: PersonColumns
    assignments: Assignments
    hour_types: HourTypes
    bill_rates: BillRates
    cost_rates: CostRates
    tax: TaxTable
    fx: FxRates
    periods: Periods


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold the master data of a tenant as known at `change_no`; built by
    `build_snapshot` and never changed.

    `sources` finds dense ids by the id a connection uses, `roles` and `activities`
    number the codes that master data names.
    """

    change_no: int
    catalogue: Catalogue
    columns: Columns
    sources: dict[tuple[int, str], dict[str, int]]
    roles: dict[str, int]
    activities: dict[str, int]
