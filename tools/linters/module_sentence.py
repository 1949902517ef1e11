"""Open every module with one sentence that says what it is for.

Why: the folder list and the first lines are the map that every reader uses first.
Escape: none; a module nobody can describe in a sentence is two modules.
"""

import ast
import re
from collections.abc import Iterator

from tools.linters.source import Finding, Source


def check(source: Source) -> Iterator[Finding]:
    """Find modules whose docstring does not open with one sentence."""
    docstring = ast.get_docstring(source.tree) or ""
    opening = docstring.split("\n\n", maxsplit=1)[0].replace("\n", " ").strip()
    fault = _fault(opening)
    if fault:
        yield Finding("module-sentence", source.place, 1, fault)


def _fault(opening: str) -> str:
    if not opening:
        return "open the module with a sentence that says what it is for"
    if not opening.endswith("."):
        return "end the first sentence with a full stop and an empty line"
    if re.search(r"[.!?] +[A-Z]", opening):
        return "say it in one sentence; the rest follows after an empty line"
    return ""
