"""Read Hourline's settings from environment variables, once, into one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

STATE_FOLDER = ".hourline"
DEMO_FOLDER = "demo"
TCP_PORT_MIN, TCP_PORT_MAX = 1024, 65535


class InvalidSetting(ValueError):
    """Say which setting cannot be used, why, and what would do."""


@dataclass(frozen=True)
class Settings:
    """Hold what was decided outside the program, with absolute paths."""

    state_dir: Path
    database_url: str | None = field(default=None, repr=False)
    pg_bin: Path | None = None
    pg_port: int | None = None
    key_file: Path | None = None


def load_settings(environ: Mapping[str, str], *, demo: bool = False) -> Settings:
    """Build the settings from `environ`; an empty variable counts as unset.

    With `demo`, the state is kept apart, below the ordinary state directory. A database
    that is given stays the one used; there the demo is the tenant `demo` and no other.

    Raises:
        InvalidSetting: a variable is set to something that cannot be used.
    """
    state_dir = _path(environ, "HOURLINE_STATE") or Path.cwd() / STATE_FOLDER
    return Settings(
        state_dir=state_dir / DEMO_FOLDER if demo else state_dir,
        database_url=environ.get("DATABASE_URL", "").strip() or None,
        pg_bin=_path(environ, "HOURLINE_PG_BIN"),
        pg_port=_port(environ, "HOURLINE_PG_PORT"),
        key_file=_path(environ, "HOURLINE_KEY_FILE"),
    )


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    try:
        return Path.cwd() / Path(text).expanduser()
    except RuntimeError as reason:
        message = f"{name} is {text!r}: {reason} Give an absolute path."
        raise InvalidSetting(message) from reason


def _port(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        port = int(text)
        if TCP_PORT_MIN <= port <= TCP_PORT_MAX:
            return port
    message = (
        f"{name} is {text!r}, which is not a TCP port an ordinary program may open. "
        f"Give a whole number from {TCP_PORT_MIN} to {TCP_PORT_MAX}, or unset it."
    )
    raise InvalidSetting(message)
