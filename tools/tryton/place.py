"""Say where the test ERP keeps its parts, and let one program at a time change them."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.linters.source import ROOT

LOCK_FILE = ROOT / "requirements" / "tryton.lock"
KEY_MODULE = ROOT / "tools" / "tryton" / "hourline_key"
_KEY_CHARACTERS = 12


def place() -> Path:
    """Return the folder of all that is installed and cached, created if missing."""
    folder = Path(os.environ.get("HOURLINE_TRYTON") or ROOT / ".tryton")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def run_folder() -> Path:
    """Return the folder of the ERPs that run now, each in a folder by its database."""
    folder = place() / "run"
    folder.mkdir(exist_ok=True)
    return folder


def fingerprint(*parts: bytes) -> str:
    """Return a short name of some content."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:_KEY_CHARACTERS]


def packages_key() -> str:
    """Return a short name of the packages to be installed."""
    return fingerprint(LOCK_FILE.read_bytes())


def key_module_key() -> str:
    """Return a short name of the module that keeps keys unique."""
    parts = ("*.py", "*.cfg", "*.xml")
    sources = [path for part in parts for path in KEY_MODULE.glob(part)]
    return fingerprint(*(path.read_bytes() for path in sorted(sources)))


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Keep other programs out of what `name` stands for."""
    with (place() / f"{name}.turn").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
