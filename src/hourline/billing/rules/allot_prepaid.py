"""Rule: prepaid hours are used by expiry, then purchase, then id, one block or several.

A block serves work of its contract line dated from its purchase to its expiry, both
included. An entry may span blocks; what no block has hours for is not prepaid.
"""

from collections.abc import Sequence

from hourline.billing.model_allotted import Work
from hourline.master.snapshot import Block


class BlockHours:
    """Hold the seconds that are left of blocks while work uses them up."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Take blocks in the order in which they are used."""
        self._left = {block.no: block.seconds for block in blocks}
        self._blocks: dict[int, list[Block]] = {}
        for block in blocks:
            self._blocks.setdefault(block.contract_line_no, []).append(block)

    def used_by(self, work: Work) -> tuple[tuple[int, int], ...]:
        """Return the seconds a work uses of each block, by block; expenses use none."""
        blocks = self._blocks.get(work.contract_line_no)
        if blocks is None:
            return ()
        needed = work.seconds
        used = []
        for block in blocks:
            taken = min(needed, self._left[block.no])
            if taken and block.purchased <= work.dated <= block.expires:
                self._left[block.no] -= taken
                needed -= taken
                used.append((block.no, taken))
        return tuple(sorted(used)) if used else ()
