"""Carry the month to a fresh ERP, once in peace and once through each kind of fault."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tools.e2e_tryton.carrier import Hourline, installation
from tools.e2e_tryton.expected import expect
from tools.e2e_tryton.export import GERMAN, UNKNOWN_PROJECT, UNKNOWN_ROWS, write_export
from tools.e2e_tryton.hurt import (
    Hurt,
    Scene,
    finish,
    in_peace,
    killing_the_erp,
    killing_the_poster,
    losing_replies,
)
from tools.e2e_tryton.judge import changes, judge
from tools.e2e_tryton.work import LAST_DAY, Month
from tools.tryton.books import Books, read_books
from tools.tryton.erp import Erp, running_erp
from tools.tryton.proxy import FaultProxy

ROUNDS: dict[str, Hurt] = {
    "in peace": in_peace,
    "killing Hourline": killing_the_poster,
    "killing Tryton": killing_the_erp,
    "losing replies": losing_replies,
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Verdict:
    """Hold what a round came to; no findings means proven."""

    name: str
    hurts: int
    documents: int
    findings: tuple[str, ...]


def campaign(
    month: Month, *, seed: int, is_keyed: bool, rounds: Mapping[str, Hurt]
) -> Iterator[Verdict]:
    """Run the rounds, each with an ERP and a firm of its own."""
    with installation() as state:
        export = state / "export.csv"
        write_export(month, export, GERMAN)
        for number, (name, hurt) in enumerate(rounds.items(), 1):
            hourline = Hourline(state, slug=f"round-{number}")
            with (
                running_erp(month.plan, is_keyed=is_keyed) as erp,
                closing(FaultProxy(erp.server.port, seed=seed)) as proxy,
            ):
                scene = Scene(hourline, erp, proxy, seed)
                hurts, documents, findings = _round(
                    hurt, scene, hourline, month=month, export=export
                )
                yield Verdict(name, hurts, documents, findings)


def _round(
    hurt: Hurt, scene: Scene, hourline: Hourline, *, month: Month, export: Path
) -> tuple[int, int, tuple[str, ...]]:
    hourline.connect(scene.erp, scene.proxy.url, month)
    hourline.import_export(export)
    hourline.bill(LAST_DAY)
    hurts = hurt(scene)
    booked = _read(scene.erp)
    findings = [
        f"{company}: {finding}"
        for company, expected in expect(month).items()
        for finding in judge(expected, booked[company])
    ]
    findings += _lost_or_stuck(hourline.waiting())
    findings += _replayed(scene, hourline, export, booked=booked)
    documents = sum(
        len(books.invoices) + len(books.journals()) for books in booked.values()
    )
    return hurts, documents, tuple(findings)


def _lost_or_stuck(waiting: list[str]) -> list[str]:
    """Say what waits though it should not: only the rows of the unknown project do."""
    unknown = [said for said in waiting if UNKNOWN_PROJECT in said]
    missing = UNKNOWN_ROWS - len(unknown)
    lost = [f"{missing} rows of {UNKNOWN_PROJECT} wait nowhere"] if missing else []
    return [*lost, *(said for said in waiting if said not in unknown)]


def _replayed(
    scene: Scene, hourline: Hourline, export: Path, *, booked: dict[str, Books]
) -> list[str]:
    """Do all of it again: not one document may change."""
    hourline.import_export(export)
    hourline.bill(LAST_DAY)
    finish(scene)
    after = _read(scene.erp)
    return [
        f"{company}, after a replay: {change}"
        for company, books in booked.items()
        for change in changes(books, after[company])
    ]


def _read(erp: Erp) -> dict[str, Books]:
    admin = erp.admin()
    return {
        code: read_books(admin, found.company)
        for code, found in erp.firm.companies.items()
    }
