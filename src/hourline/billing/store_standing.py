"""Read what stands of contracts and entities: in whose books, in what currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import Fate, Role

# Of the contracting entity; what work costs is in the books of who provides it.
_OF_CONTRACTS = (
    Role.WIP,
    Role.ACCRUED_REVENUE,
    Role.RECEIVABLE,
    Role.REVENUE,
    Role.TAX_PAYABLE,
    Role.CONTRACT_LIABILITY,
    Role.CONTRACT_ASSET,
    Role.WRITE_OFF,
    Role.ONEROUS_COST,
    Role.ONEROUS_PROVISION,
    Role.RETAINAGE,
)


@dataclass(frozen=True, slots=True)
class StandingOfContract:
    """Hold how much of a kind stands of a contract.

    An amount that was reached, but is on no invoice yet, is in nobody's books.
    `currency` is the ISO 4217 number of the contract's money, `roles` those that have
    a balance in it.
    """

    contract_no: int
    kind: Literal["work", "invoice", "amount", "opening", "balance"]
    entity_no: int | None
    currency: int
    count: int
    roles: list[int] | None


@dataclass(frozen=True, slots=True)
class StandingOfEntity:
    """Hold how many journal lines a legal entity has in one currency of its books."""

    entity_no: int
    currency: int
    count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class StandingOfLine:
    """Hold how many entries, amounts and figures of revenue a contract line has."""

    contract_line_no: int
    count: int


def read_standing_of_contracts(
    session: Session, contract_nos: Iterable[int], cost_line_nos: Iterable[int]
) -> list[StandingOfContract]:
    """Return what stands of contracts and would be wrong in other books.

    `cost_line_nos` are the contract lines whose revenue may follow what work costs.
    """
    return session.all(
        QUERIES["standing_of_contracts"],
        StandingOfContract,
        contract_nos=sorted(contract_nos),
        cost_line_nos=sorted(cost_line_nos),
        fate_non_billable=int(Fate.NON_BILLABLE),
        roles=[int(role) for role in _OF_CONTRACTS],
    )


def read_standing_of_entities(
    session: Session, entity_nos: Iterable[int]
) -> list[StandingOfEntity]:
    """Return what is booked of legal entities, also what was taken back since."""
    return session.all(
        QUERIES["standing_of_entities"],
        StandingOfEntity,
        entity_nos=sorted(entity_nos),
    )


def read_standing_of_lines(
    session: Session, contract_of_line: Mapping[int, int], cost_line_nos: Iterable[int]
) -> list[StandingOfLine]:
    """Return the contract lines of which anything stands in their contract's books.

    `cost_line_nos` are the contract lines whose revenue may follow what work costs.
    """
    return session.all(
        QUERIES["standing_of_lines"],
        StandingOfLine,
        contract_nos=sorted(set(contract_of_line.values())),
        line_nos=sorted(contract_of_line),
        cost_line_nos=sorted(cost_line_nos),
        fate_non_billable=int(Fate.NON_BILLABLE),
    )
