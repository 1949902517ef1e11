"""Change master data: every finding at once, and what waited goes on."""

import json

import pytest
from httpx import Response

from hourline.api.problems import HANDLERS
from hourline.infra.api_keys import Scope
from hourline.infra.database import AmountTooLarge
from tests.api.firm import ApiFirm, time_entry

pytestmark = pytest.mark.integration


def put(
    firm: ApiFirm, kind: str, record_id: str, said: object, query: str = ""
) -> Response:
    return firm.call(
        "PUT",
        f"/v1/master-data/{kind}/{record_id}{query}",
        Scope.MASTERDATA_WRITE,
        content=said if isinstance(said, bytes) else json.dumps(said),
    )


def sentences(reply: Response) -> list[str]:
    return [finding["sentence"] for finding in reply.json()["findings"]]


def test_the_same_content_again_changes_nothing(firm: ApiFirm) -> None:
    said = {"fields": {"country": "DE", "name": "Südwind GmbH"}}

    first = put(firm, "customer", "A%2F1", said)
    again = put(firm, "customer", "A%2F1", said)

    assert first.json() == {"kind": "customer", "id": "A/1", "changed": True}
    assert again.json() == {"kind": "customer", "id": "A/1", "changed": False}


def test_an_entry_that_waits_goes_on_when_its_project_comes(firm: ApiFirm) -> None:
    firm.send_entries(time_entry(project="P9"))
    path = "/v1/time-entries/psa/te-1"
    waiting = firm.call("GET", path, Scope.TIME_READ).json()

    put(
        firm,
        "project",
        "P9",
        {"fields": {"contract_line": "C1.1"}},
        query="?connection=psa",
    )

    after = firm.call("GET", path, Scope.TIME_READ).json()
    assert waiting["state"] == "waiting"
    assert [one["code"] for one in waiting["waits_for"]] == ["project_not_known"]
    assert after["state"] == "open_to_bill"


def test_every_finding_is_told_at_once(firm: ApiFirm) -> None:
    reply = put(
        firm,
        "project",
        "P2",
        {
            "fields": {
                "contract_line": 7.5,
                "budget_seconds": "many",
                "tenant": 1,
                "status": "paused",
            },
            "effective_from": "2026-02-01",
            "effective_until": "2026-01-01",
        },
    )

    assert reply.status_code == 422
    assert sentences(reply) == [
        "effective_until is not after effective_from.",
        "contract_line: Expected `str`, got `decimal`.",
        "budget_seconds: Expected `int | null`, got `str`.",
        "project has no field tenant.",
        "status: Invalid enum value 'paused'.",
    ]


def test_a_reference_to_nothing_is_refused(firm: ApiFirm) -> None:
    reply = put(firm, "contract", "C2", {"fields": {"customer": "X", "entity": "US1"}})

    assert reply.status_code == 422
    assert [one["code"] for one in reply.json()["findings"]] == [
        "master_reference_missing"
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"fields": {"country": "U\\u0000S"}}', 422),
        (b'{"fields": {}, "tenant": 2}', 422),
        (b'{"effective_from": "2026-02-30"}', 422),
        (b"[]", 422),
        (b'{"canonical_id": ""}', 422),
    ],
)
def test_a_body_of_another_shape_is_refused(
    firm: ApiFirm, body: bytes, status: int
) -> None:
    reply = put(firm, "customer", "A1", body)

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "rate",
    ["1e999999999", "-1e999999999", "NaN", "Infinity", "1e-999999999", "0.00000001"],
)
def test_a_rate_that_no_price_can_have_is_refused(firm: ApiFirm, rate: str) -> None:
    reply = put(firm, "bill_rate", "r", {"fields": {"currency": "USD", "rate": rate}})

    assert reply.status_code == 422
    status = firm.call("GET", "/v1/projects/P1/status", Scope.TIME_READ)
    assert status.status_code == 200


def test_a_rate_that_matches_like_another_is_refused(firm: ApiFirm) -> None:
    reply = put(
        firm,
        "bill_rate",
        "twin",
        {"fields": {"currency": "USD", "rate": 10, "role": "consultant"}},
    )

    assert reply.status_code == 422
    assert "twin" in sentences(reply)[0]


@pytest.mark.parametrize(
    ("kind", "record_id", "query"),
    [("nothing", "x", ""), ("customer", "x", "?connection=unknown")],
)
def test_unknown_kinds_and_connections_are_not_found(
    firm: ApiFirm, kind: str, record_id: str, query: str
) -> None:
    reply = put(firm, kind, record_id, {"fields": {"country": "US"}}, query)

    assert reply.status_code == 404


def test_an_unknown_currency_is_refused(firm: ApiFirm) -> None:
    reply = put(
        firm, "legal_entity", "E9", {"fields": {"country": "US", "currency": "QQQ"}}
    )

    assert reply.status_code == 422


def test_an_id_with_a_control_character_is_refused(firm: ApiFirm) -> None:
    reply = put(firm, "customer", "a%0Ab", {"fields": {"country": "US"}})

    assert reply.status_code == 422
    assert sentences(reply) == ["An id contains a control character."]


def test_a_budget_finer_than_a_cent_is_shown_rounded(firm: ApiFirm) -> None:
    put(firm, "project", "P1", {"fields": {"budget_amount": "0.005"}})

    status = firm.call(
        "GET", "/v1/projects/P1/status", Scope.TIME_READ, Scope.BILLING_READ
    )

    assert status.json()["budget"]["amount"] == {"amount": "0.01", "currency": "USD"}


def test_an_id_that_is_too_long_is_refused(firm: ApiFirm) -> None:
    reply = put(firm, "customer", "x" * 301, {"fields": {"country": "US"}})

    assert reply.status_code == 422
    assert sentences(reply) == ["The id has 301 characters, not 1 to 300."]


def test_a_closed_month_is_not_opened_by_a_program(firm: ApiFirm) -> None:
    place = ("posting_period", "US1:2025-04")
    month = {"entity": "US1", "period": "2025-04"}

    closed = put(firm, *place, {"fields": {**month, "status": "closed"}})
    opened = put(firm, *place, {"fields": {"status": "open"}})
    moved = put(firm, *place, {"fields": {"period": "2030-01"}})
    again = put(firm, *place, {"fields": {"status": "closed"}})

    assert (closed.status_code, again.json()["changed"]) == (200, False)
    assert (opened.status_code, moved.status_code) == (422, 422)
    [finding] = opened.json()["findings"]
    assert finding["code"] == "reopening_not_approved"
    assert finding["sentence"] == (
        "posting_period US1:2025-04 was not taken over: month 2025-04 of US1 is closed"
        " and would be open, and no second person has agreed to that."
    )
    assert "hourline closing" in finding["remedy"]


def test_no_program_gives_a_right(firm: ApiFirm) -> None:
    said = {"user": "Eve", "right": "accept_late_work"}

    given = put(firm, "user_right", "eve", {"fields": said})
    over = {"fields": said, "effective_until": "2025-01-01"}
    taken = put(firm, "user_right", "eve", over)

    assert (given.status_code, taken.status_code) == (422, 200)
    [finding] = given.json()["findings"]
    assert finding["code"] == "right_not_approved"
    assert finding["sentence"] == (
        "user_right eve was not taken over: Eve would have the right accept_late_work"
        " for every entity, and no second person has agreed to that."
    )


def test_a_contract_with_open_work_keeps_its_currency(firm: ApiFirm) -> None:
    firm.send_entries(time_entry())

    same = put(firm, "contract", "C1", {"fields": {"currency": "USD"}})
    other = put(firm, "contract", "C1", {"fields": {"currency": "EUR"}})

    assert (same.status_code, other.status_code) == (200, 422)
    [finding] = other.json()["findings"]
    assert finding["code"] == "master_record_invalid"
    assert finding["sentence"] == (
        "contract C1 was not taken over: its currency cannot become EUR, since under"
        " US1 in USD stand 1 entry of approved work and balances of wip,"
        " accrued_revenue."
    )
    assert "Make a contract of its own for EUR" in finding["remedy"]


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("customer", {"country": "Germany"}, "'Germany' is no code of ISO 3166"),
        (
            "ledger_account",
            {"entity": "US1", "role": "nonsense", "number": "1"},
            "role 'nonsense' is no account role",
        ),
        ("tax_rule", {"order": 1, "rate": -5, "code": "S"}, "a tax of -5 percent"),
        (
            "contract_line",
            {
                "contract": "C1",
                "method": "fixed_price",
                "price": 1000,
                "milestones": [{"id": "m", "amount": 1200, "date": "2026-01-01"}],
            },
            "its milestones exceed its price by 200",
        ),
        (
            "contract_line",
            {"contract": "C1", "method": "retainer", "amount": "10.005"},
            "10.005 has more decimals than USD",
        ),
    ],
)
def test_bad_input_is_refused_with_its_reason(
    firm: ApiFirm, kind: str, fields: dict[str, object], told: str
) -> None:
    reply = put(firm, kind, "bad", {"fields": fields})

    assert reply.status_code == 422
    assert told in sentences(reply)[0]


def test_an_amount_that_no_book_can_hold_is_refused_in_a_sentence() -> None:
    reply = HANDLERS[AmountTooLarge](None, AmountTooLarge())  # type: ignore[arg-type] # no handler reads the request

    assert reply.status_code == 422
    assert b"larger than books can hold" in reply.content


def test_a_bill_rate_that_escalates_is_taken_over_and_says_why_it_is_not(
    firm: ApiFirm,
) -> None:
    fields = {"currency": "USD", "rate": "180", "role": "senior"}
    escalates = {**fields, "escalation_percent": "3", "escalation_every": "year"}

    taken = put(
        firm,
        "bill_rate",
        "senior",
        {"fields": escalates, "effective_from": "2026-07-01"},
    )
    dateless = put(firm, "bill_rate", "junior", {"fields": escalates})

    assert taken.json() == {"kind": "bill_rate", "id": "senior", "changed": True}
    assert sentences(dateless) == [
        (
            "bill_rate junior was not taken over: a rate that escalates says from which"
            " day on it holds."
        )
    ]
