"""Explain an hour or an amount: every figure on its way, from the rules it came of."""

from hourline.flow.explain.amount import AmountExplanation
from hourline.flow.explain.entry import Explanation, NotDecided, explain_entry
from hourline.flow.explain.model import Step
from hourline.flow.explain.named import explain_named

__all__ = [
    "AmountExplanation",
    "Explanation",
    "NotDecided",
    "Step",
    "explain_entry",
    "explain_named",
]
