"""Say why a scenario cannot be run: where it is wrong, or what is not supported yet."""


class InvalidScenario(ValueError):
    """Say which place of a scenario is wrong and what was expected there."""

    def __init__(self, place: str, wrong: str) -> None:
        """Hold the path within the scenario (empty: the whole of it) and a phrase."""
        self.place = place
        self.wrong = wrong
        super().__init__(f"{place}: {wrong}" if place else wrong)


class NotSupportedYet(ValueError):
    """Say which part of the format a scenario uses that Hourline cannot do yet."""

    def __init__(self, what: str) -> None:
        """Hold the name of the feature."""
        self.what = what
        super().__init__(f"not supported yet: {what}")
