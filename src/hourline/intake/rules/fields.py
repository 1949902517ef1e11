"""Read the fields of one record one by one and collect everything that is wrong."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from hourline.intake.model import (
    ENTRY_SECONDS_MAX,
    ID_LENGTH_MAX,
    PRICE_END,
    REVISION_MAX,
    WORK_DATE_FIRST,
    WORK_DATE_LAST,
    SourceReading,
)
from hourline.intake.rules.answers import answer_of
from hourline.intake.rules.quantities import (
    clock_seconds,
    day_of,
    instant_of,
    is_moderate,
    iso_seconds,
    number_of,
    whole_seconds,
)
from hourline.kernel.problems import Problem, ProblemCode

FORMULA = "formula"
_PRICE_STEP = Decimal("0.0001")
_SHOWN_CHARACTERS_MAX = 60
# Control characters, and halves of a character that no text can hold.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})


class Fields:
    """Read one record; a reader returns None where it has added a problem."""

    def __init__(
        self, row: Mapping[str, object], reading: SourceReading, *, cells: bool
    ) -> None:
        """Take a record; in `cells`, an empty cell says nothing."""
        self.problems: list[Problem] = []
        self._row = row
        self._reading = reading
        self._cells = cells

    def source_name(self, field: str) -> str:
        """Return what the source calls one of our fields."""
        return self._reading.fields.get(field, field)

    def value(self, field: str) -> object:
        """Return what the source says, None where it says nothing."""
        found = _lookup(self._row, self.source_name(field))
        blank = isinstance(found, str) and not (found.strip() if self._cells else found)
        return None if blank else found

    def present(self, field: str) -> object:
        """Return what the source says; saying nothing is a problem."""
        found = self.value(field)
        if found is None:
            name = self.source_name(field)
            self._add(
                ProblemCode.FIELD_MISSING,
                field,
                sentence=f"Field {name} is missing or empty.",
                remedy=f"Deliver the record again with {name}.",
            )
        return found

    def identifier(self, field: str, *, required: bool) -> str | None:
        """Return an id of 1 to 300 characters, none of them a control character."""
        found = self.present(field) if required else self.value(field)
        if found is None:
            return None
        if isinstance(found, int) and not isinstance(found, bool):
            found = str(found)
        if not isinstance(found, str):
            self.wrong(field, found, "is not a text")
            return None
        if len(found) > ID_LENGTH_MAX:
            self.wrong(field, found, f"is longer than {ID_LENGTH_MAX}")
            return None
        if not is_clean(found):
            self.wrong(field, found, "contains a control character")
            return None
        return found

    def text(self, field: str) -> str | None:
        """Return free text as it stands, or nothing."""
        found = self.value(field)
        if found is None or isinstance(found, str):
            return found
        self.wrong(field, found, "is not a text")
        return None

    def day(self, field: str) -> date | None:
        """Return a day of the calendar that lies in the accepted range."""
        found = self.present(field)
        if found is None:
            return None
        order = self._reading.date_order
        day = day_of(found.strip(), order) if isinstance(found, str) else None
        if day is None:
            self.wrong(
                field,
                found,
                f"is not a day written in order {order}",
                setting="date_order",
            )
            return None
        if not WORK_DATE_FIRST <= day <= WORK_DATE_LAST:
            self._add(
                ProblemCode.DATE_OUT_OF_RANGE,
                field,
                sentence=f"{self.source_name(field)} {day} is not between"
                f" {WORK_DATE_FIRST} and {WORK_DATE_LAST}.",
                remedy="Correct the date at the source.",
                found=found,
            )
            return None
        return day

    def instant(self, field: str) -> datetime | None:
        """Return an instant, or nothing where the source says nothing."""
        found = self.value(field)
        if found is None:
            return None
        instant = (
            instant_of(found.strip(), zone_assumed=self._cells)
            if isinstance(found, str)
            else None
        )
        if instant is None:
            self.wrong(field, found, "is not an ISO date and time with a zone")
            return None
        if not is_in_range(instant):
            self._add(
                ProblemCode.DATE_OUT_OF_RANGE,
                field,
                sentence=f"{self.source_name(field)} {_shown(found)} is not between"
                f" {WORK_DATE_FIRST} and {WORK_DATE_LAST}.",
                remedy="Correct the instant at the source.",
                found=found,
            )
            return None
        return instant

    def revision(self) -> int | None:
        """Return the stated revision, a whole number from 1."""
        found = self.present("revision")
        if found is None:
            return None
        number = self._number(found)
        whole = None if number is None else whole_seconds(number, "seconds")
        if whole is None or not 1 <= whole <= REVISION_MAX:
            self.wrong("revision", found, "is not a whole number from 1")
            return None
        return whole

    def duration(self, field: str, *, required: bool) -> int | None:
        """Return exact seconds from 0 to 31 days."""
        found = self.present(field) if required else self.value(field)
        if found is None:
            return None
        seconds = self._seconds(found)
        if seconds is None:
            unit = self._reading.duration_unit
            fault = f"is not {unit} that make whole seconds"
            self.wrong(field, found, fault, setting="decimal_mark")
            return None
        if not 0 <= seconds <= ENTRY_SECONDS_MAX:
            fault = "is negative" if seconds < 0 else "is more than 31 days"
            self._add(
                ProblemCode.DURATION_OUT_OF_RANGE,
                field,
                sentence=f"{self.source_name(field)} {_shown(found)} {fault}.",
                remedy="Correct the duration at the source; what should not count is"
                " recalled.",
                found=found,
            )
            return None
        return seconds

    def total(self, field: str) -> int | None:
        """Return exact seconds of any size, or nothing where nothing is said."""
        found = self.value(field)
        if found is None:
            return None
        seconds = self._seconds(found)
        if seconds is None:
            fault = "is not hours that make whole seconds"
            self.wrong(field, found, fault, setting="decimal_mark")
        return seconds

    def number(self, field: str, *, required: bool) -> Decimal | None:
        """Return an exact number, which may also be written as a text."""
        found = self.present(field) if required else self.value(field)
        if found is None:
            return None
        number = self._number(found)
        if isinstance(found, str) and not self._cells:
            number = number_of(found, ".")
        if number is None or not is_moderate(Decimal(number)):
            self.wrong(field, found, "is not a number")
            return None
        return Decimal(number)

    def answer(self, field: str) -> bool | None:
        """Return yes or no, or nothing; a text cell may say it in words."""
        found = self.value(field)
        if found is None or isinstance(found, bool):
            return found
        said = answer_of(found, {}) if isinstance(found, str) else None
        if said is None:
            self.wrong(field, found, "is neither true nor false")
        return said

    def price(self, field: str) -> str | None:
        """Return the price of an hour with its digits, or nothing."""
        found = self.value(field)
        if found is None:
            return None
        number = (
            number_of(found.strip(), self._reading.decimal_mark if self._cells else ".")
            if isinstance(found, str)
            else self._number(found)
        )
        if number is not None and 0 <= number < PRICE_END:
            price = Decimal(number).quantize(_PRICE_STEP)
            if price == number:
                return f"{price:f}"
        fault = f"is no price from 0 to below {PRICE_END} with 4 decimals at most"
        self.wrong(field, found, fault)
        return None

    def wrong(
        self, field: str, found: object, fault: str, *, setting: str | None = None
    ) -> None:
        """Add the problem of a value that is there but cannot be taken.

        `setting` is the one of the connection's reading that may be what is wrong.
        """
        name = self.source_name(field)
        if isinstance(found, Mapping) and FORMULA in found:
            self._add(
                ProblemCode.FORMULA_REFUSED,
                field,
                sentence=f"{name} is a formula, not a value.",
                remedy=f"Replace the formula in {name} by its value and deliver again.",
                found=found[FORMULA],
            )
            return
        self._add(
            ProblemCode.FIELD_INVALID,
            field,
            sentence=f"{name} {_shown(found)} {fault}.",
            remedy=f"Correct {name} at the source, or"
            f" {f'{setting} in ' if setting else ''}the connection's reading.",
            found=found,
        )

    def _seconds(self, found: object) -> int | None:
        if isinstance(found, str) and self._cells:
            text = found.strip()
            written = clock_seconds(text)
            written = iso_seconds(text) if written is None else written
            if written is not None:
                return written
        number = self._number(found)
        if number is None:
            return None
        return whole_seconds(number, self._reading.duration_unit)

    def _number(self, found: object) -> Decimal | int | None:
        if isinstance(found, str) and self._cells:
            return number_of(found.strip(), self._reading.decimal_mark)
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            return None
        return found

    def _add(
        self,
        code: ProblemCode,
        field: str,
        *,
        sentence: str,
        remedy: str,
        found: object = None,
    ) -> None:
        detail = {"field": field, "source_field": self.source_name(field)}
        if found is not None:
            detail["value"] = _shown(found)
        self.problems.append(Problem(code, sentence, remedy, detail))


def is_in_range(instant: datetime) -> bool:
    """Say whether an instant lies in the accepted years, by the clock it was read on.

    Instants at the ends of the calendar have no equal in UTC or in the database.
    """
    return WORK_DATE_FIRST.year <= instant.year <= WORK_DATE_LAST.year


def is_clean(text: str) -> bool:
    """Say whether a text has no control character; any other character is welcome."""
    return text.isprintable() or not any(
        unicodedata.category(character) in _REFUSED_CATEGORIES for character in text
    )


def _lookup(row: Mapping[str, object], name: str) -> object:
    if name in row:
        return row[name]
    found: object = row
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _shown(found: object) -> str:
    text = found if isinstance(found, str) else str(found)
    clean = "".join(c if is_clean(c) else "\N{REPLACEMENT CHARACTER}" for c in text)
    if len(clean) > _SHOWN_CHARACTERS_MAX:
        clean = clean[:_SHOWN_CHARACTERS_MAX] + "\N{HORIZONTAL ELLIPSIS}"
    return f'"{clean}"'
