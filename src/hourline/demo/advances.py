"""Read what customers paid in advance, and how much of it is used."""

from dataclasses import dataclass

from hourline.connectors.sandbox.firm import Firm
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.money import currency_numbered

QUERIES = load_queries(__package__)
_HOUR_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Advance:
    """Hold a retainer, in minor units with tax, or a block of hours, in seconds.

    `of` is the contract or block; `unit` is the ISO 4217 code of the currency, or
    `seconds`.
    """

    what: str
    of: str
    unit: str
    paid: int
    used: int


def read_advances(session: Session, firm: Firm) -> list[Advance]:
    """Return the retainers by contract, then the blocks of prepaid hours."""
    used = dict(session.tuples(QUERIES["blocks_used"]))
    return [
        *(
            Advance("retainer", contract, currency_numbered(no).code, gross, drawn)
            for contract, no, gross, drawn in session.tuples(QUERIES["retainers"])
        ),
        *(
            Advance(
                "prepaid hours",
                block.block,
                "seconds",
                block.hours * _HOUR_SECONDS,
                used.get(block.block, 0),
            )
            for block in firm.prepaid_hours
        ),
    ]
