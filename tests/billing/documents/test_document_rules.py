"""The rules of documents: quantities, sums, gathered lines, backup, what is lacking."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline.billing.documents.backup_csv import backup_csv
from hourline.billing.documents.model import CustomerDocument, Kind, Seller
from hourline.billing.rules.documents.backup import Layout, backup
from hourline.billing.rules.documents.consolidate import (
    Gathered,
    gather,
    without_notes,
)
from hourline.billing.rules.documents.quantities import (
    Priced,
    price_of,
    priced,
)
from hourline.billing.rules.documents.requirements import lacking, unsound_iban
from hourline.billing.rules.documents.tax_groups import tax_groups
from hourline.kernel.money import currency_of
from tests.billing.documents.papers import (
    BERLIN,
    EUR,
    HOUR,
    LYON,
    OUTSIDE,
    REVERSE,
    SELLER,
    STANDARD,
    ZERO,
    paper,
    plain_line,
    time_line,
)


def hours_at(quantity: str, price: str, base: str = "1", **changes: bool) -> Priced:
    """Give hours at a price, which is the agreed rate."""
    return Priced(
        quantity=Decimal(quantity),
        unit="HUR",
        price=Decimal(price),
        base=Decimal(base),
        at_rate=changes.get("at_rate", True),
    )


def test_hours_and_rate_are_told_where_they_make_the_net() -> None:
    assert priced(time_line(), EUR) == hours_at("8", "150")


def test_endless_hours_are_told_to_six_decimals() -> None:
    # 119,999 s are 33.33305... h; at 150 that is 4,999.958 and rounds to 4,999.96.
    line = time_line(seconds=119_999, net=499_996)

    assert priced(line, EUR) == hours_at("33.333056", "150")


def test_a_net_a_cent_away_from_the_product_is_told_for_its_hours() -> None:
    line = time_line(seconds=1_200, net=5_001)

    told = hours_at("0.333333", "50.01", "0.333333", at_rate=False)
    assert priced(line, EUR) == told


def test_a_daily_rate_is_told_for_the_hours_of_its_day() -> None:
    # 1,000 for 7 hours: an hour has no price in decimals.
    line = replace(
        time_line(seconds=14 * HOUR, net=200_000),
        rate_amount=1_000_000_000,
        rate_seconds=7 * HOUR,
    )

    assert priced(line, EUR) == hours_at("14", "1000", "7")
    assert price_of(line, EUR) == (Decimal(1_000), Decimal(7))


def test_a_price_without_decimals_is_told_as_the_net_of_its_hours() -> None:
    line = replace(time_line(net=34), rate_amount=1_000_000, rate_seconds=8_470_000)

    assert priced(line, EUR) == hours_at("8", "0.34", "8", at_rate=False)


def test_an_amount_is_one_of_its_price() -> None:
    line = plain_line(1, kind=Kind.AMOUNT, name="Milestone", net=1_000_000, tax=0)

    assert priced(line, EUR) == Priced(
        quantity=Decimal(1), unit="C62", price=Decimal("10000.00"), base=Decimal(1)
    )


def test_an_amount_below_zero_is_less_than_one_and_not_of_a_negative_price() -> None:
    line = plain_line(1, kind=Kind.AMOUNT, name="Old books", net=-10_000, tax=0)

    assert priced(line, EUR).quantity == -1
    assert priced(line, EUR).price == 100


@pytest.mark.parametrize(
    ("net", "rate"), [(120_001, 150), (119_999, 150), (120_002, None), (60_000, None)]
)
def test_a_rate_is_shown_only_where_it_explains_the_amount(
    net: int, rate: int | None
) -> None:
    price = price_of(time_line(net=net), EUR)

    assert (price and price[0]) == rate


def test_an_amount_set_by_hand_has_no_rate() -> None:
    line = time_line(net=99_999, by_hand=True)

    assert price_of(line, EUR) is None
    assert priced(line, EUR) == hours_at("8", "999.99", "8", at_rate=False)


def test_yen_have_no_decimals() -> None:
    line = time_line(seconds=HOUR, net=15_000)

    assert priced(line, currency_of("JPY")) == hours_at("1", "15000")


def test_sums_are_by_category_and_rate_the_highest_first() -> None:
    lines = [
        time_line(1, tax=0, treatment=REVERSE),
        time_line(2, tax=0, treatment=ZERO),
        time_line(3),
        time_line(4, net=10_001, tax=1_900),
    ]

    groups = tax_groups(lines)

    told = [(one.treatment.code, one.net, one.tax) for one in groups if one.treatment]
    assert told == [("S", 130_001, 24_700), ("AE", 120_000, 0), ("Z", 120_000, 0)]


def test_untaxed_lines_are_a_sum_of_their_own() -> None:
    [group] = tax_groups([time_line(tax=0, treatment=None)])

    assert (group.treatment, group.net) == (None, 120_000)


def work() -> CustomerDocument:
    """Give four hours of two persons on two tasks, an expense and a milestone."""
    return paper(
        time_line(1, seconds=HOUR, net=15_000, tax=2_850, day=date(2025, 3, 6)),
        time_line(2, seconds=HOUR, net=15_001, tax=2_850, person="Bo Sample"),
        time_line(3, seconds=HOUR, net=14_999, tax=2_850, task="review"),
        time_line(4, seconds=HOUR, rate=90, net=9_000, tax=1_710),
        time_line(5, seconds=HOUR, net=10_000, tax=1_900, by_hand=True),
        plain_line(6, kind=Kind.EXPENSE, name="Train", net=8_417, tax=1_599),
    )


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        (
            Gathered.PERSON,
            [
                (1, "Ann Example", 2 * HOUR, 29_999),
                (2, "Ann Example", HOUR, 9_000),
                (3, "Ann Example, Website, design", HOUR, 10_000),
                (4, "Bo Sample", HOUR, 15_001),
                (5, "Train", 0, 8_417),
            ],
        ),
        (
            Gathered.TASK,
            [
                (1, "Ann Example, Website, design", HOUR, 10_000),
                (2, "Website, design", 2 * HOUR, 30_001),
                (3, "Website, design", HOUR, 9_000),
                (4, "Website, review", HOUR, 14_999),
                (5, "Train", 0, 8_417),
            ],
        ),
        (
            Gathered.PROJECT,
            [
                (1, "Ann Example, Website, design", HOUR, 10_000),
                (2, "Website", 3 * HOUR, 45_000),
                (3, "Website", HOUR, 9_000),
                (4, "Train", 0, 8_417),
            ],
        ),
    ],
)
def test_time_of_one_price_is_gathered(
    by: Gathered, lines: list[tuple[int, str, int, int]]
) -> None:
    gathered = gather(work(), by)

    told = [(one.number, one.name, one.seconds, one.net) for one in gathered.lines]
    assert told == lines
    assert (gathered.net, gathered.tax) == (72_417, 13_759)


def test_a_gathered_line_says_since_when_and_until_when() -> None:
    line = gather(work(), Gathered.PROJECT).lines[1]

    assert (line.first_day, line.last_day) == (date(2025, 3, 5), date(2025, 3, 6))
    assert [one.entry for one in line.evidence] == ["t1", "t2", "t3"]


def test_the_lines_stay_as_they_are_unless_gathered() -> None:
    assert gather(work(), Gathered.ENTRY) == work()


@pytest.mark.parametrize(
    ("layout", "groups"),
    [
        (Layout.PERSON, [("Ann Example", 5, 57_416), ("Bo Sample", 1, 15_001)]),
        (Layout.DAY, [("2025-03-05", 5, 57_417), ("2025-03-06", 1, 15_000)]),
        (
            Layout.TASK,
            [("Website, design", 5, 57_418), ("Website, review", 1, 14_999)],
        ),
    ],
)
def test_the_backup_sums_to_the_document(
    layout: Layout, groups: list[tuple[str, int, int]]
) -> None:
    found = backup(work(), layout)

    assert [(one.title, len(one.rows), one.net) for one in found] == groups
    assert sum(one.net for one in found) == 72_417
    assert sum(one.seconds for one in found) == 5 * HOUR


def test_what_nobody_worked_is_told_apart() -> None:
    line = plain_line(1, kind=Kind.AMOUNT, name="Fee", net=100, tax=19)
    nobody = replace(line.evidence[0], person="", project="", task="")
    document = paper(replace(line, evidence=(nobody,)))

    assert [one.title for one in backup(document, Layout.PERSON)] == ["Other"]
    assert [one.title for one in backup(document, Layout.TASK)] == ["Other"]


def test_the_backup_is_a_table_for_spreadsheets() -> None:
    document = paper(time_line(note="=1+1", seconds=1_200, net=5_000, tax=950))

    told = backup_csv(document, layout=Layout.DAY).decode()

    assert told == (
        "document,group,line,date,person,project,task,entry,note,hours,net,currency\r\n"
        "DE1-000001,2025-03-05,1,2025-03-05,Ann Example,Website,design,t1,'=1+1,"
        "0.333333,50.00,EUR\r\n"
    )


def test_notes_stay_at_home() -> None:
    document = without_notes(paper(time_line(note="slow customer")))

    assert [one.note for _, one in document.evidence] == [""]


def test_a_complete_document_lacks_nothing() -> None:
    assert lacking(paper()) == []


@pytest.mark.parametrize(
    ("document", "missing"),
    [
        (
            paper(seller=Seller(party=replace(BERLIN, name="", tax_id=None))),
            [
                "the name of legal entity DE1 (BT-27): field name",
                "the VAT number of legal entity DE1 (BT-31): field tax_id",
            ],
        ),
        (
            paper(buyer=replace(LYON, name="", country="France")),
            [
                "the name of customer LYON (BT-44): field name",
                (
                    "the country of customer LYON as its two letters of ISO 3166"
                    " (BT-55): field country says 'France'"
                ),
            ],
        ),
        (
            paper(seller=Seller(party=replace(BERLIN, tax_id="30/123/45678"))),
            [
                (
                    "the VAT number of legal entity DE1 (BT-31) with its country before"
                    " it (BR-CO-09): field tax_id says '30/123/45678'"
                )
            ],
        ),
        (
            paper(
                time_line(tax=0, treatment=REVERSE), buyer=replace(LYON, tax_id=None)
            ),
            ["the VAT number of customer LYON (BT-48): field tax_id"],
        ),
        (
            paper(buyer=replace(LYON, endpoint_id="FR40303265045")),
            [
                (
                    "the scheme of the electronic address of customer LYON, such as"
                    " 9930: field endpoint_scheme"
                )
            ],
        ),
        (
            paper(
                time_line(tax=0, treatment=OUTSIDE),
                seller=Seller(party=replace(BERLIN, registration_number=None)),
            ),
            [
                (
                    "the number of legal entity DE1 in the company register (BT-30):"
                    " field registration_number"
                )
            ],
        ),
        (
            paper(time_line(), time_line(2, tax=0, treatment=OUTSIDE)),
            [
                (
                    "an invoice of its own for what is out of scope of VAT: it cannot"
                    " stand beside other tax categories (BR-O-11)"
                )
            ],
        ),
        (
            paper(time_line(tax=0, treatment=None)),
            ["how its lines are taxed (BT-151): there is no tax table"],
        ),
        (
            paper(time_line(treatment=replace(STANDARD, code="V19"))),
            [
                (
                    "the tax category of tax rule de-19 (BT-151): field code says"
                    " 'V19', and EN 16931 knows S, Z, E, AE, K, G, O, L, M"
                )
            ],
        ),
        (
            paper(time_line(tax=0, treatment=replace(STANDARD, rate_ppm=0))),
            ["a rate above 0 in tax rule de-19: S is standard rate (BR-S-05)"],
        ),
        (
            paper(time_line(treatment=replace(REVERSE, rate_ppm=190_000))),
            ["a rate of 0 in tax rule de-fr: AE is reverse charge"],
        ),
        (
            paper(time_line(tax=0, treatment=replace(ZERO, code="E"))),
            ["why tax rule zero is exempt (BT-120): field reason"],
        ),
    ],
)
def test_everything_that_is_lacking_is_named_at_once(
    document: CustomerDocument, missing: list[str]
) -> None:
    assert lacking(document) == missing


@pytest.mark.parametrize("iban", [None, SELLER.iban, "GB82WEST12345698765432"])
def test_a_sound_account_is_taken(iban: str | None) -> None:
    assert unsound_iban(iban) is None


@pytest.mark.parametrize("iban", ["DE88370400440532013000", "12345", "DE89 3704 0044"])
def test_an_account_with_wrong_check_digits_is_refused(iban: str) -> None:
    told = f"the account {iban} is no IBAN: its check digits are wrong"
    assert unsound_iban(iban) == told
