"""Show the story of an invoice or credit note: its lines, what it booked, receipts."""

from decimal import Decimal

from rich.console import Console

from hourline.billing.model import WHOLE_PPM, AmountKind
from hourline.cli.render import money, words
from hourline.kernel.codes import Cause, DocumentKind, Effect, IntentState, Role
from hourline.kernel.quantity import PPM_PER_PERCENT, spoken_hours
from hourline.proof.documents import DocumentStory, ToldBooking, ToldDocument, ToldLine
from hourline.proof.story import Posting


def show_document_story(console: Console, story: DocumentStory) -> None:
    """Print a document: its lines of amounts one by one, those of entries in sum.

    What became of an entry is told by its own story.
    """
    document = story.document
    console.print(f"[bold]{_title(document, between=story.between_entities)}[/bold]")
    _show_lines(console, story)
    console.print(f"  total    {_total(document)}")
    for booking in story.bookings:
        console.print(f"  booked   {_booked(booking)}")
    for posting in story.postings:
        console.print(f"  sent     {_sent(posting)}")


def _title(document: ToldDocument, *, between: bool) -> str:
    kind = words(DocumentKind(document.kind).name).capitalize()
    kind = f"Intercompany {kind.lower()}" if between else kind
    of = f" of {document.credits_number}" if document.credits_number else ""
    contract = f", contract {document.contract}" if document.contract else ""
    return (
        f"{kind} {document.number}{of} of {document.seller} to {document.buyer}"
        f"{contract}, dated {document.invoice_date}, accounting date"
        f" {document.accounting_date}"
    )


def _show_lines(console: Console, story: DocumentStory) -> None:
    currency = story.document.currency
    for line in story.lines:
        if line.entry is None:
            console.print(f"  line {line.line_no:<4} {_amount_of(line, currency)}")
    entries = [line for line in story.lines if line.entry is not None]
    if entries:
        net = money(sum(line.net for line in entries), currency)
        seconds = spoken_hours(sum(line.seconds for line in entries))
        many = (
            "1 line of an entry"
            if len(entries) == 1
            else (f"{len(entries)} lines of entries")
        )
        console.print(f"  lines    {many}: {seconds}, net {net}")


def _amount_of(line: ToldLine, currency: int) -> str:
    kind = words(AmountKind(line.amount_kind or AmountKind.MILESTONE).name)
    percent = (Decimal(line.share_ppm) / PPM_PER_PERCENT).normalize()
    share = "" if line.share_ppm == WHOLE_PPM else f", a share of {percent:f} %"
    return (
        f"{kind} {line.contract_line}/{line.amount_of}{share}: net"
        f" {money(line.net, currency)}, tax {money(line.tax, currency)}"
    )


def _total(document: ToldDocument) -> str:
    net, tax, total = (
        money(amount, document.currency)
        for amount in (document.net, document.tax, document.total)
    )
    return f"net {net}, tax {tax}, total {total}"


def _booked(booking: ToldBooking) -> str:
    side = "mirror of " if booking.mirror else ""
    own = money(booking.entity_amount, booking.entity_currency)
    if booking.currency != booking.entity_currency:
        own = f"{money(booking.amount, booking.currency)}, in the books {own},"
    journals = ", ".join(map(str, booking.journal_nos)) or "-"
    return (
        f"{side}{words(Effect(booking.effect).name)} by"
        f" {words(Cause(booking.cause).name)} at {booking.entity}:"
        f" Dr {words(Role(booking.debit).name)}"
        f" / Cr {words(Role(booking.credit).name)} {own}"
        f" on {booking.accounting_date}, journal {journals}"
    )


def _sent(posting: Posting) -> str:
    receipt = posting.external_number or posting.external_id or "no receipt yet"
    return (
        f"{words(DocumentKind(posting.kind).name)} to {posting.connection}:"
        f" {words(IntentState(posting.state).name)}, {receipt}, attempts"
        f" {posting.attempts}"
    )
