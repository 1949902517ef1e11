"""Seal the secrets of connections with a key that is kept outside the database."""

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.infra.settings import Settings

QUERIES = load_queries(__package__)
KEY_FILE_NAME = "secret.key"
VALUE_LENGTH_MAX = 10_000
# A sealed value: version, id of the key in the file, the data key wrapped with that
# key, then the value sealed with the data key. Replacing the file's key only means to
# wrap the data keys anew.
_VERSION = b"\x01"
_KEY_BYTES = 32
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VALUE_AT = 1 + _KEY_ID_BYTES + _NONCE_BYTES + _KEY_BYTES + _TAG_BYTES
_OTHERS_READ = stat.S_IRWXO


class CannotUnseal(Exception):
    """Say why sealed secrets cannot be read or written, and what to do."""


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Name where a secret belongs; sealed for one place, it opens nowhere else."""

    tenant: int
    connection_no: int
    field: str

    @property
    def bound(self) -> bytes:
        """Give the bytes a seal is bound to; numbers cannot contain the separator."""
        return f"{self.tenant}|{self.connection_no}|{self.field}".encode()


@dataclass(frozen=True, slots=True)
class SecretField:
    """Say which secret a connection has and since when, not what it is."""

    field: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class _Sealed:
    field: str
    sealed: bytes


class Keyring:
    """Seal and open secrets with the key of one file."""

    def __init__(self, key: bytes, *, path: Path) -> None:
        """Take 32 random bytes and where they came from, for messages."""
        self._cipher = AESGCM(key)
        self._key_id = hashlib.sha256(b"hourline key id" + key).digest()[:_KEY_ID_BYTES]
        self._path = path

    def __repr__(self) -> str:
        """Show where the key is, never the key."""
        return f"Keyring({self._path})"

    def seal(self, value: str, place: SecretPlace) -> bytes:
        """Return a value as it may be stored: under a data key of its own."""
        data_key = AESGCM.generate_key(bit_length=8 * _KEY_BYTES)
        bound = _VERSION + self._key_id + place.bound
        wrapped = _encrypt(self._cipher, data_key, bound)
        sealed = _encrypt(AESGCM(data_key), value.encode(), bound)
        return _VERSION + self._key_id + wrapped + sealed

    def unseal(self, sealed: bytes, place: SecretPlace) -> str:
        """Return a stored value; raise CannotUnseal for another key, place or bytes."""
        if sealed[:1] != _VERSION or len(sealed) <= _VALUE_AT:
            raise CannotUnseal(
                f"The secret {place.field} is not stored in a known form."
            )
        header = sealed[: 1 + _KEY_ID_BYTES]
        if header[1:] != self._key_id:
            raise CannotUnseal(
                f"The secret {place.field} was sealed with another key than the one in"
                f" {self._path}. Put the earlier key file back, or set the secret anew."
            )
        bound = header + place.bound
        try:
            wrapped = sealed[len(header) : _VALUE_AT]
            data_key = _decrypt(self._cipher, wrapped, bound)
            return _decrypt(AESGCM(data_key), sealed[_VALUE_AT:], bound).decode()
        except InvalidTag:
            raise CannotUnseal(
                f"The secret {place.field} was altered, or moved from another"
                " connection. Set it anew."
            ) from None


def open_keyring(settings: Settings) -> Keyring:
    """Read the key file; where none is set, create one in the state directory once.

    Raises CannotUnseal where the file is missing, is not 32 bytes long or can be read
    by every user of the machine.
    """
    if settings.key_file is not None:
        return _read_keyring(settings.key_file)
    path = settings.state_dir / KEY_FILE_NAME
    with contextlib.suppress(FileExistsError):
        _create_key(path)
    return _read_keyring(path)


def _create_key(path: Path) -> None:
    """Create the file complete or not at all: written beside its place, then linked."""
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(os.urandom(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()


def _read_keyring(path: Path) -> Keyring:
    try:
        key, mode = path.read_bytes(), path.stat().st_mode
    except OSError as reason:
        raise CannotUnseal(
            f"The key file {path} cannot be read: {reason.strerror}. Check"
            " HOURLINE_KEY_FILE, or unset it to use the one of the state directory."
        ) from reason
    if len(key) != _KEY_BYTES:
        raise CannotUnseal(
            f"The key file {path} holds {len(key)} bytes and must hold exactly"
            f" {_KEY_BYTES} random ones. Put the right file back."
        )
    if mode & _OTHERS_READ:
        raise CannotUnseal(
            f"Every user of this machine can open the key file {path}. Run chmod 600"
            " on it, and set every secret anew if somebody may have read it."
        )
    return Keyring(key, path=path)


def _encrypt(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, bound)


def _decrypt(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)


def find_connection(session: Session, name: str) -> int | None:
    """Return the number of a connection by its name, or None."""
    return session.value(QUERIES["connection_named"], int, name=name)


def set_secret(
    session: Session,
    keyring: Keyring,
    *,
    connection_no: int,
    field: str,
    value: str,
    actor: str,
) -> None:
    """Seal and store a secret of a connection; the change is in the audit chain.

    Raises ValueError for an empty or absurdly long value.
    """
    if not 0 < len(value) <= VALUE_LENGTH_MAX:
        raise ValueError(f"a secret has 1 to {VALUE_LENGTH_MAX} characters")
    place = SecretPlace(session.tenant, connection_no, field)
    existed = bool(_sealed(session, connection_no, field))
    session.run(
        QUERIES["set_secret"],
        connection_no=connection_no,
        field=field,
        sealed=keyring.seal(value, place),
    )
    _record(session, place, action="secret.set", actor=actor, existed=existed)


def remove_secret(
    session: Session, *, connection_no: int, field: str, actor: str
) -> bool:
    """Delete a secret; return whether there was one."""
    removed = session.run(
        QUERIES["remove_secret"], connection_no=connection_no, field=field
    )
    if removed:
        place = SecretPlace(session.tenant, connection_no, field)
        _record(session, place, action="secret.removed", actor=actor, existed=True)
    return removed == 1


def read_secrets(
    session: Session, keyring: Keyring, connection_no: int
) -> dict[str, str]:
    """Return the secrets of a connection by field; raise CannotUnseal."""
    return {
        row.field: keyring.unseal(
            row.sealed, SecretPlace(session.tenant, connection_no, row.field)
        )
        for row in _sealed(session, connection_no, None)
    }


def list_secrets(session: Session, connection_no: int) -> list[SecretField]:
    """Return which secrets a connection has, never their values."""
    return session.all(
        QUERIES["secret_fields"], SecretField, connection_no=connection_no
    )


def _sealed(session: Session, connection_no: int, field: str | None) -> list[_Sealed]:
    return session.all(
        QUERIES["sealed_secrets"], _Sealed, connection_no=connection_no, field=field
    )


def _record(
    session: Session, place: SecretPlace, *, action: str, actor: str, existed: bool
) -> None:
    # Neither the value nor a hash of it: a short secret could be guessed from either.
    change = ManualChange(
        actor=actor,
        action=action,
        subject=f"connection {place.connection_no} field {place.field}",
        reason="set on the command line",
        before={"existed": existed},
        after={"exists": action == "secret.set"},
    )
    record_change(session, change)
