"""What web workers remember of renderings, and how Dash gives it to a browser."""

import json

import flask
import pytest
from dash import html
from flask_caching import Cache
from plotly.io.json import to_json_plotly

from data_adapters.memo import Memo
from services.register_ports import Point


@pytest.fixture
def shared():
    return Cache(flask.Flask("memo"), config={"CACHE_TYPE": "SimpleCache"})


def test_a_rendering_reaches_the_browser_as_the_component_that_it_was(shared):
    body = html.Div([html.B("深 <0.62> m"), html.Span("x", **{"data-live": "d1.level"})], className="line")
    memo = Memo(shared)
    memo.set("panel:big", body, timeout=60)
    answer = to_json_plotly({"response": {"p": {"children": memo.get("panel:big")}}})
    assert json.loads(answer)["response"]["p"]["children"] == json.loads(to_json_plotly(body))
    assert "<" not in answer


def test_a_list_of_components_is_a_rendering_too(shared):
    memo = Memo(shared)
    memo.set("panel:list", [html.B("a"), html.B("b")], timeout=60)
    assert len(json.loads(to_json_plotly([memo.get("panel:list")]))[0]) == 2


def test_another_worker_gets_what_this_one_has_rendered(shared):
    Memo(shared).set("panel:big", html.B("a"), timeout=60)
    assert json.loads(to_json_plotly([Memo(shared).get("panel:big")]))[0]["type"] == "B"


def test_other_values_stay_what_they_are(shared):
    points = [Point(1, 2.0, 1.0, 3.0)]
    Memo(shared).set("trend", points, timeout=60)
    assert Memo(shared).get("trend") == points
    assert Memo(shared).get("nothing") is None


def test_what_is_too_old_is_gone_here_too(shared):
    memo = Memo(shared)
    memo.set("trend", [1], timeout=0)
    shared.delete("trend")
    assert memo.get("trend") is None
