"""The figures of a document as a person reads them: exact, and never ambiguous."""

from dataclasses import replace
from datetime import date

import pytest

from hourline.billing.documents.model import Advance, CustomerDocument, Kind
from hourline.billing.documents.service import DocumentFile, Format, Wanted, made
from hourline.billing.rules.documents.backup import Layout
from hourline.kernel.problems import Problem
from tests.billing.documents.papers import (
    BERLIN,
    CASES,
    HOUR,
    LYON,
    SELLER,
    STANDARD,
    paper,
    plain_line,
    time_line,
)
from tests.billing.documents.test_pdf import drawn, pages_of, text_of


def dinars() -> CustomerDocument:
    """Give eight hours at 150.125 Kuwaiti dinars, taxed at 5 %."""
    line = time_line(
        net=1_201_000, tax=60_050, treatment=replace(STANDARD, rate_ppm=50_000)
    )
    return paper(
        replace(line, rate_amount=1_501_250_000),
        currency="KWD",
        entity_currency="KWD",
        entity_tax=60_050,
    )


def test_three_decimals_are_shown_on_pages_and_in_the_backup() -> None:
    told = text_of(drawn(dinars(), layout=Layout.PERSON))

    assert "8.00 150.125 5 % 1,201.000" in told
    assert "Tax 5 % of 1,201.000 60.050 Total 1,261.050" in told
    assert "Amount due KWD 1,261.050" in told
    assert "Net of DE1-000001 8.00 1,201.000" in told


@pytest.mark.parametrize("wanted", [Format.UBL, Format.FACTUR_X])
def test_three_decimals_are_refused_only_as_a_standard_invoice(wanted: Format) -> None:
    outcome = made(dinars(), Wanted(format=wanted))

    assert isinstance(outcome, Problem)
    assert outcome.sentence == (
        "DE1-000001 cannot be written in this format. EN 16931 cannot say it: amounts"
        " in KWD have 3 decimals, and the standard allows 2 (BR-DEC)."
    )
    assert outcome.remedy == (
        "Send the PDF, which shows all 3 decimals, and the backup as CSV where a"
        " program is to read it."
    )
    table = made(dinars(), Wanted(format=Format.CSV))
    assert isinstance(table, DocumentFile)
    assert table.content.endswith(b"8,1201.000,KWD\r\n")


def test_a_document_says_all_that_hinders_it_and_each_remedy() -> None:
    document = replace(dinars(), buyer=replace(LYON, name=""))

    outcome = made(document, Wanted(format=Format.UBL))

    assert isinstance(outcome, Problem)
    assert "EN 16931 cannot say it: amounts in KWD" in outcome.sentence
    assert "It lacks or has wrong: the name of customer LYON" in outcome.sentence
    assert outcome.remedy.startswith("Send the PDF, which shows all 3 decimals")
    assert "Add the fields to the master data" in outcome.remedy
    assert outcome.detail["missing"] == "2"


def test_yen_are_shown_without_decimals() -> None:
    told = text_of(drawn(CASES["yen"], layout=Layout.DAY))

    assert "1.00 15,000 10 % 15,000" in told
    assert "Total 16,500 Amount due JPY 16,500" in told
    assert "Tax in EUR: 9.25." in told


def test_dinars_of_the_entity_are_told_to_people_and_left_out_for_programs() -> None:
    document = CASES["euros of a Kuwaiti entity"]

    file = made(document, Wanted(format=Format.UBL))

    assert "Tax in KWD: 76.000." in text_of(drawn(document))
    assert isinstance(file, DocumentFile)
    assert b"KWD" not in file.content


def test_tax_rounded_on_every_line_shows_its_rounding_as_a_line() -> None:
    letters = plain_line(1, kind=Kind.AMOUNT, name="Letters", net=720, tax=240)

    told = text_of(drawn(paper(letters)))

    # 19 % of 7.20 is 1.368.
    assert (
        "Net 7.20 Tax 19 % of 7.20 1.37 Rounding of tax at 19 % 1.03 Total 9.60" in told
    )
    assert "The tax at 19 % holds 1.03 EUR of rounding: it is the sum of the" in told


def test_tax_of_an_engine_that_is_less_than_that_on_the_sum_shows_it_too() -> None:
    told = text_of(drawn(CASES["tax of an engine"]))

    # 8.875 % of 99.99 is 8.874..., and 3 x 2.96 is 8.88.
    assert "Tax 8.875 % of 99.99 8.87 Rounding of tax at 8.875 % 0.01" in told


def test_a_half_cent_rounded_either_way_is_no_rounding_line() -> None:
    # 19 % of 0.50 is 0.095.
    for tax in (9, 10):
        line = plain_line(1, kind=Kind.AMOUNT, name="Stamp", net=50, tax=tax)
        assert "Rounding" not in text_of(drawn(paper(line)))


def test_taxes_of_one_rate_are_told_apart_by_their_codes() -> None:
    told = text_of(drawn(CASES["two categories at rate 0"]))

    assert "150.00 0 % AE 1,200.00" in told
    assert "150.00 0 % Z 1,200.00" in told
    assert "Tax 0 % AE of 1,200.00 0.00 Tax 0 % Z of 1,200.00 0.00" in told
    assert "Tax AE: Reverse charge." in told


def test_hours_that_two_decimals_miss_are_shown_with_four() -> None:
    third = time_line(seconds=HOUR // 3, net=5_000, tax=950)

    told = text_of(drawn(paper(third, time_line(2)), layout=Layout.TASK))

    assert "0.3333 150.00 19 % 50.00" in told
    assert "Net of DE1-000001 8.3333 1,250.00" in told
    assert "Hours are shown with four decimals; amounts are those of the exact" in told
    quarter = time_line(seconds=HOUR // 4, net=3_750, tax=713)
    assert "four decimals" not in text_of(drawn(paper(quarter)))


def test_a_price_is_shown_as_exact_as_it_was_agreed() -> None:
    discounted = replace(
        time_line(seconds=2 * HOUR, net=198_23, tax=37_66), rate_amount=99_114_675
    )
    by_day = replace(
        time_line(2, seconds=14 * HOUR, net=200_000, tax=38_000),
        rate_amount=1_000_000_000,
        rate_seconds=7 * HOUR,
    )

    told = text_of(drawn(paper(discounted, by_day)))

    assert "2.00 99.114675 19 % 198.23" in told
    assert "14.00 1,000.00 / 7 h 19 % 2,000.00" in told


def test_one_day_is_no_period() -> None:
    assert "Period 2025-03-05 Contract C1" in text_of(drawn(paper()))
    later = time_line(2, day=date(2025, 3, 7))
    assert "Period 2025-03-05 to 2025-03-07" in text_of(
        drawn(paper(time_line(), later))
    )


def test_an_american_address_has_its_code_last_and_no_vat_number() -> None:
    american = replace(
        BERLIN,
        country="US",
        tax_id="12-3456789",
        city="Redmond",
        region="WA",
        postal_code="98052",
    )

    told = text_of(drawn(paper(seller=replace(SELLER, party=american))))

    assert "Redmond, WA 98052 United States" in told
    assert "Tax id 12-3456789" in told
    assert "VAT FR40303265045" in told


def test_every_page_says_of_which_document_it_is() -> None:
    lines = [time_line(number) for number in range(1, 41)]

    pages = pages_of(drawn(paper(*lines), layout=Layout.DAY))

    assert [
        f"Invoice DE1-000001 · Page {number} of 3" in " ".join(page.split())
        for number, page in enumerate(pages, start=1)
    ] == [True, True, True]


def test_what_is_set_off_names_its_invoice_and_the_tax_it_charged() -> None:
    told = text_of(drawn(CASES["set off"]))

    assert "Paid in advance -595.00 Amount due EUR 833.00" in told
    assert (
        "EUR 595.00 of invoice DE1-000000 are set off: EUR 500.00 net, and EUR 95.00 of"
        " tax that it charged already." in told
    )
    untaxed = Advance(number="DE1-000000", gross=500, net=500, tax=0)
    document = replace(paper(paid=500), advances=(untaxed,))
    assert "EUR 5.00 of invoice DE1-000000 are set off." in text_of(drawn(document))
