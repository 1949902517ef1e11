"""Explain an hour: every figure on its way, from the rules it was decided with."""

from hourline.flow.explain.entry import Explanation, NotDecided, explain_entry
from hourline.flow.explain.model import Step

__all__ = ["Explanation", "NotDecided", "Step", "explain_entry"]
