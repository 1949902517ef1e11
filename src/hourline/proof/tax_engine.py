"""Name the checks of tax that an external engine decided."""

CHECKS = (
    "engine_tax_differs_from_answer",
    "engine_answer_differs_from_lines",
    "engine_ic_tax_differs_from_answer",
    "engine_ic_answer_differs_from_lines",
)
