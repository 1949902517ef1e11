"""Show where a project stands and whether it can be billed."""

from litestar import get
from litestar.params import FromPath
from msgspec import UNSET, UnsetType

from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import id_in_path, not_found
from hourline.api.shapes import (
    Amount,
    BudgetShape,
    Hours,
    MilestonesShape,
    NewestShape,
    ProjectReply,
    ReasonShape,
    VersionShape,
    WaitingShape,
    WorkShape,
)
from hourline.flow import snapshot_of
from hourline.infra.api_keys import Scope
from hourline.kernel.money import Currency
from hourline.proof.status import ProjectStatus, Work, project_status


@get(
    "/v1/projects/{project_id:str}/status",
    operation_id="get_project_status",
    summary="Show approved, billed and open work, the budget, and what stops billing.",
    sync_to_thread=True,
    opt={"contract": Contract(Scope.TIME_READ, ProjectReply)},
)
def get_project_status(
    services: Given, caller: Known, project_id: FromPath[str]
) -> ProjectReply:
    """Compute where the project stands from the entries and documents of now."""
    with services.database.tenant(caller.tenant) as session:
        snapshot = snapshot_of(session)
        status = project_status(session, snapshot, id_in_path(project_id))
    if status is None:
        raise not_found()
    sees_amounts = caller.may(Scope.BILLING_READ)
    return _reply(status, status.place.currency if sees_amounts else None)


def _reply(status: ProjectStatus, shown_in: Currency | None) -> ProjectReply:
    """Return the reply; without a currency to show amounts in, it has none."""
    place, budget = status.place, status.budget
    return ProjectReply(
        id=place.project.id,
        status=place.project.content.status,
        contract=None if place.contract is None else place.contract.id,
        contract_line=None if place.line is None else place.line.id,
        method=None if place.line is None else place.line.content.method,
        worked=Hours.of(status.worked_seconds),
        approved=_work(status.approved, shown_in),
        billed=_work(status.billed, shown_in),
        open=_work(status.open, shown_in),
        waiting=WaitingShape(
            entries=status.waiting_entries, time=Hours.of(status.waiting_seconds)
        ),
        milestones=_milestones(status, shown_in),
        budget=_budget((budget.seconds, budget.amount), shown_in),
        remaining=_budget(
            (budget.seconds_remaining, budget.amount_remaining), shown_in
        ),
        ready_to_bill=status.is_ready,
        reasons=[
            ReasonShape(
                code=reason.code,
                sentence=reason.sentence,
                remedy=reason.remedy,
                entries=reason.entries,
            )
            for reason in status.reasons
        ],
        version=_version(status),
    )


def _version(status: ProjectStatus) -> VersionShape:
    newest = status.newest
    return VersionShape(
        change_no=status.change_no,
        newest_entry=None
        if newest is None
        else NewestShape(
            source=newest.source,
            id=newest.source_id,
            revision=newest.revision,
            recorded_at=newest.recorded_at,
        ),
    )


def _work(work: Work, shown_in: Currency | None) -> WorkShape:
    amount = UNSET if shown_in is None else Amount.of(work.amount, shown_in)
    return WorkShape(time=Hours.of(work.seconds), amount=amount)


def _budget(
    figures: tuple[int | None, int | None], shown_in: Currency | None
) -> BudgetShape:
    seconds, minor = figures
    amount: Amount | UnsetType | None = UNSET
    if shown_in is not None:
        amount = None if minor is None else Amount.of(minor, shown_in)
    return BudgetShape(
        time=None if seconds is None else Hours.of(seconds), amount=amount
    )


def _milestones(
    status: ProjectStatus, shown_in: Currency | None
) -> MilestonesShape | UnsetType:
    line = status.place.line
    if shown_in is None or line is None or line.content.method != "fixed_price":
        return UNSET
    reached, billed = status.milestones.reached, status.milestones.billed
    return MilestonesShape(
        reached=Amount.of(reached, shown_in),
        billed=Amount.of(billed, shown_in),
        open=Amount.of(reached - billed, shown_in),
    )
