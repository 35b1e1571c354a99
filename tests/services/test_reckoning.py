"""Values of indicators come from rows, stay what was known, follow late rows as new versions, and say when nothing came."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from domain.access import Actor, Forbidden
from services.forecast_ports import Ahead
from services.forecasts import Forecasts
from services.learning import Learning
from services.reckoning import Reckoning, ground_of
from tests.domain.test_indicators import attendance
from tests.services.reckoning_town import (
    CITY,
    DAY,
    EAST,
    EASTERNER,
    HOUR,
    OFFICER,
    REGIONS,
    RULES,
    WEST,
    ZONE,
    Town,
    drive,
    hourly,
    ms,
    teach,
    works,
)

HELD = {f"vital_signs.{name}" for name in ("home", "region", "indicator", "indicators", "overview", "towns", "places", "sign")} | {
    f"explaining.{name}" for name in ("explain", "series", "rows")
}
"""What test_a_town_sees_its_own_figures_and_nobody_elses holds to scope (tests/test_scopes.py)."""


@pytest.fixture
def town(engine: Engine) -> Town:
    return Town(engine, [attendance(due_h=10)])


def test_rows_of_towns_become_values_of_the_towns_and_of_the_city(town):
    teach(town, 4)
    assert town.reckon(ms(5, 1)) == 3
    assert [town.sign(ms(5, 1), region=region).value.value for region in (EAST, WEST, CITY)] == [90, 95, 92.5]
    assert town.sign(ms(5, 1)).value[5:11] == (92.5, "education.attendance", "good", False, 2, 185)


def test_a_day_that_is_not_over_has_no_value(town):
    teach(town, 4)
    assert town.reckon(ms(4, 23)) == 0 and town.sign(ms(4, 23)).state == "missing"


def test_asked_again_after_any_kill_nothing_is_counted_twice(town):
    teach(town, 4)
    town.reckon(ms(5, 1))
    kept = town.rows_of_values()
    assert [town.reckon(ms(5, hour)) for hour in (2, 3)] == [0, 0] and town.rows_of_values() == kept


def test_a_row_that_comes_late_makes_another_version_and_the_first_stays_what_was_known(town):
    teach(town, 4, west=(None, None))
    town.reckon(ms(5, 1))
    teach(town, 4)
    assert town.reckon(ms(5, 20)) == 2
    now = ms(5, 20)
    assert (town.sign(now).value.value, town.sign(now).value.late) == (92.5, True)
    assert (town.sign(now, at=ms(5, 2)).value.value, town.sign(now, at=ms(5, 2)).value.late) == (90, False)
    explained = town.explaining.explain(OFFICER, "attendance", None, now)
    assert [one.value for one in explained.versions] == [90, 92.5]
    assert explained.formula == "100 × Σ present / Σ enrolled" and explained.age_ms == 20 * HOUR


def test_what_does_not_come_is_late_then_missing_and_never_made_up(town):
    teach(town, 4)
    town.reckon(ms(5, 1))
    assert [town.sign(now).state for now in (ms(6, 9), ms(6, 11), ms(20))] == ["ok", "late", "missing"]
    late = town.sign(ms(6, 11))
    assert late.value.value == 92.5 and late.scored == (None, "late")
    overview = town.signs.overview(OFFICER, ms(6, 11))
    assert overview.city.score is None and overview.domains["livelihood"].missing[0].scored.why_not == "late"


def test_a_town_that_did_not_report_makes_the_city_partial(town):
    for day in (1, 2, 3):
        teach(town, day)
    town.library.say(ms(4), EAST, present=90, enrolled=100)
    town.reckon(ms(5, 1))
    assert (town.sign(ms(5, 1)).value.quality, town.sign(ms(5, 1)).value.usual) == ("partial", 2)
    assert town.sign(ms(5, 1), region=WEST).value.at == ms(3)


def test_a_share_of_nothing_is_said_to_be_nothing(town):
    teach(town, 4, east=(0, 0), west=(0, 0))
    town.reckon(ms(5, 1))
    sign = town.sign(ms(5, 1))
    assert (sign.value.value, sign.value.quality, sign.scored.why_not) == (None, "none", "nothing")


def test_a_library_that_is_away_leaves_its_indicators_late_and_comes_back(town, caplog):
    caplog.set_level("INFO", "citydeck.indicators")
    teach(town, 4)
    town.library.away = True
    assert town.reckoning.round(ms(5, 1)) == 0
    town.library.away = False
    assert town.reckoning.round(ms(5, 2)) == 3
    assert [record.levelname for record in caplog.records if "education.attendance" in record.message] == ["WARNING", "INFO"]


def test_a_new_indicator_is_filled_with_the_past_and_the_same_days_a_year_ago(town):
    then = round(datetime(2025, 5, 4, tzinfo=ZONE).timestamp() * 1000)
    town.library.say(then, EAST, present=80, enrolled=100)
    for day in range(1, 5):
        teach(town, day)
    town.reckon(ms(5, 1))
    changes = town.explaining.explain(OFFICER, "attendance", EAST, ms(5, 1)).changes
    assert (changes["last_year"].change, changes["before"].change) == (10, 0)
    assert changes["last_year"].in_points and town.sign(ms(5, 1)).value.late is False


def test_the_rows_behind_a_figure_are_those_of_its_period_and_region(town):
    teach(town, 3)
    teach(town, 4)
    town.library.say(ms(4), "441900003001", present=9, enrolled=10)
    town.reckon(ms(5, 1))
    found = town.explaining.rows(OFFICER, "attendance", EAST, ms(5, 1))
    assert [row["region"] for row in found.rows] == [EAST, "441900003001"] and found.total == 2
    town.library.away = True
    assert town.explaining.rows(OFFICER, "attendance", EAST, ms(5, 1)).away == "no route"


def test_a_town_sees_its_own_figures_and_nobody_elses(town):
    teach(town, 4)
    town.reckon(ms(5, 1))
    assert town.signs.home(EASTERNER) == EAST
    assert [one.region for one in town.signs.towns(EASTERNER, ms(5, 1))] == [EAST]
    assert [one.region for one in town.signs.places(EASTERNER, "attendance", ms(5, 1))] == [EAST]
    for region in (CITY, WEST):
        with pytest.raises(Forbidden):
            town.sign(ms(5, 1), region=region, actor=EASTERNER)
        for asked in (town.signs.region, lambda actor, region: town.signs.overview(actor, ms(5, 1), region)):
            with pytest.raises(Forbidden):
                asked(EASTERNER, region)
        for told in (town.explaining.explain, town.explaining.series, town.explaining.rows):
            with pytest.raises(Forbidden):
                told(EASTERNER, "attendance", region, ms(5, 1))
    with pytest.raises(Forbidden):
        town.signs.overview(Actor("auditor", frozenset({"auditor"})), ms(5, 1))
    bound = Actor("water", frozenset({"leader"}), departments=frozenset({"water"}))
    assert town.signs.indicators(bound) == []
    for hidden in (lambda: town.sign(ms(5, 1), actor=bound), lambda: town.signs.indicator(bound, "attendance")):
        with pytest.raises(LookupError):
            hidden()


def test_scores_of_indicator_domain_and_city_follow_from_each_other(town):
    teach(town, 4, east=(96, 100), west=(96, 100))
    town.reckon(ms(5, 1))
    overview = town.signs.overview(OFFICER, ms(5, 1))
    assert overview.signs[0].scored.score == overview.domains["livelihood"].score == overview.city.score == 80


def test_another_definition_holds_from_now_on_and_the_past_is_scored_by_its_own(town):
    teach(town, 4, east=(96, 100), west=(96, 100))
    town.reckon(ms(5, 1))
    town.store.define([attendance(due_h=10, target=96.0)], ms(5, 2))
    assert [town.sign(ms(5, 3), at=at).scored.score for at in (ms(5, 1), None)] == [80, 100]


def test_what_is_normal_is_learnt_and_an_anomaly_says_value_band_and_since_when(engine):
    town = Town(engine, [hourly()])
    stuck = {ms(24, hour): 4 for hour in (9, 10)}
    drive(town, 24, stuck)
    town.reckon(ms(24, 11))
    sign = town.sign(ms(24, 11), "speed")
    assert 39 <= sign.band.low < 41 < sign.band.high <= 45 and sign.band.basis == "weekday_hour" and sign.outside
    (anomaly,) = town.signs.overview(OFFICER, ms(24, 11)).anomalies
    assert (anomaly.value.value, anomaly.value.anomaly_since) == (4, ms(24, 9))
    assert not town.signs.overview(OFFICER, ms(24, 11), at=ms(24, 9)).anomalies


def test_a_normal_that_is_not_learnt_yet_gives_no_score_and_says_so(engine):
    town = Town(engine, [hourly()])
    drive(town, 1)
    town.reckon(ms(2))
    assert town.sign(ms(2), "speed").scored == (None, "not_learnt")


def test_an_hour_that_was_rolled_up_again_late_is_reckoned_again(engine):
    town = Town(engine, [hourly()])
    drive(town, 3)
    town.reckon(ms(4))
    town.library.say(ms(1, 5), CITY, mean=10.0)
    assert town.reckon(ms(4)) == 0
    with engine.begin() as tx:
        tx.execute(text("INSERT INTO indicator_marks (at) VALUES (to_timestamp(:at))"), {"at": ms(1, 5) / 1000})
    assert town.reckon(ms(4, 1)) == 1
    assert [one.value for one in town.store.versions("speed", CITY, ms(1, 5))] == [62, 10] and town.store.marked(9) == []


class Straight:
    """Looks ahead by saying the last value again."""

    def forecast(self, cycle, known, steps):
        return [Ahead(known[-1][1], known[-1][1] - 1, known[-1][1] + 1)] * steps


def test_a_look_ahead_follows_the_newest_value_once(engine):
    town = Town(engine, [hourly()])
    drive(town, 3)
    town.reckon(ms(4))
    forecasts = Forecasts(town.store, Straight(), lambda: ground_of(REGIONS, ZONE.key), DAY * 400)
    assert [forecasts.round(ms(4)), forecasts.round(ms(4, 1))] == [1, 0]
    _, _, held, ahead = town.explaining.series(OFFICER, "speed", None, ms(4))
    assert [one.at for one in ahead] == [ms(4, hour) for hour in range(6)] and held[-1].ends_at == ms(4)


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """A store whose process is killed before the n-th question."""

    def __init__(self, store, lives):
        self._store, self._lives = store, lives

    def __getattr__(self, name):
        self._lives -= 1
        if self._lives < 0:
            raise Killed
        return getattr(self._store, name)


@pytest.fixture(scope="module")
def undisturbed(engine: Engine):
    town = Town(engine, [hourly(), attendance(due_h=10)])
    drive(town, 4, {ms(4, 20): 4})
    for day in range(1, 5):
        teach(town, day)
    return what_is_known(town)


def what_is_known(town, kills=()):
    """Every newest value after a day's rounds, the process killed in some of them."""
    for hour in range(1, 12):
        town.start_again()
        if hour in dict(kills):
            learning = Learning(Mortal(town.store, dict(kills)[hour]), RULES, lambda: ZONE, works)
            store = Mortal(town.store, dict(kills)[hour])
            town.reckoning = Reckoning(store, town.library, learning, lambda: ground_of(REGIONS, ZONE.key))
            with suppress(Killed):
                town.reckoning.round(ms(6, hour))
        else:
            town.reckoning.round(ms(6, hour))
    held = town.store.known(["speed", "attendance"], 0, ms(7))
    return {key: one[5:11] + one[13:] for key, one in held.items()}


@settings(max_examples=8, deadline=None)
@given(kills=st.dictionaries(st.integers(1, 8), st.integers(0, 14), max_size=6))
def test_for_any_kills_the_values_are_those_of_the_same_rows_without_kills(engine, undisturbed, kills):
    town = Town(engine, [hourly(), attendance(due_h=10)])
    drive(town, 4, {ms(4, 20): 4})
    for day in range(1, 5):
        teach(town, day)
    assert what_is_known(town, kills.items()) == undisturbed
