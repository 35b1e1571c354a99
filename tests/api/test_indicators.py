"""What other programs read of vital signs: scores with what is missing, and a figure with everything that it comes from."""

from typing import Any

import pytest
from sqlalchemy import Engine

from api import indicators
from api.openapi import SCHEMAS
from domain.access import Actor
from tests.api.conftest import Person
from tests.domain.test_indicators import attendance
from tests.services.reckoning_town import EAST, Town, ms, teach

NOW = ms(5, 1)


@pytest.fixture
def served(app: Any, city: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = Town(engine, [attendance(due_h=10)])
    teach(town, 3)
    teach(town, 4)
    town.reckon(NOW)
    city.vital_signs, city.explaining = town.signs, town.explaining
    monkeypatch.setattr(indicators, "now", lambda: NOW)
    app.register_blueprint(indicators.blueprint(city))
    return town


def fits(document: dict[str, Any], name: str) -> bool:
    return set(document) == set(SCHEMAS[name]["properties"]) == set(SCHEMAS[name]["required"])


def test_scores_and_figures_have_the_fields_that_are_described(person: Person, served: Town) -> None:
    person.sign_in("operator")
    signs = person.get("/vital-signs").get_json()
    assert fits(signs, "VitalSigns") and signs["region"] == "441900" and fits(signs["domains"]["livelihood"], "Rolled")
    found = person.get("/indicators?domain=livelihood").get_json()["items"]
    assert fits(found[0], "Sign") and fits(found[0]["value"], "IndicatorValue") and found[0]["value"]["value"] == 92.5
    assert person.get("/indicators?domain=ecology").get_json()["items"] == []
    figure = person.get(f"/indicators/attendance?region={EAST}").get_json()
    assert fits(figure, "Explained") and figure["formula"] == "100 × Σ present / Σ enrolled" and figure["inputs"]["rows"] == 1
    assert figure["changes"]["last_year"]["why_not"] == "no_value" and figure["changes"]["before"]["change"] == 0
    values = person.get("/indicators/attendance/values").get_json()
    assert fits(values, "IndicatorValues") and [one["value"] for one in values["items"]] == [92.5, 92.5]
    assert len(person.get("/indicators/attendance/places").get_json()["items"]) == 2
    assert fits(person.get("/indicators/attendance/rows").get_json(), "FigureRows")
    towns = person.get("/vital-signs/towns").get_json()["items"]
    assert fits(towns[0], "TownSign") and [one["score"] for one in towns] == sorted(one["score"] for one in towns)


def test_a_past_moment_answers_what_was_known_then_and_nobody_sees_beyond_their_scope(person: Person, served: Town) -> None:
    person.sign_in("operator")
    assert person.get(f"/vital-signs?at={ms(4)}").get_json()["score"] is None
    assert person.get("/indicators/nothing").status_code == 404
    assert person.get("/vital-signs?region=999999").status_code == 403
    assert served.signs.indicators(Actor("b", frozenset({"leader"}), departments=frozenset({"water"}))) == []
