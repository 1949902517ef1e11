"""Keep the words of the glossary: one word for one idea in every public name.

Why: two words for one thing make readers look for a difference that is not there.
The page docs/reference/glossary.md is the list: a word in code marks in its column
"Not" is banned in public names of the product; one in the list "never alone" may not be
the whole name of a class or function.
Fields and parameters are read together with what they belong to and may stand alone.
Exempt: vendors' modules (their systems have their own words) and the scenario format.
Escape: `# lint-skip: glossary - reason`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tools.linters.source import ROOT, Finding, Source

_PAGE = "docs/reference/glossary.md"
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ROW = re.compile(r"^\| (?P<use>[^|]+) \|[^|]+\|(?P<refused>[^|]+)\|$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Glossary:
    """Hold the banned words, each with the word to use, and those never alone."""

    use_instead: dict[tuple[str, ...], str]
    never_alone: frozenset[str]


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """Read the glossary page."""
    return parse((ROOT / _PAGE).read_text(encoding="utf-8"))


def parse(page: str) -> Glossary:
    """Take the banned words from the tables and the list of words never alone."""
    use_instead = {
        words(banned): row["use"]
        for row in _ROW.finditer(page)
        for banned in _CODE.findall(row["refused"])
    }
    _, _, rest = page.partition("never alone:")
    return Glossary(use_instead, frozenset(_CODE.findall(rest.split("\n\n")[0])))


def words(name: str) -> tuple[str, ...]:
    """Split a name into its words in lower case and the singular."""
    return tuple(_singular(part.lower()) for part in _PART.findall(name))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def check(source: Source) -> Iterator[Finding]:
    """Find public names with a word that the glossary replaced by another."""
    if not source.is_product or _is_exempt(source):
        return
    module = source.parts[-1]
    yield from _judge(source, module, source.tree, stands_alone=False)
    yield from _body(source, source.tree, in_class=False)


def _is_exempt(source: Source) -> bool:
    vendor = source.parts[2:3] == ("connectors",) and source.parts[3:4] != ("sdk",)
    return vendor or any("scenario" in part for part in source.parts)


def _body(
    source: Source, owner: ast.Module | ast.ClassDef, *, in_class: bool
) -> Iterator[Finding]:
    for node in owner.body:
        match node:
            case ast.ClassDef(name=name):
                yield from _judge(source, name, node, stands_alone=True)
                yield from _body(source, node, in_class=True)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _judge(source, name, node, stands_alone=not in_class)
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield from _judge(source, name, node, stands_alone=False)
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield from _judge(source, name, node, stands_alone=False)
            case _:
                pass  # no other statement gives a public name


def _judge(
    source: Source, name: str, node: ast.AST, *, stands_alone: bool
) -> Iterator[Finding]:
    if name.startswith("_"):
        return
    spoken = words(name)
    for banned, use in glossary().use_instead.items():
        if _contains(spoken, banned):
            remedy = f"{name}: the glossary says '{use}', not '{' '.join(banned)}'"
            yield from source.finding("glossary", node, remedy)
    if stands_alone and len(spoken) == 1 and spoken[0] in glossary().never_alone:
        remedy = f"{name}: '{spoken[0]}' never stands alone; say which"
        yield from source.finding("glossary", node, remedy)


def _contains(spoken: tuple[str, ...], banned: tuple[str, ...]) -> bool:
    starts = range(len(spoken) - len(banned) + 1)
    return any(spoken[start : start + len(banned)] == banned for start in starts)
