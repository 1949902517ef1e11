"""Read the ERP's books for judging, by nothing that posted into them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.tryton.rpc import Session

_PAGE = 500
_INVOICE = tuple(
    "number state reference description invoice_date currency.code party.code"
    " untaxed_amount tax_amount total_amount move".split()
)
_INVOICE_LINE = tuple(
    "invoice description quantity unit_price amount account.code taxes.name".split()
)
_MOVE = ("number", "state", "description", "date", "period.name", "origin")
_MOVE_LINE = tuple(
    "move account.code debit credit party.code analytic_state"
    " analytic_lines.account.code".split()
)


@dataclass(frozen=True)
class BookedInvoiceLine:
    """Hold one line of an invoice."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    account: str
    taxes: tuple[str, ...]


@dataclass(frozen=True)
class BookedInvoice:
    """Hold a customer invoice or credit note as the ERP shows it."""

    id: int
    number: str | None
    state: str
    reference: str
    description: str
    invoice_date: date | None
    currency: str
    customer: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    move: int | None
    lines: tuple[BookedInvoiceLine, ...]


@dataclass(frozen=True)
class BookedLine:
    """Hold one line of a move; one of debit and credit is zero."""

    account: str
    debit: Decimal
    credit: Decimal
    party: str | None
    analytic_state: str
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class BookedMove:
    """Hold a journal as the ERP shows it; an invoice's own move has it as origin."""

    id: int
    number: str | None
    state: str
    description: str
    accounting_date: date
    period: str
    origin: str | None
    lines: tuple[BookedLine, ...]

    @property
    def is_balanced(self) -> bool:
        """Tell whether debits and credits are equal."""
        return sum(line.debit - line.credit for line in self.lines) == 0


@dataclass(frozen=True)
class Books:
    """Hold all documents of one company, drafts too."""

    company: str
    invoices: tuple[BookedInvoice, ...]
    moves: tuple[BookedMove, ...]

    @property
    def open_drafts(self) -> list[str]:
        """Name the documents that were created and never posted."""
        invoices = [
            f"invoice {found.id} {found.reference}"
            for found in self.invoices
            if found.state not in {"posted", "paid"}
        ]
        return invoices + [
            f"move {found.id} {found.description}"
            for found in self.moves
            if found.state != "posted"
        ]

    def balances(self) -> dict[str, Decimal]:
        """Return debits less credits of each account in posted moves."""
        found: defaultdict[str, Decimal] = defaultdict(Decimal)
        for move in self.moves:
            for line in move.lines if move.state == "posted" else ():
                found[line.account] += line.debit - line.credit
        return dict(found)

    def journals(self) -> tuple[BookedMove, ...]:
        """Return the moves that no invoice of the ERP made."""
        return tuple(move for move in self.moves if not move.origin)


def read_books(admin: Session, company: int) -> Books:
    """Read everything of a company."""
    within = admin.within(company=company)
    name = within.find("company.company", [["id", "=", company]], ("party.code",))
    return Books(
        name[0]["party."]["code"], _invoices(within, company), _moves(within, company)
    )


def _invoices(within: Session, company: int) -> tuple[BookedInvoice, ...]:
    mine: list[object] = [["company", "=", company], ["type", "=", "out"]]
    rows = _all(within, "account.invoice", mine, _INVOICE)
    belongs: list[object] = [["invoice.company", "=", company], ["type", "=", "line"]]
    lines: defaultdict[int, list[BookedInvoiceLine]] = defaultdict(list)
    for row in _all(within, "account.invoice.line", belongs, _INVOICE_LINE):
        lines[row["invoice"]].append(
            BookedInvoiceLine(
                description=row["description"] or "",
                # Tryton keeps quantities as binary fractions; its digits are meant.
                quantity=Decimal(repr(row["quantity"])),
                unit_price=row["unit_price"],
                net=row["amount"],
                account=row["account."]["code"],
                taxes=tuple(sorted(tax["name"] for tax in row["taxes."])),
            )
        )
    return tuple(
        BookedInvoice(
            id=row["id"],
            number=row["number"],
            state=row["state"],
            reference=row["reference"] or "",
            description=row["description"] or "",
            invoice_date=row["invoice_date"],
            currency=row["currency."]["code"],
            customer=row["party."]["code"],
            net=row["untaxed_amount"],
            tax=row["tax_amount"],
            gross=row["total_amount"],
            move=row["move"],
            lines=tuple(lines[row["id"]]),
        )
        for row in rows
    )


def _moves(within: Session, company: int) -> tuple[BookedMove, ...]:
    rows = _all(within, "account.move", [["company", "=", company]], _MOVE)
    belongs: list[object] = [["move.company", "=", company]]
    lines: defaultdict[int, list[BookedLine]] = defaultdict(list)
    for row in _all(within, "account.move.line", belongs, _MOVE_LINE):
        party = row["party."]
        lines[row["move"]].append(
            BookedLine(
                account=row["account."]["code"],
                debit=row["debit"],
                credit=row["credit"],
                party=party["code"] if party else None,
                analytic_state=row["analytic_state"],
                dimensions=tuple(
                    sorted(each["account."]["code"] for each in row["analytic_lines."])
                ),
            )
        )
    return tuple(
        BookedMove(
            id=row["id"],
            number=row["number"],
            state=row["state"],
            description=row["description"] or "",
            accounting_date=row["date"],
            period=row["period."]["name"],
            origin=row["origin"],
            lines=tuple(lines[row["id"]]),
        )
        for row in rows
    )


def _all(
    within: Session, model: str, domain: list[object], fields: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Read page by page in the order of ids, since a page has a size limit."""
    rows: list[dict[str, Any]] = []
    while True:
        after = rows[-1]["id"] if rows else 0
        page: list[dict[str, Any]] = within.call(
            f"model.{model}.search_read",
            [*domain, ["id", ">", after]],
            0,
            _PAGE,
            [["id", "ASC"]],
            ["id", *fields],
        )
        rows += page
        if len(page) < _PAGE:
            return rows
