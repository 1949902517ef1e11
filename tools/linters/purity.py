"""Keep the kernel and every rule pure: no float, clock, randomness, I/O or logging.

Why: deciding must give identical bytes on every replay; binary fractions lose cents.
What is banned: float literals, the name `float` in any spelling, true division except
on a `Fraction(...)`, `round`, clocks, new random ids, files, printing, and imports
of anything but the modules listed here; which parts of Hourline a pure module may
import is an import contract in pyproject.toml.
Escape: `# lint-skip: purity - reason`.
"""

import ast
from collections.abc import Callable, Iterator

from tools.linters.source import Finding, Source

# Modules without clock, randomness, I/O or logging.
IMPORTS = frozenset(
    """
    __future__ abc base64 binascii bisect calendar collections dataclasses datetime
    decimal enum fractions functools hashlib heapq itertools iso4217 json math msgspec
    numbers numpy operator re stdnum string struct types typing unicodedata uuid
    hourline
    """.split()
)
BUILTINS = frozenset(
    "float complex round open print input eval exec compile globals breakpoint".split()
)
ATTRIBUTES = frozenset(
    "now today utcnow fromtimestamp uuid1 uuid4 uuid7 getnode random true_divide mean "
    "average".split()
)
MATH = frozenset("ceil comb floor gcd isqrt lcm perm prod trunc".split())


def check(source: Source) -> Iterator[Finding]:
    """Find what makes a pure module impure."""
    if not source.is_pure:
        return
    for node in source.nodes:
        for fault in filter(None, (find(node) for find in _CHECKS)):
            yield from source.finding("purity", node, fault)


def _constant(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        return f"{node.value!r} is a binary fraction; use int, Fraction or Decimal"
    return ""


def _division(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp):
        exact = any(_is_fraction(side) for side in (node.left, node.right))
        if isinstance(node.op, ast.Div) and not exact:
            return "true division gives a float; use //, divmod or Fraction(...)"
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
        return "true division gives a float; use //, divmod or Fraction(...)"
    return ""


def _is_fraction(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Fraction"
    )


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name) and node.id in BUILTINS:
        return f"{node.id} has no place in a pure module; the caller passes values"
    return ""


def _attribute(node: ast.AST) -> str:
    if not isinstance(node, ast.Attribute):
        return ""
    if node.attr in ATTRIBUTES or node.attr.startswith("float"):
        return f".{node.attr} has no place in a pure module; the caller passes values"
    of_math = isinstance(node.value, ast.Name) and node.value.id == "math"
    if of_math and node.attr not in MATH:
        return f"math.{node.attr} gives a float"
    return ""


def _import(node: ast.AST) -> str:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
        if node.module == "math" and not {a.name for a in node.names} <= MATH:
            return "this part of math gives floats"
    for name in names:
        if name.split(".")[0] not in IMPORTS:
            return f"{name} is not on the list of pure modules"
    return ""


_CHECKS: tuple[Callable[[ast.AST], str], ...] = (
    _constant,
    _division,
    _name,
    _attribute,
    _import,
)
