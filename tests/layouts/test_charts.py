"""Every chart: one template, named axes, and colours that the page's theme can turn."""

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from layouts import charts, device, vitals_detail
from layouts.charts import PALETTE, TEMPLATE
from layouts.panels import trends
from layouts.sign_parts import Naming
from tests.fake_signs import FakeExplaining, FakeSigns
from tests.fakes import NOW, make_city
from tests.layouts.test_panels import components, texts, view

ROOT = Path(__file__).resolve().parents[2]
CITY = make_city()
CSS = (ROOT / "assets" / "charts.css").read_text()


def _trends(lang):
    return trends.render(view(CITY, "big", lang))


def _history(lang):
    seen, chosen = view(CITY, "desk", lang), CITY.store.held[0]
    return device.history(
        seen, {metric: CITY.history.device(None, chosen.device_id, metric, NOW - 3_600_000, NOW) for metric in ("pm25", "speed")}
    )


def _course(lang):
    seen = view(CITY, "big", lang)
    explaining = FakeExplaining(FakeSigns(NOW))
    _, _, held, ahead = explaining.series(None, "odd", None, NOW)
    return vitals_detail.course(Naming(seen.words, {}, {}, {}), explaining.signs.held[0], held, ahead)


CHARTS = {"trends": _trends, "history": _history, "course": _course}


def figures(tree):
    return [one.figure for one in components(tree) if type(one).__name__ == "Graph"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_is_of_the_one_template_names_its_measures_and_its_zone_and_is_read_out(name, lang):
    tree = CHARTS[name](lang)
    boxes = [one for one in components(tree) if "chart" in (getattr(one, "className", "") or "").split()]
    assert boxes and len(boxes) == len(figures(tree))
    for figure, box in zip(figures(tree), boxes, strict=True):
        assert figure.layout.template == TEMPLATE
        named = [axis.title.text for axis in figure.select_yaxes() if axis.title.text] or [figure.layout.title.text]
        assert all(named)
        assert len(named) == len(figure.data) or (name == "course" and named == ["%"])
        assert "Asia/Shanghai" in texts(tree) + str([axis.title.text for axis in figure.select_xaxes()])
        assert box.role == "img" and getattr(box, "aria-label")


def test_no_chart_is_drawn_around_the_template():
    for file in (ROOT / "layouts").rglob("*.py"):
        assert file.name == "charts.py" or "dcc.Graph(" not in file.read_text(), file


@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_has_no_colour_that_the_theme_does_not_know(name):
    written = str(figures(CHARTS[name]("zh"))[0].to_plotly_json())
    own = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", written)) - set(go.layout.Template(TEMPLATE).to_plotly_json())
    assert own <= set(PALETTE.values())


@pytest.mark.parametrize(("name", "colour"), PALETTE.items())
def test_every_colour_of_the_palette_has_its_token(name, colour):
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    for what in ("fill", "stroke"):
        assert f'[style*="{what}: rgb({red}, {green}, {blue})"] {{ {what}: var(--chart-{name}) !important; }}' in CSS
    assert len(set(PALETTE.values())) == len(PALETTE)


@pytest.mark.parametrize(
    ("normal", "values", "expected"),
    [
        ((None, None), [1], None),
        ((0, 16), [], None),
        ((None, 3.5), [1, 2], (0.0, 3.5)),
        ((25, None), [30, 40], (25, 40)),
        ((25, 60), [1], (25, 60)),
    ],
)
def test_the_normal_band_reaches_to_the_values_where_it_is_open(normal, values, expected):
    assert charts.band(normal, values) == expected
