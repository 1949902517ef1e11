"""Put a preview into the plain values that a second person approves by their hash."""

from dataclasses import asdict

from hourline.flow.correcting.figures import Figures, Moved
from hourline.flow.correcting.previews import Changed, Preview
from hourline.flow.correcting.selecting import Selection
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_numbered, major_units

_Totals = dict[tuple[str, int], list[int]]


def told_preview(preview: Preview, selection: Selection) -> dict[str, object]:
    """Return what a preview says, all entries together; amounts in major units."""
    named = selection.entries
    said = asdict(selection)
    # A whole selection is told as it was before there were parts: its hash is the same.
    if said["among"] is None:
        del said["among"]
    return {
        "act": str(preview.wish.act),
        "to_project": preview.wish.project,
        "selection": {
            **said,
            "entries": None if named is None else len(named),
        },
        "entries": len(preview.changed),
        "refused": [
            {"entry": named.entry, "code": problem.code}
            for named, problem in preview.refused
        ],
        "unchanged": preview.unchanged,
        "invoiced": preview.invoiced,
        "totals": totals_of(preview.changed),
        "moved": [moved_values(one) for one in preview.moved],
    }


def totals_of(changed: list[Changed]) -> list[dict[str, object]]:
    """Return what entries are worth by contract and currency, before and after."""
    totals: _Totals = {}
    for one in changed:
        _add(totals, one.before, place=0)
        _add(totals, one.after, place=1)
    return [
        {
            "contract": contract,
            "currency": currency_numbered(currency).code,
            "before": major_units(worth[0], currency_numbered(currency)),
            "after": major_units(worth[1], currency_numbered(currency)),
        }
        for (contract, currency), worth in sorted(totals.items())
    ]


def _add(totals: _Totals, figures: Figures | None, *, place: int) -> None:
    if figures is not None:
        key = (figures.contract, figures.currency)
        totals.setdefault(key, [0, 0])[place] += figures.worth


def moved_values(one: Moved) -> dict[str, object]:
    """Return by how much an account of an entity moves, in major units."""
    currency = currency_numbered(one.currency)
    return {
        "entity": one.entity,
        "role": Role(one.role).name.lower(),
        "account": one.account,
        "currency": currency.code,
        "amount": major_units(one.amount, currency),
    }
