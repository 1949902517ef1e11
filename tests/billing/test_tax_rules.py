"""Round tax once per rate or on every line, and credit it to the last cent."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import CreditedLine
from hourline.billing.rules.credit_tax import with_taxes
from hourline.billing.rules.shares import split
from hourline.billing.rules.tax import exact_tax, line_taxes
from hourline.kernel.money import Rounding, round_fraction
from tests.billing.items import invoiced

HALF_UP = Rounding.HALF_UP
NZ = [2_506, 2_561, 2_563]


def test_three_lines_at_15_percent_are_taxed_11_45_on_the_invoice() -> None:
    taxes = line_taxes(NZ, [150_000] * 3, policy="per_invoice", rounding=HALF_UP)

    assert (taxes, sum(taxes)) == ([376, 384, 385], 1_145)


def test_the_same_lines_are_taxed_11_44_line_by_line() -> None:
    taxes = line_taxes(NZ, [150_000] * 3, policy="per_line", rounding=HALF_UP)

    assert (taxes, sum(taxes)) == ([376, 384, 384], 1_144)


def test_reverse_charge_is_taxed_nothing_beside_a_domestic_line() -> None:
    taxes = line_taxes(
        [120_000, 1_000_000], [190_000, 0], policy="per_invoice", rounding=HALF_UP
    )

    assert taxes == [22_800, 0]


def test_each_rate_is_rounded_by_itself() -> None:
    taxes = line_taxes(
        [50, 50], [190_000, 70_000], policy="per_invoice", rounding=HALF_UP
    )

    assert taxes == [10, 4]


def test_tax_credited_follows_the_net_credited_to_date() -> None:
    lines = [
        invoiced(line_no=1, net=2_506, tax=376, tax_rate_ppm=150_000),
        invoiced(line_no=2, net=2_561, tax=384, tax_rate_ppm=150_000),
        invoiced(
            line_no=3,
            net=2_563,
            tax=385,
            tax_rate_ppm=150_000,
            credited_net=2_563,
            credited_tax=384,
        ),
    ]
    rest = [CreditedLine(line=line, seconds=0, net=line.net) for line in lines[:2]]

    credited = with_taxes(rest, lines, policy="per_invoice", rounding=HALF_UP)

    assert [credit.tax for credit in credited] == [376, 385]


def test_tax_credited_stays_within_the_invoice_when_the_policy_changed_since() -> None:
    line = invoiced(net=1_000, tax=100, tax_rate_ppm=150_000)
    most = CreditedLine(line=line, seconds=0, net=999)

    [credited] = with_taxes([most], [line], policy="per_line", rounding=HALF_UP)

    assert credited.tax == 100


def test_lines_without_a_net_amount_take_the_remainder_of_their_tax() -> None:
    nothing = invoiced(net=0, tax=1, tax_rate_ppm=150_000)
    whole = CreditedLine(line=nothing, seconds=60, net=0)

    [credited] = with_taxes([whole], [nothing], policy="per_line", rounding=HALF_UP)

    assert credited.tax == 1


NETS = st.lists(st.integers(0, 100_000), min_size=1, max_size=12)
RATES = st.sampled_from([0, 50_000, 70_000, 88_750, 190_000])


@given(data=st.data(), nets=NETS)
def test_line_taxes_sum_to_the_rounded_tax_of_each_rate(
    data: st.DataObject, nets: list[int]
) -> None:
    rates = [data.draw(RATES) for _ in nets]

    taxes = line_taxes(nets, rates, policy="per_invoice", rounding=HALF_UP)

    for rate in set(rates):
        members = [i for i, own in enumerate(rates) if own == rate]
        net = sum(nets[i] for i in members)
        assert sum(taxes[i] for i in members) == round_fraction(exact_tax(net, rate))
        assert all(abs(taxes[i] - exact_tax(nets[i], rate)) < 1 for i in members)


@given(st.lists(st.fractions(0, 100), max_size=20))
def test_a_split_sums_to_its_total(exact: list[Fraction]) -> None:
    total = round_fraction(sum(exact, Fraction(0)))

    assert sum(split(total, exact)) == total
