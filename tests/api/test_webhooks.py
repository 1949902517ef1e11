"""Take webhooks: signed ones only, answered after they are stored."""

import base64
import json

import pytest

from hourline.infra.api_keys import Scope
from hourline.infra.secrets import Keyring, set_secret
from hourline.master.store import set_connection
from tests.api.firm import WEBHOOK_SECRET, ApiFirm, outcomes, time_entry

pytestmark = pytest.mark.integration
OTHER_SECRET = "whsec_" + base64.b64encode(b"o" * 24).decode()


def body(*entries: dict[str, object]) -> bytes:
    return json.dumps({"type": "time_entry.approved", "data": list(entries)}).encode()


def test_a_signed_webhook_is_stored_before_it_is_answered(firm: ApiFirm) -> None:
    reply = firm.send_webhook(body(time_entry()))

    stored = firm.call("GET", "/v1/time-entries/psa/te-1", Scope.TIME_READ)
    assert reply.status_code == 200
    assert outcomes(reply) == [["te-1", "accepted"]]
    assert stored.json()["state"] == "open_to_bill"


def test_the_same_webhook_again_changes_nothing(firm: ApiFirm) -> None:
    first = firm.send_webhook(body(time_entry()))

    again = firm.send_webhook(body(time_entry()))

    assert again.status_code == 200
    assert again.json()["delivery"] == first.json()["delivery"]
    assert again.json()["known_before"] is True


def test_strangers_cannot_tell_what_exists(firm: ApiFirm) -> None:
    replies = [
        firm.send_webhook(body(time_entry()), secret=OTHER_SECRET),
        firm.send_webhook(body(time_entry()), path="/v1/webhooks/nobody/psa"),
        firm.send_webhook(body(time_entry()), path=f"/v1/webhooks/{firm.slug}/nothing"),
        firm.send_webhook(body(time_entry()), path="/v1/webhooks/nobody/a%2Fb"),
        firm.client.post(f"/v1/webhooks/{firm.slug}/psa", content=b"{}"),
        firm.client.post("/v1/webhooks/nobody/psa", content=b"{}"),
    ]

    assert {reply.status_code for reply in replies} == {401}
    assert len({reply.content for reply in replies}) == 1
    entry = firm.call("GET", "/v1/time-entries/psa/te-1", Scope.TIME_READ)
    assert entry.status_code == 404


def test_a_connection_without_a_secret_takes_no_webhook(firm: ApiFirm) -> None:
    decoy = "whsec_" + "A" * 43 + "="
    with firm.database.tenant(firm.tenant) as session:
        set_connection(session, name="files", connector="sandbox_psa")

    reply = firm.send_webhook(
        body(time_entry()), secret=decoy, path=f"/v1/webhooks/{firm.slug}/files"
    )

    assert reply.status_code == 401


def test_the_decoy_opens_no_unknown_connection(firm: ApiFirm) -> None:
    decoy = "whsec_" + "A" * 43 + "="

    reply = firm.send_webhook(
        body(time_entry()), secret=decoy, path="/v1/webhooks/nobody/psa"
    )

    assert reply.status_code == 401


def test_during_a_rotation_both_secrets_sign(firm: ApiFirm, keyring: Keyring) -> None:
    with firm.database.tenant(firm.tenant) as session:
        set_secret(
            session,
            keyring,
            connection_no=firm.connection_no,
            field="webhook_secret_next",
            value=OTHER_SECRET,
            actor="tester",
        )

    old = firm.send_webhook(body(time_entry(id="a")), secret=WEBHOOK_SECRET)
    new = firm.send_webhook(
        body(time_entry(id="b")), secret=OTHER_SECRET, webhook_id="wh-2"
    )

    assert [old.status_code, new.status_code] == [200, 200]


def test_a_signed_webhook_that_is_no_json_is_refused_and_kept(firm: ApiFirm) -> None:
    reply = firm.send_webhook(b'{"data": ')

    items = firm.call("GET", "/v1/exceptions", Scope.EXCEPTIONS_WORK).json()["items"]
    assert reply.status_code == 400
    assert reply.json()["detail"].startswith("Line 1, column 10: ")
    assert [item["code"] for item in items] == ["record_malformed"]


def test_a_huge_webhook_is_refused_before_its_signature_is_checked(
    firm: ApiFirm,
) -> None:
    reply = firm.client.post(
        "/v1/webhooks/nobody/psa", content=b" " * (1024 * 1024 + 1)
    )

    assert reply.status_code == 413
    assert reply.json()["detail"] == "The most is 1048576 bytes."
