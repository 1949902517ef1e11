"""Rule: a tax id that cannot be one is none, so that nothing is reverse-charged on it.

Parties in the member states of the European Union are identified by VAT ids: a prefix,
a length and a form for each country. What does not have them is malformed. Check digits
are asked for where a record says so; nobody is asked whether an id is registered.
"""

from functools import lru_cache
from typing import Literal

from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, ValidationError

Check = Literal["as_stated", "format", "check_digits"]
_KEPT = 2**17


@lru_cache(maxsize=_KEPT)
def has_tax_id(tax_id: str | None, country: str, check: Check) -> bool:
    """Say whether a party of a country has a tax id that counts."""
    if not tax_id:
        return False
    if check == "as_stated" or country.lower() not in vat.MEMBER_STATES:
        return True
    try:
        vat.validate(tax_id)
    except InvalidChecksum:
        return check == "format"
    except ValidationError:
        return False
    return True
