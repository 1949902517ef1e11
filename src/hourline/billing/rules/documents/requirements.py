"""Rule: what a standard invoice must not lack, told in one go and by its names.

The terms (BT) and rules (BR) are those of EN 16931, so that a person can look them up.
"""

import re
from collections.abc import Iterator, Sequence

from hourline.billing.documents.model import (
    CustomerDocument,
    Party,
    TaxGroup,
    TaxTreatment,
)
from hourline.billing.rules.documents.categories import (
    CATEGORIES,
    OUT_OF_SCOPE,
    reason_of,
)
from hourline.billing.rules.documents.tax_groups import tax_groups

_COUNTRY = re.compile(r"[A-Z]{2}")
_VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9]{2,}")
_SEPARATORS = str.maketrans("", "", " .-/")


def lacking(document: CustomerDocument) -> list[str]:
    """Return which fields keep a document from being a standard invoice."""
    groups = tax_groups(document.lines)
    return [
        *_parties(document),
        *_categories(groups),
        *_tax_numbers(document, _codes(groups)),
    ]


def plain_number(number: str | None) -> str | None:
    """Return a VAT number or account without what people write between its signs."""
    return number.translate(_SEPARATORS).upper() if number else None


def vat_number(party: Party) -> str | None:
    """Return the VAT number of a party; another kind of tax number is none."""
    number = plain_number(party.tax_id)
    return number if number and _VAT_NUMBER.fullmatch(number) else None


def unsound_iban(iban: str | None) -> str | None:
    """Return what is wrong with an account number, None where nothing is."""
    plain = plain_number(iban)
    if plain is None:
        return None
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        digits = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
        if int(digits) % 97 == 1:
            return None
    return f"the account {iban} is no IBAN: its check digits are wrong"


def _codes(groups: Sequence[TaxGroup]) -> set[str]:
    return {group.treatment.code for group in groups if group.treatment is not None}


def _parties(document: CustomerDocument) -> Iterator[str]:
    seller, buyer = document.seller.party, document.buyer
    yield from _party(seller, f"legal entity {seller.id}", ("BT-27", "BT-40"))
    yield from _party(buyer, f"customer {buyer.id}", ("BT-44", "BT-55"))


def _party(party: Party, where: str, terms: tuple[str, str]) -> Iterator[str]:
    name, country = terms
    if not party.name:
        yield f"the name of {where} ({name}): field name"
    if not _COUNTRY.fullmatch(party.country):
        yield (
            f"the country of {where} as its two letters of ISO 3166 ({country}): field"
            f" country says {party.country!r}"
        )
    if party.endpoint_id and not party.endpoint_scheme:
        yield (
            f"the scheme of the electronic address of {where}, such as 9930: field"
            " endpoint_scheme"
        )


def _categories(groups: Sequence[TaxGroup]) -> Iterator[str]:
    for group in groups:
        yield from _category(group.treatment)
    codes = _codes(groups)
    if OUT_OF_SCOPE in codes and len(codes) > 1:
        yield (
            "an invoice of its own for what is out of scope of VAT: it cannot stand"
            " beside other tax categories (BR-O-11)"
        )


def _category(treatment: TaxTreatment | None) -> Iterator[str]:
    if treatment is None:
        yield "how its lines are taxed (BT-151): there is no tax table"
        return
    category, rule = CATEGORIES.get(treatment.code), f"tax rule {treatment.rule}"
    if category is None:
        known = ", ".join(CATEGORIES)
        yield (
            f"the tax category of {rule} (BT-151): field code says"
            f" {treatment.code!r}, and EN 16931 knows {known}"
        )
        return
    if treatment.rate_ppm and not category.taxed:
        yield f"a rate of 0 in {rule}: {treatment.code} is {category.name}"
    if not treatment.rate_ppm and not category.may_be_zero:
        yield f"a rate above 0 in {rule}: {treatment.code} is {category.name} (BR-S-05)"
    if category.reason == "" and reason_of(treatment) is None:
        yield f"why {rule} is exempt (BT-120): field reason"


def _tax_numbers(document: CustomerDocument, codes: set[str]) -> Iterator[str]:
    seller, buyer = document.seller.party, document.buyer
    if OUT_OF_SCOPE in codes:
        # Such an invoice may name no VAT number, so another must identify the seller.
        if not seller.registration_number:
            yield (
                f"the number of legal entity {seller.id} in the company register"
                " (BT-30): field registration_number"
            )
        return
    yield from _tax_number(seller, f"legal entity {seller.id} (BT-31)", needed=True)
    needed = any(CATEGORIES[code].buyer_known for code in codes & set(CATEGORIES))
    yield from _tax_number(buyer, f"customer {buyer.id} (BT-48)", needed=needed)


def _tax_number(party: Party, whose: str, *, needed: bool) -> Iterator[str]:
    if not needed or vat_number(party) is not None:
        return
    if party.tax_id:
        yield (
            f"the VAT number of {whose} with its country before it (BR-CO-09): field"
            f" tax_id says {party.tax_id!r}"
        )
    else:
        yield f"the VAT number of {whose}: field tax_id"
