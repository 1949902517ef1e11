"""Rule: an engine's answer counts only where it fits what it was asked, to the cent."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from hourline.billing.rules.tax import exact_tax
from hourline.billing.tax_engine_model import AnsweredLine, TaxAnswer, TaxQuestion

_FIGURE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_PPM_PER_PERCENT = 10_000
_PPM_MAX = 1_000_000
_TEXT_LENGTH_MAX = 200


class _Unfit(Exception):
    """Say in words what of an answer does not fit."""


def fitting_answer(question: TaxQuestion, content: object) -> TaxAnswer | str:
    """Return the answer that JSON content holds, or in words why it is none.

    It must name every line that was asked once and no other, each with a code, a rate
    in percent from 0 to 100 in steps of 0.0001, and a tax that is within one minor unit
    of the rate on the line's net and on the same side of 0. Figures are plain decimals,
    as numbers or as text.
    """
    try:
        return _answer(question, _mapping(content, "the answer"))
    except _Unfit as unfit:
        return str(unfit)


def _answer(question: TaxQuestion, said: Mapping[str, object]) -> TaxAnswer:
    reference = _text(said, "reference")
    listed = said.get("lines")
    if not isinstance(listed, list):
        raise _Unfit("it has no list of lines")
    rows = [_mapping(one, "a line") for one in listed]
    found = {_text(row, "id"): row for row in rows}
    asked = {line.line_id: line.net for line in question.lines}
    if len(found) != len(rows) or found.keys() != asked.keys():
        raise _Unfit("its lines are not those that were asked")
    return TaxAnswer(
        reference,
        tuple(
            _line(line_id, net, found[line_id], question.decimals)
            for line_id, net in asked.items()
        ),
    )


def _line(
    line_id: str, net: int, row: Mapping[str, object], decimals: int
) -> AnsweredLine:
    rate_ppm = _scaled(row, "rate", _PPM_PER_PERCENT, line_id)
    tax = _scaled(row, "tax", 10**decimals, line_id)
    if not 0 <= rate_ppm <= _PPM_MAX:
        raise _Unfit(f"the rate of line {line_id} is not from 0 to 100 percent")
    exact = exact_tax(net, rate_ppm)
    if abs(exact - tax) > 1 or exact * tax < 0 or (tax and not exact):
        raise _Unfit(f"the tax of line {line_id} does not follow from its rate and net")
    return AnsweredLine(line_id, _text(row, "code"), rate_ppm, tax)


def _mapping(content: object, what: str) -> Mapping[str, object]:
    if not isinstance(content, dict):
        raise _Unfit(f"{what} is not an object")
    return content


def _text(row: Mapping[str, object], name: str) -> str:
    text = row.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= _TEXT_LENGTH_MAX:
        raise _Unfit(f"{name} is not a text of 1 to {_TEXT_LENGTH_MAX} characters")
    if not text.isprintable():
        raise _Unfit(f"{name} has characters that cannot be shown")
    return text


def _scaled(row: Mapping[str, object], name: str, scale: int, line_id: str) -> int:
    figure = row.get(name)
    stated = isinstance(figure, str | int | Decimal) and not isinstance(figure, bool)
    if not stated or not _FIGURE.fullmatch(str(figure)):
        raise _Unfit(f"the {name} of line {line_id} is not a plain decimal")
    exact = Fraction(str(figure)) * scale
    if exact.denominator != 1:
        raise _Unfit(f"the {name} of line {line_id} is too fine")
    return exact.numerator
