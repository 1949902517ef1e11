"""Beside what an old integration booked in a real ERP, Hourline says what it would."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hourline import flow
from hourline.flow.connections import Connections
from hourline.infra.secrets import open_keyring
from hourline.kernel.codes import DocumentKind
from hourline.proof.model import Asked, Listed, ShadowReport
from tests.tryton.conftest import OpenErp
from tools.e2e_tryton.carrier import Hourline, installation
from tools.e2e_tryton.direct import book_directly
from tools.e2e_tryton.export import GERMAN, write_export
from tools.e2e_tryton.judge import changes
from tools.e2e_tryton.work import LAST_DAY, invent_month
from tools.tryton.books import read_books
from tools.tryton.erp import Erp

pytestmark = pytest.mark.integration
MONTH = invent_month(seed=1, entries=10)


@pytest.fixture(scope="module")
def shadow(open_erp: OpenErp) -> Iterator[tuple[Hourline, Erp]]:
    """Give a firm that is compared with an ERP in which all was booked without it."""
    with installation() as state, open_erp(MONTH.plan) as erp:
        book_directly(erp, MONTH)
        hourline = Hourline(state, slug="shadow")
        write_export(MONTH, state / "export.csv", GERMAN)
        hourline.connect(erp, erp.url, MONTH, mode="compare")
        hourline.import_export(state / "export.csv")
        hourline.bill(LAST_DAY)
        yield hourline, erp


def reported(hourline: Hourline) -> ShadowReport:
    with hourline.desk() as desk:
        live = Connections(desk.database, open_keyring(desk.settings))
        asked = Asked(at=datetime.now(UTC))
        (report,) = flow.shadow_reports(desk.database, desk.tenant, live, asked)
    return report


def invoices(report: ShadowReport) -> list[Listed]:
    return [
        one for one in report.listed if one.compared.home.kind is DocumentKind.INVOICE
    ]


def test_it_would_bill_each_customer_what_is_billed_there(
    shadow: tuple[Hourline, Erp],
) -> None:
    report = reported(shadow[0])

    assert report.complete
    results = Counter(one.compared.result.value for one in invoices(report))
    assert set(results) <= {"agrees", "regrouped"}
    assert results.total() > 0
    # There one journal has the month's cost, here each day has its own.
    assert [one for one in report.accounts if one.ours != one.theirs] == []


def test_it_sends_nothing(shadow: tuple[Hourline, Erp]) -> None:
    hourline, erp = shadow
    admin = erp.admin()
    companies = [found.company for found in erp.firm.companies.values()]
    before = [read_books(admin, company) for company in companies]

    hourline.run("postings", "run", "--demo", "--tenant", "shadow")

    for company, books in zip(companies, before, strict=True):
        assert changes(books, read_books(admin, company)) == []
