"""Keep the import contracts complete: every package has its place in the house."""

import re
import tomllib
from typing import Any

import pytest

from tools.linters.source import ROOT

PACKAGE = ROOT / "src" / "hourline"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["id"]: contract
    for contract in SETTINGS["tool"]["importlinter"]["contracts"]
}
STAGES = [
    "master",
    "intake",
    "decide",
    "billing",
    "ledger",
    "posting",
    "exceptions",
    "proof",
]


def _existing() -> set[str]:
    folders = {
        path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()
    }
    return folders | {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}


def _layers() -> list[list[str]]:
    return [re.split(r"\s*\|\s*", layer) for layer in CONTRACTS["layers"]["layers"]]


def test_every_package_has_a_place_in_the_layers() -> None:
    placed = {name.strip("()") for layer in _layers() for name in layer}

    assert _existing() - placed == set()


def test_only_what_does_not_exist_yet_is_optional() -> None:
    names = [name for layer in _layers() for name in layer]
    optional = {name.strip("()") for name in names if name.startswith("(")}

    assert optional & _existing() == set(), "take the parentheses away"


def test_the_layers_stand_in_the_order_of_the_design() -> None:
    assert [[name.strip("()") for name in layer] for layer in _layers()] == [
        ["cli"],
        ["api", "console", "scenarios", "demo"],
        ["flow"],
        STAGES,
        ["infra", "connectors"],
        ["kernel"],
    ]


def test_only_the_command_line_and_the_demo_may_name_a_vendor() -> None:
    contract = CONTRACTS["no-vendor-in-shared-code"]
    guarded = {name.removeprefix("hourline.") for name in contract["source_modules"]}
    free = {"cli", "demo", "connectors", "infra", "kernel"}

    assert guarded - {"connectors.sdk"} == _existing() - free


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_below_the_stages_knows_the_stage(stage: str) -> None:
    assert f"hourline.{stage}" in CONTRACTS["below-stages"]["forbidden_modules"]


def test_every_module_of_the_kernel_and_of_any_rules_is_held_pure() -> None:
    contract = CONTRACTS["purity"]
    asked = (
        "aiohttp hourline.connectors hourline.infra logging os psycopg random socket"
    )

    assert {"hourline.kernel", "hourline.*.rules"} <= set(contract["source_modules"])
    assert set(asked.split()) <= set(contract["forbidden_modules"])
    assert {"structlog", "time"} <= set(contract["forbidden_modules"])
