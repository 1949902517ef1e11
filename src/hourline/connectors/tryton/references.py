"""Name the records of Tryton that a document needs, and find their ids in it.

Tryton's interface takes internal ids only. The master streams tell them under names
that people use: the code of a party, the code of an account, the name of a tax.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hourline.connectors.sdk.documents import (
    BilledLine,
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
)
from hourline.connectors.sdk.target import Reference

SALES_JOURNAL = "journal REV"
GENERAL_JOURNAL = "journal MISC"
HOUR = "unit Hour"


def record(name: str) -> Reference:
    """Return the reference to a record that only Tryton has."""
    return Reference("target_record", name)


def company(entity: str) -> Reference:
    """Return the reference to the company that a legal entity is."""
    return Reference("legal_entity", entity)


def account_name(entity: str, code: str) -> str:
    """Name an account of an entity's chart."""
    return f"account {entity} {code}"


def tax_name(entity: str, code: str) -> str:
    """Name a tax of an entity; `code` is what the tax is called in Tryton."""
    return f"tax {entity} {code}"


def period_name(entity: str, on: date) -> str:
    """Name the month of an entity's fiscal year in which a day lies."""
    return f"period {entity} {on:%Y-%m}"


def axis_name(entity: str, axis: str) -> str:
    """Name the root of an analytic axis of an entity."""
    return f"axis {entity} {axis}"


def analytic_name(entity: str, axis: str, code: str) -> str:
    """Name an analytic account of an entity's axis."""
    return f"analytic {entity} {axis} {code}"


def address_name(customer: str) -> str:
    """Name the address to which a customer's invoices go."""
    return f"address {customer}"


def invoice_references(invoice: InvoiceDocument) -> Iterator[Reference]:
    """Yield the records an invoice or credit note names."""
    entity = invoice.entity
    yield company(entity)
    yield Reference("customer", invoice.customer)
    yield record(address_name(invoice.customer))
    yield record(f"currency {invoice.currency}")
    yield record(SALES_JOURNAL)
    yield record(HOUR)
    yield record(account_name(entity, invoice.receivable_account))
    if invoice.tax_account:
        yield record(account_name(entity, invoice.tax_account))
    for line in invoice.lines:
        yield record(account_name(entity, line.account))
        if line.tax_code:
            yield record(tax_name(entity, line.tax_code))
        yield from _analytic(entity, line)


def journal_references(journal: JournalDocument) -> Iterator[Reference]:
    """Yield the records a journal names."""
    entity = journal.entity
    yield company(entity)
    yield record(GENERAL_JOURNAL)
    yield record(period_name(entity, journal.accounting_date))
    for line in journal.lines:
        yield record(account_name(entity, line.account))
        yield from _analytic(entity, line)


def _analytic(entity: str, line: BilledLine | LedgerLine) -> Iterator[Reference]:
    for axis, code in line.dimensions.items():
        root = record(axis_name(entity, axis))
        name = analytic_name(entity, axis, code)
        yield Reference("target_record", name, only_with=root)


@dataclass(frozen=True, slots=True)
class Ids:
    """Give Tryton's ids of the records a document names."""

    references: Mapping[str, str]

    def of(self, wanted: Reference) -> int:
        """Return an id; raise KeyError where the document was made without it.

        An id is a number, behind the name of its model where only Tryton has it.
        """
        return int(self.references[wanted.name].rpartition(",")[2])

    def record(self, name: str) -> int:
        """Return the id of a record that only Tryton has."""
        return self.of(record(name))

    def axes(self, entity: str, dimensions: Mapping[str, str]) -> list[tuple[int, int]]:
        """Return root and account of every axis that the entity has in Tryton."""
        return [
            (
                self.record(axis_name(entity, axis)),
                self.record(analytic_name(entity, axis, code)),
            )
            for axis, code in dimensions.items()
            if record(axis_name(entity, axis)).name in self.references
        ]
