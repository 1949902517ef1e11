"""Ban names that say nothing: utils, common, helpers, base, manager and their kin.

Why: a module called utils grows without end, and a class called Manager hides its verb.
"MasterData" is a word of the glossary and allowed.
Escape: `# lint-skip: names - reason` where a library dictates the name.
"""

import ast
import re
from collections.abc import Iterator

from tools.linters.source import Finding, Source

MODULES = frozenset({"utils", "util", "common", "helpers", "helper", "base", "manager"})
CLASS_PARTS = frozenset(
    {"Abstract", "Impl", "Base", "Manager", "Helper", "Data", "Info"}
)
VERBS = frozenset({"process", "handle", "do"})
_CAMEL_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")


def check(source: Source) -> Iterator[Finding]:
    """Find modules, classes and functions with an empty name."""
    for part in source.parts:
        if part in MODULES:
            remedy = f"name {part} after what it holds"
            yield from source.finding("names", source.tree, remedy)
    for node in source.nodes:
        if isinstance(node, ast.ClassDef):
            yield from _class(source, node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function(source, node)


def _class(source: Source, node: ast.ClassDef) -> Iterator[Finding]:
    words = _CAMEL_PART.findall(node.name.replace("MasterData", ""))
    for word in sorted(CLASS_PARTS.intersection(words)):
        remedy = f"class {node.name}: '{word}' says nothing; name what it is"
        yield from source.finding("names", node, remedy)


def _function(
    source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Finding]:
    verb = node.name.strip("_").split("_")[0]
    if verb in VERBS:
        remedy = f"function {node.name}: '{verb}' says nothing; name what it does"
        yield from source.finding("names", node, remedy)
