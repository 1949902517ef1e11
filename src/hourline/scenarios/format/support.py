"""Know which parts of the format Hourline cannot do yet, and refuse them by name."""

from collections.abc import Sequence

from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.given import Given
from hourline.scenarios.format.refusal import NotSupportedYet
from hourline.scenarios.format.steps import Action


def refuse_unsupported(given: Given, _steps: Sequence[Action | Expect]) -> None:
    """Raise NotSupportedYet with everything the scenario uses that is not there yet."""
    if given.time_rounding:
        raise NotSupportedYet("time rounding (time_rounding)")
