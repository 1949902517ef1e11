"""Every problem code is raised by the code, provoked by a test and explained."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml

from hourline.kernel.problems import ProblemCode

ROOT = Path(__file__).parents[2]
CODES = {code.value for code in ProblemCode}
_NAMES = {code.name: code.value for code in ProblemCode}
# They walk the enum or hold the rules a second time; naming a code provokes nothing.
_NOT_TESTS = (
    "tests/oracle/scalar.py",
    "tests/tidy/test_problem_codes.py",
    "tests/exceptions/test_routing.py",
)


def _named(tree: ast.AST) -> Iterator[str]:
    """Yield each code that is named: as ProblemCode.X, or as a literal in full."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="ProblemCode"), attr=name):
                yield from [_NAMES[name]] if name in _NAMES else []
            case ast.Constant(value=str(text)) if text in CODES:
                yield text


def _named_in(folder: str, *, without: tuple[str, ...]) -> set[str]:
    return {
        code
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in without
        for code in _named(ast.parse(path.read_text(encoding="utf-8")))
    }


def _expected_by_scenarios() -> set[str]:
    """Give the codes that scenario files expect as exceptions."""
    found: set[str] = set()
    for path in sorted((ROOT / "tests" / "scenarios").rglob("*.yaml")):
        for scenario in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for step in scenario["steps"]:
                expected = step.get("expect", {}).get("exceptions", [])
                found |= {one["code"] for one in expected if "code" in one}
    return found


def test_every_code_is_raised_somewhere() -> None:
    raised = _named_in("src/hourline", without=("src/hourline/kernel/problems.py",))

    assert CODES - raised == set()


def test_every_code_is_provoked_by_a_test() -> None:
    provoked = _named_in("tests", without=_NOT_TESTS) | _expected_by_scenarios()

    assert CODES - provoked == set()


def test_every_code_has_its_page_and_no_page_is_left_over() -> None:
    pages = {path.stem for path in (ROOT / "docs/reference/problems").glob("*.md")}

    assert pages == CODES | {"README"}
