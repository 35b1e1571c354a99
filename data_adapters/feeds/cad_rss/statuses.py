"""What the status words of dispatch centres mean, as states of domain/units.py. Words of several agencies meet in one list."""

from typing import Any

from domain.units import (
    ACKNOWLEDGED,
    ASSIGNED,
    AT_HOSPITAL,
    AVAILABLE,
    CANCELLED,
    EN_ROUTE,
    ON_SCENE,
    OUT_OF_SERVICE,
    RETURNING,
    STATES,
    TRANSPORTING,
)

MEANT: dict[str, tuple[str, ...]] = {
    AVAILABLE: ("QTR", "IN QUARTERS", "AVAILABLE", "AVL", "AVI", "AIQ", "AOR", "RAD", "PGR", "CLEAR", "待命"),
    ASSIGNED: ("DISPATCHED", "DISPATCH", "DISP", "DSP", "ASSIGNED", "已派"),
    ACKNOWLEDGED: ("ACKNOWLEDGED", "ACK", "已接令"),
    EN_ROUTE: ("ENR", "ENROUTE", "EN ROUTE", "EN-ROUTE", "RESPONDING", "途中"),
    ON_SCENE: ("ONS", "ON SCENE", "ONSCENE", "ON-SCENE", "ARRIVED", "AT SCENE", "到场"),
    TRANSPORTING: ("TSP", "TRANSPORT", "TRANSPORTING", "转运"),
    AT_HOSPITAL: ("HSP", "HOSPITAL", "AT HOSPITAL", "到院"),
    RETURNING: ("RTN", "RETURNING", "RET", "归队"),
    CANCELLED: ("CANCELLED", "CANCELED", "CAN", "取消"),
    OUT_OF_SERVICE: ("NAV", "NOT AVAILABLE", "OOS", "OUT OF SERVICE", "停用"),
}
"""State -> words. What a word means that stands here for none (INC, CAV, WRS, say) only its agency knows: the setting `statuses`."""
STATUSES = {word: state for state, words in MEANT.items() for word in words}


def table(raw: Any) -> dict[str, str]:
    """A city's own words, in a setting. Raises ValueError."""
    if not isinstance(raw, dict) or not all(isinstance(word, str) and word and state in STATES for word, state in raw.items()):
        raise ValueError(f"words, each with one of {', '.join(STATES)}")
    return {word.upper(): state for word, state in raw.items()}
