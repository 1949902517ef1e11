"""Documents are valid by the official rules of EN 16931, in both of its syntaxes."""

from dataclasses import replace

import pytest

from hourline.billing.documents.model import Kind
from hourline.billing.rules.documents.cii import cii
from hourline.billing.rules.documents.fitness import unfit
from hourline.billing.rules.documents.quantities import priced
from hourline.billing.rules.documents.requirements import lacking
from hourline.billing.rules.documents.ubl import ubl
from hourline.kernel.money import minor_units
from tests.billing.documents.official import broken_rules, schema_errors
from tests.billing.documents.papers import (
    CASES,
    LYON,
    STANDARD,
    all_lines,
    credit_paper,
    paper,
    plain_line,
    time_line,
)

SYNTAXES = {"ubl": ubl, "cii": cii}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("case", CASES)
def test_the_official_rules_accept_the_document(case: str, syntax: str) -> None:
    document = CASES[case]

    xml = SYNTAXES[syntax](document)

    assert (lacking(document), unfit(document)) == ([], [])
    assert schema_errors(xml) == []
    assert broken_rules(xml, syntax) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_official_rules_are_asked(syntax: str) -> None:
    wrong = SYNTAXES[syntax](paper()).replace(b">1428.00<", b">1428.01<")

    rules = {rule.split("]")[0] + "]" for rule in broken_rules(wrong, syntax)}

    assert rules == {"[BR-CO-15]"}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_schemas_are_asked(syntax: str) -> None:
    wrong = SYNTAXES[syntax](paper()).replace(
        b"TypeCode>380<", b"TypeCode>380<!----><x/><"
    )

    assert len(schema_errors(wrong)) == 1


@pytest.mark.parametrize("case", CASES)
def test_quantity_times_price_is_the_net_of_every_line(case: str) -> None:
    document = CASES[case]

    for line in document.lines:
        says = priced(line, document.currency)
        product = says.quantity * says.price / says.base
        cent = product.quantize(
            says.price.__class__(1).scaleb(-document.currency.decimals)
        )
        assert minor_units(cent, document.currency) == line.net


def test_the_cases_cover_what_is_billed() -> None:
    lines = all_lines(list(CASES.values()))

    assert {line.kind for line in lines} == set(Kind)
    assert {one.treatment.code for one in lines if one.treatment} == {
        *("S", "Z", "E", "AE", "K", "G", "O")
    }


def test_tax_rounded_on_every_line_may_be_up_to_a_unit_away() -> None:
    # 19 % of 0.03 is 0.0057, so each of 200 letters has a tax of 0.01: 2.00, not 1.14.
    document = paper(plain_line(1, kind=Kind.AMOUNT, name="Letters", net=600, tax=200))

    assert unfit(document) == []
    for syntax, written in SYNTAXES.items():
        assert broken_rules(written(document), syntax) == []
    # The difference of the two ways of rounding is told, and not hidden.
    told = (
        ">The tax at 19 % holds 0.86 EUR of rounding: it is the sum of the taxes of its"
        " lines, not the tax on their sum.<"
    )
    assert told in ubl(document).decode()
    assert told in cii(document).decode()


def test_tax_rounded_a_unit_away_is_refused_as_the_official_rules_refuse_it() -> None:
    # 240 letters: 2.40, not 1.37.
    document = paper(plain_line(1, kind=Kind.AMOUNT, name="Letters", net=720, tax=240))

    assert [one.why for one in unfit(document)] == [
        (
            "the tax at 19 % is a whole unit of EUR or more away from the rate times"
            " the sum of its lines, because it was rounded on every line (BR-CO-17)"
        )
    ]
    rules = " ".join(broken_rules(ubl(document), "ubl"))
    assert "[BR-CO-17]" in rules
    assert "[BR-S-09]" in rules


def test_of_whole_yen_the_same_holds() -> None:
    line = plain_line(1, kind=Kind.AMOUNT, name="Letters", net=5, tax=0)

    assert unfit(paper(line, currency="JPY")) == []
    assert len(unfit(paper(replace(line, net=6), currency="JPY"))) == 1


def test_a_credit_of_hours_names_the_invoice_it_takes_back() -> None:
    document = credit_paper(time_line(seconds=5_400, net=22_500, tax=4_275))

    xml = ubl(document).decode()

    assert "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>" in xml
    assert '<cbc:CreditedQuantity unitCode="HUR">1.5</cbc:CreditedQuantity>' in xml
    assert '<cbc:PayableAmount currencyID="EUR">267.75</cbc:PayableAmount>' in xml
    assert (
        "<cac:BillingReference>\n    <cac:InvoiceDocumentReference>\n"
        "      <cbc:ID>DE1-000001</cbc:ID>\n"
        "      <cbc:IssueDate>2025-03-31</cbc:IssueDate>" in xml
    )


def test_what_was_paid_lowers_what_is_payable_and_nothing_else() -> None:
    xml = ubl(CASES["prepaid in part"]).decode()

    assert '<cbc:TaxInclusiveAmount currencyID="EUR">1428.00<' in xml
    assert '<cbc:PrepaidAmount currencyID="EUR">1000.00<' in xml
    assert '<cbc:PayableAmount currencyID="EUR">428.00<' in xml


def test_tax_that_an_earlier_invoice_charged_is_not_taken_for_tax_of_both() -> None:
    xml = ubl(CASES["set off"]).decode()

    assert (
        "<cbc:Note>595.00 EUR of invoice DE1-000000 are set off: 500.00 EUR net, and"
        " 95.00 EUR of tax that it charged already.</cbc:Note>" in xml
    )
    assert '<cbc:PrepaidAmount currencyID="EUR">595.00<' in xml


def test_what_is_withheld_is_asked_for_later_and_was_not_prepaid() -> None:
    invoice, credit = (
        ubl(CASES[name]).decode() for name in ("withheld in part", "withheld no longer")
    )

    assert '<cbc:PayableAmount currencyID="EUR">1428.00<' in invoice
    assert "PrepaidAmount" not in invoice
    assert (
        "<cbc:Note>1285.20 EUR payable without deduction until 2025-04-30; 142.80 EUR"
        " withheld as retainage and payable when it is released</cbc:Note>" in invoice
    )
    assert "142.80 EUR of it lower what is withheld as retainage" in credit


def test_tax_in_another_currency_is_told_in_the_entitys_too() -> None:
    xml = cii(CASES["dollars of a German entity"]).decode()

    assert "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>" in xml
    assert '<ram:TaxTotalAmount currencyID="USD">228.00</ram:TaxTotalAmount>' in xml
    assert '<ram:TaxTotalAmount currencyID="EUR">209.88</ram:TaxTotalAmount>' in xml


def test_two_categories_of_one_rate_have_a_sum_each() -> None:
    xml = ubl(CASES["two categories at rate 0"]).decode()

    assert xml.count("<cac:TaxSubtotal>") == 2
    assert "<cbc:TaxExemptionReasonCode>VATEX-EU-AE</cbc:TaxExemptionReasonCode>" in xml


def test_signs_that_xml_cannot_hold_do_not_break_the_document() -> None:
    odd = paper(time_line(note="bell\x07 & <tag> \ud800"))

    xml = ubl(odd)

    assert b"<cbc:Description>bell\xef\xbf\xbd &amp; &lt;tag&gt; \xef\xbf\xbd<" in xml
    assert schema_errors(xml) == []


def test_different_reasons_of_one_category_are_told_together() -> None:
    exempt = replace(STANDARD, code="E", rate_ppm=0, reason="Education")
    other = replace(exempt, reason="Health")
    document = paper(
        time_line(tax=0, treatment=exempt), time_line(2, tax=0, treatment=other)
    )

    xml = ubl(document).decode()

    assert "<cbc:TaxExemptionReason>Education; Health</cbc:TaxExemptionReason>" in xml
    assert xml.count("<cac:TaxSubtotal>") == 1


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_electronic_address_is_told_with_its_scheme(syntax: str) -> None:
    reached = replace(LYON, endpoint_id="FR40303265045", endpoint_scheme="9957")

    xml = SYNTAXES[syntax](paper(buyer=reached))

    assert b'schemeID="9957">FR40303265045<' in xml
    assert b'schemeID="EM">rechnung@musterwerk.example<' in xml
    assert broken_rules(xml, syntax) == []
