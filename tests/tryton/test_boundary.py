"""The test ERP and its licence stay outside Hourline and its wheel."""

import ast
import tomllib

from tools.linters.source import ROOT


def imported(source: str) -> set[str]:
    """Return the top-level names that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_hourline_and_its_wheel_know_nothing_of_the_test_erp() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    modules = [
        path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")
    ]

    names = set().union(*(imported(text) for text in modules))

    assert names & {"trytond", "tools", "hourline_key"} == set()
    assert settings["tool"]["setuptools"]["packages"]["find"]["where"] == ["src"]


def test_only_the_key_module_imports_tryton() -> None:
    place = ROOT / "tools" / "tryton" / "hourline_key"
    others = [
        path
        for folder in ("tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if place not in path.parents
    ]

    guilty = [
        path.name
        for path in others
        if "trytond" in imported(path.read_text(encoding="utf-8"))
    ]

    assert guilty == []
    assert "GPL-3.0-or-later" in (place / "README.md").read_text(encoding="utf-8")
