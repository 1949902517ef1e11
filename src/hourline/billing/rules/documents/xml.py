"""Rule: how elements become XML; what there is nothing to say of is left out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
# What XML 1.0 may not contain, whatever a note from a timesheet holds.
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """Hold an element with its text or its children."""

    name: str
    text: str = ""
    children: tuple["Element", ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


def leaf(
    name: str, text: str | None, attributes: Mapping[str, str] | None = None
) -> Element | None:
    """Return an element with a text, None where there is none."""
    return Element(name, text, (), attributes or {}) if text else None


def node(name: str, *children: Element | None) -> Element | None:
    """Return an element with those children that there are, None without any."""
    kept = tuple(child for child in children if child is not None)
    return Element(name, "", kept) if kept else None


def root(name: str, namespaces: Mapping[str, str], *children: Element | None) -> bytes:
    """Return a document with its namespaces by prefix; "" is the default one."""
    attributes = {
        f"xmlns:{prefix}" if prefix else "xmlns": uri
        for prefix, uri in namespaces.items()
    }
    kept = tuple(child for child in children if child is not None)
    lines = _lines(Element(name, "", kept, attributes), "")
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return ("\n".join([head, *lines]) + "\n").encode()


def fragment(element: Element) -> str:
    """Return an element alone, to stand within another document."""
    return "\n".join(_lines(element, ""))


def _lines(element: Element, indent: str) -> Iterator[str]:
    attributes = "".join(
        f' {name}="{_escaped(value)}"' for name, value in element.attributes.items()
    )
    opening = f"{indent}<{element.name}{attributes}>"
    if not element.children:
        yield f"{opening}{_escaped(element.text)}</{element.name}>"
        return
    yield opening
    for child in element.children:
        yield from _lines(child, indent + "  ")
    yield f"{indent}</{element.name}>"


def _escaped(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text).translate(_ESCAPED)
