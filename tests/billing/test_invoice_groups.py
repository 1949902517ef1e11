"""A bill is split by the ids of lines or projects; what has none comes first."""

from hourline.billing.rules.invoice_groups import invoice_groups


def test_items_of_one_id_are_on_one_invoice_in_the_order_of_the_ids() -> None:
    assert invoice_groups(["P2", "P1", "P2"]) == [1, 0, 1]


def test_what_has_no_project_is_on_the_first_invoice() -> None:
    assert invoice_groups(["A", None, "B", None]) == [1, 0, 2, 0]


def test_without_anything_to_split_by_there_is_one_invoice() -> None:
    assert invoice_groups([None, None]) == [0, 0]
    assert invoice_groups([]) == []
