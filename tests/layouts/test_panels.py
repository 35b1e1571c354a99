"""Panels as component trees: what a person reads for a given picture, without a browser."""

from dataclasses import replace

import pytest

from callbacks.views import view_of
from domain.access import Actor
from domain.displays import Figure
from layouts.panels import PANELS
from tests.fake_server import make_faces
from tests.fake_states import city_in
from tests.fakes import MINUTE, NOW, make_city

UNSEEN = {"shade", "takeover"}
"""They tell the browser something; what there is to be read of it depends on the scene."""
OFFICER = Actor("officer", frozenset({"duty_officer"}))


@pytest.fixture
def city():
    return make_city()


def view(city, page="big", lang="zh"):
    faces = make_faces(city)
    return view_of(faces, OFFICER, faces.words(f"?lang={lang}"), city.picture.snapshot(OFFICER), page, with_trends=True)


def components(tree):
    """Every component of a tree."""
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from components(one)
    elif hasattr(tree, "to_plotly_json"):
        yield tree
        yield from components(getattr(tree, "children", None))


def texts(tree):
    """Everything written in a tree, joined."""
    if isinstance(tree, list | tuple):
        return " ".join(texts(one) for one in tree)
    if hasattr(tree, "to_plotly_json"):
        return texts(getattr(tree, "children", None) or "")
    return str(tree)


def classed(tree, name):
    return [one for one in components(tree) if name in (getattr(one, "className", "") or "").split()]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(PANELS))
def test_every_panel_renders_in_both_languages(city, name, lang):
    page = "mobile" if name.startswith("mobile") else "big"
    assert texts(PANELS[name].render(view(city, page, lang))) or name in UNSEEN


@pytest.mark.parametrize("name", list(PANELS))
def test_every_panel_renders_an_empty_city(city, name):
    for part in (city.picture.devices, city.picture.vehicles, city.picture.counts, city.picture.notes):
        part.clear()
    city.picture.alarms.clear()
    city.store.held.clear()
    page = "mobile" if name.startswith("mobile") else "big"
    assert PANELS[name].render(view(city, page)) is not None


def test_an_alarm_line_says_what_where_how_long_and_who(city):
    first, second = classed(PANELS["alarms"].render(view(city)), "line")[:2]
    assert all(part in texts(first) for part in ("虎门镇", "道路积水过深", "0.62 m", "上限 0.30 m", "2 min", "未确认"))
    assert "已确认" in texts(second) and "duty_officer" in texts(second)


def test_what_a_flag_says_stands_beside_its_metrics_name(city):
    """`视频离线 否` would say the contrary of what is so."""
    city.picture.alarms[0].update(metric="在线", raised_value=False, limit_value=None)
    assert "道路积水过深 在线 否" in " ".join(texts(classed(PANELS["alarms"].render(view(city)), "line")[0]).split())


def test_only_what_nobody_has_taken_is_waiting(city):
    lines = classed(PANELS["alarms"].render(view(city)), "line")
    assert [("is-waiting" in line.className) for line in lines] == [True, False, True, False, False, False, True]


def test_lines_beyond_the_rows_are_counted(city):
    city.picture.alarms *= 3
    tree = PANELS["alarms"].render(view(city))
    assert len(classed(tree, "line")) == 9
    assert "另有 12 条" in texts(tree)


def test_a_figure_outside_its_normal_range_stands_out_and_says_where(city):
    tiles = {texts(classed(tile, "tile-title")): tile for tile in classed(PANELS["figures"].render(view(city)), "tile")}
    deep = tiles["道路积水 最深"]
    assert "is-off" in deep.className and "虎门镇" in texts(deep) and "常态 ≤ 0.15" in texts(deep)
    assert "is-off" not in tiles["主干道均速"].className


def test_a_figure_of_old_values_is_stale_and_says_how_old(city):
    tile = next(tile for tile in classed(PANELS["figures"].render(view(city)), "tile") if "供电负荷" in texts(tile))
    assert "is-stale" in tile.className and "12 min" in texts(tile) and "数据陈旧" in texts(tile)


def test_cameras_that_say_by_their_presence_that_they_are_there_are_counted(city):
    device_id, record = next(iter(city.picture.devices.items()))
    cameras = {f"{device_id}-{n}": {**record, "kind": "camera", "online": n > 0, "values": {}} for n in range(3)}
    city.picture.devices.update(cameras)
    figure = Figure("cameras", "camera", "online", "count", (None, None), False, "local")
    assert view(city).reckon(figure).value == 2.0
    assert view(city).reckon(figure._replace(kind="gateway")).value is None


def test_a_city_of_which_most_is_not_heard_is_not_called_quiet():
    for state, said in (("well", "无活动告警"), ("stale", "多数设备没有应答")):
        assert said in texts(PANELS["alarms"].render(view(city_in(state, NOW))))


@pytest.mark.parametrize(
    ("state", "header", "towns"),
    [
        ("well", "告警均已确认", "33 个镇街园区 · 33 个无告警"),
        ("stale", "告警无从判断", "0 个无告警 · 33 个无从判断"),
        ("empty", "告警无从判断", "0 个无告警 · 33 个无从判断"),
    ],
)
def test_no_count_of_a_city_that_nobody_hears_says_that_all_is_quiet(state, header, towns):
    seen = view(city_in(state, NOW))
    assert texts(classed(PANELS["header"].render(seen), "header-alarms")[0]) == header
    assert towns in texts(PANELS["towns"].render(seen))


@pytest.mark.parametrize(("age_ms", "stale"), [(180_000, False), (180_001, True)])
def test_a_value_is_stale_after_three_intervals(city, age_ms, stale):
    assert view(city).is_stale(city.store.held[0].device_id, NOW - age_ms) is stale


def test_the_town_with_the_worst_alarm_comes_first(city):
    rows = classed(PANELS["towns"].render(view(city)), "town")
    assert texts(rows[0]).startswith(("虎门镇", "沙田镇"))
    assert "is-critical" in rows[0].className and "is-quiet" in rows[-1].className


FEED_STATES = [(60_000, 60, "正常"), (60_001, 60, "延迟"), (600_000, 60, "延迟"), (600_001, 60, "中断"), (10**9, None, "正常")]


@pytest.mark.parametrize(("silent_ms", "interval_s", "state"), FEED_STATES)
def test_a_feed_is_judged_by_its_newest_message_and_its_interval(city, silent_ms, interval_s, state):
    health = {"last_message_at": NOW - silent_ms, "stored": 1, "duplicate": 0, "rejected": 0, "interval_s": interval_s}
    city.picture.notes["feeds"] = {"native": health}
    row = classed(PANELS["feeds"].render(view(city)), "feed")[1]
    assert state in texts(row)


def test_a_paused_judgement_is_said(city):
    city.picture.notes["ingest"] = {"lag_s": 42.0, "paused": True, "judged_at": None, "workers_missing": 1}
    assert "断报判定暂停" in texts(PANELS["feeds"].render(view(city)))


def test_a_silent_device_shows_no_value_in_its_alarm_line(city):
    line = classed(PANELS["alarms"].render(view(city)), "line")[-1]
    assert "应 3 分钟内上报" in texts(line) and "µg" not in texts(line)


def test_a_suspect_value_says_so_in_the_alarm_line(city):
    alarm = city.picture.alarms[0]
    city.picture.devices[alarm["device_id"]]["values"]["water_depth"] = [NOW - MINUTE, 0.7, "suspect"]
    assert "数据存疑" in texts(classed(PANELS["alarms"].render(view(city)), "line")[0])


def test_a_phone_shows_the_acknowledge_button_only_to_those_who_may(city):
    faces = make_faces(city)
    for role, expected in (("duty_officer", 3), ("handler", 0)):
        actor = Actor(role, frozenset({role}))
        seen = view_of(faces, actor, faces.words(None), city.picture.snapshot(actor), "mobile")
        assert len(classed(PANELS["mobile_alarms"].render(seen), "button-main")) == expected


def test_the_phone_has_no_chart_library_in_its_tree(city):
    tree = PANELS["mobile_towns"].render(view(city, "mobile"))
    assert not [one for one in components(tree) if type(one).__name__ == "Graph"]


@pytest.mark.parametrize("panel", ["alarms", "mobile_alarms"])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "无活动告警"),
        ({"devices": {}}, "没有设备接入"),
        ({"notes": {"ingest": {"paused": True}}}, "暂停判定"),
    ],
)
def test_an_empty_alarm_list_calls_only_a_city_quiet_that_is_heard_and_judged(city, panel, changes, said):
    quiet = view(city)
    quiet = replace(quiet, snapshot=quiet.snapshot._replace(**{"alarms": [], "notes": {}, **changes}))
    assert said in texts(PANELS[panel].render(quiet))


def test_a_warning_says_its_colour_where_until_when_who_is_called_and_what_room_there_is(city):
    said = texts(PANELS["warnings"].render(view(city)))
    for part in ("橙", "暴雨橙色预警", "市气象台", "至 ", "正在叫应：officer", "范围内避险场所 1 处", "余位 120 / 300", "W-441900-0000001"):
        assert part in said
    (chip,) = classed(PANELS["warnings_wall"].render(view(city)), "warned-chip")
    assert "is-orange" in chip.className and "东莞" in texts(chip) and "正在叫应" not in texts(chip)


def test_without_a_warning_the_top_line_is_empty_and_many_are_counted(city):
    (one,) = city.picture.notes["warnings"]
    city.picture.notes["warnings"] = []
    assert PANELS["warnings"].render(view(city)) == PANELS["warnings_wall"].render(view(city)) == []
    kinds = [
        {"level": None, "expires_at": None},
        {"standing": "unclear"},
        {"standing": "ahead"},
        {"regions": [], "areas": ["海上"]},
        {"reached": None},
    ]
    city.picture.notes["warnings"] = [{**one, **kind} for kind in kinds]
    assert "另有 2 条" in texts(PANELS["warnings_wall"].render(view(city)))
    said = texts(PANELS["warnings"].render(view(city)))
    for part in ("解除为止", "是否仍有效不明", "起生效", "范围未能对应到辖区：海上", "按常备规则叫应值班人员"):
        assert part in said
