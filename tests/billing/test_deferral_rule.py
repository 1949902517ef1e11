"""What is invoiced of deferred revenue nets with what the contract earned before."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hourline.billing.model import AssembledLine, CreditedLine, Movement
from hourline.billing.rules.deferral import Deferral, defer_credit, defer_invoice
from hourline.billing.rules.describe import describe
from hourline.billing.rules.movements import credit_movements, invoice_movements
from hourline.billing.rules.tax_point import tax_point
from hourline.kernel.carried_position import (
    CarriedPosition,
    PositionChange,
    position_of,
)
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, round_fraction
from tests.billing.items import invoiced, milestone

HALF_UP = Rounding.HALF_UP
LIABILITY, ASSET = Role.CONTRACT_LIABILITY, Role.CONTRACT_ASSET
RECEIVABLE = Role.RECEIVABLE


def at_par(amount: int) -> int:
    return round_fraction(Fraction(amount))


def line(line_no: int, net: int) -> AssembledLine:
    return AssembledLine(
        line_no=line_no,
        item=replace(milestone(amount=net), deferred=True),
        net=net,
        tax_rate_ppm=0,
        tax=0,
        accrual_reversed=0,
        accrual_reversed_entity=0,
    )


def position(amount: int, entity_amount: int) -> CarriedPosition:
    return position_of([PositionChange(amount, entity_amount, own_rate=False)])


def shown(movement: Movement) -> tuple[Effect, Role, Role, int, int]:
    return (
        movement.effect,
        movement.debit,
        movement.credit,
        movement.amount,
        movement.entity_amount,
    )


def test_lines_consume_the_asset_one_after_the_other_by_one_netting_line() -> None:
    lines = [line(1, 200), line(2, 300)]

    deferral = defer_invoice(lines, position(-300, -270), at_par, HALF_UP)
    movements = invoice_movements(lines, at_par, carried=deferral.carried)

    assert deferral.carried == {1: 180, 2: 90 + 200}
    assert [shown(one) for one in movements] == [
        (Effect.SALE, RECEIVABLE, LIABILITY, 200, 180),
        (Effect.SALE, RECEIVABLE, LIABILITY, 300, 290),
    ]
    assert [shown(one) for one in deferral.movements] == [
        (Effect.RECOGNITION, LIABILITY, ASSET, 300, 270)
    ]


def test_an_invoice_before_anything_was_earned_nets_nothing() -> None:
    deferral = defer_invoice([line(1, 200)], CarriedPosition(), at_par, HALF_UP)

    assert deferral.movements == []
    assert (deferral.after.amount, deferral.after.entity_amount) == (200, 200)


def credit(net: int, *, entity_net: int) -> CreditedLine:
    of = replace(
        invoiced(milestone="m1", net=net, entity_net=entity_net),
        deferred=True,
        in_position=True,
    )
    return CreditedLine(line=of, seconds=0, net=net)


def credited(net: int, *, entity_net: int, of: CarriedPosition) -> Deferral:
    return defer_credit([(1, credit(net, entity_net=entity_net))], of, HALF_UP)


def test_a_credit_beyond_the_liability_builds_an_asset() -> None:
    one = credit(500, entity_net=450)

    deferral = credited(500, entity_net=450, of=position(200, 180))
    movements = credit_movements([one], group_taxes={}, rounding=HALF_UP)

    assert [shown(movement) for movement in movements] == [
        (Effect.SALE, LIABILITY, RECEIVABLE, 500, 450)
    ]
    assert [shown(movement) for movement in deferral.movements] == [
        (Effect.RECOGNITION, ASSET, LIABILITY, 300, 270)
    ]


def test_what_is_left_of_the_rates_where_nothing_is_open_is_a_gain_or_loss() -> None:
    loss = credited(1_000, entity_net=1_000, of=position(1_000, 950))
    gain = credited(1_000, entity_net=900, of=position(1_000, 950))

    assert [shown(one) for one in loss.movements] == [
        (Effect.FX, Role.FX_GAIN_LOSS, LIABILITY, 0, 50)
    ]
    assert [shown(one) for one in gain.movements] == [
        (Effect.FX, LIABILITY, Role.FX_GAIN_LOSS, 0, 50)
    ]
    assert loss.lines[0].entity_residue == 50
    assert (loss.after.amount, loss.after.entity_amount) == (0, 0)


def test_a_month_of_a_fee_is_described_by_its_days_and_taxed_on_the_last() -> None:
    fee = replace(
        milestone(name="2025-02", dated=date(2025, 2, 10)),
        fee_from=date(2025, 2, 10),
        fee_through=date(2025, 2, 20),
    )

    said = describe(fee, person="", project="", contract_line="Support")

    assert said == "Support, fee 2025-02-10 to 2025-02-20"
    assert tax_point(fee) == date(2025, 2, 28)
    assert tax_point(milestone(dated=date(2025, 8, 1))) == date(2025, 8, 1)
