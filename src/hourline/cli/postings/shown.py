"""Show a planned document with its drill-down, and the groups of documents."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hourline.flow.drilldown import ShownDocument
    from hourline.posting.groups import Group


def show_document(document: "ShownDocument", *, members: bool) -> None:
    """Print a document with its lines, and with what each line is the sum of."""
    click.echo(
        f"{document.kind.replace('_', ' ')} {document.number} for"
        f" {document.connection}: {document.state}, {document.total}"
        f" {document.currency}"
    )
    if document.description:
        click.echo(f"  {document.description}")
    if document.external_id:
        click.echo(f"  there: {document.external_number or document.external_id}")
    for line in document.lines:
        click.echo(f"  {line.amount:>14,f} {document.currency}  {line.text}")
        for part in line.parts if members else ():
            click.echo(f"      {part.amount:>14,f} {document.currency}  {part.what}")
    if members:
        click.echo(
            "Every line is the sum of its members."
            if document.adds_up
            else "Not every line is the sum of its members: report this."
        )


def document_values(document: "ShownDocument", *, members: bool) -> dict[str, object]:
    """Return a document for JSON."""
    names = ("connection", "kind", "state", "external_id", "external_number")
    return {
        "intent": document.intent_no,
        **{name: getattr(document, name) for name in names},
        "number": document.number,
        "description": document.description,
        "currency": document.currency,
        "total": document.total,
        "lines": [
            {
                "text": line.text,
                "amount": line.amount,
                **({"members": line.parts} if members else {}),
            }
            for line in document.lines
        ],
        **({"adds_up": document.adds_up} if members else {}),
    }


def spoken_group(group: "Group", names: Mapping[int, str]) -> str:
    """Return a group in a line: what it is, how far, and its control totals."""
    totals = _spoken(group.totals)
    confirmed = (
        ""
        if group.confirmed_documents is None
        else f"; confirmed {group.confirmed_documents:,},"
        f" {_spoken(group.confirmed_totals or {})}"
    )
    return (
        f"Group {group.group_no}: {group.name} {group.period:%Y-%m} for"
        f" {names[group.connection_no]}, {group.state};"
        f" {group.documents:,} documents, {totals}{confirmed}"
    )


def group_values(group: "Group", names: Mapping[int, str]) -> dict[str, object]:
    """Return a group for JSON."""
    return {
        "group": group.group_no,
        "name": group.name,
        "period": f"{group.period:%Y-%m}",
        "connection": names[group.connection_no],
        "state": group.state,
        "documents": group.documents,
        "totals": group.totals,
        "confirmed_documents": group.confirmed_documents,
        "confirmed_totals": group.confirmed_totals,
    }


def _spoken(totals: Mapping[str, str]) -> str:
    return ", ".join(f"{total} {code}" for code, total in totals.items()) or "nothing"
