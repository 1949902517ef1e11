"""Show money, hours and stories to a person: amounts never without their currency."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from hourline.cli.allotment_shown import allotted
from hourline.kernel.codes import (
    Cause,
    DocumentKind,
    Effect,
    Fate,
    IntentState,
    Method,
    Outcome,
    Redecision,
    ReviewAct,
    Role,
    TransferModel,
)
from hourline.kernel.entries import HAND_PRICE_SCALE
from hourline.kernel.money import currency_numbered, currency_of, major_units
from hourline.kernel.openings import OpeningKind
from hourline.kernel.quantity import spoken_hours
from hourline.proof.openings import OpeningStory, Origin
from hourline.proof.story import (
    Booking,
    CostCorrected,
    DayRounding,
    DocumentLine,
    Lent,
    PartOf,
    PortionLine,
    Redecided,
    Review,
    Story,
    Version,
)


def money(minor: int, currency: int | str) -> str:
    """Return an amount as people read it: `1,600.00 USD`."""
    found = (
        currency_of(currency)
        if isinstance(currency, str)
        else currency_numbered(currency)
    )
    return f"{major_units(minor, found):,f} {found.code}"


def hours(seconds: int) -> str:
    """Return hours to the hundredth for tables: `171,624.72 h`."""
    hundredths = (seconds * 100 + 1_800) // 3_600
    return f"{hundredths // 100:,}.{hundredths % 100:02} h"


def words(name: str) -> str:
    """Return the name of a code as words: `accrual_reversal` is accrual reversal."""
    return name.lower().replace("_", " ")


def table(title: str, columns: Sequence[str], *, numbers: Sequence[str] = ()) -> Table:
    """Return an empty table; the columns in `numbers` are aligned to the right."""
    made = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left")
    return made


def show_story(console: Console, story: Story) -> None:
    """Print everything that happened to an entry, in the order of its way."""
    _show_arrivals(console, story)
    for version in story.versions:
        _show_version(console, story, version)
    _show_changes(console, story)
    for line in story.documents:
        console.print(
            f"  on       {words(DocumentKind(line.kind).name)} {line.number}"
            f" ({line.invoice_date}) line {line.line_no}:"
            f" {spoken_hours(line.seconds)}, net {money(line.net, line.currency)},"
            f" tax {money(line.tax, line.currency)}{_retained(line)}"
        )
    for booking in story.bookings:
        side = "mirror of " if booking.mirror else ""
        console.print(
            f"  booked   {side}{words(Effect(booking.effect).name)}"
            f" by {words(Cause(booking.cause).name)}:"
            f" Dr {words(Role(booking.debit).name)}"
            f" / Cr {words(Role(booking.credit).name)}"
            f" {money(booking.entity_amount, booking.entity_currency)}"
            f" on {booking.accounting_date}, {_journals_of(booking)}"
        )
    for posting in story.postings:
        receipt = posting.external_number or posting.external_id or "no receipt yet"
        console.print(
            f"  sent     {words(DocumentKind(posting.kind).name)} to"
            f" {posting.connection}: {words(IntentState(posting.state).name)},"
            f" {receipt}, attempts {posting.attempts}"
        )
    for item in story.interruptions:
        end = f"resolved: {item.resolution}" if item.resolution else item.state
        console.print(
            f"  stopped  {item.code} in queue {item.queue} ({item.owner}), {end}"
        )


def _show_changes(console: Console, story: Story) -> None:
    """Print what became of the time before it was billed."""
    for one in story.redecisions:
        console.print(f"  anew     {_redecided(one)}")
    for cost in story.cost_corrections:
        console.print(f"  recosted {_recosted(cost)}")
    for part in story.parts:
        console.print(f"  part     {_part(part)}")
    for review in story.reviews:
        console.print(f"  reviewed {_review(review)}")
    for step in story.allotments:
        console.print(f"  allotted {allotted(step)}")
    for lent in story.transfers:
        console.print(f"  lent     {_lent(lent)}")
    for rounding in story.roundings:
        console.print(f"  rounded  {_rounding(rounding)}")


def _show_arrivals(console: Console, story: Story) -> None:
    last = story.versions[-1]
    console.print(f"[bold]Time entry {last.source_id}[/bold]")
    for origin in story.origins:
        show_origin(console, origin)
    for arrival in story.arrivals:
        console.print(
            f"  arrived  {arrival.received_at:%Y-%m-%d %H:%M:%S} UTC by"
            f" {words(Method(arrival.method).name)}, revision"
            f" {arrival.revision or '-'}: {words(Outcome(arrival.outcome).name)}"
        )


def _journals_of(booking: Booking) -> str:
    journals = ", ".join(map(str, booking.journal_nos)) or "-"
    kept = ", ".join(booking.kept_from)
    return f"journal {journals}" + (f"; cancels out unsent for {kept}" if kept else "")


def show_origin(console: Console, origin: Origin) -> None:
    """Print where an opening position comes from, and whether it was taken back."""
    console.print(
        f"  opening  {words(OpeningKind(origin.kind).name)} {origin.reference} of"
        f" {origin.source}, {money(origin.amount, origin.currency)} of contract"
        f" {origin.contract} as of {origin.cut_over}: row {origin.row_no} of"
        f" {origin.file} (sha256 {origin.sha256[:12]}), batch {origin.batch_no}"
    )
    console.print(
        f"           proposed by {origin.proposer}, approved by {origin.approver} on"
        f" {origin.recorded_at:%Y-%m-%d %H:%M:%S} UTC, proposal {origin.proposal_no}"
    )
    if origin.reversed_at is not None:
        console.print(
            f"           reversed on {origin.reversed_at:%Y-%m-%d %H:%M:%S} UTC:"
            f" {origin.reversed_because}"
        )


def _retained(line: DocumentLine) -> str:
    if not line.retained:
        return ""
    return f", withheld {money(line.retained, line.currency)}"


def show_opening_story(console: Console, story: OpeningStory) -> None:
    """Print everything that happened to an opening amount or balance."""
    origin = story.opening
    console.print(f"[bold]Opening position {origin.reference}[/bold]")
    show_origin(console, origin)
    for line in story.documents:
        console.print(
            f"  on       {words(DocumentKind(line.kind).name)} {line.number}"
            f" ({line.invoice_date}) line {line.line_no}:"
            f" net {money(line.net, line.currency)},"
            f" tax {money(line.tax, line.currency)}"
        )
    for booking in story.bookings:
        side = "mirror of " if booking.mirror else ""
        console.print(
            f"  booked   {side}{words(Effect(booking.effect).name)}:"
            f" Dr {words(Role(booking.debit).name)}"
            f" / Cr {words(Role(booking.credit).name)}"
            f" {money(booking.entity_amount, booking.entity_currency)}"
            f" on {booking.accounting_date},"
            f" journal {', '.join(map(str, booking.journal_nos)) or '-'}"
        )


def _show_version(console: Console, story: Story, version: Version) -> None:
    console.print(
        f"  revision {version.revision}{_at_source(version)}: {version.person_ref} on"
        f" {version.project_ref},"
        f" {version.work_date}, {_quantity(version)}"
        f"{_fate_of(version)}"
    )
    for problem in version.problems or ():
        console.print(f"    lacks  {problem['sentence']}")
    if version.contract is None or version.currency is None:
        return
    console.print(
        f"    decided  contract line {version.contract_line}, accounting date"
        f" {version.accounting_date}{', late' if version.late else ''},"
        f" {_priced(version)}{_rounded(version)}, tax '{version.tax_rule or '-'}',"
        " master data"
        f" as of change {version.change_no}"
    )
    entities = version.entity, version.resourcing_entity, version.employing_entity
    if len(set(entities)) > 1:
        console.print(
            f"    between  contract of {entities[0]}, person provided by {entities[1]},"
            f" employed by {entities[2]}"
        )
    for portion in story.portions:
        if portion.revision == version.revision:
            console.print(
                f"    portion  {words(Fate(portion.fate).name)}: {_extent(portion)}"
            )


def _at_source(version: Version) -> str:
    if version.revision == version.source_revision:
        return ""
    return f" (the source's {version.source_revision})"


def _redecided(one: Redecided) -> str:
    """Say why the entry was decided anew, and who wanted it."""
    why = {
        Redecision.REPRICE: "under changed terms",
        Redecision.TRANSFER: f"on project {one.project}",
        Redecision.SPLIT: "without a part that went to another project",
    }
    asked = "" if one.proposal_no is None else f", proposal {one.proposal_no}"
    return (
        f"{one.recorded_at:%Y-%m-%d %H:%M:%S} UTC by {one.actor}: as revision"
        f" {one.revision} {why[Redecision(one.kind)]}{asked}, because: {one.reason}"
    )


def _recosted(one: CostCorrected) -> str:
    """Say what only the cost of a revision was corrected to, and who wanted it."""
    asked = "" if one.proposal_no is None else f", proposal {one.proposal_no}"
    rate = f"cost rate '{one.cost_rate}'" if one.cost_rate else "no cost rate"
    return (
        f"{one.recorded_at:%Y-%m-%d %H:%M:%S} UTC by {one.actor}: revision"
        f" {one.revision} from {money(one.cost_before, one.currency)} to"
        f" {money(one.cost_after, one.currency)} in the books of {one.entity} on"
        f" {one.accounting_date}, {rate}{asked}, because: {one.reason}"
    )


def _part(one: PartOf) -> str:
    """Say what of an entry became another one."""
    size = spoken_hours(one.worked_seconds)
    if one.cost is not None and one.currency is not None:
        size = money(one.cost, one.currency)
    return (
        f"{one.part} revision {one.part_revision} on project {one.project}: {size} of"
        f" {one.whole}, taken out by its revision {one.of_revision}"
    )


def _rounded(version: Version) -> str:
    row = version.time_rounding
    return "" if row is None else f", time rounding '{row}'"


def _rounding(one: DayRounding) -> str:
    """Say what the rounding of the person's day did to the entry."""
    return (
        f"revision {one.revision} from {spoken_hours(one.seconds_before)} to"
        f" {spoken_hours(one.seconds_after)} by '{one.time_rounding}': the day's"
        f" {spoken_hours(one.day_worked_seconds)} worked are"
        f" {spoken_hours(one.day_billable_seconds)} billable"
    )


def _quantity(version: Version) -> str:
    if version.expense_cost is None or version.expense_currency is None:
        return spoken_hours(version.worked_seconds)
    cost = money(version.expense_cost, version.expense_currency)
    return (
        f"an expense of {cost}{_taxed(version)}, markup {version.markup_percent} %"
        f"{_receipted(version)}"
    )


def _taxed(version: Version) -> str:
    if not version.expense_tax or version.expense_currency is None:
        return ""
    tax = money(version.expense_tax, version.expense_currency)
    percent = version.recoverable_percent
    recovered = {"100": "", "0": ", not recovered"}
    return f" with {tax} tax{recovered.get(percent, f', {percent} % recovered')}"


def _receipted(version: Version) -> str:
    return f", receipt {version.receipt}" if version.receipt else ""


def _extent(portion: PortionLine) -> str:
    amount = money(portion.amount, portion.currency)
    if portion.units:
        billed = money(portion.units_billed, portion.currency)
        return f"{amount}, billed {billed}"
    billed = spoken_hours(portion.seconds_billed)
    return f"{spoken_hours(portion.seconds)}, {amount}, billed {billed}"


def _priced(version: Version) -> str:
    if version.price is None:
        return f"rate '{version.bill_rate or '-'}'"
    return f"price by hand {Decimal(version.price) / HAND_PRICE_SCALE:f} an hour"


def _lent(lent: Lent) -> str:
    """Return who charges whom how much for a revision, and where it stands."""
    model = words(TransferModel(lent.model).name)
    where = ", ".join(lent.documents) or "not invoiced yet"
    return (
        f"revision {lent.revision} by {lent.lender} to {lent.borrower}:"
        f" {spoken_hours(lent.seconds)}, {money(lent.amount, lent.currency)} by row"
        f" '{lent.rule}' ({model}), accrued"
        f" {money(lent.lender_amount, lent.lender_currency)}; {where}"
    )


def _review(review: Review) -> str:
    """Return who decided what of an entry, of how much of it, and why."""
    kind = ReviewAct(review.kind)
    what = words(kind.name)
    if review.currency is not None:
        amount = money(review.amount, review.currency)
        by = "set by hand, difference" if kind is ReviewAct.SET_AMOUNT else "worth"
        what += f" {spoken_hours(review.seconds)} {by} {amount}"
    on = f" on {review.document}" if review.document else ""
    return (
        f"{review.recorded_at:%Y-%m-%d %H:%M:%S} UTC by {review.actor}: {what}{on},"
        f" because: {review.reason}"
    )


def _fate_of(version: Version) -> str:
    if version.superseded_at is None:
        return ""
    if version.by_revision is None:
        return ", recalled"
    return f", replaced by revision {version.by_revision}"
