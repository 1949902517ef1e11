"""Name the checks that what is added up is of one legal entity and one currency."""

from hourline.kernel.codes import Fate

CHECKS = ("contract_in_two_books", "books_in_two_currencies")
CODES = {"non_billable": Fate.NON_BILLABLE}
