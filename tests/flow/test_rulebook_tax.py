"""A rulebook's rows of tax are checked and tried by the services that lines sell."""

from datetime import date

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.trial import try_rulebook
from tests.flow.house import House
from tests.flow.rules import APRIL, checked, faults, files

pytestmark = pytest.mark.integration


def test_a_tax_row_for_a_service_of_no_line_is_a_warning(house: House) -> None:
    house.change(
        MasterChange("contract_line", "C1.1", fields={"tax_service": "training"})
    )
    book = files(
        tax="service,rate,code\ntraining,0,E\ntrainig,7,S\nintercompany,19,S\n,19,S"
    )

    (warning,) = checked(house, book).findings

    assert (str(warning.place), warning.column) == ("tax.csv, row 3", "service")
    assert warning.sentence == (
        "No contract line has the tax service trainig, so the row matches nothing."
    )


def test_a_tax_row_for_a_service_after_one_of_none_is_hidden(house: House) -> None:
    house.change(
        MasterChange("contract_line", "C1.1", fields={"tax_service": "training"})
    )
    book = files(
        tax="entity_country,service,rate,code\nUS,,7,S\nUS,training,0,E\n"
        "US,intercompany,0,O"
    )

    assert faults(house, book) == [
        (
            "tax.csv, row 3",
            "order",
            (
                "The row never holds: what it matches is matched before, by tax.csv,"
                " row 2."
            ),
        )
    ]


def test_a_dry_run_takes_the_row_of_the_service_that_a_line_sells(
    house: House,
) -> None:
    vat = {"order": 1, "rate": 10, "code": "S"}
    house.change(
        MasterChange("tax_rule", "vat", fields=vat),
        MasterChange("contract_line", "C1.1", fields={"tax_service": "training"}),
    )
    house.approve()

    _, trial = try_rulebook(
        house.database,
        house.tenant,
        files(tax="id,order,service,rate,code\ncourse,0,training,5,S\nvat,1,,10,S"),
        effective_on=APRIL,
        dates=(date.min, date.max),
    )

    assert trial is not None
    (group,) = trial.groups
    assert (trial.changed, group.tax_rule) == (1, ("vat", "course"))
    assert (group.tax_before, group.tax_after) == (2_000, 1_000)
