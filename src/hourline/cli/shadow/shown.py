"""Show a comparison with somebody's books to those who decide on the cut-over."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from hourline.cli.render import table, words
from hourline.kernel.booked import BookedDocument
from hourline.kernel.money import CurrencyNotKnown, currency_of
from hourline.proof.model import (
    BooksSeen,
    Compared,
    Documents,
    Listed,
    Result,
    ShadowReport,
    Standing,
)

_RESULTS = {
    Result.AGREES: "the same on both sides",
    Result.REGROUPED: "the same sums, cut into documents differently",
    Result.DIFFERS: "on both sides, but not the same",
    Result.ONLY_OURS: "only Hourline would book it",
    Result.ONLY_THEIRS: "only the system has it",
}
_COLUMNS = (
    "connection",
    "result",
    "difference",
    "kind",
    "date",
    "entity",
    "party",
    "currency",
    "ours",
    "ours_total",
    "theirs",
    "theirs_total",
    "what_differs",
    "explained_by",
    "reason",
)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def show_report(console: Console, report: ShadowReport) -> None:
    """Print one comparison: results, differences, sums, and what they come to."""
    console.print(
        f"[bold]{escape(report.connection)}[/bold]: what would be posted beside what"
        f" is there, accounting dates {report.since} until before {report.until}"
    )
    for seen in report.books:
        console.print(f"  {words(seen.kind.name)}s: {escape(_as_read(seen))}")
    _show_results(console, report)
    _show_differences(console, report)
    _show_kinds(console, report)
    _show_accounts(console, report)
    console.print(_conclusion(report))


def show_status(console: Console, report: ShadowReport) -> None:
    """Print how far one comparison is."""
    since = f"{report.kept_since:%Y-%m-%d}" if report.kept_since else "nothing yet"
    console.print(f"[bold]{escape(report.connection)}[/bold]: compared since {since}")
    for seen in report.books:
        console.print(f"  {words(seen.kind.name)}s: {escape(_as_read(seen))}")
    console.print(f"  {_conclusion(report)}")


def report_values(report: ShadowReport) -> dict[str, Any]:
    """Return a report as plain values, codes as words."""
    return {
        "connection": report.connection,
        "kept_since": report.kept_since,
        "since": report.since,
        "until": report.until,
        "complete": report.complete,
        "ready": report.ready,
        "standing": report.standing,
        "books": [
            {
                "kind": seen.kind.name.lower(),
                "shown": seen.shown,
                "read_at": seen.read_at,
                "since": seen.since,
                "until": seen.until,
                "would_post": seen.ours,
                "problem": seen.problem,
            }
            for seen in report.books
        ],
        "bookings": [listed_values(one) for one in report.listed],
        "kinds": [
            {
                "entity": one.place.entity,
                "kind": one.place.kind.name.lower(),
                "month": one.place.month,
                "currency": one.place.currency,
                "ours_count": one.ours_count,
                "theirs_count": one.theirs_count,
                "ours": one.ours,
                "theirs": one.theirs,
                "difference": one.difference,
            }
            for one in report.kinds
        ],
        "accounts": [
            {
                "entity": one.place.entity,
                "account": one.place.account,
                "month": one.place.month,
                "currency": one.place.currency,
                "ours": one.ours,
                "theirs": one.theirs,
                "difference": one.difference,
            }
            for one in report.accounts
        ],
    }


def listed_values(listed: Listed) -> dict[str, Any]:
    """Return one booking as plain values."""
    compared = listed.compared
    return {
        "result": compared.result.value,
        "difference": listed.difference,
        "kind": compared.home.kind.name.lower(),
        "date": compared.home.booked_on,
        "entity": compared.home.entity,
        "ours": [_document_values(one) for one in compared.ours],
        "theirs": [_document_values(one) for one in compared.theirs],
        "breaks": compared.breaks,
        "second_of": compared.second_of,
        "explanation": listed.explanation,
    }


def write_csv(file: Path, reports: Sequence[ShadowReport]) -> None:
    """Write every booking of every report as a row a spreadsheet opens safely."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(_COLUMNS)
        for report in reports:
            for listed in report.listed:
                writer.writerow(_cells(report.connection, listed))


def _cells(connection: str, listed: Listed) -> list[str]:
    compared = listed.compared
    home = compared.home
    said = listed.explanation
    texts = {
        "connection": connection,
        "result": compared.result.value,
        "difference": listed.difference or "",
        "kind": home.kind.name.lower(),
        "date": home.booked_on.isoformat(),
        "entity": home.entity,
        "party": home.party or "",
        "currency": home.currency,
        "ours": _names(compared.ours),
        "theirs": _names(compared.theirs),
        "what_differs": "; ".join(_phrases(compared)),
        "explained_by": said.actor if said else "",
        "reason": said.reason if said else "",
    }
    amounts = {
        "ours_total": _plain_total(compared.ours),
        "theirs_total": _plain_total(compared.theirs),
    }
    safe = {name: _no_formula(text) for name, text in texts.items()}
    return [(safe | amounts)[column] for column in _COLUMNS]


def _no_formula(text: str) -> str:
    # A vendor's number or a person's reason must not run in a spreadsheet.
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _as_read(seen: BooksSeen) -> str:
    if not seen.shown:
        return f"{seen.ours:,} would be sent; the connector shows no such books"
    lead = f"{seen.problem.sentence} " if seen.problem else ""
    if seen.read_at is None:
        return f"{lead}They were never read; run: hourline shadow report"
    return (
        f"{lead}As read at {seen.read_at:%Y-%m-%d %H:%M} UTC, dates {seen.since} until"
        f" before {seen.until}"
    )


def _show_results(console: Console, report: ShadowReport) -> None:
    counts = Counter(one.compared.result for one in report.listed)
    shown = table("Bookings", ["result", "bookings"], numbers=["bookings"])
    for result, meaning in _RESULTS.items():
        shown.add_row(meaning, f"{counts[result]:,}")
    console.print(shown)


def _show_differences(console: Console, report: ShadowReport) -> None:
    rows = [one for one in report.listed if one.difference is not None]
    if not rows:
        return
    columns = ["difference", "date", "kind", "ours", "theirs", "what", "explained"]
    shown = table("Differences", columns)
    for listed in rows:
        compared = listed.compared
        said = listed.explanation
        cells = (
            listed.difference or "",
            compared.home.booked_on.isoformat(),
            words(compared.home.kind.name),
            _spoken(compared.ours),
            _spoken(compared.theirs),
            "\n".join(_phrases(compared)),
            f"{said.reason} ({said.actor})" if said else "no",
        )
        shown.add_row(*(escape(cell) for cell in cells))
    console.print(shown)


def _show_kinds(console: Console, report: ShadowReport) -> None:
    numbers = ["ours", "theirs", "our total", "their total", "difference"]
    shown = table(
        "Totals by entity, kind, month and currency",
        ["entity", "kind", "month", *numbers],
        numbers=numbers,
    )
    for one in report.kinds:
        currency = one.place.currency
        shown.add_row(
            escape(one.place.entity),
            words(one.place.kind.name),
            one.place.month,
            f"{one.ours_count:,}",
            f"{one.theirs_count:,}",
            *(_money(a, currency) for a in (one.ours, one.theirs, one.difference)),
        )
    console.print(shown)


def _show_accounts(console: Console, report: ShadowReport) -> None:
    apart = [one for one in report.accounts if one.difference]
    same = len(report.accounts) - len(apart)
    console.print(
        f"Ledger accounts by month with the same sum on both sides: {same:,};"
        f" with another: {len(apart):,}."
    )
    if not apart:
        return
    numbers = ["ours", "theirs", "difference"]
    shown = table(
        "Ledger accounts that differ, debit less credit",
        ["entity", "ledger account", "month", *numbers],
        numbers=numbers,
    )
    for one in apart:
        currency = one.place.currency
        shown.add_row(
            escape(one.place.entity),
            escape(one.place.account),
            one.place.month,
            *(_money(a, currency) for a in (one.ours, one.theirs, one.difference)),
        )
    console.print(shown)


def _conclusion(report: ShadowReport) -> str:
    standing = report.standing
    share = _share(standing)
    oldest = (
        f", the oldest of {standing.oldest_unexplained}" if standing.unexplained else ""
    )
    verdict = "Ready to cut over" if report.ready else "Not ready to cut over"
    return (
        f"{standing.agreeing:,} of {standing.documents:,} bookings agree ({share});"
        f" differences without an explanation: {standing.unexplained:,}{oldest}."
        f" {verdict}: {_why(report)}."
    )


def _share(standing: Standing) -> str:
    if not standing.documents:
        return "-"
    tenths = standing.agreeing * 1_000 // standing.documents
    return f"{tenths // 10}.{tenths % 10} %"


def _why(report: ShadowReport) -> str:
    standing = report.standing
    if not report.complete:
        return "not all books could be read"
    if not standing.recent:
        return f"nothing is dated in the last {standing.days} days"
    return (
        f"{standing.recent:,} bookings of the last {standing.days} days,"
        f" {standing.recent_unexplained:,} of them without an explanation"
    )


def _phrases(compared: Compared) -> Iterator[str]:
    match compared.result:
        case Result.ONLY_OURS:
            yield "would be new there"
        case Result.ONLY_THEIRS if compared.second_of:
            yield f"looks like a second booking of {compared.second_of}"
        case Result.ONLY_THEIRS:
            yield "missing here, or not from this flow"
        case _:
            for found in compared.breaks:
                yield f"{found.name}: ours {found.ours}, theirs {found.theirs}"


def _spoken(documents: Documents) -> str:
    return "\n".join(
        f"{one.number or one.external_id} {_money(one.total, one.currency)}"
        for one in documents
    )


def _names(documents: Documents) -> str:
    return ", ".join(one.number or one.external_id for one in documents)


def _plain_total(documents: Documents) -> str:
    if not documents:
        return ""
    return f"{sum((one.total for one in documents), Decimal()):f}"


def _document_values(document: BookedDocument) -> dict[str, Any]:
    return {
        "id": document.external_id,
        "number": document.number,
        "date": document.booked_on,
        "party": document.party,
        "currency": document.currency,
        "total": document.total,
    }


def _money(amount: Decimal, currency: str) -> str:
    try:
        decimals = currency_of(currency).decimals
    except CurrencyNotKnown:
        return f"{amount:,f} {currency}"
    return f"{amount:,.{decimals}f} {currency}"
