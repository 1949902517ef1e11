"""Write small scenarios as text and read them."""

from hourline.scenarios.format.reading import Scenario, Unusable, read_scenario
from hourline.scenarios.format.yaml_text import documents

EXPECT = "  - expect: {invoices: 0}\n"


def read(text: str) -> Scenario | Unusable:
    (document,) = documents(text)
    return read_scenario(document)


def refusal(text: str) -> str:
    unusable = read(text)
    assert isinstance(unusable, Unusable)
    return str(unusable.reason)


def given(rows: str) -> str:
    return f"scenario: s\ngiven:\n  {rows}\nsteps:\n{EXPECT}"


def step(action: str) -> str:
    return f"scenario: s\nsteps:\n  - {action}\n{EXPECT}"
