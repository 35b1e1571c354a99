"""The documentation says what is there: every setting, file key, feed, panel, metric and path, and names no file that doesn't exist."""

import re
from dataclasses import fields
from pathlib import Path
from unittest.mock import MagicMock

import flask
import pytest

import api
import app
from api.openapi import OPERATIONS
from config import (
    accounts,
    alarm_care,
    alarm_rules,
    displays,
    duty,
    feed_health,
    feeds,
    files,
    freshness,
    incident_files,
    incident_limits,
    indicators,
    leaders,
    needs,
    notices,
    pairing,
    plans,
    told_scenes,
    topics,
    travel,
    upkeep,
    video,
    video_alarms,
    viewing,
    wall_care,
    walls,
    working_time,
)
from config.settings import FOR_TESTS, PREFIX, Settings
from data_adapters.exposition import CityCollector
from data_adapters.feed_exposition import FeedCollector
from data_adapters.feeds.registry import ADAPTERS
from data_adapters.topics.registry import KINDS
from data_adapters.video.registry import ADAPTERS as VIDEO_ADAPTERS
from domain.access import ADMINISTRATORS, ROLES
from domain.catalogue import CYCLES, LAYERS, SHARES, TYPES
from domain.walls import Cells
from layouts.panels import PANELS
from services.state_of_affairs import FeedCount, IngestState
from tests.fake_upkeep import FakeFeedHealth, FakeUpkeep

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data_adapters").rglob("README.md")])
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TO_WRITE = re.compile(r"^`[^`]*`:$", re.MULTILINE)
"""A line of its own before a block of code: the file that the reader is about to write."""
TOP = {path.name for path in ROOT.iterdir()}
SUFFIXES = "py|md|yaml|js|css|toml|txt|in|po|webp"
FILE_NAME = re.compile(rf"(?<![\w/.:-])((?:[\w.-]+/)*[\w.-]+\.(?:{SUFFIXES}))(?![\w/])")
LINK = re.compile(r"\]\(([^)#:\s]+)(#[^)\s]+)?\)")
KNOWN = {path.name for path in ROOT.rglob("*") if not {".venv", "var"} & set(path.relative_to(ROOT).parts)} | {"city.yaml"}
PLACEHOLDER = re.compile(r"[A-Z]+\.\w+\Z")


def doc(name):
    return (ROOT / "docs" / name).read_text()


def prose(page):
    return TO_WRITE.sub("", FENCED.sub("", page.read_text()))


def slug(heading):
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page):
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)}


def test_every_setting_is_documented_with_its_default():
    rows = dict(re.findall(rf"^\| `({PREFIX}\w+)` \| (.*?) \|", doc("configuration.md"), re.MULTILINE))
    assert set(rows) == {PREFIX + field.name.upper() for field in fields(Settings)}
    for field in fields(Settings):
        shown, default = rows[PREFIX + field.name.upper()], field.default
        expected = "none" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        assert shown.split(":")[0] == expected, field.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_setting_that_does_not_exist(page):
    known = {PREFIX + field.name.upper() for field in fields(Settings)} | FOR_TESTS
    assert set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", page.read_text())) <= known


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("metrics.yaml", set(files.METRIC_FIELDS)),
        ("alarm_rules.yaml", {"kinds", "metric", "type", "severity", "zh", "en", "source", *alarm_rules.EVERY_FIELD}),
        ("video_alarms.yaml", set(video_alarms.FIELDS)),
        ("alarm_care.yaml", {key for fields in alarm_care.FIELDS.values() for key in fields} | set(alarm_care.FIELDS)),
        ("freshness.yaml", {"value", "unit", "source", *freshness.ENTRIES}),
        ("device_kinds.yaml", {"zh", "en", "domain", "department", "primary", "metrics", "source"}),
        ("feeds.yaml", set(feeds.fields(ADAPTERS))),
        ("topics.yaml", {*topics.fields(KINDS), *topics.ENTRY_FIELDS, *topics.TABLE_FIELDS, *topics.QUERY_FIELDS, *topics.LAND_FIELDS}),
        ("topics.yaml", {*topics.FIELD_FIELDS, *KINDS, *TYPES, *CYCLES, *LAYERS, *SHARES}),
        ("video.yaml", set(video.fields(VIDEO_ADAPTERS))),
        ("viewing.yaml", {"value", "unit", "source", *viewing.OF}),
        ("accounts.yaml", {"value", "source", *accounts.LIMITS}),
        ("pairing.yaml", {"value", "unit", "source", *pairing.ENTRIES}),
        ("wall_care.yaml", set(wall_care.FIELDS)),
        ("told_scenes.yaml", {*told_scenes.FIELDS, *told_scenes.CAPTION_FIELDS}),
        ("feed_health.yaml", {"value", "unit", "source", *feed_health.ENTRIES}),
        ("upkeep.yaml", set(upkeep.UPKEEP_FIELDS)),
        ("travel.yaml", {*travel.BAND_FIELDS, *travel.CLASS_FIELDS, *travel.DRIVING_FIELDS}),
        ("needs.yaml", {*needs.NEED_FIELDS, *needs.NEED_KEYS, *needs.PREFERENCE_FIELDS}),
        ("incident_limits.yaml", {"value", "unit", "source", *incident_limits.ENTRIES}),
        ("incident_classes.yaml", {*incident_files.SECTION_FIELDS, *incident_files.class_fields({})}),
        ("duties.yaml", set(incident_files.duty_fields((), ()))),
        ("incident_clocks.yaml", {*incident_files.STEP_FIELDS, *incident_files.REPORT_FIELDS}),
        ("duty.yaml", {*duty.POST_FIELDS, *duty.SHIFT_FIELDS, *duty.GAP_FIELDS, *duty.LIMIT_FIELDS}),
        ("plans.yaml", {*plans.plan_fields({}), *plans.STEP_FIELDS}),
        ("notices.yaml", {*notices.FIELDS, *notices.DELIVERY_FIELDS, *notices.FORGET_FIELDS}),
        ("working_time.yaml", {"value", "source", *working_time.WORKING_TIME}),
        ("holidays.yaml", set(working_time.YEAR_FIELDS)),
        ("indicators.yaml", set(indicators.fields())),
        ("vital_signs.yaml", {"value", "unit", "source", *indicators.ENTRIES}),
        ("leaders.yaml", {*leaders.LEADER_FIELDS, *(key for fields in leaders.RULES.values() for key in fields)}),
        ("displays.yaml", displays.DISPLAY_KEYS | displays.FIGURE_KEYS | displays.TREND_KEYS),
    ],
)
def test_every_key_of_a_configuration_file_is_documented(section, keys):
    _, _, text = doc("configuration.md").partition(f"### {section}\n")
    assert keys <= set(re.findall(r"`(\w+)`", text.partition("\n#")[0]))


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("Add a scene", set(walls.scene_fields(walls.Library({}, {}, walls.Known())))),
        ("Add a wall", {*walls.wall_fields((), {}, None), *Cells._fields}),
        ("Takeover", set(walls.takeover_fields(("a",)))),
    ],
)
def test_every_key_of_a_scene_a_wall_and_a_rule_of_takeover_is_documented(section, keys):
    _, _, text = doc("displays.md").partition(f"## {section}\n")
    assert keys <= set(re.findall(r"`(\w+)`", text.partition("\n## ")[0]))


def test_the_scene_and_the_wall_of_the_documentation_are_taken_as_they_stand(tmp_path):
    scene, wall = re.findall(r"```yaml\n(.*?)```", doc("displays.md"), re.DOTALL)
    held = displays.FILE.read_text("utf-8").replace("\nwalls:\n", f"\nwalls:\n{wall}").replace("\nscenes:\n", f"\nscenes:\n{scene}")
    written = tmp_path / "displays.yaml"
    written.write_text(held, "utf-8")
    found = walls.load_walls(written, PANELS)
    assert found.scenes["schools"].panels == ("indicators", "map", "alarms", "trends", "pressing", "figures")
    assert found.walls["duty_room"].geometry.cells.columns == 4


def test_the_command_that_checks_scenes_and_walls_names_an_indicator_that_there_is_not(monkeypatch):
    (command,) = re.findall(r'python -c "(import app; .*)"', doc("displays.md"))
    exec(command)
    monkeypatch.setattr(app, "load_indicators", lambda _: [])
    with pytest.raises(displays.DisplayError, match=r"displays.yaml: scenes\.\w+: (indicators|shade)"):
        exec(command)


def test_every_adapter_is_documented_and_every_feed_names_one():
    _, _, text = doc("configuration.md").partition("\n## Feeds\n")
    assert set(re.findall(r"^\| `(\w+)` \|", text.partition("\n## ")[0], re.MULTILINE)) == set(ADAPTERS)
    assert all((ROOT / "data_adapters" / "feeds" / name / "README.md").is_file() for name in ADAPTERS)
    assert {feed.adapter for feed in feeds.load_feeds(ADAPTERS).values()} <= set(ADAPTERS)


def test_every_kind_of_video_platform_is_documented_and_every_platform_names_one():
    _, _, text = doc("configuration.md").partition("\n## Video platforms\n")
    assert set(re.findall(r"^\| `(\w+)` \|", text.partition("\n## ")[0], re.MULTILINE)) == set(VIDEO_ADAPTERS)
    assert all((ROOT / "data_adapters" / "video" / name / "README.md").is_file() for name in VIDEO_ADAPTERS)
    assert {one.adapter for one in video.load_video(VIDEO_ADAPTERS).values()} <= set(VIDEO_ADAPTERS)


def test_every_panel_is_documented():
    line = re.search(r"^Panels: (.*)$", doc("configuration.md"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", line[1])) == set(PANELS)


class NoFacts:
    """Facts of a city in which nothing has happened."""

    def ingest(self):
        return IngestState(0.0, None, 0)

    def feeds(self):
        return [FeedCount("native", "stored", 0)]

    def alarms_of_rules(self):
        return {"gas_leak": (3, 1)}

    def suggestions(self):
        return {"theme": {"accepted": 1}}

    def open_incidents(self):
        return 0

    def active_alarms(self):
        return 0

    def notices(self):
        return {"waiting": 0}

    def screens(self):
        return 0, 0


def test_every_metric_is_documented():
    upkeep = FeedCollector(FakeFeedHealth(0), FakeUpkeep(0), lambda: 0)
    families = [*CityCollector(NoFacts()).collect(), *upkeep.collect()]
    names = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    assert set(re.findall(r"`(citydeck_\w+)", doc("operations.md"))) == names


def test_every_path_is_documented():
    server = flask.Flask("paths")
    api.register(server, MagicMock())
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in server.url_map.iter_rules()
        if not rule.rule.startswith(("/api/", "/static/"))
    }
    documented = set(re.findall(r"`(/[a-z][\w/.{}-]*)`", doc("api.md").partition("## Paths")[2].partition("\nPages:")[0]))
    assert documented == served | {operation.path for operation in OPERATIONS}


def test_every_role_is_documented():
    text = doc("operations.md").partition("## Accounts\n")[2].partition("\n## ")[0]
    assert set(ROLES) | ADMINISTRATORS <= set(re.findall(r"`(\w+)`", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target, anchor in LINK.findall(prose(page)):
        found = (page.parent / target).resolve()
        assert found.exists(), target
        assert not anchor or anchor[1:] in anchors(found), f"{target}{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_in_the_text_exists(page):
    named = {name for name in FILE_NAME.findall(prose(page)) if "/" in name and name.partition("/")[0] in TOP}
    assert not [name for name in named if not (ROOT / name).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_without_its_folder_exists_somewhere(page):
    named = {name for name in FILE_NAME.findall(prose(page)) if "/" not in name}
    assert not [name for name in named if name not in KNOWN and not PLACEHOLDER.match(name)]


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "adr"
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}
