"""Rule: what departments charged each other nets to nothing in their entity."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hourline.proof.model import CrossChargedPair


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentNet:
    """Hold what a department was charged less what it charged, in minor units.

    Above zero its projects used more of other departments' people than others of its.
    """

    entity: str
    department: str
    currency: int
    charged: int
    recovered: int

    @property
    def net(self) -> int:
        """Return what the department bears; of an entity all add up to nothing."""
        return self.charged - self.recovered


def net_departments(pairs: Iterable[CrossChargedPair]) -> list[DepartmentNet]:
    """Return every department that is in a pair, by entity and id."""
    charged: dict[tuple[str, str, int], int] = defaultdict(int)
    recovered: dict[tuple[str, str, int], int] = defaultdict(int)
    for pair in pairs:
        charged[pair.entity, pair.project_department, pair.currency] += pair.amount
        recovered[pair.entity, pair.person_department, pair.currency] += pair.amount
    return [
        DepartmentNet(
            entity=key[0],
            department=key[1],
            currency=key[2],
            charged=charged[key],
            recovered=recovered[key],
        )
        for key in sorted(charged.keys() | recovered.keys())
    ]
