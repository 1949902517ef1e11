"""Judge the ERP's own books: nothing lost, nothing twice, every total right."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from tools.e2e_tryton.expected import Expected, Totals
from tools.tryton.books import BookedInvoice, Books

_ZERO = Totals(Decimal(), Decimal())


def judge(expected: Expected, books: Books) -> list[str]:
    """Return a sentence for each thing that is wrong; none means proven."""
    return [
        *_unfinished(books),
        *_unbalanced(books),
        *_twice(books),
        *_customers(expected, books),
        *_accounts(expected, books),
    ]


def _unfinished(books: Books) -> Iterator[str]:
    for draft in books.open_drafts:
        yield f"{draft} was created and never posted"


def _unbalanced(books: Books) -> Iterator[str]:
    for move in books.moves:
        if not move.is_balanced:
            yield f"move {move.number} is not balanced"


def _twice(books: Books) -> Iterator[str]:
    """Count documents by what Hourline marks each with, the same on every attempt."""
    marks = Counter(f"invoice {found.reference}" for found in books.invoices)
    marks.update(f"journal {found.description}" for found in books.journals())
    for mark, times in marks.items():
        if not mark.split(" ", 1)[1]:
            yield f"{times} documents carry no mark: {mark}"
        elif times > 1:
            yield f"{mark} is booked {times} times"


def _customers(expected: Expected, books: Books) -> Iterator[str]:
    billed: dict[str, Totals] = {}
    for found in books.invoices:
        before = billed.get(found.customer, _ZERO)
        billed[found.customer] = Totals(before.net + found.net, before.tax + found.tax)
        yield from _currency(expected, found)
    for customer in sorted({*expected.customers, *billed}):
        ours = expected.customers.get(customer, _ZERO)
        theirs = billed.get(customer, _ZERO)
        if ours != theirs:
            yield (
                f"{customer} is billed {theirs.net} and tax {theirs.tax},"
                f" not {ours.net} and tax {ours.tax}"
            )


def _currency(expected: Expected, found: BookedInvoice) -> Iterator[str]:
    if found.currency != expected.currency:
        yield f"invoice {found.number} is in {found.currency}"


def _accounts(expected: Expected, books: Books) -> Iterator[str]:
    ours, theirs = expected.balances(), books.balances()
    for account in sorted({*ours, *theirs}):
        wanted, found = ours.get(account, Decimal()), theirs.get(account, Decimal())
        if wanted != found:
            yield f"account {account} holds {found}, not {wanted}"


def changes(before: Books, after: Books) -> list[str]:
    """Return a sentence for each document that differs: a replay may change none."""
    return [
        f"{change} {document}"
        for change, documents in (
            ("gone:", _documents(before) - _documents(after)),
            ("new:", _documents(after) - _documents(before)),
        )
        for document in sorted(documents, key=repr)
    ]


def _documents(books: Books) -> set[object]:
    return {*books.invoices, *books.moves}
