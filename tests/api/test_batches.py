"""Send batches: every record has an outcome, every key one effect."""

import json
from urllib.parse import quote

import pytest
from httpx import Response

from hourline.infra.api_keys import Scope
from tests.api.firm import BATCH, ApiFirm, codes, new_key, outcomes, time_entry

pytestmark = pytest.mark.integration


def send(firm: ApiFirm, content: bytes | str, **headers: str) -> Response:
    return firm.call(
        "POST",
        f"{BATCH}?connection=psa",
        Scope.TIME_INGEST,
        content=content,
        headers={
            "Idempotency-Key": new_key(),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def test_every_record_of_a_batch_has_its_outcome(firm: ApiFirm) -> None:
    reply = firm.send_entries(
        time_entry(id="te-1"),
        time_entry(id="te-1"),
        time_entry(id="te-2", seconds=-1),
        time_entry(id="te-3", date="2026-02-30"),
        time_entry(id="te-4", status="submitted"),
    )

    assert reply.status_code == 200
    assert outcomes(reply) == [
        ["te-1", "accepted"],
        ["te-1", "duplicate"],
        ["te-2", "refused"],
        ["te-3", "refused"],
        ["te-4", "not_approved"],
    ]
    assert reply.json()["counts"] == {
        "accepted": 1,
        "duplicate": 1,
        "refused": 2,
        "not_approved": 1,
    }
    problems = [one["problems"] for one in reply.json()["outcomes"]]
    assert [[each["code"] for each in found] for found in problems] == [
        [],
        [],
        ["duration_out_of_range"],
        ["field_invalid"],
        [],
    ]


def test_json_lines_are_taken_and_a_wrong_line_stands_alone(firm: ApiFirm) -> None:
    lines = "\n".join([json.dumps(time_entry(id="te-1")), "{", ""])

    reply = send(firm, lines, content_type="application/x-ndjson")

    assert reply.status_code == 200
    assert outcomes(reply) == [["te-1", "accepted"], [None, "refused"]]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'[\n  {"id": "te-1",\n   "seconds": }\n]', "Line 3, column 15: "),
        (b'[{"id": "te-1"}', "Line 1, column 16: "),
        (b"", "Line 1, column 1: "),
        (b'["\xff"]', "Line 1, column 3: a byte is not UTF-8."),
        (b"[" * 100_000, "Line 1, column "),
    ],
)
def test_malformed_json_is_refused_with_its_place(
    firm: ApiFirm, body: bytes, place: str
) -> None:
    reply = send(firm, body, content_type="application/json")

    assert reply.status_code == 400
    assert reply.json()["code"] == "malformed_json"
    assert reply.json()["detail"].startswith(place)


@pytest.mark.parametrize(
    "instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
@pytest.mark.parametrize("status", ["approved", "recalled"])
def test_an_instant_at_the_end_of_time_stops_nobody(
    firm: ApiFirm, instant: str, status: str
) -> None:
    reply = firm.send_entries(
        time_entry(approved_at=instant, updated_at=instant, status=status),
        time_entry(id="te-2"),
    )

    assert reply.status_code == 200
    assert outcomes(reply)[1] == ["te-2", "accepted"]


def test_one_json_object_is_no_batch(firm: ApiFirm) -> None:
    reply = send(firm, json.dumps(time_entry()), content_type="application/json")

    assert reply.status_code == 422
    assert reply.json()["detail"] == "The body is JSON, but no array of time entries."


def test_more_than_ten_thousand_records_are_too_many(firm: ApiFirm) -> None:
    reply = send(firm, b"[" + b",".join([b"{}"] * 10_001) + b"]")

    assert reply.status_code == 413
    assert reply.json()["detail"] == ("The batch has 10001 records, the most is 10000.")


def test_a_huge_batch_is_refused_with_the_limit_and_a_remedy(firm: ApiFirm) -> None:
    reply = send(firm, b"[" + b" " * 20 * 1024 * 1024 + b"]")

    assert reply.status_code == 413
    assert reply.json()["detail"] == "The most is 20971520 bytes."
    assert reply.json()["remedy"] == "Send it in smaller parts, or as a file."


def test_the_same_call_again_gives_the_stored_reply(firm: ApiFirm) -> None:
    first = firm.send_entries(time_entry(), key="k-1")

    again = firm.send_entries(time_entry(), key="k-1")

    assert again.status_code == 200
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(firm: ApiFirm) -> None:
    firm.send_entries(time_entry(), key="k-1")

    reply = firm.send_entries(time_entry(seconds=1), key="k-1")

    assert reply.status_code == 422
    assert reply.json()["code"] == "key_reused"


def test_a_refused_call_leaves_its_key_unused(firm: ApiFirm) -> None:
    headers = {"Idempotency-Key": "k-1"}
    path = f"{BATCH}?connection=psa"
    firm.call("POST", path, Scope.TIME_INGEST, content=b"[", headers=headers)

    reply = firm.send_entries(time_entry(), key="k-1")

    assert reply.status_code == 200
    assert outcomes(reply) == [["te-1", "accepted"]]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": ""}])
def test_without_a_key_a_call_that_changes_something_is_refused(
    firm: ApiFirm, headers: dict[str, str]
) -> None:
    reply = firm.call(
        "POST",
        f"{BATCH}?connection=psa",
        Scope.TIME_INGEST,
        content=b"[]",
        headers=headers,
    )

    assert reply.status_code == 400
    assert reply.json()["code"] == "idempotency_key_missing"


def test_an_unknown_connection_is_not_found(firm: ApiFirm) -> None:
    reply = firm.call(
        "POST",
        f"{BATCH}?connection=other",
        Scope.TIME_INGEST,
        content=b"[]",
        headers={"Idempotency-Key": "k"},
    )

    assert reply.status_code == 404


@pytest.mark.parametrize("query", ["", "?connection=", "?connection=a%00b"])
def test_a_batch_names_its_connection(firm: ApiFirm, query: str) -> None:
    reply = firm.call(
        "POST",
        f"{BATCH}{query}",
        Scope.TIME_INGEST,
        content=b"[]",
        headers={"Idempotency-Key": "k"},
    )

    assert reply.status_code == 422
    assert codes(reply) == ["parameter_invalid"]


@pytest.mark.parametrize(
    "entry_id", ["a/b", "ä ö", "🦉", "a'b\"c", "#?%&", "שלום", "..", "x" * 300]
)
def test_odd_ids_are_taken_and_found_again(firm: ApiFirm, entry_id: str) -> None:
    sent = firm.send_entries(time_entry(id=entry_id))

    found = firm.call(
        "GET",
        f"/v1/time-entries/psa/{quote(entry_id, safe='').replace('.', '%2E')}",
        Scope.TIME_READ,
    )

    assert outcomes(sent) == [[entry_id, "accepted"]]
    assert found.status_code == 200
    assert found.json()["id"] == entry_id


@pytest.mark.parametrize("entry_id", ["", "a\x00b", "a\tb", "x" * 301])
def test_ids_that_cannot_be_ids_are_refused(firm: ApiFirm, entry_id: str) -> None:
    reply = firm.send_entries(time_entry(id=entry_id))

    assert reply.status_code == 200
    assert [one["outcome"] for one in reply.json()["outcomes"]] == ["refused"]
