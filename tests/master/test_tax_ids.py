"""A tax id that cannot be one counts as none, as strictly as its record says."""

import pytest

from hourline.master.rules.tax_ids import Check, has_tax_id


@pytest.mark.parametrize(
    ("tax_id", "country", "check", "counts"),
    [
        (None, "FR", "as_stated", False),
        ("", "FR", "format", False),
        ("anything", "FR", "as_stated", True),
        ("FR40303265045", "FR", "check_digits", True),
        ("fr 40 303 265 045", "FR", "check_digits", True),
        ("EL094259216", "GR", "check_digits", True),
        ("FR12345678901", "FR", "format", True),
        ("FR12345678901", "FR", "check_digits", False),
        ("FR123", "FR", "format", False),
        ("40303265045", "FR", "format", False),
        ("FR40303265045", "DE", "check_digits", True),
        ("12-3456789", "US", "check_digits", True),
    ],
)
def test_a_tax_id_counts_where_it_can_be_one(
    tax_id: str | None, country: str, check: Check, *, counts: bool
) -> None:
    assert has_tax_id(tax_id, country, check) is counts
