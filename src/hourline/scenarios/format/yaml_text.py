"""Read YAML as text, lists and mappings only, so that no figure becomes a float.

Every plain word stays the text the author wrote; the field it stands in decides
whether it is a number, a day or a name. So 7.10 keeps its digits, and NO is Norway.
"""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, ClassVar

import yaml
from yaml.constructor import SafeConstructor

from hourline.scenarios.format.refusal import InvalidScenario

_TAG = "tag:yaml.org,2002:"
_KEPT_TAGS = {f"{_TAG}null", f"{_TAG}merge"}
_KEPT_CONSTRUCTORS = {
    None,
    *(f"{_TAG}{name}" for name in ("null", "str", "seq", "map")),
}


class _AsText(SafeConstructor):
    """Build text, lists, mappings and null; refuse a key that is there twice."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - PyYAML's signature
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    "in a mapping",
                    node.start_mark,
                    f"the field {key.value} is there twice",
                    key.start_mark,
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    yaml_constructors: ClassVar = {
        tag: build
        for tag, build in SafeConstructor.yaml_constructors.items()
        if tag in _KEPT_CONSTRUCTORS
    }
    yaml_implicit_resolvers: ClassVar = {
        first: [pair for pair in pairs if pair[0] in _KEPT_TAGS]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class _Fast(_AsText, yaml.CSafeLoader):
    """Read six times as fast, by libyaml."""


class _Exact(_AsText, yaml.SafeLoader):
    """Say where something is wrong, and what is expected there."""


def documents(text: str) -> Iterator[object]:
    """Yield each document of a file; empty ones are left out.

    Raises InvalidScenario where the text is not YAML; documents before it were given.
    """
    try:
        yield from (one for one in _built(text) if one is not None)
    except yaml.MarkedYAMLError as reason:
        raise InvalidScenario(_line(reason), _sentence(reason)) from reason
    except yaml.YAMLError as reason:
        raise InvalidScenario("", f"this is not YAML: {reason}") from reason


def _built(text: str) -> Iterable[object]:
    try:
        return list(_loaded(_Fast(text)))
    except yaml.YAMLError:
        # libyaml names the line after the mistake, and not what should stand there.
        return _loaded(_Exact(text))


def _loaded(loader: _Fast | _Exact) -> Iterator[object]:
    while loader.check_data():  # type: ignore[no-untyped-call]  # PyYAML's stubs
        yield loader.get_data()


def _line(reason: yaml.MarkedYAMLError) -> str:
    mark = reason.problem_mark or reason.context_mark
    return "" if mark is None else f"line {mark.line + 1}"


def _sentence(reason: yaml.MarkedYAMLError) -> str:
    said = [reason.context, reason.problem]
    return "this is not YAML: " + ", ".join(part for part in said if part)
