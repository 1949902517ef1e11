"""Hold every file of the repository to the house rules."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator

import pytest

import tools.linters
from tools.linters import machine_paths
from tools.linters.source import Finding, Source, sources

Check = Callable[[Source], Iterator[Finding]]


def _rules() -> dict[str, Check]:
    modules = [
        importlib.import_module(f"tools.linters.{found.name}")
        for found in pkgutil.iter_modules(tools.linters.__path__)
    ]
    return {m.__name__.split(".")[-1]: m.check for m in modules if hasattr(m, "check")}


RULES = _rules()


def test_every_linter_is_found() -> None:
    assert sorted(RULES) == [
        "glossary",
        "machine_paths",
        "mocks",
        "module_sentence",
        "names",
        "no_any",
        "purity",
        "sizes",
        "suppressions",
    ]


def test_the_linters_see_the_whole_repository() -> None:
    seen = {source.place for source in sources()}

    assert "src/hourline/kernel/__init__.py" in seen
    assert "tests/tidy/test_tidy.py" in seen
    assert "tools/linters/source.py" in seen


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_python_file_keeps_the_rule(rule: str) -> None:
    findings = [str(found) for source in sources() for found in RULES[rule](source)]

    assert not findings, "\n".join(["", *findings])


def test_no_document_query_or_setting_names_a_path_of_one_machine() -> None:
    findings = [str(found) for found in machine_paths.check_repository()]

    assert not findings, "\n".join(["", *findings])
