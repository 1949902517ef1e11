"""Tell what was proposed of an invoice's credit, and how it is approved."""

from typing import TYPE_CHECKING

from hourline.cli.approvals import tell_waits
from hourline.cli.desk import print_json

if TYPE_CHECKING:
    from hourline.flow import Proposed


def tell_proposed(proposed: "Proposed", *, as_json: bool) -> None:
    """Show what would be credited, and that it waits for a second person."""
    from hourline.cli.corrections.shown import show_rebill
    from hourline.flow.rebilling.told import told_rebill

    told = told_rebill(proposed.outcome)
    if as_json:
        print_json({"proposal": proposed.proposal_no, **told})
        return
    show_rebill(told)
    tell_waits(proposed.proposal_no, group="corrections")
