"""Read YAML as text, lists and mappings only, so that no figure becomes a float.

Every plain word stays the text the author wrote; the field it stands in decides
whether it is a number, a day or a name. So 7.10 keeps its digits, and NO is Norway.
"""

from collections.abc import Hashable, Iterator
from typing import Any, ClassVar

import yaml

from hourline.scenarios.format.refusal import InvalidScenario

_TAG = "tag:yaml.org,2002:"
_KEPT_TAGS = {f"{_TAG}null", f"{_TAG}merge"}
_SAFE = yaml.SafeLoader


class _TextLoader(yaml.SafeLoader):
    """Build text, lists, mappings and null; refuse a key that is there twice."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, Any]]]] = {
        first: [pair for pair in pairs if pair[0] in _KEPT_TAGS]
        for first, pairs in _SAFE.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        f"{_TAG}null": _SAFE.construct_yaml_null,
        f"{_TAG}str": _SAFE.construct_yaml_str,
        f"{_TAG}seq": _SAFE.construct_yaml_seq,
        f"{_TAG}map": _SAFE.construct_yaml_map,
        None: _SAFE.construct_undefined,
    }

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


def documents(text: str) -> Iterator[object]:
    """Yield each document of a file; empty ones are left out.

    Raises InvalidScenario where the text is not YAML; documents before it were given.
    """
    loader = _TextLoader(text)
    try:
        while loader.check_data():
            document = loader.get_data()
            if document is not None:
                yield document
    except yaml.MarkedYAMLError as reason:
        raise InvalidScenario(_line(reason), _sentence(reason)) from reason
    except yaml.YAMLError as reason:
        raise InvalidScenario("", f"this is not YAML: {reason}") from reason
    finally:
        loader.dispose()


def _line(reason: yaml.MarkedYAMLError) -> str:
    mark = reason.problem_mark or reason.context_mark
    return "" if mark is None else f"line {mark.line + 1}"


def _sentence(reason: yaml.MarkedYAMLError) -> str:
    said = [reason.context, reason.problem]
    return "this is not YAML: " + ", ".join(part for part in said if part)
