"""Rule: a contract brings an asset or a liability along, never both."""

from collections.abc import Iterable

from hourline.kernel.openings import OpeningPosition, RowProblem
from hourline.kernel.problems import Problem, ProblemCode


def not_net(
    positions: Iterable[tuple[OpeningPosition, str]],
) -> list[RowProblem]:
    """Return the rows that put a second side on a contract; each comes with its id."""
    sides: dict[int, tuple[str, int]] = {}
    found = []
    for position, contract in positions:
        side = _side(position)
        if side is None:
            continue
        first, line = sides.setdefault(position.contract_no, (side, position.row.line))
        if first != side:
            problem = Problem(
                ProblemCode.OPENING_NOT_NET,
                f"Contract {contract} has a {first} on line {line} and a {side} on line"
                f" {position.row.line}.",
                "Net the two and give the contract the side that is left.",
                {"contract": contract},
            )
            found.append(RowProblem(position.row.line, _COLUMNS[side], problem))
    return found


_COLUMNS = {"contract asset": "contract_asset", "contract liability": "amount"}


def _side(position: OpeningPosition) -> str | None:
    if position.liability:
        return "contract liability"
    return "contract asset" if position.row.contract_asset else None
