"""Limit functions to 60 lines, files to 400 and a vendor's file to 150.

Why: the tail of the sizes is where the bugs are, and long functions hide decisions.
Aim: functions of 10 lines, files of 100.
Escape: `# lint-skip: sizes - reason` on the `def` line or, for a file, on line 1 or 2.
The reason for a vendor's file says what the vendor makes necessary.
"""

import ast
from collections.abc import Iterator

from tools.linters.source import Finding, Source

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
VENDOR_LINES_MAX = 150
_SHARED_CONNECTOR_CODE = ("sdk", "sandbox")


def check(source: Source) -> Iterator[Finding]:
    """Find what is too long."""
    yield from _file(source)
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function(source, node)


def _file(source: Source) -> Iterator[Finding]:
    length = len(source.text.splitlines())
    limit = VENDOR_LINES_MAX if _is_vendor(source) else FILE_LINES_MAX
    excused = source.excuses("sizes", 1) or source.excuses("sizes", 2)
    if length > limit and not excused:
        yield Finding(
            "sizes", source.place, 1, f"{length} lines; split it below {limit}"
        )


def _function(
    source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Finding]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > FUNCTION_LINES_MAX:
        remedy = f"{node.name} has {length} lines; split it below {FUNCTION_LINES_MAX}"
        yield from source.finding("sizes", node, remedy)


def _is_vendor(source: Source) -> bool:
    folder = ("src", "hourline", "connectors")
    if source.parts[:3] != folder or source.parts[-1] == "__init__":
        return False
    return source.parts[3] not in _SHARED_CONNECTOR_CODE
