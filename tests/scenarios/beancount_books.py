"""Let beancount, which knows nothing of Hourline, add the books of a firm up."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from beancount import loader
from beancount.core import data

from hourline.proof.books import export_books
from hourline.proof.rules.plain_text_books import KIND_OF, Layout
from hourline.scenarios.firm import Firm

Balances = dict[str, Decimal]


def both_balances(firm: Firm, entities: Iterable[str]) -> tuple[Balances, Balances]:
    """Return what beancount finds on each account, and what Hourline does.

    Raises AssertionError where beancount finds an error.
    """
    with firm.books() as books:
        text = export_books(books.session, Layout.BEANCOUNT)
        ours = {
            f"{KIND_OF[role]}:{entity}:{role.name.replace('_', '').lower()}": amount
            for entity in entities
            for role, amount in books.balances(entity).items()
        }
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    return _balances(entries), {name: amount for name, amount in ours.items() if amount}


def _balances(entries: data.Entries) -> Balances:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                kind, entity, role = posting.account.split(":")
                assert posting.units is not None
                assert posting.units.number is not None
                sums[f"{kind}:{entity}:{role.lower()}"] += posting.units.number
    return {name: amount for name, amount in sums.items() if amount}
