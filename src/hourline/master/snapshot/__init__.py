"""Hold master data as known at one change: built once, handed down the pipeline."""

from hourline.master.snapshot.allotting import Block, ContractTerms
from hourline.master.snapshot.bill_rates import RateLevel
from hourline.master.snapshot.build import build_snapshot
from hourline.master.snapshot.closing import (
    EntryLocks,
    Lock,
    entry_locks,
    has_right,
    holding_late_work,
    holding_prices,
    into_soft_closed,
)
from hourline.master.snapshot.customer_limits import CustomerCap
from hourline.master.snapshot.fees import fee_on
from hourline.master.snapshot.groups import (
    GroupInForce,
    GroupNotKnown,
    group_in_force,
)
from hourline.master.snapshot.limits import Cap, Span, SpanCap
from hourline.master.snapshot.missing import FxRateMissing, NoOpenPeriod, NoTable
from hourline.master.snapshot.periods import NO_MONTH
from hourline.master.snapshot.places import EntityColumns
from hourline.master.snapshot.records import (
    ContractInForce,
    EntityInForce,
    InForce,
    LineInForce,
    PersonInForce,
    ProjectInForce,
    RecordNotKnown,
)
from hourline.master.snapshot.routes import (
    RouteInForce,
    RouteScope,
    columns_of,
    routes_in_force,
)
from hourline.master.snapshot.shares import (
    WHOLE_PPM,
    ContractShares,
    CustomerShare,
)
from hourline.master.snapshot.transfer_prices import TransferTerms
from hourline.master.snapshot.unusable import UnusableRecord
from hourline.master.snapshot.view import Snapshot

__all__ = [
    "NO_MONTH",
    "WHOLE_PPM",
    "Block",
    "Cap",
    "ContractInForce",
    "ContractShares",
    "ContractTerms",
    "CustomerCap",
    "CustomerShare",
    "EntityColumns",
    "EntityInForce",
    "EntryLocks",
    "FxRateMissing",
    "GroupInForce",
    "GroupNotKnown",
    "InForce",
    "LineInForce",
    "Lock",
    "NoOpenPeriod",
    "NoTable",
    "PersonInForce",
    "ProjectInForce",
    "RateLevel",
    "RecordNotKnown",
    "RouteInForce",
    "RouteScope",
    "Snapshot",
    "Span",
    "SpanCap",
    "TransferTerms",
    "UnusableRecord",
    "build_snapshot",
    "columns_of",
    "entry_locks",
    "fee_on",
    "group_in_force",
    "has_right",
    "holding_late_work",
    "holding_prices",
    "into_soft_closed",
    "routes_in_force",
]
