"""Write a duration as people read it: hours and minutes, never a rounded fraction."""


def hours_text(seconds: int) -> str:
    """Return a duration as hours, minutes and, where there are any, seconds."""
    sign = "-" if seconds < 0 else ""
    hours, rest = divmod(abs(seconds), 3_600)
    minutes, odd = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02d}" + (f":{odd:02d}" if odd else "")
