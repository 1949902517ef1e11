"""Ban `Any` in the kernel and in rules.

Why: where money and time are decided, the types are the first proof.
Escape: `# lint-skip: no-any - reason`.
"""

import ast
from collections.abc import Iterator

from tools.linters.source import Finding, Source


def check(source: Source) -> Iterator[Finding]:
    """Find `Any` in pure modules, however it is spelled."""
    if not source.is_pure:
        return
    for node in source.nodes:
        named = isinstance(node, ast.Name) and node.id == "Any"
        reached = isinstance(node, ast.Attribute) and node.attr == "Any"
        if isinstance(node, ast.expr) and (named or reached):
            remedy = "name the type; a union or a type variable says what comes"
            yield from source.finding("no-any", node, remedy)
