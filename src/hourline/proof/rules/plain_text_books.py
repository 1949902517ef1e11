"""Write journal lines as plain text accounting: beancount or hledger journals.

Each line of the books is a transaction of two postings in the currency of the entity,
so that a program that knows nothing of Hourline adds the books up again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import currency_numbered, major_units


class Layout(StrEnum):
    """Name the languages of plain text accounting the books can be written in."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


@dataclass(frozen=True, slots=True)
class BookLine:
    """Hold one journal line with what caused it; amounts in minor units."""

    line_no: int
    accounting_date: date
    document_date: date
    entity: str
    debit: int
    credit: int
    effect: int
    mirror: bool
    currency: int
    amount: int
    entity_currency: int
    entity_amount: int
    cause_name: str


# The kind of account both languages want to know of each role.
KIND_OF: Mapping[Role, str] = {
    Role.COST: "Expenses",
    Role.PAYROLL_ALLOCATION: "Expenses",
    Role.WIP: "Assets",
    Role.ACCRUED_REVENUE: "Income",
    Role.RECEIVABLE: "Assets",
    Role.REVENUE: "Income",
    Role.TAX_PAYABLE: "Liabilities",
    Role.EXPENSE_COST: "Expenses",
    Role.EXPENSE_CLEARING: "Liabilities",
    Role.CONTRACT_LIABILITY: "Liabilities",
    Role.CONTRACT_ASSET: "Assets",
    Role.IC_WIP: "Assets",
    Role.IC_ACCRUED_REVENUE: "Income",
    Role.IC_RECEIVABLE: "Assets",
    Role.IC_REVENUE: "Income",
    Role.IC_COST: "Expenses",
    Role.IC_PAYABLE: "Liabilities",
    Role.FX_GAIN_LOSS: "Income",
    Role.ROUNDING: "Expenses",
    Role.CASH: "Assets",
    Role.WRITE_OFF: "Expenses",
    Role.OPENING_BALANCE: "Equity",
    Role.INPUT_TAX: "Assets",
    Role.VENDOR_PAYABLE: "Liabilities",
    Role.ONEROUS_COST: "Expenses",
    Role.ONEROUS_PROVISION: "Liabilities",
    Role.CROSS_CHARGE: "Expenses",
    Role.CROSS_CHARGE_RECOVERY: "Expenses",
    Role.RETAINAGE: "Assets",
}
_NO_ACCOUNT_LETTERS = re.compile(r"[^A-Za-z0-9]+")


def plain_text(lines: Sequence[BookLine], layout: Layout) -> str:
    """Return the lines, which are in the order of the books, in a language."""
    accounts = _accounts(lines)
    write = _beancount if layout is Layout.BEANCOUNT else _hledger
    return "\n".join(write(lines, accounts)) + "\n"


def _accounts(lines: Iterable[BookLine]) -> dict[tuple[str, int], str]:
    names: dict[str, str] = {}
    accounts: dict[tuple[str, int], str] = {}
    for line in lines:
        entity = names.get(line.entity)
        if entity is None:
            entity = names[line.entity] = _distinct(line.entity, set(names.values()))
        for number in (line.debit, line.credit):
            role = Role(number)
            accounts[line.entity, number] = f"{KIND_OF[role]}:{entity}:{_spoken(role)}"
    return accounts


def _distinct(entity: str, taken: set[str]) -> str:
    """Return an entity's id as the part of an account name, unlike all others."""
    cleaned = _NO_ACCOUNT_LETTERS.sub("-", entity).strip("-")
    name = plain = f"E{cleaned}" if not cleaned[:1].isupper() else cleaned
    count = 1
    while name in taken:
        count += 1
        name = f"{plain}-{count}"
    return name


def _spoken(role: Role) -> str:
    return "".join(word.capitalize() for word in role.name.split("_"))


def _beancount(
    lines: Sequence[BookLine], accounts: Mapping[tuple[str, int], str]
) -> Iterator[str]:
    yield "; Journal lines of Hourline, for beancount."
    opened: dict[str, date] = {}
    for line in lines:
        for number in (line.debit, line.credit):
            opened.setdefault(accounts[line.entity, number], line.accounting_date)
    for account, day in sorted(opened.items()):
        yield f"{day} open {account}"
    for line in lines:
        yield ""
        about = f'"{_text(line.cause_name)}" "{_meaning(line)}"'
        yield f"{line.accounting_date} * {about}"
        yield f"  line: {line.line_no}"
        yield f"  document-date: {line.document_date}"
        if line.currency != line.entity_currency:
            yield f"  document-amount: {_money(line.amount, line.currency)}"
        yield from _postings(line, accounts)


def _hledger(
    lines: Sequence[BookLine], accounts: Mapping[tuple[str, int], str]
) -> Iterator[str]:
    yield "; Journal lines of Hourline, for hledger."
    for line in lines:
        yield ""
        payee = line.cause_name.replace("|", "/").replace(";", ",").replace("\n", " ")
        yield f"{line.accounting_date} * ({line.line_no}) {payee} | {_meaning(line)}"
        yield f"    ; document-date: {line.document_date}"
        if line.currency != line.entity_currency:
            yield f"    ; document-amount: {_money(line.amount, line.currency)}"
        yield from _postings(line, accounts, indent="    ")


def _postings(
    line: BookLine, accounts: Mapping[tuple[str, int], str], *, indent: str = "  "
) -> Iterator[str]:
    for number, amount in (
        (line.debit, line.entity_amount),
        (line.credit, -line.entity_amount),
    ):
        money = _money(amount, line.entity_currency)
        yield f"{indent}{accounts[line.entity, number]}  {money}"


def _meaning(line: BookLine) -> str:
    effect = Effect(line.effect).name.lower().replace("_", " ")
    return f"reversal of {effect}" if line.mirror else effect


def _money(amount: int, number: int) -> str:
    currency = currency_numbered(number)
    return f"{major_units(amount, currency):f} {currency.code}"


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
