"""What visitors are shown: captions over scenes that hold no personal data, whatever is written into incidents and lists."""

import json

import pytest
from plotly.utils import PlotlyJSONEncoder

from callbacks import wall as walls
from config.strict import FOLDER, ConfigError
from config.told_scenes import load_told
from config.walls import load_walls
from domain.access import Actor
from domain.told import FOR_VISITORS
from layouts.wall import Screen
from tests.fake_server import make_faces
from tests.fake_wall import enrich
from tests.fakes import make_city

NAMED = "欧阳秀英"
PHONE = "13800138000"
HELD = load_walls()
TOLD = load_told(HELD.scenes)
SHOWN = sorted({caption.scene for one in TOLD.values() for caption in one.captions})
OFFICER = Actor("duty_officer", frozenset({"duty_officer"}))


@pytest.fixture(scope="module")
def faces():
    """A city in which everything that people write, and everybody who does something, is named."""
    city = enrich(make_city())
    for incident in city.picture.incidents:
        incident.update(title=f"{NAMED} 来电 {PHONE}", address=f"{NAMED}家")
    for alarm in city.picture.alarms:
        alarm.update(acknowledged_by=NAMED, acknowledged_at=alarm["raised_at"])
    return make_faces(city)


def said(faces, scene, wall="hall", lang="zh"):
    """Everything that stands in a scene, seen or not."""
    tree = walls.scene(faces, OFFICER, faces.words(f"?lang={lang}"), Screen(wall, scene), None)
    return json.dumps(tree, cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("wall", sorted(HELD.walls))
@pytest.mark.parametrize("scene", SHOWN)
def test_a_scene_for_visitors_names_nobody(faces, scene, wall):
    text = said(faces, scene, wall)
    assert NAMED not in text and PHONE not in text and "panel-map" not in text
    assert len(text) > 500, "something is shown"


def test_the_same_city_does_name_people_where_those_work_who_need_it(faces):
    assert any(NAMED in said(faces, scene) for scene in ("command", "safety", "duty", "overview"))


def test_every_caption_is_said_in_both_languages_over_panels_for_visitors_alone():
    assert TOLD
    for one in TOLD.values():
        assert all(caption.zh and caption.en for caption in one.captions)
        assert all(set(HELD.scenes[caption.scene].panels) <= FOR_VISITORS for caption in one.captions)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("scene: show_water", "scene: duty"), "on_duty"),
        (("scene: show_water", "scene: nowhere"), "expected a scene of displays.yaml"),
        (("seconds: 30", "seconds: -1"), "seconds"),
        (("scene: show_water, zh:", "scene: show_water, de:"), "known key"),
    ],
)
def test_a_scene_that_could_show_personal_data_stops_the_start_and_says_why(tmp_path, changed, said):
    path = tmp_path / "told_scenes.yaml"
    path.write_text((FOLDER / "told_scenes.yaml").read_text("utf-8").replace(*changed), "utf-8")
    with pytest.raises(ConfigError, match=said):
        load_told(HELD.scenes, path)
