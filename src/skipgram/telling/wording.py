"""Plain words for what is told: numbers of things, and shares."""


def many(count: int, one: str, several: str | None = None) -> str:
    """A number of things: "1 line", "2,000 lines"."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def percent(share: float) -> str:
    """A share in whole hundredths, which may be below 0: "15 %"."""
    return f"{share * 100:.0f} %".replace("-0 ", "0 ").replace("-", "−")
