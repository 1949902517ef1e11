"""What is invoiced and what is earned of a contract are netted."""

from hourline.kernel.contract_position import PositionParts, lowered, raised


def test_an_invoice_before_anything_is_earned_is_all_liability() -> None:
    assert raised(0, 500) == PositionParts(asset=0, liability=500)


def test_an_invoice_consumes_the_asset_first() -> None:
    assert raised(-300, 500) == PositionParts(asset=300, liability=200)


def test_recognition_consumes_the_liability_first() -> None:
    assert lowered(300, 500) == PositionParts(asset=200, liability=300)


def test_recognition_without_a_liability_builds_the_asset() -> None:
    assert lowered(-100, 500) == PositionParts(asset=500, liability=0)


def test_falling_revenue_reduces_the_asset_then_builds_the_liability() -> None:
    assert raised(-100, 150) == PositionParts(asset=100, liability=50)
