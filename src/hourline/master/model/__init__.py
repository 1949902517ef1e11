"""Describe the kinds of master data; amounts are exact decimals in major units."""

from collections.abc import Mapping
from datetime import date

import msgspec

from hourline.master.model.agreements import (
    Activity,
    Assignment,
    Contract,
    ContractCustomer,
    ContractLine,
    LineCustomerLimit,
    Milestone,
    PrepaidBlock,
    Project,
)
from hourline.master.model.books import (
    ExceptionRoute,
    LedgerAccount,
    PostingPeriod,
    TargetRecord,
    TargetRoute,
    ValidationSeverity,
)
from hourline.master.model.closing import EntryLock, Right, UserRight
from hourline.master.model.parties import (
    Addressed,
    Calendar,
    CostCentre,
    CostRate,
    Customer,
    EntityGroup,
    Leave,
    LegalEntity,
    Person,
    ServiceLine,
    Vendor,
)
from hourline.master.model.record import (
    Record,
)
from hourline.master.model.rules import (
    BillRate,
    CrossCharge,
    CrossChargeModel,
    FxRate,
    HourType,
    TaxRule,
    TimeRounding,
    TransferPrice,
    TransferPriceModel,
)

__all__ = [
    "KINDS",
    "KIND_BY_NAME",
    "Activity",
    "Addressed",
    "Assignment",
    "BillRate",
    "Calendar",
    "Contract",
    "ContractCustomer",
    "ContractLine",
    "CostCentre",
    "CostRate",
    "CrossCharge",
    "CrossChargeModel",
    "CrossReference",
    "Customer",
    "EntityGroup",
    "EntryLock",
    "ExceptionRoute",
    "FxRate",
    "HourType",
    "Leave",
    "LedgerAccount",
    "LegalEntity",
    "LineCustomerLimit",
    "MasterVersion",
    "Milestone",
    "Person",
    "PostingPeriod",
    "PrepaidBlock",
    "Project",
    "Record",
    "Right",
    "ServiceLine",
    "TargetRecord",
    "TargetRoute",
    "TaxRule",
    "TimeRounding",
    "TransferPrice",
    "TransferPriceModel",
    "UserRight",
    "ValidationSeverity",
    "Vendor",
]

# In dependency order: a record may refer only to kinds above its own.
KINDS: tuple[type[Record], ...] = (
    EntityGroup,
    LegalEntity,
    CostCentre,
    ServiceLine,
    Calendar,
    Customer,
    Vendor,
    Person,
    Leave,
    CostRate,
    Contract,
    ContractCustomer,
    ContractLine,
    LineCustomerLimit,
    PrepaidBlock,
    Project,
    Assignment,
    BillRate,
    HourType,
    TransferPrice,
    CrossCharge,
    TimeRounding,
    TaxRule,
    FxRate,
    LedgerAccount,
    PostingPeriod,
    TargetRecord,
    TargetRoute,
    ExceptionRoute,
    ValidationSeverity,
    EntryLock,
    UserRight,
)
KIND_BY_NAME: Mapping[str, type[Record]] = {kind.kind: kind for kind in KINDS}


class MasterVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one recorded version of a record; effective_until is exclusive.

    One that is `withdrawn` says that the record says nothing from its date on.
    """

    master_no: int
    change_no: int
    id: str
    effective_from: date
    effective_until: date
    content: Record
    withdrawn: bool = False


class CrossReference(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the id a system uses for a record."""

    connection_no: int
    kind: str
    source_id: str
    master_no: int
