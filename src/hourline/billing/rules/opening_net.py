"""Rule: a contract brings an asset or a liability along, never both."""

from collections.abc import Iterable, Iterator

from hourline.kernel.openings import OpeningKind, OpeningPosition, RowProblem
from hourline.kernel.problems import Problem, ProblemCode

_ASSET, _LIABILITY = "contract asset", "contract liability"


def not_net(
    positions: Iterable[tuple[OpeningPosition, str]],
) -> list[RowProblem]:
    """Return the rows that put a second side on a contract; each comes with its id."""
    sides: dict[int, tuple[str, int]] = {}
    found = []
    for position, contract in positions:
        line = position.row.line
        for side, column in _sides(position):
            first, first_line = sides.setdefault(position.contract_no, (side, line))
            if first != side:
                problem = Problem(
                    ProblemCode.OPENING_NOT_NET,
                    f"Contract {contract} has a {first} on row {first_line} and a"
                    f" {side} on row {line}.",
                    "Net the two and give the contract the side that is left.",
                    {"contract": contract},
                )
                found.append(RowProblem(line, column, problem))
    return found


def _sides(position: OpeningPosition) -> Iterator[tuple[str, str]]:
    if position.liability:
        deferred = position.row.kind is OpeningKind.DEFERRED
        yield _LIABILITY, "amount" if deferred else "contract_liability"
    if position.row.contract_asset:
        yield _ASSET, "contract_asset"
