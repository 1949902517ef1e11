"""Address a server over its socket, as a libpq URL."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import conninfo, pq

from hourline.infra.postgres.cluster import SUPERUSER


@dataclass(frozen=True)
class ServerAddress:
    """Say where a server listens and how its superuser signs in."""

    socket_dir: Path
    port: int
    password: str = field(repr=False)

    def url(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """Give the libpq URL of `database` over the socket, password included."""
        who = f"{quote(user, safe='')}:{quote(self.password, safe='')}"
        where = f"host={quote(str(self.socket_dir), safe='')}&port={self.port}"
        return f"postgresql://{who}@/{quote(database, safe='')}?{where}"


def ping(socket_dir: Path, port: int) -> pq.Ping:
    """Ask the server itself whether it answers, without signing in."""
    host = str(socket_dir).replace("\\", r"\\").replace("'", r"\'")
    where = f"host='{host}' port={port} connect_timeout=5"
    return pq.Ping(pq.PGconn.ping(where.encode()))


def without_password(url: str) -> str:
    """Give user, server and database of a libpq URL or parameter list, and no more."""
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "(not a libpq URL)"
    who = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{who}{parts.get('host') or ''}{port}/{parts.get('dbname') or ''}"
