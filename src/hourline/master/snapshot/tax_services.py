"""Refuse kinds of service that no row of the tax table could be meant for."""

from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.tax import INTERCOMPANY
from hourline.master.snapshot.unusable import UnusableRecord


def refuse_unclear_tax_services(kept: Catalogue) -> None:
    """Raise UnusableRecord for a kind of service that is blank or stands for another.

    `intercompany` is what entities charge each other, never what a customer is sold;
    one with blanks around it would be another than the one it reads like.
    """
    for line in kept.lines.spans:
        service = line.content.tax_service
        if service is not None:
            _refuse("contract_line", kept.lines.id_of(line), service)
    for rule in kept.tax_rules.spans:
        service = rule.content.service
        if service is not None and service != INTERCOMPANY:
            _refuse("tax_rule", kept.tax_rules.id_of(rule), service)


def _refuse(kind: str, record_id: str, service: str) -> None:
    if service == INTERCOMPANY:
        raise UnusableRecord(
            kind,
            record_id,
            why=f"its tax service is {INTERCOMPANY}, which is kept for what entities"
            " charge each other",
            remedy="Name the kind of service its customer is sold, or none.",
        )
    if not service or service != service.strip():
        raise UnusableRecord(
            kind,
            record_id,
            why=f"its tax service {service!r} is blank or has blanks around it",
            remedy="Write the kind of service without blanks around it, or leave it"
            " out.",
        )
