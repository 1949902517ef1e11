"""Build open items and invoiced lines; every default is valid."""

from datetime import UTC, date, datetime

from hourline.billing.model import InvoicedLine, OpenItem

HOUR = 3_600
CENT = 10_000


def portion(
    *,
    entry_no: int = 1,
    line_no: int = 11,
    dated: date = date(2025, 2, 3),
    approved_at: datetime = datetime(2025, 2, 3, tzinfo=UTC),
    source_id: str = "a1",
    seconds: int = HOUR,
    seconds_billed: int = 0,
    hourly_cents: int = 10_000,
    accrued: int = 0,
    accrued_entity: int = 0,
    value: int = 0,
    seconds_given_up: int = 0,
) -> OpenItem:
    """Return an open portion priced per hour, in cents."""
    return OpenItem(
        contract_line_no=line_no,
        entry_no=entry_no,
        revision=1,
        part=0,
        milestone=None,
        dated=dated,
        approved_at=approved_at,
        source_id=source_id,
        project_no=21,
        person_no=31,
        tax_rule_no=None,
        currency=978,
        seconds_total=seconds,
        seconds_billed=seconds_billed,
        rate_amount=hourly_cents * CENT,
        rate_seconds=HOUR,
        amount_open=0,
        accrued=accrued,
        accrued_entity=accrued_entity,
        value=value,
        seconds_given_up=seconds_given_up,
    )


def milestone(
    *,
    name: str = "m1",
    line_no: int = 12,
    amount: int = 2_506,
    dated: date = date(2025, 8, 1),
) -> OpenItem:
    """Return an open milestone."""
    return OpenItem(
        contract_line_no=line_no,
        entry_no=None,
        revision=None,
        part=None,
        milestone=name,
        dated=dated,
        approved_at=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
        source_id=name,
        project_no=None,
        person_no=None,
        tax_rule_no=None,
        currency=554,
        seconds_total=0,
        seconds_billed=0,
        rate_amount=0,
        rate_seconds=1,
        amount_open=amount,
        accrued=0,
        accrued_entity=0,
    )


def invoiced(
    *,
    line_no: int = 1,
    entry_no: int | None = 1,
    milestone: str | None = None,
    contract_line_no: int = 11,
    seconds: int = 8 * HOUR,
    net: int = 160_000,
    tax: int = 0,
    tax_rate_ppm: int = 0,
    credited_seconds: int = 0,
    credited_net: int = 0,
    credited_tax: int = 0,
    entity_net: int | None = None,
    credited_entity_net: int = 0,
    accrued: int = 0,
    accrued_entity: int = 0,
    part: int = 0,
    net_at_rate: int | None = None,
    credited_net_at_rate: int = 0,
) -> InvoicedLine:
    """Return a line of an issued invoice; a milestone where one is named."""
    return InvoicedLine(
        line_no=line_no,
        contract_line_no=contract_line_no,
        entry_no=None if milestone else entry_no,
        revision=None if milestone else 1,
        part=None if milestone else part,
        milestone=milestone,
        project_no=None,
        person_no=None,
        seconds=0 if milestone else seconds,
        rate_amount=0,
        rate_seconds=1,
        net=net,
        tax_rule_no=None,
        tax_rate_ppm=tax_rate_ppm,
        tax=tax,
        description="",
        entity_net=net if entity_net is None else entity_net,
        credited_seconds=credited_seconds,
        credited_net=credited_net,
        credited_tax=credited_tax,
        credited_entity_net=credited_entity_net,
        seconds_total=0 if milestone else seconds,
        seconds_billed=0 if milestone else seconds - credited_seconds,
        accrued=accrued,
        accrued_entity=accrued_entity,
        net_at_rate=net_at_rate,
        credited_net_at_rate=credited_net_at_rate,
    )
