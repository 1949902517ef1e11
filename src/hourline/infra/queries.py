"""Read the named SQL statements that stand beside a module."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

_HEADER = re.compile(
    r"^-- name: (?P<name>\w+)\n-- purpose: (?P<purpose>.+)\n", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Query:
    """Hold one SQL statement with its name and what it is for."""

    name: str
    purpose: str
    sql: str


def load_queries(package: str) -> Mapping[str, Query]:
    """Return the statements of every file in `queries/` of the package, by name.

    Raises ValueError where a file has text before its first header or a name twice.
    """
    folder = resources.files(package) / "queries"
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    found: dict[str, Query] = {}
    for file in sorted(files, key=lambda item: item.name):
        for query in _statements(file.read_text(encoding="utf-8"), file.name):
            if query.name in found:
                msg = f"{package}: query {query.name} is defined twice"
                raise ValueError(msg)
            found[query.name] = query
    return found


def _statements(text: str, file_name: str) -> list[Query]:
    headers = list(_HEADER.finditer(text))
    if not headers or text[: headers[0].start()].strip():
        msg = f"{file_name}: starts without '-- name:' and '-- purpose:' lines"
        raise ValueError(msg)
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return [
        Query(header["name"], header["purpose"], text[header.end() : end].strip(" ;\n"))
        for header, end in zip(headers, ends, strict=True)
    ]
