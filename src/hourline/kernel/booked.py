"""Hold a document as a receiving system shows it in its books, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hourline.kernel.codes import DocumentKind

_NOTHING = Decimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """Hold one line of a booked document; amounts are in its currency, major units.

    `quantity` is None where the system keeps none.
    """

    account: str
    debit: Decimal = _NOTHING
    credit: Decimal = _NOTHING
    dimensions: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedDocument:
    """Hold a document in a system's books; what the system does not keep is None.

    `booked_on` is the accounting date. `references` are the texts by which others
    could have named it: markers, external ids, numbers of the system it came from.
    """

    kind: DocumentKind
    external_id: str
    entity: str
    booked_on: date
    currency: str
    total: Decimal
    number: str | None = None
    references: tuple[str, ...] = ()
    party: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    lines: tuple[BookedLine, ...] = ()
