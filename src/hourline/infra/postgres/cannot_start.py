"""The two refusals of the embedded server, each naming the remedy."""


class CannotStart(Exception):
    """Say what is wrong with the embedded server, where, and what to do."""

    def __init__(self, wrong: str, remedy: str) -> None:
        """Keep the two halves apart, so that `doctor` can print them apart."""
        super().__init__(f"{wrong} {remedy}")
        self.wrong = wrong
        self.remedy = remedy


class CannotStop(CannotStart):
    """Say why a running embedded server could not be stopped, and what to do."""
