"""Show documents to a person and give them to a program, never without currency."""

from collections.abc import Sequence

import click
from rich.console import Console

from hourline.billing.model import Assembled, AssembledLine
from hourline.billing.store_listing import HeldEntry, ListedDocument, ListedLine
from hourline.cli.render import money, table, words
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import (
    Currency,
    currency_numbered,
    currency_of,
    major_units,
)
from hourline.kernel.quantity import spoken_hours


def show_documents(title: str, documents: Sequence[ListedDocument]) -> None:
    """Print documents in a table, with the sums of each currency."""
    figures = ["net", "tax", "total", "due"]
    columns = ["number", "date", "contract", "customer", *figures]
    shown = table(title, columns, numbers=figures)
    totals: dict[int, list[int]] = {}
    for one in documents:
        amounts = [one.net, one.tax, one.total, one.due]
        before = totals.get(one.currency, [0] * len(figures))
        totals[one.currency] = [a + b for a, b in zip(before, amounts, strict=True)]
        shown.add_row(
            one.number,
            f"{one.invoice_date}",
            one.contract,
            _addressee(one),
            *(money(amount, one.currency) for amount in amounts),
        )
    shown.add_section()
    for currency, sums in totals.items():
        cells = (money(amount, currency) for amount in sums)
        shown.add_row("all", "", "", "", *cells)
    Console().print(shown)


def show_document(document: ListedDocument, lines: Sequence[ListedLine]) -> None:
    """Print a document line by line."""
    kind = words(DocumentKind(document.kind).name).capitalize()
    of = f" of {document.credits_number}" if document.credits_number else ""
    click.echo(f"{kind} {document.number}{of}, {document.invoice_date}")
    click.echo(
        f"  {document.entity} to {_addressee(document)}, contract {document.contract}"
    )
    click.echo(f"  Work through {document.through}, due on {document.due_date}")
    figures = ["hours", "net", "tax"]
    columns = ["line", "entry", "person", *figures, "text"]
    shown = table("Lines", columns, numbers=["line", *figures])
    for line in lines:
        shown.add_row(
            str(line.line_no),
            line.entry or f"{line.contract_line}/{line.milestone}",
            line.person or "",
            spoken_hours(line.seconds),
            money(line.net, document.currency),
            money(line.tax, document.currency),
            line.description,
        )
    Console().print(shown)
    named = ("credited", "drawn", "paid", "written_off", "retained")
    taken = [name for name in named if getattr(document, name)]
    for name in ("net", "tax", "total", *taken, "due"):
        amount = money(getattr(document, name), document.currency)
        click.echo(f"  {words(name):6} {amount}")


def _addressee(document: ListedDocument) -> str:
    if document.customer_now is None:
        return document.customer
    return f"{document.customer} (now {document.customer_now})"


def show_draft(contract: str, assembled: Assembled) -> None:
    """Print an invoice to be, or those to be of several customers."""
    figures = ["hours", "net", "tax"]
    title = f"Draft of {contract} through {assembled.terms.through}"
    customer = ["customer"] if assembled.is_shared else []
    invoice = ["invoice"] if assembled.is_split else []
    columns = [*invoice, *customer, "line", "entry or milestone", *figures]
    shown = table(title, columns, numbers=figures)
    for line in assembled.lines:
        shown.add_row(
            *([str(assembled.invoice_of(line))] if invoice else []),
            *([assembled.customer_of(line)] if customer else []),
            str(line.line_no),
            line.item.milestone or line.item.source_id,
            spoken_hours(line.item.seconds),
            money(line.net, assembled.currency),
            money(line.tax, assembled.currency),
        )
    shown.add_section()
    shown.add_row(
        *["" for _ in (*invoice, *customer)],
        "all",
        "",
        spoken_hours(assembled.seconds),
        money(assembled.net, assembled.currency),
        money(assembled.tax, assembled.currency),
    )
    Console().print(shown)
    for item in assembled.left_out:
        left = spoken_hours(item.seconds_left_out)
        click.echo(f"Left out of {item.source_id}: {left}, non-billable once issued.")
    for line in assembled.lines:
        if line.net_at_rate is not None:
            rate = money(line.net_at_rate, assembled.currency)
            click.echo(f"Set by hand for {line.item.source_id}, at its rate {rate}.")
    click.echo(
        f"Total {money(assembled.total, assembled.currency)}, nothing is booked."
    )
    click.echo(f"Issue it with: hourline billing issue {contract}")


def document_values(one: ListedDocument) -> dict[str, object]:
    """Return the head of a document for JSON, amounts in major units."""
    currency = currency_numbered(one.currency)
    figures = ("credited", "drawn", "paid", "written_off", "retained", "due")
    names = ("net", "tax", "total", *figures)
    return {
        "number": one.number,
        "kind": DocumentKind(one.kind).name.lower(),
        "credits": one.credits_number,
        "date": one.invoice_date,
        "through": one.through,
        "due_date": one.due_date,
        "entity": one.entity,
        "customer": one.customer,
        "customer_now": one.customer_now,
        "contract": one.contract,
        "currency": currency.code,
        **{name: major_units(getattr(one, name), currency) for name in names},
    }


def line_values(document: ListedDocument, line: ListedLine) -> dict[str, object]:
    """Return a line of a document for JSON, amounts in major units."""
    currency = currency_numbered(document.currency)
    return {
        "line": line.line_no,
        "entry": line.entry,
        "milestone": line.milestone,
        "contract_line": line.contract_line,
        "person": line.person,
        "seconds": line.seconds,
        "net": major_units(line.net, currency),
        "tax": major_units(line.tax, currency),
        "tax_rate_ppm": line.tax_rate_ppm,
        "description": line.description,
    }


def draft_values(contract: str, assembled: Assembled) -> dict[str, object]:
    """Return what is to be invoiced for JSON, amounts in major units.

    Where several customers share it, each line says whom it bills, and where a customer
    gets several invoices, which of them it is on.
    """
    currency = currency_of(assembled.currency)
    return {
        "contract": contract,
        "through": assembled.terms.through,
        "date": assembled.terms.invoice_date,
        "currency": currency.code,
        "net": major_units(assembled.net, currency),
        "tax": major_units(assembled.tax, currency),
        "total": major_units(assembled.total, currency),
        "lines": [
            {
                "line": line.line_no,
                "entry": None if line.item.milestone else line.item.source_id,
                "milestone": line.item.milestone,
                "seconds": line.item.seconds,
                "net": major_units(line.net, currency),
                "tax": major_units(line.tax, currency),
                **_by_hand(line, currency),
                **_to_customer(line, assembled),
                **_on_invoice(line, assembled),
            }
            for line in assembled.lines
        ],
        "left_out": [
            {"entry": item.source_id, "seconds": item.seconds_left_out}
            for item in assembled.left_out
        ],
    }


def _by_hand(line: AssembledLine, currency: Currency) -> dict[str, object]:
    if line.net_at_rate is None:
        return {}
    return {"net_at_rate": major_units(line.net_at_rate, currency)}


def _to_customer(line: AssembledLine, assembled: Assembled) -> dict[str, object]:
    if not assembled.is_shared:
        return {}
    return {"customer": assembled.customer_of(line)}


def _on_invoice(line: AssembledLine, assembled: Assembled) -> dict[str, object]:
    return {"invoice": assembled.invoice_of(line)} if assembled.is_split else {}


def show_held(held: Sequence[HeldEntry]) -> None:
    """Print what is held in a table."""
    figures = ["hours", "worth"]
    columns = ["entry", "source", "contract", *figures, "until"]
    columns += ["since", "by", "because"]
    shown = table("Held", columns, numbers=figures)
    for one in held:
        shown.add_row(
            one.entry,
            one.source,
            one.contract or "",
            spoken_hours(one.seconds),
            "" if one.currency is None else money(one.amount, one.currency),
            "next invoice" if one.postponed else "released",
            f"{one.recorded_at:%Y-%m-%d}",
            one.actor,
            one.reason,
        )
    Console().print(shown)


def held_values(one: HeldEntry) -> dict[str, object]:
    """Return a held entry for JSON, its value in major units."""
    currency = None if one.currency is None else currency_numbered(one.currency)
    return {
        "entry": one.entry,
        "source": one.source,
        "contract": one.contract,
        "seconds": one.seconds,
        "amount": None if currency is None else major_units(one.amount, currency),
        "currency": None if currency is None else currency.code,
        "postponed": one.postponed,
        "since": one.recorded_at,
        "actor": one.actor,
        "reason": one.reason,
    }
