"""Follow every relative link of the documentation."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import Page, page, pages
from tools.linters.source import ROOT

_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


def dead_links(one: Page) -> list[str]:
    """List the page's relative links that lead nowhere."""
    targets = [found["target"] for found in _LINK.finditer(one.prose)]
    return [t for t in targets if not _ELSEWHERE.match(t) and not _leads(one, t)]


def _leads(one: Page, target: str) -> bool:
    path, _, anchor = target.partition("#")
    place = (ROOT / one.place).parent / path if path else ROOT / one.place
    if not place.exists():
        return False
    return not anchor or anchor in _anchors(place)


def _anchors(place: Path) -> set[str]:
    titles = page(place.resolve().relative_to(ROOT).as_posix()).titles
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("one", pages(), ids=lambda one: one.place)
def test_every_relative_link_of_the_page_leads_somewhere(one: Page) -> None:
    assert dead_links(one) == []


def test_a_link_to_a_missing_page_or_heading_is_found() -> None:
    text = (
        "[a](glossary.md) [b](nowhere.md) [c](glossary.md#verbs)\n"
        "[d](glossary.md#nouns) [e](https://example.org/x) [f](../index.md)\n"
    )

    assert dead_links(Page("docs/reference/x.md", text)) == [
        "nowhere.md",
        "glossary.md#nouns",
    ]


def test_every_page_of_docs_can_be_reached_from_its_index() -> None:
    unseen = {one.place: one for one in pages() if one.place.startswith("docs/")}
    queue = [unseen.pop("docs/index.md")]
    while queue:
        here = queue.pop()
        for found in _LINK.finditer(here.prose):
            path = (ROOT / here.place).parent / found["target"].partition("#")[0]
            place = Path(path).resolve()
            known = place.is_relative_to(ROOT) and place.relative_to(ROOT).as_posix()
            if known and known in unseen:
                queue.append(unseen.pop(known))

    assert sorted(unseen) == []
