"""Give a firm every kind of amount that is billed as it is, without time."""

from datetime import date
from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange
from tests.flow.advances import RETAINER

DESIGN = MasterChange(
    "contract_line",
    "C1.F",
    fields={
        "contract": "C1",
        "method": "fixed_price",
        "price": Decimal(1_000),
        "milestones": [
            {"id": "design", "amount": Decimal(600), "date": date(2025, 3, 10)}
        ],
    },
)
FEE = MasterChange(
    "contract_line",
    "C1.S",
    fields={
        "contract": "C1",
        "method": "recurring",
        "amount": Decimal(310),
        "every": "month",
        "start": date(2025, 3, 22),
        "end": date(2025, 12, 31),
    },
)
BLOCK = MasterChange(
    "prepaid_block",
    "B1",
    fields={
        "contract_line": "C1.1",
        "hours": Decimal(5),
        "price": Decimal(900),
        "purchased": date(2025, 3, 1),
        "expires": date(2025, 12, 31),
    },
)
AMOUNTS = (DESIGN, FEE, RETAINER, BLOCK)
