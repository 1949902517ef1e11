"""Ask the tax engines what they decide, outside of every transaction that bills."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from hourline.billing.rules.tax_answer import fitting_answer
from hourline.billing.store_tax_engine import keep_answer
from hourline.billing.tax_engine_model import (
    Refusals,
    TaxAnswer,
    TaxQuestion,
    TaxToAsk,
    refused,
)
from hourline.connectors.sdk.http import HttpReply, HttpRequest, NotJson
from hourline.connectors.sdk.ports import Reached
from hourline.flow.connections import Connections
from hourline.flow.sources import NOT_SET_UP
from hourline.infra.database import Database
from hourline.infra.secrets import find_connection
from hourline.kernel.problems import Problem

T = TypeVar("T")
# Opens the connections; called only where an engine must be asked.
Opening = Callable[[], Connections]
_ROUNDS_MAX = 3
_DEADLINE = timedelta(seconds=20)
_STATUS_OK = 200


def with_tax_engines(
    database: Database,
    tenant: int,
    engines: Opening | None,
    work: Callable[[Refusals], T],
) -> T:
    """Return what work gives once every tax engine it needs has answered.

    Work runs in transactions of its own and is run again after an engine was asked; it
    sees the answer if its content is still what was asked, else it asks again, three
    times at most. A kept answer is never asked for again; a refusal is, by the next
    bill.
    """
    problems: dict[str, Problem] = {}
    for _ in range(_ROUNDS_MAX):
        try:
            return work(Refusals(problems))
        except TaxToAsk as needed:
            questions = needed.questions
        problems |= _refusals(database, tenant, engines, questions)
    return work(Refusals(problems, closed=True))


def _refusals(
    database: Database,
    tenant: int,
    engines: Opening | None,
    questions: Iterable[TaxQuestion],
) -> dict[str, Problem]:
    """Ask everything, keep the answers, and return the refusals by key."""
    outcomes = ((one.key, _ask(database, tenant, engines, one)) for one in questions)
    return {key: problem for key, problem in outcomes if problem is not None}


def _ask(
    database: Database, tenant: int, engines: Opening | None, question: TaxQuestion
) -> Problem | None:
    """Ask an engine and keep what it answers; return the problem where that is none."""
    answer = _answer(database, tenant, engines, question)
    if isinstance(answer, str):
        return refused(question, answer)
    with database.tenant(tenant) as session:
        keep_answer(session, question, answer)
    return None


def _answer(
    database: Database, tenant: int, engines: Opening | None, question: TaxQuestion
) -> TaxAnswer | str:
    if engines is None:
        return "this program was not given the connections to ask it"
    with database.tenant(tenant) as session:
        connection_no = find_connection(session, question.connection)
    if connection_no is None:
        return "there is no such connection"
    try:
        reached = engines().reach(tenant, connection_no)
    except NOT_SET_UP as fault:
        return f"its connection is not set up ({fault})"
    return _said(reached, question)


def _said(reached: Reached, question: TaxQuestion) -> TaxAnswer | str:
    request = HttpRequest(
        method="POST",
        url=reached.address,
        headers={"Content-Type": "application/json", "Idempotency-Key": question.key},
        body=question.body,
        deadline=_DEADLINE,
    )
    reply = reached.egress.send(request)
    if not isinstance(reply, HttpReply):
        return f"it did not answer ({reply.reason.value})"
    if reply.status != _STATUS_OK:
        return f"it answered with status {reply.status}"
    try:
        return fitting_answer(question, reply.json())
    except NotJson:
        return "its answer is not JSON"
