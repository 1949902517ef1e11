"""Rule: a bill of a contract is one invoice, or one for each line or project of it.

The invoices follow the ids of what they are split by. Under projects, amounts that
belong to none, such as milestones and fees, are on one invoice of their own, the first.
"""

from collections.abc import Sequence


def invoice_groups(ids: Sequence[str | None]) -> list[int]:
    """Return for each item which invoice of its customer it is on, counted from 0.

    `ids` is what splits the invoice, by item; None is no project.
    """
    order = sorted(set(ids), key=lambda id_: (id_ is not None, id_ or ""))
    position = {id_: rank for rank, id_ in enumerate(order)}
    return [position[id_] for id_ in ids]
