"""A hotline's orders: as JSON, as tables in the encodings and dates that offices export, and what a network can deliver."""

import json
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.feeds import load_feeds
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.hotline.adapter import HotlineFeed
from data_adapters.feeds.hotline.polling import platform
from data_adapters.feeds.registry import ADAPTERS, make_feed
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import to_ms
from domain.events import checked, statement
from domain.messages import Event, RawMessage, Rejected
from services.polling import SourceAway
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads
from tests.data_adapters.feeds.serving import QuietHandler, serving

CATALOGUE = load_catalogue()
SHANGHAI = ZoneInfo("Asia/Shanghai")
ROW = {
    "工单编号": "DG202611220001",
    "受理时间": "2026/11/22 8:05:09",
    "标题": "路灯不亮",
    "诉求内容": "某路段路灯整夜不亮",
    "状态": "办理中",
}
NAMES = list(ROW)
MEANT = to_ms(datetime(2026, 11, 22, 8, 5, 9, tzinfo=SHANGHAI))


def feed(**chosen) -> HotlineFeed:
    return HotlineFeed(FeedSetup("hotline", (), CATALOGUE, 300_000, chosen))


def parse(payload, made=None):
    raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    return heard(made or feed(), RawMessage("hotline", raw, NOW + 86_400_000))[0]


def table(*rows, delimiter=",", encoding="utf-8"):
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def only(outputs) -> Event:
    assert [type(one) for one in outputs] == [Event], outputs
    return outputs[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_says_the_same_in_every_encoding_that_offices_use(encoding: str, delimiter: str) -> None:
    said = only(parse(table(NAMES, ROW.values(), delimiter=delimiter, encoding=encoding)))
    assert (said.kind, said.at, said.facts["number"], said.facts["status"]) == ("order", MEANT, "DG202611220001", "open")
    assert said.facts["title"] == "路灯不亮" and said.facts["said"] == "办理中"
    assert said.event_id == only(parse(ROW)).event_id


@pytest.mark.parametrize(
    "written",
    ["2026-11-22 08:05:09", "2026/11/22 8:05:09", "2026年11月22日 8时5分9秒", "20261122080509", "2026-11-22T08:05:09+08:00",
     "1795305909", 1795305909000, "2026/11/22 上午 8:05:09", "46348.336909722"],
)  # fmt: skip
def test_every_way_to_write_a_time_is_the_same_time(written) -> None:
    assert only(parse({**ROW, "受理时间": written})).at == MEANT


def test_an_afternoon_a_day_alone_and_a_pattern_of_the_city_are_read_too() -> None:
    assert only(parse({**ROW, "受理时间": "2026/11/22 下午 3:00"})).at == to_ms(datetime(2026, 11, 22, 15, tzinfo=SHANGHAI))
    assert only(parse({**ROW, "受理时间": "2026-11-22"})).at == to_ms(datetime(2026, 11, 22, tzinfo=SHANGHAI))
    assert only(parse({**ROW, "受理时间": "22.11.26 08:05:09"}, feed(times=["%d.%m.%y %H:%M:%S"]))).at == MEANT


def test_no_two_cities_tables_are_alike_so_the_settings_say_what_is_what() -> None:
    made = feed(
        records="data.list",
        fields={
            "number": "gdbh",
            "status": "zt.code",
            "time": "slsj",
            "changed": "gxsj",
            "title": "bt",
            "phone": "lxr.dh",
            "name": "lxr.xm",
        },
        statuses={"1": "open", "7": "urged", "9": "closed"},
    )
    order = {"gdbh": 4711, "zt": {"code": 7}, "slsj": "2026-11-21 10:00", "gxsj": "2026-11-22 08:05:09", "bt": "停水"}
    said = only(parse({"code": 0, "data": {"list": [{**order, "lxr": {"xm": "陈某", "dh": "+86 138-0000-0000"}}]}}, made))
    assert (said.facts["number"], said.facts["status"], said.at) == ("4711", "urged", MEANT)
    assert said.facts["appellant"] == {"name": "陈某", "phone": "13800000000"}


@pytest.mark.parametrize(
    ("word", "status"),
    [("已受理", "open"), ("催办", "urged"), ("撤诉", "withdrawn"), ("已办结", "closed"), ("重办", "reopened"), ("挂起", "other")],
)
def test_a_word_means_a_status_and_one_that_nobody_knows_is_kept_as_it_is(word: str, status: str) -> None:
    said = only(parse({**ROW, "状态": word})).facts
    assert (said["status"], said["said"]) == (status, word)


def test_numbers_of_a_person_are_recognised_and_stand_apart() -> None:
    said = only(parse({**ROW, "姓名": "陈某", "联系电话": "0769-2233 4455", "身份证号": "44190019900101123x"}))
    assert said.facts["appellant"] == {"name": "陈某", "phone": "0769-22334455"}
    right = only(parse({**ROW, "身份证号": "11010519491231002Ｘ", "诉求内容": "请回电１３８００００００００"}))
    assert right.facts["appellant"] == {"phone": "13800000000", "id_number": "11010519491231002X"}
    assert "appellant" not in only(parse({**ROW, "姓名": "陈某"}, feed(keep_person=False))).facts


def test_the_same_again_is_the_same_statement_and_a_changed_word_another() -> None:
    one, again, urged = only(parse(ROW)), only(parse(table(NAMES, ROW.values()))), only(parse({**ROW, "状态": "催办"}))
    assert one.event_id == again.event_id and statement(one) == statement(again)
    assert urged.event_id != one.event_id and urged.facts["number"] == one.facts["number"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "bad_json"), (b"{", "bad_json"), (b"[]", "nothing_found"), ({"工单编号": ""}, "no_time"),
        ({**ROW, "工单编号": ""}, "no_number"), ({**ROW, "工单编号": "a b"}, "no_number"), ({**ROW, "受理时间": "昨天"}, "bad_time"),
        ({**ROW, "受理时间": "2026/13/45 8:00"}, "bad_time"), ({**ROW, "受理时间": ""}, "no_time"), (b"\xff\xfe\xff", "bad_encoding"),
        (table(NAMES), "bad_table"), (table(["工单编号", "工单编号"], ["1", "2"]), "bad_table"),
        (table(NAMES, [*ROW.values(), "x"]), "bad_table"),
        (b'"' + table(NAMES, ROW.values()), "bad_table"), (table(NAMES, [*list(ROW.values())[:-1], "\x00"]), "nul"),
    ],
)  # fmt: skip
def test_what_is_no_order_is_refused_by_name(payload, reason: str) -> None:
    found = parse(payload)
    assert [one.reason for one in found if isinstance(one, Rejected)][:1] == [reason], found


def test_an_order_without_a_time_is_taken_at_receipt_only_where_the_city_says_so() -> None:
    told = only(parse({**ROW, "受理时间": ""}, feed(without_time="received")))
    assert told.at == NOW + 86_400_000 and told.source_at == "received"


@settings(max_examples=150, deadline=None)
@given(messages(st.just("hotline"), payloads(*NAMES, "联系电话", "身份证号", "经度", "纬度", "data")))
def test_whatever_comes_is_an_event_that_can_be_kept_or_a_refusal_with_its_reason(message: RawMessage) -> None:
    for one in heard(feed(), message)[0]:
        assert isinstance(one, Rejected) or checked(one) is one


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=6), max_size=6), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_table_is_read_or_refused(rows, encoding: str) -> None:
    try:
        content = table(NAMES, *rows, encoding=encoding)
    except UnicodeEncodeError:
        return
    for one in parse(content):
        assert isinstance(one, Rejected) or checked(one) is one


@pytest.mark.parametrize(
    "chosen",
    [{"fields": {"title": "bt"}}, {"fields": {"number": "]"}}, {"statuses": {"1": "gone"}}, {"zone": "Mars"}, {"times": ["x"]},
     {"poll": {"every_s": 5}}, {"tell": {"url": "http://h", "states": {"nowhere": "x"}}}, {"unknown": 1}],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_with_one_line(chosen) -> None:
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: hotline: settings: "):
        feed(**chosen)


def test_the_shipped_settings_can_be_switched_on() -> None:
    assert make_feed(load_feeds(ADAPTERS)["hotline"], CATALOGUE, 300_000).name == "hotline"


def test_its_platform_is_asked_page_by_page_with_the_token_where_it_wants_it() -> None:
    asked = []

    class Platform(QuietHandler):
        def do_GET(self) -> None:
            said = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            asked.append((said, self.headers.get("X-Token")))
            rows = [{**ROW, "工单编号": f"{said['pageNo']}-{n}"} for n in range(2 if said["pageNo"] == "1" else 1)]
            body = json.dumps({"data": rows}).encode() if len(asked) < 3 else b"<html>"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    with serving(Platform) as place:
        poll = {"url": f"{place}/orders", "page_parameter": "pageNo", "size_parameter": "pageSize", "page": 2, "since_parameter": "from",
                "header": "X-Token"}  # fmt: skip
        setup = FeedSetup("hotline", (), CATALOGUE, 300_000, {"records": "data", "poll": poll}, {"hotline_token": "geheim"})
        source, made = platform(setup), HotlineFeed(setup)
        assert source is not None
        numbers = [one.facts["number"] for topic, page in source.fetch() for one in parse(page, made)]
        assert numbers == ["1-0", "1-1", "2-0"]
        assert [(said["pageNo"], said["pageSize"], token) for said, token in asked] == [("1", "2", "geheim"), ("2", "2", "geheim")]
        with pytest.raises(SourceAway, match="no JSON"):
            list(source.fetch())
