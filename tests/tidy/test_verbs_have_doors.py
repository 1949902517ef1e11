"""What a scenario can do, a firm can do: each verb of the flow has a door of its own.

Payments once had a scenario step and no command, operation or worker that took one.
"""

import ast
from collections.abc import Iterator

from tools.linters.source import ROOT

PACKAGE = ROOT / "src" / "hourline"
# Where a person, a program or the clock comes in.
DOORS = ("cli", "api", "flow/workers.py")


def _paths(place: str) -> Iterator[str]:
    found = PACKAGE / place
    for path in [found] if found.is_file() else sorted(found.rglob("*.py")):
        yield path.read_text(encoding="utf-8")


def named(text: str) -> set[str]:
    """Give the names of the flow that Python code uses."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(value=ast.Name(id="flow"), attr=name):
                found.add(name)
            case ast.ImportFrom(module=str(module), names=names) if module.startswith(
                "hourline.flow"
            ):
                found |= {one.name for one in names}
            case _:
                pass  # everything else names nothing of the flow
    return found


def verbs(text: str) -> set[str]:
    """Give the public functions that work on a database or in a session."""
    return {
        one.name
        for one in ast.parse(text).body
        if isinstance(one, ast.FunctionDef)
        and not one.name.startswith("_")
        and one.args.args[:1]
        and one.args.args[0].arg in {"database", "session"}
    }


def test_every_verb_that_scenarios_use_has_a_door() -> None:
    there = {verb for text in _paths("flow") for verb in verbs(text)}
    used = {name for text in _paths("scenarios") for name in named(text)}
    behind_doors = {
        name for door in DOORS for text in _paths(door) for name in named(text)
    }

    assert "record_payments" in used & there
    assert (used & there) - behind_doors == set()


def test_verbs_and_their_uses_are_recognised() -> None:
    flow = "def pay(database): ...\ndef told(text): ...\ndef _pay(session): ..."
    uses = "from hourline.flow.files import try_file\nflow.record_payments()"

    assert verbs(flow) == {"pay"}
    assert named(uses) == {"try_file", "record_payments"}
