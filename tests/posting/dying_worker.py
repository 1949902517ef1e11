"""Post what is due and be killed at a named moment of the first call.

Started as a process of its own: arguments are the database's URL, the tenant, the
sandbox's ports file, the connection and the moment, before_send or after_send.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

from hourline.connectors.sandbox.admin import Sandbox, read_places
from hourline.connectors.sdk.http import Exchanged, HttpRequest
from hourline.connectors.sdk.target import TargetPort
from hourline.infra.database import Database
from hourline.posting.service import run_due
from tests.posting.desk import TIMING, Desk


def main(url: str, tenant: str, ports_file: str, moment: str) -> None:
    """Work as a worker would, until the moment comes."""
    database = Database.open(url)
    places = read_places(Path(ports_file))
    # The sandbox is another's process: only its places are needed here.
    desk = Desk(database, int(tenant), Sandbox(Popen(["true"], text=True), places))

    def port(connection_no: int) -> TargetPort:
        real = desk.port(connection_no)

        def send(request: HttpRequest) -> Exchanged:
            if moment == "after_send":
                real.send(request)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        return replace(real, send=send)

    run_due(database, desk.tenant, port, timing=TIMING, threads_max=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
