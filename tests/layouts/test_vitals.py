"""What a person reads of the city vital signs: scores with what is missing, and each figure with its unit, time, source and quality."""

import pytest

from callbacks import vitals
from domain.figures import signed
from domain.vital_signs import Scored
from layouts.panels import PANELS
from tests.fake_server import make_faces
from tests.fakes import make_city
from tests.layouts.test_panels import OFFICER, classed, texts, view


@pytest.fixture
def city():
    return make_city()


def shown(city, lang="zh", **held):
    faces = make_faces(city)
    chosen = {**vitals.asked("", None), **held}
    return vitals.shown(faces, OFFICER, faces.words(f"?lang={lang}"), chosen, None)


def test_the_wall_says_score_coverage_domains_and_the_anomaly_with_why(city):
    strip = PANELS["vitals"].render(view(city))
    assert "覆盖 50%" in texts(strip) and len(classed(strip, "signs-domain")) == 6
    (line,) = classed(strip, "sign-line")
    assert all(part in texts(line) for part in ("到校率", "90.0 %", "常态 94.0–100.0", " 起", "教育专题库", "完整"))
    assert "is-off" in line.className and classed(line, "sign-name")[0].href.startswith("/vitals?indicator=odd")


def test_nothing_outside_normal_is_called_all_normal_only_where_everything_was_scored(city):
    city.vital_signs.held[0] = city.vital_signs.held[0]._replace(scored=Scored(80.0))
    found = city.vital_signs.overview
    city.vital_signs.overview = lambda *asked: found(*asked)._replace(anomalies=[])
    said = texts(classed(PANELS["vitals"].render(view(city)), "signs-watch"))
    assert "缺 2" in said and "常态" not in said
    city.vital_signs.held = city.vital_signs.held[:1]
    assert "均在常态" in texts(classed(PANELS["vitals"].render(view(city)), "signs-watch"))


def test_a_domain_without_scores_has_a_dash_and_says_how_many_are_missing(city):
    domains = {texts(one).split()[0]: texts(one) for one in classed(PANELS["vitals"].render(view(city)), "signs-domain")}
    assert "–" in domains["生态文明"] and "缺 2" in domains["生态文明"]
    assert "20" in domains["民生保障"] and "异常 1" in domains["民生保障"]


def test_the_office_shows_the_worst_of_each_domain_and_the_lowest_towns(city):
    office = PANELS["vitals_office"].render(view(city, "mid"))
    assert "到校率" in texts(office) and [texts(one).split()[-1] for one in classed(office, "signs-town")] == ["55"]


def test_a_city_without_indicators_says_so(city):
    city.vital_signs.held = []
    assert all("指标尚未计算" in texts(PANELS[name].render(view(city))) for name in ("vitals", "vitals_office"))


def test_the_list_marks_what_is_late_and_missing_and_says_why_it_is_not_scored(city):
    _, listed, _ = shown(city)
    odd, *others = classed(listed, "signs-row")
    assert texts(classed(listed, "signs-heads")[0]).split() == ["名称", "数值", "得分"]
    assert "is-off" in odd.className and "突变异常" in texts(odd)
    assert any("is-stale" in one.className and "未按期到达，不计分" in texts(one) for one in others)
    assert any("is-missing" in one.className and "缺数，不计分" in texts(one) and "暂无数据" in texts(one) for one in others)
    assert len(classed(shown(city, domain="ecology")[1], "signs-row")) == 2


def test_a_figure_is_explained_down_to_its_rows(city):
    _, _, told = shown(city, indicator="odd")
    said = texts(told)
    facts = ("100 × Σ present / Σ enrolled", "90 / 100 · 32 行，通常 32 行", "教育专题库 · education.attendance", "education", "完整")
    changes = ("−1.0 个百分点 · 天数差 +1 · 工作日差 −2", "基期为零", "目标 98.0 %", "→", "得分 20.0")
    assert all(part in said for part in (*facts, *changes)), said
    assert "虎门镇" in said and "100.5" in said


@pytest.mark.parametrize(
    ("number", "decimals", "told"), [(0.034, 2, "+0.03"), (0.034, 1, "0.0"), (-0.04, 1, "0.0"), (-1204.0, 1, "−1,204")]
)
def test_a_change_has_its_indicators_decimals_and_no_sign_where_it_rounds_to_nought(number, decimals, told):
    assert signed(number, decimals) == told


def test_the_same_in_english(city):
    said = " ".join(texts(part) for part in shown(city, "en", indicator="odd"))
    assert all(part in said for part in ("Education library", "late, not scored", "points", "Rows behind it"))


def test_a_press_on_a_town_keeps_the_indicator(city):
    held = {"domain": "ecology", "region": "", "indicator": "odd"}
    assert vitals.chosen(held, "place", "441900121") == {**held, "region": "441900121"}
    assert vitals.asked("?indicator=odd&lang=en", None) == {"domain": "every", "region": "", "indicator": "odd"}


def test_a_change_of_a_thousand_and_more_has_no_decimals():
    assert [signed(number) for number in (3.24, -0.5, 999.9, -1_204.3, 2_600.0)] == [
        "+3.2",
        "−0.5",
        "+999.9",
        "−1,204",
        "+2,600",
    ]
