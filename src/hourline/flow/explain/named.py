"""Explain what a person names: an entry, an amount, or a line of a document."""

from dataclasses import dataclass

from hourline.flow.explain.amount import (
    AmountExplanation,
    amounts_called,
    explain_amount,
)
from hourline.flow.explain.entry import Explanation, NoEntry, explain_entry
from hourline.infra.database import Session
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    entry: str | None
    connection: str | None
    revision: int | None
    part: int | None
    contract_line: str
    milestone: str | None


def explain_named(
    session: Session,
    name: str,
    *,
    connection: str | None = None,
    revision: int | None = None,
    part: int | None = None,
) -> Explanation | AmountExplanation:
    """Return how what is so called came to its figures.

    A name is an entry's id, else NUMBER/LINE of an invoice or credit note, else LINE/ID
    or the id of a milestone, month of a fee, retainer or prepaid block. `connection`,
    `revision` and `part` are of an entry. Raises NotDecided, and LookupError where
    nothing is so called, or several are.
    """
    try:
        return explain_entry(
            session, name, connection=connection, revision=revision, part=part
        )
    except NoEntry as none:
        if (connection, revision, part) != (None, None, None):
            raise
        lines = session.all(QUERIES["line_called"], _Line, name=name)
        if lines:
            return _line(session, lines[0])
        found = amounts_called(session, name)
        if not found:
            msg = (
                f"{none}, and no line of a document, nor a reached or billed milestone,"
                " month of a fee, retainer or prepaid block is so called"
            )
            raise LookupError(msg) from none
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        msg = f"{name} is the name of several amounts: {names}"
        raise LookupError(msg)
    return explain_amount(session, found[0])


def _line(session: Session, line: _Line) -> Explanation | AmountExplanation:
    if line.entry is None:
        (called,) = amounts_called(session, f"{line.contract_line}/{line.milestone}")
        return explain_amount(session, called)
    return explain_entry(
        session,
        line.entry,
        connection=line.connection,
        revision=line.revision,
        part=line.part,
    )
