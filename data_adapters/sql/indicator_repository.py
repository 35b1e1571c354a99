"""Indicators in PostgreSQL (services/indicator_ports.py, IndicatorStore). A value reckoned anew is a new row, never an update."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, text

from data_adapters.sql.job_marks import JobMark
from domain.event_time import to_datetime, to_ms
from domain.indicators import Indicator
from services.forecast_ports import Ahead
from services.indicator_ports import Defined, Expected, Value

FILLED = "indicators filled"
FIELDS = Value._fields
TIMES = ("at", "ends_at", "computed_at", "anomaly_since")
COLUMNS = ", ".join(FIELDS)
NOW_KNOWN = "true"
THEN_KNOWN = "computed_at <= :at AND ends_at <= :at"
END = """UPDATE indicators SET valid_to = :now WHERE valid_to IS NULL
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(CAST(:said AS jsonb)) AS d WHERE d = indicators.definition)"""
BEGIN = """INSERT INTO indicators (code, valid_from, definition)
    SELECT d->>'code', :now, d FROM jsonb_array_elements(CAST(:said AS jsonb)) AS d
    WHERE NOT EXISTS (SELECT FROM indicators i WHERE i.valid_to IS NULL AND i.code = d->>'code')"""
DEFINED = """SELECT i.definition, (SELECT min(f.valid_from) FROM indicators f WHERE f.code = i.code) AS known_since FROM indicators i
    WHERE {known} ORDER BY CAST(i.definition->>'place' AS integer)"""
LATEST = f"""SELECT {", ".join("v." + name for name in FIELDS)}
    FROM unnest(CAST(:codes AS text[]), CAST(:oldest AS timestamptz[])) AS i(code, oldest)
    CROSS JOIN unnest(CAST(:regions AS text[])) AS r(region)
    CROSS JOIN LATERAL (SELECT {COLUMNS} FROM indicator_values WHERE indicator = i.code AND region = r.region AND at >= i.oldest
        AND {{known}} ORDER BY at DESC, computed_at DESC LIMIT 1) AS v"""
SERIES = f"""SELECT DISTINCT ON (at) {COLUMNS} FROM indicator_values
    WHERE indicator = :indicator AND region = :region AND at >= :since AND at < :until AND {{known}} ORDER BY at, computed_at DESC"""
VERSIONS = f"""SELECT {COLUMNS} FROM indicator_values
    WHERE indicator = :indicator AND region = :region AND at = :period AND {{known}} ORDER BY computed_at"""
OF_PERIODS = f"""SELECT {", ".join("v." + name for name in FIELDS)}
    FROM unnest(CAST(:codes AS text[]), CAST(:begins AS timestamptz[])) AS i(code, began)
    CROSS JOIN LATERAL (SELECT {COLUMNS} FROM indicator_values WHERE indicator = i.code AND region = :region AND at = i.began
        AND {{known}} ORDER BY computed_at DESC LIMIT 1) AS v"""
KNOWN = f"""SELECT DISTINCT ON (indicator, region, at) {COLUMNS} FROM indicator_values
    WHERE indicator = ANY(:indicators) AND at >= :since AND at < :until ORDER BY indicator, region, at, computed_at DESC"""
WRITE = f"""INSERT INTO indicator_values ({COLUMNS}) VALUES ({", ".join(":" + name for name in FIELDS)}) ON CONFLICT DO NOTHING"""
EXPECTED = """SELECT at, made_at, value, low, high FROM indicator_forecasts WHERE indicator = :indicator AND region = :region
    AND made_at = (SELECT max(made_at) FROM indicator_forecasts WHERE indicator = :indicator AND region = :region
        AND (CAST(:then AS timestamptz) IS NULL OR made_at <= :then)) ORDER BY at"""
FORGET = """WITH old AS (DELETE FROM indicator_values v WHERE ends_at < :hours AND ends_at - at <= interval '1 hour' RETURNING 1),
    said AS (DELETE FROM indicator_forecasts WHERE made_at < :forecasts RETURNING 1)
    SELECT (SELECT count(*) FROM old) + (SELECT count(*) FROM said)"""


class IndicatorRepository:
    """The IndicatorStore port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def define(self, indicators: Sequence[Indicator], now: int) -> None:
        said = json.dumps([{**one.to_json(), "place": place} for place, one in enumerate(indicators)])
        with self._engine.begin() as tx:
            for statement in (END, BEGIN):
                tx.execute(text(statement), {"said": said, "now": to_datetime(now)})

    def defined(self, at: int | None) -> list[Defined]:
        known = "i.valid_to IS NULL" if at is None else "i.valid_from <= :at AND (i.valid_to IS NULL OR i.valid_to > :at)"
        rows = self._rows(DEFINED.format(known=known), {} if at is None else {"at": to_datetime(at)})
        plain = ({key: held for key, held in row.definition.items() if key != "place"} for row in rows)
        return [Defined(Indicator.of_json(one), to_ms(row.known_since)) for one, row in zip(plain, rows, strict=True)]

    def latest(self, oldest: Mapping[str, int], regions: Collection[str], at: int | None) -> list[Value]:
        values = {"codes": list(oldest), "oldest": [to_datetime(one) for one in oldest.values()], "regions": list(regions)}
        return self._values(LATEST, values, at)

    def series(self, indicator: str, region: str, since: int, until: int, at: int | None = None) -> list[Value]:
        span = {"since": to_datetime(since), "until": to_datetime(until)}
        return self._values(SERIES, {"indicator": indicator, "region": region, **span}, at)

    def versions(self, indicator: str, region: str, period: int, at: int | None = None) -> list[Value]:
        return self._values(VERSIONS, {"indicator": indicator, "region": region, "period": to_datetime(period)}, at)

    def of_periods(self, region: str, periods: Sequence[tuple[str, int]], at: int | None = None) -> list[Value]:
        asked = {"codes": [code for code, _ in periods], "begins": [to_datetime(begin) for _, begin in periods], "region": region}
        return self._values(OF_PERIODS, asked, at)

    def known(self, indicators: Collection[str], since: int, until: int) -> dict[tuple[str, str, int], Value]:
        span = {"indicators": list(indicators), "since": to_datetime(since), "until": to_datetime(until)}
        return {(one.indicator, one.region, one.at): one for one in self._values(KNOWN, span, None)}

    def write(self, values: Sequence[Value], marks: Sequence[int] = ()) -> None:
        rows = [{**one._asdict(), **{name: _time(getattr(one, name)) for name in TIMES}} for one in values]
        with self._engine.begin() as tx:
            if rows:
                tx.execute(text(WRITE), rows)
            if marks:
                tx.execute(text("DELETE FROM indicator_marks WHERE id = ANY(:ids)"), {"ids": list(marks)})

    def filled_back(self) -> set[str]:
        return set(filter(None, JobMark(self._engine, FILLED).get().split(",")))

    def fill_back(self, codes: Sequence[str]) -> None:
        mark = JobMark(self._engine, FILLED)
        mark.set(",".join(sorted(self.filled_back() | set(codes))))

    def marked(self, most: int) -> list[tuple[int, int]]:
        asked = "SELECT id, at FROM indicator_marks ORDER BY at, id LIMIT :most"
        return [(row.id, to_ms(row.at)) for row in self._rows(asked, {"most": most})]

    def expect(self, indicator: str, region: str, steps: Sequence[Expected]) -> None:
        if not steps:
            return
        said = "INSERT INTO indicator_forecasts VALUES (:indicator, :region, :at, :made_at, :value, :low, :high) ON CONFLICT DO NOTHING"
        rows = [
            {"indicator": indicator, "region": region, "at": _time(one.at), "made_at": _time(one.made_at), **one.ahead._asdict()}
            for one in steps
        ]
        with self._engine.begin() as tx:
            tx.execute(text(said), rows)

    def expected(self, indicator: str, region: str, at: int | None) -> list[Expected]:
        rows = self._rows(EXPECTED, {"indicator": indicator, "region": region, "then": _time(at)})
        return [Expected(to_ms(row.at), to_ms(row.made_at), Ahead(row.value, row.low, row.high)) for row in rows]

    def forecast_of(self) -> Mapping[str, int]:
        asked = """SELECT DISTINCT ON (indicator) indicator, min(at) AS at FROM indicator_forecasts
            GROUP BY indicator, made_at ORDER BY indicator, made_at DESC"""
        return {row.indicator: to_ms(row.at) for row in self._rows(asked, {})}

    def forget(self, hours_before: int, forecasts_before: int) -> int:
        with self._engine.begin() as tx:
            return int(tx.execute(text(FORGET), {"hours": _time(hours_before), "forecasts": _time(forecasts_before)}).scalar_one())

    def _values(self, statement: str, values: Mapping[str, Any], at: int | None) -> list[Value]:
        known, more = (NOW_KNOWN, {}) if at is None else (THEN_KNOWN, {"at": to_datetime(at)})
        return [_value(row) for row in self._rows(statement.format(known=known), {**values, **more})]

    def _rows(self, statement: str, values: Mapping[str, Any]) -> Sequence[Any]:
        with self._engine.connect() as tx:
            return tx.execute(text(statement), dict(values)).all()


def _time(at: int | None) -> Any:
    return None if at is None else to_datetime(at)


def _value(row: Any) -> Value:
    held = row._asdict()
    return Value(**{**held, **{name: None if held[name] is None else to_ms(held[name]) for name in TIMES}})
