"""The command `api`: serve the HTTP API."""

from pathlib import Path

import click

from hourline.cli.desk import CannotOpen, open_database, tell


@click.command()
@click.option("--demo", is_flag=True, help="Use the demo's database.")
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8420,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--port-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the port to this file once the API answers.",
)
def api(*, demo: bool, host: str, port: int, port_file: Path | None) -> None:
    """Serve the HTTP API until the program is told to end.

    It speaks plain HTTP and listens on this machine only; put a proxy that speaks TLS
    before it where other machines shall reach it.
    """
    from hourline.api.app import create_app
    from hourline.api.serve import PortInUse, serve, write_port
    from hourline.infra.secrets import CannotUnseal, open_keyring

    def on_ready(taken: int) -> None:
        if port_file is not None:
            write_port(port_file, taken)
        shown = f"[{host}]" if ":" in host else host
        tell(f"The API answers at http://{shown}:{taken}; GET /openapi.json says what.")

    try:
        with open_database(demo=demo) as (settings, _, database):
            app = create_app(database, open_keyring(settings))
            serve(app, host=host, port=port, on_ready=on_ready)
    except (CannotUnseal, PortInUse) as refusal:
        raise CannotOpen(str(refusal)) from refusal
