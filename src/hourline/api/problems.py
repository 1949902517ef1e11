"""Refuse calls with problem details (RFC 9457): one code, a sentence and a remedy."""

import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from psycopg import OperationalError

from hourline.infra.database import AmountTooLarge
from hourline.kernel.problems import Problem

MEDIA_TYPE = "application/problem+json"
_LOG = structlog.get_logger()
_RETRY_SECONDS = 5
_SERVER_FAULT = 500


class Kind(NamedTuple):
    """Hold what every refusal of one code has in common."""

    status: int
    title: str
    remedy: str


class Code(Enum):
    """Name the refusals of the API itself; its name in small letters is the code."""

    MALFORMED_JSON = Kind(
        400, "The body is not JSON.", "Correct the body at the place named."
    )
    IDEMPOTENCY_KEY_MISSING = Kind(
        400,
        "The Idempotency-Key is missing.",
        "Send a new key for every new call, and the same key when you repeat a call.",
    )
    NOT_KNOWN = Kind(
        401,
        "The call proves no known caller.",
        "Send a valid key as 'Authorization: Bearer hlk_...'; a webhook must be signed"
        " with its connection's secret and be less than five minutes old.",
    )
    SCOPE_MISSING = Kind(
        403, "The key may not do this.", "Ask for a key that has the scope named."
    )
    NOT_FOUND = Kind(
        404, "There is nothing here.", "Check the path and the ids that are in it."
    )
    METHOD_NOT_ALLOWED = Kind(
        405, "The method is not offered here.", "Use a method of the Allow header."
    )
    STILL_RUNNING = Kind(
        409,
        "A call with this Idempotency-Key is still running.",
        "Repeat the call in a few seconds; the reply will then be there.",
    )
    BODY_TOO_LARGE = Kind(
        413, "The body is too large.", "Send it in smaller parts, or as a file."
    )
    REFUSED = Kind(
        422,
        "The content cannot be taken.",
        "Correct every finding and send all of it again.",
    )
    KEY_REUSED = Kind(
        422,
        "This Idempotency-Key came with another call before.",
        "Send a new key for a new call; repeat a call without changing it.",
    )
    INTERNAL_ERROR = Kind(
        500,
        "Hourline failed.",
        "Repeat the call with the same Idempotency-Key; if it fails again, give the"
        " instance named here to whoever runs Hourline.",
    )
    NOT_READY = Kind(
        503, "The database cannot serve this now.", "Repeat the call in a few seconds."
    )

    @property
    def spoken(self) -> str:
        """Give the code as it stands in a reply."""
        return self.name.lower()


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Say one thing that is wrong, with its place where it has one."""

    code: str
    sentence: str
    remedy: str
    detail: dict[str, str] = {}

    @classmethod
    def of(cls, problem: Problem) -> "Finding":
        """Return a problem of the pipeline as it stands in a reply."""
        return cls(
            code=problem.code,
            sentence=problem.sentence,
            remedy=problem.remedy,
            detail=problem.detail,
        )


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Be the body of every reply that refuses a call."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str
    instance: str | None = None
    findings: list[Finding] = []


class ApiProblem(Exception):
    """Carry a refusal out of the code that found it."""

    def __init__(
        self,
        code: Code,
        detail: str,
        *,
        remedy: str | None = None,
        findings: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.findings = list(findings)
        self.headers = dict(headers or {})


def problem_response(
    problem: ApiProblem, *, instance: str | None = None
) -> Response[bytes]:
    """Return the reply that tells a problem."""
    kind = problem.code.value
    details = ProblemDetails(
        type=f"urn:hourline:problem:{problem.code.spoken}",
        title=kind.title,
        status=kind.status,
        code=problem.code.spoken,
        detail=problem.detail,
        remedy=problem.remedy or kind.remedy,
        instance=instance,
        findings=problem.findings,
    )
    return Response(
        msgspec.json.encode(details),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def on_problem(_: Request[Any, Any, Any], problem: ApiProblem) -> Response[bytes]:
    """Reply to a refusal of our own."""
    return problem_response(problem)


def on_parameters(
    _: Request[Any, Any, Any], fault: ValidationException
) -> Response[bytes]:
    """Reply to parameters of the path, the query or the headers that are wrong."""
    found = fault.extra if isinstance(fault.extra, list) else []
    sentences = [
        f"{one.get('key', 'parameter')}: {one.get('message', 'wrong')}"
        for one in found
        if isinstance(one, dict)
    ]
    findings = [
        Finding(
            code="parameter_invalid",
            sentence=sentence,
            remedy="Write the parameter as GET /openapi.json shows.",
        )
        for sentence in sentences or [fault.detail]
    ]
    refusal = ApiProblem(
        Code.REFUSED, "A parameter is missing or wrong.", findings=findings
    )
    return problem_response(refusal)


_BY_STATUS = {
    400: Code.MALFORMED_JSON,
    401: Code.NOT_KNOWN,
    403: Code.SCOPE_MISSING,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
}


def on_http(request: Request[Any, Any, Any], fault: HTTPException) -> Response[bytes]:
    """Reply to what the framework refused before any code of ours ran."""
    code = _BY_STATUS.get(fault.status_code)
    if code is None:
        return on_fault(request, fault)
    sentence = code.value.title
    if code is Code.BODY_TOO_LARGE:
        sentence = f"The most is {_limit(request)} bytes."
    return problem_response(ApiProblem(code, sentence, headers=fault.headers))


def _limit(request: Request[Any, Any, Any]) -> int:
    return request.route_handler.resolve_request_max_body_size() or 0


def on_database(_: Request[Any, Any, Any], fault: OperationalError) -> Response[bytes]:
    """Reply while the database cannot be reached; the client may repeat."""
    _LOG.warning("api.database.unreachable", error=type(fault).__name__)
    headers = {"Retry-After": str(_RETRY_SECONDS)}
    sentence = "Nothing was changed, or a repetition will show what was."
    return problem_response(ApiProblem(Code.NOT_READY, sentence, headers=headers))


def on_amount(_: Request[Any, Any, Any], fault: AmountTooLarge) -> Response[bytes]:
    """Reply to a figure that no book can hold."""
    return problem_response(ApiProblem(Code.REFUSED, str(fault)))


def on_fault(_: Request[Any, Any, Any], fault: Exception) -> Response[bytes]:
    """Reply to a bug: the client gets an id, the log gets the rest under it."""
    instance = f"urn:uuid:{uuid.uuid4()}"
    # Neither the message nor the values of the frames: they hold what clients sent.
    frames = traceback.extract_tb(fault.__traceback__)
    _LOG.error(
        "api.call.failed",
        instance=instance,
        error=type(fault).__name__,
        frames=[f"{one.name} ({one.filename}:{one.lineno})" for one in frames],
    )
    sentence = "The call was not carried out, or a repetition will show that it was."
    return problem_response(
        ApiProblem(Code.INTERNAL_ERROR, sentence), instance=instance
    )


HANDLERS: dict[
    int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]
] = {
    ApiProblem: on_problem,
    ValidationException: on_parameters,
    HTTPException: on_http,
    AmountTooLarge: on_amount,
    OperationalError: on_database,
    Exception: on_fault,
}
JSON = MediaType.JSON
