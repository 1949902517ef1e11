"""Journal lines are written so that other programs can read them."""

from dataclasses import replace
from datetime import date

from hourline.kernel.codes import Effect, Role
from hourline.proof.rules.plain_text_books import (
    KIND_OF,
    BookLine,
    Layout,
    plain_text,
)

LINE = BookLine(
    line_no=7,
    accounting_date=date(2025, 5, 1),
    document_date=date(2025, 4, 30),
    entity="us 1",
    debit=Role.WIP,
    credit=Role.ACCRUED_REVENUE,
    effect=Effect.ACCRUAL,
    mirror=True,
    currency=978,
    amount=100_00,
    entity_currency=840,
    entity_amount=110_00,
    cause_name='entry psa/"7" revision 1',
)


def test_a_line_in_a_foreign_currency_says_what_it_was() -> None:
    assert plain_text([LINE], Layout.BEANCOUNT).splitlines() == [
        "; Journal lines of Hourline, for beancount.",
        "2025-05-01 open Assets:Eus-1:Wip",
        "2025-05-01 open Income:Eus-1:AccruedRevenue",
        "",
        '2025-05-01 * "entry psa/\\"7\\" revision 1" "reversal of accrual"',
        "  line: 7",
        "  document-date: 2025-04-30",
        "  document-amount: 100.00 EUR",
        "  Assets:Eus-1:Wip  110.00 USD",
        "  Income:Eus-1:AccruedRevenue  -110.00 USD",
    ]


def test_hledger_reads_the_same_line_in_its_own_words() -> None:
    assert plain_text([LINE], Layout.HLEDGER).splitlines() == [
        "; Journal lines of Hourline, for hledger.",
        "",
        '2025-05-01 * (7) entry psa/"7" revision 1 | reversal of accrual',
        "    ; document-date: 2025-04-30",
        "    ; document-amount: 100.00 EUR",
        "    Assets:Eus-1:Wip  110.00 USD",
        "    Income:Eus-1:AccruedRevenue  -110.00 USD",
    ]


def test_entities_whose_ids_look_alike_have_accounts_of_their_own() -> None:
    text = plain_text(
        [replace(LINE, entity="US.1"), replace(LINE, entity="US 1")], Layout.BEANCOUNT
    )

    assert "Assets:US-1:Wip" in text
    assert "Assets:US-1-2:Wip" in text


def test_every_role_has_a_kind_of_account() -> None:
    assert set(KIND_OF) == set(Role)
