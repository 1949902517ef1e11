"""Keep a sandbox server's documents in a file that survives a kill of the process."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

Content = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    reference TEXT,
    unique_id TEXT UNIQUE,
    content TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS document_reference ON document (reference);
CREATE TABLE IF NOT EXISTS reply (
    key TEXT PRIMARY KEY,
    request_sha256 TEXT NOT NULL,
    status INTEGER NOT NULL,
    content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, content TEXT NOT NULL);
"""


class Storage:
    """Hold documents, stored replies and settings of one server in SQLite.

    Used from one thread; `writing` makes all changes within it one transaction.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        # A killed process loses nothing this way; only a power cut could.
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Commit what is done within, or nothing of it after an exception."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def add(
        self,
        kind: str,
        content: Content,
        *,
        reference: str | None = None,
        unique_id: str | None = None,
    ) -> int:
        """Return the number of the new document.

        Raises sqlite3.IntegrityError if its unique id is taken.
        """
        added = self._connection.execute(
            "INSERT INTO document (kind, reference, unique_id, content)"
            " VALUES (?, ?, ?, ?)",
            (kind, reference, unique_id, json.dumps(content)),
        )
        return cast("int", added.lastrowid)

    def change(self, no: int, content: Content) -> None:
        """Replace the content of a document."""
        self._connection.execute(
            "UPDATE document SET content = ? WHERE no = ?", (json.dumps(content), no)
        )

    def remove(self, no: int) -> None:
        """Remove a document; its number is never used again."""
        self._connection.execute("DELETE FROM document WHERE no = ?", (no,))

    def get(self, no: int) -> Content | None:
        """Return one document."""
        found = self._documents("WHERE no = ?", no)
        return found[0] if found else None

    def by_reference(self, kind: str, reference: str) -> list[Content]:
        """Return the documents of a kind with a reference, oldest first."""
        return self._documents("WHERE kind = ? AND reference = ?", kind, reference)

    def by_unique_id(self, unique_id: str) -> list[Content]:
        """Return the one document with a unique id, or none."""
        return self._documents("WHERE unique_id = ?", unique_id)

    def documents(self, kind: str | None = None) -> list[Content]:
        """Return all documents, or those of a kind, oldest first."""
        if kind is None:
            return self._documents("")
        return self._documents("WHERE kind = ?", kind)

    def reply(self, key: str) -> tuple[str, int, Any] | None:
        """Return the request hash, status and content kept under a key."""
        row = self._connection.execute(
            "SELECT request_sha256, status, content FROM reply WHERE key = ?", (key,)
        ).fetchone()
        return (row[0], row[1], json.loads(row[2])) if row else None

    def keep_reply(
        self, key: str, *, request_sha256: str, status: int, content: object
    ) -> None:
        """Keep a reply for repetitions of its request."""
        self._connection.execute(
            "INSERT INTO reply VALUES (?, ?, ?, ?)",
            (key, request_sha256, status, json.dumps(content)),
        )

    def setting(self, name: str, default: object) -> Any:  # noqa: ANN401 - JSON
        """Return a setting, or the default if it was never set."""
        row = self._connection.execute(
            "SELECT content FROM setting WHERE name = ?", (name,)
        ).fetchone()
        return json.loads(row[0]) if row else default

    def set_setting(self, name: str, content: object) -> None:
        """Set a setting."""
        self._connection.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(content))
        )

    def next_number(self, series: str) -> int:
        """Return the next number of a gapless series, from 1."""
        number = int(self.setting(f"series:{series}", 0)) + 1
        self.set_setting(f"series:{series}", number)
        return number

    def _documents(self, where: str, *bound: object) -> list[Content]:
        rows = self._connection.execute(
            f"SELECT no, content FROM document {where} ORDER BY no",  # noqa: S608 - constants of this class only
            bound,
        )
        return [{**json.loads(content), "no": no} for no, content in rows]
