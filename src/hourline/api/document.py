"""Publish the OpenAPI document: what the framework sees, completed by the contracts."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig

from hourline import __name__ as title
from hourline.api.access import Contract, contract_of
from hourline.api.problems import MEDIA_TYPE, Code, ProblemDetails

PATH = "/openapi.json"
VERSION = "1.0.0"
_REF = "#/components/schemas/{name}"
_BINARY = {"type": "string", "contentMediaType": "application/octet-stream"}


def openapi_config() -> OpenAPIConfig:
    """Return what the framework needs to describe paths and parameters."""
    return OpenAPIConfig(
        title=title.capitalize(),
        version=VERSION,
        summary="Approved hours in; where they stand, out.",
        use_handler_docstrings=True,
    )


@get(
    PATH,
    operation_id="get_openapi",
    summary="Give this document.",
    sync_to_thread=True,
    opt={"contract": Contract(None, dict[str, Any])},
)
def get_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Describe every operation of this server."""
    document = msgspec.json.encode(describe(request.app))
    return Response(document, media_type=MediaType.JSON)


def operations(app: Any) -> Iterator[HTTPRouteHandler]:  # noqa: ANN401 - app types the framework's own generics away
    """Yield every operation that is offered, in the order of the paths."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if "contract" in handler.opt:
                yield handler


def describe(app: Any) -> dict[str, Any]:  # noqa: ANN401 - as operations
    """Return the document of an application."""
    document: dict[str, Any] = app.openapi_schema.to_schema()
    contracts = {one.operation_id: contract_of(one) for one in operations(app)}
    kinds = [kind for one in contracts.values() for kind in _kinds(one)]
    _, components = msgspec.json.schema_components(
        [ProblemDetails, *kinds], ref_template=_REF
    )
    document["components"] = {
        "schemas": {**_named_schemas(document), **components},
        "securitySchemes": {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key of one tenant: hlk_...",
            }
        },
    }
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                _complete(operation, contracts[operation["operationId"]])
    return document


def _named_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the framework named itself: the choices of parameters."""
    found: dict[str, Any] = document.get("components", {}).get("schemas", {})
    return {name: one for name, one in found.items() if "enum" in one}


def _kinds(contract: Contract) -> list[Any]:
    found = [contract.reply, *contract.bodies.values()]
    return [kind for kind in found if kind]


def _complete(operation: dict[str, Any], contract: Contract) -> None:
    success = next(status for status in operation["responses"] if status < "300")
    operation["security"] = [{"key": [contract.scope]}] if contract.scope else []
    operation["responses"] = {
        success: {
            "description": "Done.",
            "content": _content(contract),
        },
        **{str(status): _refusal(status) for status in sorted(_statuses(contract))},
    }
    if contract.bodies:
        operation["requestBody"] = {
            "required": True,
            "content": {
                media_type: {"schema": _schema(kind) if kind else _BINARY}
                for media_type, kind in contract.bodies.items()
            },
        }


def _content(contract: Contract) -> dict[str, Any]:
    if contract.files:
        return {
            media_type: {"schema": {"type": "string", "contentMediaType": media_type}}
            for media_type in contract.files
        }
    return {"application/json": {"schema": _schema(contract.reply)}}


def _statuses(contract: Contract) -> set[int]:
    found = {404, 405, 422, 500, 503}
    if contract.scope:
        found |= {401, 403}
    if contract.bodies:
        found |= {400, 401, 413}
    if contract.repeatable_by_key:
        found |= {409}
    return found


def _refusal(status: int) -> dict[str, Any]:
    codes = [code.spoken for code in Code if code.value.status == status]
    return {
        "description": "Refused: " + ", ".join(codes) + ".",
        "content": {MEDIA_TYPE: {"schema": _schema(ProblemDetails)}},
    }


def _schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a type of any shape
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REF)
    return schema
