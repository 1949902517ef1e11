"""Carry the month to a fresh ERP, once in peace and once through each kind of fault."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tools.e2e_tryton.carrier import Hourline, installation
from tools.e2e_tryton.expected import expect
from tools.e2e_tryton.export import GERMAN, write_export
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
from tools.e2e_tryton.work import LAST_DAY, Month, invent_month
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
    *, seed: int, is_keyed: bool, rounds: tuple[str, ...]
) -> Iterator[Verdict]:
    """Run the rounds, each with an ERP and a firm of its own."""
    month = invent_month(seed=seed)
    with installation() as state:
        export = state / "export.csv"
        write_export(month, export, GERMAN)
        for number, name in enumerate(rounds, 1):
            hourline = Hourline(state, slug=f"round-{number}")
            with (
                running_erp(month.plan, is_keyed=is_keyed) as erp,
                closing(FaultProxy(erp.server.port, seed=seed)) as proxy,
            ):
                scene = Scene(hourline, erp, proxy, seed)
                yield _round(name, scene, hourline, month=month, export=export)


def _round(
    name: str, scene: Scene, hourline: Hourline, *, month: Month, export: Path
) -> Verdict:
    hourline.connect(scene.erp, scene.proxy.url, month)
    hourline.import_export(export)
    hourline.bill(LAST_DAY)
    hurts = ROUNDS[name](scene)
    booked = _read(scene.erp)
    findings = [
        f"{company}: {finding}"
        for company, expected in expect(month).items()
        for finding in judge(expected, booked[company])
    ]
    findings += _replayed(scene, hourline, export, booked=booked)
    documents = sum(
        len(books.invoices) + len(books.journals()) for books in booked.values()
    )
    return Verdict(name, hurts, documents, tuple(findings))


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
