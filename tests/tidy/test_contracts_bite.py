"""Prove that the import contracts bite: a copy of the house with bad imports fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.linters.source import ROOT

# Where a bad import is added, what it is, and the sentence of the contract it breaks.
BAD_IMPORTS = (
    ("decide/planted.py", "hourline.billing", "Arrows point one way"),
    ("connectors/planted.py", "hourline.infra.database", "Arrows point one way"),
    ("kernel/planted.py", "hourline.master.model", "What stands below"),
    ("connectors/planted.py", "hourline.connectors.sandbox", "Vendors import"),
    ("connectors/sdk/planted.py", "hourline.connectors.sandbox", "Vendors import"),
    ("posting/planted.py", "hourline.connectors.sandbox", "Only the command line"),
    ("kernel/planted.py", "random", "The kernel, every rule"),
    ("decide/rules/planted.py", "structlog", "The kernel, every rule"),
    ("ledger/model.py", "hourline.infra.database", "The kernel, every rule"),
)


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Plant every bad import in one copy of the package and judge it."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src" / "hourline", copy / "hourline")
    for place, imported, _ in BAD_IMPORTS:
        _plant(copy / "hourline" / place, imported)
    _plant(copy / "hourline" / "planted" / "__init__.py", "hourline.kernel")
    program = Path(sys.executable).with_name("lint-imports")
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    judged = subprocess.run(
        [program, *settings],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 1, judged.stdout + judged.stderr
    return judged.stdout


def _plant(module: Path, imported: str) -> None:
    module.parent.mkdir(parents=True, exist_ok=True)
    with module.open("a", encoding="utf-8") as file:
        file.write(f"\nimport {imported}\n")


@pytest.mark.integration
@pytest.mark.parametrize(("place", "imported", "sentence"), BAD_IMPORTS)
def test_a_bad_import_breaks_its_contract(
    verdict: str, place: str, imported: str, sentence: str
) -> None:
    module = "hourline." + place.removesuffix(".py").replace("/", ".")

    assert f"{module} -> {imported}" in _chapter(verdict, sentence)


@pytest.mark.integration
def test_a_package_without_a_place_breaks_the_layers(verdict: str) -> None:
    assert "\n- hourline.planted\n" in _chapter(verdict, "Arrows point one way")


def _chapter(verdict: str, sentence: str) -> str:
    broken = verdict.rpartition("Broken contracts")[2]
    from_title = broken.partition(f"\n{sentence}")[2].partition("\n---")[2]
    return from_title.partition("\n---")[0]
