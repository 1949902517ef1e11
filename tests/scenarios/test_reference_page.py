"""The page about the format names every field of it, and its example is true."""

import re
from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

from hourline.infra.database import Database
from hourline.kernel.codes import Role
from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.given import Given
from hourline.scenarios.format.reading import Scenario, read_scenario
from hourline.scenarios.format.rows import Row
from hourline.scenarios.format.steps import ACTIONS, SetMaster
from hourline.scenarios.format.yaml_text import documents
from hourline.scenarios.run import run_scenario
from tests.docs.pages import page

PAGE = page("docs/reference/scenario-format.md")


def words_of(kind: type[msgspec.Struct]) -> Iterator[str]:
    yield from _words(inspect.type_info(kind))


def _words(place: inspect.Type) -> Iterator[str]:
    match place:
        case inspect.StructType(fields=fields):
            for field in fields:
                yield field.encode_name
                yield from _words(field.type)
        case inspect.VarTupleType(item_type=item):
            yield from _words(item)
        case inspect.DictType(key_type=key, value_type=value):
            yield from _words(key)
            yield from _words(value)
        case inspect.UnionType(types=types):
            for one in types:
                yield from _words(one)
        case inspect.LiteralType(values=values):
            yield from (str(value) for value in values)
        case _:
            pass


def named_on_the_page() -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", PAGE.prose))


@pytest.mark.parametrize(
    "kind",
    [Given, Expect, *(kind for kind in ACTIONS.values() if kind is not SetMaster)],
    ids=lambda kind: str(kind.__name__),
)
def test_every_field_and_word_is_on_the_page(kind: type[Row]) -> None:
    assert set(words_of(kind)) - named_on_the_page() == set()


def test_every_action_and_account_role_is_on_the_page() -> None:
    names = {*ACTIONS, "expect", *(role.name.lower() for role in Role)}

    assert names - named_on_the_page() == set()


@pytest.mark.integration
def test_the_example_on_the_page_passes(database: Database) -> None:
    (block,) = [one for one in PAGE.blocks if one.language == "yaml"]
    (document,) = documents(block.body)
    scenario = read_scenario(document)

    assert isinstance(scenario, Scenario)
    assert run_scenario(database, scenario) == ()
