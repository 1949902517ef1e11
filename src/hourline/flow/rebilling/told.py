"""Put what is credited and billed anew into plain values, amounts in major units."""

from hourline.flow.correcting.figures import Figures
from hourline.flow.rebilling.rebill import CreditNote, NextDraft, Rebill
from hourline.kernel.money import currency_numbered, currency_of, told_amount


def told_rebill(done: Rebill) -> dict[str, object]:
    """Return what is credited, what stands of the work, and what is billed anew."""
    return {
        "contract": done.contract,
        "credits": [_credit(one) for one in done.notes],
        "work": [
            {
                "entry": one.named.entry,
                "source": one.named.source,
                "before": _figures(one.before),
                "after": _figures(one.after),
            }
            for one in done.work
        ],
        "drafts": [_draft(one) for one in done.drafts],
    }


def _credit(note: CreditNote) -> dict[str, object]:
    return {
        "invoice": note.invoice,
        "currency": currency_numbered(note.currency).code,
        "net": told_amount(note.net, note.currency),
        "tax": told_amount(note.tax, note.currency),
        "total": told_amount(note.total, note.currency),
    }


def _figures(figures: Figures | None) -> dict[str, object] | None:
    if figures is None:
        return None
    return {
        "contract_line": figures.contract_line,
        "project": figures.project,
        "seconds": sum(figures.seconds),
        "currency": currency_numbered(figures.currency).code,
        "amount": told_amount(figures.worth, figures.currency),
    }


def _draft(draft: NextDraft) -> dict[str, object]:
    through, dated = draft.days
    of = {"contract": draft.contract, "through": str(through), "date": str(dated)}
    if draft.problem is not None:
        return {**of, "problem": draft.problem}
    currency = currency_of(draft.currency).number
    return {
        **of,
        "currency": draft.currency,
        "net": told_amount(draft.net, currency),
        "tax": told_amount(draft.tax, currency),
        "total": told_amount(draft.total, currency),
    }
