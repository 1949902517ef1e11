"""Take the steps of a month that are not daily work: advances, lent work, revenue."""

from datetime import date

from hourline import flow
from hourline.billing.model import Issued
from hourline.demo.month import MONTH_END, Firmwide
from hourline.demo.progress import Steps
from hourline.demo.systems import DemoStuck
from hourline.kernel.problems import Problem

_MONTH_START = date(2026, 10, 1)
_LAST_DAY_BEFORE = date(2026, 9, 30)


def bill_advances(wide: Firmwide, steps: Steps) -> None:
    """Bill retainers and prepaid hours on the first of the month, before any work."""
    with steps.step("Advances billed") as step:
        outcomes = wide.systems.surviving(
            lambda: flow.bill_due(
                wide.database,
                wide.tenant,
                through=_LAST_DAY_BEFORE,
                invoice_date=_MONTH_START,
            )
        )
        step.advance(sum(isinstance(outcome, Issued) for outcome in outcomes))


def invoice_between(wide: Firmwide, steps: Steps) -> None:
    """Let each entity invoice the others for the work of its people."""
    pairs = [(row.lender, row.borrower) for row in wide.firm.transfer_prices]
    with steps.step("Invoices between entities", total=len(pairs)) as step:
        for lender, borrower in pairs:
            outcome = wide.systems.surviving(
                lambda lender=lender, borrower=borrower: (  # type: ignore[misc]  # defaults bind the loop's values
                    flow.invoice_intercompany(
                        wide.database,
                        wide.tenant,
                        lender=lender,
                        borrower=borrower,
                        through=MONTH_END,
                        invoice_date=MONTH_END,
                    )
                )
            )
            if isinstance(outcome, Problem):
                raise DemoStuck(outcome.sentence)
            step.advance(1)


def recognise_month(wide: Firmwide, steps: Steps) -> None:
    """Recognise what fixed prices and fees earned by the end of the month."""
    with steps.step("Revenue recognised") as step:
        for entity in wide.firm.entities:
            outcomes = wide.systems.surviving(
                lambda entity=entity: flow.recognise_revenue(  # type: ignore[misc]  # a default binds the loop's value
                    wide.database,
                    wide.tenant,
                    entity=entity.entity,
                    through=MONTH_END,
                )
            )
            refused = [found for found in outcomes if isinstance(found, Problem)]
            if refused:
                raise DemoStuck(refused[0].sentence)
            step.advance(len(outcomes))
