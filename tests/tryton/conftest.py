"""Give each run of the tests one real ERP, or skip by name where it cannot be had."""

import os
from collections.abc import Iterator

import pytest

from tools.tryton.erp import Erp, running_erp
from tools.tryton.install import COMMAND, CannotInstall, ensure_installed
from tools.tryton.rpc import Session


def _skip_unless_installed() -> None:
    """Skip where the packages cannot be had; in CI that is a failure instead."""
    try:
        ensure_installed()
    except CannotInstall as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Tryton is not installed; `{COMMAND}` would do it: {reason}")


@pytest.fixture(scope="session")
def erp() -> Iterator[Erp]:
    """Give a stock Tryton with the firm in it."""
    _skip_unless_installed()
    with running_erp() as running:
        yield running


@pytest.fixture(scope="session")
def keyed_erp() -> Iterator[Erp]:
    """Give a Tryton that keeps external keys unique."""
    _skip_unless_installed()
    with running_erp(is_keyed=True) as running:
        yield running


@pytest.fixture
def admin(erp: Erp) -> Session:
    """Give a session of the stock ERP's administrator."""
    return erp.admin()
