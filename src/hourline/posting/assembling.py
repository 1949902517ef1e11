"""Assemble the documents that receiving systems are told, from what was issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.connectors.sdk.documents import (
    BilledLine,
    InvoiceDocument,
    LedgerLine,
    WriteBack,
    WrittenEntry,
)
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect, IntentState, Role
from hourline.kernel.money import Currency, currency_numbered, major_units
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE
from hourline.master.snapshot import RouteScope, columns_of
from hourline.posting.rules.sum_billed import BilledSum, sum_billed

QUERIES = load_queries(__package__)
# An intent in one of these goes no further by itself.
_AT_REST = (
    IntentState.CONFIRMED,
    IntentState.REJECTED,
    IntentState.MISMATCH,
    IntentState.QUARANTINED,
    IntentState.CANCELLED,
    IntentState.SHADOWED,
)
# Sale and tax travel with their invoice or credit note; the ERP was opened with what
# it has of an acquired unit.
_ON_NO_JOURNAL = (Effect.SALE, Effect.TAX, Effect.OPENING)
_PPM_PER_PERCENT = 10_000
_PPM = 1_000_000
# Hours are shown to a hundred-thousandth: a second is 0.00028 of an hour.
_HOURS_SCALE = 100_000


@dataclass(frozen=True, slots=True)
class _Head:
    document_no: int
    kind: int
    number: str
    entity: str
    customer: str
    currency: int
    invoice_date: date
    accounting_date: date
    due_date: date
    net: int
    tax: int
    total: int
    credits_number: str | None


@dataclass(frozen=True, slots=True)
class _Line:
    line_no: int
    description: str
    seconds: int
    rate_amount: int
    rate_seconds: int
    share_ppm: int
    net: int
    tax: int
    tax_rate_ppm: int
    source: str | None


@dataclass(frozen=True, slots=True)
class LineOrigin:
    """Say which project a line of a document bills, and by which tax rule.

    `role` is the role it is sold from: revenue, or what is not earned yet.
    """

    line_no: int
    project_no: int | None
    tax_rule_no: int | None
    role: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldFrom:
    """Hold what a target that books lines needs of one: account, dimensions, tax."""

    account: str
    dimensions: dict[str, str]
    tax_code: str


@dataclass(frozen=True, slots=True)
class _Billed:
    source_id: str
    seconds: int
    net: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Say where documents of a kind go, which of them, and whether summarised.

    `yields_to` is what more specific routes to the same connection cover. One that
    compares sends nothing; `compared` are those beside it which do, of the same kind
    and connection, and what they cover is not sent along this one either.
    """

    kind: DocumentKind
    connection_no: int
    scope: RouteScope
    yields_to: tuple[RouteScope, ...] = ()
    detailed: bool = False
    monthly: bool = False
    group: str | None = None
    compares: bool = False
    compared: tuple["Route", ...] = ()


def beside_compared(routes: Sequence[Route]) -> list[Route]:
    """Return the routes, each knowing those which only compare where it leads.

    Invoices come before the credit notes that take them back.
    """
    return [
        replace(
            route,
            compared=tuple(
                other
                for other in routes
                if other.compares
                and (other.kind, other.connection_no)
                == (route.kind, route.connection_no)
            ),
        )
        for route in sorted(routes, key=lambda route: route.kind)
    ]


def unplanned_documents(session: Session, route: Route) -> list[int]:
    """Return the documents of a route without an intent or group at its connection."""
    is_journal = route.kind is DocumentKind.JOURNAL
    rows = session.tuples(
        QUERIES["unplanned_journals" if is_journal else "unplanned_documents"],
        kind=route.kind,
        connection_no=route.connection_no,
        entity_no=route.scope.entity_no,
        effect=route.scope.effect,
        effective_from=route.scope.effective_from,
        effective_until=route.scope.effective_until,
        invoice=DocumentKind.INVOICE,
        confirmed=IntentState.CONFIRMED,
        **columns_of(route.yields_to, "taken"),
        **_not_sent(route.compared),
    )
    return [number for (number,) in rows]


def unrouted_documents(
    session: Session, routes: Sequence[Route], *, lines: bool
) -> list[tuple[DocumentKind, int, int, date]]:
    """Return kind, entity, number and first day of documents that go nowhere.

    With `lines`, journals that are not made yet count too, by their lines; to look for
    those takes a while where there are many.
    """
    rows = session.tuples(
        QUERIES["unrouted_documents"],
        lines=lines,
        journal=DocumentKind.JOURNAL,
        journal_effects=[
            int(effect) for effect in Effect if effect not in _ON_NO_JOURNAL
        ],
        kinds=[int(route.kind) for route in routes],
        connection_nos=[route.connection_no for route in routes],
        **columns_of([route.scope for route in routes], "route"),
        shadowed=IntentState.SHADOWED,
    )
    return [(DocumentKind(kind), *rest) for kind, *rest in rows]


def untold_documents(
    session: Session,
    connection_nos: Sequence[int],
    *,
    compared: Sequence[Route] = (),
) -> list[tuple[int, int]]:
    """Return (document, source) pairs: booked everywhere, but the source not told.

    What the routes in `compared` cover is told to nobody.
    """
    rows = session.tuples(
        QUERIES["confirmed_documents"],
        connection_nos=list(connection_nos),
        confirmed=IntentState.CONFIRMED,
        write_back=DocumentKind.WRITE_BACK,
        at_rest=[int(state) for state in _AT_REST],
        shadowed=IntentState.SHADOWED,
        **_not_sent(compared),
    )
    return [(document_no, connection_no) for document_no, connection_no in rows]


def _not_sent(compared: Sequence[Route]) -> dict[str, object]:
    return {**columns_of([route.scope for route in compared], "compared")}


def entity_currency(session: Session, document_no: int) -> int:
    """Return the ISO 4217 number of the books an invoice or credit note is in."""
    number = session.value(
        QUERIES["document_entity_currency"], int, document_no=document_no
    )
    if number is None:
        raise LookupError(f"there is no document {document_no}")
    return number


def line_origins(
    session: Session, document_no: int, kind: DocumentKind
) -> list[LineOrigin]:
    """Return what each line of an invoice or credit note bills, in their order."""
    cause = Cause.INVOICE if kind is DocumentKind.INVOICE else Cause.CREDIT_NOTE
    return session.all(
        QUERIES["line_origins"],
        LineOrigin,
        document_no=document_no,
        cause=int(cause),
        sale=int(Effect.SALE),
        receivable=int(Role.RECEIVABLE),
        revenue=int(Role.REVENUE),
    )


def invoice_document(
    session: Session,
    document_no: int,
    ledger_lines: Sequence[LedgerLine],
    *,
    sold_from: Mapping[int, SoldFrom],
    detailed: bool = True,
) -> InvoiceDocument:
    """Return an issued invoice or credit note as receiving systems are told it.

    Not `detailed`, it has one line per account, dimensions and tax.
    """
    head = session.one(QUERIES["document_head"], _Head, document_no=document_no)
    lines = session.all(QUERIES["document_lines"], _Line, document_no=document_no)
    currency = currency_numbered(head.currency)
    return InvoiceDocument(
        kind=DocumentKind(head.kind),
        number=head.number,
        entity=head.entity,
        customer=head.customer,
        currency=currency.code,
        invoice_date=head.invoice_date,
        accounting_date=head.accounting_date,
        due_date=head.due_date,
        net=_major(head.net, currency),
        tax=_major(head.tax, currency),
        total=_major(head.total, currency),
        lines=tuple(
            _billed_line(line, currency, sold_from[line.line_no]) for line in lines
        )
        if detailed
        else _summed_lines(lines, currency, sold_from),
        ledger_lines=tuple(ledger_lines),
        credits_number=head.credits_number,
    )


def write_back_document(
    session: Session, document_no: int, connection_no: int
) -> WriteBack:
    """Return what a source is told of a document that bills its time entries."""
    head = session.one(QUERIES["document_head"], _Head, document_no=document_no)
    currency = currency_numbered(head.currency)
    billed = session.all(
        QUERIES["billed_entries"],
        _Billed,
        document_no=document_no,
        connection_no=connection_no,
    )
    invoiced = head.kind == DocumentKind.INVOICE
    return WriteBack(
        invoice_number=head.number,
        status="invoiced" if invoiced else "credited",
        currency=currency.code,
        amount=_major(sum(row.net for row in billed), currency),
        entries=tuple(
            WrittenEntry(
                time_entry=row.source_id,
                seconds=row.seconds,
                amount=_major(row.net, currency),
            )
            for row in billed
        ),
    )


def _billed_line(line: _Line, currency: Currency, sold_from: SoldFrom) -> BilledLine:
    return BilledLine(
        description=line.description,
        quantity=_decimal(Fraction(line.seconds, HOUR_SECONDS), _HOURS_SCALE),
        unit_price=_unit_price(line, currency),
        net=_major(line.net, currency),
        tax=_major(line.tax, currency),
        tax_rate=_tax_rate(line.tax_rate_ppm),
        source=line.source or "",
        account=sold_from.account,
        tax_code=sold_from.tax_code,
        dimensions=sold_from.dimensions,
    )


def _summed_lines(
    lines: Sequence[_Line], currency: Currency, sold_from: Mapping[int, SoldFrom]
) -> tuple[BilledLine, ...]:
    sums = sum_billed(
        BilledSum(
            account=sold_from[line.line_no].account,
            dimensions=tuple(sold_from[line.line_no].dimensions.items()),
            tax_code=sold_from[line.line_no].tax_code,
            tax_rate_ppm=line.tax_rate_ppm,
            lines=1,
            seconds=line.seconds,
            net=line.net,
            tax=line.tax,
        )
        for line in lines
    )
    return tuple(_summed_line(one, currency) for one in sums)


def _summed_line(one: BilledSum, currency: Currency) -> BilledLine:
    hours = _decimal(Fraction(one.seconds, HOUR_SECONDS), _HOURS_SCALE)
    return BilledLine(
        description=f"Lines: {one.lines} on account {one.account}, hours: {hours}",
        quantity="1",
        unit_price=_major(one.net, currency),
        net=_major(one.net, currency),
        tax=_major(one.tax, currency),
        tax_rate=_tax_rate(one.tax_rate_ppm),
        account=one.account,
        tax_code=one.tax_code,
        dimensions=dict(one.dimensions),
    )


def _tax_rate(ppm: int) -> str:
    return _decimal(Fraction(ppm, _PPM_PER_PERCENT), 10_000)


def _unit_price(line: _Line, currency: Currency) -> str:
    if line.seconds == 0:
        return _major(line.net, currency)
    minor = Fraction(
        line.rate_amount * HOUR_SECONDS * line.share_ppm,
        line.rate_seconds * PRICE_SCALE * _PPM,
    )
    return _decimal(minor / 10**currency.decimals, 10_000)


def _decimal(exact: Fraction, scale: int) -> str:
    """Return a figure to show: rounded half up at 1/scale, without trailing zeros."""
    rounded = (2 * exact.numerator * scale + exact.denominator) // (
        2 * exact.denominator
    )
    return f"{(Decimal(rounded) / scale).normalize():f}"


def _major(minor: int, currency: Currency) -> str:
    return f"{major_units(minor, currency):f}"
