"""Rule: what the metadata of a PDF says, so that it is PDF/A-3 and Factur-X."""

from hourline.billing.documents.model import CustomerDocument
from hourline.billing.rules.documents.xml import Element, fragment, leaf, node

PROGRAM = "Hourline"
FILE_NAME = "factur-x.xml"
_FACTUR_X = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_NAMESPACES = {
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:xmp": "http://ns.adobe.com/xap/1.0/",
    "xmlns:pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmlns:pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmlns:pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "xmlns:pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "xmlns:pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "xmlns:fx": _FACTUR_X,
}
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document",
    "Version": "The version of the standard the XML document follows",
    "ConformanceLevel": "The profile the XML document follows",
}


def title_of(document: CustomerDocument) -> str:
    """Return what a document is called."""
    kind = "Credit note" if document.is_credit else "Invoice"
    return f"{kind} {document.number}"


def xmp(document: CustomerDocument, *, hybrid: bool) -> str:
    """Return the metadata; a hybrid document holds an XML invoice beside its pages."""
    instant = f"{document.issued_on.isoformat()}T00:00:00+00:00"
    descriptions = [
        _about(
            leaf("pdfaid:part", "3"),
            leaf("pdfaid:conformance", "B"),
        ),
        _about(
            _list("dc:title", "rdf:Alt", title_of(document), {"xml:lang": "x-default"}),
            _list("dc:creator", "rdf:Seq", document.seller.party.name, {}),
        ),
        _about(
            leaf("xmp:CreatorTool", PROGRAM),
            leaf("xmp:CreateDate", instant),
            leaf("xmp:ModifyDate", instant),
            leaf("pdf:Producer", PROGRAM),
        ),
    ]
    if hybrid:
        descriptions += [_factur_x(), _about(_extension())]
    kept = tuple(one for one in descriptions if one is not None)
    metadata = Element("rdf:RDF", "", kept, _NAMESPACES)
    return fragment(
        Element("x:xmpmeta", "", (metadata,), {"xmlns:x": "adobe:ns:meta/"})
    )


def _about(*children: Element | None) -> Element | None:
    kept = tuple(child for child in children if child is not None)
    return Element("rdf:Description", "", kept, {"rdf:about": ""}) if kept else None


def _list(
    name: str, kind: str, text: str, attributes: dict[str, str]
) -> Element | None:
    return node(name, node(kind, leaf("rdf:li", text, attributes)))


def _factur_x() -> Element | None:
    return _about(
        leaf("fx:DocumentType", "INVOICE"),
        leaf("fx:DocumentFileName", FILE_NAME),
        leaf("fx:Version", "1.0"),
        leaf("fx:ConformanceLevel", "EN 16931"),
    )


def _extension() -> Element | None:
    """Return what PDF/A wants told of properties that it does not know itself."""
    properties = (
        _resource(
            leaf("pdfaProperty:name", name),
            leaf("pdfaProperty:valueType", "Text"),
            leaf("pdfaProperty:category", "external"),
            leaf("pdfaProperty:description", meaning),
        )
        for name, meaning in _PROPERTIES.items()
    )
    schema = _resource(
        leaf("pdfaSchema:schema", "Factur-X PDFA Extension Schema"),
        leaf("pdfaSchema:namespaceURI", _FACTUR_X),
        leaf("pdfaSchema:prefix", "fx"),
        node("pdfaSchema:property", node("rdf:Seq", *properties)),
    )
    return node("pdfaExtension:schemas", node("rdf:Bag", schema))


def _resource(*children: Element | None) -> Element:
    kept = tuple(child for child in children if child is not None)
    return Element("rdf:li", "", kept, {"rdf:parseType": "Resource"})
