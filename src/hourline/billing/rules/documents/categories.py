"""Rule: which tax categories of EN 16931 there are, and what each of them demands."""

from dataclasses import dataclass

from hourline.billing.documents.model import TaxTreatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """Hold what a category demands.

    `taxed`: its rate is above 0, or may be. `reason` is what a document says where the
    tax rule gives none; None where a reason is not told at all, "" where the rule must
    give it. `buyer_known`: the buyer's VAT number is needed.
    """

    name: str
    taxed: bool = False
    may_be_zero: bool = True
    reason: str | None = None
    reason_code: str | None = None
    buyer_known: bool = False


CATEGORIES = {
    "S": Category(name="standard rate", taxed=True, may_be_zero=False),
    "Z": Category(name="zero rate"),
    "E": Category(name="exempt", reason=""),
    "AE": Category(
        name="reverse charge",
        reason="Reverse charge",
        reason_code="VATEX-EU-AE",
        buyer_known=True,
    ),
    "K": Category(
        name="intra-community supply",
        reason="Intra-community supply",
        reason_code="VATEX-EU-IC",
        buyer_known=True,
    ),
    "G": Category(
        name="export",
        reason="Export outside the EU",
        reason_code="VATEX-EU-G",
    ),
    "O": Category(
        name="out of scope",
        reason="Not subject to VAT",
        reason_code="VATEX-EU-O",
    ),
    "L": Category(name="Canary Islands tax", taxed=True),
    "M": Category(name="Ceuta and Melilla tax", taxed=True),
}
OUT_OF_SCOPE = "O"
INTRA_COMMUNITY = "K"


def reason_of(treatment: TaxTreatment) -> str | None:
    """Return why there is no tax, in words; None where no reason is told."""
    category = CATEGORIES.get(treatment.code)
    if category is None:
        return treatment.reason
    if category.reason is None:
        return None
    return treatment.reason or category.reason or None
