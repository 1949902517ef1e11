"""Install, start and remove the test ERP from a shell: `python -m tools.tryton`."""

import shutil
import signal
from contextlib import suppress

import click

from hourline.infra.postgres import EmbeddedPostgres, find_binaries
from tools.tryton.database import FOLDER
from tools.tryton.erp import ADMIN, ADMIN_PASSWORD, running_erp
from tools.tryton.install import CannotInstall, ensure_installed
from tools.tryton.place import alone, place
from tools.tryton.wire import encode


@click.group()
def main() -> None:
    """Give a real ERP to try things on."""


@main.command()
def install() -> None:
    """Install Tryton and make its databases, so that tests need no network."""
    try:
        ensure_installed()
        for is_keyed in (False, True):
            with running_erp(is_keyed=is_keyed) as erp:
                click.echo(f"Ready: {erp.database}")
    except CannotInstall as reason:
        raise click.ClickException(str(reason)) from reason


@main.command()
@click.option("--port", type=int, help="The port; a free one if not given.")
@click.option("--keyed", is_flag=True, help="Refuse a second document with a key.")
def up(port: int | None, *, keyed: bool) -> None:
    """Run a filled ERP until interrupted; print addresses, secrets and ids as JSON."""
    # A terminated program leaves its `with` blocks, as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running_erp(is_keyed=keyed, port=port) as erp:
        said = {
            "url": erp.url,
            "database": erp.database,
            "admin": [ADMIN, ADMIN_PASSWORD],
            "log": str(erp.server.log_file),
            "firm": erp.firm.as_json(),
        }
        click.echo(encode(said).decode())
        with suppress(KeyboardInterrupt):
            signal.pause()


@main.command()
def clean() -> None:
    """Remove all that was installed and cached."""
    with alone("install"):
        EmbeddedPostgres(place() / FOLDER, binaries=find_binaries(None)).stop()
    # Where the database had to be kept elsewhere, a link leads there.
    shutil.rmtree((place() / FOLDER / "postgresql").resolve(), ignore_errors=True)
    shutil.rmtree(place())


if __name__ == "__main__":
    main()
