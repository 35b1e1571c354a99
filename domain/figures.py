"""How a figure is written, on every face and on paper."""

MINUS = "−"
"""The true minus: a hyphen is read as a dash."""
WHOLE = 1000
"""A change of a thousand and more is told without decimals."""


def figure(value: float, decimals: int = 0) -> str:
    """`12,345.6`, below nought with a true minus."""
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def signed(number: float, decimals: int = 1) -> str:
    """With its sign, without decimals from a thousand on: `+3.2`, `−1,204`; what rounds to nought has no sign."""
    said = f"{number:+,.{0 if abs(number) >= WHOLE else decimals}f}".replace("-", MINUS)
    return said if said.strip(f"+{MINUS}0.") else said[1:]
