"""Install Tryton into a virtual environment of its own, from the lock file's hashes."""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.tryton.place import (
    KEY_MODULE,
    LOCK_FILE,
    alone,
    key_module_key,
    packages_key,
    place,
)

COMMAND = "python -m tools.tryton install"
_REMEDY = f"Run `{COMMAND}` where pip can reach a package index."
_LINES_SHOWN = 15


class CannotInstall(Exception):
    """Say why Tryton could not be installed, and which command would do it."""


def ensure_installed() -> Path:
    """Return the interpreter of Tryton's environment, installing it if need be.

    Raises:
        CannotInstall: a package cannot be had; the message ends with what to do.
    """
    environment = place() / "venv"
    packages = environment / f"packages-{packages_key()}"
    key_module = environment / f"key-module-{key_module_key()}"
    python = environment / "bin" / "python"
    if packages.exists() and key_module.exists():
        return python
    with alone("install"):
        if not packages.exists():
            _install(environment, python)
            packages.touch()
        if not key_module.exists():
            _copy_key_module(environment)
            key_module.touch()
    return python


def program(python: Path, name: str) -> list[str]:
    """Return how one of Tryton's programs is started.

    Through the interpreter, since the path in a script's first line may be too long.
    """
    return [str(python), str(python.parent / name)]


def _install(environment: Path, python: Path) -> None:
    shutil.rmtree(environment, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(environment)])
    # The lock file is complete; see the note in the Makefile.
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wanted = ["--require-hashes", "--no-deps", "-r", str(LOCK_FILE)]
    _run([*pip, "install", *wanted])


def _copy_key_module(environment: Path) -> None:
    (modules,) = environment.glob("lib/python*/site-packages/trytond/modules")
    copied = modules / KEY_MODULE.name
    shutil.rmtree(copied, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(KEY_MODULE, copied, ignore=ignored)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-_LINES_SHOWN:])
        raise CannotInstall(f"Tryton cannot be installed:\n{said}\n{_REMEDY}")
