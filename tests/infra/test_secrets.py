"""Seal secrets so that a copy of the database is worth nothing."""

import stat
from pathlib import Path

import pytest

from hourline.infra.audit import verify_chain
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.infra.secrets import (
    CannotUnseal,
    Keyring,
    SecretPlace,
    list_secrets,
    open_keyring,
    read_secrets,
    remove_secret,
    set_secret,
)
from hourline.infra.settings import Settings
from hourline.master.store import set_connection

PLACE = SecretPlace(1, 2, "webhook_secret")
KEYRING = Keyring(bytes(range(32)), path=Path("test.key"))
DUMP = Query(
    "dump",
    "Everything stored about secrets.",
    "SELECT string_agg(encode(sealed, 'escape'), ' ') FROM hourline.connection_secret",
)
AUDITED = Query(
    "audited",
    "The audited actions.",
    "SELECT string_agg(action || ' ' || coalesce(after::text, ''), ';'"
    " ORDER BY sequence) FROM hourline.audit_record",
)


def test_what_is_sealed_can_be_opened_where_it_belongs() -> None:
    sealed = KEYRING.seal("s3cret ü", PLACE)

    assert b"s3cret" not in sealed
    assert KEYRING.unseal(sealed, PLACE) == "s3cret ü"


def test_the_same_value_is_never_sealed_to_the_same_bytes() -> None:
    assert KEYRING.seal("s", PLACE) != KEYRING.seal("s", PLACE)


@pytest.mark.parametrize(
    "place",
    [
        SecretPlace(2, 2, "webhook_secret"),
        SecretPlace(1, 3, "webhook_secret"),
        SecretPlace(1, 2, "client_secret"),
    ],
)
def test_a_sealed_secret_moved_elsewhere_does_not_open(place: SecretPlace) -> None:
    sealed = KEYRING.seal("s3cret", PLACE)

    with pytest.raises(CannotUnseal, match="altered, or moved"):
        KEYRING.unseal(sealed, place)


def test_no_bit_of_a_sealed_secret_can_be_changed() -> None:
    sealed = KEYRING.seal("s3cret", PLACE)

    opened = 0
    for at in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        try:
            KEYRING.unseal(bytes(changed), PLACE)
        except CannotUnseal:
            continue
        opened += 1

    assert opened == 0


def test_another_key_says_so() -> None:
    other = Keyring(bytes(32), path=Path("other.key"))

    with pytest.raises(CannotUnseal, match="sealed with another key"):
        other.unseal(KEYRING.seal("s3cret", PLACE), PLACE)


def test_a_keyring_does_not_show_its_key() -> None:
    assert repr(KEYRING) == "Keyring(test.key)"


def test_the_first_use_creates_a_key_only_we_can_read(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path / "state")

    first = open_keyring(settings)
    again = open_keyring(settings)

    path = tmp_path / "state" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 32
    assert again.unseal(first.seal("s", PLACE), PLACE) == "s"
    assert list((tmp_path / "state").iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (None, 0o600, "cannot be read: No such file"),
        (b"short", 0o600, "holds 5 bytes"),
        (bytes(33), 0o600, "holds 33 bytes"),
        (bytes(32), 0o644, "Every user of this machine"),
    ],
)
def test_a_key_file_that_cannot_be_right_is_refused(
    tmp_path: Path, content: bytes | None, mode: int, reason: str
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)

    with pytest.raises(CannotUnseal, match=reason):
        open_keyring(Settings(state_dir=tmp_path, key_file=path))


@pytest.mark.integration
def test_secrets_of_a_connection_are_stored_sealed_and_audited(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        number = set_connection(session, name="psa", connector="sandbox_psa")
        for value in ("first-value", "second-value"):
            set_secret(
                session,
                KEYRING,
                connection_no=number,
                field="client_secret",
                value=value,
                actor="ann",
            )

    with database.tenant(tenant) as session:
        read = read_secrets(session, KEYRING, number)
        fields = [one.field for one in list_secrets(session, number)]
        dump = session.value(DUMP, str) or ""
        removed = remove_secret(
            session, connection_no=number, field="client_secret", actor="ann"
        )
        removed_again = remove_secret(
            session, connection_no=number, field="client_secret", actor="ann"
        )
        audited = session.value(AUDITED, str) or ""
        tampering = verify_chain(session)

    assert read == {"client_secret": "second-value"}
    assert fields == ["client_secret"]
    assert "second-value" not in dump
    assert [removed, removed_again] == [True, False]
    assert audited == (
        'secret.set {"exists": true};secret.set {"exists": true};'
        'secret.removed {"exists": false}'
    )
    assert tampering is None


@pytest.mark.integration
@pytest.mark.parametrize("value", ["", "x" * 10_001])
def test_a_secret_without_content_is_refused(
    database: Database, tenant: int, value: str
) -> None:
    with database.tenant(tenant) as session:
        number = set_connection(session, name="psa", connector="sandbox_psa")
        with pytest.raises(ValueError, match="1 to 10000 characters"):
            set_secret(
                session,
                KEYRING,
                connection_no=number,
                field="f",
                value=value,
                actor="ann",
            )
