"""Admit calls: a valid key, and the scope that the operation declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation

from hourline.api.problems import ApiProblem, Code
from hourline.infra.api_keys import Caller, Scope, find_caller
from hourline.infra.database import Database
from hourline.infra.secrets import Keyring

_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Services:
    """Hold what every operation works with."""

    database: Database
    keyring: Keyring


@dataclass(frozen=True, slots=True)
class Contract:
    """Declare an operation: who may call it, what it takes and what it replies.

    `bodies` gives the type of each media type it takes; None means bytes as they are.
    `files` names the media types of an operation that replies with a file.
    Without a scope the operation is open, and says itself how it knows its callers.
    """

    scope: Scope | None
    reply: Any
    bodies: Mapping[str, Any] = field(default_factory=dict)
    repeatable_by_key: bool = False
    files: tuple[str, ...] = ()


Given: TypeAlias = NamedDependency[SkipValidation[Services]]
Known: TypeAlias = NamedDependency[SkipValidation[Caller]]


def contract_of(handler: BaseRouteHandler) -> Contract:
    """Return what an operation declares; raise TypeError where it declares nothing."""
    contract = handler.opt.get("contract")
    if not isinstance(contract, Contract):
        raise TypeError(f"{handler} declares no contract")
    return contract


async def admit(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Find the caller before anything of the body is read; raise ApiProblem.

    What declares no contract is not there, such as the framework's own pages.
    """
    if "contract" not in handler.opt:
        raise ApiProblem(Code.NOT_FOUND, Code.NOT_FOUND.value.title)
    scope = contract_of(handler).scope
    if scope is None:
        return
    services: Services = connection.app.state.services
    written = connection.headers.get("authorization", "")
    caller = None
    if written.lower().startswith(_BEARER):
        key = written[len(_BEARER) :].strip()
        caller = await sync_to_thread(find_caller, services.database, key)
    if caller is None:
        raise ApiProblem(
            Code.NOT_KNOWN,
            "The key is missing, unknown, expired or revoked.",
            headers={"WWW-Authenticate": 'Bearer realm="hourline"'},
        )
    if not caller.may(scope):
        challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        raise ApiProblem(
            Code.SCOPE_MISSING,
            f"This needs the scope {scope}, which the key does not have.",
            headers={"WWW-Authenticate": challenge},
        )
    connection.scope["state"]["caller"] = caller


def give_services(request: Request[Any, Any, Any]) -> Services:
    """Give an operation what it works with."""
    services: Services = request.app.state.services
    return services


def give_caller(request: Request[Any, Any, Any]) -> Caller:
    """Give an operation its caller, whom the guard has found."""
    caller: Caller = request.scope["state"]["caller"]
    return caller
