"""Book journals as a careless program does: what was not heard of is done again.

The tests of the campaign need somebody whom kills and lost replies do harm.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.tryton.documents import move_values
from tools.tryton.erp import Erp
from tools.tryton.proxy import FaultProxy
from tools.tryton.rest import Rest
from tools.tryton.rpc import ErpUnreachable
from tools.tryton.wire import decode, encode

MARK = "careless"


@dataclass(frozen=True)
class NaivePoster:
    """Hold a folder with a file per journal that is still to be booked."""

    folder: Path

    def start_posting(self) -> "subprocess.Popen[bytes]":
        """Start the process; see the campaign."""
        command = [sys.executable, "-m", "tests.tryton.naive_poster", str(self.folder)]
        return subprocess.Popen(command, start_new_session=True)

    def is_finished(self) -> bool:
        """Tell whether every journal was once heard to be booked."""
        return not list(self.folder.glob("*.todo"))


def with_journals(folder: Path, erp: Erp, proxy: FaultProxy, count: int) -> NaivePoster:
    """Return a poster with so many journals to book through the proxy."""
    books = erp.firm.companies["MARLOW-UK"]
    way = [proxy.url, erp.database, erp.firm.key, books.company]
    (folder / "way.json").write_bytes(encode(way))
    admin = erp.admin()
    for number in range(count):
        values = move_values(
            admin, books, debit="2.00", credit="2.00", description=f"{MARK} {number}"
        )
        (folder / f"{number}.todo").write_bytes(encode(values))
    return NaivePoster(folder)


def main(folder: Path) -> None:
    """Book one journal after the other, and forget it when it was heard of."""
    url, database, key, company = decode((folder / "way.json").read_bytes())
    rest = Rest(url, database, key, company)
    for todo in sorted(folder.glob("*.todo")):
        try:
            created = rest.create("account.move", decode(todo.read_bytes()))
            rest.post("account.move", created)
        except ErpUnreachable:
            continue
        todo.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
