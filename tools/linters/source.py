"""Read the repository's files once, parsed, for every linter."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("src", "tests", "tools")
_ESCAPE = re.compile(r"#\s*lint-skip:\s*(?P<rules>[\w, -]+?)\s+-\s+\S")


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one broken rule: which one, where, and what to do about it."""

    rule: str
    place: str
    line_number: int
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line_number}: {self.rule}: {self.remedy}"


@dataclass(frozen=True)
class Source:
    """Hold one Python file; `place` is its path below the repository, with slashes."""

    place: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Parse the file."""
        return ast.parse(self.text, self.place)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """List every node of the syntax tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def comments(self) -> dict[int, str]:
        """Give the comment of each line that has one; text in strings is no comment."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {
            token.start[0]: token.string
            for token in tokens
            if token.type == tokenize.COMMENT
        }

    @property
    def parts(self) -> tuple[str, ...]:
        """Split the place at its slashes, the suffix left off."""
        return tuple(self.place.removesuffix(".py").split("/"))

    @property
    def is_product(self) -> bool:
        """Tell whether the file is part of what is installed."""
        return self.place.startswith("src/")

    @property
    def is_pure(self) -> bool:
        """Tell whether the file decides money or time and must stay pure."""
        return self.is_product and (
            self.place.startswith("src/hourline/kernel/")
            or "rules" in self.parts[:-1]
            or self.parts[-1] == "rules"
        )

    def excuses(self, rule: str, line_number: int) -> bool:
        """Tell whether a comment at or above the line switches the rule off there."""
        for number in (line_number, line_number - 1):
            found = _ESCAPE.search(self.comments.get(number, ""))
            if found and rule in re.split(r"[,\s]+", found["rules"]):
                return True
        return False

    def finding(self, rule: str, node: ast.AST, remedy: str) -> Iterator[Finding]:
        """Yield the finding at the node's line, unless a comment excuses it there."""
        line_number: int = getattr(node, "lineno", 1)
        if not self.excuses(rule, line_number):
            yield Finding(rule, self.place, line_number, remedy)


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Return every Python file of the repository in order of its path."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
