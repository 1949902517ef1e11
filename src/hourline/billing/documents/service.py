"""Make the file of an issued document in the format a customer or system wants."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hourline.billing.documents.backup_csv import backup_csv
from hourline.billing.documents.model import CustomerDocument
from hourline.billing.documents.page import CannotPrint
from hourline.billing.documents.pdf import factur_x, pdf
from hourline.billing.documents.read import read_customer_document
from hourline.billing.rules.documents.backup import Layout
from hourline.billing.rules.documents.consolidate import (
    Gathered,
    gather,
    without_notes,
)
from hourline.billing.rules.documents.fitness import Unfit, unfit
from hourline.billing.rules.documents.requirements import lacking, unsound_iban
from hourline.billing.rules.documents.ubl import ubl
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode


class Format(StrEnum):
    """Name the formats of a document; `csv` is its backup alone."""

    PDF = "pdf"
    UBL = "ubl"
    FACTUR_X = "factur-x"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which file is wanted: format, layout of the backup, what lines gather.

    With `notes`, what people noted on their time is shown to the customer.
    """

    format: Format
    backup: Layout | None = None
    lines: Gathered = Gathered.ENTRY
    notes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFile:
    """Hold a file with its name and media type; the bytes of one document are equal."""

    name: str
    media_type: str
    content: bytes


_EXTENSIONS: Mapping[Format, tuple[str, str]] = {
    Format.PDF: (".pdf", "application/pdf"),
    Format.UBL: (".xml", "application/xml"),
    Format.FACTUR_X: (".pdf", "application/pdf"),
    Format.CSV: (".csv", "text/csv"),
}
# What states its tax to a program, and so must not lack anything of the standard.
_STANDARD = (Format.UBL, Format.FACTUR_X)


def document_file(
    session: Session, document_no: int, wanted: Wanted
) -> DocumentFile | Problem:
    """Return a document as a file.

    Returns the problem `document_incomplete`, which names everything that is missing
    or cannot be said, where it cannot be made in that format. Raises LookupError for
    an unknown document.
    """
    return made(read_customer_document(session, document_no), wanted)


def made(document: CustomerDocument, wanted: Wanted) -> DocumentFile | Problem:
    """Return a document that was read as a file, or what it lacks for that."""
    missing = [one for one in [unsound_iban(document.seller.iban)] if one]
    cannot: list[Unfit] = []
    if wanted.format in _STANDARD:
        missing += lacking(document)
        cannot = unfit(document)
    if missing or cannot:
        return _incomplete(document, missing, cannot)
    shown = gather(document, wanted.lines)
    if not wanted.notes:
        shown = without_notes(shown)
    try:
        content = _MAKERS[wanted.format](shown, wanted.backup)
    except CannotPrint as reason:
        return _incomplete(document, [str(reason)])
    extension, media_type = _EXTENSIONS[wanted.format]
    return DocumentFile(
        name=_file_name(document.number) + extension,
        media_type=media_type,
        content=content,
    )


def _incomplete(
    document: CustomerDocument, missing: list[str], cannot: Sequence[Unfit] = ()
) -> Problem:
    told = [f"{document.number} cannot be written in this format."]
    remedies = [one.remedy for one in cannot]
    if cannot:
        told.append(f"EN 16931 cannot say it: {'; '.join(one.why for one in cannot)}.")
    if missing:
        told.append(f"It lacks or has wrong: {'; '.join(missing)}.")
        remedies.append(
            "Add the fields to the master data and ask again. What was issued stays as"
            " it is; fields that were empty are filled in."
        )
    return Problem(
        ProblemCode.DOCUMENT_INCOMPLETE,
        " ".join(told),
        " ".join(dict.fromkeys(remedies)),
        {"document": document.number, "missing": str(len(missing) + len(cannot))},
    )


def _file_name(number: str) -> str:
    """Return a number as a name of a file, whatever prefix the firm chose."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", number)


def _ubl(document: CustomerDocument, _layout: Layout | None) -> bytes:
    return ubl(document)


def _pdf(document: CustomerDocument, layout: Layout | None) -> bytes:
    return pdf(document, layout=layout)


def _factur_x(document: CustomerDocument, layout: Layout | None) -> bytes:
    return factur_x(document, layout=layout)


def _csv(document: CustomerDocument, layout: Layout | None) -> bytes:
    return backup_csv(document, layout=layout or Layout.PERSON)


_MAKERS: Mapping[Format, Callable[[CustomerDocument, Layout | None], bytes]] = {
    Format.PDF: _pdf,
    Format.UBL: _ubl,
    Format.FACTUR_X: _factur_x,
    Format.CSV: _csv,
}
