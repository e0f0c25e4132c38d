"""What a figure is to hold, said beside it, and whether it does."""


def at_least(limit: float, figure: float) -> str:
    """For figures that are better when they are large."""
    return _told(f"at least {limit:g}", holds=figure >= limit)


def at_most(limit: float, figure: float) -> str:
    """For figures that are better when they are small."""
    return _told(f"at most {limit:g}", holds=figure <= limit)


def _told(words: str, *, holds: bool) -> str:
    return f"({words}: {'holds' if holds else 'DOES NOT HOLD'})"
