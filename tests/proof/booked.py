"""Build documents as books show them; every default is valid and agrees."""

from datetime import date
from decimal import Decimal

from hourline.kernel.booked import BookedDocument, BookedLine
from hourline.kernel.codes import DocumentKind

ON = date(2025, 3, 31)


def booked(
    external_id: str = "X1",
    amount: str = "200.00",
    *,
    booked_on: date = ON,
    party: str | None = "ADATUM",
    references: tuple[str, ...] = (),
    number: str | None = None,
    accounts: tuple[str, str] = ("1200", "4000"),
    kind: DocumentKind = DocumentKind.INVOICE,
    entity: str = "US1",
    net: str | None = None,
    tax: str | None = None,
    dimensions: dict[str, str] | None = None,
    quantity: str | None = None,
) -> BookedDocument:
    """Give a document of one debit and one credit."""
    debit, credit = accounts
    hours = None if quantity is None else Decimal(quantity)
    return BookedDocument(
        kind=kind,
        external_id=external_id,
        entity=entity,
        booked_on=booked_on,
        currency="USD",
        total=Decimal(amount),
        number=number,
        references=references,
        party=party,
        net=None if net is None else Decimal(net),
        tax=None if tax is None else Decimal(tax),
        lines=(
            BookedLine(account=debit, debit=Decimal(amount)),
            BookedLine(
                account=credit,
                credit=Decimal(amount),
                dimensions=dimensions or {},
                quantity=hours,
            ),
        ),
    )
