"""Give issued documents as the files that customers get."""

from typing import Annotated

from litestar import Response, get
from litestar.params import FromPath, FromQuery, QueryParameter

from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import id_in_path, not_found
from hourline.api.problems import ApiProblem, Code, Finding
from hourline.billing.documents.service import (
    DocumentFile,
    Format,
    Wanted,
    document_file,
)
from hourline.billing.rules.documents.backup import Layout
from hourline.billing.rules.documents.consolidate import Gathered
from hourline.billing.store_listing import ListedDocument, find_documents
from hourline.infra.api_keys import Scope
from hourline.infra.database import Session
from hourline.kernel.problems import Problem

AsFormat = Annotated[Format, QueryParameter(name="format", description="Its format.")]


@get(
    "/v1/documents/{number:str}",
    operation_id="get_document",
    summary="Give an invoice or credit note as a file.",
    sync_to_thread=True,
    opt={
        "contract": Contract(
            Scope.BILLING_READ,
            None,
            files=("application/pdf", "application/xml", "text/csv"),
        )
    },
)
def get_document(
    services: Given,
    caller: Known,
    number: FromPath[str],
    *,
    as_format: AsFormat = Format.PDF,
    backup: FromQuery[Layout | None] = None,
    lines: FromQuery[Gathered] = Gathered.ENTRY,
    notes: FromQuery[bool] = False,
) -> Response[bytes]:
    """Write it as it was issued; the same document always has the same bytes."""
    wanted = Wanted(format=as_format, backup=backup, lines=lines, notes=notes)
    with services.database.tenant(caller.tenant) as session:
        made = _made(session, id_in_path(number), wanted)
    if isinstance(made, Problem):
        raise ApiProblem(
            Code.REFUSED, made.sentence, remedy=made.remedy, findings=[Finding.of(made)]
        )
    return _file(made)


def _made(session: Session, number: str, wanted: Wanted) -> DocumentFile | Problem:
    return document_file(session, numbered(session, number).document_no, wanted)


def numbered(session: Session, number: str) -> ListedDocument:
    """Return the one document of a number; raise ApiProblem for none or several."""
    found = find_documents(session, number)
    if not found:
        raise not_found()
    if len(found) > 1:
        raise ApiProblem(
            Code.REFUSED,
            f"{len(found)} documents have the number {number}.",
            remedy="Give each legal entity a prefix of its own.",
        )
    return found[0]


def _file(made: DocumentFile) -> Response[bytes]:
    return Response(
        made.content,
        media_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
