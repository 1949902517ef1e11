"""Say why a scenario cannot be run, and where it is wrong."""


class InvalidScenario(ValueError):
    """Say which place of a scenario is wrong and what was expected there."""

    def __init__(self, place: str, wrong: str) -> None:
        """Hold the path within the scenario (empty: the whole of it) and a phrase."""
        self.place = place
        self.wrong = wrong
        super().__init__(f"{place}: {wrong}" if place else wrong)
