"""Compare what Hourline says it booked with the books of the receiving systems."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any

from hourline.connectors.sandbox.finance import build_accounts
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_numbered, currency_of, minor_units
from hourline.proof.balances import RoleBalance
from hourline.proof.intercompany import PairMonth
from hourline.proof.statement import Equation, Statement

# A draft that was never posted has no effect on a ledger; it is no document.
_DRAFT = "draft"
_INVOICES = frozenset({"invoice", "credit_note"})

Books = Mapping[str, Iterable[Mapping[str, Any]]]


def receiver_equations(statement: Statement, books: Books) -> list[Equation]:
    """Return, per receiving system, intents against the documents it holds."""
    planned: Counter[str] = Counter()
    confirmed: Counter[str] = Counter()
    for row in statement.intents:
        planned[row.connection] += row.intents
        if row.state == "confirmed":
            confirmed[row.connection] += row.intents
    return [
        equation
        for name, documents in sorted(books.items())
        for equation in (
            Equation(
                f"intents = documents at {name}",
                "documents",
                planned[name],
                sum(document.get("state") != _DRAFT for document in documents),
            ),
            Equation(
                f"intents = receipts from {name}",
                "documents",
                planned[name],
                confirmed[name],
            ),
        )
    ]


def ledger_equations(ledgers: Books) -> list[Equation]:
    """Return debits against credits in the books of the ERPs, per currency."""
    lines = [
        (currency_of(document["currency"]), line)
        for documents in ledgers.values()
        for document in documents
        if document.get("state") != _DRAFT
        for line in document["lines"]
    ]
    sides: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for currency, line in lines:
        for side in ("debit", "credit"):
            sides[currency.code][side] += minor_units(Decimal(line[side]), currency)
    return [
        Equation("debits = credits at the ERPs", code, found["debit"], found["credit"])
        for code, found in sorted(sides.items())
    ]


def told_equation(statement: Statement, told: Iterable[str]) -> Equation:
    """Return the entries on invoices against the ids that their sources were told."""
    posted = sum(row.entries for row in statement.entries if row.state == "posted")
    return Equation(
        "entries invoiced = told to the systems they came from",
        "entries",
        posted,
        len(set(told)),
    )


def receivable_accounts() -> frozenset[str]:
    """Return the account numbers of receivables in the sandbox firm's charts."""
    return frozenset(
        found.number for found in build_accounts() if found.role is Role.RECEIVABLE
    )


def invoice_equations(
    statement: Statement, ledgers: Books, receivables: Collection[str]
) -> list[Equation]:
    """Return invoices less credit notes against what stands on the ERPs' receivables.

    In the currency of the books. `receivables` are the account numbers of the role; the
    ERPs' documents of kind invoice and credit note count, drafts do not.
    """
    held: dict[str, int] = defaultdict(int)
    for documents in ledgers.values():
        for document in documents:
            if document["kind"] in _INVOICES and document.get("state") != _DRAFT:
                currency = currency_of(document["currency"])
                held[currency.code] += sum(
                    minor_units(
                        Decimal(line["debit"]) - Decimal(line["credit"]), currency
                    )
                    for line in document["lines"]
                    if line["account"] in receivables
                )
    return [
        Equation(
            "invoices less credit notes = receivables at the ERPs",
            row.currency,
            row.receivable_in_books,
            held[row.currency],
        )
        for row in statement.money
    ]


def balance_equations(
    balances: Iterable[RoleBalance], ledgers: Books
) -> list[Equation]:
    """Return the accounts with a balance against those that the ERP has alike.

    One equation for each entity; an account counts where either side has a balance.
    """
    accounts = {(a.entity, a.number): a.role for a in build_accounts()}
    theirs: dict[tuple[str, Role], int] = defaultdict(int)
    for document in chain.from_iterable(ledgers.values()):
        if document.get("state") == _DRAFT:
            continue
        currency = currency_of(document["currency"])
        for line in document["lines"]:
            role = accounts[document["entity"], line["account"]]
            moved = Decimal(line["debit"]) - Decimal(line["credit"])
            theirs[document["entity"], role] += minor_units(moved, currency)
    ours = {(row.entity, row.role): row.amount for row in balances}
    used = {key for key, amount in (*ours.items(), *theirs.items()) if amount}
    return [
        Equation(
            f"accounts with a balance = with the same at the ERP, {entity}",
            "accounts",
            sum(one == entity for one, _ in used),
            sum(
                one == entity and ours.get((one, role), 0) == theirs[one, role]
                for one, role in used
            ),
        )
        for entity in sorted({one for one, _ in used})
    ]


def between_equations(months: Iterable[PairMonth]) -> list[Equation]:
    """Return what each lender booked of its lent work against the borrower's books."""
    return [
        equation
        for month in months
        for equation in (
            Equation(
                f"revenue of {month.lender} = cost of {month.borrower}, work lent",
                currency_numbered(month.currency).code,
                month.revenue,
                month.cost,
            ),
            Equation(
                f"receivable of {month.lender} = payable of {month.borrower}",
                currency_numbered(month.currency).code,
                month.receivable,
                month.payable,
            ),
        )
    ]
