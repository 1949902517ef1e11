"""Add a vendor by a file alone, and refuse files that are not what they say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import hourline.connectors
from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.documents import Content, Document, content_of
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.registry import connector, connectors
from hourline.connectors.sdk.target import Ask, Reading
from hourline.kernel.capability import Capability, Draft, Probe
from hourline.kernel.codes import DocumentKind

VENDOR = '''
"""Book journals at a vendor that exists in this test only."""

from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.documents import content_of
from hourline.connectors.sdk.target import Ask, Refusal
from hourline.kernel.capability import Capability
from hourline.kernel.codes import DocumentKind


class Journals:
    capability = Capability()

    def content(self, document):
        return content_of(document)

    def book(self, document, key):
        return Ask(method="POST", path=("journals", key), content=document)

    def read(self, reply):
        return Refusal(reason="closed", sentence="We are closed.")


CONNECTOR = Connector(
    name="planted", title="Planted", targets={DocumentKind.JOURNAL: Journals()}
)
'''


@pytest.fixture
def vendors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder whose files count as vendors' files."""
    path = [*hourline.connectors.__path__, str(tmp_path)]
    monkeypatch.setattr(hourline.connectors, "__path__", path)
    connectors.cache_clear()
    yield tmp_path
    connectors.cache_clear()


def test_a_vendor_is_added_by_its_file_alone(vendors: Path) -> None:
    before = set(connectors())
    connectors.cache_clear()
    (vendors / "planted_vendor.py").write_text(VENDOR)

    found = connector("planted")

    assert set(connectors()) == {*before, "planted"}
    assert found.title == "Planted"
    assert found.targets[DocumentKind.JOURNAL].capability == Capability()


def test_a_file_that_declares_nothing_is_refused(vendors: Path) -> None:
    (vendors / "planted_nothing.py").write_text('"""Hold nothing."""\n')

    with pytest.raises(TypeError, match="planted_nothing declares no CONNECTOR"):
        connectors()


def test_two_vendors_of_one_name_are_refused(vendors: Path) -> None:
    (vendors / "planted_one.py").write_text(VENDOR)
    (vendors / "planted_two.py").write_text(VENDOR)

    with pytest.raises(ValueError, match="two connectors are named planted"):
        connectors()


def test_an_unknown_connector_is_named_with_those_there_are() -> None:
    with pytest.raises(LookupError, match=r"no connector nonesuch; there are: .*atlas"):
        connector("nonesuch")


class Bookable:
    """Book without lookup or drafts, whatever is declared."""

    def __init__(self, capability: Capability) -> None:
        self.capability = capability

    def content(self, document: Document) -> Content:
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        return Ask(method="POST", path=(key,), content=document)

    def read(self, reply: HttpReply) -> Reading:
        raise ValueError(reply.status)


@pytest.mark.parametrize(
    ("capability", "missing"),
    [(Capability(probe=Probe()), "search"), (Capability(draft=Draft()), "drafts")],
)
def test_what_is_declared_must_be_implemented(
    capability: Capability, missing: str
) -> None:
    with pytest.raises(ValueError, match=f"declares {missing} only"):
        Connector(
            name="half",
            title="Half",
            targets={DocumentKind.JOURNAL: Bookable(capability)},
        )
