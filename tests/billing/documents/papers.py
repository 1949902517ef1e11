"""Build documents for tests: every default is valid for a German invoice at 19 %."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hourline.billing.documents.model import (
    Advance,
    Credited,
    CustomerDocument,
    DocumentLine,
    Evidence,
    Kind,
    Party,
    Seller,
    TaxTreatment,
)
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import currency_of

HOUR = 3_600
EUR = currency_of("EUR")
STANDARD = TaxTreatment(rule="de-19", code="S", rate_ppm=190_000)
REVERSE = TaxTreatment(rule="de-fr", code="AE", rate_ppm=0, reason="Reverse charge")
ZERO = TaxTreatment(rule="zero", code="Z", rate_ppm=0)
OUTSIDE = TaxTreatment(rule="outside", code="O", rate_ppm=0)
EXEMPT = TaxTreatment(rule="school", code="E", rate_ppm=0, reason="Education, § 4 UStG")

BERLIN = Party(
    id="DE1",
    name="Musterwerk Beratung GmbH",
    country="DE",
    tax_id="DE 123456789",
    street="Lindenallee 7",
    city="Berlin",
    postal_code="10115",
    email="rechnung@musterwerk.example",
    phone="+49 30 5550100",
    registration_number="HRB 12345 B",
)
LYON = Party(
    id="LYON",
    name="Atelier Rhône SAS",
    country="FR",
    tax_id="FR40303265045",
    street="12 rue de la République",
    city="Lyon",
    postal_code="69002",
)
SELLER = Seller(party=BERLIN, iban="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX")


def time_line(
    number: int = 1,
    *,
    seconds: int = 8 * HOUR,
    rate: int = 150,
    net: int = 120_000,
    tax: int = 22_800,
    treatment: TaxTreatment | None = STANDARD,
    day: date = date(2025, 3, 5),
    person: str = "Ann Example",
    task: str = "design",
    note: str = "",
    by_hand: bool = False,
) -> DocumentLine:
    """Give eight hours at 150 an hour in a currency of two decimals."""
    return DocumentLine(
        number=number,
        kind=Kind.TIME,
        name=f"{person}, Website, {task}",
        first_day=day,
        last_day=day,
        seconds=seconds,
        rate_amount=rate * 1_000_000,
        rate_seconds=HOUR,
        by_hand=by_hand,
        net=net,
        tax=tax,
        treatment=treatment,
        evidence=(
            Evidence(
                dated=day,
                person=person,
                project="Website",
                task=task,
                entry=f"t{number}",
                note=note,
                seconds=seconds,
                net=net,
            ),
        ),
    )


def plain_line(
    number: int,
    *,
    kind: Kind,
    name: str,
    net: int,
    tax: int,
    treatment: TaxTreatment | None = STANDARD,
) -> DocumentLine:
    """Give an expense or a milestone: an amount without hours."""
    one = time_line(number, seconds=0, net=net, tax=tax, treatment=treatment)
    return replace(one, kind=kind, name=name, rate_amount=0)


def paper(
    *lines: DocumentLine,
    kind: DocumentKind = DocumentKind.INVOICE,
    currency: str = "EUR",
    seller: Seller = SELLER,
    buyer: Party = LYON,
    credited: Credited | None = None,
    paid: int = 0,
    entity_currency: str = "EUR",
    entity_tax: int = 0,
    purchase_order: str | None = "PO-77",
    retained: int = 0,
) -> CustomerDocument:
    """Give a document of lines; without any, of eight hours at 19 %."""
    return CustomerDocument(
        kind=kind,
        number="DE1-000001",
        issued_on=date(2025, 3, 31),
        due_on=date(2025, 4, 30),
        currency=currency_of(currency),
        seller=seller,
        buyer=buyer,
        contract="C1",
        purchase_order=purchase_order,
        credited=credited,
        lines=tuple(lines) or (time_line(),),
        paid=paid,
        entity_currency=currency_of(entity_currency),
        entity_tax=entity_tax,
        retained=retained,
    )


def credit_paper(*lines: DocumentLine) -> CustomerDocument:
    """Give a credit note of lines."""
    return paper(
        *lines,
        kind=DocumentKind.CREDIT_NOTE,
        credited=Credited(number="DE1-000001", issued_on=date(2025, 3, 31)),
    )


CASES: dict[str, CustomerDocument] = {
    "standard rate": paper(),
    "reverse charge": paper(time_line(tax=0, treatment=REVERSE)),
    "zero rate": paper(time_line(tax=0, treatment=ZERO)),
    "exempt": paper(time_line(tax=0, treatment=EXEMPT)),
    "out of scope": paper(time_line(tax=0, treatment=OUTSIDE)),
    "export": paper(
        time_line(tax=0, treatment=replace(OUTSIDE, code="G")),
        buyer=replace(LYON, country="US", tax_id="12-3456789"),
    ),
    "intra-community": paper(time_line(tax=0, treatment=replace(ZERO, code="K"))),
    "two categories at rate 0": paper(
        time_line(tax=0, treatment=REVERSE), time_line(2, tax=0, treatment=ZERO)
    ),
    "two rates": paper(
        time_line(),
        time_line(2, tax=8_400, treatment=replace(STANDARD, rate_ppm=70_000)),
    ),
    "credit note": credit_paper(time_line(note="Credited: double entry")),
    "prepaid in part": paper(paid=100_000),
    "set off": replace(
        paper(paid=59_500),
        advances=(Advance(number="DE1-000000", gross=59_500, net=50_000, tax=9_500),),
    ),
    "prepaid in full": paper(paid=142_800),
    "withheld in part": paper(retained=14_280),
    "withheld no longer": replace(credit_paper(time_line()), retained=14_280),
    "yen": paper(
        time_line(
            seconds=HOUR,
            rate=150,
            net=15_000,
            tax=1_500,
            treatment=replace(STANDARD, rate_ppm=100_000),
        ),
        currency="JPY",
        entity_currency="EUR",
        entity_tax=925,
    ),
    "dollars of a German entity": paper(currency="USD", entity_tax=20_988),
    "endless hours": paper(
        time_line(seconds=119_999, net=500_000, tax=95_000),
        time_line(2, seconds=1_200, net=5_000, tax=950),
        time_line(3, seconds=1_200, net=5_001, tax=950),
        time_line(4, seconds=1_200, net=4_999, tax=950),
    ),
    # What is left of 18.99, though 19 % of 66.66 is 12.67.
    "rest of a credited tax": credit_paper(
        time_line(net=66_66, tax=12_66, by_hand=True)
    ),
    "euros of a Kuwaiti entity": paper(entity_currency="KWD", entity_tax=76_000),
    "tax of an engine": paper(
        *(
            time_line(
                number,
                net=33_33,
                tax=2_96,
                by_hand=True,
                treatment=replace(STANDARD, rate_ppm=88_750),
            )
            for number in (1, 2, 3)
        )
    ),
    "price by hand": paper(time_line(net=99_999, tax=19_000, by_hand=True)),
    "nothing to pay": paper(time_line(net=0, tax=0, by_hand=True)),
    "expense and milestone": paper(
        plain_line(
            1,
            kind=Kind.EXPENSE,
            name="Ann Example, Website, expense",
            net=8_417,
            tax=1_599,
        ),
        plain_line(
            2,
            kind=Kind.AMOUNT,
            name="Website, milestone M1",
            net=1_000_000,
            tax=190_000,
        ),
        plain_line(
            3,
            kind=Kind.AMOUNT,
            name="Correction <of> old & new books",
            net=-10_000,
            tax=-1_900,
        ),
    ),
    "only what must be told": paper(
        seller=Seller(
            party=Party(id="DE1", name="M", country="DE", tax_id="DE123456789")
        ),
        buyer=Party(id="L", name="L", country="FR"),
        purchase_order=None,
    ),
}


def all_lines(documents: Sequence[CustomerDocument]) -> list[DocumentLine]:
    """Give every line of documents."""
    return [line for document in documents for line in document.lines]
