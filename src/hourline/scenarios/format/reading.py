"""Read scenario files: text becomes scenarios, or a refusal that names the place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from hourline.scenarios.format.conversion import convert
from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.given import Given
from hourline.scenarios.format.known_rows import KnownRows
from hourline.scenarios.format.refusal import InvalidScenario
from hourline.scenarios.format.rows import Row
from hourline.scenarios.format.steps import ACTIONS, Action, SetMaster
from hourline.scenarios.format.yaml_text import documents


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step: its number from 1 on, the word it began with, what it says."""

    number: int
    word: str
    content: Action | Expect


@dataclass(frozen=True, slots=True)
class Scenario:
    """Hold one scenario."""

    name: str
    title: str
    given: Given
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Unusable:
    """Hold the name of a scenario that cannot be run, and why."""

    name: str
    reason: InvalidScenario


class _Document(Row, frozen=True, kw_only=True):
    scenario: str
    title: str = ""
    source: str = ""
    given: dict[str, Any] = msgspec.field(default_factory=dict)
    steps: list[dict[str, Any]]


def read_file(path: Path) -> Iterator[Scenario | Unusable]:
    """Yield the scenarios of a file in order; one that cannot be used does not stop it.

    Raises InvalidScenario where the file cannot be read or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise InvalidScenario("", f"the file cannot be read: {reason}") from reason
    for position, document in enumerate(documents(text), start=1):
        yield read_scenario(document, position)


def read_scenario(document: object, position: int = 1) -> Scenario | Unusable:
    """Return a document as a scenario; what is wrong is a value."""
    name = f"document {position}"
    if isinstance(document, dict) and isinstance(document.get("scenario"), str):
        name = document["scenario"]
    try:
        return _scenario(document)
    except InvalidScenario as reason:
        return Unusable(name, reason)


def _scenario(document: object) -> Scenario:
    outline = convert(document, _Document, "")
    given = convert(outline.given, Given, "given")
    known = KnownRows.of_given(outline.given)
    steps = tuple(
        _step(number, raw, known) for number, raw in enumerate(outline.steps, start=1)
    )
    if not any(isinstance(step.content, Expect) for step in steps):
        raise InvalidScenario("steps", "expected at least one step expect")
    return Scenario(outline.scenario, outline.title, given, steps)


def _step(number: int, raw: dict[str, Any], known: KnownRows) -> Step:
    place = f"steps[{number - 1}]"
    if len(raw) != 1:
        wrong = f"expected one action, found {', '.join(raw) or 'none'}"
        raise InvalidScenario(place, wrong)
    ((word, value),) = raw.items()
    place = f"{place}.{word}"
    if word == "expect":
        return Step(number, word, convert(value, Expect, place))
    if word == "set_master":
        return Step(number, word, SetMaster(row=known.changed(value, place)))
    if word == "estimate":
        known.estimated(value)
    action = ACTIONS.get(word)
    if action is None:
        raise InvalidScenario(place, f"there is no action '{word}'")
    return Step(number, word, convert(value, action, place))
