"""Keep the OpenAPI document, the page and the server in agreement."""

import json
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from hourline.api.app import HourlineApi
from hourline.api.problems import Code
from hourline.infra.api_keys import Scope
from tests.api.firm import ApiFirm

pytestmark = pytest.mark.integration
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "http-api.md"


@pytest.fixture
def document(client: TestClient[HourlineApi]) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_the_document_is_openapi_3_1_and_all_its_references_lead_somewhere(
    document: dict[str, Any],
) -> None:
    text = json.dumps(document)
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    known = {
        f"#/components/schemas/{name}" for name in document["components"]["schemas"]
    }

    assert document["openapi"] == "3.1.0"
    assert references <= known


def test_the_fields_of_time_and_of_expenses_are_described(
    document: dict[str, Any],
) -> None:
    record = document["components"]["schemas"]["SentRecord"]

    fields = ["kind", "seconds", "cost", "currency", "markup_percent"]
    assert [name for name in fields if name not in record["properties"]] == []
    assert record["properties"]["kind"]["enum"] == ["expense", "time"]
    assert "cost" not in record["required"]


def test_every_post_but_the_webhook_asks_for_an_idempotency_key(
    document: dict[str, Any],
) -> None:
    without = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method == "post"
        and "Idempotency-Key"
        not in [one["name"] for one in operation.get("parameters", [])]
    ]

    assert without == ["take_webhook"]


def test_the_page_names_every_operation_scope_and_refusal(
    document: dict[str, Any],
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    operations = [
        f"`{method.upper()} {path}`"
        for path, found in document["paths"].items()
        for method in found
    ]
    refusals = [f"| `{code.spoken}` | {code.value.status} |" for code in Code]

    assert [one for one in operations if one not in page] == []
    assert [f"`{one}`" for one in Scope if f"`{one}`" not in page] == []
    assert [one for one in refusals if one not in page] == []


def test_health_needs_no_key_and_tells_nothing_of_tenants(firm: ApiFirm) -> None:
    live = firm.client.get("/health/live")
    ready = firm.client.get("/health/ready")

    assert [live.json(), ready.json()] == [{"status": "live"}, {"status": "ready"}]
