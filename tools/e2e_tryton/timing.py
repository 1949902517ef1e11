"""Compare the time Hourline takes to post a month with Tryton's own.

The very requests by which Hourline created and posted its documents are sent again to
a fresh copy of the same ERP, by a client that does nothing else. What Hourline takes
more is what it looks up, compares and keeps, so that nothing is booked twice.
"""

import re
import socket
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import click

from hourline.flow.connections import Connections
from hourline.flow.workers import stage_work
from hourline.infra.secrets import open_keyring
from tools.e2e_tryton.carrier import Hourline, installation
from tools.e2e_tryton.export import GERMAN, write_export
from tools.e2e_tryton.work import LAST_DAY, Month, invent_month
from tools.tryton.books import Books, read_books
from tools.tryton.erp import Erp, running_erp
from tools.tryton.proxy import FaultProxy

ENTRIES = 560
_PLACE = re.compile(rb"^POST /[^/]+/")
_CHUNK = 65536


@dataclass(frozen=True)
class Posted:
    """Hold what was posted, in how many seconds, and by which requests."""

    seconds: float
    requests: tuple[bytes, ...]
    documents: int
    lines: int


def by_hourline(month: Month) -> Posted:
    """Post a month with Hourline, and keep the requests that wrote something."""
    with (
        installation() as state,
        running_erp(month.plan) as erp,
        closing(FaultProxy(erp.server.port)) as proxy,
    ):
        hourline = Hourline(state, slug="timing")
        export = state / "export.csv"
        write_export(month, export, GERMAN)
        hourline.connect(erp, proxy.url, month)
        hourline.import_export(export)
        hourline.bill(LAST_DAY)
        _read(erp)
        recorded: list[bytearray] = []
        proxy.recorded = recorded
        with hourline.desk() as desk:
            live = Connections(desk.database, open_keyring(desk.settings))
            post = stage_work(desk.database, live)["posting"]
            began = time.perf_counter()
            post(desk.tenant)
            seconds = time.perf_counter() - began
        return _posted(seconds, [bytes(one) for one in recorded], _read(erp))


def by_tryton_alone(month: Month, requests: Sequence[bytes]) -> Posted:
    """Send the same requests to a fresh copy of the ERP, in their order."""
    with (
        running_erp(month.plan) as erp,
        closing(FaultProxy(erp.server.port)) as proxy,
    ):
        place = f"POST /{erp.database}/".encode()
        moved = [_PLACE.sub(place, one) for one in requests]
        _read(erp)
        began = time.perf_counter()
        for request in moved:
            _send(proxy.port, request)
        return _posted(time.perf_counter() - began, requests, _read(erp))


def _send(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        answer = b""
        while more := connection.recv(_CHUNK):
            answer += more
    if b" 200 " not in answer.split(b"\r\n")[0]:
        raise click.ClickException(answer.decode(errors="replace"))


def _posted(seconds: float, sent: Sequence[bytes], books: Sequence[Books]) -> Posted:
    return Posted(
        seconds=seconds,
        requests=tuple(one for one in sent if one.startswith(b"POST ")),
        documents=sum(len(found.invoices) + len(found.journals()) for found in books),
        lines=sum(len(move.lines) for found in books for move in found.moves),
    )


def _read(erp: Erp) -> list[Books]:
    """Read the books, which also warms the server up."""
    admin = erp.admin()
    return [read_books(admin, found.company) for found in erp.firm.companies.values()]


@click.command()
@click.option("--seed", default=1, show_default=True, help="Of the month.")
def main(*, seed: int) -> None:
    """Print how much longer Hourline takes to post a month than Tryton alone."""
    month = invent_month(seed=seed, entries=ENTRIES)
    ours = by_hourline(month)
    theirs = by_tryton_alone(month, ours.requests)
    if (ours.documents, ours.lines) != (theirs.documents, theirs.lines):
        raise click.ClickException(f"{ours.documents} against {theirs.documents}")
    click.echo(
        f"{ours.documents} documents, {ours.lines} lines in the books:"
        f" Hourline {ours.seconds:.1f} s, Tryton alone {theirs.seconds:.1f} s,"
        f" ratio {ours.seconds / theirs.seconds:.3f}"
    )


if __name__ == "__main__":
    main()
