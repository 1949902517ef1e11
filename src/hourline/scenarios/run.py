"""Run scenarios one after another, each in an empty tenant of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hourline.infra.database import Database
from hourline.scenarios.added_steps import perform
from hourline.scenarios.books import NotInTheBooks
from hourline.scenarios.deliveries import NotDelivered
from hourline.scenarios.expect import mismatches
from hourline.scenarios.firm import Firm, MasterRefused
from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.reading import Scenario, Step, Unusable, read_file
from hourline.scenarios.format.refusal import InvalidScenario
from hourline.scenarios.format.steps import days_of

# What says by itself what is wrong with a step; of anything else the kind is shown too.
_PLAIN_FAULTS = (LookupError, MasterRefused, NotDelivered, NotInTheBooks, ValueError)


@dataclass(frozen=True, slots=True)
class Failure:
    """Hold one thing that was wrong, with the step it was found at.

    No step: the scenario could not begin. `place` is the path within the expectation;
    it is empty where the step itself failed.
    """

    step: int | None
    action: str
    place: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what became of one scenario."""

    file: str
    scenario: str
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Tell whether everything was as expected."""
        return not self.failures


def run_files(database: Database, paths: Iterable[Path]) -> Iterator[Verdict]:
    """Run every scenario of the files in order, and say of each what became of it."""
    first_in: dict[str, Path] = {}
    for path in paths:
        for scenario in _scenarios(path):
            earlier = first_in.get(scenario.name)
            if earlier is not None:
                failures = _broken("scenario", f"the name is also used in {earlier}")
            else:
                failures = _outcome(database, scenario)
            first_in[scenario.name] = path
            yield Verdict(str(path), scenario.name, failures)


def _scenarios(path: Path) -> Iterator[Scenario | Unusable]:
    try:
        yield from read_file(path)
    except InvalidScenario as reason:
        yield Unusable(f"({path.name})", reason)


def _outcome(database: Database, scenario: Scenario | Unusable) -> tuple[Failure, ...]:
    if isinstance(scenario, Unusable):
        return _broken("", str(scenario.reason))
    return run_scenario(database, scenario)


def run_scenario(database: Database, scenario: Scenario) -> tuple[Failure, ...]:
    """Run a scenario up to its first step that fails; nothing returned is success."""
    try:
        firm = Firm.founded(database, scenario.name, scenario.given)
    except Exception as fault:  # noqa: BLE001 - one broken scenario must not hide others
        return _broken("given", _said(fault))
    return run_steps(firm, scenario.steps)


def run_steps(firm: Firm, steps: Iterable[Step]) -> tuple[Failure, ...]:
    """Let steps happen at a firm up to the first that fails."""
    for step in steps:
        failures = _failures(firm, step)
        if failures:
            return failures
    return ()


def _failures(firm: Firm, step: Step) -> tuple[Failure, ...]:
    try:
        if not isinstance(step.content, Expect):
            firm.note_days(days_of(step.content))
            perform(step.content, firm, step.number)
            firm.post()
            return ()
        return _differing(firm, step, step.content)
    except Exception as fault:  # noqa: BLE001 - one broken scenario must not hide others
        return _broken(step.word, _said(fault), step=step.number)


def _differing(firm: Firm, step: Step, expect: Expect) -> tuple[Failure, ...]:
    with firm.books() as books:
        found = mismatches(expect, books, times_booked=firm.receiver.times_booked)
        return tuple(
            Failure(step.number, step.word, one.place, one.expected, one.found)
            for one in found
        )


def _broken(action: str, found: str, *, step: int | None = None) -> tuple[Failure, ...]:
    return (Failure(step, action, "", "", found),)


def _said(fault: Exception) -> str:
    sentence = str(fault.args[0]) if fault.args else ""
    if isinstance(fault, _PLAIN_FAULTS) and sentence:
        return sentence
    return f"{type(fault).__name__}: {fault}"
