"""Give each run of the tests one real ERP, or skip by name where it cannot be had."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TypeAlias

import pytest

from tools.tryton.erp import Erp, running_erp
from tools.tryton.install import COMMAND, CannotInstall, ensure_installed
from tools.tryton.rpc import Session

OpenErp: TypeAlias = Callable[..., AbstractContextManager[Erp]]


@pytest.fixture(scope="session")
def open_erp() -> OpenErp:
    """Give what starts an ERP; skip where the packages cannot be had, but not in CI."""
    try:
        ensure_installed()
    except CannotInstall:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Tryton cannot be had here; with network, `{COMMAND}` installs it")
    return running_erp


@pytest.fixture(scope="session")
def erp(open_erp: OpenErp) -> Iterator[Erp]:
    """Give a stock Tryton with the firm in it."""
    with open_erp() as running:
        yield running


@pytest.fixture(scope="session")
def keyed_erp(open_erp: OpenErp) -> Iterator[Erp]:
    """Give a Tryton that keeps external keys unique."""
    with open_erp(is_keyed=True) as running:
        yield running


@pytest.fixture
def admin(erp: Erp) -> Session:
    """Give a session of the stock ERP's administrator."""
    return erp.admin()
