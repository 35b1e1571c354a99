"""The demo's own warnings: its duty officer warns of the rain cell that crosses the city, follows it, and lifts the warning behind it.

Invented, like the rain: the colours go by the cell's force, not by any observatory's table.
"""

from collections.abc import Mapping

from data_adapters.demo.weather import Cell, cell
from domain.access import Actor
from domain.warnings import Action, Level
from services.own_warnings import Draft, OwnWarnings
from services.warning_ports import Heard

OFFICER = Actor("duty_officer", roles=frozenset({"duty_officer"}))
FORCES = ((40.0, Level.RED), (26.0, Level.ORANGE), (14.0, Level.YELLOW))
"""mm/h in the middle of the cell -> the colour."""
ZH = {Level.RED: "红色", Level.ORANGE: "橙色", Level.YELLOW: "黄色"}
REACH = 1.3
"""Towns whose middle is within so many radii of the cell are warned."""
MINUTE = 60_000
LASTS_MS = 180 * MINUTE
FOLLOW_MS = 40 * MINUTE
"""A cell that has moved on to other towns is followed at most this often."""


class Advisories:
    """`towns`: code -> the middle of each town (lon, lat)."""

    def __init__(self, own: OwnWarnings, towns: Mapping[str, tuple[float, float]], names: Mapping[str, str]) -> None:
        self._own, self._towns, self._names = own, towns, names

    def tick(self, now: int) -> None:
        """Issue, replace or lift what the rain asks for."""
        rain, said = cell(now), self._standing(now)
        level, towns = _level(rain), self._under(rain)
        if level is None or not towns:
            if said is not None:
                self._own.lift(OFFICER, said.warning_id, now)
            return
        if said is None or said.said.level is not level or (set(said.placed.regions) != set(towns) and now > said.said.sent_at + FOLLOW_MS):
            self._own.issue(OFFICER, self._draft(level, towns, "" if said is None else said.warning_id, now), now)

    def _standing(self, now: int) -> Heard | None:
        """What was said last, while it holds."""
        newest = next(iter(self._own.listed(OFFICER, now)), None)
        over = newest is None or newest.said.action is Action.CANCEL or now >= (newest.said.expires_at or 0)
        return None if over else newest

    def _under(self, rain: Cell) -> tuple[str, ...]:
        far = (REACH * rain.radius) ** 2
        return tuple(sorted(code for code, (lon, lat) in self._towns.items() if (lon - rain.lon) ** 2 + (lat - rain.lat) ** 2 <= far))

    def _draft(self, level: Level, towns: tuple[str, ...], replaces: str, now: int) -> Draft:
        named = "、".join(self._names[code] for code in towns)
        return Draft(
            "暴雨",
            level,
            towns,
            f"暴雨{ZH[level]}预警（演示）",
            f"{named}未来 3 小时有强降雨。演示数据，并非真实预警。",
            "注意低洼路段积水，避险场所做好开放准备。",
            now + LASTS_MS,
            replaces=replaces,
        )


def _level(rain: Cell) -> Level | None:
    return next((level for force, level in FORCES if rain.intensity >= force), None)
