"""Ban unittest.mock: tests use real parts or fakes of ports.

Why: a mock repeats what its author believes and agrees with every mistake.
Escape: `# lint-skip: mocks - reason`.
"""

import ast
from collections.abc import Iterator

from tools.linters.source import Finding, Source

_BANNED = ("unittest.mock", "mock", "pytest_mock", "asynctest")


def check(source: Source) -> Iterator[Finding]:
    """Find imports of mocking libraries and uses of their pytest fixture."""
    for node in source.nodes:
        if any(_is_mock(name) for name in _imported(node)):
            remedy = "use the real part, or a fake of its port"
            yield from source.finding("mocks", node, remedy)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.arg) and node.arg == "mocker":
        return ["pytest_mock"]
    return []


def _is_mock(name: str) -> bool:
    return any(name == banned or name.startswith(f"{banned}.") for banned in _BANNED)
