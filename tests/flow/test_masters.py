"""Master data that cannot hold is refused as a value, and a person sees why."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.kernel.problems import ProblemCode
from hourline.master.service import (
    apply_changes,
    merge_records,
    own_field,
    rename_record,
)
from hourline.master.snapshot import UnusableRecord
from hourline.master.store import latest_change, set_connection
from tests.flow.house import CUSTOMER, RATE, House

pytestmark = pytest.mark.integration

_BILLED_TO = Query(
    "billed_to",
    "Whom each invoice bills, in order.",
    "SELECT c.id FROM hourline.invoice i JOIN hourline.master_identity c"
    " ON c.master_no = i.customer_no ORDER BY i.document_no",
)


def rate(record_id: str, amount: object, **scope: object) -> MasterChange:
    fields = {"currency": "USD", "rate": amount, **scope}
    return MasterChange("bill_rate", record_id, fields=fields)


def changes_so_far(house: House) -> int:
    with house.database.tenant(house.tenant) as session:
        return latest_change(session)


def test_a_set_with_a_tie_between_rates_is_refused_whole(house: House) -> None:
    before = changes_so_far(house)
    name = MasterChange("customer", "ADATUM", fields={"name": "Adatum"})

    applied = house.change(name, rate("twin", Decimal(210)))

    (item,) = house.items()
    assert (applied.changed, applied.unchanged) == (0, 0)
    assert [one.change.source_id for one in applied.refusals] == ["ADATUM", "twin"]
    assert {one.problem.code for one in applied.refusals} == {
        ProblemCode.MASTER_RECORD_INVALID
    }
    assert changes_so_far(house) == before
    assert (item.code, item.queue, item.owner) == (
        "master_record_invalid",
        "master_data",
        "master data steward",
    )
    assert item.subject_key == f"{house.psa}/bill_rate/twin"
    assert item.sentence == (
        "bill_rate twin was not taken over; with it 1 other changes: it matches the"
        " same work on the same days as standard."
    )
    assert item.detail == {"kind": "bill_rate", "id": "twin"}


def test_after_a_refused_set_work_goes_on_at_the_old_rates(house: House) -> None:
    house.change(rate("twin", Decimal(210)))

    house.approve()

    assert house.bill().net == 20_000


def test_the_item_of_a_refused_set_is_closed_when_the_mended_set_comes(
    house: House,
) -> None:
    house.change(rate("twin", Decimal(210)))

    until_july = MasterChange(
        "bill_rate", "standard", fields=RATE.fields, effective_until=date(2025, 7, 1)
    )
    from_july = MasterChange(
        "bill_rate",
        "twin",
        fields=rate("twin", Decimal(210)).fields,
        effective_from=date(2025, 7, 1),
    )
    applied = house.change(until_july, from_july)

    assert (applied.changed, applied.refusals) == (2, [])
    assert house.codes() == []
    assert house.items(state="resolved")[0].resolution == "accepted later"


def test_a_tie_with_a_row_that_is_not_in_the_set_names_a_change_of_the_set(
    house: House,
) -> None:
    house.change(rate("b", Decimal(1), role="consultant"))
    moved = MasterChange("bill_rate", "standard", fields={"role": "consultant"})

    applied = house.change(moved)

    (item,) = house.items()
    assert len(applied.refusals) == 1
    assert item.subject_key == f"{house.psa}/bill_rate/standard"
    assert "as standard" in item.sentence
    assert item.sentence.startswith("bill_rate b was not taken over")


def test_a_rate_of_exchange_that_overflows_with_a_new_price_names_the_price(
    house: House,
) -> None:
    fx = {"from_currency": "USD", "to_currency": "EUR", "rate": Decimal("0.900000001")}
    assert not house.change(MasterChange("fx_rate", "usd-eur", fields=fx)).refusals

    applied = house.change(rate("dear", Decimal(99_999_999), role="oracle"))

    (item,) = house.items()
    assert len(applied.refusals) == 1
    assert item.subject_key == f"{house.psa}/bill_rate/dear"
    assert item.detail == {"kind": "fx_rate", "id": "usd-eur"}


def test_a_system_that_does_not_own_a_field_is_refused_and_queued(
    house: House,
) -> None:
    with house.database.tenant(house.tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
        own_field(session, "customer", "*", crm)
    renamed = MasterChange("customer", "ADATUM", fields={"country": "DE"})

    applied = house.change(renamed)

    (item,) = house.items()
    assert [one.problem.code for one in applied.refusals] == ["not_the_owner"]
    assert (item.code, item.owner) == ("not_the_owner", "master data steward")
    assert item.detail == {"field": "country", "owner_connection": str(crm)}
    assert not house.change(CUSTOMER).refusals
    assert house.codes() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (rate("r", "NaN", role="x"), "rate is not a usable number"),
        (rate("r", "1e999999999", role="x"), "rate is not a usable number"),
        (rate("r", "1e-99", role="x"), "rate is not a usable number"),
        (
            MasterChange("customer", "x", fields={"country": "D\x00E"}),
            "country contains a character no text may have",
        ),
        (
            MasterChange("customer", "x", fields={"country": "\ud800"}),
            "country contains a character no text may have",
        ),
        (
            MasterChange("customer", "a\x00", fields={"country": "DE"}),
            "its id contains a character no text may have",
        ),
        (
            MasterChange("customer", "", fields={"country": "DE"}),
            "its id has 0 characters, not 1 to 300",
        ),
        (
            MasterChange("customer", "x", "y" * 301, fields={"country": "DE"}),
            "its id has 301 characters, not 1 to 300",
        ),
        (
            MasterChange(
                "customer",
                "x",
                fields={"country": "DE"},
                effective_from=date(2025, 2, 1),
                effective_until=date(2025, 2, 1),
            ),
            "it holds until 2025-02-01, which is not after 2025-02-01",
        ),
        (MasterChange("planet", "x", fields={"a": 1}), "there is no kind"),
        (
            MasterChange(
                "contract_line",
                "C1.2",
                fields={
                    "contract": "C1",
                    "method": "fixed_price",
                    "milestones": [
                        {"id": "m", "amount": "Infinity", "date": "2025-03-01"}
                    ],
                },
            ),
            "milestones is not a usable number",
        ),
    ],
)
def test_a_record_nothing_can_be_done_with_does_not_stop_the_others(
    house: House, wrong: MasterChange, said: str
) -> None:
    sound = MasterChange("customer", "NORTHWIND", fields={"country": "US"})

    applied = house.change(wrong, sound)

    (item,) = house.items()
    assert (applied.changed, len(applied.refusals)) == (1, 1)
    assert item.code == "master_record_invalid"
    assert said in item.sentence
    house.approve()
    assert house.bill().net == 20_000


def test_new_invoices_of_a_merged_customer_go_to_the_survivor(house: House) -> None:
    house.approve()
    house.bill()
    house.change(MasterChange("customer", "ADATUM-GROUP", fields={"country": "US"}))
    with house.database.tenant(house.tenant) as session:
        merge_records(session, "customer", "ADATUM", "ADATUM-GROUP")

    house.approve(id="t2")
    house.bill()

    with house.database.tenant(house.tenant) as session:
        billed_to = [row[0] for row in session.tuples(_BILLED_TO)]
    assert billed_to == ["ADATUM", "ADATUM-GROUP"]
    assert house.unproven() == []


def test_a_merge_into_a_merged_record_goes_to_the_last_survivor(house: House) -> None:
    names = ("B", "C", "D")
    house.change(
        *(MasterChange("customer", name, fields={"country": "US"}) for name in names)
    )
    with house.database.tenant(house.tenant) as session:
        merge_records(session, "customer", "ADATUM", "B")
        merge_records(session, "customer", "B", "C")
        merge_records(session, "customer", "D", "B")
        apply_changes(
            session, None, [MasterChange("customer", "ADATUM", fields={"name": "Last"})]
        )
        snapshot = flow.snapshot_of(session)
        contract_no = snapshot.number("contract", "C1")
        assert contract_no is not None
        billed = snapshot.customer(snapshot.contract(contract_no).customer_no)

    assert (billed.id, billed.content.name) == ("C", "Last")


def test_records_that_are_one_already_are_not_merged_again(house: House) -> None:
    house.change(MasterChange("customer", "B", fields={"country": "US"}))
    with house.database.tenant(house.tenant) as session:
        merge_records(session, "customer", "ADATUM", "B")

        with pytest.raises(LookupError, match="are one record already"):
            merge_records(session, "customer", "B", "ADATUM")
        with pytest.raises(LookupError, match="are one record already"):
            merge_records(session, "customer", "ADATUM", "B")
        with pytest.raises(LookupError, match="are one record already"):
            merge_records(session, "customer", "B", "B")
        with pytest.raises(LookupError, match="there is no customer C to merge"):
            merge_records(session, "customer", "B", "C")
        with pytest.raises(LookupError, match="there is no customer C to rename"):
            rename_record(session, "customer", "C", "D")


def test_no_change_at_all_does_not_hide_master_data_that_cannot_be_used(
    house: House,
) -> None:
    house.change(
        MasterChange("customer", "B", fields={"country": "US"}),
        rate("a", Decimal(1), customer="ADATUM"),
        rate("b", Decimal(2), customer="B"),
    )
    with house.database.tenant(house.tenant) as session:
        merge_records(session, "customer", "ADATUM", "B")

    with pytest.raises(UnusableRecord, match="the same work on the same days"):
        house.change()

    mended = house.change(rate("b", Decimal(2), customer=None, person="ann"))
    assert mended.refusals == []


def test_an_assignment_inside_another_does_not_end_it(house: House) -> None:
    fields = {"person": "ann", "project": "P1"}
    house.change(
        MasterChange("project", "P1", fields={"assigned_only": True}),
        MasterChange("assignment", "year", fields=fields),
        MasterChange(
            "assignment",
            "week",
            fields=fields,
            effective_from=date(2025, 3, 3),
            effective_until=date(2025, 3, 8),
        ),
    )

    house.approve(date="2025-03-05")
    house.approve(id="t2", date="2025-03-20")

    assert (house.state("t1"), house.state("t2")) == ("open_to_bill", "open_to_bill")


def test_the_first_tax_row_that_holds_on_a_day_wins(house: House) -> None:
    def row(order: int, since: date, until: date) -> MasterChange:
        fields = {"order": order, "rate": Decimal(order), "code": "S"}
        return MasterChange(
            "tax_rule",
            f"row-{order}",
            fields=fields,
            effective_from=since,
            effective_until=until,
        )

    house.change(
        row(1, date(2025, 3, 1), date(2025, 4, 1)),
        row(2, date(2025, 1, 1), date(2025, 2, 1)),
        row(3, date(2025, 1, 1), date.max),
    )
    for month in (1, 2, 3, 4):
        house.approve(id=f"t{month}", date=f"2025-0{month}-10")

    versions = [house.status(f"t{month}").version for month in (1, 2, 3, 4)]
    assert [one and one.tax_rule for one in versions] == [
        "row-2",
        "row-3",
        "row-1",
        "row-3",
    ]


def test_a_malformed_tax_id_waits_for_the_tax_accountant_until_it_is_mended(
    house: House,
) -> None:
    wrong = {"country": "FR", "tax_id": "FR123"}
    house.change(MasterChange("customer", "LYON", fields=wrong))
    house.change(MasterChange("customer", "LYON", fields=wrong))

    [item] = house.items()
    assert (item.code, item.queue) == (ProblemCode.TAX_ID_MALFORMED, "tax")
    assert item.sentence == (
        "Tax id FR123 of customer LYON in FR is no VAT id, so it counts as none."
    )

    mended = {"country": "FR", "tax_id": "FR40303265045"}
    house.change(MasterChange("customer", "LYON", fields=mended))

    assert house.items() == []
