"""Take files: checked as a whole, acknowledged row by row."""

import io
import json

import openpyxl
import pytest
from httpx import Response

from hourline.infra.api_keys import Scope
from tests.api.firm import ApiFirm, codes, new_key, time_entry

pytestmark = pytest.mark.integration
HEADER = "id,revision,status,person,project,date,seconds"
ROW = "te-1,1,approved,ann,P1,2026-10-05,3600"


def send(
    firm: ApiFirm,
    content: bytes | str,
    *,
    name: str = "time.csv",
    manifest: dict[str, object] | None = None,
    key: str | None = None,
) -> Response:
    headers = {"Idempotency-Key": key or new_key(), "Content-Type": "text/csv"}
    if manifest is not None:
        headers["Hourline-Manifest"] = json.dumps({"file": name, **manifest})
    return firm.call(
        "POST",
        f"/v1/files?connection=psa&name={name}",
        Scope.TIME_INGEST,
        content=content,
        headers=headers,
    )


def workbook(*rows: list[str | int]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_every_row_of_a_file_is_acknowledged(firm: ApiFirm) -> None:
    reply = send(firm, f"{HEADER}\n{ROW}\n{ROW.replace('te-1', 'te-2')}x\n")

    assert reply.status_code == 200
    assert reply.json()["counts"] == {"accepted": 1, "refused": 1}
    assert [
        [row["line"], row["id"], row["outcome"]] for row in reply.json()["rows"]
    ] == [
        [2, "te-1", "accepted"],
        [3, "te-2", "refused"],
    ]


def test_the_same_file_under_another_key_is_known(firm: ApiFirm) -> None:
    first = send(firm, f"{HEADER}\n{ROW}\n")

    again = send(firm, f"{HEADER}\n{ROW}\n")

    assert again.status_code == 200
    assert again.json()["rows"] == first.json()["rows"]
    entry = firm.call("GET", "/v1/time-entries/psa/te-1", Scope.TIME_READ).json()
    assert entry["revision"] == 1


def test_the_same_call_again_gives_the_stored_reply(firm: ApiFirm) -> None:
    send(firm, f"{HEADER}\n{ROW}\n", key="k")

    again = send(firm, f"{HEADER}\n{ROW}\n", key="k")
    renamed = send(firm, f"{HEADER}\n{ROW}\n", key="k", name="other.csv")

    assert again.headers["Idempotency-Replayed"] == "true"
    assert renamed.status_code == 422
    assert renamed.json()["code"] == "key_reused"


@pytest.mark.parametrize(
    ("content", "name", "manifest", "expected"),
    [
        ("id,person\n1,ann\n", "time.csv", None, ["columns_wrong"]),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "time.csv", None, ["encoding_wrong"]),
        (
            f"{HEADER}\n{ROW}\xe9\n".encode("cp1252"),
            "time.csv",
            None,
            ["encoding_wrong"],
        ),
        (f"{HEADER}\n{ROW}\n", "time.csv", {"rows": 2}, ["row_count_wrong"]),
        (
            f"{HEADER}\n{ROW}\n",
            "time.csv",
            {"control_total_seconds": 3601},
            ["control_total_wrong"],
        ),
        (f"{HEADER}\n{ROW}\n", "time.pdf", None, ["file_refused"]),
        (b"id\x00\n1\n", "time.csv", None, ["columns_wrong"]),
        (f"{HEADER}\n{ROW}\n", "time.csv", {"sha256": "\x00"}, ["file_refused"]),
        (b"PK\x03\x04broken", "time.xlsx", None, ["file_refused"]),
        (f"{HEADER}\n{ROW}\n", "time.csv", {"surprise": 1}, ["file_refused"]),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    firm: ApiFirm,
    content: bytes | str,
    name: str,
    manifest: dict[str, object] | None,
    expected: list[str],
) -> None:
    reply = send(firm, content, name=name, manifest=manifest)

    assert reply.status_code == 422
    assert codes(reply) == expected
    entry = firm.call("GET", "/v1/time-entries/psa/te-1", Scope.TIME_READ)
    assert entry.status_code == 404


def test_a_formula_in_a_workbook_is_refused(firm: ApiFirm) -> None:
    formula = '=HYPERLINK("http://example.com")'

    reply = send(
        firm,
        workbook(
            ["te-1", 1, "approved", "ann", "P1", "2026-10-05", 3600],
            ["te-2", 1, "approved", formula, "P1", "2026-10-05", 3600],
        ),
        name="time.xlsx",
    )

    found = json.dumps(reply.json())
    assert "formula_refused" in found
    entry = firm.call("GET", "/v1/time-entries/psa/te-2", Scope.TIME_READ)
    assert entry.status_code == 404


def test_json_lines_are_a_file_too(firm: ApiFirm) -> None:
    lines = "\n".join(json.dumps(time_entry(id=f"te-{n}")) for n in range(3))

    reply = send(firm, lines, name="time.jsonl", manifest={"rows": 3})

    assert reply.status_code == 200
    assert reply.json()["counts"] == {"accepted": 3}


def test_all_or_nothing_takes_nothing_of_a_file_with_one_wrong_row(
    firm: ApiFirm,
) -> None:
    content = f"{HEADER}\n{ROW}\n{ROW.replace('3600', '-1')}\n"

    reply = send(firm, content, manifest={"all_or_nothing": True})

    assert reply.status_code == 200
    assert reply.json()["counts"] == {"refused": 2}
    entry = firm.call("GET", "/v1/time-entries/psa/te-1", Scope.TIME_READ)
    assert entry.status_code == 404
